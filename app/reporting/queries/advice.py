"""What advice did over a period, as counts: nobody's name, and nobody who does not want to be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.advice.codes import Channel, MoneyKind, MoneyStatus, Place, Result
from app.advice.models import AdviceCase, AdviceContact, AdviceIssue, Appointment, GroupSession, MoneyOutcome
from app.advice.rules.money import Money, annual_pence
from app.advice.scope import within
from app.booking.codes import CAME, BookingState
from app.booking.models import AttendanceRecord, BookableSession, Booking
from app.core import clock
from app.core.actor import Actor
from app.people.models import Person
from app.people.operations.equality import answers_of
from app.people.queries import who_refuse_reports
from app.people.rules.ages import age_on
from app.referrals.models import Referral
from app.referrals.signposts.codes import Contacted, Helped
from app.referrals.signposts.models import Signpost, SignpostLine
from app.reporting.queries.counting import how_many, may_count
from app.reporting.rules.periods import Period

CLIENT = func.coalesce(AdviceContact.person_id, AdviceContact.client_key)
QUESTIONS = ("sex", "gender", "ethnicity", "disability", "religion", "orientation")
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole of a period. `left_out` are clients who do not want to be counted; nothing else counts them."""

    clients: int
    contacts: int
    minutes: int
    attempts: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Signposted:
    """Signposts given by the organisation, and what those who answered said of the services on them."""

    signposts: int
    services: int
    answered: int
    contacted: int
    helped: int
    referrals: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Appointments whose time came, how many of them were kept, and of how many of these a contact was logged."""

    appointments: int
    came: int
    logged: int


def _of_period(actor: Actor, period: Period) -> ColumnElement[bool]:
    return and_(
        within(actor, AdviceContact.organization_id),
        AdviceContact.replaced_at.is_(None),
        AdviceContact.happened_on.between(period.since, period.until),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """A contact in which the client was reached. `is_first` is the first of its client in the period."""

    channel: Channel
    place: Place
    minutes: int
    issue: str
    person_id: UUID | None
    practice: str
    practice_name: str
    born_on: date | None
    client: UUID
    is_first: bool


def _reached(actor: Actor, period: Period) -> ColumnElement[bool]:
    return and_(_of_period(actor, period), AdviceContact.result == Result.REACHED, may_count(AdviceContact.person_id))


def counted(session: Session, actor: Actor, period: Period) -> list[Counted]:
    """The contacts of a period in which the client was reached, in their order: read once for all tables."""
    main = and_(AdviceIssue.contact_id == AdviceContact.id, AdviceIssue.position == 0)
    rows = session.execute(
        select(
            AdviceContact.channel,
            AdviceContact.place,
            AdviceContact.minutes,
            func.coalesce(AdviceIssue.code, ""),
            AdviceContact.person_id,
            func.coalesce(Person.gp_ods_code, ""),
            func.coalesce(Person.gp_name, ""),
            Person.born_on,
            AdviceContact.client_key,
        )
        .outerjoin(Person, Person.id == AdviceContact.person_id)
        .outerjoin(AdviceIssue, main)
        .where(_reached(actor, period))
        .order_by(AdviceContact.happened_on, AdviceContact.created_at, AdviceContact.id)
    )
    found: list[Counted] = []
    known: set[UUID] = set()
    for channel, place, minutes, issue, person_id, practice, name, born_on, key in rows:
        client = person_id or key
        is_first = client not in known
        found.append(Counted(channel, place, minutes, issue, person_id, practice, name, born_on, client, is_first))
        known.add(client)
    return found


def totals(session: Session, actor: Actor, period: Period, contacts: Sequence[Counted] | None = None) -> Totals:
    """The headline figures; from the contacts of the period where they were read already."""
    rows = counted(session, actor, period) if contacts is None else contacts
    of_period = _of_period(actor, period)
    attempts = select(func.count()).select_from(AdviceContact)
    refused = who_refuse_reports(clock.today())
    left_out = select(func.count(AdviceContact.person_id.distinct()))
    return Totals(
        clients=sum(row.is_first for row in rows),
        contacts=len(rows),
        minutes=sum(row.minutes for row in rows),
        attempts=session.scalar(
            attempts.where(of_period, AdviceContact.result != Result.REACHED, may_count(AdviceContact.person_id))
        )
        or 0,
        left_out=session.scalar(left_out.where(of_period, AdviceContact.person_id.in_(refused))) or 0,
    )


def _by(rows: Sequence[Counted], key: Callable[[Counted], Key]) -> dict[Key, tuple[int, int]]:
    contacts = Counter(key(row) for row in rows)
    clients = Counter(key(row) for row in rows if row.is_first)
    return {each: (count, clients[each]) for each, count in contacts.items()}


def by_channel(rows: Sequence[Counted]) -> dict[Channel, tuple[int, int]]:
    """Contacts by channel, and clients by the channel of their first."""
    return _by(rows, lambda row: row.channel)


def by_place(rows: Sequence[Counted]) -> dict[Place, tuple[int, int]]:
    """Contacts by where the adviser was, and clients by where their first was."""
    return _by(rows, lambda row: row.place)


def by_main_issue(rows: Sequence[Counted]) -> dict[str, tuple[int, int]]:
    """Contacts by the first tier of their main issue, and clients by that of their first; "" where there is none."""
    return _by(rows, lambda row: row.issue.partition("/")[0])


def by_any_issue(session: Session, actor: Actor, period: Period) -> dict[str, tuple[int, int]]:
    """Contacts in which an issue was raised, main or not, and the clients who raised it."""
    rows = session.execute(
        select(AdviceIssue.code, func.count(), func.count(CLIENT.distinct()))
        .join(AdviceContact, AdviceContact.id == AdviceIssue.contact_id)
        .where(_reached(actor, period))
        .group_by(AdviceIssue.code)
        .order_by(AdviceIssue.code)
    )
    return {code: (contacts, clients) for code, contacts, clients in rows}


def by_practice(rows: Sequence[Counted]) -> dict[tuple[str, str], tuple[int, int]]:
    """By the code and the name of the client's GP practice; two empty texts where it is not known."""
    names: dict[str, str] = {"": ""}
    for row in rows:
        if row.practice:
            names[row.practice] = max(names.get(row.practice, ""), row.practice_name)
    return {(code, names[code]): values for code, values in _by(rows, lambda row: row.practice).items()}


