"""What was done just before a page, which its address says after the redirect."""

from __future__ import annotations

from flask import request


def done_before() -> str:
    """The word for what was done; none where a form was sent, for a refusal must not stand under "It is done"."""
    return request.args.get("done", "") if request.method == "GET" else ""
