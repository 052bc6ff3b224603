"""The rows of a listing's form: opening hours, places, costs.

Each row knows the one of the document that it stands for (`was`). A row that nobody touched is kept to the letter,
whatever it holds, and one that is changed keeps what the form has no field for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.directory.curation.row_forms.base import RowForm, RowList, word_for
from app.directory.curation.row_forms.costs import CostRow
from app.directory.curation.row_forms.hours import HoursRow
from app.directory.curation.row_forms.places import PlaceRow

__all__ = ["MOST_ROWS", "ROWS", "CostRow", "HoursRow", "PlaceRow", "RowList", "data_of"]

ROWS: Mapping[str, type[RowForm]] = {"places": PlaceRow, "hours": HoursRow, "costs": CostRow}
MOST_ROWS = {"places": 12, "hours": 40, "costs": 20}


def data_of(document: Mapping[str, Any], *, hides_secrets: bool) -> dict[str, list[dict[str, Any]]]:
    """The rows of a document as the form's fields show them."""
    return {
        kind: [
            {**({} if form.stays(row, hides_secrets=hides_secrets) else form.shown(row)), "was": word_for(row)}
            for row in rows
        ]
        for kind, form in ROWS.items()
        if (rows := document[kind]) is not None
    }
