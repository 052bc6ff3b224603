"""Services that are missing from the directory, as anybody may say; an editor adds one or says why not."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.directory.codes import SuggestionState
from app.directory.curation.adding import add_listing
from app.directory.curation.announcements import SuggestionAnswered
from app.directory.curation.document import Document
from app.directory.curation.operations import publish
from app.directory.importing.cleaning.addresses import take_apart
from app.directory.models import ListingSuggestion, Organization, Service

MOST_WAITING = 200
MOST_ALIKE = 10


def waiting(session: Session) -> list[ListingSuggestion]:
    """Those that no editor has answered, oldest first."""
    ordered = _open().order_by(ListingSuggestion.created_at, ListingSuggestion.id)
    return list(session.scalars(ordered.limit(MOST_WAITING)))


def count(session: Session) -> int:
    """How many no editor has answered."""
    return session.scalar(select(func.count()).select_from(_open().subquery())) or 0


def suggestion(session: Session, suggestion_id: UUID) -> ListingSuggestion:
    """One of them, whatever became of it."""
    found = session.get(ListingSuggestion, suggestion_id)
    if found is None:
        raise NotFound("listing suggestion")
    return found


def alike(session: Session, told: ListingSuggestion) -> list[Service]:
    """Listings that it may be already: of the same name, or of the same organisation."""
    names = [told.name.lower(), told.organization.lower()]
    return list(
        session.scalars(
            select(Service)
            .join(Organization, Organization.id == Service.organization_id)
            .where(or_(func.lower(Service.name).in_(names), func.lower(Organization.name).in_(names)))
            .options(joinedload(Service.organization))
            .order_by(Service.name, Service.id)
            .limit(MOST_ALIKE)
        )
    )


def suggest(  # noqa: PLR0913 - what is asked of whoever knows the service
    session: Session,
    *,
    name: str,
    organization: str,
    description: str,
    place: str = "",
    phone: str = "",
    url: str = "",
    reply_to: str | None = None,
) -> ListingSuggestion:
    """Keep what somebody says is missing, for an editor. Sent twice it is kept once."""
    about = {"name": name, "organization": organization, "description": description}
    sent = {**about, "place": place, "phone": phone, "url": url, "reply_to": reply_to}
    kept = session.scalars(_open().filter_by(**sent).order_by(ListingSuggestion.id).limit(1)).first()
    if kept is None:
        kept = ListingSuggestion(**sent)
        session.add(kept)
        session.flush()
    return kept


def add(session: Session, actor: Actor, told: ListingSuggestion, *, answer: str = "") -> Service:
    """Make a hidden listing of it. InvalidInput where its organisation has one of that name already."""
    _still_open(session, told)
    made = add_listing(session, actor, name=told.name, description=told.description, organization=told.organization)
    publish(session, actor, made, _told_of_it(told))
    told.service_id = made.id
    _answer(session, actor, told, SuggestionState.ADDED, answer)
    return made


def decline(session: Session, actor: Actor, told: ListingSuggestion, *, answer: str) -> None:
    """Leave it out, and say why."""
    _still_open(session, told)
    _answer(session, actor, told, SuggestionState.DECLINED, answer)


def _told_of_it(told: ListingSuggestion) -> Document:
    """How it can be reached, as a listing's document says it; what was not told is left out."""
    address = {part: value for part, value in asdict(take_apart(told.place)).items() if value}
    said = {
        "phones": [told.phone] if told.phone else None,
        "url": told.url,
        "places": [{"address": address}] if address else None,
    }
    return {name: value for name, value in said.items() if value}


def _answer(session: Session, actor: Actor, told: ListingSuggestion, state: SuggestionState, answer: str) -> None:
    told.state, told.answer, told.answered_by_id, told.answered_at = state, answer, actor.user_id, clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("listing_suggestion", told.id), fields=("state", "answer"))
    announce(session, SuggestionAnswered(told))


def _still_open(session: Session, told: ListingSuggestion) -> None:
    # Locked, so that of two editors at once the second sees what the first has done.
    session.refresh(told, with_for_update=True)
    if told.state is not SuggestionState.OPEN:
        raise Refused("Somebody has answered this already.")


def _open() -> Select[ListingSuggestion]:
    return select(ListingSuggestion).where(ListingSuggestion.state == SuggestionState.OPEN)
