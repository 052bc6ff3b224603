"""Lines of CSV that are safe to open: a cell that a spreadsheet would take for a formula begins with an apostrophe.

OWASP, "CSV Injection": cells that begin with =, +, -, @, a tab or a line end.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?[\d\s().,-]+\Z")


def line(cells: Iterable[object]) -> str:
    """One line of CSV."""
    into = io.StringIO()
    csv.writer(into).writerow(harmless(cell) if isinstance(cell, str) else cell for cell in cells)
    return into.getvalue()


def harmless(text: str) -> str:
    """The text so that a spreadsheet shows it and runs nothing. A number stays one, also below nought."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
