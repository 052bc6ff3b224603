"""The questions that a link, a tablet or a form on paper asks, in the words that may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.outcomes import duty, wording
from app.outcomes.codes import AnswerKind, OccasionState
from app.outcomes.measures import Item, ItemKind, Measure, TextPack, find_measure
from app.outcomes.models import Measurement, Occasion, OwnGoal
from app.outcomes.operations import answering, occasions
from app.outcomes.operations.answering import GOALS
from app.outcomes.rules.answers import NOT_APPLICABLE

# From so many answers on they stand in a row of numbers, the ends named.
LONG_SCALE = 7


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be given. `label` may be its number alone."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a measure, as it is asked. `about` is the person's own goal where it is one."""

    number: int
    measure: Measure
    item: Item
    words: str
    intro: str
    about: str
    options: tuple[Option, ...]
    lowest: str
    highest: str
    is_answered: bool
    language: str = "en"
    # What was answered, for staff who enter a form; never shown to whoever holds a link.
    given: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is answered in words."""
        return self.item.kind is ItemKind.TEXT

    @property
    def is_scale(self) -> bool:
        """Whether the answers are a long row of numbers."""
        return len(self.item.codes) >= LONG_SCALE

    @property
    def id(self) -> str:
        """What it is called within a page."""
        return f"q{self.number}"


def questions_of_lead(session: Session, lead: Occasion, language: str = "") -> list[Question]:
    """Everything that a link asks; what may not be shown, or could not be acted on, is left out."""
    group = [each for each in occasions.group_of(session, lead) if each.state is not OccasionState.VOID]
    found: list[Question] = []
    for reference in occasions.measures_of(group):
        measure = find_measure(reference)
        if measure.needs_duty_person and not duty.has_duty(session, lead.organization_id):
            continue
        text = wording.text_for(session, lead.organization_id, measure, language)
        if text is not None:
            form = answering.form_of(session, lead.id, measure)
            found += questions_of(
                session, measure, text, (lead.organization_id, lead.person_id), form, first=len(found) + 1
            )
    return found


def questions_of(
    session: Session,
    measure: Measure,
    text: TextPack,
    whose: tuple[UUID, UUID],
    form: Measurement | None,
    *,
    first: int = 1,
) -> list[Question]:
    """The questions of one measure; `whose` is organisation and person."""
    goals = _goals(session, *whose) if measure.id == GOALS else {}
    said = {each.item: each for each in form.answers} if form else {}
    asked = [item for item in measure.items if measure.id != GOALS or item.key in goals]
    found = []
    for place, item in enumerate(asked):
        answer = said.get(item.key)
        kind, code = (answer.kind, answer.raw_code) if answer else (None, None)
        given = {AnswerKind.GIVEN: str(code), AnswerKind.DECLINED: "prefer-not"}.get(kind, "n/a") if kind else ""
        labels = text.answers.get(item.key, {})
        found.append(
            Question(
                number=first + place,
                measure=measure,
                item=item,
                words=text.items[item.label_key],
                intro=text.intro,
                about=goals.get(item.key, ""),
                options=_options(item, text),
                lowest=labels.get(item.codes[0], "") if item.codes else "",
                highest=labels.get(item.codes[-1], "") if item.codes else "",
                is_answered=answer is not None,
                language=text.language,
                given=answer.words if answer and item.kind is ItemKind.TEXT else given,
            )
        )
    return found


def _options(item: Item, text: TextPack) -> tuple[Option, ...]:
    labels = text.answers.get(item.key, {})
    is_long = len(item.codes) >= LONG_SCALE
    known = [Option(str(code), str(code) if is_long else labels.get(code, str(code))) for code in item.codes]
    unknown = [Option(str(code), labels.get(code, str(code))) for code in item.unknown_codes]
    return (*known, *unknown, *([Option(NOT_APPLICABLE, "")] if item.may_not_apply else []))


def _goals(session: Session, organization_id: UUID, person_id: UUID) -> dict[str, str]:
    rows = session.execute(
        select(OwnGoal.number, OwnGoal.words)
        .where(OwnGoal.organization_id == organization_id, OwnGoal.person_id == person_id, OwnGoal.ended_on.is_(None))
        .order_by(OwnGoal.number)
    )
    return {f"goal-{number}": words for number, words in rows}


def next_open(questions: list[Question], after: int) -> Question | None:
    """The next question to ask: on from here, then whatever was passed over; words are not asked for twice."""
    later = [each for each in questions if each.number > after and not each.is_answered]
    earlier = [each for each in questions if each.number <= after and not each.is_answered and not each.is_text]
    return next(iter(later or earlier), None)
