"""Staff change all dates of a run that are still to come in one step, and look at each first."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking import dates_form, shift_form, wording
from app.booking.access import RUNS_THEM
from app.booking.guest_emails import guests_who_hear
from app.booking.hearing import audience_of, hear_of_dates
from app.booking.holidays import bank_holidays
from app.booking.models import Run
from app.booking.operations import changes
from app.booking.operations.programme import Clashing
from app.booking.queries import programme
from app.booking.shift_form import Shifted
from app.booking.staff_forms import ShiftForm
from app.booking.views.blueprint import booking
from app.booking.views.programme import own_run
from app.core.errors import InvalidInput, Refused
from app.web.database import db

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/runs/<uuid:run_id>/dates", access=RUNS_THEM, methods=["GET", "POST"])
def move_run(run_id: UUID) -> Page:
    """Another day, time or room for all dates to come: said once, looked at, then done and told once."""
    found = own_run(run_id)
    coming = programme.dates_to_come(db.session(), found.id)
    if not coming:
        return redirect(url_for("booking.run", run_id=run_id), code=303)
    form, pressed = ShiftForm(), request.form.get("do", "")
    form.show(coming, programme.rooms_of(db.session(), found.organization_id))
    if form.validate_on_submit() and pressed != "back":
        chosen = form.from_then_on(coming)
        if pressed == "look":
            return _dates_page(found, form, _judged(shift_form.sent(chosen, form, request.form)))
        if pressed == "move":
            return _moved(found, form, _judged(shift_form.sent(chosen, form, request.form)))
        rows = _judged(shift_form.proposed(chosen, form, holidays=bank_holidays()))
        if any(row.row.is_wrong or _differs(row) for row in rows):
            return _dates_page(found, form, rows)
        form.refuse_at(_("Nothing would change. Say what is to be different."), field_id=form.weekday.id)
    page = render_template("booking/move_run.html", form=form, run=found, rows=[])
    return (page, 422) if form.errors else page


def _judged(rows: list[Shifted]) -> list[Shifted]:
    """The rows, each with what of its room and of who leads it is taken."""
    read = [(row, new) for row in rows if (new := row.new()) is not None]
    taken = changes.in_the_way(db.session(), [new for _row, new in read])
    for (row, _new), clashes in zip(read, taken, strict=True):
        for one in clashes:
            row.row.refuse(dates_form.clash_words(one))
    return rows


def _differs(row: Shifted) -> bool:
    new = row.new()
    return new is not None and new.differs


def _moved(found: Run, form: ShiftForm, rows: list[Shifted]) -> Page:
    run_id = found.id
    if any(row.row.is_wrong for row in rows):
        return _dates_page(found, form, rows)
    try:
        wanted = [new for row in rows if (new := row.new()) is not None]
        moved = changes.move_dates(db.session(), current_actor(), found, wanted)
    except Clashing as error:
        form.form_errors.extend(wording.clash(taken.what, taken.by, taken.starts_at) for taken in error.taken)
    except (InvalidInput, Refused) as error:
        form.form_errors.append(error.message)
    else:
        return redirect(url_for("booking.run", run_id=run_id, done="dates" if moved else "same"), code=303)
    return _dates_page(found, form, rows)


def _dates_page(found: Run, form: ShiftForm, rows: Sequence[Shifted]) -> Page:
    if any(row.row.is_wrong for row in rows):
        dates_form.say_some_are_wrong(form, [(row.of.id, row.row) for row in rows])
    ticked = [row.of for row in rows if row.row.is_ticked]
    guests = guests_who_hear(db.session(), found.id) if ticked else []
    page = render_template(
        "booking/move_run.html",
        form=form,
        run=found,
        rows=rows,
        asked=dates_form.asked_before(request.form),
        audience=audience_of(db.session(), hear_of_dates(db.session(), ticked), guests),
    )
    return (page, 422) if form.form_errors else page
