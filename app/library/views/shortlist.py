"""The visitor's list: what is on it, printed, as text, as a link and as a QR code."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

import segno
from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core import clock
from app.directory import queries
from app.library import shortlist as lists
from app.library.showing.cards import Card, card
from app.library.showing.slip import as_text
from app.library.views.blueprint import library
from app.library.views.chosen import chosen_ids, keep
from app.library.views.preferences import only_own_forms
from app.settings import Settings
from app.web.access import PUBLIC
from app.web.addresses import own_address
from app.web.database import db


@library.route("/list", access=PUBLIC)
def shortlist() -> str:
    """The list, and the ways to take it along."""
    ids = chosen_ids()
    services = [found for found in queries.whole_services_by_id(db.session(), ids) if found.status in queries.SHOWN]
    if not services:
        return render_template("library/list_empty.html")
    link = _settings().base_url + url_for("library.shared_list", token=_token([found.id for found in services]))
    cards = [card(found) for found in services]
    return render_template(
        "library/list.html",
        cards=cards,
        slip=as_text(services),
        link=link,
        until=clock.now() + lists.LASTS,
        text_message="sms:?&body=" + quote(_("Your list: %(link)s", link=link)),
        code=qr_code(link),
    )


@library.route("/list/add", access=PUBLIC, methods=["POST"])
def add_to_list() -> Response:
    """Put a service on the list and go back to where it was chosen."""
    only_own_forms()
    chosen = _posted_id()
    if not queries.services_by_id(db.session(), [chosen]):
        abort(404)
    keep(lists.added(chosen_ids(), chosen))
    return _back(chosen)


@library.route("/list/remove", access=PUBLIC, methods=["POST"])
def remove_from_list() -> Response:
    """Take a service off the list."""
    only_own_forms()
    chosen = _posted_id()
    keep(lists.removed(chosen_ids(), chosen))
    return _back(chosen)


@library.route("/list/empty", access=PUBLIC, methods=["POST"])
def empty_list() -> Response:
    """Take everything off the list: the next person at this desk begins with none."""
    only_own_forms()
    keep([])
    return redirect(own_address(request.form.get("next", "")), code=303)


@library.route("/list/shared/<token>", access=PUBLIC)
def shared_list(token: str) -> str | tuple[str, int]:
    """A list that somebody shared."""
    settings = _settings()
    try:
        shared = lists.read_token(token, [settings.secret_key, *settings.secret_key_fallbacks])
    except lists.LinkExpired:
        return render_template("library/list_expired.html"), 410
    except lists.LinkUnknown:
        return render_template("library/list_unknown.html"), 404
    cards = _cards(shared.ids)
    return render_template("library/list_shared.html", cards=cards, until=shared.until)


def qr_code(link: str) -> Markup:
    """The link as an SVG drawing without styles."""
    code = segno.make(link, error="l", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None, dark="#000", light="#fff"))  # noqa: S704 - drawn by segno, nothing of a person's in it


def _cards(ids: Sequence[UUID]) -> list[Card]:
    services = queries.services_by_id(db.session(), ids)
    return [card(found) for found in services if found.status in queries.SHOWN]


def _posted_id() -> UUID:
    try:
        return UUID(request.form.get("service", ""))
    except ValueError:
        abort(400)


def _back(chosen: UUID) -> Response:
    """To the page that the form was on, at the same card."""
    address = own_address(request.form.get("next", ""))
    at = "" if address.startswith("/list") else f"#s-{chosen}"
    return redirect(address.split("#")[0] + at, code=303)


def _token(ids: Sequence[UUID]) -> str:
    return lists.make_token(ids, _settings().secret_key)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
