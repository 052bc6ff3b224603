"""Answers: kept one by one as they come, looked at for safety at once, scored when the form is finished."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.core.events import announce
from app.outcomes.codes import AnswerKind, FormState, Mode
from app.outcomes.events import FormFinished
from app.outcomes.measures import Item, ItemKind, Measure, find_measure
from app.outcomes.models import Answer, Measurement, MeasurementScore, Occasion, OwnGoal
from app.outcomes.operations import how_far, points
from app.outcomes.operations.alerts import raise_alerts
from app.outcomes.operations.occasions import lock, settle
from app.outcomes.rules.answers import NOT_APPLICABLE, PREFER_NOT, Answers, OneAnswer, read_answers
from app.outcomes.rules.scoring import SCORER_VERSION, Flag, FlagState, FormStatus, safety_flags, score_form
from app.people.models import Person

SUBJECT = "measurement"
GOALS = "goals"
NOTHING_SAID = "nothing said"


def open_form(  # noqa: PLR0913 - what a form says of itself
    session: Session,
    actor: Actor,
    *,
    organization_id: UUID,
    person_id: UUID,
    measure: Measure,
    mode: Mode,
    occasion: Occasion | None = None,
    answered_on: date | None = None,
    language: str = "en",
    helped: bool = False,
    form_id: UUID | None = None,
) -> Measurement:
    """The form of an occasion that is being answered, or a new one.

    One in which nothing is said yet becomes that of whoever begins to answer it.
    """
    if measure.is_record_only:
        raise InvalidInput("This tool is not answered here: record its result instead.")
    day = _day_of_answer(answered_on or clock.today())
    if occasion is not None:
        lock(session, occasion)
        found = form_of(session, occasion.id, measure)
        if found is not None:
            if found.state is FormState.DRAFT and not found.answers:
                found.mode, found.answered_on, found.language, found.helped = mode, day, language, helped
                found.entered_by_id = actor.user_id if actor.is_staff else None
                session.flush()
                how_far.note_mode(session, occasion.id)
            return found
    form = Measurement(
        id=form_id or uuid4(),
        organization_id=organization_id,
        person_id=person_id,
        occasion_id=occasion.id if occasion else None,
        measure=measure.reference,
        measure_hash=measure.content_hash,
        language=language,
        mode=mode,
        answered_on=day,
        helped=helped,
        entered_by_id=actor.user_id if actor.is_staff else None,
        answers=[],
        scores=[],
    )
    session.add(form)
    session.flush()
    if occasion is not None:
        how_far.note_mode(session, occasion.id)
    record(session, actor, Action.CREATED, (SUBJECT, form.id), person_id=person_id)
    return form


def take_turn(session: Session, person_id: UUID) -> None:
    """Whoever enters forms of one person at the same time waits for the other: the same sheet may be sent twice."""
    session.execute(select(Person.id).where(Person.id == person_id).order_by(Person.id).with_for_update())


def _day_of_answer(day: date) -> date:
    if day > clock.today():
        raise InvalidInput("A form cannot be answered on a day to come.")
    return day


def note_answered(session: Session, form: Measurement, *, answered_on: date, helped: bool) -> None:
    """When a form was answered and whether with help, as it stands on the sheet; of one that is not finished."""
    if form.state is not FormState.DRAFT:
        raise Refused("This form has been sent already. A correction is a new form.")
    form.answered_on, form.helped = _day_of_answer(answered_on), helped
    session.flush()  # each answer reads the form anew


def form_of(session: Session, occasion_id: UUID, measure: Measure) -> Measurement | None:
    """The standing form of a measure for a leading occasion."""
    return session.scalars(
        select(Measurement)
        .where(
            Measurement.occasion_id == occasion_id,
            Measurement.measure == measure.reference,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
        )
        .order_by(Measurement.created_at, Measurement.id)
    ).one_or_none()


def save_answer(session: Session, actor: Actor, form: Measurement, item: Item, answer: OneAnswer) -> bool:
    """Keep one answer of a form; the form is finished when nothing is open any more.

    Raises an alert in the same transaction where the answer needs a look; says whether it does. The same answer again
    changes nothing. Words may still be added to a finished form; another code is a correction and goes by `correct`.
    """
    lead = session.get_one(Occasion, form.occasion_id) if form.occasion_id else None
    if lead is not None:
        lock(session, lead)  # always before the form, as the worker does
    session.refresh(form, with_for_update=True)
    if not form.stands:
        raise Refused("This form was replaced. Open the newest one.")
    measure = find_measure(form.measure)
    have = next((each for each in form.answers if each.item == item.key), None)
    if have is not None and _as_one(have) == answer:
        return _is_raised(measure, form, item)
    if form.state is not FormState.DRAFT and item.kind is not ItemKind.TEXT:
        raise Refused("This form has been sent already. A correction is a new form.")
    _write(form, have, item, answer)
    session.flush()
    _look(session, actor, form, measure, is_finished=False)
    if form.state is FormState.DRAFT and not open_items(session, form, measure):
        finish(session, actor, form)
    elif lead is not None:
        settle(session, actor, lead)
    return _is_raised(measure, form, item)


def _write(form: Measurement, have: Answer | None, item: Item, answer: OneAnswer) -> None:
    if have is None:
        have = Answer(item=item.key)
        form.answers.append(have)
    have.kind, have.raw_code, have.words = answer.kind, answer.raw_code, answer.words


def said_in(form: Measurement) -> dict[str, OneAnswer]:
    """What a form says, by its items."""
    return {each.item: _as_one(each) for each in form.answers}


def _as_one(answer: Answer) -> OneAnswer:
    return OneAnswer(answer.kind, answer.raw_code, answer.words)


def asked_items(session: Session, form: Measurement | None, measure: Measure, person_id: UUID) -> list[Item]:
    """The questions of a measure for this person: of the own goals only those that they have set."""
    if measure.id != GOALS:
        return list(measure.items)
    organization = form.organization_id if form else None
    wanted = select(OwnGoal.number).where(OwnGoal.person_id == person_id, OwnGoal.ended_on.is_(None))
    if organization is not None:
        wanted = wanted.where(OwnGoal.organization_id == organization)
    numbers = set(session.scalars(wanted.order_by(OwnGoal.number)))
    return [item for item in measure.items if int(item.key.rsplit("-", 1)[1]) in numbers]


def open_items(session: Session, form: Measurement, measure: Measure) -> list[Item]:
    """The questions with fixed answers to which nothing was said yet."""
    said = {each.item for each in form.answers}
    asked = asked_items(session, form, measure, form.person_id)
    return [item for item in asked if item.kind is ItemKind.CHOICE and item.key not in said]


def answers_of(form: Measurement, measure: Measure) -> Answers:
    """A form's answers as the rules take them."""
    said = {each.item: each for each in form.answers}
    return read_answers(measure, [_value(said.get(item.key)) for item in measure.items])


