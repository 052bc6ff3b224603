"""Search while the index is away: plain matching of words in the database. Slower and coarser, but it answers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Integer, case, cast, func, or_, select
from sqlalchemy.orm import Session

from app.directory import queries
from app.directory.models import Attribute, Organization, Service, TaxonomyTerm
from app.library.documents import SEARCHABLE
from app.library.request import SearchRequest
from app.library.understanding import Understanding
from search_index.analysis import words
from search_index.words import LOW_VALUE

MOST_WORDS = 6


def search_database(session: Session, meaning: Understanding, request: SearchRequest) -> tuple[list[Service], int]:
    """Services whose name, organisation or description has any of the words or one of the topics, best first.

    Also how many there are in all. Of the filters only topic and kind are kept.
    """
    score = _score(meaning)
    statement = (
        select(Service.id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(Service.status.in_(SEARCHABLE))
    )
    if score is not None:
        statement = statement.where(score > 0)
    if request["kind"]:
        statement = statement.where(Service.kind.in_(request["kind"]))
    if request["topic"]:
        statement = statement.where(_has_topic(request["topic"]))
    total = session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    order = (Service.name, Service.id) if score is None else (score.desc(), Service.name, Service.id)
    offset = (min(request.page, -(-total // request.size) or 1) - 1) * request.size
    ids = session.scalars(statement.order_by(*order).limit(request.size).offset(offset)).all()
    return queries.services_by_id(session, ids), total


def _score(meaning: Understanding) -> ColumnElement[int] | None:
    typed = [word for word in words(meaning.words) if word not in LOW_VALUE and len(word) > 2][:MOST_WORDS]
    parts: list[ColumnElement[int]] = []
    for word in typed:
        pattern = f"%{word}%"
        parts.append(_points(Service.name.ilike(pattern), 4))
        parts.append(_points(Organization.name.ilike(pattern), 2))
        parts.append(_points(Service.description.ilike(pattern), 1))
    if meaning.likely_topics:
        parts.append(_points(_has_topic(tuple(meaning.likely_topics)), 5))
    if not parts:
        return None
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _points(condition: ColumnElement[bool], points: int) -> ColumnElement[int]:
    return cast(case((condition, points), else_=0), Integer)


def _has_topic(slugs: Sequence[str]) -> ColumnElement[bool]:
    parents = select(TaxonomyTerm.id).where(TaxonomyTerm.code.in_(slugs))
    terms = select(TaxonomyTerm.id).where(or_(TaxonomyTerm.code.in_(slugs), TaxonomyTerm.parent_id.in_(parents)))
    return Service.id.in_(select(Attribute.service_id).where(Attribute.taxonomy_term_id.in_(terms)))
