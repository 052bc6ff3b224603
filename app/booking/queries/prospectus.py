"""The prospectus: everything that can be booked or come to, by term, topic, day and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.booking.models import BookableSession, Pool, Room, Run, Term
from app.booking.queries.offers import WITH_COURSE, Offer, offers_of, public_pools
from app.core import clock
from app.core.clock import LONDON
from app.directory.models import Attribute, Service, TaxonomyTerm

A_PAGE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody looks for; empty is anything."""

    term: str = ""
    topic: str = ""
    day: int | None = None
    place: str = ""
    organization: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the prospectus, and how many offers there are in all."""

    offers: Sequence[Offer]
    total: int


def prospectus(session: Session, wish: Wish, *, number: int = 1, whole: bool = False) -> Page:
    """The offers of a page, the next first; `whole` gives all of them, to print."""
    wanted = _wanted(session, wish)
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    if not whole:
        wanted = wanted.limit(A_PAGE).offset((number - 1) * A_PAGE)
    return Page(offers_of(session, session.scalars(wanted.options(WITH_COURSE)).all()), total)


@dataclass(frozen=True, slots=True)
class Entry:
    """A course or a group as it is told on paper: once, with all its dates. `offer` is the next of it."""

    offer: Offer
    sessions: tuple[BookableSession, ...]


def by_run(offers: Sequence[Offer]) -> list[Entry]:
    """The offers of each run as one entry, in the order of the next."""
    runs: dict[UUID, list[Offer]] = {}
    for offer in offers:
        runs.setdefault(offer.pool.run_id, []).append(offer)
    return [Entry(of_run[0], tuple(one for offer in of_run for one in offer.sessions)) for of_run in runs.values()]


def _wanted(session: Session, wish: Wish) -> Select[Pool]:
    wanted = public_pools()
    if wish.term:
        wanted = wanted.where(Run.term_id.in_(select(Term.id).where(Term.name == wish.term)))
    if wish.topic:
        named = select(Attribute.service_id).join(TaxonomyTerm).where(TaxonomyTerm.code == wish.topic)
        wanted = wanted.where(Service.id.in_(named))
    if wish.organization:
        wanted = wanted.where(Service.organization_id == wish.organization)
    if wish.place:
        wanted = wanted.where(_is_at(wish.place))
    if wish.day is not None:
        rows = session.execute(wanted.with_only_columns(Pool.id, Pool.starts_at).order_by(None)).all()
        ids = [row.id for row in rows if row.starts_at.astimezone(LONDON).weekday() == wish.day]
        wanted = public_pools().where(Pool.id.in_(ids))
    return wanted


def _is_at(place: str) -> ColumnElement[bool]:
    """Of a series only the dates that are there, and of a course which has one there all of it: it is one booking."""
    here = select(BookableSession.id).join(Room, Room.id == BookableSession.room_id)
    return here.where(
        BookableSession.run_id == Pool.run_id,
        or_(Pool.session_id.is_(None), Pool.session_id == BookableSession.id),
        Room.name == place,
        BookableSession.ends_at > clock.now(),
        BookableSession.cancelled_at.is_(None),
    ).exists()


def terms(session: Session) -> list[str]:
    """Names of the terms in which something is on, the next first."""
    on_now = public_pools().with_only_columns(Run.term_id).where(Run.term_id.is_not(None)).order_by(None)
    wanted = select(Term.name, func.min(Term.starts_on)).where(Term.id.in_(on_now)).group_by(Term.name)
    return [name for name, _starts in session.execute(wanted.order_by(func.min(Term.starts_on), Term.name))]


def places(session: Session) -> list[str]:
    """Names of the rooms in which something is on."""
    wanted = (
        select(Room.name)
        .join(BookableSession, BookableSession.room_id == Room.id)
        .join(Run, Run.id == BookableSession.run_id)
        .where(
            BookableSession.ends_at > clock.now(),
            BookableSession.cancelled_at.is_(None),
            Run.published_at.is_not(None),
            Run.cancelled_at.is_(None),
        )
        .distinct()
        .order_by(Room.name)
    )
    return list(session.scalars(wanted))


def topics(session: Session) -> list[tuple[str, str, str]]:
    """Code and name of the topics of what is on, and what editors call them in Welsh."""
    on_now = public_pools().with_only_columns(Service.id).order_by(None)
    wanted = (
        select(TaxonomyTerm.code, TaxonomyTerm.name, TaxonomyTerm.name_cy)
        .join(Attribute, Attribute.taxonomy_term_id == TaxonomyTerm.id)
        .where(Attribute.service_id.in_(on_now))
        .distinct()
        .order_by(TaxonomyTerm.name, TaxonomyTerm.code)
    )
    return [(code, name, welsh) for code, name, welsh in session.execute(wanted)]
