"""What an organisation sets up: who is on duty, and the words of measures that it has a licence for."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.accounts.queries import members_of
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.outcomes import duty, labels, queries, schedules, wording
from app.outcomes.access import KEEPER
from app.outcomes.forms import DutyForm, PackForm
from app.outcomes.measures import Verdict, find_measure, measures
from app.outcomes.measures.text_packs import blank_pack
from app.outcomes.models import DutyDesk
from app.outcomes.operations import load_text_pack, moving_on, set_duty, withdraw_text_pack
from app.outcomes.rules.schedules import KINDS
from app.outcomes.views.blueprint import outcomes
from app.people.details import read_times
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


def place_of(actor: Actor) -> UUID:
    """The organisation that is set up."""
    if actor.organization_id is None:
        raise Refused("Choose the organisation that you work in first.")
    return actor.organization_id


@outcomes.route("/desk/outcomes/settings", access=KEEPER)
def settings() -> str:
    """Who is on duty, which measures can be used, and why others cannot."""
    session, actor = db.session(), current_actor()
    place = place_of(actor)
    desk = duty.desk_of(session, place)
    usable = {measure.reference for measure in wording.usable_measures(session, place)}
    return render_template(
        "outcomes/settings.html",
        desk=desk,
        times=read_times(desk.hours) if desk else (),
        has_duty=duty.has_duty(session, place),
        measures=[measure for measure in measures().values() if not measure.is_record_only],
        usable=usable,
        needs_licence=Verdict.SCORING,
        packs=queries.text_packs(session, actor),
        ending=wording.ending_packs(session, place),
        find_measure=find_measure,
        moving=moving_on.waiting(session, place),
        schedules=[schedules.current(session, place, template) for template in KINDS],
        labels=labels,
        done=done_before(),
    )


@outcomes.route("/desk/outcomes/settings/duty", access=KEEPER, methods=["GET", "POST"])
def duty_desk() -> Page:
    """Name who is on duty, and when."""
    session, actor = db.session(), current_actor()
    desk, members = duty.desk_of(session, place_of(actor)), members_of(session, place_of(actor))
    form = DutyForm.offering(members, _as_shown(desk))
    if form.validate_on_submit():
        hours = [field.data for field in (form.time_1, form.time_2) if field.data is not None]
        try:
            set_duty(
                session,
                actor,
                owner_id=UUID(form.owner.data),
                deputy_id=UUID(form.deputy.data) if form.deputy.data else None,
                hours=hours,
                within_minutes=form.within_minutes.data,
            )
        except InvalidInput as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("outcomes.settings", done="saved"), code=303)
    body = render_template("outcomes/duty.html", form=form)
    return (body, 422) if form.errors else body


def _as_shown(desk: DutyDesk | None) -> dict[str, object]:
    if desk is None:
        return {"within_minutes": 60}
    times = dict(zip(("time_1", "time_2"), read_times(desk.hours), strict=False))
    deputy = str(desk.deputy_id) if desk.deputy_id else ""
    return {"owner": str(desk.owner_id), "deputy": deputy, "within_minutes": desk.within_minutes} | times


@outcomes.route("/desk/outcomes/settings/words", access=KEEPER, methods=["GET", "POST"])
def load_words() -> Page:
    """Load the words of a measure, with the reference of the licence."""
    needing = [each for each in measures().values() if each.licence.verdict is Verdict.SCORING]
    begun = next((each for each in needing if each.reference == request.args.get("measure")), None)
    form = PackForm(data={"content": blank_pack(begun, clock.today()) if begun else ""})
    if form.validate_on_submit():
        try:
            load_text_pack(db.session(), current_actor(), form.content.data)
        except (InvalidInput, NotFound) as problem:
            form.content.errors = [_(problem.message)]
        else:
            return redirect(url_for("outcomes.settings", done="loaded"), code=303)
    body = render_template("outcomes/load_words.html", form=form, needing=needing, begun=begun)
    return (body, 422) if form.errors else body


@outcomes.route("/desk/outcomes/settings/words/<uuid:pack_id>/withdraw", access=KEEPER, methods=["POST"])
def withdraw_words(pack_id: UUID) -> Page:
    """Show these words no more."""
    session, actor = db.session(), current_actor()
    withdraw_text_pack(session, actor, queries.text_pack(session, actor, pack_id))
    return redirect(url_for("outcomes.settings", done="saved"), code=303)
