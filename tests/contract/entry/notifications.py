"""What carriers of messages tell us."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.entry.rows import BY_TOKEN, Row

ROUTES: Mapping[str, Row] = {
    "notify_receipt": BY_TOKEN,
}
