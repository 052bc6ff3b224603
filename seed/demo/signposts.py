"""The demo's signposts: what the surgery's desk gave in the last weeks, and what came back. Nobody in it is real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.current import vault
from app.accounts.models import MemberOrganization, User
from app.accounts.sessions import roles_in
from app.accounts.vault import SIGNPOST
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.directory.importing.identity import minted
from app.directory.models import Service
from app.referrals.signposts import operations
from app.referrals.signposts.codes import Contacted, Helped, Hindrance, Way
from app.referrals.signposts.models import Signpost
from app.referrals.signposts.operations import Pick, Wanted
from app.referrals.signposts.rules import Tap
from seed.demo import staff
from seed.demo.listings import SOURCE


@dataclass(frozen=True, slots=True)
class DemoSignpost:
    """One slip: who gave it and how, how long ago, the slugs of its services, and what was said of each."""

    slug: str
    given_by: str
    days_ago: int
    way: Way
    need: str
    district: str
    services: tuple[str, ...]
    taps: dict[str, tuple[Tap, ...]] = field(default_factory=dict)


SIGNPOSTS = (
    DemoSignpost(
        "rent",
        "surgery@wexmoor.example",
        19,
        Way.A4,
        "debt-advice",
        "WX1",
        ("wac-generalist-advice", "northmoor-debt-line-advice"),
        {
            "wac-generalist-advice": (Contacted.YES, Helped.YES),
            "northmoor-debt-line-advice": (Contacted.NOT_YET, Hindrance.NO_ANSWER),
        },
    ),
    DemoSignpost(
        "first-baby",
        "surgery@wexmoor.example",
        12,
        Way.SMS,
        "family",
        "WX2",
        ("family-hubs-baby-and-you", "good-enough-new-dads"),
        {"family-hubs-baby-and-you": (Contacted.YES, Helped.NO, Hindrance.FULL)},
    ),
    DemoSignpost(
        "another-baby",
        "surgery2@wexmoor.example",
        9,
        Way.A5,
        "family",
        "WX3",
        ("family-hubs-baby-and-you",),
        {"family-hubs-baby-and-you": (Contacted.NOT_YET, Hindrance.FULL)},
    ),
    DemoSignpost("heating", "surgery@wexmoor.example", 2, Way.A4, "money", "WX1", ("council-household-crisis-fund",)),
    DemoSignpost("forms", "hub@wexmoor.example", 1, Way.EMAIL, "benefits", "", ("wac-form-filling",)),
)


def load(session: Session) -> list[Signpost]:
    """Give those that have not been given yet; returns all of them."""
    return [_given(session, told) for told in SIGNPOSTS]


def manifest(given: list[Signpost]) -> dict[str, list[str]]:
    """The ids of the signposts."""
    return {"signposts": [str(made.id) for made in given]}


def _given(session: Session, told: DemoSignpost) -> Signpost:
    actor = _actor(session, told.given_by)
    key = minted(SOURCE, "signpost", told.slug)
    known = select(Signpost).where(Signpost.made_by_id == actor.user_id, Signpost.form_key == key)
    if (made := session.scalars(known.order_by(Signpost.id)).one_or_none()) is not None:
        return made
    services = {slug: session.get_one(Service, minted(SOURCE, "service", slug)) for slug in told.services}
    with clock.moved_to(clock.now() - timedelta(days=told.days_ago)):
        picks = [_pick(service) for service in services.values()]
        wanted = Wanted(picks=picks, need=told.need, district=told.district)
        made = operations.give(session, actor, vault(SIGNPOST), wanted, form_key=key)
        operations.hand_over(session, actor, made, told.way)
    with clock.moved_to(clock.now() - timedelta(days=told.days_ago // 2)):
        _answer(session, made, {services[slug].id: taps for slug, taps in told.taps.items()})
    return made


def _pick(service: Service) -> Pick:
    return Pick(service, service.what_to_say or "", service.what_to_bring or "", service.what_happens_next or "")


def _answer(session: Session, made: Signpost, taps: dict[UUID, tuple[Tap, ...]]) -> None:
    holder = Actor(kind=ActorKind.LINK, subject_id=made.id)
    for line in made.lines:
        for tap in taps.get(line.service_id, ()) if line.service_id else ():
            operations.answer(session, holder, line, tap)


def _actor(session: Session, email: str) -> Actor:
    member = next(member for member in staff.MEMBERS if member.email == email)
    place = next(place for place in staff.WORKPLACES if place.slug == member.workplace)
    user_id = session.scalars(select(User.id).where(User.email == email).order_by(User.id)).one()
    organization_id = session.scalars(
        select(MemberOrganization.id).where(MemberOrganization.name == place.name).order_by(MemberOrganization.id)
    ).one()
    roles = roles_in(session, user_id, organization_id)
    return Actor(kind=ActorKind.STAFF, user_id=user_id, organization_id=organization_id, roles=roles)
