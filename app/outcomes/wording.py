"""The words in which a measure may be shown: shipped ones, or those that the organisation holds a licence for."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.outcomes.measures import Measure, TextPack, measures, read_text_pack, shipped_text
from app.outcomes.measures.text_packs import DEFAULT_LANGUAGE
from app.outcomes.models import StoredTextPack

# So long before a licence ends its organisation is told.
ENDS_SOON = timedelta(days=60)


def text_for(session: Session, organization_id: UUID, measure: Measure, language: str = "") -> TextPack | None:
    """Words of a measure in the wanted language, else in English, else in any; None where none may be shown today."""
    wanted = [*([language] if language else []), DEFAULT_LANGUAGE]
    for each in wanted:
        shipped = shipped_text(measure.reference, each) if each.isascii() and each.isalpha() else None
        found = shipped or _loaded(session, organization_id, measure, each)
        if found is not None:
            return found
    return _loaded(session, organization_id, measure)


def _loaded(session: Session, organization_id: UUID, measure: Measure, language: str = "") -> TextPack | None:
    today, in_it = clock.today(), [StoredTextPack.language == language] if language else []
    row = session.scalars(
        select(StoredTextPack)
        .where(
            StoredTextPack.organization_id == organization_id,
            StoredTextPack.measure == measure.reference,
            *in_it,
            StoredTextPack.withdrawn_at.is_(None),
            StoredTextPack.valid_from <= today,
            or_(StoredTextPack.valid_to.is_(None), StoredTextPack.valid_to >= today),
        )
        .order_by(StoredTextPack.valid_from.desc(), StoredTextPack.created_at.desc(), StoredTextPack.id)
        .limit(1)
    ).first()
    return None if row is None else as_pack(row.content, measure)


def as_pack(content: str, measure: Measure) -> TextPack:
    """A pack from its text. Raises WrongDefinition, or ValueError where it is no TOML."""
    return read_text_pack(tomllib.loads(content, parse_float=Decimal), measure)


def usable_measures(session: Session, organization_id: UUID) -> list[Measure]:
    """The newest version of every measure whose words the organisation may show today, by name."""
    newest = {each.id: each for each in measures().values() if not each.is_record_only}
    found = [each for each in newest.values() if text_for(session, organization_id, each) is not None]
    return sorted(found, key=lambda each: each.name.casefold())


def ending_packs(session: Session, organization_id: UUID) -> Sequence[StoredTextPack]:
    """Packs whose last day is near or over, and that nobody withdrew."""
    return session.scalars(
        select(StoredTextPack)
        .where(
            StoredTextPack.organization_id == organization_id,
            StoredTextPack.withdrawn_at.is_(None),
            StoredTextPack.valid_to.is_not(None),
            StoredTextPack.valid_to <= clock.today() + ENDS_SOON,
        )
        .order_by(StoredTextPack.valid_to, StoredTextPack.id)
    ).all()
