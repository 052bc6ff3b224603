"""Addresses within this site, as they come back from forms and links."""

from __future__ import annotations


def own_address(path: str | None, *, otherwise: str = "/") -> str:
    """`path` if it leads to a page of this site, else `otherwise`."""
    path = path or ""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and len(path) < 4000
    return path if is_own and "\\" not in path else otherwise
