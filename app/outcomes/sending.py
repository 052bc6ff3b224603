"""Asking: the message with the link, its reminders, and the end of an occasion that nobody answered.

Everything that stops a message is looked at inside the transaction that writes it, under the lock that an answer takes
too; so nobody is reminded of what they have answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Refused
from app.notifications import links
from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.models import Message, SignedLink
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.notifications.stopping import Drop, Keep, Postpone, Verdict, before_sending
from app.outcomes.codes import SETTLED, AlertState, CloseReason, OccasionState
from app.outcomes.emails import ASK
from app.outcomes.models import Occasion, OutcomeInvitation, OutcomePlan, SafetyAlert
from app.outcomes.operations import answering, occasions
from app.outcomes.operations.reopening import times_reopened
from app.outcomes.questions import questions_of_lead
from app.outcomes.rules.invitations import Action, NextStep, Stop, idempotency_key, minutes_for, next_step
from app.people import queries as people
from app.people.codes import PermissionKind, PermissionState
from app.people.emails import language_read_by
from app.people.leaving import CONTACT_CHANNELS, keeps_to_record
from app.people.models import Person
from app.people.rules.contact import may_contact

PURPOSE = "reply"
LINK_LASTS = timedelta(days=14)
TABLET_LASTS = timedelta(hours=2)
# What a link is for that somebody opens on their own page: no message brought it.
OWN_PAGE = "own page"
AT_A_TIME = 500
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Way:
    """How a person can be written to now."""

    channel: Channel
    address: str


def due_leads(session: Session) -> list[UUID]:
    """The leading occasions of everything that is due and not settled, longest due first."""
    lead = func.coalesce(Occasion.lead_id, Occasion.id)
    rows = session.execute(
        select(lead, func.min(Occasion.due_on))
        .join(OutcomePlan, OutcomePlan.id == Occasion.plan_id)
        .where(
            Occasion.state.not_in(SETTLED),
            Occasion.due_on <= clock.today(),
            OutcomePlan.ended_on.is_(None),
        )
        .group_by(lead)
        .order_by(func.min(Occasion.due_on), lead)
    )
    return [lead_id for lead_id, _due in rows]


def attend_to(session: Session, lead_id: UUID) -> NextStep | None:
    """Do what is to be done now with one leading occasion; None where nothing is left to do with it."""
    lead = session.get(Occasion, lead_id)
    if lead is None:
        return None
    occasions.lock(session, lead)
    if lead.lead_id not in {None, lead.id}:
        return None  # since it was found to be due another occasion took it along
    group = occasions.merge_due(session, lead) if lead.last_message_no is None else occasions.group_of(session, lead)
    current = next((each for each in group if each.state not in SETTLED), None)
    if current is None:
        return None
    person = session.get_one(Person, lead.person_id)
    if person.died_on is not None:
        _close(session, lead, group, CloseReason.DIED)
        return None
    for each in group:
        if each.state is OccasionState.PLANNED and each.due_on <= clock.today():
            each.state = OccasionState.OPEN
    step = next_step(
        occasions.timing(current),
        clock.now(),
        last_message_no=_last_heard(lead, person),
        called=current.called_at is not None,
        stops=stops_for(session, lead, group, person),
    )
    if step.action is Action.CLOSE:
        _close(session, lead, group, CloseReason.DECLINED if _said_no(session, person) else CloseReason.NOT_REACHED)
    elif step.message_no is not None and has_nothing_to_ask(session, lead):
        step = NextStep(Action.WAIT, stopped_by=(Stop.NOTHING_TO_ASK,))
    elif step.message_no is not None and not _ask(session, lead, person, step):
        step = NextStep(Action.WAIT)  # for a safe time, or a way to write to them
    session.flush()
    return step


def stops_for(session: Session, lead: Occasion, group: list[Occasion], person: Person) -> set[Stop]:
    """Whatever speaks against a message at this moment."""
    follow_up = people.standings(session, person.id)[PermissionKind.FOLLOW_UP]
    holds = {
        Stop.ANSWERED: all(each.state in SETTLED for each in group),
        Stop.DO_NOT_CONTACT: person.do_not_contact,
        Stop.OPTED_OUT: not (follow_up.in_force and people.may_record(session, person.id)),
        Stop.DIED: person.died_on is not None,
        Stop.SAFEGUARDING: any(each.plan.on_hold for each in group),
        Stop.WRONG_NUMBER: bool(people.channels_leading_elsewhere(person)) and not _ways(person),
        Stop.ALERT_OPEN: _has_open_alert(session, lead),
    }
    return {stop for stop, is_so in holds.items() if is_so}


def _said_no(session: Session, person: Person) -> bool:
    """Whether nobody reached them because they did not want to be asked."""
    said = people.standings(session, person.id)[PermissionKind.FOLLOW_UP].state
    return said in {PermissionState.REFUSED, PermissionState.WITHDRAWN}


def _last_heard(lead: Occasion, person: Person) -> int | None:
    """The last message that may have reached them; none where it went to where somebody else is."""
    went_elsewhere = lead.asked_by and CONTACT_CHANNELS[lead.asked_by] in people.channels_leading_elsewhere(person)
    return None if went_elsewhere else lead.last_message_no


def has_nothing_to_ask(session: Session, lead: Occasion) -> bool:
    """A licence ended, or nobody is on duty any more: a link would lead to nothing."""
    return all(each.is_answered or each.is_text for each in questions_of_lead(session, lead))


@before_sending(ASK.name)
def still_wanted(session: Session, message: Message) -> Verdict:
    """As it leaves: whoever has answered meanwhile, or may not be written to any more, is left in peace.

    Where an answer is being written at this moment it is asked again later. To wait here for whoever writes it would
    be to wait for one who may wait for this message.
    """
    held = select(Occasion).where(Occasion.id == message.subject_id).with_for_update(of=Occasion, skip_locked=True)
    lead = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if lead is None:
        is_there = session.scalar(select(Occasion.id).where(Occasion.id == message.subject_id)) is not None
        return Postpone(clock.now() + A_MOMENT, "busy") if is_there else Drop("gone")
    person = session.get_one(Person, lead.person_id)
    if stops := stops_for(session, lead, occasions.group_of(session, lead), person):
        return Drop(min(stops).value)
    way = way_to(person)
    if way is not None and way.address == message.recipient:
        return Keep()
    return keeps_to_record(person, message)


def _has_open_alert(session: Session, lead: Occasion) -> bool:
    wanted = select(SafetyAlert.id).where(
        SafetyAlert.organization_id == lead.organization_id,
        SafetyAlert.person_id == lead.person_id,
        SafetyAlert.state != AlertState.CLOSED,
    )
    return session.scalar(wanted.limit(1)) is not None


def _close(session: Session, lead: Occasion, group: list[Occasion], reason: CloseReason) -> None:
    """End what is over; a form that was begun is scored as far as it goes."""
    over = [each for each in group if reason is CloseReason.DIED or each.closes_on < clock.today()]
    if len(over) == len([each for each in group if each.state not in SETTLED]):
        answering.finish_begun(session, SYSTEM, lead)
    for each in over:
        occasions.close(session, SYSTEM, each, reason)


def way_to(person: Person, at: datetime | None = None) -> Way | None:
    """A safe way to write to the person, by text before e-mail, if this is a safe time; None where there is none."""
    safety, at = people.safety_of(person), at or clock.now()
    return next((way for way in _ways(person) if may_contact(safety, CONTACT_CHANNELS[way.channel], at).allowed), None)


def _ways(person: Person) -> list[Way]:
    """How they can be written to at one time or another; where one leads elsewhere the other holds all the same."""
    safe = people.safety_of(person).safe_channels
    ways = ((Channel.SMS, person.mobile), (Channel.EMAIL, person.email))
    return [Way(channel, address) for channel, address in ways if address and CONTACT_CHANNELS[channel] in safe]


def _ask(session: Session, lead: Occasion, person: Person, step: NextStep) -> bool:
    way, number = way_to(person), step.message_no
    if way is None or number is None:
        return False
    key = idempotency_key(str(lead.id), number, way.channel, times_reopened(session, lead))
    _send(session, lead, way, number, key, is_reminder=step.action is Action.REMIND)
    lead.last_message_no = number
    for each in occasions.group_of(session, lead):
        if each.state in {OccasionState.PLANNED, OccasionState.OPEN}:
            each.state = OccasionState.SENT
    session.flush()
    return True


def _send(session: Session, lead: Occasion, way: Way, number: int, key: str, *, is_reminder: bool) -> None:
    known = select(OutcomeInvitation.id).where(OutcomeInvitation.idempotency_key == key)
    if session.scalar(known) is not None:
        return
    invitation_id = uuid4()
    token = make_link(session, lead, LINK_LASTS, detail=str(invitation_id))
    address = address_of("outcomes.reply", token=token)
    language = language_read_by(session.get_one(Person, lead.person_id))
    words = render_message(
        ASK.name,
        language,
        by=way.channel,
        address=address,
        is_reminder=is_reminder,
        minutes=minutes_for(len(questions_of_lead(session, lead))),
    )
    message_id = send(
        session,
        Draft(
            words=words,
            dedupe_key=f"ask:{key}",
            recipient=way.address,
            about=About(type=occasions.SUBJECT, id=lead.id),
            expires_at=clock.now() + LINK_LASTS,
        ),
    )
    session.add(
        OutcomeInvitation(
            id=invitation_id,
            occasion_id=lead.id,
            message_id=message_id,
            channel=way.channel,
            number=number,
            idempotency_key=key,
        )
    )
    lead.asked_by = way.channel
    session.flush()


def make_link(session: Session, lead: Occasion, lifetime: timedelta, *, detail: str = "link") -> str:
    """A link to the forms of a leading occasion; it may be used until it expires, on any device.

    `detail` says where it is shown: on the tablet at the desk, or in the message of that invitation.
    """
    about = About(type=occasions.SUBJECT, id=lead.id)
    return links.issue(session, PURPOSE, about, lifetime=lifetime, once=False, detail=detail)


def invitation_of(link: SignedLink) -> UUID | None:
    """The invitation whose message holds a link; None for any other link."""
    try:
        return UUID(link.detail or "")
    except ValueError:
        return None


def note_opened(session: Session, invitation_id: UUID) -> None:
    """That the link of a message was followed for the first time. It uses nothing up."""
    now = clock.now()
    about = session.scalar(
        update(OutcomeInvitation)
        .where(OutcomeInvitation.id == invitation_id, OutcomeInvitation.opened_at.is_(None))
        .values(opened_at=now)
        .returning(OutcomeInvitation.occasion_id)
    )
    if about is not None:
        session.execute(
            update(Occasion).where(Occasion.id == about, Occasion.opened_at.is_(None)).values(opened_at=now)
        )


def send_fresh(session: Session, lead: Occasion) -> None:
    """A fresh link in place of one that is too old: to the contact on file alone, once a day, if nothing stops it.

    Refused where it cannot be sent; the page says the same either way.
    """
    occasions.lock(session, lead)
    group, person = occasions.group_of(session, lead), session.get_one(Person, lead.person_id)
    stops, way = stops_for(session, lead, group, person), way_to(person)
    if stops or way is None or has_nothing_to_ask(session, lead):
        raise Refused("We cannot send a new link.")
    number = lead.last_message_no or 0
    key = f"{lead.id}:fresh {clock.today().isoformat()}:{way.channel}"
    _send(session, lead, way, number, key, is_reminder=number > 0)
