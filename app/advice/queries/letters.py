"""The letters of a case, and the templates of the actor's organisation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.advice.models import AdviceLetter, KeyDate, LetterTemplate
from app.advice.scope import within
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound

MOST_TEMPLATES = 100


def letters_of(session: Session, case_id: UUID) -> list[AdviceLetter]:
    """The letters of a case that was found in its scope, the latest first."""
    return list(
        session.scalars(
            select(AdviceLetter)
            .where(AdviceLetter.case_id == case_id)
            .options(joinedload(AdviceLetter.made_by))
            .order_by(AdviceLetter.created_at.desc(), AdviceLetter.id)
        )
    )


def letter_templates(session: Session, actor: Actor, *, also_retired: bool = False) -> list[LetterTemplate]:
    """The templates of the actor's organisation, by name; those out of use last, where they are wanted."""
    wanted = select(LetterTemplate).where(within(actor, LetterTemplate.organization_id))
    if not also_retired:
        wanted = wanted.where(LetterTemplate.retired_at.is_(None))
    order = (LetterTemplate.retired_at.is_not(None), LetterTemplate.name, LetterTemplate.id)
    return list(session.scalars(wanted.order_by(*order).limit(MOST_TEMPLATES)))


def letter_template(session: Session, actor: Actor, template_id: UUID) -> LetterTemplate:
    """One that the actor may see. NotFound for any other."""
    found = session.scalars(
        select(LetterTemplate)
        .where(LetterTemplate.id == template_id, within(actor, LetterTemplate.organization_id))
        .order_by(LetterTemplate.id)
    ).one_or_none()
    if found is None:
        raise NotFound("letter template")
    return found


def next_date_of(session: Session, case_id: UUID) -> KeyDate | None:
    """The next open key date of a case that was found in its scope."""
    return session.scalars(
        select(KeyDate)
        .where(KeyDate.case_id == case_id, KeyDate.done_at.is_(None), KeyDate.on >= clock.today())
        .order_by(KeyDate.on, KeyDate.id)
        .limit(1)
    ).first()
