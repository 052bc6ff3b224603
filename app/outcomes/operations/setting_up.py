"""What an organisation sets up: who is on duty, and words of measures that it has a licence for."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.outcomes import duty
from app.outcomes.measures import Verdict, WrongDefinition, find_measure
from app.outcomes.models import DutyDesk, StoredTextPack
from app.outcomes.wording import as_pack
from app.people.details import stored_times
from app.people.rules.contact import SafeTime

LONGEST_PACK = 100_000


def set_duty(
    session: Session,
    actor: Actor,
    *,
    owner_id: UUID,
    deputy_id: UUID | None,
    hours: Sequence[SafeTime],
    within_minutes: int,
) -> DutyDesk:
    """Name who looks at answers, in which hours, and who comes next."""
    organization_id = _organization(actor)
    for user_id in (owner_id, *([deputy_id] if deputy_id else [])):
        if not duty.works_there(session, organization_id, user_id):
            raise InvalidInput("Choose somebody who works here.")
    if deputy_id == owner_id:
        raise InvalidInput("Choose two different people.")
    if not any(each.weekdays and each.opens < each.closes for each in hours):
        raise InvalidInput("Say on which days and at what times somebody is on duty.")
    desk = duty.desk_of(session, organization_id)
    is_new = desk is None
    if desk is None:
        desk = DutyDesk(organization_id=organization_id)
        session.add(desk)
    desk.owner_id, desk.deputy_id = owner_id, deputy_id
    desk.hours, desk.within_minutes = stored_times(tuple(hours)), within_minutes
    session.flush()
    session.refresh(desk)
    action = Action.CREATED if is_new else Action.CHANGED
    record(session, actor, action, ("outcome_duty_desk", desk.id), fields=["owner_id", "deputy_id", "hours"])
    return desk


def load_text_pack(session: Session, actor: Actor, content: str) -> StoredTextPack:
    """Keep the words of a measure for this organisation. InvalidInput says where the pack cannot be used, and why."""
    if len(content) > LONGEST_PACK:
        raise InvalidInput("This file is too long for the words of a questionnaire.")
    measure = find_measure(_measure_of(content))
    if measure.licence.verdict is not Verdict.SCORING:
        raise InvalidInput("Words can be loaded for measures that need a licence, and for no others.")
    try:
        pack = as_pack(content, measure)
    except (WrongDefinition, ValueError) as error:
        raise InvalidInput(str(error)[:300]) from error
    if pack.valid_from is None:
        raise InvalidInput("The first day of the licence is missing.")
    if pack.valid_to is not None and pack.valid_to < clock.today():
        raise InvalidInput("The licence of this text pack has ended already. Load the words with its new last day.")
    made = StoredTextPack(
        organization_id=_organization(actor),
        measure=measure.reference,
        language=pack.language,
        content=content,
        content_hash=pack.content_hash,
        licence_ref=pack.licence_ref,
        valid_from=pack.valid_from,
        valid_to=pack.valid_to,
        uploaded_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, ("outcome_text_pack", made.id))
    return made


def _measure_of(content: str) -> str:
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"This is no text pack: {error}"[:300]) from error
    name, version = data.get("measure"), data.get("version")
    if not isinstance(name, str) or not isinstance(version, int):
        raise InvalidInput("A text pack says at its beginning of which measure and version it is.")
    return f"{name}/{version}"


def withdraw_text_pack(session: Session, actor: Actor, pack: StoredTextPack) -> None:
    """Show words no more from now on. Answers given in them stay."""
    if pack.withdrawn_at is None:
        pack.withdrawn_at = clock.now()
        session.flush()
        record(session, actor, Action.CHANGED, ("outcome_text_pack", pack.id), fields=["withdrawn_at"])


def _organization(actor: Actor) -> UUID:
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    return actor.organization_id
