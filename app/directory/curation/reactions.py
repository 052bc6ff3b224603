"""Whoever told us something hears what became of it; then we forget the address that they left."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.events import on
from app.directory.codes import CheckKind, ProposalState, SuggestionState
from app.directory.curation.announcements import ProblemAnswered, ProposalDecided, SuggestionAnswered
from app.directory.curation.emails import CHECK_DUE, PROBLEM_ANSWERED, PROPOSAL_DECIDED, SUGGESTION_ANSWERED
from app.directory.models import ListingCheck
from app.notifications.about import About
from app.notifications.events import MessageBounced
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message


@on(ProblemAnswered)
def tell_reporter(session: Session, event: ProblemAnswered) -> None:
    """An answer to the reporter who left an address."""
    report = event.report
    if report.reply_to:
        words = render_message(PROBLEM_ANSWERED.name, "en", name=report.service.name, answer=report.answer)
        about = About(type="problem_report", id=report.id)
        send(session, Draft(words=words, dedupe_key=f"problem:{report.id}", recipient=report.reply_to, about=about))
        report.reply_to = None


@on(SuggestionAnswered)
def tell_suggester(session: Session, event: SuggestionAnswered) -> None:
    """An answer to whoever said what is missing and left an address."""
    told = event.suggestion
    if told.reply_to:
        added = told.state is SuggestionState.ADDED
        words = render_message(SUGGESTION_ANSWERED.name, "en", name=told.name, added=added, answer=told.answer)
        about = About(type="listing_suggestion", id=told.id)
        send(session, Draft(words=words, dedupe_key=f"suggestion:{told.id}", recipient=told.reply_to, about=about))
        told.reply_to = None


@on(ProposalDecided)
def tell_proposer(session: Session, event: ProposalDecided) -> None:
    """The decision to whoever proposed the change, unless they made it themselves."""
    proposal = event.proposal
    if proposal.state is ProposalState.WITHDRAWN or proposal.decided_by_id == proposal.proposed_by_id:
        return
    proposer = session.get(User, proposal.proposed_by_id) if proposal.proposed_by_id else None
    recipient = proposal.reply_to or (proposer.email if proposer else None)
    if recipient:
        words = render_message(
            PROPOSAL_DECIDED.name,
            "en",
            name=proposal.service.name,
            state=proposal.state.value,
            answer=proposal.answer,
            # Where whoever is asked something can answer it.
            address=address_of("library.suggest", service_id=proposal.service_id)
            if proposer is None
            else address_of("curation.edit", service_id=proposal.service_id, change=proposal.id),
        )
        key = f"proposal:{proposal.id}:{proposal.state}:{proposal.decided_at:%Y%m%d%H%M%S}"
        about = About(type="proposal", id=proposal.id)
        send(session, Draft(words=words, dedupe_key=key, recipient=recipient, about=about))
    if proposal.state is not ProposalState.ASKED:
        proposal.reply_to = None


@on(MessageBounced)
def note_bounce(session: Session, event: MessageBounced) -> None:
    """A reminder that came back is evidence against the listing's address."""
    message = event.message
    if message.kind == CHECK_DUE.name and message.subject_type == "service" and message.subject_id:
        session.add(ListingCheck(service_id=message.subject_id, kind=CheckKind.MAIL_BOUNCED))
        session.flush()
