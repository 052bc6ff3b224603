"""The application as Flask makes it, but for what it does at each request for views that Waymark has none of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask


class Application(Flask):
    """None of its functions is a coroutine; Flask would ask each of them at each request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func
