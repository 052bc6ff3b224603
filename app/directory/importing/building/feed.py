"""What is known while one feed is read: its source, the ids in use, Waymark's own terms, and where postcodes lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.core.text import slugify
from app.directory import geography
from app.directory.geography import Point, place_key
from app.directory.importing.identity import as_uuid, minted, part_of
from app.directory.importing.raw import Where
from app.directory.importing.staging import NOTE, Staging
from app.directory.models import Location, Organization, Service, TaxonomyTerm

OWN_TAXONOMIES = ("need", "service-type", "circumstance")
OWN_SOURCE = "waymark"
POSTCODES_KEPT = 50_000
READ_AT_ONCE = 5_000
# Topics that a service's words point at, likeliest first: name, description, hint (the feed's own name).
ProposeTopics = Callable[[str, str, str], Sequence[str]]


@dataclass(slots=True)
class OwnTerms:
    """Waymark's own terms, by taxonomy and slug, and by what people call them."""

    by_code: dict[tuple[str, str], UUID] = field(default_factory=dict)
    by_label: dict[str, UUID] = field(default_factory=dict)
    needs: set[UUID] = field(default_factory=set)

    @classmethod
    def load(cls, session: Session) -> OwnTerms:
        """Read them; empty where the reference data is not loaded."""
        own = cls()
        terms = session.scalars(select(TaxonomyTerm).order_by(TaxonomyTerm.position, TaxonomyTerm.id)).all()
        # Needs last, so that a label that stands for a need and a service type means the need.
        for slug in reversed(OWN_TAXONOMIES):
            for term in (term for term in terms if term.taxonomy.slug == slug):
                own.by_code[slug, term.code] = term.id
                own.by_label[term.name.casefold()] = own.by_label[term.code] = term.id
                if slug == OWN_TAXONOMIES[0]:
                    own.needs.add(term.id)
        return own

    @property
    def ids(self) -> frozenset[UUID]:
        """The ids of all of them."""
        return frozenset(self.by_code.values())

    def like(self, *names: str) -> UUID | None:
        """The term with exactly one of these labels or slugs."""
        for name in names:
            found = self.by_label.get(name.strip().casefold()) or self.by_label.get(slugify(name))
            if name.strip() and found:
                return found
        return None


class Identity(NamedTuple):
    """An object's id, and whether another source's object bears it rightly."""

    id: UUID
    is_theirs: bool = False


@dataclass(slots=True, kw_only=True)
class Feed:
    """One feed while it is read."""

    session: Session
    staging: Staging
    source: str
    hint: str = ""
    topic: str = ""
    propose_topics: ProposeTopics
    own: OwnTerms
    own_ids: frozenset[UUID] = frozenset()
    _points: dict[str, Point | None] = field(default_factory=dict)

    @classmethod
    def open(
        cls,
        session: Session,
        staging: Staging,
        *,
        source: str,
        hint: str,
        topic: str,
        propose_topics: ProposeTopics,
    ) -> Feed:
        """Read from the database what the reading of a feed needs."""
        for kind, model in (("organization", Organization), ("location", Location), ("service", Service)):
            for chunk in _known(session, model):
                staging.know(kind, ((old, id_) for id_, of, old, _name in chunk if of == source and old))
                staging.take(kind, ((id_, name) for id_, of, _old, name in chunk if of != source))
        own = OwnTerms.load(session)
        return cls(
            session=session,
            staging=staging,
            source=source,
            hint=hint,
            topic=topic,
            propose_topics=propose_topics,
            own=own,
            own_ids=own.ids,
        )

    def object_id(self, kind: str, old_id: str, where: Where, name: str | None = None) -> Identity:
        """The id of what the source calls `old_id`: as known, its own UUID unless another source has it, or minted.

        Under its UUID and name another source may have it already: then it is theirs, and this feed does not touch it.
        """
        if known := self.staging.known_id(kind, old_id):
            return Identity(known)
        kept = as_uuid(old_id)
        if kept is None:
            return Identity(minted(self.source, kind, old_id))
        theirs = self.staging.taken_name(kind, kept)
        if theirs is None:
            return Identity(kept)
        if place_key(theirs) == place_key(name or ""):
            return Identity(kept, is_theirs=True)
        reason = "the id belongs to a listing of another source; this one was given a new id"
        self.staging.problem(NOTE, where, kind, old_id, reason)
        return Identity(minted(self.source, kind, old_id))

    def part_id(self, table: str, owner: UUID, old_id: str, position: int) -> UUID:
        """The id of a part: its own UUID if no other owner in the feed has it, else minted."""
        kept = as_uuid(old_id)
        if kept and self.staging.claim_part(table, kept, owner):
            return kept
        return part_of(owner, table, f"{old_id or position}" if not kept else f"of {old_id}")

    def point(self, place: str) -> Point | None:
        """Where a postcode lies."""
        if place not in self._points:
            if len(self._points) >= POSTCODES_KEPT:
                self._points.clear()
            self._points[place] = geography.resolve(self.session, place)
        return self._points[place]

    def topics_for(self, name: str, description: str) -> list[tuple[UUID, bool]]:
        """Topics for a service that has none, and whether each is by rule: the operator's one, else likely ones."""
        slugs: Iterable[str] = [self.topic] if self.topic else self.propose_topics(name, description, self.hint)
        known = (self.own.by_code.get((OWN_TAXONOMIES[0], slug)) for slug in slugs)
        return [(term, not self.topic) for term in known if term]


_Known = Row[UUID, str | None, str | None, str | None]


def _known(session: Session, model: type[Organization | Location | Service]) -> Iterator[Sequence[_Known]]:
    """Ids, sources, ids there and names of all objects, some at a time. A cursor would need a transaction."""
    wanted = select(model.id, model.source, model.source_id, model.name).order_by(model.id).limit(READ_AT_ONCE)
    chunk = session.execute(wanted).all()
    while chunk:
        yield chunk
        chunk = session.execute(wanted.where(model.id > chunk[-1].id)).all()
