"""Places in which nobody can sign in any more: what waits there, and somebody to look after it."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import DataRequired

from app.accounts.access import proved_lately, staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.accounts.emails import send_invitation
from app.accounts.forms import ResetForm
from app.accounts.operations import invitations
from app.accounts.queries import works_at_operator
from app.core.errors import NotFound
from app.desk import queries
from app.desk.views.blueprint import desk
from app.web.database import db
from app.web.done import done_before
from app.web.worklists import Worklist, register

READERS = (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER)
register(
    Worklist(
        "left-places",
        _("Places where nobody is left"),
        "/desk/left-places",
        frozenset(role.value for role in READERS),
        queries.count_left_places,
        order=4,
        is_urgent=True,
        concerns=works_at_operator,
    )
)


class LookAfterForm(ResetForm):
    """Who is asked to look after which place."""

    place = RadioField(_("For which place?"), validators=[DataRequired(_("Choose the place"))])


def _form(places: list[queries.LeftPlace]) -> LookAfterForm:
    form = LookAfterForm()
    form.place.choices = [(str(place.id), place.name) for place in places]
    return form


def _page(places: list[queries.LeftPlace], form: LookAfterForm) -> str:
    may_invite = current_actor().holds(Role.ADMINISTRATOR)
    done = done_before()
    return render_template("desk/left_places.html", places=places, form=form, may_invite=may_invite, done=done)


@desk.route("/desk/left-places", access=staff(*READERS))
def left_places() -> str:
    """Each with what waits there, in numbers; nobody's name but of those who are invited."""
    places = queries.left_places(db.session(), current_actor())
    return _page(places, _form(places))


@desk.route("/desk/left-places", access=proved_lately(staff(Role.ADMINISTRATOR)), methods=["POST"])
def look_after_place() -> Response | tuple[str, int]:
    """Invite somebody to look after one of them."""
    session, actor = db.session(), current_actor()
    places = queries.left_places(session, actor)
    form = _form(places)
    if form.validate_on_submit():
        place_id = next(place.id for place in places if str(place.id) == form.place.data)
        try:
            invitation, token = invitations.invite_where_nobody_is_left(
                session, actor, organization_id=place_id, email=form.email.data or ""
            )
        except NotFound:
            form.place.errors = [gettext("Somebody works there again. Look at the list.")]
        else:
            send_invitation(session, invitation, token)
            return redirect(url_for("desk.left_places", done="invited"), code=303)
    return _page(places, form), 422
