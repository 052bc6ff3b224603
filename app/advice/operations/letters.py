"""Letters: written from a template, kept as they are. And the templates that an organisation keeps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.advice.details import worker_of
from app.advice.models import AdviceCase, AdviceLetter, LetterTemplate
from app.advice.operations.templates import keep, require_supervisor
from app.advice.rules.letters import gaps, is_left_open, unknown_fields
from app.advice.scope import within
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound

SUBJECT = "advice_letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLetter:
    """A letter as it goes on paper. `title` is what its template is called."""

    title: str
    name: str = ""
    address: str = ""
    subject: str = ""
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLetterTemplate:
    """What a letter begins with."""

    name: str
    subject: str = ""
    body: str
    to_client: bool = True


def write_letter(session: Session, actor: Actor, case: AdviceCase, told: ToldLetter) -> AdviceLetter:
    """Keep a letter of a case, word for word. InvalidInput for an empty one, or one with a gap left in it."""
    if not told.body.strip():
        raise InvalidInput("The letter is empty.")
    if is_unfinished(told):
        raise InvalidInput("Something in double brackets is left. Fill it in, or take it out.")
    worker = worker_of(actor)
    made = AdviceLetter(
        organization_id=case.organization_id,
        case_id=case.id,
        made_by_id=worker.user_id,
        made_on=clock.today(),
        **asdict(told),
    )
    session.add(made)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, made.id), person_id=case.person_id)
    return made


def is_unfinished(told: ToldLetter) -> bool:
    """Whether something still stands in double brackets."""
    return any(gaps(text) or is_left_open(text) for text in (told.name, told.address, told.subject, told.body))


def open_letter(session: Session, actor: Actor, letter_id: UUID) -> AdviceLetter:
    """One that the actor may see, and that they looked is put on record. NotFound for any other."""
    found = session.scalars(
        select(AdviceLetter)
        .where(AdviceLetter.id == letter_id, within(actor, AdviceLetter.organization_id))
        .options(joinedload(AdviceLetter.case), joinedload(AdviceLetter.made_by))
        .order_by(AdviceLetter.id)
    ).one_or_none()
    if found is None:
        raise NotFound("letter")
    record(session, actor, Action.READ, (SUBJECT, found.id), person_id=found.case.person_id)
    return found


def write_letter_template(
    session: Session,
    actor: Actor,
    told: ToldLetterTemplate,
    found: LetterTemplate | None = None,
    *,
    read: int | None = None,
) -> LetterTemplate:
    """A new template, or one as it is to be from now on; letters that were written stay. Only for a supervisor.

    `read` is the version that they change: ChangedMeanwhile where there is another.
    """
    require_supervisor(actor)
    both = f"{told.subject}\n{told.body}"
    if not told.body.strip() or unknown_fields(both) or is_left_open(told.subject) or is_left_open(told.body):
        raise InvalidInput("The template has something in double brackets that is no field.")
    made = found or LetterTemplate(organization_id=worker_of(actor).organization_id)
    keep(session, actor, made, asdict(told), read=read)
    return made
