"""HTML of macros that is kept with gaps in it: what is the same on every page is made once, the rest is put in.

What is put into a gap is escaped by whoever puts it in. Nothing of a visitor may go into what is kept.
"""

from __future__ import annotations

import re

from flask import current_app

_GAP = re.compile("\0(\\w+)\0")


def gap(name: str) -> str:
    """Stands for words that are put in later; no listing has it, for control characters are not stored."""
    return f"\0{name}\0"


def made(template: str, macro: str, *values: object, **named: object) -> str:
    """What a macro makes of these values."""
    return str(getattr(current_app.jinja_env.get_template(template).module, macro)(*values, **named))


def formatted(html: str) -> str:
    """The HTML as a format: each gap is a `%(name)s`."""
    return _GAP.sub(r"%(\1)s", html.replace("%", "%%"))
