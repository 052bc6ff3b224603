"""A person looks at the dates, and holds a place while they fill in the form."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking import wording
from app.booking.codes import WhoMayBook
from app.booking.forms import StartForm
from app.booking.models import Pool
from app.booking.operations import booking as verbs
from app.booking.operations.inviting import may_book_with
from app.booking.operations.moving import Full
from app.booking.queries import offers
from app.booking.views import own
from app.booking.views.blueprint import booking
from app.core.errors import NotFound
from app.core.limits import Limit
from app.web import limits
from app.web.access import PUBLIC
from app.web.database import db, write_from_here

Page = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]
# Of one network, so that nobody holds every place; a library or a surgery with many people stays well below.
HOLDS = Limit("booking holds", 120, timedelta(minutes=10))


@booking.route("/book/<uuid:pool_id>", access=PUBLIC, looks_first=True, methods=["GET", "POST"])
def start(pool_id: UUID) -> Page:
    """The dates, the place and what to expect; one press holds the place."""
    pool = offers.public_pool(db.session(), pool_id)
    if pool is None:
        raise NotFound("pool")
    form = StartForm()
    form.offer(pool.run.most_together)
    if not form.validate_on_submit():
        form.key.data = form.key.data or secrets.token_urlsafe(16)
        page = _page(pool, form)
        return (page, 422) if form.errors else page
    invitation_id = own.invitation_to(pool.run_id)
    write_from_here()
    if (wait := limits.too_soon(HOLDS)) is not None:
        form.form_errors.append(limits.wait_in_words(wait))
        return _page(pool, form), 429, limits.retry_after(wait)
    try:
        held = verbs.begin(
            db.session(),
            current_actor(),
            pool_id,
            key=form.key.data,
            places=int(form.places.data or "1"),
            carer=bool(form.carer.data),
            invitation_id=invitation_id,
        )
    except (verbs.Barred, Full) as refusal:
        form.form_errors.append(why_not(refusal))
        return _page(pool, form), 409
    own.remember(held.id)
    return redirect(url_for("booking.details", booking_id=held.id), code=303)


def why_not(refusal: verbs.Barred | Full) -> str:
    """The reasons in words."""
    if isinstance(refusal, verbs.Barred):
        return " ".join(wording.bar(code) for code in refusal.bars)
    return wording.full()


def _page(pool: Pool, form: StartForm) -> str:
    run = pool.run
    offer = offers.offers_of(db.session(), [pool])[0]
    if offer.for_carers is None:
        del form.carer
    is_invited = run.who is not WhoMayBook.INVITED or _is_invited(run.id)
    return render_template("booking/start.html", offer=offer, course=run.course, form=form, is_invited=is_invited)


def _is_invited(run_id: UUID) -> bool:
    invitation_id = own.invitation_to(run_id)
    return invitation_id is not None and may_book_with(db.session(), invitation_id, run_id, None)
