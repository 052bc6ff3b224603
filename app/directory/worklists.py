"""What waits for editors and providers."""

from __future__ import annotations

from functools import partial

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core.actor import Actor
from app.directory.curation import duplicates, queries, suggestions
from app.web import staff_menu
from app.web.worklists import Worklist, register

EDITOR = frozenset({Role.DIRECTORY_EDITOR.value})
CURATORS = EDITOR | {Role.PROVIDER.value}


def _queue(name: str, session: Session, actor: Actor) -> int:
    return queries.count_queue(session, actor, name)


def _problems(session: Session, _actor: Actor) -> int:
    return queries.count_problems(session)


def _suggestions(session: Session, _actor: Actor) -> int:
    return suggestions.count(session)


LISTS = (
    Worklist("problems", _("Problems told to us"), "/desk/problems", EDITOR, _problems, order=10, is_urgent=True),
    Worklist(
        "proposals", _("Proposed changes"), "/desk/proposals", EDITOR, queries.count_proposals, order=11, is_urgent=True
    ),
    Worklist(
        "suggestions",
        _("Services that are missing, people say"),
        "/desk/suggestions",
        EDITOR,
        _suggestions,
        order=11,
        is_urgent=True,
    ),
    Worklist("due", _("Listings to check"), "/desk/listings?queue=due", CURATORS, partial(_queue, "due"), order=12),
    Worklist("stale", _("Nobody answered"), "/desk/listings?queue=stale", EDITOR, partial(_queue, "stale"), order=13),
    Worklist("hidden", _("Hidden for their age"), "/desk/listings?queue=hidden", EDITOR, partial(_queue, "hidden")),
    Worklist(
        "no-topics",
        _("Listings without topics"),
        "/desk/listings?queue=no-topics",
        EDITOR,
        partial(_queue, "no-topics"),
    ),
    Worklist(
        "topics-by-rule",
        _("Topics that nobody has checked"),
        "/desk/listings?queue=topics-by-rule",
        EDITOR,
        partial(_queue, "topics-by-rule"),
    ),
    Worklist(
        "personal-details",
        _("Personal details in the text"),
        "/desk/listings?queue=personal-details",
        EDITOR,
        partial(_queue, "personal-details"),
        order=14,
        is_urgent=True,
    ),
    Worklist(
        "says-it-is-over",
        _("They say that they have ended"),
        "/desk/listings?queue=says-it-is-over",
        EDITOR,
        partial(_queue, "says-it-is-over"),
        order=14,
        is_urgent=True,
    ),
    Worklist(
        "found-otherwise",
        _("Full or closed, people say"),
        "/desk/listings?queue=found-otherwise",
        EDITOR,
        partial(_queue, "found-otherwise"),
        order=14,
        is_urgent=True,
    ),
    Worklist(
        "dead-links",
        _("Websites that do not answer"),
        "/desk/listings?queue=dead-links",
        EDITOR,
        partial(_queue, "dead-links"),
        order=16,
    ),
    Worklist("duplicates", _("Listed twice, it seems"), "/desk/duplicates", EDITOR, duplicates.count_likely, order=15),
    Worklist("missing", _("Gone from their feed"), "/desk/listings?queue=missing", EDITOR, partial(_queue, "missing")),
)
for worklist in LISTS:
    register(worklist)
staff_menu.register(staff_menu.StaffMenuItem(_("Listings"), "/desk/listings", roles=CURATORS, order=20))
staff_menu.register(staff_menu.StaffMenuItem(_("Collections"), "/desk/collections", order=60))
