"""Tests make thousands of applications with the same routes, templates and queries. What is compiled of them is kept.

Werkzeug writes and compiles code for each route, Jinja for each template, and SQLAlchemy turns each statement into SQL
once an engine: most of the time that an application takes. What they make depends on the words of the route, template
or statement alone. The applications themselves share nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from types import MethodType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from app.core import engines

OF_A_ROUTE = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
_routes: dict[Hashable, dict[str, Any]] = {}


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
    """Keep what is compiled of routes from now on: their parts, which nobody changes, and the code of addresses."""
    compiled = Rule.compile

    def once(rule: Any) -> None:
        if rule.defaults:
            compiled(rule)
            return
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.map.host_matching)
        if key not in _routes:
            compiled(rule)
            _routes[key] = {name: getattr(rule, name) for name in OF_A_ROUTE}
        for name, kept in _routes[key].items():
            setattr(rule, name, kept.__func__.__get__(rule) if isinstance(kept, MethodType) else kept)

    Rule.compile = once  # type: ignore[method-assign]


def keep_statements() -> None:
    """Keep the SQL of statements from now on, for all engines of one kind of database together."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # The key of a statement names the dialect, of which each engine has its own.
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    kept: LRUCache[Any, Any] = LRUCache(20_000)
    engines.create_engine = partial(create_engine, execution_options={"compiled_cache": kept})  # type: ignore[attr-defined]
