"""What the worker does for the directory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import current_app
from sqlalchemy.orm import Session

from app.directory.curation import dead_links, duplicates, forgetting, freshness, imports, places
from app.directory.curation.reaching import answers
from app.directory.importing import steps
from app.directory.sessions import steps_of
from app.notifications.worker import sweep
from app.settings import Settings
from app.web.database import db

EVERY = timedelta(minutes=10)
EVERY_HOUR = timedelta(hours=1)
# At the slowest each takes over a minute, and a turn lasts ten.
LINKS_AT_A_TIME = 5
SECONDS_A_TIME = 10.0


@sweep("listing reminders", every=EVERY)
def remind() -> int:
    """Ask whether listings are still right."""
    return _in_one_transaction(freshness.remind)


@sweep("stale listings", every=EVERY)
def hide_stale() -> int:
    """Hide what nobody has checked for too long."""
    return _in_one_transaction(freshness.hide_expired)


@sweep("places at providers", every=EVERY_HOUR)
def ask_for_places() -> int:
    """Ask each provider once a month whether it has places."""
    return _in_one_transaction(places.ask_for_places)


@sweep("listings that are there twice", every=EVERY_HOUR)
def look_for_duplicates() -> int:
    """Compare the listings with each other anew."""
    _in_one_transaction(duplicates.look)
    # Whatever was found: it would be the same at once again.
    return 0


@sweep("uploaded lists", every=EVERY_HOUR)
def drop_forgotten_uploads() -> int:
    """Throw away uploaded lists that nobody decided on."""
    return _in_one_transaction(imports.drop_forgotten)


@sweep("addresses left with reports", every=EVERY_HOUR)
def forget_addresses() -> int:
    """Forget where people who told us something wanted an answer, if none came for half a year."""
    return _in_one_transaction(forgetting.forget_addresses)


@sweep("imports left behind", every=timedelta(minutes=1))
def go_on_with_imports() -> int:
    """Go on with an import that a killed process left half written."""
    settings: Settings = current_app.extensions["waymark_settings"]
    folder = settings.instance / steps.FOLDER
    if not folder.exists():
        return 0
    with steps_of(settings.database_url) as session:
        return int(steps.go_on(session, folder, seconds=SECONDS_A_TIME))


@sweep("web addresses of listings", every=EVERY)
def check_links() -> int:
    """Look at some web addresses, where the operator has turned that on."""
    settings: Settings = current_app.extensions["waymark_settings"]
    if settings.check_links:
        dead_links.check(lambda: Session(db.engines[None]), answers, limit=LINKS_AT_A_TIME)
    # Whatever was done: to find more to do at once would be to hurry.
    return 0


def _in_one_transaction(work: Callable[[Session], int]) -> int:
    with Session(db.engines[None]) as session:
        done = work(session)
        session.commit()
        return done