def _value(answer: Answer | None) -> int | str | None:
    if answer is None:
        return None
    if answer.kind is AnswerKind.GIVEN:
        return answer.words if answer.raw_code is None else answer.raw_code
    return PREFER_NOT if answer.kind is AnswerKind.DECLINED else NOT_APPLICABLE


def _look(session: Session, actor: Actor, form: Measurement, measure: Measure, *, is_finished: bool) -> None:
    """Raise what the raw answers raise. What was not reached yet is unknown only once the form is finished."""
    said = {each.item for each in form.answers}
    flags = tuple(
        flag
        for flag in safety_flags(measure, answers_of(form, measure))
        if flag.state is FlagState.RAISED or is_finished or flag.item in said
    )
    raise_alerts(session, actor, form, flags)


def _is_raised(measure: Measure, form: Measurement, item: Item) -> bool:
    flags: tuple[Flag, ...] = safety_flags(measure, answers_of(form, measure))
    return any(flag.item == item.key and flag.state is FlagState.RAISED for flag in flags)


def finish(session: Session, actor: Actor, form: Measurement) -> None:
    """Score a form and settle the occasion it was asked for. A finished one stays as it is."""
    if form.state is not FormState.DRAFT:
        return
    measure = find_measure(form.measure)
    result = score_form(measure, answers_of(form, measure))
    form.state = FormState.COMPLETE if result.status is FormStatus.COMPLETE else FormState.INCOMPLETE
    form.finished_at = clock.now()
    form.scores = [
        MeasurementScore(
            key=each.key,
            value=each.value,
            band=each.band,
            caseness=each.caseness,
            n_missing=each.n_missing,
            estimated=each.estimated,
            out_of=each.out_of,
            rule=each.rule,
            scorer_version=SCORER_VERSION,
        )
        for each in result.scores.values()
    ]
    session.flush()
    points.refresh(session, form.organization_id, form.person_id, form.measure)
    _look(session, actor, form, measure, is_finished=True)
    record(session, actor, Action.CHANGED, (SUBJECT, form.id), person_id=form.person_id, fields=["answers"])
    if form.occasion_id is not None:
        settle(session, actor, session.get_one(Occasion, form.occasion_id))
    announce(session, FormFinished(form))


