"""Asking for checks: two reminders by mail, then an editor's task, then out of sight."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserStatus
from app.accounts.models import Membership, User
from app.core import clock
from app.core.actor import SYSTEM
from app.directory import changes
from app.directory.codes import CheckKind, Status
from app.directory.curation.emails import CHECK_DUE
from app.directory.curation.operations import hide_as_stale
from app.directory.curation.rules import HIDDEN_AFTER, Freshness, freshness
from app.directory.models import ListingCheck, Organization, Service
from app.directory.queries import SHOWN
from app.notifications import links
from app.notifications.about import About
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message

PURPOSE = "listing-check"
LINK_LASTS = timedelta(days=60)
AT_A_TIME = 50
REMINDED = (Freshness.DUE, Freshness.SECOND)


def remind(session: Session) -> int:
    """Send the reminders that are due, once for each stage of each check. Says how many listings it asked about."""
    today, asked = clock.today(), 0
    due = session.scalars(
        select(Service)
        .where(
            Service.next_check_on <= today,
            Service.next_check_on > today - HIDDEN_AFTER,
            Service.status.in_(SHOWN),
            ~Service.id.in_(_reminded_lately()),
        )
        .order_by(Service.next_check_on, Service.id)
        .limit(AT_A_TIME)
    ).all()
    for service in due:
        stage = freshness(service.next_check_on, today)
        session.add(ListingCheck(service_id=service.id, kind=CheckKind.REMINDED, note=stage.value))
        if stage in REMINDED:
            _send(session, service, stage)
        else:
            # From today the listing is ranked lower.
            changes.note(session, [service.id])
        asked += 1
    session.flush()
    return asked


def _reminded_lately() -> Select[UUID]:
    """Services that were reminded within the length of a stage."""
    return select(ListingCheck.service_id).where(
        ListingCheck.kind == CheckKind.REMINDED, ListingCheck.created_at > clock.now() - timedelta(days=14)
    )


def _send(session: Session, service: Service, stage: Freshness) -> None:
    about = About(type="service", id=service.id)
    for recipient in recipients(session, service):
        token = links.issue(session, PURPOSE, about, lifetime=LINK_LASTS, once=False)
        words = render_message(
            CHECK_DUE.name, "en", name=service.name, address=address_of("curation.check_by_link", token=token)
        )
        whom = sha256(recipient.encode()).hexdigest()[:16]
        key = f"check:{service.id}:{service.next_check_on}:{stage.value}:{whom}"
        send(session, Draft(words=words, dedupe_key=key, recipient=recipient, about=about))


def recipients(session: Session, service: Service) -> list[str]:
    """Who is asked: the provider's own staff, else whoever last vouched for the listing, else its own address."""
    staff = session.scalars(
        select(User.email)
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.member_organization_id == Membership.organization_id)
        .where(
            Organization.id == service.organization_id,
            Membership.role == Role.PROVIDER,
            Membership.ended_at.is_(None),
            User.status == UserStatus.ACTIVE,
            User.email.is_not(None),
        )
        .order_by(User.email)
    ).all()
    if staff:
        return [address for address in dict.fromkeys(staff) if address]
    one = service.assurer_email or service.email or service.organization.email
    return [one] if one else []


def hide_expired(session: Session) -> int:
    """Hide listings that nobody has checked long after they were due. Says how many."""
    expired = session.scalars(
        select(Service)
        .where(
            Service.next_check_on <= clock.today() - HIDDEN_AFTER,
            or_(Service.status == Status.ACTIVE, Service.status == Status.TEMPORARILY_CLOSED),
        )
        .order_by(Service.next_check_on, Service.id)
        .limit(AT_A_TIME)
    ).all()
    for service in expired:
        hide_as_stale(session, SYSTEM, service)
    return len(expired)
