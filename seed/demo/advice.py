"""The demo's advice: what the adviser of Wexmoor Advice logged lately. Everybody in it is made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.codes import Channel, ClientKind, DateKind, Emergency, Level, Place, Result, StepBy
from app.advice.details import ToldContact, ToldDate, ToldStep
from app.advice.models import AdviceContact
from app.advice.operations.contacts import log_contact
from app.core import clock
from seed.demo.people import actor_named

ADVISER = "adviser@wexmoor.example"
CLIENT = "colin"


def load(session: Session, people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Log the contacts that are not there yet; their ids by slug."""
    actor = actor_named(session, ADVISER)
    return {
        slug: _find(session, actor.user_id, told) or log_contact(session, actor, told).id
        for slug, told in _contacts(clock.today(), people[CLIENT]).items()
    }


def _find(session: Session, adviser_id: UUID | None, told: ToldContact) -> UUID | None:
    wanted = select(AdviceContact.id).where(AdviceContact.adviser_id == adviser_id, AdviceContact.words == told.words)
    return session.scalars(wanted.order_by(AdviceContact.created_at, AdviceContact.id)).first()


def _contacts(today: date, client: UUID) -> dict[str, ToldContact]:
    plain = ToldContact(
        client_kind=ClientKind.ANONYMOUS,
        channel=Channel.PHONE,
        level=Level.ADVICE,
        minutes=20,
        happened_on=today,
        emergencies_asked=True,
        seconds=48,
    )
    return {
        "first": replace(
            plain,
            client_kind=ClientKind.NAMED,
            person_id=client,
            channel=Channel.AT_SURGERY,
            place=Place.SURGERY,
            place_ods_code="WX0001",
            level=Level.CASEWORK,
            minutes=45,
            happened_on=today - timedelta(days=9),
            words="PIP turned down, and behind with the rent since",
            issues=("benefits/pip/appeal", "housing/rent-arrears"),
            advice="Ask for a mandatory reconsideration. Keep paying something towards the rent, and tell the landlord "
            "that the decision is disputed.",
            sources="GOV.UK, Appeal a benefit decision, before you appeal",
            dates=(ToldDate(kind=DateKind.RECONSIDERATION, on=today - timedelta(days=20)),),
            steps=(
                ToldStep(words="Write to the landlord about a payment plan", due_on=today),
                ToldStep(
                    words="Bring the decision letter and bank statements",
                    by=StepBy.CLIENT,
                    due_on=today + timedelta(days=5),
                ),
            ),
            opens_case=True,
            seconds=71,
        ),
        "call-back": replace(
            plain,
            client_kind=ClientKind.NUMBERED,
            client_number="Q-204",
            result=Result.MESSAGE_LEFT,
            minutes=5,
            happened_on=today - timedelta(days=1),
            words="Council tax summons",
            issues=("debt/council-tax",),
            call_back_on=today,
            seconds=22,
        ),
        "food": replace(
            plain,
            minutes=15,
            level=Level.SIGNPOSTING,
            words="Nothing in the cupboard until payday",
            issues=("benefits/food-fuel",),
            emergencies=frozenset({Emergency.NO_FOOD}),
            advice="The pantry is open this afternoon; told how to ask the council for emergency money.",
            seconds=37,
        ),
        "sister": replace(
            plain,
            client_kind=ClientKind.THIRD_PARTY,
            relation="a sister",
            level=Level.INFORMATION,
            minutes=10,
            happened_on=today - timedelta(days=3),
            words="Her brother is being pursued by bailiffs",
            issues=("debt/bailiffs",),
            seconds=41,
        ),
    }
