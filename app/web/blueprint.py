"""Blueprints whose routes state a guard and run in one transaction."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, make_response, request
from sqlalchemy.orm import Session

from app.settings import ROOT
from app.web.access import Access
from app.web.database import ASKED_ONCE, db

log = logging.getLogger(__name__)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Operation = Callable[[Session], None]


class FeatureBlueprint(Blueprint):
    """A feature's routes. `route` has no default for `access`: to forget it is a TypeError at import."""

    def __init__(self, feature: str, import_name: str, *, url_prefix: str | None = None) -> None:
        super().__init__(feature, import_name, url_prefix=url_prefix, template_folder=str(ROOT / "templates"))
        self.feature = feature

    def route(  # type: ignore[override]
        self,
        rule: str,
        *,
        access: Access,
        writes: bool = False,
        quiet: bool = False,
        looks_first: bool = False,
        largest_body: int | None = None,
        **options: Any,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a view.

        `access` says who may enter. A GET that must write (because it records who looked) says `writes=True`. A view
        that reads and checks before it calls `write_from_here` says `looks_first=True`. A route that takes files says
        how many bytes it takes at most (`largest_body`). What a page asks by itself says `quiet=True`: nobody is at the
        screen for that, and the session ends as if it had not been asked.
        """

        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            guarded = _in_one_transaction(view, access=access, writes=writes, looks_first=looks_first)
            guarded.largest_body = largest_body  # type: ignore[attr-defined]
            guarded.is_quiet = quiet  # type: ignore[attr-defined]
            endpoint = options.pop("endpoint", view.__name__)
            self.add_url_rule(rule, endpoint=endpoint, view_func=guarded, **options)
            return guarded

        return decorate


def _in_one_transaction(
    view: Callable[..., Any], *, access: Access, writes: bool, looks_first: bool
) -> Callable[..., Any]:
    @functools.wraps(view)
    def run(**arguments: Any) -> Response:
        may_write = (writes or request.method not in SAFE_METHODS) and not looks_first
        session = db.session()
        session.info["reads_only"] = not may_write
        session.info[ASKED_ONCE] = {}
        try:
            access.require()
            response = make_response(view(**arguments))
            if not session.info["reads_only"] and response.status_code < 400:
                session.commit()
            else:
                session.rollback()
        except BaseException:
            session.rollback()
            _run_afterwards(refused=True)
            # The page that tells of it reads who is signed in; others may write meanwhile.
            session.info["reads_only"] = True
            raise
        finally:
            session.info.pop(ASKED_ONCE, None)
        _run_afterwards(refused=False)
        return response

    run.access = access  # type: ignore[attr-defined]
    return run


def afterwards(operation: Operation, *, even_if_refused: bool = False) -> None:
    """Have `operation` run in a writing transaction of its own once the view is done.

    For records that a reading request leaves behind and that must never make it fail or wait (the unmet-need ledger).
    One that is wanted `even_if_refused` runs also after the request was refused and all else rolled back.
    """
    g.setdefault("waymark_afterwards", []).append((operation, even_if_refused))


def _run_afterwards(*, refused: bool) -> None:
    for operation, even_if_refused in g.pop("waymark_afterwards", []):
        if refused and not even_if_refused:
            continue
        session = db.session()
        session.info["reads_only"] = False
        try:
            operation(session)
            session.commit()
        except Exception:
            session.rollback()
            log.exception("a record after the response was not written")
