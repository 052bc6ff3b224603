"""The listings and their care."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import ANY_ROLE, NO_ID, PUBLIC, Row, Visitors, of_object, roles

EDITOR = Role.DIRECTORY_EDITOR
CURATORS = (Role.DIRECTORY_EDITOR, Role.PROVIDER)


def of_listing(suffix: str = "") -> Row:
    """A page about a listing: an editor keeps them all, a provider its own."""
    return Row(
        Visitors.ROLES,
        frozenset(CURATORS),
        own=lambda world: f"/desk/listings/{world.service}{suffix}",
        other=lambda world: f"/desk/listings/{world.service}{suffix}",
        strangers=frozenset({Role.PROVIDER}),
    )


def of_collection(suffix: str = "") -> Row:
    """A page about a collection of the visitor's organisation."""
    return of_object("collection", "/desk/collections", suffix, *Role)


ROUTES: Mapping[str, Row] = {
    "capacity": of_listing("/capacity"),
    "change_by_link": PUBLIC,
    "change_sent": PUBLIC,
    "change_several": roles(EDITOR),
    "check_by_link": PUBLIC,
    "change_item": of_collection(f"/items/{NO_ID}"),
    "collect": roles(*Role, own=lambda world: f"/services/{world.service}/collect"),
    "collection": of_collection(),
    "collections": ANY_ROLE,
    "confirm_import": roles(EDITOR),
    "drop_import": roles(EDITOR),
    "imports": roles(EDITOR),
    "listing_import": roles(EDITOR),
    "decide_duplicate": roles(EDITOR),
    "delete_collection": of_collection("/delete"),
    "duplicates": roles(EDITOR),
    "edit": of_listing("/edit"),
    "listing": of_listing(),
    "listings": roles(*CURATORS),
    "looked_at": roles(EDITOR, own=lambda world: f"/desk/listings/{world.service}/flags/{NO_ID}/looked-at"),
    "make_one": roles(EDITOR),
    "new_listing": roles(EDITOR),
    "places_by_link": PUBLIC,
    "problem": roles(EDITOR, own=lambda world: f"/desk/problems/{world.problem}"),
    "problems": roles(EDITOR),
    "proposal": roles(EDITOR, own=lambda world: f"/desk/proposals/{world.proposal}"),
    "proposals": roles(EDITOR),
    "publish_collection": of_collection("/publish"),
    "rang_and_it_was_wrong": roles(*Role, own=lambda world: f"/services/{world.service}/rang-wrong"),
    "restore": roles(EDITOR, own=lambda world: f"/desk/listings/{world.service}/restore/1"),
    "say_places_by_link": PUBLIC,
    "still_right": of_listing("/still-right"),
    "still_right_by_link": PUBLIC,
    "suggested": roles(EDITOR),
    "suggestion": roles(EDITOR, own=lambda world: f"/desk/suggestions/{world.suggestion}"),
    "take_on_problem": roles(EDITOR, own=lambda world: f"/desk/problems/{world.problem}/take-on"),
    "topics_right": roles(EDITOR, own=lambda world: f"/desk/listings/{world.service}/topics-right"),
    "undo_merge": roles(EDITOR, own=lambda world: f"/desk/duplicates/{world.service}/undo"),
    "withdraw_collection": of_collection("/withdraw"),
}
