"""What advice did over a period, as counts: nobody's name, and nobody who does not want to be counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.advice.codes import Channel, MoneyKind, MoneyStatus, Place, Result
from app.advice.models import AdviceCase, AdviceContact, AdviceIssue, MoneyOutcome
from app.advice.rules.money import Money, annual_pence
from app.advice.scope import within
from app.core import clock
from app.core.actor import Actor
from app.people.models import Person
from app.people.operations.equality import answers_of
from app.people.queries import who_refuse_reports
from app.people.rules.ages import age_on
from app.referrals.models import Referral
from app.referrals.signposts.codes import Contacted, Helped
from app.referrals.signposts.models import Signpost, SignpostLine
from app.reporting.rules.periods import Period

CLIENT = func.coalesce(AdviceContact.person_id, AdviceContact.client_key)
QUESTIONS = ("sex", "gender", "ethnicity", "disability", "religion", "orientation")
# By key: contacts, and clients whose first contact of the period it was.
Counts = dict[Any, tuple[int, int]]


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


def _may_count(person_id: InstrumentedAttribute[UUID | None] | InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    return or_(person_id.is_(None), person_id.not_in(who_refuse_reports(clock.today())))


def _of_period(actor: Actor, period: Period) -> ColumnElement[bool]:
    return and_(
        within(actor, AdviceContact.organization_id),
        AdviceContact.replaced_at.is_(None),
        AdviceContact.happened_on.between(period.since, period.until),
    )


def _counted(actor: Actor, period: Period) -> CTE:
    """The contacts of a period in which the client was reached; `nth` is the how manieth of its client it is."""
    order = (AdviceContact.happened_on, AdviceContact.created_at, AdviceContact.id)
    return (
        select(
            AdviceContact.id,
            AdviceContact.person_id,
            AdviceContact.channel,
            AdviceContact.place,
            AdviceContact.minutes,
            CLIENT.label("client"),
            func.row_number().over(partition_by=CLIENT, order_by=order).label("nth"),
        )
        .where(_of_period(actor, period), AdviceContact.result == Result.REACHED, _may_count(AdviceContact.person_id))
        .cte("counted")
    )


def _clients(counted: CTE) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((counted.c.nth == 1, 1), else_=0)), 0)


def totals(session: Session, actor: Actor, period: Period) -> Totals:
    """The headline figures."""
    counted = _counted(actor, period)
    contacts, clients, minutes = session.execute(
        select(func.count(), _clients(counted), func.coalesce(func.sum(counted.c.minutes), 0)).select_from(counted)
    ).one()
    of_period = _of_period(actor, period)
    attempts = select(func.count()).select_from(AdviceContact)
    refused = who_refuse_reports(clock.today())
    left_out = select(func.count(AdviceContact.person_id.distinct()))
    return Totals(
        clients=clients,
        contacts=contacts,
        minutes=minutes,
        attempts=session.scalar(
            attempts.where(of_period, AdviceContact.result != Result.REACHED, _may_count(AdviceContact.person_id))
        )
        or 0,
        left_out=session.scalar(left_out.where(of_period, AdviceContact.person_id.in_(refused))) or 0,
    )


def _by(session: Session, statement: Select[Any, int, int]) -> Counts:
    return {key: (contacts, clients) for key, contacts, clients in session.execute(statement)}


def by_channel(session: Session, actor: Actor, period: Period) -> dict[Channel, tuple[int, int]]:
    """Contacts by channel, and clients by the channel of their first."""
    counted = _counted(actor, period)
    key = counted.c.channel
    return _by(session, select(key, func.count(), _clients(counted)).group_by(key).order_by(key))


def by_place(session: Session, actor: Actor, period: Period) -> dict[Place, tuple[int, int]]:
    """Contacts by where the adviser was, and clients by where their first was."""
    counted = _counted(actor, period)
    key = counted.c.place
    return _by(session, select(key, func.count(), _clients(counted)).group_by(key).order_by(key))


def by_main_issue(session: Session, actor: Actor, period: Period) -> dict[str, tuple[int, int]]:
    """Contacts by the first tier of their main issue, and clients by that of their first; "" where there is none."""
    counted, code = _counted(actor, period), func.coalesce(AdviceIssue.code, "")
    joined = select(code, func.count(), _clients(counted)).select_from(counted)
    main = and_(AdviceIssue.contact_id == counted.c.id, AdviceIssue.position == 0)
    found: dict[str, tuple[int, int]] = {}
    for key, contacts, clients in session.execute(joined.outerjoin(AdviceIssue, main).group_by(code).order_by(code)):
        root = key.partition("/")[0]
        before = found.get(root, (0, 0))
        found[root] = (before[0] + contacts, before[1] + clients)
    return found


def by_any_issue(session: Session, actor: Actor, period: Period) -> dict[str, tuple[int, int]]:
    """Contacts in which an issue was raised, main or not, and the clients who raised it."""
    counted = _counted(actor, period)
    return _by(
        session,
        select(AdviceIssue.code, func.count(), func.count(counted.c.client.distinct()))
        .join(counted, counted.c.id == AdviceIssue.contact_id)
        .group_by(AdviceIssue.code)
        .order_by(AdviceIssue.code),
    )


def by_practice(session: Session, actor: Actor, period: Period) -> dict[tuple[str, str], tuple[int, int]]:
    """By the code and the name of the client's GP practice; two empty texts where it is not known."""
    counted, code = _counted(actor, period), func.coalesce(Person.gp_ods_code, "")
    rows = session.execute(
        select(code, func.max(Person.gp_name), func.count(), _clients(counted))
        .select_from(counted)
        .outerjoin(Person, Person.id == counted.c.person_id)
        .group_by(code)
        .order_by(code)
    )
    return {(key, (name or "") if key else ""): (contacts, clients) for key, name, contacts, clients in rows}


