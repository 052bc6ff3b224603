"""What programs ask."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.entry.rows import BY_TOKEN, PUBLIC, Row

_FOR_ALL = "api_search api_suggest healthz openapi readyz".split()

ROUTES: Mapping[str, Row] = {
    "metrics": BY_TOKEN,
} | dict.fromkeys(_FOR_ALL, PUBLIC)
