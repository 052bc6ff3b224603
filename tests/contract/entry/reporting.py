"""The figures."""

from __future__ import annotations

from collections.abc import Mapping

from app.accounts.codes import Role
from tests.contract.entry.rows import Row, roles

ROUTES: Mapping[str, Row] = {
    "report": roles(Role.MANAGER, Role.COMMISSIONER, own=lambda _world: "/desk/reports/advice"),
    "report_csv": roles(Role.MANAGER, Role.COMMISSIONER, own=lambda _world: "/desk/reports/advice/csv"),
}
