"""The slip's own page, for whoever has its link: the list, and three questions answered by a tap each."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.actor import Actor, ActorKind
from app.referrals.signposts import operations, queries
from app.referrals.signposts.codes import Contacted, Helped, Hindrance
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.rules import Tap, asks_why
from app.referrals.signposts.slips import slip_of
from app.referrals.signposts.views import words
from app.referrals.signposts.views.blueprint import ANSWERS, signposts
from app.web.access import PUBLIC
from app.web.database import db
from app.web.languages import has_chosen, speak
from app.web.limits import retry_after, too_soon, wait_in_words

TAPS: dict[str, type[Contacted] | type[Helped] | type[Hindrance]] = {
    "contacted": Contacted,
    "helped": Helped,
    "hindrance": Hindrance,
}


@signposts.route("/slip/<token>", access=PUBLIC)
def open_slip(token: str) -> str | tuple[str, int]:
    """The list. To open it changes nothing."""
    found = queries.by_token(db.session(), token)
    return _page(found, token) if found else _over()


@signposts.route("/slip/<token>/<uuid:line_id>", access=PUBLIC, methods=["POST"])
def answer(token: str, line_id: UUID) -> Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """One tap. The same tap twice is once; another takes its place."""
    session = db.session()
    found = queries.by_token(session, token)
    if found is None:
        return _over()
    line = queries.line_of(found, line_id)
    if wait := too_soon(ANSWERS):
        return _page(found, token, problem=wait_in_words(wait)), 429, retry_after(wait)
    tap = _tap()
    if tap is None:
        return _page(found, token), 422
    operations.answer(session, Actor(kind=ActorKind.LINK, subject_id=found.id), line, tap)
    return redirect(f"{url_for('signposts.open_slip', token=token, said=line.id)}#line-{line.id}", code=303)


def _tap() -> Tap | None:
    """The button that was pressed; None for what no button sends."""
    for name, codes in TAPS.items():
        sent = request.form.get(name, "")
        if sent in {code.value for code in codes}:
            return codes(sent)
    return None


def _page(found: Signpost, token: str, *, problem: str = "") -> str:
    if not has_chosen():
        speak(found.language)
    return render_template(
        "signposts/open.html",
        signpost=found,
        token=token,
        lines=slip_of(found, queries.services_of(db.session(), found)),
        said=request.args.get("said", ""),
        problem=problem,
        asks_why=asks_why,
        words=words,
    )


def _over() -> tuple[str, int]:
    return render_template("signposts/over.html"), 404