def begun_forms(session: Session, lead: Occasion) -> Sequence[Measurement]:
    """The forms of a leading occasion that were begun and not finished, oldest first."""
    return session.scalars(
        select(Measurement)
        .where(
            Measurement.occasion_id == lead.id,
            Measurement.state == FormState.DRAFT,
            Measurement.superseded_at.is_(None),
            Measurement.voided_at.is_(None),
        )
        .order_by(Measurement.created_at, Measurement.id)
    ).all()


def finish_begun(session: Session, actor: Actor, lead: Occasion, *, but: Collection[str] = ()) -> None:
    """Score the forms of a leading occasion that nobody goes on with, as far as they go.

    One in which nothing is said, such as a sheet that was printed, is no answer: it is taken back, and nobody is
    alarmed that a question on safety was left out. `but` are the measures that are still asked for.
    """
    for form in begun_forms(session, lead):
        if form.measure in but:
            continue
        if form.answers:
            finish(session, actor, form)
        else:
            void(session, actor, form, NOTHING_SAID)


def correct(
    session: Session,
    actor: Actor,
    form: Measurement,
    answers: dict[str, OneAnswer],
    *,
    answered_on: date | None = None,
    helped: bool | None = None,
) -> Measurement:
    """Put a finished form right: a new one with these answers takes its place, and the old one is kept."""
    session.refresh(form, with_for_update=True)
    if not form.stands or form.state is FormState.DRAFT:
        raise Refused("Only a form that stands can be put right.")
    form.superseded_at = clock.now()
    session.flush()
    measure = find_measure(form.measure)
    new = Measurement(
        organization_id=form.organization_id,
        person_id=form.person_id,
        occasion_id=form.occasion_id,
        measure=form.measure,
        measure_hash=measure.content_hash,
        language=form.language,
        mode=form.mode,
        answered_on=_day_of_answer(answered_on or form.answered_on),
        helped=form.helped if helped is None else helped,
        entered_by_id=actor.user_id,
        supersedes_id=form.id,
        answers=[Answer(item=k, kind=a.kind, raw_code=a.raw_code, words=a.words) for k, a in answers.items()],
        scores=[],
    )
    session.add(new)
    session.flush()
    record(session, actor, Action.CREATED, (SUBJECT, new.id), person_id=new.person_id, reason="correction")
    finish(session, actor, new)
    return new


def void(session: Session, actor: Actor, form: Measurement, reason: str) -> None:
    """Take a form back, with the reason: it was another person's, or written by mistake."""
    session.refresh(form, with_for_update=True)
    if not form.stands:
        raise Refused("This form does not stand any more.")
    form.voided_at, form.void_reason = clock.now(), reason
    session.flush()
    if form.occasion_id is not None:
        how_far.note_mode(session, form.occasion_id)
    points.refresh(session, form.organization_id, form.person_id, form.measure)
    record(session, actor, Action.CHANGED, (SUBJECT, form.id), person_id=form.person_id, fields=["voided_at"])
