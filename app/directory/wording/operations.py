"""Publishing and taking back what staff change of topics and phrases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound
from app.core.text import slugify
from app.directory.changes import note
from app.directory.codes import WordingKind
from app.directory.importing.identity import minted
from app.directory.models import Attribute, Taxonomy, TaxonomyTerm, WordingVersion
from app.directory.queries import NEED
from app.directory.wording import queries
from app.directory.wording.rules import MOST_TOPICS, TopicWords, difference, phrase_key
from app.directory.wording.shipped import shipped_topics

SOURCE = "waymark"
LONGEST_SLUG = 60


class TreeWouldBreak(InvalidInput):
    """What is asked of a topic does not go with the others; `why` is a word for it."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


def publish_topic(session: Session, actor: Actor, slug: str, words: TopicWords) -> WordingVersion | None:
    """Say from now on what a topic says; None where nothing changes. InvalidInput where the tree would break."""
    topics = queries.topic_words(session)
    if slug not in topics:
        raise NotFound("topic")
    _check(topics, slug, words)
    if topics[slug] == words:
        return None
    made = _publish(session, actor, WordingKind.TOPIC, slug, difference(shipped_topics().get(slug), words))
    _apply(session, slug, words)
    return made


def add_topic(session: Session, actor: Actor, words: TopicWords) -> str:
    """A topic that is not shipped, at the end of the tree; returns its slug."""
    topics = queries.topic_words(session)
    slug = _free_slug(topics, words.name)
    words = replace(words, position=1 + max(known.position for known in topics.values()))
    _check(topics, slug, words)
    _publish(session, actor, WordingKind.TOPIC, slug, difference(None, words))
    _apply(session, slug, words)
    return slug


def move_up(session: Session, actor: Actor, slug: str) -> None:
    """Let a topic and the one shown before it under the same parent change places."""
    topics = queries.topic_words(session)
    if slug not in topics:
        raise NotFound("topic")
    beside = [other for other in in_order(topics) if topics[other].parent == topics[slug].parent]
    beside = [other for other in beside if other == slug or not topics[other].retired]
    at = beside.index(slug)
    if at == 0:
        return
    before, moved = topics[beside[at - 1]], topics[slug]
    publish_topic(session, actor, slug, replace(moved, position=before.position))
    publish_topic(session, actor, beside[at - 1], replace(before, position=moved.position))


def in_order(topics: Mapping[str, TopicWords]) -> list[str]:
    """The slugs in the order of the tree."""
    return sorted(topics, key=lambda slug: (topics[slug].position, slug))


def teach(session: Session, actor: Actor, phrase: str, topics: Sequence[str]) -> WordingVersion | None:
    """Let the search understand a phrase so; without topics as saying nothing of any. None where it does already."""
    key = phrase_key(phrase)
    known = queries.topic_words(session)
    if not key or len(topics) > MOST_TOPICS or any(slug not in known or known[slug].retired for slug in topics):
        raise InvalidInput("Give the phrase words, and topics that are in use.")
    before = queries.latest_of(session, WordingKind.PHRASE, key)
    document = {"phrase": phrase, "topics": list(topics)}
    if before is not None and before.document == document:
        return None
    return _publish(session, actor, WordingKind.PHRASE, key, document)


def unteach(session: Session, actor: Actor, phrase: str) -> WordingVersion | None:
    """Let the search understand a phrase as it is shipped to."""
    before = queries.latest_of(session, WordingKind.PHRASE, phrase_key(phrase))
    if before is None or not before.document:
        return None
    return _publish(session, actor, WordingKind.PHRASE, before.key, {})


def restore(session: Session, actor: Actor, version_id: UUID) -> WordingVersion | None:
    """Let a topic or phrase say again what it said in one of its versions."""
    version = queries.version(session, version_id)
    if version is None:
        raise NotFound("version of the wording")
    if version.kind is WordingKind.TOPIC:
        blank = TopicWords(name="", description="")
        words = shipped_topics().get(version.key, blank).changed_by(version.document)
        return publish_topic(session, actor, version.key, words)
    if version.document:
        return teach(session, actor, version.document["phrase"], version.document["topics"])
    return unteach(session, actor, version.key)


