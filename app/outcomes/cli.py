"""`waymark outcomes …`: scoring, change and dates without database or people; and points worked out anew."""

from __future__ import annotations

import json
import re
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, BinaryIO, NoReturn, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session
from tqdm import tqdm

from app.core.clock import LONDON
from app.core.engines import write_engine
from app.core.errors import WaymarkError
from app.outcomes import wire
from app.outcomes.fhir import questionnaire, questionnaire_response
from app.outcomes.measures import Measure, TextPack, find_measure, measures, shipped_text
from app.outcomes.operations import how_far, points
from app.outcomes.plans import Plan, find_plan, plans
from app.outcomes.rules.answers import LONGEST_FORM, Answers, parse_answers
from app.outcomes.rules.change import Change, change_between
from app.outcomes.rules.dates import Occasion, occasions
from app.outcomes.rules.scoring import FormScore, FormStatus, score_form
from app.settings import Settings

INVALID = 2
Found = TypeVar("Found")


class Named(click.ParamType[Any]):
    """An argument that names something of ours; an unknown name is wrong usage."""

    def __init__(self, name: str, find: Callable[[str], Any]) -> None:
        self.name = name
        self._find = find

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Find it, or fail with the names there are."""
        if not isinstance(value, str):
            return value
        try:
            return self._find(value)
        except WaymarkError as error:
            self.fail(error.message, param, ctx)


MEASURE = Named("measure", find_measure)
PLAN = Named("plan", find_plan)


def register(cli: click.Group) -> None:
    """Add the feature's commands."""
    cli.add_command(outcomes_group)


@click.group("outcomes")
def outcomes_group() -> None:
    """Measures, their scoring and change, and the dates of follow-ups."""


@outcomes_group.command("rebuild-points")
@with_appcontext
def rebuild_points() -> None:
    """Work out anew what figures of many people are counted from, out of messages and answered forms."""
    # An engine of its own: this may take longer than a request may.
    engine = write_engine(current_app.extensions["waymark_settings"].database_url, statement_timeout=False)
    with Session(engine) as session, tqdm(unit=" points", disable=not sys.stderr.isatty(), leave=False) as bar:
        count = points.rebuild(session, progress=partial(_show, bar))
        mended = how_far.rebuild(session)
        session.commit()
    engine.dispose()
    click.echo(f"{count} points; {mended} follow-ups put right.")


def _show(bar: tqdm[NoReturn], count: int) -> None:
    bar.update(count)


@outcomes_group.command("measures")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_measures(as_json: bool) -> None:
    """Every measure: what may be shipped of it, and its fingerprint."""
    rows = [wire.measure_json(measure) for measure in measures().values()]
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:16} {row['version']:>2}  {row['verdict']:8} {row['items']:>2} items  {row['title']}")


