"""Tables that people take away to look at in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

# Excel takes a file of CSV for UTF-8 only where it begins with this mark, and else shows Zoë as ZoÃ«. Microsoft,
# "Opening CSV UTF-8 files correctly in Excel". What machines read has none.
MARK = "\ufeff"


def table_file(lines: Iterable[str], name: str, *, for_machines: bool = False) -> Response:
    """Lines of CSV as a file of that name, which is kept nowhere on its way."""
    response = Response(("" if for_machines else MARK) + "".join(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
