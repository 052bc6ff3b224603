"""The demo's advice: what the adviser of Wexmoor Advice logged lately. Everybody in it is made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.codes import (
    Achieved,
    Channel,
    ClientKind,
    DateKind,
    Emergency,
    Frequency,
    Level,
    MoneyKind,
    MoneyStatus,
    Place,
    Result,
    ResultKind,
    StepBy,
)
from app.advice.details import ToldContact, ToldDate, ToldStep
from app.advice.models import AdviceCase, AdviceContact
from app.advice.operations.cases import add_party
from app.advice.operations.contacts import log_contact
from app.advice.operations.household import keep_statement
from app.advice.operations.outcomes import ToldMoney, add_money, set_result
from app.advice.queries import has_outcomes
from app.advice.rules.household import Amount, Debt, DebtKind, Heading
from app.core import clock
from app.core.actor import Actor
from seed.demo.people import actor_named

ADVISER = "adviser@wexmoor.example"
CLIENT = "colin"
OLDER = timedelta(days=40)


def load(session: Session, people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Log the contacts that are not there yet; their ids by slug."""
    actor = actor_named(session, ADVISER)
    known = {
        slug: _find(session, actor.user_id, told) or log_contact(session, actor, told).id
        for slug, told in _contacts(clock.today(), people[CLIENT]).items()
    }
    _fill_case(session, actor, known["first"])
    _age_case(session, known["older"])
    return known


def _case_of(session: Session, contact_id: UUID) -> AdviceCase | None:
    return session.scalars(
        select(AdviceCase)
        .join(AdviceContact, AdviceContact.case_id == AdviceCase.id)
        .where(AdviceContact.id == contact_id)
        .order_by(AdviceCase.id)
    ).one_or_none()


def _age_case(session: Session, contact_id: UUID) -> None:
    """A case from before this month: what a supervisor reads is drawn from those."""
    if (case := _case_of(session, contact_id)) is not None:
        case.opened_on = min(case.opened_on, clock.today() - OLDER)


def _fill_case(session: Session, actor: Actor, contact_id: UUID) -> None:
    """What the first contact's case has achieved so far, and its other side; nothing where that is there."""
    case = _case_of(session, contact_id)
    if case is None or has_outcomes(session, case.id):
        return
    day = clock.today()
    add_party(session, actor, case, "Quayside Lettings")
    grant = ToldMoney(
        kind=MoneyKind.GRANT,
        status=MoneyStatus.CONFIRMED,
        pence=150_00,
        frequency=Frequency.ONCE,
        starts_on=day,
        evidence="Letter of the fund",
    )
    award = ToldMoney(
        kind=MoneyKind.GAIN,
        status=MoneyStatus.EXPECTED,
        pence=72_65,
        frequency=Frequency.WEEKLY,
        starts_on=day,
    )
    for told in (grant, award):
        add_money(session, actor, case, told)
    set_result(session, actor, case, ResultKind.UNDERSTANDS_OPTIONS, Achieved.FULLY, theirs=True)
    _fill_household(session, actor, case)


def _fill_household(session: Session, actor: Actor, case: AdviceCase) -> None:
    """What the client told at first, and a second version with what was found since."""
    first = {
        Heading.BENEFITS: Amount(393_45, Frequency.MONTHLY),
        Heading.RENT: Amount(110_00, Frequency.WEEKLY),
        Heading.ENERGY: Amount(24_00, Frequency.WEEKLY),
        Heading.FOOD: Amount(45_00, Frequency.WEEKLY),
        Heading.COMMUNICATIONS: Amount(18_00, Frequency.MONTHLY),
    }
    debts = [
        Debt(DebtKind.CREDIT_CARD, "Northgate Card", 1_240_00, 25_00),
        Debt(DebtKind.RENT, "Quayside Lettings", 660_00, 0, is_priority=True),
    ]
    keep_statement(session, actor, case, first, debts)
    more = {Heading.OTHER_INCOME: Amount(40_00, Frequency.WEEKLY), Heading.WATER: Amount(31_50, Frequency.MONTHLY)}
    energy = Debt(DebtKind.ENERGY, "", 212_00, 15_00, is_priority=True)
    keep_statement(session, actor, case, first | more, [*debts, energy], note="Bank statements seen.", after=1)


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
        "older": replace(
            plain,
            client_kind=ClientKind.NUMBERED,
            client_number="Q-187",
            level=Level.CASEWORK,
            minutes=40,
            happened_on=today - OLDER,
            words="Bailiffs have written about old council tax",
            issues=("debt/bailiffs", "debt/council-tax"),
            advice="Let nobody in. Ask the council to take the debt back and to agree on payments that can be kept up.",
            sources="GOV.UK, Bailiff powers when they visit your home",
            steps=(ToldStep(words="Ask the council to hold action for 28 days", due_on=today + timedelta(days=2)),),
            opens_case=True,
            seconds=64,
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
