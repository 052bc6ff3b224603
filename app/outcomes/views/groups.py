"""Outcomes of many people: what changed by measure, and where those who were asked drop out. No person is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Response, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.accounts.models import MemberOrganization
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.errors import NotFound, Refused
from app.core.small_numbers import FEWEST_FOR_A_RATE, LARGEST_HIDDEN, STEP, told
from app.core.spreadsheet import line
from app.outcomes import dropouts, figures, labels
from app.outcomes.access import COUNTING
from app.outcomes.figures import MeasureFigures, Wanted
from app.outcomes.rules.groups import Told, stages, told_answers, told_score
from app.outcomes.rules.periods import Period, chosen_period, periods
from app.outcomes.views.blueprint import outcomes
from app.referrals.models import Pathway
from app.web.database import db
from app.web.tables import table_file

HEADINGS = (
    "organisation", "pathway", "from", "to", "measure", "score", "people", "pairs", "mean_change", "better_is",
    "reliably_better", "no_reliable_change", "reliably_worse", "rule", "over", "response_percent",
)  # fmt: skip
HIDDEN = "*"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, with what else it could ask for."""

    places: list[MemberOrganization]
    place: MemberOrganization
    pathways: list[Pathway]
    pathway: Pathway | None
    period: Period

    @property
    def wanted(self) -> Wanted:
        """The same for the database."""
        return Wanted(self.place.id, self.period, self.pathway.id if self.pathway else None)

    @property
    def query(self) -> dict[str, str]:
        """The same for an address."""
        asked = {"place": str(self.place.id), "period": self.period.key}
        return asked | ({"pathway": str(self.pathway.id)} if self.pathway else {})


def _asked() -> Asked:
    session, actor = db.session(), current_actor()
    known = list(figures.places(session, actor))
    if not known:
        raise Refused("Nobody has been asked anything yet.")
    own = next((each for each in known if each.id == actor.organization_id), known[0])
    place = own
    if request.args.get("place"):
        found = next((each for each in known if str(each.id) == request.args["place"]), None)
        if found is None:
            raise NotFound("organisation")
        place = found
    pathway = _pathway(place)
    period = chosen_period(clock.today(), request.args.get("period", ""))
    return Asked(known, place, list(figures.pathways(session, place.id)), pathway, period)


def _pathway(place: MemberOrganization) -> Pathway | None:
    if not request.args.get("pathway"):
        return None
    try:
        wanted = UUID(request.args["pathway"])
    except ValueError:
        raise NotFound("pathway") from None
    return figures.pathway_of(db.session(), place.id, wanted)


@outcomes.route("/desk/outcomes/group", access=COUNTING)
def group() -> str:
    """What changed, by measure."""
    asked = _asked()
    return render_template(
        "outcomes/group.html",
        asked=asked,
        periods=_named_periods(),
        figures=[(each, _told(each), told_answers(each.answers)) for each in _figures(asked)],
        labels=labels,
        rule={"hidden": LARGEST_HIDDEN, "step": STEP, "fewest": FEWEST_FOR_A_RATE},
    )


@outcomes.route("/desk/outcomes/group.csv", access=COUNTING, writes=True)
def group_file() -> Response:
    """The same as a file, hidden and rounded as on the page. It is put on record."""
    asked = _asked()
    record(db.session(), current_actor(), Action.EXPORTED, ("outcomes", None), reason=asked.period.key)
    rows = [line(HEADINGS), *(line(cells) for each in _figures(asked) for cells in _cells(asked, each))]
    return table_file(rows, "figures.csv")


def _figures(asked: Asked) -> list[MeasureFigures]:
    return figures.by_measure(db.session(), asked.wanted)


def _told(each: MeasureFigures) -> list[Told]:
    return [told_score(score.counted) for score in each.scores]


def _cells(asked: Asked, each: MeasureFigures) -> Iterator[list[object]]:
    start = [
        asked.place.name,
        asked.pathway.name if asked.pathway else "",
        asked.period.begins.isoformat(),
        asked.period.ends.isoformat(),
        each.measure.reference,
    ]
    response = [_shown(each.response.told_over), _shown(each.response.share)]
    for score, told_one in zip(each.scores, _told(each), strict=True):
        judged = [_shown(told_one.better), _shown(told_one.same), _shown(told_one.worse)]
        yield [
            *start,
            score.score.key,
            _shown(told_one.people),
            _shown(told_one.pairs),
            "" if told_one.mean_change is None else float(told_one.mean_change),
            each.measure.direction_of(score.score.key) or "",
            *(judged if told_one.is_judged else ["", "", ""]),
            score.rule or "",
            *response,
        ]
    for answer, people in told_answers(each.answers).items():
        yield [*start, answer, _shown(people), "", "", "", "", "", "", "", *response]
    if not each.scores and not each.answers:
        yield [*start, "", 0, 0, "", "", "", "", "", "", *response]


def _shown(count: int | None) -> int | str:
    return HIDDEN if count is None else count


def _named_periods() -> list[tuple[str, str]]:
    return [(period.key, period_name(period)) for period in periods(clock.today())]


def period_name(period: Period) -> str:
    """Its months and years in words."""
    begins, ends = format_date(period.begins, "MMMM y"), format_date(period.ends, "MMMM y")
    return str(_("%(begins)s to %(ends)s", begins=begins, ends=ends))


@outcomes.route("/desk/outcomes/response", access=COUNTING)
def response_board() -> str:
    """Where people drop out, by the channel that they were asked by."""
    asked, session = _asked(), db.session()
    board = dropouts.board(session, asked.wanted)
    return render_template(
        "outcomes/response.html",
        asked=asked,
        periods=_named_periods(),
        rows=[(row, stages(row.drop)) for row in board.channels],
        after=[(number, told(count)) for number, count in board.after_message.items()],
        reasons=[(reason, told(count)) for reason, count in figures.reasons(session, asked.wanted).items()],
        told=told,
        labels=labels,
        rule={"hidden": LARGEST_HIDDEN, "step": STEP, "fewest": FEWEST_FOR_A_RATE},
    )
