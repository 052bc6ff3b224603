"""Signposts and slips."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import PUBLIC, Row, of_object, roles

SIGNPOSTERS = tuple(role for role in Role if role not in {Role.COMMISSIONER, Role.FRONT_DESK})


def of_signpost(suffix: str = "") -> Row:
    """A page about a signpost of the visitor's organisation."""
    return of_object("signpost", "/desk/signposts", suffix, *SIGNPOSTERS)


ROUTES: Mapping[str, Row] = {
    "answer": PUBLIC,
    "give": roles(*SIGNPOSTERS),
    "give_again": of_signpost("/give"),
    "new_signpost": roles(*SIGNPOSTERS),
    "note_all": roles(*SIGNPOSTERS),
    "note_answers": of_signpost("/note"),
    "open_slip": PUBLIC,
    "pass_on": of_signpost("/pass-on"),
    "signpost": of_signpost(),
    "signposts": roles(*SIGNPOSTERS),
    "slip": of_signpost("/slip"),
}
