"""How an account is joined to a record: by the link that staff sent, or by the address they wrote down."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask import session as visitor
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.codes import UserKind
from app.accounts.current import current_actor, signed_in
from app.accounts.models import User
from app.accounts.views import limits
from app.core.errors import InvalidInput, NotFound
from app.core.limits import Limit
from app.me.forms import BirthForm
from app.me.views.blueprint import me
from app.people.operations import own_page
from app.web.access import PUBLIC
from app.web.database import db

Page = Response | str | tuple[str, int]
# A date of birth is soon guessed by somebody who knows the person: five tries at once, and one more an hour.
GUESSES = Limit("own page", 5, timedelta(hours=5))


@me.route("/me/join", access=PERSON, methods=["GET", "POST"])
def claim() -> Page:
    """Records that the account's own address opens: the date of birth, and they are joined."""
    session, user, form = db.session(), _user(), BirthForm()
    if form.validate_on_submit():
        if limits.wait_for("own page", user.id.hex, GUESSES) is not None:
            form.born_on.errors = [_("You have tried too often. Try again in an hour.")]
        else:
            try:
                found = own_page.claim(session, current_actor(), user, born_on=form.born_on.data)
            except InvalidInput as problem:
                form.born_on.errors = [_(problem.message)]
            else:
                return redirect(url_for("me.record", person_id=found[0].id, done="joined"), code=303)
    page = render_template("me/join.html", form=form, asks_birth=True)
    return (page, 422) if form.errors else page


@me.route("/me/link/<token>", access=PUBLIC, methods=["GET", "POST"])
def accept(token: str) -> Page:
    """The link that staff sent. Whoever opens it signs in first, and says when they were born."""
    session = db.session()
    try:
        person = own_page.invited(session, token)
    except NotFound:
        return render_template("me/link_over.html"), 404
    known = signed_in()
    if known is None or known.user.kind is not UserKind.PERSON:
        visitor["sign_in_next"] = f"/me/link/{token}"
        return render_template("me/link.html")
    form, asks_birth = BirthForm(), person.born_on is not None
    if form.validate_on_submit():
        if limits.wait_for("own page", known.user.id.hex, GUESSES) is not None:
            form.born_on.errors = [_("You have tried too often. Try again in an hour.")]
        else:
            try:
                joined = own_page.accept(session, current_actor(), known.user, token, born_on=form.born_on.data)
            except InvalidInput as problem:
                form.born_on.errors = [_(problem.message)]
            else:
                return redirect(url_for("me.record", person_id=joined.id, done="joined"), code=303)
    page = render_template("me/join.html", form=form, asks_birth=asks_birth)
    return (page, 422) if form.errors else page


@me.route("/me/records/<uuid:person_id>/leave", access=PERSON, methods=["POST"])
def leave(person_id: UUID) -> Response:
    """Take the record off this account."""
    own_page.leave(db.session(), current_actor(), _user().id, person_id)
    return redirect("/me", code=303)


def _user() -> User:
    known = signed_in()
    if known is None:
        raise NotFound("user")
    return known.user
