"""Pathways, referrals and those who work with them, for tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.accounts.codes import OrganizationKind, Role
from app.accounts.models import User
from app.core.actor import SYSTEM, Actor
from app.people.codes import PermissionMethod, SharingLevel
from app.people.models import Person
from app.referrals.codes import Priority, Source
from app.referrals.models import Pathway, Referral
from app.referrals.operations import drafts
from app.referrals.operations.pathways import make_pathway, set_open
from app.referrals.pathways.definition import Definition
from app.referrals.pathways.reading import definition_of
from seed.reference.pathway_templates import FOLDER
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of


@dataclass
class Cast:
    """A surgery that refers, a hub that takes people on, and a pathway between them."""

    gp: Actor
    worker: Actor
    manager: Actor
    gp_user: User
    worker_user: User
    manager_user: User
    pathway: Pathway
    person: Person


def definition(slug: str = "single-point-of-referral", **changes: Any) -> Definition:
    """What a template says, changed."""
    told = definition_of(tomllib.loads((FOLDER / f"{slug}.toml").read_text("utf-8")))
    return replace(told, **changes)


def a_pathway(
    session: Session, organization_id: Any, slug: str = "single-point-of-referral", **changes: Any
) -> Pathway:
    """An open pathway of an organisation."""
    made = make_pathway(session, SYSTEM, definition(slug, **changes), organization_id=organization_id)
    set_open(session, SYSTEM, made, is_open=True)
    return made


def a_cast(
    session: Session, slug: str = "single-point-of-referral", *, ods_code: str = "WX0001", **changes: Any
) -> Cast:
    """Everybody that a referral needs."""
    a_workplace(session, "Harbour Street", kind=OrganizationKind.SURGERY).ods_code = ods_code
    gp = a_member(session, Role.SURGERY, workplace="Harbour Street", email="priya@surgery.example")
    worker = a_member(session, Role.HUB, workplace="The Hub", email="dele@hub.example")
    manager = a_member(session, Role.MANAGER, workplace="The Hub", email="samir@hub.example")
    actor = actor_of(session, gp)
    pathway = a_pathway(session, actor_of(session, worker).organization_id, slug, **changes)
    person = a_person(session, actor, gp_ods_code=ods_code, gp_name="Harbour Street")
    return Cast(
        actor,
        actor_of(session, worker),
        actor_of(session, manager),
        gp,
        worker,
        manager,
        pathway,
        person,
    )


WRITTEN = drafts.Written(
    source=Source.GP,
    priority=Priority.ROUTINE,
    what_would_help="Somebody to talk to",
    answers={"main-needs": "Sleeps badly and lost his job"},
    eligibility={"agrees-to-contact": "yes"},
)
AGREED = drafts.Agreement(given=True, method=PermissionMethod.VERBAL, level=SharingLevel.SUMMARY)


def a_draft(session: Session, cast: Cast, **changes: Any) -> Referral:
    """A draft of the surgery."""
    written = replace(WRITTEN, **changes)
    return drafts.begin(session, cast.gp, cast.person, cast.pathway, written, submission_key=uuid4().hex)


def a_referral(session: Session, cast: Cast, *, level: SharingLevel = SharingLevel.SUMMARY, **changes: Any) -> Referral:
    """A referral that the surgery sent."""
    draft = a_draft(session, cast, **changes)
    return drafts.send(session, cast.gp, draft, replace(AGREED, level=level), version=draft.version)
