"""Web addresses in listings that no longer answer: noticed on three days before they count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.codes import CheckKind
from app.directory.models import LinkState, ListingCheck, Service
from app.directory.queries import SHOWN

DAYS_BEFORE_DEAD = 3
LOOK_AGAIN = timedelta(days=14)
# So many pages of one site in a turn: many listings name the same one, and it did not ask for us.
MOST_OF_A_SITE = 2
# Names that no site can have (RFC 2606 and RFC 6761): made up for a demonstration or a test.
MADE_UP = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")
# The evidence fades; while the address stays dead it is renewed.
TELL_AGAIN = timedelta(days=60)
LONG_AGO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Due:
    """A listing whose web address is to be looked at."""

    service_id: UUID
    url: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a turn gave. What failed counts only where something answered: else this machine may not reach the web."""

    done: int
    asked: int
    failed: int
    counts: bool


def is_made_up(url: str) -> bool:
    """Whether an address has a name that no site can have."""
    host = _site(url)
    return any(host == name or host.endswith(f".{name}") for name in MADE_UP)


def _site(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def due(session: Session, limit: int) -> list[Due]:
    """Addresses not looked at for two weeks, or that failed on an earlier day, the longest waiting first."""
    today, of_site, chosen = clock.today(), Counter[str](), []
    for found in _waiting(session, today, limit * 10):
        of_site[_site(found.url)] += 1
        if of_site[_site(found.url)] <= MOST_OF_A_SITE:
            chosen.append(found)
    return chosen[:limit]


def _waiting(session: Session, today: date, limit: int) -> list[Due]:
    rows = session.execute(
        select(Service.id, Service.url)
        .outerjoin(LinkState, LinkState.service_id == Service.id)
        .where(
            Service.status.in_(SHOWN),
            Service.url.is_not(None),
            Service.url != "",
            or_(
                LinkState.id.is_(None),
                LinkState.url != Service.url,
                LinkState.checked_on <= today - LOOK_AGAIN,
                (LinkState.failed_days > 0) & (LinkState.checked_on < today),
            ),
        )
        .order_by(func.coalesce(LinkState.checked_on, LONG_AGO), Service.id)
        .limit(limit)
    )
    return [Due(service_id, url) for service_id, url in rows if url]


def note(session: Session, found: Due, *, is_there: bool | None) -> None:
    """Keep what a look at an address gave; None where it taught nothing.

    Failures count once a day; a success clears them and the evidence.
    """
    state = session.scalars(select(LinkState).where(LinkState.service_id == found.service_id)).one_or_none()
    if state is None:
        state = LinkState(service_id=found.service_id, url=found.url, failed_days=0)
        session.add(state)
    if state.url != found.url:
        state.url, state.failed_days, state.checked_on = found.url, 0, None
    if is_there is None:
        pass
    elif is_there:
        state.failed_days = 0
        session.execute(delete(ListingCheck).where(*_told(found.service_id)))
    elif state.failed_days == 0 or state.checked_on != clock.today():
        state.failed_days += 1
        _tell_if_dead(session, state)
    state.checked_on = clock.today()
    session.flush()


def _tell_if_dead(session: Session, state: LinkState) -> None:
    lately = ListingCheck.created_at > clock.now() - TELL_AGAIN
    told = session.scalar(select(func.count(ListingCheck.id)).where(*_told(state.service_id), lately))
    if state.failed_days >= DAYS_BEFORE_DEAD and not told:
        session.add(ListingCheck(service_id=state.service_id, kind=CheckKind.LINK_DEAD, note=state.url))


def _told(service_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ListingCheck.service_id == service_id, ListingCheck.kind == CheckKind.LINK_DEAD


def dead() -> Select[UUID]:
    """The listings whose present web address has not answered for days."""
    return (
        select(LinkState.service_id)
        .join(Service, Service.id == LinkState.service_id)
        .where(LinkState.failed_days >= DAYS_BEFORE_DEAD, LinkState.url == Service.url, Service.status.in_(SHOWN))
    )


def check(open_session: Callable[[], Session], is_there: Callable[[str], bool], *, limit: int) -> Looked:
    """Look at up to `limit` addresses, one after the other, and keep what was found.

    No transaction is open while a site is waited for. Made-up names are asked for nothing.
    """
    with open_session() as session:
        waiting, known = due(session, limit), _that_answered(session)
    asked = [url for url in dict.fromkeys(found.url for found in waiting) if not is_made_up(url)]
    answers: dict[str, bool | None] = {url: is_there(url) for url in asked}
    failed = sum(not there for there in answers.values())
    counts = not asked or failed < len(asked) or any(is_there(url) for url in known if url not in answers)
    with open_session() as session:
        for found in waiting:
            there = answers.get(found.url)
            note(session, found, is_there=there if counts else None)
        session.commit()
    return Looked(len(waiting), len(asked), failed, counts)


def _that_answered(session: Session) -> list[str]:
    """A few addresses that answered when they were last looked at: by them we see whether the web is there for us."""
    urls = session.scalars(
        select(LinkState.url)
        .where(LinkState.failed_days == 0, LinkState.checked_on.is_not(None))
        .order_by(LinkState.checked_on.desc(), LinkState.id)
        .limit(50)
    )
    sites = {_site(url): url for url in urls if not is_made_up(url)}
    return list(sites.values())[:MOST_OF_A_SITE]
