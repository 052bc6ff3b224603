"""Objects that only the matrix needs, one of each for a member of staff and their organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Passkey, ProviderIdentity, User, UserSession
from app.accounts.sessions import organizations_of
from app.advice.models import AdviceDraft
from app.booking.codes import FacilitatorKind, NeedKind
from app.booking.models import (
    AbsenceCall,
    AccessNeed,
    AttendanceRecord,
    BookableSession,
    Booking,
    Facilitator,
    Room,
    SessionFacilitator,
    Term,
)
from app.core import clock
from app.core.actor import SYSTEM
from app.people.codes import EmergencyReason, RequestKind, SharingLevel
from app.people.models import Emergency, Person, PersonPair
from app.people.operations.merging import merge
from app.people.operations.requests import ask_for
from app.referrals.codes import Recipient, TaskKind
from app.referrals.models import ReferralTask, Telling
from tests import factories
from tests.people import a_person
from tests.signing_in import actor_of


def matrix_objects(
    session: Session, user: User, *, person: UUID, referral: UUID, booking: UUID, provider: UUID
) -> Mapping[str, UUID]:
    """The id of each, by name. What hangs on a person, a referral, a booking and a provider is made for those."""
    place = organizations_of(session, user.id)[0].id
    made = {
        "emergency": Emergency(
            person_id=person,
            user_id=user.id,
            organization_id=place,
            reason=EmergencyReason.DANGER,
            words="They may be in danger now.",
            expires_at=clock.now() + timedelta(minutes=60),
            review_by=clock.today(),
        ),
        "letter": Telling(
            referral_id=referral,
            number=9,
            recipient=Recipient.GP,
            organization_id=place,
            level=SharingLevel.SUMMARY,
            issued_at=clock.now(),
        ),
        "task": ReferralTask(
            referral_id=referral,
            kind=TaskKind.NOT_OPENED,
            organization_id=place,
            owner_id=user.id,
            due_on=clock.today(),
        ),
        "room": Room(organization_id=place, name=uuid4().hex),
        "term": Term(organization_id=place, name=uuid4().hex, starts_on=clock.today(), ends_on=clock.today()),
        **_led(session, place, booking),
        "draft": AdviceDraft(organization_id=place, user_id=user.id, saved_at=clock.now(), fields={}),
        "need": AccessNeed(booking_id=booking, kind=NeedKind.LARGE_PRINT),
        "call": AbsenceCall(attendance_id=_attendance(session, booking), organization_id=place),
        "passkey": Passkey(user_id=user.id, credential_id=uuid4().hex, public_key="", sign_count=0, name="Phone"),
        "identity": ProviderIdentity(provider_id=provider, user_id=user.id, subject=uuid4().hex),
        "session": UserSession(
            token_hash=uuid4().hex,
            user_id=user.id,
            organization_id=place,
            last_seen_at=clock.now(),
            idle_seconds=600,
            expires_at=clock.now() + timedelta(hours=1),
            reauthenticated_at=clock.now(),
        ),
    }
    session.add_all(made.values())
    session.flush()
    return {
        **{name: row.id for name, row in made.items()},
        "request": ask_for(session, SYSTEM, session.get_one(Person, person), RequestKind.COPY).id,
        **_pairs(session, user),
    }


def _led(session: Session, place: UUID, booking: UUID) -> dict[str, Facilitator | SessionFacilitator]:
    """Somebody who leads, and the session of the booking that they lead."""
    person = factories.stored(session, Facilitator(organization_id=place, name=uuid4().hex, kind=FacilitatorKind.PEER))
    run_id = session.get_one(Booking, booking).pool.run_id
    one = session.scalars(select(BookableSession.id).where(BookableSession.run_id == run_id)).first()
    return {"facilitator": person, "lead": SessionFacilitator(session_id=one, facilitator_id=person.id)}


def _attendance(session: Session, booking: UUID) -> UUID:
    found = select(AttendanceRecord.id).where(AttendanceRecord.booking_id == booking).order_by(AttendanceRecord.id)
    return session.scalars(found).first() or uuid4()


def _pairs(session: Session, user: User) -> dict[str, UUID]:
    """A pair that the hub has to decide on, and two records that it made one."""
    actor = actor_of(session, user)
    waiting, decided = (_pair(session, *(a_person(session, actor).id for _ in range(2))) for _ in range(2))
    merged = merge(session, SYSTEM, decided, keep_id=decided.one_id)
    return {"pair": waiting.id, "merge": merged.id}


def _pair(session: Session, one: UUID, other: UUID) -> PersonPair:
    first, second = sorted((one, other))
    found = PersonPair(one_id=first, other_id=second)
    session.add(found)
    session.flush()
    return found
