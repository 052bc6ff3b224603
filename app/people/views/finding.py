"""Finding somebody, and adding who is not there yet. What was typed goes with the form, never into an address."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.codes import OrganizationKind
from app.accounts.current import current_actor, signed_in
from app.core.errors import InvalidInput
from app.people import queries
from app.people.access import READER, WORKER, may_write
from app.people.details import Details
from app.people.forms import IdentityForm, SearchForm
from app.people.operations import add_person, find_people, matches
from app.people.rules.nhs_number import nhs_number
from app.people.views.blueprint import people
from app.web.database import db

Page = Response | str | tuple[str, int]


@people.route("/desk/people", access=READER)
def find() -> str:
    """The form, whom one added last, and who was referred here."""
    session, actor = db.session(), current_actor()
    return _page(
        SearchForm(formdata=None),
        lately=queries.lately_added(session, actor),
        referred=queries.referred_here(session, actor),
    )


@people.route("/desk/people", access=READER, methods=["POST"])
def search() -> Page:
    """Who fits; the search is put on record."""
    form = SearchForm()
    if not form.validate_on_submit():
        return _page(form), 422
    session, actor, wanted = db.session(), current_actor(), form.search()
    found, total = find_people(session, actor, wanted)
    elsewhere = matches.is_known_elsewhere(session, actor, wanted)
    return _page(form, found=found, total=total, searched=True, elsewhere=elsewhere)


def _page(form: SearchForm, **shown: Any) -> str:
    values: dict[str, Any] = {"found": [], "total": 0, "searched": False, "elsewhere": False}
    values |= {"lately": [], "referred": []}
    return render_template("people/find.html", form=form, may_add=may_write(current_actor()), **(values | shown))


@people.route("/desk/people/new", access=WORKER, methods=["GET", "POST"])
def add() -> Page:
    """A new record. `start` says that the form comes from a search, to be looked at before it is sent."""
    if request.form.get("start"):
        form = IdentityForm.showing(_from_search(), formdata=None)
        return render_template("people/new.html", form=form, known=[])
    form = IdentityForm.showing(_of_this_practice(Details(name="")))
    if form.validate_on_submit():
        session, actor, told = db.session(), current_actor(), form.onto(Details(name=""))
        if not request.form.get("another") and (known := matches.own_matches(session, actor, told)):
            return render_template("people/new.html", form=form, known=known), 422
        person = add_person(session, actor, told)
        return redirect(url_for("people.contact", person_id=person.id, new=1), code=303)
    page = render_template("people/new.html", form=form, known=[])
    return (page, 422) if form.errors else page


def _from_search() -> Details:
    """What was typed to find the person, as far as it can be used."""
    form = SearchForm()
    try:
        number = nhs_number(form.nhs_number.data) if form.nhs_number.data else None
    except InvalidInput:
        number = None
    return _of_this_practice(Details(name=form.name.data or "", born_on=form.born_on.data, nhs_number=number))


def _of_this_practice(details: Details) -> Details:
    """At a GP surgery the practice of the person is most likely this one."""
    known = signed_in()
    place = known.organization if known else None
    if place is None or place.kind is not OrganizationKind.SURGERY:
        return details
    return Details(**details.as_dict() | {"gp_name": place.name, "gp_ods_code": place.ods_code or ""})
