"""The demo's organisations and their staff: one user a role. Everybody in it is made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import operations
from app.accounts.codes import OrganizationKind, Role
from app.accounts.current import vault
from app.accounts.models import Authenticator, MemberOrganization, User
from app.accounts.passwords import hash_password
from app.accounts.vault import AUTHENTICATOR
from app.core import clock
from app.core.actor import SYSTEM
from app.directory.curation.rules import next_check
from app.directory.importing.identity import minted
from app.directory.models import Organization, Service
from seed.demo.listings import SOURCE

# For a demonstration on one's own machine only; the README says so too.
PASSWORD = "wexmoor lantern bridge"  # noqa: S105 - of the demo, and meant to be known
# One key for all of them: whoever tries the demo adds it to an app once, and can sign in as everybody.
TOTP_SECRET = "WAYMARKDEMOWEXMOORLANTERNBRIDGE2"  # noqa: S105 - as above


@dataclass(frozen=True, slots=True)
class Workplace:
    """An organisation of the demo. ODS codes of the demo begin with WX, which no real code does."""

    slug: str
    name: str
    kind: OrganizationKind
    ods_code: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A user of the demo, with the roles they hold in one organisation."""

    email: str
    name: str
    workplace: str
    roles: tuple[Role, ...]


WORKPLACES = (
    Workplace("surgery", "Harbour Street Surgery", OrganizationKind.SURGERY, "WX0001"),
    Workplace("second-surgery", "Skelby Medical Centre", OrganizationKind.SURGERY, "WX0002"),
    Workplace("hub", "Wexmoor Wellbeing Hub", OrganizationKind.HUB),
    Workplace("advice", "Wexmoor Advice", OrganizationKind.ADVICE),
    Workplace("college", "Wexmoor Recovery College", OrganizationKind.COLLEGE),
    Workplace("lantern", "Lantern Peer Network", OrganizationKind.PROVIDER),
    Workplace("provider", "Northfield Pantry", OrganizationKind.PROVIDER),
    Workplace("commissioner", "Wexmoor Health Commissioning", OrganizationKind.COMMISSIONER),
    Workplace("operator", "Waymark Wexmoor", OrganizationKind.OPERATOR),
)
MEMBERS = (
    Member("surgery@wexmoor.example", "Priya Nair", "surgery", (Role.SURGERY,)),
    Member("surgery2@wexmoor.example", "Tom Ashdown", "second-surgery", (Role.SURGERY,)),
    Member("hub@wexmoor.example", "Dele Akande", "hub", (Role.HUB,)),
    Member("adviser@wexmoor.example", "Morag Sinclair", "advice", (Role.ADVISER,)),
    Member("adviser2@wexmoor.example", "Callum Reid", "advice", (Role.ADVISER,)),
    Member("frontdesk@wexmoor.example", "Jo Penrose", "advice", (Role.FRONT_DESK,)),
    Member("tutor@wexmoor.example", "Gareth Pryce", "college", (Role.TUTOR,)),
    Member("provider@wexmoor.example", "Anna Kowalska", "provider", (Role.PROVIDER,)),
    Member("editor@wexmoor.example", "Ruth Bellamy", "operator", (Role.DIRECTORY_EDITOR,)),
    Member("manager@wexmoor.example", "Samir Haddad", "hub", (Role.MANAGER, Role.HUB)),
    Member("supervisor@wexmoor.example", "Nerys Hall", "advice", (Role.MANAGER,)),
    Member("commissioner@wexmoor.example", "Helen Okafor", "commissioner", (Role.COMMISSIONER,)),
    Member("privacy@wexmoor.example", "Iain Mackay", "operator", (Role.PRIVACY_OFFICER,)),
    Member("administrator@wexmoor.example", "Joan Whitlock", "hub", (Role.ADMINISTRATOR,)),
    # Where Waymark is run: sees the places in which nobody is left, and invites somebody to look after them.
    Member("operator@wexmoor.example", "Esther Kwame", "operator", (Role.ADMINISTRATOR,)),
)


# The listings in the directory that a workplace of the demo keeps true.
LISTED_AS = {
    "advice": "wexmoor-advice-centre",
    "college": "wexmoor-recovery-college",
    "lantern": "lantern-peer-network",
    "provider": "northfield-pantry",
}


def load(session: Session) -> dict[str, MemberOrganization]:
    """Make the organisations and users that are not there yet; returns the organisations by slug."""
    places = {place.slug: _workplace(session, place) for place in WORKPLACES}
    for member in MEMBERS:
        if session.scalar(select(User.id).where(User.email == member.email)) is None:
            kept = hash_password(PASSWORD)
            user = operations.create_user(session, SYSTEM, name=member.name, email=member.email, password_hash=kept)
            for role in member.roles:
                operations.grant(session, SYSTEM, user=user, organization_id=places[member.workplace].id, role=role)
    _give_authenticators(session)
    _link_listings(session, places)
    return places


def _link_listings(session: Session, places: dict[str, MemberOrganization]) -> None:
    for workplace, slug in LISTED_AS.items():
        listed = session.get(Organization, minted(SOURCE, "organization", slug))
        if listed is not None and listed.member_organization_id is None:
            listed.member_organization_id = places[workplace].id
            for service in session.scalars(
                select(Service).where(Service.organization_id == listed.id).order_by(Service.id)
            ):
                service.next_check_on = next_check(service.kind, service.assured_date or clock.today())
    session.flush()


def _give_authenticators(session: Session) -> None:
    without = (
        select(User.id)
        .outerjoin(Authenticator, Authenticator.user_id == User.id)
        .where(User.email.in_(member.email for member in MEMBERS), Authenticator.id.is_(None))
        .order_by(User.email)
    )
    for user_id in session.scalars(without).all():
        session.add(Authenticator(user_id=user_id, secret=vault(AUTHENTICATOR).seal(TOTP_SECRET)))


def manifest(session: Session) -> list[dict[str, Any]]:
    """Each demo user with what is needed to sign in as them."""
    places = {place.slug: place for place in WORKPLACES}
    ids = {email: id_ for id_, email in session.execute(select(User.id, User.email).order_by(User.email))}
    return [
        {
            "id": str(ids[member.email]),
            "email": member.email,
            "name": member.name,
            "organization": places[member.workplace].name,
            "role": member.roles[0].value,
            "roles": [role.value for role in member.roles],
            "password": PASSWORD,
            "totp_secret": TOTP_SECRET,
        }
        for member in MEMBERS
    ]


def _workplace(session: Session, told: Workplace) -> MemberOrganization:
    found = session.scalars(
        select(MemberOrganization).where(MemberOrganization.name == told.name).order_by(MemberOrganization.id)
    ).one_or_none()
    return found or operations.create_organization(
        session, SYSTEM, name=told.name, kind=told.kind, ods_code=told.ods_code
    )
