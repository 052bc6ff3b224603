"""A report on screen, on paper and as CSV: any period, what each figure counts, small numbers hidden in all three."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.current import current_actor
from app.advice.forms import as_uuid
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.small_numbers import LARGEST_HIDDEN
from app.reporting import advice
from app.reporting.access import READER, counter, only_commissions, places
from app.reporting.operations import record_export
from app.reporting.outside import told_outside
from app.reporting.report import Report, csv_lines
from app.reporting.rules.periods import Period, named, quarters_of
from app.reporting.views.blueprint import reporting
from app.web.database import db
from app.web.tables import table_file

Maker = Callable[[Session, Actor, Period], Report]
# Each makes its report for the actor's organisation.
REPORTS: dict[str, Maker] = {"advice": advice.activity}
USUAL = "quarter"
# Sums of days that a commissioner chose, held against each other, would tell of single people; so would those of a time
# that still runs, day after day. Quarters and the years that they make up are rounded so that they do not.
OVER, USUAL_OVER = ("last-quarter", "last-year"), "last-quarter"
PERIODS = {
    "month": _("This month"),
    "last-month": _("Last month"),
    "quarter": _("This quarter"),
    "last-quarter": _("Last quarter"),
    "year": _("This financial year"),
    "last-year": _("Last financial year"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The period, its name where it has one, and whether what was asked for is none."""

    period: Period
    chosen: str = ""
    is_wrong: bool = False


@reporting.route("/desk/reports/<name>", access=READER, writes=True)
def report(name: str) -> str | tuple[str, int]:
    """The report over the period that was asked for; the usual one, and what is wrong, where that is none."""
    session, actor, make = db.session(), current_actor(), _maker(name)
    asked, commissions = _asked(), only_commissions(actor)
    reader = counter(session, actor, as_uuid(request.args.get("place")))
    typed = {part: request.args.get(part, "") if asked.is_wrong else getattr(asked.period, part).isoformat()
             for part in ("since", "until")}  # fmt: skip
    page = render_template(
        "reporting/report.html",
        report=_made(make, session, reader, asked.period, commissions=commissions) if reader else None,
        name=name,
        periods={code: words for code, words in PERIODS.items() if code in OVER or not commissions},
        chosen=asked.chosen,
        is_wrong=asked.is_wrong,
        typed=typed,
        commissions=commissions,
        places=places(session, actor) if commissions else [],
        place_id=reader.organization_id if reader else None,
        largest_hidden=LARGEST_HIDDEN,
    )
    return (page, 422) if asked.is_wrong else page


@reporting.route("/desk/reports/<name>/csv", access=READER, methods=["POST"])
def report_csv(name: str) -> Response:
    """The same figures for a spreadsheet."""
    session, actor, make = db.session(), current_actor(), _maker(name)
    reader, period = counter(session, actor, as_uuid(request.form.get("place"))), _asked().period
    if reader is None:
        raise NotFound("report")
    made = _made(make, session, reader, period, commissions=only_commissions(actor))
    record_export(session, actor, name)
    file_name = f"figures-{period.since.isoformat()}-{period.until.isoformat()}.csv"
    return table_file(csv_lines(made), file_name)


def _made(make: Maker, session: Session, reader: Actor, period: Period, *, commissions: bool) -> Report:
    """The report; for a commissioner as it is told outside the organisation."""
    made = make(session, reader, period)
    if not commissions:
        return made
    return told_outside(made, [make(session, reader, quarter) for quarter in quarters_of(period)])


def _maker(name: str) -> Maker:
    if name not in REPORTS:
        raise NotFound("report")
    return REPORTS[name]


def _asked() -> Asked:
    asked, today = request.values, clock.today()
    commissions = only_commissions(current_actor())
    name = USUAL_OVER if commissions else USUAL
    usual = named(name, today) or Period(today, today)
    if not commissions and ("since" in asked or "until" in asked):
        try:
            typed = (date.fromisoformat(asked.get("since", "")), date.fromisoformat(asked.get("until", "")))
            return Asked(Period(*typed))
        except ValueError:
            return Asked(usual, is_wrong=True)
    wanted = asked.get("period", name)
    found = named(wanted, today) if wanted in OVER or not commissions else None
    return Asked(found, wanted) if found else Asked(usual, name)
