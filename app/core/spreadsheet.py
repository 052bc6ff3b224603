"""Lines of CSV that are safe to open: a cell that a spreadsheet would take for a formula begins with an apostrophe.

OWASP, "CSV Injection": cells that begin with =, +, -, @, a tab or a line end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def line(cells: Iterable[object]) -> str:
    """One line of CSV."""
    into = io.StringIO()
    csv.writer(into).writerow(_safe(cell) for cell in cells)
    return into.getvalue()


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
