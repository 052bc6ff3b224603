"""What must hold of the search index and of the unmet-need ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.upkeep import check
from app.directory.models import IndexChange, Service, TaxonomyTerm
from app.directory.topic_model import WORDS_CHANGED, ModelState, state_of_model
from app.library.documents import SEARCHABLE
from app.library.engine import engine_of
from app.library.indexing import last_sequence
from app.library.models import UnmetNeed
from search_index import IndexUnavailable, Snapshot

MAY_LAG = timedelta(minutes=1)


@check("search index")
def index_is_the_database(session: Session) -> Iterator[str]:
    """The index of this machine can be read, follows the database, and holds the services that may be found."""
    try:
        snapshot = engine_of(current_app).index.refresh()
    except IndexUnavailable:
        yield "The search index is missing or damaged. The worker makes it anew, or `waymark search rebuild`."
        return
    newest = last_sequence(session)
    if snapshot.sequence > newest:
        yield "The search index is ahead of the database. Run `waymark search rebuild`."
    elif snapshot.sequence < newest:
        yield from _lagging(session, snapshot)
    else:
        yield from _different(session, snapshot)


def _lagging(session: Session, snapshot: Snapshot) -> Iterator[str]:
    behind = select(func.count(), func.min(IndexChange.created_at)).where(IndexChange.sequence > snapshot.sequence)
    changes, oldest = session.execute(behind).one()
    if oldest < clock.now() - MAY_LAG:
        since = f"{oldest:%d %B %H:%M} UTC"
        yield f"The search index lacks {changes} changes, the oldest from {since}. Is a worker running?"


def _different(session: Session, snapshot: Snapshot) -> Iterator[str]:
    found = select(Service.id).where(Service.status.in_(SEARCHABLE)).order_by(Service.id)
    there = {str(service_id) for service_id in session.scalars(found)}
    indexed = {id_ for id_, live in zip(snapshot.ids, snapshot.live, strict=True) if live}
    if lacking := len(there - indexed):
        yield f"{lacking} services are not in the search index. Run `waymark search rebuild`."
    if surplus := len(indexed - there):
        yield f"{surplus} services in the search index are not to be found. Run `waymark search rebuild`."


@check("everyday words")
def words_are_learned(_session: Session) -> Iterator[str]:
    """What a search hears in lay words was learned from the lexicon as it is."""
    state = state_of_model()
    if state is ModelState.EARLIER:
        yield WORDS_CHANGED
    elif state is ModelState.MISSING:
        yield "Everyday words were never learned here. Run `waymark search learn`."


@check("unmet-need ledger")
def ledger_counts_topics(session: Session) -> Iterator[str]:
    """Each line counts a topic that there is, or none, in a week that begins on a Monday."""
    topics = {"", *session.scalars(select(TaxonomyTerm.code).where(TaxonomyTerm.taxonomy.has(slug="need")))}
    for topic, week in session.execute(select(UnmetNeed.topic, UnmetNeed.week).order_by(UnmetNeed.id)):
        if week.weekday() != 0:
            yield f"A line of the unmet-need ledger is for {week}, which is no Monday."
        if topic not in topics:
            yield f"A line of the unmet-need ledger counts the topic {topic}, which there is not."
