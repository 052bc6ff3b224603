"""Style and script: built from the sources here into `app/web/static` by `python -m app.web.assets.build`."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from flask import current_app, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"


def asset_url(name: str) -> str:
    """The address of a built file, with a mark of its contents so that browsers may keep it for a year."""
    mark = _mark_while_debugging(name) if current_app.debug else _mark(name)
    return url_for("static", filename=name, v=mark)


def _mark_while_debugging(name: str) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "unbuilt"


_mark = functools.cache(_mark_while_debugging)
