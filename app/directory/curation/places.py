"""Asking providers once a month whether they have places: one mail for all listings of a provider."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserStatus
from app.accounts.models import Membership, User
from app.core import clock
from app.core.errors import NotFound
from app.directory.curation.emails import PLACES_DUE
from app.directory.models import Organization, Service
from app.directory.queries import SHOWN
from app.notifications import links
from app.notifications.about import About
from app.notifications.models import SignedLink
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message

PURPOSE = "places"
SUBJECT = "provider"
LINK_LASTS = timedelta(days=45)
# Whoever joins at the end of a month is not asked again at the beginning of the next.
NOT_AGAIN_WITHIN = timedelta(days=14)
AT_A_TIME = 50

# A provider is the organisation that its staff work in, with all its entries; an entry without staff is its own.
the_provider = func.coalesce(Organization.member_organization_id, Organization.id)


def ask_for_places(session: Session) -> int:
    """Send the month's mail to providers that have not had it. Says how many providers were asked."""
    due = session.scalars(
        select(the_provider)
        .join(Service, Service.organization_id == Organization.id)
        .where(
            Service.status.in_(SHOWN),
            # Nobody who never took on a listing is written to month after month.
            Organization.member_organization_id.is_not(None) | Service.next_check_on.is_not(None),
            Organization.email.is_not(None) | Organization.member_organization_id.in_(_staffed()),
            ~the_provider.in_(_asked_lately()),
        )
        .distinct()
        .order_by(the_provider)
        .limit(AT_A_TIME)
    ).all()
    for provider_id in due:
        _ask(session, provider_id)
    return len(due)


def _asked_lately() -> Select[UUID]:
    month = datetime.combine(clock.today().replace(day=1), time(), clock.LONDON)
    since = min(month, clock.now() - NOT_AGAIN_WITHIN)
    return select(SignedLink.subject_id).where(SignedLink.purpose == PURPOSE, SignedLink.created_at >= since)


def _staffed() -> Select[UUID]:
    """Organisations with somebody who looks after their listings."""
    return (
        select(Membership.organization_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.role == Role.PROVIDER,
            Membership.ended_at.is_(None),
            User.status == UserStatus.ACTIVE,
            User.email.is_not(None),
        )
    )


def _ask(session: Session, provider_id: UUID) -> None:
    about = About(type=SUBJECT, id=provider_id)
    for recipient in recipients(session, provider_id):
        token = links.issue(session, PURPOSE, about, lifetime=LINK_LASTS, once=False)
        words = render_message(PLACES_DUE.name, "en", address=address_of("curation.places_by_link", token=token))
        whom = sha256(recipient.encode()).hexdigest()[:16]
        key = f"places:{provider_id}:{clock.today():%Y-%m}:{whom}"
        send(session, Draft(words=words, dedupe_key=key, recipient=recipient, about=about))


def recipients(session: Session, provider_id: UUID) -> list[str]:
    """Who is asked: the provider's own staff, else the first address of its entries in the directory."""
    staff = session.scalars(
        _staffed()
        .with_only_columns(User.email)
        .where(Membership.organization_id == provider_id)
        .distinct()
        .order_by(User.email)
    ).all()
    if staff:
        return [address for address in staff if address]
    one = session.scalars(
        select(Organization.email)
        .where(the_provider == provider_id, Organization.email.is_not(None))
        .order_by(Organization.name, Organization.id)
        .limit(1)
    ).first()
    return [one] if one else []


def listings_of(session: Session, provider_id: UUID) -> list[Service]:
    """The provider's listings that the public is shown, by name."""
    return list(session.scalars(_listings(provider_id).order_by(Service.name, Service.id)))


def listing_of(session: Session, provider_id: UUID, service_id: UUID) -> Service:
    """One of them. NotFound for any other."""
    found = session.scalars(_listings(provider_id).where(Service.id == service_id).order_by(Service.id)).one_or_none()
    if found is None:
        raise NotFound("service")
    return found


def _listings(provider_id: UUID) -> Select[Service]:
    return (
        select(Service)
        .join(Organization, Organization.id == Service.organization_id)
        .where(the_provider == provider_id, Service.status.in_(SHOWN))
    )
