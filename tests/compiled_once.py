"""The tests make thousands of applications with the same routes and templates. What is compiled of them is kept.

Werkzeug writes and compiles code for each route, Jinja for each template: most of the time that an application takes.
The code depends on the words of the route or template alone. The applications themselves share nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_routes: dict[Hashable, Builder] = {}


class KeptTemplates(BytecodeCache):
    """Compiled templates for as long as this process lives; Jinja's own key tells a changed template."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what is kept of this template, if its words are still the same."""
        if (kept := self._kept.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_templates = KeptTemplates()


def keep_templates(environment: Environment) -> None:
    """Let an application use what others compiled."""
    environment.bytecode_cache = _templates


def keep_routes() -> None:
    """Keep what is compiled of routes from now on."""
    compiled: Callable[..., Builder] = Rule._compile_builder

    def once(rule: Any, append_unknown: bool = True) -> Builder:
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in _routes:
            _routes[key] = compiled(rule, append_unknown)
        return _routes[key]

    Rule._compile_builder = once  # type: ignore[method-assign]
