"""Staff invite people to what is by invitation; who has the link sees the dates and books."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.addresses import as_reached
from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking.access import RUNS_THEM
from app.booking.codes import WhoMayBook
from app.booking.models import Run
from app.booking.operations import inviting as verbs
from app.booking.queries import inviting as reads
from app.booking.queries import offers
from app.booking.staff_forms import InviteForm
from app.booking.views import own
from app.booking.views.blueprint import booking
from app.booking.views.calendars import LONGEST_TOKEN
from app.booking.views.programme import own_run
from app.core import clock
from app.core.errors import NotFound
from app.notifications.rendering import address_of
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before
from app.web.filters import day

Page = Response | str | tuple[str, int]


@booking.route("/invited/<token>", access=PUBLIC)
def invited(token: str) -> Page:
    """What somebody is invited to. Opening it uses nothing up."""
    session = db.session()
    found = verbs.opened(session, token) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        return render_template("booking/invitation_over.html"), 404
    own.remember_invitation(found)
    coming = offers.offers_of(session, offers.public_pools_of_run(session, found.run_id))
    return render_template("booking/invited.html", invitation=found, offers=coming, course=found.run.course)


@booking.route("/desk/programme/runs/<uuid:run_id>/invitations", access=RUNS_THEM, methods=["GET", "POST"], writes=True)
def invitations(run_id: UUID) -> Page:
    """Who was invited and who has booked with it, and a form to invite one more."""
    run, form, address, sent_to = _by_invitation(run_id), InviteForm(), "", ""
    if form.validate_on_submit():
        try:
            token = verbs.invite(db.session(), current_actor(), run, _guest(form))
        except verbs.InvitedAlready as invited:
            form.address.errors = [_already(invited.until)]
        else:
            address, sent_to = address_of("booking.invited", token=token), form.address.data
            form = InviteForm(formdata=None)
    else:
        record(db.session(), current_actor(), Action.READ, ("run_invitations", run.id))
    made = reads.of_run(db.session(), run.id)
    page = render_template(
        "booking/invitations.html",
        run=run,
        form=form,
        address=address,
        sent_to=sent_to,
        invitations=made,
        used=reads.uses(db.session(), [one.id for one in made]),
        now=clock.now(),
        done=done_before(),
    )
    return (page, 422) if form.errors else page


def _already(until: datetime) -> str:
    return _(
        "They are invited already, until %(day)s. To send them another link, take that invitation back first",
        day=day(until),
    )


def _guest(form: InviteForm) -> verbs.Guest:
    return verbs.Guest(
        name=form.name.data,
        address=as_reached(form.address.data or ""),
        most_people=form.most_people.data,
        expires_at=clock.now() + timedelta(days=form.days.data),
    )


@booking.route(
    "/desk/programme/runs/<uuid:run_id>/invitations/<uuid:invitation_id>", access=RUNS_THEM, methods=["POST"]
)
def take_invitation_back(run_id: UUID, invitation_id: UUID) -> Response:
    """The link works no more."""
    verbs.take_back(db.session(), current_actor(), _by_invitation(run_id), invitation_id)
    return redirect(url_for("booking.invitations", run_id=run_id, done="back"), code=303)


def _by_invitation(run_id: UUID) -> Run:
    run = own_run(run_id)
    if run.who is not WhoMayBook.INVITED:
        raise NotFound("run")
    return run
