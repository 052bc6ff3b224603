"""Follow-ups and forms for tests: a person at a hub whom one may write to, a duty desk, a link."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import User
from app.core import clock
from app.core.actor import Actor
from app.outcomes.codes import AnswerKind, Mode
from app.outcomes.duty import desk_of
from app.outcomes.measures import find_measure
from app.outcomes.models import DutyDesk, Occasion, SafetyAlert
from app.outcomes.operations import ask_once, load_text_pack, open_form, save_answer, set_duty, start_plan
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.sending import make_link
from app.people.codes import ContactChannel, PermissionKind, PermissionMethod
from app.people.models import Person
from app.people.operations import Answer, answer_permission
from app.people.rules.contact import SafeTime
from tests.people import a_person
from tests.signing_in import a_member, actor_of

ALL_WEEK = (SafeTime(frozenset(range(7)), time(0), time(23, 59)),)
OFFICE = (SafeTime(frozenset(range(5)), time(9), time(17)),)


def a_worker(session: Session, *roles: Role, workplace: str = "Wexmoor Hub", email: str = "") -> tuple[User, Actor]:
    """A member of staff and the actor they are."""
    user = a_member(session, *(roles or (Role.HUB,)), workplace=workplace, email=email)
    return user, actor_of(session, user)


def a_reachable_person(session: Session, actor: Actor, **details: Any) -> Person:
    """Somebody who said that one may ask how it went, by text."""
    told = {"mobile": "+447700900118", "safe_channels": frozenset({ContactChannel.SMS})} | details
    person = a_person(session, actor, **told)
    permit(session, actor, person)
    return person


def permit(session: Session, actor: Actor, person: Person, *, given: bool = True) -> None:
    """The answer to "may we get in touch later and ask how it went?"."""
    answer = Answer(kind=PermissionKind.FOLLOW_UP, given=given, method=PermissionMethod.VERBAL)
    answer_permission(session, actor, person, answer)


def a_duty_desk(session: Session, actor: Actor, hours: tuple[SafeTime, ...] = ALL_WEEK, **more: Any) -> DutyDesk:
    """The actor looks at answers."""
    assert actor.user_id is not None
    told: dict[str, Any] = {"owner_id": actor.user_id, "deputy_id": None, "within_minutes": 60} | more
    return set_duty(session, actor, hours=hours, **told)


def a_link(session: Session, actor: Actor, person: Person, *measures: str) -> tuple[Occasion, str]:
    """Something to answer today, and the token of a link to it."""
    occasion = ask_once(session, actor, person.id, measures)
    return occasion, make_link(session, occasion, timedelta(days=14))


def days_ago(days: int) -> date:
    """A day that has passed."""
    return clock.today() - timedelta(days=days)


# Nobody's questionnaire: as many made-up questions as the measure has items.
def a_pack(measure_id: str = "wsas", *, licence: str = "LIC-1", starts: str = "2020-01-01", ends: str = "") -> str:
    """A text pack with words of our own."""
    measure = find_measure(measure_id)
    items = "\n".join(f'{item.key} = "Made-up question {item.key}"' for item in measure.items)
    codes = "\n".join(f'{code} = "Step {code}"' for code in measure.items[0].codes)
    until = f"valid_to = {ends}\n" if ends else ""
    return (
        f'measure = "{measure.id}"\nversion = {measure.version}\nlanguage = "en"\nlicence_ref = "{licence}"\n'
        f"valid_from = {starts}\n{until}\n[items]\n{items}\n\n[answers]\n{codes}\n"
    )


def something_of_each(session: Session, actor: Actor) -> dict[str, UUID]:
    """A plan, an occasion, a form with an alert, and words that were loaded; their ids."""
    person = a_reachable_person(session, actor, name="Marlow Quint")
    if desk_of(session, actor.organization_id) is None:
        a_duty_desk(session, actor)
    plan = start_plan(session, actor, person.id, template="support", anchor_on=clock.today(), measures=["phq-9"])
    occasion = session.scalars(
        select(Occasion).where(Occasion.plan_id == plan.id).order_by(Occasion.due_on, Occasion.id)
    ).first()
    assert occasion is not None
    measure = find_measure("phq-9")
    form = open_form(
        session, actor, organization_id=actor.organization_id, person_id=person.id, measure=measure, mode=Mode.PAPER
    )
    save_answer(session, actor, form, measure.item("9"), OneAnswer(AnswerKind.GIVEN, 1))
    alert = session.scalars(select(SafetyAlert).where(SafetyAlert.measurement_id == form.id)).one()
    pack = load_text_pack(session, actor, a_pack())
    return {"plan": plan.id, "occasion": occasion.id, "form": form.id, "alert": alert.id, "pack": pack.id}
