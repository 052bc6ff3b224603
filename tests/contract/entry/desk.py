"""The desk of staff."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import ANY_ROLE, Row, roles

ROUTES: Mapping[str, Row] = {
    "home": ANY_ROLE,
    "left_places": roles(Role.ADMINISTRATOR, Role.PRIVACY_OFFICER),
    "look_after_place": roles(Role.ADMINISTRATOR),
    "messages": roles(Role.ADMINISTRATOR, Role.MANAGER, Role.PRIVACY_OFFICER),
    "unmet_needs": roles(Role.DIRECTORY_EDITOR, Role.MANAGER, Role.COMMISSIONER),
}
