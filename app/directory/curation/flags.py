"""What an import asks an editor to look at in a listing, and when somebody has looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.directory.codes import FlagCode
from app.directory.models import Attribute, Flag, Service, Taxonomy, TaxonomyTerm
from app.directory.queries import NEED

# What the topics themselves say, today and not when they were imported.
OF_TOPICS = (FlagCode.NO_TOPICS, FlagCode.TOPICS_BY_RULE)
# The field of a listing in which an editor mends what an import found in some part of the feed.
_MENDED_IN = {
    "attributes": "topics",
    "schedules": "hours",
    "service_at_locations": "places",
    "address": "places",
    "website": "url",
}


def mended_in(field_name: str) -> str:
    """The field of a listing, as its form calls it, that a flag's field stands in."""
    return _MENDED_IN.get(field_name, field_name)


def to_look_at(session: Session, service: Service) -> list[Flag]:
    """What an editor should look at in a listing, but for its topics."""
    statement = select(Flag).where(Flag.service_id == service.id, Flag.code.not_in(OF_TOPICS))
    return list(session.scalars(statement.order_by(Flag.code, Flag.field_name, Flag.id)))


def looked_at(session: Session, actor: Actor, service: Service, flag_id: UUID) -> None:
    """An editor has looked, and it may stand as it is. NotFound where nobody is asked to look at that."""
    flag = session.get(Flag, flag_id)
    if flag is None or flag.service_id != service.id:
        raise NotFound("flag")
    session.delete(flag)
    session.flush()
    record(session, actor, Action.CHANGED, ("service", service.id), fields=(flag.code.value,), reason="looked at")


def drop_mended(session: Session, service_id: UUID, fields: Iterable[str]) -> None:
    """Whoever writes a field anew has looked at what was told of it before."""
    written = set(fields)
    flags = session.execute(
        select(Flag.id, Flag.field_name).where(Flag.service_id == service_id).order_by(Flag.id)
    ).all()
    if mended := [flag_id for flag_id, name in flags if mended_in(name) in written]:
        session.execute(delete(Flag).where(Flag.id.in_(mended)))


def proposed_topics(service: Service) -> list[TaxonomyTerm]:
    """The topics of a listing that a rule proposed and nobody has looked at."""
    return [tag.taxonomy_term for tag in _by_rule(service)]


def proposed_by_listing(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[str]]:
    """The names of such topics, by listing."""
    statement = (
        select(Attribute.service_id, TaxonomyTerm.name)
        .join(TaxonomyTerm, TaxonomyTerm.id == Attribute.taxonomy_term_id)
        .where(Attribute.service_id.in_(ids), Attribute.by_rule)
        .order_by(Attribute.service_id, Attribute.position, Attribute.id)
    )
    found: dict[UUID, list[str]] = {}
    for service_id, name in session.execute(statement):
        if service_id is not None:
            found.setdefault(service_id, []).append(name)
    return found


def topics_are_right(session: Session, actor: Actor, service: Service) -> None:
    """An editor has looked at the topics that a rule proposed: they are the editor's now."""
    if not (proposed := _by_rule(service)):
        return
    for tag in proposed:
        tag.by_rule = False
    service.last_modified = clock.now()
    drop_mended(session, service.id, ["topics"])
    session.flush()
    record(session, actor, Action.CHANGED, ("service", service.id), fields=("topics",), reason="looked at")


def _by_rule(service: Service) -> list[Attribute]:
    return [tag for tag in service.attributes if tag.by_rule and tag.taxonomy_term.taxonomy.slug == NEED]


def with_flag(statement: Select[Service], codes: Sequence[FlagCode]) -> Select[Service]:
    """Only services that bear one of the flags."""
    return statement.where(Service.id.in_(select(Flag.service_id).where(Flag.code.in_(codes))))


def without_topics(statement: Select[Service]) -> Select[Service]:
    """Only services that have no topic."""
    return statement.where(Service.id.not_in(_with_topics()))


def with_proposed_topics(statement: Select[Service]) -> Select[Service]:
    """Only services some of whose topics were proposed by a rule, and looked at by nobody."""
    return statement.where(Service.id.in_(_with_topics().where(Attribute.by_rule)))


def _with_topics() -> Select[UUID | None]:
    return (
        select(Attribute.service_id)
        .join(TaxonomyTerm, TaxonomyTerm.id == Attribute.taxonomy_term_id)
        .join(Taxonomy, Taxonomy.id == TaxonomyTerm.taxonomy_id)
        .where(Taxonomy.slug == NEED, Attribute.service_id.is_not(None))
    )