def as_shipped(session: Session, actor: Actor, slug: str) -> WordingVersion | None:
    """Let a topic say again what Waymark ships."""
    if (words := shipped_topics().get(slug)) is None:
        raise NotFound("shipped topic")
    return publish_topic(session, actor, slug, words)


def services_with(session: Session, slug: str) -> list[UUID]:
    """The listings that bear the topic."""
    statement = select(Attribute.service_id).join(Attribute.taxonomy_term)
    statement = statement.where(TaxonomyTerm.id == term_id(slug), Attribute.service_id.is_not(None))
    return [found for found in session.scalars(statement.order_by(Attribute.service_id)) if found]


def term_id(slug: str) -> UUID:
    """The id of a topic, for ever; one that is shipped later under a slug made here is the same topic."""
    return minted(SOURCE, "taxonomy_term", f"{NEED}/{slug}")


def _check(topics: Mapping[str, TopicWords], slug: str, words: TopicWords) -> None:
    children = [other for other, its in topics.items() if its.parent == slug and not its.retired]
    if words.parent:
        parent = topics.get(words.parent)
        if words.parent == slug or parent is None or parent.parent or parent.retired:
            raise TreeWouldBreak("parent", "Choose a broad topic that is in use.")
        if children:
            raise TreeWouldBreak("children", "A topic that has narrower ones stays a broad one.")
    if words.retired:
        if children:
            raise TreeWouldBreak("retired", "Retire the narrower topics first, or put them elsewhere.")
        heir = topics.get(words.heir) if words.heir else None
        if words.heir and (words.heir == slug or heir is None or heir.retired):
            raise TreeWouldBreak("heir", "Choose a topic that is in use to look at instead.")
    alike = {its.name.casefold() for other, its in topics.items() if other != slug and not its.retired}
    if not words.retired and words.name.casefold() in alike:
        raise TreeWouldBreak("name", "There is a topic of this name.")


def _publish(session: Session, actor: Actor, kind: WordingKind, key: str, document: dict[str, Any]) -> WordingVersion:
    numbers = select(func.max(WordingVersion.number)).where(WordingVersion.kind == kind, WordingVersion.key == key)
    number = (session.scalar(numbers) or 0) + 1
    before = queries.latest_of(session, kind, key)
    if before is not None:
        before.is_latest = False
        session.flush()
    made = WordingVersion(kind=kind, key=key, number=number, document=document, published_by_id=actor.user_id)
    session.add(made)
    session.flush()
    queries.forget()
    record(session, actor, Action.CHANGED, (f"wording {kind.value}", made.id), fields=sorted(document))
    return made


def _apply(session: Session, slug: str, words: TopicWords) -> None:
    """Write it into the term that listings, feed and pages read, and have the listings that bear it indexed anew."""
    term = session.get(TaxonomyTerm, term_id(slug))
    if term is None:
        taxonomy = session.scalars(select(Taxonomy).where(Taxonomy.slug == NEED).order_by(Taxonomy.id)).one()
        term = TaxonomyTerm(id=term_id(slug), taxonomy=taxonomy, taxonomy_id=taxonomy.id, code=slug, name=words.name)
        session.add(term)
    indexed = (term.name, term.retired, term.parent_id, term.heir_id)
    term.name, term.description, term.position = words.name, words.description, words.position
    term.name_cy, term.description_cy = words.name_cy, words.description_cy
    term.retired = words.retired
    term.parent_id = term_id(words.parent) if words.parent else None
    term.heir_id = term_id(words.heir) if words.heir and words.retired else None
    session.flush()
    if indexed != (term.name, term.retired, term.parent_id, term.heir_id):
        note(session, services_with(session, slug))


def _free_slug(topics: Mapping[str, TopicWords], name: str) -> str:
    base = slugify(name)[:LONGEST_SLUG].strip("-") or "topic"
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in topics:
        number += 1
    return slug
