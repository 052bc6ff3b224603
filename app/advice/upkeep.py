"""What must hold of advice beyond what its tables enforce."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.advice.codes import ScanState
from app.advice.document_store import DocumentStore
from app.advice.models import AdviceContact, AdviceDocument, AdviceSession, Appointment, AppointmentTime, QueueEntry
from app.advice.rules.waiting import WORDS_KEPT
from app.booking.codes import BookingState
from app.booking.models import Booking
from app.core import clock
from app.core.upkeep import check
from app.settings import Settings


@check("documents of cases")
def documents_have_their_files(session: Session) -> Iterator[str]:
    """Each document has its file, unless a virus was found in it."""
    settings: Settings = current_app.extensions["waymark_settings"]
    store = DocumentStore(settings.instance)
    names = session.scalars(
        select(AdviceDocument.stored_as)
        .where(AdviceDocument.scan != ScanState.INFECTED)
        .order_by(AdviceDocument.stored_as)
    )
    if count := sum(not store.path(name).is_file() for name in names):
        yield f"{count} documents have no file in {settings.instance / 'documents'}. Restore a backup."


@check("corrected contacts")
def corrections_are_whole(session: Session) -> Iterator[str]:
    """A contact counts unless another took its place, and never both."""
    newer = aliased(AdviceContact)
    replaced = select(newer.id).where(newer.replaces_id == AdviceContact.id)
    both = AdviceContact.replaced_at.is_(None) & replaced.exists()
    neither = AdviceContact.replaced_at.is_not(None) & ~replaced.exists()
    counted = select(func.count()).select_from(AdviceContact).where(both | neither)
    if count := session.scalar(counted):
        yield f"{count} contacts are counted twice, or not at all, after a correction."


@check("appointments")
def bookings_of_times_are_appointments(session: Session) -> Iterator[str]:
    """Whoever has a time of an adviser stands in the adviser's list."""
    its_own = select(Appointment.id).where(Appointment.booking_id == Booking.id)
    lost = (
        select(func.count())
        .select_from(Booking)
        .join(AppointmentTime, AppointmentTime.pool_id == Booking.pool_id)
        .where(Booking.state == BookingState.BOOKED, ~its_own.exists())
    )
    if count := session.scalar(lost):
        yield f"{count} bookings of advisers' times stand in no adviser's list."


@check("words of queues")
def queues_are_forgotten(session: Session) -> Iterator[str]:
    """What was said at the desk of an open session is gone soon after it; a sweep that is late has a day for it."""
    over = select(AdviceSession.id).where(AdviceSession.ends_at < clock.now() - 2 * WORDS_KEPT)
    kept = QueueEntry.wiped_at.is_(None) & QueueEntry.session_id.in_(over)
    if count := session.scalar(select(func.count()).select_from(QueueEntry).where(kept)):
        yield f"{count} people who came to an open session are still written down. Is the worker running?"
