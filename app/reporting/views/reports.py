"""A report on screen, on paper and as CSV: any period, what each figure counts, small numbers hidden in all three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.small_numbers import LARGEST_HIDDEN
from app.reporting import advice
from app.reporting.operations import record_export
from app.reporting.report import Report, csv_lines
from app.reporting.rules.periods import Period, named
from app.reporting.views.blueprint import reporting
from app.web.database import db

READER = staff(Role.MANAGER)
# Each makes its report for the actor's organisation.
REPORTS: dict[str, Callable[[Session, Actor, Period], Report]] = {"advice": advice.activity}
USUAL = "quarter"
PERIODS = {
    "month": _("This month"),
    "last-month": _("Last month"),
    "quarter": _("This quarter"),
    "last-quarter": _("Last quarter"),
    "year": _("This financial year"),
    "last-year": _("Last financial year"),
}


@reporting.route("/desk/reports/<name>", access=READER, writes=True)
def report(name: str) -> str | tuple[str, int]:
    """The report over the period that was asked for; the usual one, and what is wrong, where that is none."""
    make, (period, chosen, is_wrong) = _maker(name), _asked()
    page = render_template(
        "reporting/report.html",
        report=make(db.session(), current_actor(), period),
        name=name,
        periods=PERIODS,
        chosen=chosen,
        is_wrong=is_wrong,
        typed={part: request.args.get(part, "") if is_wrong else getattr(period, part).isoformat()
               for part in ("since", "until")},
        largest_hidden=LARGEST_HIDDEN,
    )  # fmt: skip
    return (page, 422) if is_wrong else page


@reporting.route("/desk/reports/<name>/csv", access=READER, methods=["POST"])
def report_csv(name: str) -> Response:
    """The same figures for a spreadsheet."""
    make, (period, _chosen, _is_wrong) = _maker(name), _asked()
    made = make(db.session(), current_actor(), period)
    record_export(db.session(), current_actor(), name)
    file_name = f"figures-{period.since.isoformat()}-{period.until.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response("".join(csv_lines(made)), mimetype="text/csv", headers=headers)


def _maker(name: str) -> Callable[[Session, Actor, Period], Report]:
    if name not in REPORTS:
        raise NotFound("report")
    return REPORTS[name]


def _asked() -> tuple[Period, str, bool]:
    """The period, its name where it has one, and whether what was asked for is none."""
    asked, today = request.values, clock.today()
    usual = named(USUAL, today) or Period(today, today)
    if "since" in asked or "until" in asked:
        try:
            typed = (date.fromisoformat(asked.get("since", "")), date.fromisoformat(asked.get("until", "")))
            return Period(*typed), "", False
        except ValueError:
            return usual, "", True
    name = asked.get("period", USUAL)
    found = named(name, today)
    return (found, name, False) if found else (usual, USUAL, False)
