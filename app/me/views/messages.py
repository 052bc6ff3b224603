"""What is to be told about the person, which they read before it goes."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.current import current_actor
from app.core.errors import NotFound
from app.me.access import own
from app.me.views.blueprint import me
from app.referrals import words
from app.referrals.forms.own_message import PreviewForm
from app.referrals.previewing import answered, message_of
from app.referrals.queries.previews import own_preview
from app.web.database import db
from app.web.done import done_before


@me.route(
    "/me/records/<uuid:person_id>/messages/<uuid:preview_id>", access=PERSON, methods=["GET", "POST"], writes=True
)
def message(person_id: UUID, preview_id: UUID) -> Response | str | tuple[str, int]:
    """One message, and the answer to it."""
    session, actor = db.session(), current_actor()
    person, preview = own(person_id), own_preview(session, actor, preview_id)
    if preview.referral.person_id != person.id:
        raise NotFound("message")
    form = PreviewForm()
    if request.method == "POST" and answered(session, actor, preview, form):
        return redirect(url_for("me.message", person_id=person_id, preview_id=preview_id, done=form.done), code=303)
    shown = message_of(session, own_preview(session, actor, preview_id))
    page = render_template("me/message.html", shown=shown, form=form, person=person, words=words, done=done_before())
    return (page, 422) if form.errors else page
