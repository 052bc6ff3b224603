"""The privacy officer hears at once of a record that was opened in an emergency."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.codes import OrganizationKind, Role, UserStatus
from app.accounts.models import MemberOrganization, Membership, User
from app.core.events import on
from app.people.emails import send_emergency
from app.people.events import EmergencyOpened
from app.people.models import Emergency, Person


@on(EmergencyOpened)
def tell_privacy_officers(session: Session, event: EmergencyOpened) -> None:
    """Those of the organisation that keeps the record, and those of the operator."""
    for email in _officers(session, event.emergency):
        send_emergency(session, event.emergency, email)


def _officers(session: Session, opened: Emergency) -> list[str]:
    keeper = select(Person.organization_id).where(Person.id == opened.person_id).scalar_subquery()
    rows = session.scalars(
        select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .join(MemberOrganization, MemberOrganization.id == Membership.organization_id)
        .where(
            Membership.role == Role.PRIVACY_OFFICER,
            Membership.ended_at.is_(None),
            User.status == UserStatus.ACTIVE,
            or_(Membership.organization_id == keeper, MemberOrganization.kind == OrganizationKind.OPERATOR),
        )
        .distinct()
        .order_by(User.email)
    )
    return [email for email in rows if email]
