"""Reading advice, always within the actor's organisation. Import from here."""

from app.advice.queries.cases import (
    case,
    cases,
    has_open_work,
    has_outcomes,
    open_cases_of,
    parties,
    timeline_of_case,
)
from app.advice.queries.conflicts import is_conflict_possible
from app.advice.queries.contacts import (
    contact,
    contacts,
    contacts_of_person,
    corrected_by,
    draft,
    draft_kept_as,
    draft_of_form,
    drafts,
    followed_by,
    key_date,
    last_of,
    logged_with,
    newest_of,
    next_step,
)

__all__ = [
    "case",
    "cases",
    "contact",
    "contacts",
    "contacts_of_person",
    "corrected_by",
    "draft",
    "draft_kept_as",
    "draft_of_form",
    "drafts",
    "followed_by",
    "has_open_work",
    "has_outcomes",
    "is_conflict_possible",
    "key_date",
    "last_of",
    "logged_with",
    "newest_of",
    "next_step",
    "open_cases_of",
    "parties",
    "timeline_of_case",
]
