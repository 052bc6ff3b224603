"""How templates are made ready."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class OneGlobals(Environment):
    """All templates look at the same globals.

    Jinja lays a map over them for each template, in case it has some of its own, which none of ours has. At each import
    it then compares the names of both, a name at a time: with six imports a page, a fortieth of making a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals themselves for a template without any of its own."""
        return super().make_globals(d) if d else self.globals
