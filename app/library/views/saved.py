"""Searches that staff keep."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts.access import staff
from app.accounts.current import current_actor
from app.library import saved
from app.library.forms import SavedSearchForm
from app.library.request import SearchRequest
from app.library.views.blueprint import library
from app.web import staff_menu
from app.web.database import db

staff_menu.register(staff_menu.StaffMenuItem(_("Kept searches"), "/desk/searches", order=61))


@library.route("/desk/searches", access=staff())
def saved_searches() -> str:
    """One's own; `q` and the other parts of a search bring one to be kept."""
    wanted = SearchRequest.from_args(request.args)
    form = SavedSearchForm(name=wanted.text[: saved.LONGEST_NAME], query=_query_of(wanted))
    return _page(form)


@library.route("/desk/searches", access=staff(), methods=["POST"])
def keep_search() -> Response | tuple[str, int]:
    """Keep a search under a name."""
    form = SavedSearchForm()
    query = _query_of(SearchRequest.from_args(MultiDict(parse_qsl((form.query.data or "")[: saved.LONGEST_QUERY]))))
    if not form.validate_on_submit() or not query:
        return _page(form), 422
    saved.keep(db.session(), current_actor(), name=form.name.data or "", query=query)
    return redirect(url_for("library.saved_searches"), code=303)


@library.route("/desk/searches/<uuid:search_id>/remove", access=staff(), methods=["POST"])
def remove_search(search_id: UUID) -> Response:
    """Keep it no longer."""
    saved.remove(db.session(), current_actor(), search_id)
    return redirect(url_for("library.saved_searches"), code=303)


def _query_of(wanted: SearchRequest) -> str:
    """The search as its own page writes it; empty where nothing is asked for."""
    return "" if wanted.is_empty else wanted.url().partition("?")[2]


def _page(form: SavedSearchForm) -> str:
    return render_template("library/saved_searches.html", kept=saved.kept(db.session(), current_actor()), form=form)
