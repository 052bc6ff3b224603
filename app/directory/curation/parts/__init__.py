"""Hours, places and costs as rows of a listing's document: reading them from its records, and bringing those to rows.

A row is plain JSON that holds everything there is in the record, so that a version brings it back whole, and what a
form cannot express is not lost when somebody changes something else. What is not there has no key.
"""

from __future__ import annotations

from app.directory.curation.parts.rows import Row, key_of

__all__ = ["Row", "key_of"]
