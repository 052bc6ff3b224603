"""Versions of the wording, and what is made of the latest ones."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.directory.codes import WordingKind
from app.directory.models import WordingVersion
from app.directory.wording.rules import TopicWords, phrase_key
from app.directory.wording.shipped import shipped_topics
from search_index.lexicon import TaughtPhrases

# A process may be so many seconds behind.
FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Wording:
    """What the understanding of lay words needs of it; the same object for as long as nothing changes."""

    phrases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    heirs: Mapping[str, str] = field(default_factory=dict)
    taught: TaughtPhrases = field(default_factory=TaughtPhrases, compare=False)

    def with_phrase(self, phrase: str, topics: Sequence[str] | None) -> Wording:
        """As it would be with this phrase taught so; None takes it out."""
        key = phrase_key(phrase)
        others = tuple(pair for pair in self.phrases if phrase_key(pair[0]) != key)
        return made_of(others if topics is None else (*others, (phrase, tuple(topics))), self.heirs)

    def with_heir(self, slug: str, heir: str | None) -> Wording:
        """As it would be with this topic retired for another; None brings it back."""
        others = {other: its for other, its in self.heirs.items() if other != slug}
        return replace(self, heirs=others if heir is None else {**others, slug: heir})


def made_of(phrases: tuple[tuple[str, tuple[str, ...]], ...], heirs: Mapping[str, str]) -> Wording:
    """The wording with these phrases, and these retired topics with what stands for each."""
    return Wording(phrases, heirs, TaughtPhrases(phrases))


def latest(session: Session, kind: WordingKind) -> list[WordingVersion]:
    """What holds now, by key; what is as shipped again is left out."""
    statement = select(WordingVersion).where(WordingVersion.kind == kind, WordingVersion.is_latest)
    return [found for found in session.scalars(statement.order_by(WordingVersion.key)) if found.document]


def latest_of(session: Session, kind: WordingKind, key: str) -> WordingVersion | None:
    """The version of one topic or phrase that holds now."""
    statement = select(WordingVersion).where(WordingVersion.kind == kind, WordingVersion.key == key)
    return session.scalars(statement.where(WordingVersion.is_latest).order_by(WordingVersion.id)).one_or_none()


def changed_topics(session: Session) -> dict[str, TopicWords]:
    """The topics that are changed or were added here, as they should be."""
    shipped, blank = shipped_topics(), TopicWords(name="", description="")
    return {
        version.key: shipped.get(version.key, blank).changed_by(version.document)
        for version in latest(session, WordingKind.TOPIC)
    }


def topic_words(session: Session) -> dict[str, TopicWords]:
    """Every topic as it should be, those of the shipped tree first."""
    return {**shipped_topics(), **changed_topics(session)}


def taught_phrases(session: Session) -> list[WordingVersion]:
    """The phrases that staff taught the search, by the alphabet."""
    return latest(session, WordingKind.PHRASE)


def versions(
    session: Session, *, kind: WordingKind | None = None, key: str | None = None, limit: int = 50, offset: int = 0
) -> list[tuple[WordingVersion, str]]:
    """Versions with the name of who published each, newest first."""
    statement = select(WordingVersion, User.name).outerjoin(User, User.id == WordingVersion.published_by_id)
    if kind is not None:
        statement = statement.where(WordingVersion.kind == kind, WordingVersion.key == key)
    statement = statement.order_by(WordingVersion.created_at.desc(), WordingVersion.number.desc(), WordingVersion.id)
    return [(version, name or "") for version, name in session.execute(statement.limit(limit).offset(offset))]


def count_versions(session: Session) -> int:
    """How many changes there ever were."""
    return session.scalar(select(func.count()).select_from(WordingVersion)) or 0


def version(session: Session, version_id: UUID) -> WordingVersion | None:
    """One of them."""
    return session.get(WordingVersion, version_id)


def wording(session: Session) -> Wording:
    """What the database had no more than some seconds ago; a session that is changing it sees its own."""
    bind, now = session.get_bind(), time.monotonic()
    known = _known.get(bind)
    if known is not None and now - known[0] <= FRESH_SECONDS and not session.new and not session.dirty:
        return known[2]
    # Versions are only ever added, so their number and the time of the last say whether there is anything new.
    revision = tuple(session.execute(select(func.count(), func.max(WordingVersion.created_at))).one())
    found = known[2] if known is not None and known[1] == revision else wording_now(session)
    _known[bind] = (now, revision, found)
    return found


def forget() -> None:
    """Read it anew the next time: this process has just changed it."""
    _known.clear()


def wording_now(session: Session) -> Wording:
    """As this session sees it at this moment."""
    phrases = tuple(_phrase(version.document) for version in taught_phrases(session))
    return made_of(phrases, heirs_of(topic_words(session)))


def _phrase(document: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    return str(document["phrase"]), tuple(document["topics"])


def heirs_of(topics: Mapping[str, TopicWords]) -> dict[str, str]:
    """The retired topics, each with what stands for it: the heir that was named, else its parent, else nothing."""
    return {slug: words.heir or words.parent for slug, words in topics.items() if words.retired}


# By database; two threads that both read it read the same.
_known: WeakKeyDictionary[Engine | Connection, tuple[float, tuple[Any, ...], Wording]] = WeakKeyDictionary()
