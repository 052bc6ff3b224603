"""The table of routes, for `waymark routes` and the tests that hold every route to a guard."""

from __future__ import annotations

from typing import TypedDict

from flask import Flask


class RouteRow(TypedDict):
    """One rule of the application."""

    rule: str
    methods: list[str]
    endpoint: str
    feature: str
    guard: str


def describe_routes(app: Flask) -> list[RouteRow]:
    """Every route, ordered by rule. A route without a stated guard has an empty one."""
    rows: list[RouteRow] = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        access = getattr(view, "access", None)
        is_static = rule.endpoint == "static"
        rows.append(
            {
                "rule": rule.rule,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "endpoint": rule.endpoint,
                "feature": rule.endpoint.split(".")[0],
                "guard": "public" if is_static else (access.name if access else ""),
            }
        )
    return sorted(rows, key=lambda row: (row["rule"], row["endpoint"]))
