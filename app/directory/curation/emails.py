"""The messages of curation."""

from __future__ import annotations

from uuid import UUID

from flask_babel import lazy_gettext as _

from app.notifications.kinds import MessageKind, register
from app.notifications.rendering import address_of

SAMPLE_ID = UUID(int=0)
CHECK_DUE = register(
    MessageKind(
        name="curation.check_due",
        title=_("Is this listing still right?"),
        sample=lambda: {
            "name": "Carrow Community Kitchen",
            "address": address_of("curation.check_by_link", token="a-sample"),  # noqa: S106
        },
    )
)
PROBLEM_ANSWERED = register(
    MessageKind(
        name="curation.problem_answered",
        title=_("Answer to a report"),
        sample=lambda: {"name": "Carrow Community Kitchen", "answer": "The number is right now."},
    )
)
SUGGESTION_ANSWERED = register(
    MessageKind(
        name="curation.suggestion_answered",
        title=_("Answer to who said that a service is missing"),
        sample=lambda: {"name": "Carrow Community Kitchen", "added": True, "answer": "We rang them today."},
    )
)
PROPOSAL_DECIDED = register(
    MessageKind(
        name="curation.proposal_decided",
        title=_("Decision on a proposed change"),
        sample=lambda: {
            "name": "Carrow Community Kitchen",
            "state": "asked",
            "answer": "Is that so in the holidays, too?",
            "address": address_of("curation.edit", service_id=SAMPLE_ID),
        },
    )
)
PLACES_DUE = register(
    MessageKind(
        name="curation.places_due",
        title=_("Do you have places?"),
        sample=lambda: {"address": address_of("curation.places_by_link", token="a-sample")},  # noqa: S106
    )
)
