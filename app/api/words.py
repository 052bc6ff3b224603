"""The parameter `search`: only what has all of the words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, and_, func, or_, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.api.queries import among
from app.directory.models import Organization, Service
from search_index import Snapshot
from search_index.analysis import words
from search_index.words import LOW_VALUE

MOST_WORDS = 12


def services_with_words(session: Session, snapshot: Snapshot | None, text: str) -> ColumnElement[bool]:
    """Services with all the words: by the search index (any form of a word), else in the database (as written)."""
    wanted = _wanted(text)
    if not wanted:
        return true()
    if snapshot is not None:
        return among(session, Service.id, _found(snapshot, wanted))
    return and_(*(_service_has(word) for word in wanted))


def has_words(text: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Rows that have each word, as written, in one of the columns."""
    wanted = _wanted(text)
    return and_(true(), *(_in_any(word, *columns) for word in wanted))


def _wanted(text: str) -> list[str]:
    typed = list(dict.fromkeys(words(text)))[:MOST_WORDS]
    return [word for word in typed if word not in LOW_VALUE] or typed


def _found(snapshot: Snapshot, wanted: Sequence[str]) -> list[UUID]:
    # The space at the end says that the word is finished, so that it is not taken for the beginning of others.
    documents = [snapshot.text_scores(snapshot.analyse(f"{word} "))[0] for word in wanted]
    numbers = reduce(np.intersect1d, documents)
    return [UUID(snapshot.ids[number]) for number in numbers.tolist()]


def _service_has(word: str) -> ColumnElement[bool]:
    own = _in_any(word, Service.name, Service.alternate_name, Service.description)
    return or_(own, Service.organization.has(_in_any(word, Organization.name)))


def _in_any(word: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(*(func.coalesce(column, "").icontains(word, autoescape=True) for column in columns))