@outcomes_group.command("score")
@click.argument("measure", type=MEASURE)
@click.option(
    "--answers", required=True, metavar="JSON|-", help="A JSON list, or - for one list a line from standard input."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def score(ctx: click.Context, measure: Measure, answers: str, as_json: bool) -> None:
    """Score a form of MEASURE (`waymark outcomes measures` lists them).

    The answers stand in the order of the items; null is a question without an answer, "prefer-not" one that somebody
    did not want to answer, "n/a" one that does not apply. An answer outside the codes of its item is refused: the
    status is then "invalid" and the exit status 2, with - for any line.
    """
    _refuse_record_only(measure)
    if answers != "-":
        result = score_form(measure, parse_answers(measure, answers))
        click.echo(_shown(result, as_json=as_json))
        ctx.exit(INVALID if result.status is FormStatus.INVALID else 0)
    any_invalid = False
    for line in _lines(sys.stdin.buffer):
        result = score_form(measure, parse_answers(measure, line))
        any_invalid |= result.status is FormStatus.INVALID
        sys.stdout.write(_shown(result, as_json=as_json) + "\n")
    ctx.exit(INVALID if any_invalid else 0)


@outcomes_group.command("change")
@click.argument("measure", type=MEASURE)
@click.option("--first", required=True, help="The first score, or the first form as a JSON list of answers.")
@click.option("--last", required=True, help="The last score, or the last form.")
@click.option("--score", "score_key", default=None, help="Which score, where the measure has no total.")
@click.option("--rule", "rule_id", default=None, help="Which of its change rules; by default the definition's own.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def change(measure: Measure, first: str, last: str, score_key: str | None, rule_id: str | None, as_json: bool) -> None:
    """Whether a score of MEASURE changed, and by which rule."""
    _refuse_record_only(measure)
    key = score_key or measure.main
    values = (_value(measure, key, first, "--first"), _value(measure, key, last, "--last"))
    try:
        found = change_between(measure, *values, score_key=score_key, rule_id=rule_id)
    except WaymarkError as error:
        raise click.UsageError(error.message) from error
    if as_json:
        _print_json(wire.change_json(found))
    else:
        click.echo(_change_words(found))


@outcomes_group.command("due")
@click.option("--anchor", required=True, metavar="DATE", help="The day it all counts from, such as 2026-01-31.")
@click.option(
    "--plan",
    required=True,
    type=PLAN,
    metavar="NAME",
    help="One of: after-close, course-completed, group-attended, job-kept, once, support.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def due(anchor: str, plan: Plan, as_json: bool) -> None:
    """The occasions of a plan: when each is due, in what window an answer counts, and what is sent."""
    try:
        found = occasions(plan, _day(anchor))
    except WaymarkError as error:
        raise click.BadParameter(error.message, param_hint="--anchor") from error
    if as_json:
        _print_json(wire.occasions_json(plan, found))
        return
    for each in found:
        click.echo(_occasion_words(each))


@outcomes_group.command("plans")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_plans(as_json: bool) -> None:
    """Every plan of follow-ups."""
    rows = [wire.plan_json(plan) for plan in plans().values()]
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:12} from {row['anchor']}: {', '.join(row['kinds'])}")


@outcomes_group.command("questionnaire")
@click.argument("measure", type=MEASURE)
@click.option("--answers", default=None, metavar="JSON", help="Print a QuestionnaireResponse of these answers instead.")
@click.option("--answered-on", default=None, metavar="DATE", help="The day of those answers.")
@click.pass_context
def print_questionnaire(ctx: click.Context, measure: Measure, answers: str | None, answered_on: str | None) -> None:
    """MEASURE as a FHIR R4 Questionnaire, if its words are ours to give."""
    text, base_url = _shipped(measure), Settings.from_env().base_url
    if answers is None:
        _print_json(questionnaire(measure, text, base_url=base_url))
        return
    if answered_on is None:
        raise click.UsageError("--answered-on is needed beside --answers: a response says when it was given.")
    read = parse_answers(measure, answers)
    if not read.is_valid:
        _refuse_answers(ctx, read)
    _print_json(questionnaire_response(measure, text, read, answered_on=_day(answered_on), base_url=base_url))


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Each line as text; one that is too long or no UTF-8 comes back as what no parser takes.

    The mark that some editors put at the start of a file is no part of its first line.
    """
    is_first = True
    while line := stream.readline(LONGEST_FORM + 2):
        if is_first:
            line, is_first = line.removeprefix(BOM_UTF8), False
        if not line.endswith(b"\n") and len(line) > LONGEST_FORM:
            _skip_line(stream)
            yield ""
            continue
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            yield ""


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(LONGEST_FORM)) and not rest.endswith(b"\n"):
        pass


def _value(measure: Measure, key: str | None, text: str, option: str) -> Decimal:
    """A score as it was typed, or that of a form as a list of answers."""
    if text.lstrip().startswith("["):
        return _scored_value(measure, key, text, option)
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", text.strip(), re.ASCII):
        raise click.BadParameter("must be a score or a JSON list of answers", param_hint=option)
    return Decimal(text.strip())


def _scored_value(measure: Measure, key: str | None, text: str, option: str) -> Decimal:
    result = score_form(measure, parse_answers(measure, text))
    if result.problems:
        raise click.BadParameter(result.problems[0], param_hint=option)
    found = result.scores.get(key or "")
    if found is None:
        raise click.BadParameter("say which score with --score", param_hint=option)
    if found.value is None:
        missing = "1 answer is" if found.n_missing == 1 else f"{found.n_missing} answers are"
        raise click.BadParameter(f"{missing} missing, so there is no score", param_hint=option)
    return found.value


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text[:40]!r} is no date such as 2026-01-31") from error


def _shipped(measure: Measure) -> TextPack:
    text = shipped_text(measure.reference)
    if text is None:
        raise WaymarkError(
            f"The words of {measure.name} belong to {measure.licence.holder} and do not come with Waymark. "
            f"{measure.licence.notice}"
        )
    return text


def _refuse_record_only(measure: Measure) -> None:
    if measure.is_record_only:
        raise click.UsageError(
            f"{measure.name} is not scored here: record the result you have from elsewhere. {measure.licence.notice}"
        )


def _refuse_answers(ctx: click.Context, answers: Answers) -> None:
    for problem in answers.problems:
        click.echo(f"waymark: {problem}", err=True)
    ctx.exit(INVALID)


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _shown(result: FormScore, *, as_json: bool) -> str:
    return wire.score_line(result) if as_json else _score_words(result)


def _score_words(result: FormScore) -> str:
    words = [str(result.status)]
    words += [f"total {result.total}"] if result.total is not None else []
    words += [f"band {result.band}"] if result.band else []
    words += [
        f"{each.key} {each.value} {each.band or ''}".rstrip()
        for each in result.scores.values()
        if _is_extra(result, each.key)
    ]
    words += [f"{result.n_missing} missing"] if result.n_missing else []
    words += ["estimated"] if result.estimated else []
    words += [f"! item {flag.item}: {flag.state}" for flag in result.flags]
    return "; ".join([*words, *result.problems, f"[{result.rule}]"])


def _is_extra(result: FormScore, key: str) -> bool:
    return len(result.scores) > 1 and result.scores[key].value is not None


def _change_words(found: Change) -> str:
    sure = {True: "likely a real change", False: "could be day-to-day variation", None: "no published rule"}
    return f"{wire.number(found.change):+} ({found.direction}); {sure[found.reliable]}" + (
        f" [{found.rule}]" if found.rule else ""
    )


def _occasion_words(each: Occasion) -> str:
    local = each.invite_at.astimezone(LONDON)
    sooner = f", or at contact {each.or_contact} if sooner" if each.or_contact else ""
    return (
        f"{each.due}  {each.kind:12} counts from {each.opens} to {each.closes}; message {local:%a %d %b %H:%M}{sooner}"
    )
