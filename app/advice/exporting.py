"""Contacts as lines of CSV. A client is told apart by a number that means nothing outside of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.advice.models import AdviceContact
from app.advice.queries.contacts import Wanted, conditions_of
from app.core.actor import Actor
from app.core.spreadsheet import line

HEADINGS = (
    "date", "client", "client_kind", "channel", "direction", "result", "level", "minutes", "travel_minutes", "place",
    "place_code", "language", "interpreter", "format", "main_issue", "other_issues", "emergencies", "seconds_to_log",
)  # fmt: skip
MOST = 200_000


def lines(session: Session, actor: Actor, wanted: Wanted) -> Iterator[str]:
    """The headings, and a line for each contact, the oldest first."""
    yield line(HEADINGS)
    clients: dict[UUID, int] = {}
    found = session.scalars(
        select(AdviceContact)
        .where(*conditions_of(actor, wanted))
        .options(selectinload(AdviceContact.issues))
        .order_by(AdviceContact.happened_on, AdviceContact.id)
        .limit(MOST)
        .execution_options(yield_per=500)
    )
    for contact in found:
        number = clients.setdefault(contact.person_id or contact.client_key, len(clients) + 1)
        yield line(_cells(contact, number))


def _cells(contact: AdviceContact, client: int) -> Iterable[object]:
    codes = [issue.code for issue in contact.issues]
    return (
        contact.happened_on.isoformat(),
        client,
        contact.client_kind.value,
        contact.channel.value,
        contact.direction.value,
        contact.result.value,
        contact.level.value,
        contact.minutes,
        contact.travel_minutes,
        contact.place.value,
        contact.place_ods_code,
        contact.language,
        "yes" if contact.interpreter else "no",
        contact.format.value,
        "".join(codes[:1]),
        " ".join(codes[1:]),
        " ".join(sorted(each.value for each in contact.emergencies)),
        contact.seconds_to_log if contact.seconds_to_log is not None else "",
    )