def by_equality(session: Session, rows: Sequence[Counted]) -> Mapping[str, Counter[StrEnum | None]]:
    """Clients by each question of equality; None where it was not asked, not answered, or there is no record."""
    firsts = [row for row in rows if row.is_first]
    answers = answers_of(session, [row.person_id for row in firsts if row.person_id is not None])
    found: dict[str, Counter[StrEnum | None]] = {}
    for question in QUESTIONS:
        found[question] = Counter(getattr(answer, question) for answer in answers)
        found[question][None] += len(firsts) - len(answers)
    return found


def by_age(rows: Sequence[Counted], period: Period) -> Counter[int | None]:
    """Clients by their age in years on the last day of the period; None where it is not known."""
    return Counter(_age(row.born_on, period.until) for row in rows if row.is_first)


def by_group_topic(session: Session, actor: Actor, period: Period) -> dict[str, tuple[int, int, int]]:
    """Group sessions by the first tier of their topic: heads, sessions, minutes."""
    rows = session.execute(
        select(GroupSession.issue, func.sum(GroupSession.came), func.count(), func.sum(GroupSession.minutes))
        .where(
            within(actor, GroupSession.organization_id),
            GroupSession.happened_on.between(period.since, period.until),
        )
        .group_by(GroupSession.issue)
        .order_by(GroupSession.issue)
    )
    found: dict[str, tuple[int, int, int]] = {}
    for code, *numbers in rows:
        root = code.partition("/")[0]
        before = found.get(root, (0, 0, 0))
        found[root] = (before[0] + numbers[0], before[1] + numbers[1], before[2] + numbers[2])
    return found


def _age(born: date | None, day: date) -> int | None:
    return None if born is None or born > day else age_on(born, day)


