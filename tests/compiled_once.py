"""Tests make thousands of applications with the same routes, templates and queries. What is compiled of them is kept.

Werkzeug writes and compiles code for each route, Jinja for each template, and SQLAlchemy turns each statement into SQL
once an engine: most of the time that an application takes. What they make depends on the words of the route, template
or statement alone. The applications themselves share nothing.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any, ClassVar

from flask import Flask
from flask.sansio.app import App
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Map, Rule, RuleFactory
from werkzeug.routing.matcher import StateMachineMatcher

from app.core import engines

_routes: dict[Hashable, Rule] = {}


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


def share(app: Flask) -> None:
    """Let an application use what others compiled, and others what this one did."""
    app.jinja_env.bytecode_cache = _templates
    # Outside of the tests, as for the screenshots, routes are not shared.
    if isinstance(app.url_map, SharedMap):
        app.url_map.keep()


class SharedMap(Map):
    """The routes of an application: those of all others, or its own as soon as a test adds one or leaves one out.

    Routes that come as the kept ones came are only counted.
    """

    kept: ClassVar[tuple[Rule, ...]] = ()
    whole: ClassVar[dict[str, Any]] = {}

    def __init__(self, *rules: Any, **options: Any) -> None:
        self._added: list[Rule] = []
        super().__init__(*rules, **options)
        if self.kept:
            for name in self.whole:
                delattr(self, name)

    def add(self, rulefactory: RuleFactory) -> None:
        """Count a route that is kept; any other makes this map one of its own."""
        for rule in rulefactory.get_rules(self):
            count = len(self._added)
            self._added.append(rule)
            if "_matcher" in vars(self) and self._matcher is not self.whole.get("_matcher"):
                super().add(_unbound(rule))
            elif count >= len(self.kept) or rule is not self.kept[count]:
                self._make_own()

    def keep(self) -> None:
        """Let the maps of later applications be as this one, if it is the first."""
        if not self.kept:
            self.update()
            SharedMap.whole = {name: getattr(self, name) for name in ("_matcher", "_rules_by_endpoint", "_remap")}
            SharedMap.kept = tuple(self._added)
            for key in [key for key, rule in _routes.items() if rule.map is not self]:
                del _routes[key]

    def __getattr__(self, name: str) -> Any:
        """What is asked for only when the routes are there: how they are found, and those of each endpoint."""
        if name not in self.whole:
            raise AttributeError(name)
        if len(self._added) == len(self.kept):
            vars(self).update(self.whole)
        else:
            self._make_own()
        return vars(self)[name]

    def _make_own(self) -> None:
        vars(self).update(_matcher=StateMachineMatcher(merge_slashes=True), _rules_by_endpoint={}, _remap=True)
        for rule in self._added:
            super().add(_unbound(rule))


def _unbound(rule: Rule) -> Rule:
    if rule.map is None:
        return rule
    own = rule.empty()
    own.provide_automatic_options = rule.provide_automatic_options  # type: ignore[attr-defined]
    return own


def keep_routes() -> None:
    """Have the applications that are made from now on share their routes with one that is kept."""
    Flask.url_map_class, add = SharedMap, App.add_url_rule

    def once(
        app: Any, rule: str, endpoint: str | None = None, view_func: Any = None, *more: Any, **options: Any
    ) -> None:
        # The function that gives an application its files is another each time.
        key = (rule, endpoint, view_func if hasattr(view_func, "access") else None, tuple(options.get("methods") or ()))
        known = _routes.get(key)
        if known is None or endpoint is None or app._got_first_request:
            add(app, rule, endpoint, view_func, *more, **options)
            if not SharedMap.kept:
                _routes[key] = app.url_map._added[-1]
        else:
            app.url_map.add(known)
            app.view_functions[endpoint] = view_func

    App.add_url_rule = once  # type: ignore[method-assign,assignment]


def keep_statements() -> None:
    """Keep the SQL of statements from now on, for all engines of one kind of database together."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # The key of a statement names the dialect, of which each engine has its own.
        dialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        dialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    kept: LRUCache[Any, Any] = LRUCache(20_000)
    engines.create_engine = partial(create_engine, execution_options={"compiled_cache": kept})  # type: ignore[attr-defined]