def by_equality(session: Session, actor: Actor, period: Period) -> Mapping[str, Counter[StrEnum | None]]:
    """Clients by each question of equality; None where it was not asked, not answered, or there is no record."""
    counted = _counted(actor, period)
    firsts = select(counted.c.person_id).where(counted.c.nth == 1).order_by(counted.c.person_id)
    known = [person_id for person_id in session.scalars(firsts) if person_id is not None]
    clients = session.scalar(select(_clients(counted)).select_from(counted)) or 0
    answers = answers_of(session, known)
    found: dict[str, Counter[StrEnum | None]] = {}
    for question in QUESTIONS:
        found[question] = Counter(getattr(answer, question) for answer in answers)
        found[question][None] += clients - len(answers)
    return found


def by_age(session: Session, actor: Actor, period: Period) -> Counter[int | None]:
    """Clients by their age in years on the last day of the period; None where it is not known."""
    counted = _counted(actor, period)
    born = session.scalars(
        select(Person.born_on)
        .select_from(counted)
        .outerjoin(Person, Person.id == counted.c.person_id)
        .where(counted.c.nth == 1)
        .order_by(Person.born_on)
    )
    return Counter(_age(day, period.until) for day in born)


def _age(born: date | None, day: date) -> int | None:
    return None if born is None or born > day else age_on(born, day)


def signposted(session: Session, actor: Actor, period: Period) -> Signposted:
    """Signposts given in the period with what became of them by now, and referrals sent on."""
    given = (
        Signpost.organization_id == actor.organization_id,
        Signpost.created_at >= period.begins,
        Signpost.created_at < period.is_over_at,
        _may_count(Signpost.person_id),
    )
    lines = select(
        func.count(),
        func.count(SignpostLine.answered_at),
        _how_many(SignpostLine.contacted == Contacted.YES),
        _how_many(SignpostLine.helped.in_([Helped.YES, Helped.A_LITTLE])),
    )
    services, answered, contacted, helped = session.execute(
        lines.join(Signpost, Signpost.id == SignpostLine.signpost_id).where(*given)
    ).one()
    sent = select(func.count()).select_from(Referral).where(
        Referral.referrer_organization_id == actor.organization_id,
        Referral.sent_at >= period.begins,
        Referral.sent_at < period.is_over_at,
        _may_count(Referral.person_id),
    )  # fmt: skip
    return Signposted(
        signposts=session.scalar(select(func.count()).select_from(Signpost).where(*given)) or 0,
        services=services,
        answered=answered,
        contacted=contacted,
        helped=helped,
        referrals=session.scalar(sent) or 0,
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


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
            _may_count(AdviceCase.person_id),
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