def appointments(session: Session, actor: Actor, period: Period) -> Kept:
    """The appointments of the period that nobody had cancelled, up to now."""
    came = AttendanceRecord.state.in_(CAME)
    row = session.execute(
        select(func.count(), how_many(came), how_many(and_(came, Appointment.led_to_id.is_not(None))))
        .select_from(Appointment)
        .join(Booking, Booking.id == Appointment.booking_id)
        .join(AttendanceRecord, AttendanceRecord.booking_id == Booking.id)
        .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
        .where(
            within(actor, Appointment.organization_id),
            Booking.state == BookingState.BOOKED,
            BookableSession.starts_at >= period.begins,
            BookableSession.starts_at < min(period.is_over_at, clock.now()),
            BookableSession.cancelled_at.is_(None),
            may_count(Booking.person_id),
        )
    ).one()
    return Kept(*row)


def signposted(session: Session, actor: Actor, period: Period) -> Signposted:
    """Signposts given in the period with what became of them by now, and referrals sent on."""
    given = (
        Signpost.organization_id == actor.organization_id,
        Signpost.created_at >= period.begins,
        Signpost.created_at < period.is_over_at,
        may_count(Signpost.person_id),
    )
    lines = select(
        func.count(),
        func.count(SignpostLine.answered_at),
        how_many(SignpostLine.contacted == Contacted.YES),
        how_many(SignpostLine.helped.in_([Helped.YES, Helped.A_LITTLE])),
    )
    services, answered, contacted, helped = session.execute(
        lines.join(Signpost, Signpost.id == SignpostLine.signpost_id).where(*given)
    ).one()
    sent = select(func.count()).select_from(Referral).where(
        Referral.referrer_organization_id == actor.organization_id,
        Referral.sent_at >= period.begins,
        Referral.sent_at < period.is_over_at,
        may_count(Referral.person_id),
    )  # fmt: skip
    return Signposted(
        signposts=session.scalar(select(func.count()).select_from(Signpost).where(*given)) or 0,
        services=services,
        answered=answered,
        contacted=contacted,
        helped=helped,
        referrals=session.scalar(sent) or 0,
    )


def money(session: Session, actor: Actor, period: Period) -> dict[tuple[MoneyStatus, MoneyKind], tuple[int, int, int]]:
    """By how sure it is and what it is: how many outcomes, of how many clients, and their worth for a year in pence.

    Confirmed money belongs to the day on which it was confirmed, all other to the day on which it was noted.
    """
    noted = and_(MoneyOutcome.created_at >= period.begins, MoneyOutcome.created_at < period.is_over_at)
    confirmed = MoneyOutcome.confirmed_on.between(period.since, period.until)
    rows = session.execute(
        select(
            MoneyOutcome.kind,
            MoneyOutcome.status,
            MoneyOutcome.pence,
            MoneyOutcome.frequency,
            MoneyOutcome.starts_on,
            MoneyOutcome.ends_on,
            AdviceCase.person_id,
            AdviceCase.client_number,
        )
        .join(AdviceCase, AdviceCase.id == MoneyOutcome.case_id)
        .where(
            within(actor, MoneyOutcome.organization_id),
            or_(and_(MoneyOutcome.status == MoneyStatus.CONFIRMED, confirmed),
                and_(MoneyOutcome.status != MoneyStatus.CONFIRMED, noted)),
            may_count(AdviceCase.person_id),
        )
        .order_by(MoneyOutcome.id)
    )  # fmt: skip
    worth: Counter[tuple[MoneyStatus, MoneyKind]] = Counter()
    times: Counter[tuple[MoneyStatus, MoneyKind]] = Counter()
    clients: dict[tuple[MoneyStatus, MoneyKind], set[object]] = {}
    for kind, status, pence, frequency, starts_on, ends_on, person_id, number in rows:
        key = (status, kind)
        worth[key] += annual_pence(Money(status, pence, frequency, starts_on, ends_on))
        times[key] += 1
        clients.setdefault(key, set()).add(person_id or number.casefold())
    return {key: (times[key], len(clients[key]), worth[key]) for key in times}
