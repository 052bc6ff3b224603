"""The demo's collections: two lists that an editor of the town might have made."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import SYSTEM
from app.core.text import slugify
from app.directory.curation import collections
from app.directory.importing.identity import minted
from app.directory.models import Collection, Service
from seed.demo.listings import SOURCE


@dataclass(frozen=True, slots=True)
class DemoCollection:
    """A list: the slugs of its services, each with the reason why it is there."""

    name: str
    introduction: str
    items: tuple[tuple[str, str], ...]


COLLECTIONS = (
    DemoCollection(
        "For new parents",
        "A baby changes everything. Start here for company, sleep and someone to ask.",
        (
            ("family-hubs-front-door", "Not sure where to begin? They know everyone else on this list."),
            ("family-hubs-baby-and-you", "Meet other parents with a small baby."),
            ("good-enough-new-dads", "For fathers, on a Saturday."),
            ("relationship-service-couples", "When you argue more than you used to."),
        ),
    ),
    DemoCollection(
        "When money is tight",
        "Help with bills, debts and forms. All of it is free.",
        (
            ("wac-generalist-advice", "Ring or walk in with any worry about money."),
            ("northmoor-debt-line-advice", "If you owe more than you can pay."),
            ("council-household-crisis-fund", "If you have nothing left for food or heat this week."),
            ("wac-form-filling", "Bring the form. Somebody fills it in with you."),
        ),
    ),
)


def load(session: Session) -> None:
    """Make the collections that are not there yet, and publish them."""
    for told in COLLECTIONS:
        if session.scalar(select(Collection.id).where(Collection.slug == slugify(told.name))) is None:
            _make(session, told)


def _make(session: Session, told: DemoCollection) -> None:
    made = collections.make(session, SYSTEM, name=told.name, introduction=told.introduction)
    for slug, _why in told.items:
        collections.add(session, SYSTEM, made, session.get_one(Service, minted(SOURCE, "service", slug)))
    reasons = dict(told.items)
    notes = {item.id: reasons[item.service.source_id or ""] for item in collections.items(session, made.id)}
    collections.set_notes(session, SYSTEM, made, notes)
    collections.publish(session, SYSTEM, made)
