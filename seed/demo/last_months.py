"""The demo's last months at Wexmoor Advice: enough of them that a report shows more than that there was little.

Everybody in it is made up. Who they are and what they came about is worked out from their place in the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.advice.codes import (
    Achieved,
    Channel,
    ClientKind,
    Closure,
    Frequency,
    Level,
    MoneyKind,
    MoneyStatus,
    Place,
    Result,
    ResultKind,
)
from app.advice.details import ToldContact
from app.advice.models import AdviceCase
from app.advice.operations.cases import close_case
from app.advice.operations.contacts import log_contact
from app.advice.operations.outcomes import ToldMoney, add_money, set_result
from app.core import clock
from app.core.actor import Actor
from app.people.codes import Disability, Ethnicity, GenderIdentity, Sex
from app.people.details import Details
from app.people.models import Person
from app.people.operations import add_person
from app.people.operations.equality import answer_equality
from seed.demo.advice import ADVISER
from seed.demo.people import actor_named

SECOND_ADVISER = "adviser2@wexmoor.example"
FIRST_NAMES = ("Alun", "Bethan", "Chidi", "Dorota", "Emrys", "Farah", "Glenys", "Hamza")
LAST_NAMES = ("Abara", "Brackley", "Cottle", "Dunmore", "Eccles", "Fenwick")
DAYS = 130
PRACTICES = (("WX0001", "Harbour Street Surgery"), ("WX0002", "Skelby Medical Centre"))
ISSUES = ("benefits/pip/appeal", "debt/council-tax", "debt/credit")
CHANNELS = (Channel.PHONE, Channel.AT_SERVICE, Channel.AT_SURGERY)
ETHNICITIES = (Ethnicity.BRITISH, Ethnicity.BRITISH, Ethnicity.PAKISTANI, Ethnicity.OTHER_WHITE)
DISABILITIES = (Disability.LIMITED_A_LOT, Disability.LIMITED_A_LITTLE, Disability.NONE)
MONEY = (
    (MoneyStatus.CONFIRMED, MoneyKind.GAIN, 68_10, Frequency.WEEKLY),
    (MoneyStatus.CLAIMED, MoneyKind.GAIN, 72_65, Frequency.WEEKLY),
)


@dataclass(frozen=True, slots=True)
class Client:
    """One of them, by their place in the list."""

    at: int
    name: str

    def day(self, visit: int) -> date:
        """When they came for the first time, and three weeks later each."""
        return clock.today() - timedelta(days=max(DAYS - self.at * 29 % DAYS - visit * 21, 1))

    def details(self) -> Details:
        """Their record."""
        code, practice = PRACTICES[self.at // 2 % 2]
        return Details(
            name=self.name,
            born_on=date(1946 + (self.at * 11) % 58, 1 + self.at % 12, 1 + self.at % 28),
            gp_ods_code=code,
            gp_name=practice,
        )

    def equality(self) -> dict[str, StrEnum | None]:
        """What they answered; every seventh said nothing."""
        woman = self.at % 5 < 3
        return {} if self.at % 7 == 6 else {
            "sex": Sex.FEMALE if woman else Sex.MALE,
            "gender": GenderIdentity.FEMALE if woman else GenderIdentity.MALE,
            "ethnicity": ETHNICITIES[self.at % 4],
            "disability": DISABILITIES[self.at % 3],
        }  # fmt: skip


def load(session: Session) -> None:
    """Log it once, half of it by each of the two advisers."""
    advisers = [actor_named(session, email) for email in (ADVISER, SECOND_ADVISER)]
    clients = [Client(at, f"{first} {last}") for at, (first, last) in enumerate(product(FIRST_NAMES, LAST_NAMES))]
    known = select(Person.id).filter_by(name=clients[0].name, organization_id=advisers[0].organization_id)
    if session.scalar(known.limit(1)) is not None:
        return
    for client in clients:
        _log(session, advisers[client.at // 2 % 2], client)
    for at in range(12):
        log_contact(session, advisers[at % 2], _nobody(at))


def _log(session: Session, actor: Actor, client: Client) -> None:
    """A client who came once, or twice in a case, which has ended."""
    person = add_person(session, actor, client.details())
    if answers := client.equality():
        answer_equality(session, actor, person, answers)
    has_case = client.at % 2 == 1
    first, *others = list(_contacts(client, person.id, has_case=has_case))
    case_id = log_contact(session, actor, first).case_id
    for told in others:
        made = log_contact(session, actor, replace(told, case_id=case_id))
        made.called_back_at = clock.now() if made.call_back_on else None
    if case_id is not None:
        _end(session, actor, session.get_one(AdviceCase, case_id), client)


def _contacts(client: Client, person_id: UUID, *, has_case: bool) -> Iterator[ToldContact]:
    for visit in range(1 + has_case):
        channel = CHANNELS[(client.at + visit) % 3]
        yield ToldContact(
            client_kind=ClientKind.NAMED,
            person_id=person_id,
            channel=channel,
            place=Place.SURGERY if channel is Channel.AT_SURGERY else Place.OFFICE,
            result=Result.NO_ANSWER if visit == 1 and client.at % 4 == 3 else Result.REACHED,
            level=Level.CASEWORK if has_case else Level.ADVICE,
            minutes=(15, 30, 45)[(client.at + visit) % 3],
            happened_on=client.day(visit),
            words="",
            issues=(ISSUES[client.at % 3],),
            emergencies_asked=True,
            opens_case=has_case and visit == 0,
            seconds=35 + client.at % 30,
        )


def _end(session: Session, actor: Actor, case: AdviceCase, client: Client) -> None:
    """What the case achieved, and its end five weeks after it began; most of them were asked again since."""
    status, kind, pence, frequency = MONEY[client.at // 2 % 2]
    opened = client.day(0)
    ended = min(opened + timedelta(days=35), clock.today() - timedelta(days=1))
    told = ToldMoney(
        kind=kind,
        status=status,
        pence=pence,
        frequency=frequency,
        starts_on=opened,
        evidence="Letter of the decision" if status is MoneyStatus.CONFIRMED else "",
    )
    money = add_money(session, actor, case, told)
    money.confirmed_on = ended if status is MoneyStatus.CONFIRMED else None
    # A third of them lasted, a third did not, and of the others nobody knows.
    achieved = (Achieved.FULLY, Achieved.NOT, Achieved.FULLY)[client.at // 2 % 3]
    found = set_result(session, actor, case, ResultKind.TENANCY_SUSTAINED, achieved, theirs=client.at % 3 == 0)
    close_case(session, actor, case, Closure.COMPLETE, "")
    case.opened_on, case.closed_on = opened, ended
    found.noted_on = ended if client.at // 2 % 3 == 2 else clock.today()


def _nobody(at: int) -> ToldContact:
    """Somebody who gave no name: a short call."""
    return ToldContact(
        client_kind=ClientKind.ANONYMOUS,
        channel=Channel.PHONE,
        level=Level.INFORMATION,
        minutes=10,
        happened_on=clock.today() - timedelta(days=1 + at * 8),
        issues=(ISSUES[at % 3],),
        emergencies_asked=True,
        seconds=30 + at,
    )
