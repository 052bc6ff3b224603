"""The person reads by a signed link what is to be told about them, before it goes."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound
from app.notifications import links
from app.referrals import words
from app.referrals.forms.own_message import PreviewForm
from app.referrals.previewing import answered, message_of
from app.referrals.queries.previews import by_link
from app.referrals.reactions import PREVIEW_LINK
from app.referrals.views.blueprint import referrals
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before


@referrals.route("/my-message/<token>", access=PUBLIC, methods=["GET", "POST"])
def own_message(token: str) -> Response | str | tuple[str, int]:
    """What is to be told, to whom, and their answer. Opening the page uses nothing up."""
    session = db.session()
    link = links.find(session, PREVIEW_LINK, token)
    try:
        holder = Actor(kind=ActorKind.LINK, subject_id=link.subject_id if link else None)
        preview = by_link(session, holder)
    except NotFound:
        return render_template("referrals/link_over.html"), 404
    form = PreviewForm()
    if request.method == "POST" and answered(session, holder, preview, form):
        return redirect(url_for("referrals.own_message", token=token, done=form.done), code=303)
    shown = message_of(session, by_link(session, holder))
    page = render_template("referrals/own_message.html", shown=shown, form=form, words=words, done=done_before())
    return (page, 422) if form.errors else page
