"""The demo's people: a few records at the surgeries, the hub and the advice service. Everybody in them is made up.

Their NHS numbers begin with 999, which is given to nobody; their mobiles are of the range that Ofcom keeps for drama.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization, User
from app.accounts.sessions import organizations_of, roles_in
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.people.codes import (
    AccessibleFormat,
    AddressStatus,
    ContactChannel,
    NhsNumberStatus,
    PermissionKind,
    PermissionMethod,
    SharingLevel,
)
from app.people.details import Details
from app.people.models import Person
from app.people.operations import Answer, add_person, answer_permission
from app.people.rules.contact import SafeTime


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A record: its slug in the manifest, who of the demo's staff made it, and what it says."""

    slug: str
    made_by: str
    details: Details
    level: SharingLevel | None = None
    shares_with: tuple[str, ...] = ()


MORNINGS = SafeTime(frozenset({0, 2, 4}), time(9), time(12))
PEOPLE = (
    DemoPerson(
        "rowan",
        "surgery@wexmoor.example",
        Details(
            name="Rowan Ashby",
            born_on=date(1984, 2, 29),
            nhs_number="9990000018",
            nhs_number_status=NhsNumberStatus.TRACED,
            address_status=AddressStatus.KNOWN,
            address="14 Ropewalk\nWexmoor",
            postcode="WX1 2LH",
            gp_ods_code="WX0001",
            gp_name="Harbour Street Surgery",
            mobile="+447700900118",
            mobile_is_private=True,
            email="rowan.ashby@person.example",
            safe_channels=frozenset({ContactChannel.SMS, ContactChannel.PHONE}),
            safe_times=(MORNINGS,),
            contact_note="A brother shares the flat and does not know. Say that you call from the library.",
            adjustments=("A room without stairs", "Time to answer"),
        ),
        SharingLevel.SUMMARY,
        ("Wexmoor Wellbeing Hub", "Wexmoor Advice"),
    ),
    DemoPerson(
        "gwen",
        "surgery@wexmoor.example",
        Details(
            name="Gwenllian Morris",
            known_as="Gwen",
            born_on=date(1951, 11, 3),
            nhs_number="9990000026",
            gp_ods_code="WX0001",
            gp_name="Harbour Street Surgery",
            address_status=AddressStatus.KNOWN,
            address="3 Chapel Row\nCarrow",
            postcode="WX3 1AA",
            phone="01632 960118",
            safe_channels=frozenset({ContactChannel.PHONE, ContactChannel.LETTER}),
            voicemail_allowed=True,
            discreet=False,
            language="cy",
            formats=frozenset({AccessibleFormat.LARGE_PRINT}),
        ),
        SharingLevel.FULL,
        ("Wexmoor Wellbeing Hub",),
    ),
    DemoPerson(
        "tariq",
        "surgery@wexmoor.example",
        Details(
            name="Tariq Hussain",
            born_on=date(1996, 7, 19),
            address_status=AddressStatus.NO_FIXED_ADDRESS,
            gp_ods_code="WX0001",
            gp_name="Harbour Street Surgery",
            do_not_contact=True,
            contact_note="His phone is not his own. He comes to the front desk on Fridays.",
            language="ur",
            interpreter=True,
        ),
    ),
    DemoPerson(
        "dee",
        "hub@wexmoor.example",
        Details(
            name="Dee",
            mobile="+447700900204",
            mobile_is_private=True,
            safe_channels=frozenset({ContactChannel.SMS}),
            formats=frozenset({AccessibleFormat.EASY_READ}),
        ),
        SharingLevel.CODES,
        ("Wexmoor Advice",),
    ),
    DemoPerson(
        "rowan-at-hub",
        "hub@wexmoor.example",
        Details(
            name="Ashby, Rowan",
            born_on=date(1984, 2, 29),
            mobile="+447700900118",
            safe_channels=frozenset({ContactChannel.SMS}),
        ),
    ),
    DemoPerson(
        "colin",
        "adviser@wexmoor.example",
        Details(
            name="Colin Peart",
            born_on=date(1967, 5, 8),
            address_status=AddressStatus.KNOWN,
            address="Flat 2, 40 Quay Street\nWexmoor",
            postcode="WX1 1AB",
            email="colin.peart@person.example",
            email_is_private=True,
            safe_channels=frozenset({ContactChannel.EMAIL}),
        ),
        SharingLevel.CODES,
        ("Wexmoor Wellbeing Hub",),
    ),
)


def load(session: Session) -> dict[str, UUID]:
    """Make the records that are not there yet; their ids by slug."""
    return {told.slug: _find(session, told) or _make(session, told) for told in PEOPLE}


def _find(session: Session, told: DemoPerson) -> UUID | None:
    made_by = select(User.id).where(User.email == told.made_by).scalar_subquery()
    wanted = select(Person.id).where(Person.name == told.details.name, Person.made_by_id == made_by)
    return session.scalars(wanted.order_by(Person.created_at, Person.id)).first()


def _make(session: Session, told: DemoPerson) -> UUID:
    actor = actor_named(session, told.made_by)
    person = add_person(session, actor, told.details)
    places = _places(session)
    ends = clock.today() + timedelta(days=180)
    for answer in _answers(told, places):
        answer_permission(session, actor, person, Answer(**answer, method=PermissionMethod.VERBAL, expires_on=ends))
    return person.id


def _answers(told: DemoPerson, places: Mapping[str, UUID]) -> list[dict[str, Any]]:
    if told.level is None:
        return []
    return [
        {"kind": PermissionKind.RECORD, "given": True},
        {"kind": PermissionKind.TELL_REFERRER, "given": True, "level": told.level},
        {
            "kind": PermissionKind.SHARE_REFERRAL,
            "given": True,
            "organizations": {places[name]: name for name in told.shares_with},
        },
        {"kind": PermissionKind.FOLLOW_UP, "given": told.level is not SharingLevel.CODES},
    ]


def _places(session: Session) -> dict[str, UUID]:
    rows = session.execute(select(MemberOrganization.name, MemberOrganization.id).order_by(MemberOrganization.name))
    return {name: id_ for name, id_ in rows}  # noqa: C416 - the types are clearer so


def actor_named(session: Session, email: str) -> Actor:
    """A member of the demo's staff as the actor that they are at work."""
    user = session.scalars(select(User).where(User.email == email)).one()
    place = organizations_of(session, user.id)[0]
    return Actor(
        kind=ActorKind.STAFF,
        user_id=user.id,
        organization_id=place.id,
        roles=roles_in(session, user.id, place.id),
    )
