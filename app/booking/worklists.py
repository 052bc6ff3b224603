"""What waits for those who run courses and groups."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.booking.access import ANSWER_FOR_PLANS, RUNNERS
from app.booking.queries import leading, plans, registers
from app.core.actor import Actor
from app.web import staff_menu
from app.web.worklists import Worklist, register


def _registers(session: Session, actor: Actor) -> int:
    return len(registers.registers_due(session, actor))


def _needs(session: Session, actor: Actor) -> int:
    return registers.count(session, registers.open_needs(actor))


def _calls(session: Session, actor: Actor) -> int:
    return registers.people_to_call(session, actor)


def _to_phone(session: Session, actor: Actor) -> int:
    return registers.count(session, registers.to_phone(actor))


def _plans(session: Session, actor: Actor) -> int:
    return len(plans.talks_due(session, actor))


def _plans_left(session: Session, actor: Actor) -> int:
    return len(plans.with_talks_left(session, actor))


def _some_plans_left(session: Session, actor: Actor) -> bool:
    return _plans_left(session, actor) > 0


def _cover(session: Session, actor: Actor) -> int:
    return registers.count(session, leading.in_need_of_cover(actor))


LISTS = (
    Worklist("calls", _("People to call after a missed session"), "/desk/programme/calls", RUNNERS, _calls, order=5),
    Worklist("needs", _("Access needs to arrange"), "/desk/programme/needs", RUNNERS, _needs, order=6, is_urgent=True),
    Worklist("cover", _("Dates without somebody to lead them"), "/desk/programme", RUNNERS, _cover, order=6),
    Worklist("registers", _("Registers to take"), "/desk/programme", RUNNERS, _registers, order=7),
    Worklist("to-phone", _("Free places to offer by phone"), "/desk/programme", RUNNERS, _to_phone, order=8),
    Worklist("plans", _("Talks about learning plans"), "/desk/programme/plans", RUNNERS, _plans, order=9),
    Worklist(
        "plans-left",
        _("Learning plans with words of somebody who has left"),
        "/desk/programme/plans#left",
        ANSWER_FOR_PLANS,
        _plans_left,
        order=60,
        concerns=_some_plans_left,
    ),
)
for worklist in LISTS:
    register(worklist)
staff_menu.register(staff_menu.StaffMenuItem(_("Programme"), "/desk/programme", roles=RUNNERS, order=15))
