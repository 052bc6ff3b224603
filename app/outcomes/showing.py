"""A measure over time, made ready for table and chart: points, change by a named rule, what counts as a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.outcomes.codes import ChosenBy, FormState
from app.outcomes.measures import Band, Measure, Score, ScoreMethod
from app.outcomes.models import Measurement, MeasurementScore
from app.outcomes.rules import pairs
from app.outcomes.rules.change import Change, Direction, change_between, combine, rules_in_common
from app.outcomes.rules.pairs import PairReason

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 16, 36


@dataclass(frozen=True, slots=True)
class Point:
    """One score of one form. `hollow`: estimated, or answered with help."""

    form: Measurement
    day: date
    value: Decimal | None
    band: str | None
    hollow: bool
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Stripe:
    """A band as a stretch of the chart."""

    name: str
    y: float
    height: float
    is_shaded: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One score over time. `real_lines` are first score plus and minus what makes a change real."""

    score: Score
    points: tuple[Point, ...]
    change: Change | None
    stripes: tuple[Stripe, ...]
    ticks: tuple[Tick, ...]
    days: tuple[tuple[float, date], ...]
    real_lines: tuple[float, ...]

    @property
    def drawn(self) -> tuple[Point, ...]:
        """The points that have a value."""
        return tuple(point for point in self.points if point.value is not None)

    @property
    def line(self) -> str:
        """The line through the points, as SVG takes it."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.drawn)


def courses(measure: Measure, forms: Sequence[Measurement]) -> list[Course]:
    """Each numeric score of a measure over time."""
    numeric = [score for score in measure.scores if score.method is not ScoreMethod.CATEGORY]
    return [_course(measure, score, forms) for score in numeric]


def together(found: Sequence[Course]) -> Direction:
    """What several scores say together of what is likely a real change: mixed where one is better and one worse."""
    return combine(course.change.direction for course in found if course.change is not None and course.change.reliable)


def said_once(measure: Measure, found: Sequence[Course]) -> dict[str, str]:
    """By score, the rule that judges the changes of several scores alike: said once for all of them."""
    return rules_in_common(measure, [course.score.key for course in found if course.change is not None])


def categories(measure: Measure, forms: Sequence[Measurement]) -> list[Point]:
    """Answers by name over time, where a measure has no number."""
    keys = {score.key for score in measure.scores if score.method is ScoreMethod.CATEGORY}
    return [_point(form, key) for form in forms for key in sorted(keys)]


def asked_scores(measure: Measure, form: Measurement) -> list[MeasurementScore]:
    """The scores of a form, without those of questions that were never put, such as a goal that nobody has set."""
    needed = {item.key for item in measure.items if item.required} | {answer.item for answer in form.answers}
    return [score for score in form.scores if needed.intersection(measure.score(score.key).items)]


def shown(value: Decimal | None) -> str:
    """A score without needless noughts."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if value == value.to_integral_value() else f"{value:.2f}".rstrip("0").rstrip(".")


def why_not_counted(measure: Measure, forms: Sequence[Measurement], chosen_by: ChosenBy | None) -> list[PairReason]:
    """Why "chosen by the person and two points" does not hold yet; empty where it does."""
    key = measure.main or measure.scores[0].key
    points = [as_rule(form, key) for form in forms]
    return list(pairs.chosen_and_two_points(measure, points, chosen_by))


def as_rule(form: Measurement, key: str) -> pairs.Measurement:
    """A form as the rules of pairs take it; a category counts as answered where it has a name."""
    score = next((each for each in form.scores if each.key == key), None)
    measure_id, _, version = form.measure.partition("/")
    value = score.value if score else None
    if value is None and score is not None and score.band is not None:
        value = Decimal(0)
    return pairs.Measurement(
        measure=measure_id,
        version=int(version),
        score=key,
        answered_on=form.answered_on,
        value=value,
        complete=form.state is FormState.COMPLETE,
        estimated=bool(score and score.estimated),
        out_of=score.out_of if score else None,
    )


def _point(form: Measurement, key: str) -> Point:
    score = next((each for each in form.scores if each.key == key), None)
    return Point(
        form,
        form.answered_on,
        score.value if score else None,
        score.band if score else None,
        hollow=bool(form.helped or (score and score.estimated)),
    )


def _course(measure: Measure, score: Score, forms: Sequence[Measurement]) -> Course:
    points = [_point(form, score.key) for form in forms]
    placed = _placed(score, points)
    drawn = [point for point in placed if point.value is not None]
    change = None
    if len(drawn) > 1 and drawn[0].value is not None and drawn[-1].value is not None:
        change = change_between(measure, drawn[0].value, drawn[-1].value, score_key=score.key)
    return Course(
        score=score,
        points=tuple(placed),
        change=change,
        stripes=_stripes(measure, score),
        ticks=_ticks(score),
        days=_days(drawn),
        real_lines=_real_lines(measure, score, drawn),
    )


def _placed(score: Score, points: list[Point]) -> list[Point]:
    days = [point.day.toordinal() for point in points if point.value is not None]
    first, span = (min(days), max(days) - min(days)) if days else (0, 0)
    room = WIDTH - LEFT - RIGHT
    placed = []
    for point in points:
        share = (point.day.toordinal() - first) / span if span else 0.5
        y = _height_of(score, point.value) if point.value is not None else 0
        placed.append(Point(point.form, point.day, point.value, point.band, point.hollow, LEFT + room * share, y))
    return placed


def _height_of(score: Score, value: Decimal) -> float:
    share = float((value - score.lowest) / (score.highest - score.lowest))
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _stripes(measure: Measure, score: Score) -> tuple[Stripe, ...]:
    bands: list[Band] = [band for band in measure.bands if band.score == score.key]
    found = []
    for place, band in enumerate(bands):
        upper = bands[place + 1].lower if place + 1 < len(bands) else score.highest
        top, bottom = _height_of(score, min(upper, score.highest)), _height_of(score, max(band.lower, score.lowest))
        found.append(Stripe(band.name, top, bottom - top, is_shaded=place % 2 == 0))
    return tuple(found)


def _ticks(score: Score) -> tuple[Tick, ...]:
    middle = (score.lowest + score.highest) / 2
    return tuple(Tick(_height_of(score, value), shown(value)) for value in (score.lowest, middle, score.highest))


def _days(drawn: list[Point]) -> tuple[tuple[float, date], ...]:
    if not drawn:
        return ()
    ends = [drawn[0], drawn[-1]] if drawn[0].day != drawn[-1].day else [drawn[0]]
    return tuple((point.x, point.day) for point in ends)


def _real_lines(measure: Measure, score: Score, drawn: list[Point]) -> tuple[float, ...]:
    rule = next((each for each in measure.change_rules if each.score == score.key and each.default), None)
    if rule is None or not drawn or drawn[0].value is None:
        return ()
    edges = (drawn[0].value - rule.threshold, drawn[0].value + rule.threshold)
    return tuple(_height_of(score, edge) for edge in edges if score.lowest <= edge <= score.highest)
