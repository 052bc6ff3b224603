"""A letter to the person, for those whom nothing else reaches safely: printed, with what the pathway has to say."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.errors import NotFound, Refused
from app.people.codes import ContactChannel
from app.people.models import Person
from app.referrals.access import TEAM
from app.referrals.codes import Attendance, Party, Recipient, Status, Way
from app.referrals.forms.word_letter import told_form
from app.referrals.models import Appointment, Referral
from app.referrals.operations.moving import SUBJECT
from app.referrals.operations.person_letters import AT_THE_END, say_told, untold_person
from app.referrals.parties import parties_of
from app.referrals.pathways.definition import Definition
from app.referrals.queries import referrals as queries
from app.referrals.queries.reply import reply_to
from app.referrals.queries.times import definition_for
from app.referrals.rules.attendance import MISSED, missed_in_a_row
from app.referrals.showing import Seen, seen_by
from app.referrals.views.blueprint import referrals
from app.web.database import db

Page = Response | str | tuple[str, int]
_TAKEN_ON = frozenset({Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED})


@referrals.route("/desk/referrals/<uuid:referral_id>/letter", access=TEAM, methods=["GET", "POST"], writes=True)
def person_letter(referral_id: UUID) -> Page:
    """The letter as it stands now, and that it went. That it was opened is put on record."""
    session, actor = db.session(), current_actor()
    row = queries.referral(session, actor, referral_id)
    if not parties_of(actor, row) & {Party.WORKER, Party.MANAGER}:
        raise NotFound("referral")
    if not can_have_letter(seen_by(session, actor, row), row):
        raise Refused("A letter is not safe for this person, or there is nothing to write yet.")
    untold = untold_person(session, row) if row.status in AT_THE_END else None
    form = told_form(on_paper=_takes_letters(row.person), otherwise=untold is not None)
    if request.method == "POST" and form.validate():
        say_told(session, actor, row, way=Way(form.way.data), on=form.on.data)
        return redirect(url_for("referrals.show", referral_id=row.id, done="person-told"), code=303)
    record(session, actor, Action.READ, (SUBJECT, row.id), person_id=row.person_id)
    appointments = [] if row.status in AT_THE_END else queries.appointments(session, row.id)
    page = render_template(
        "referrals/person_letter.html",
        row=row,
        person=row.person,
        form=form,
        takes_letters=_takes_letters(row.person),
        text=_text(definition_for(session, row), row),
        missed=_missed_lately(appointments),
        next_one=_next_one(appointments),
        is_over=row.status in AT_THE_END,
        sender=row.receiver_organization.name if row.receiver_organization else row.pathway.name,
        reply=reply_to(session, row),
        today=clock.today(),
    )
    return (page, 422) if form.errors else page


def can_have_letter(seen: Seen, row: Referral) -> bool:
    """Whether a letter to a known address is safe for somebody taken on, or they are still to hear how it ended."""
    is_team = bool(seen.parties & {Party.WORKER, Party.MANAGER}) and seen.sees("referral")
    if not is_team or row.status not in _TAKEN_ON | AT_THE_END:
        return False
    return _takes_letters(row.person) or any(
        each.recipient is Recipient.PERSON and each.done_at is None for each in seen.tellings
    )


def _takes_letters(person: Person) -> bool:
    return bool(person.address) and ContactChannel.LETTER in person.safe_channels and not person.do_not_contact


def _missed_lately(appointments: Sequence[Appointment]) -> Appointment | None:
    """The last one that they did not come to, unless they were seen since."""
    if not missed_in_a_row([each.attendance for each in appointments]):
        return None
    return next(each for each in reversed(appointments) if each.attendance in MISSED)


def _next_one(appointments: Sequence[Appointment]) -> Appointment | None:
    """The next one that is still to come."""
    now = clock.now()
    return next((each for each in appointments if each.starts_at > now and each.attendance is Attendance.FUTURE), None)


def _text(told: Definition, row: Referral) -> str:
    """What the pathway says at this point."""
    return told.letter_closing if row.status in AT_THE_END else told.letter_accepted
