"""An advice service with many contacts: milliseconds that its pages keep a database busy, on both kinds.

All contacts are of one organisation, which is the hardest case. The database's plans are asked too: a page of the desk
that would read all contacts is told of.

python -m tests.bench.bench_advice 100000
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.codes import OrganizationKind, Role
from app.accounts.operations import create_organization
from app.advice import queries
from app.advice.codes import CaseState, Channel, ClientKind, Closure, DateKind, Level, Place, Result, StepBy
from app.advice.issue_tree import issue_tree
from app.advice.models import AdviceCase, AdviceContact, AdviceIssue, KeyDate, NextStep
from app.advice.queries import appointments, figures, worklists
from app.advice.queries.contacts import Wanted
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.engines import write_engine
from app.migrations.commands import upgrade
from app.people.models import Person
from app.reporting.advice import activity
from app.reporting.rules.periods import Period
from app.web.database import db
from tests.bench.database_time import both_databases, busy
from tests.conftest import settings_for
from tests.signing_in import a_member, actor_of

GOAL_MS = 100.0
DAYS = 3 * 365
ADVISERS = 20
ASKED = 9


def fill(session: Session, count: int) -> tuple[Actor, Actor, UUID]:
    """Three years of contacts of one service; an adviser, the manager, and somebody who came often."""
    rng = random.Random(7)
    place = create_organization(session, SYSTEM, name="Advice", kind=OrganizationKind.ADVICE)
    staff = [a_member(session, Role.ADVISER, workplace="Advice", email=f"a{n}@bench.example") for n in range(ADVISERS)]
    manager = a_member(session, Role.MANAGER, workplace="Advice", email="m@bench.example")
    people = [_person(rng, place.id, n) for n in range(max(count // 3, 1))]
    _many(session, Person, people)
    cases = [_case(rng, place.id, rng.choice(staff).id, rng.choice(people)["id"], n) for n in range(count // 10)]
    _many(session, AdviceCase, cases)
    contacts = [_contact(rng, place.id, rng.choice(staff).id, rng.choice(people)["id"]) for _ in range(count)]
    for contact, case in zip(contacts, cases, strict=False):
        contact["case_id"] = case["id"]
    _many(session, AdviceContact, contacts)
    codes = list(issue_tree())
    issues = [
        {"id": uuid4(), "created_at": contact["created_at"], "contact_id": contact["id"], "code": code, "position": at}
        for contact in contacts
        for at, code in enumerate(rng.sample(codes, rng.choice([1, 1, 1, 2, 3])))
    ]
    _many(session, AdviceIssue, issues)
    _many(session, KeyDate, [_date(rng, contact) for contact in rng.sample(contacts, count // 20)])
    _many(session, NextStep, [_step(rng, contact) for contact in rng.sample(contacts, count // 5)])
    session.commit()
    return actor_of(session, staff[0]), actor_of(session, manager), contacts[0]["person_id"] or people[0]["id"]


def _settle(engine: Engine) -> None:
    """What PostgreSQL does by itself after so many rows: it answers counts from an index only after it.

    SQLite keeps no statistics here, as in a Waymark that runs.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # It takes longer than a request may where the machine is busy.
        for statement in ("SET statement_timeout = 0", "VACUUM ANALYZE", "RESET statement_timeout"):
            connection.execute(text(statement))


def _many(session: Session, model: type[Any], values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), 5000):
        session.execute(insert(model), values[start : start + 5000])


def _person(rng: random.Random, place: UUID, number: int) -> dict[str, Any]:
    return {
        "id": uuid4(), "organization_id": place, "name": f"Person {number}", "search_name": f"person {number}",
        "born_on": date(1940, 1, 1) + timedelta(days=rng.randrange(25_000)), "gp_ods_code": f"P{rng.randrange(40):05d}",
    }  # fmt: skip


def _case(rng: random.Random, place: UUID, adviser: UUID, person: UUID, number: int) -> dict[str, Any]:
    opened, is_open = clock.today() - timedelta(days=rng.randrange(DAYS)), rng.random() < 0.1
    return {
        "id": uuid4(), "organization_id": place, "adviser_id": adviser, "person_id": person, "number": number + 1,
        "issue": "debt/council-tax", "opened_on": opened, "state": CaseState.OPEN if is_open else CaseState.CLOSED,
        "closed_on": None if is_open else opened, "closure": None if is_open else Closure.COMPLETE,
    }  # fmt: skip


def _contact(rng: random.Random, place: UUID, adviser: UUID, person: UUID) -> dict[str, Any]:
    day, is_named = clock.today() - timedelta(days=rng.randrange(DAYS)), rng.random() < 0.7
    waits, reached = rng.random() < 0.002, rng.random() < 0.8
    return {
        "id": uuid4(), "created_at": clock.now(), "organization_id": place, "adviser_id": adviser, "happened_on": day,
        "case_id": None, "minutes": rng.choice([5, 10, 20, 45]), "place": rng.choice(list(Place)),
        "client_kind": ClientKind.NAMED if is_named else ClientKind.ANONYMOUS,
        "person_id": person if is_named else None, "client_key": uuid4(), "channel": rng.choice(list(Channel)),
        "result": Result.REACHED if reached else Result.NO_ANSWER, "level": rng.choice(list(Level)),
        "words": "behind with the rent", "advice": "Ask for a plan. " * 20,
        "call_back_on": clock.today() if waits else None, "seconds_to_log": rng.randrange(20, 90),
    }  # fmt: skip


def _date(rng: random.Random, contact: dict[str, Any]) -> dict[str, Any]:
    is_open = rng.random() < 0.05
    day = clock.today() + timedelta(days=rng.randrange(60)) if is_open else contact["happened_on"]
    return {
        "id": uuid4(), "organization_id": contact["organization_id"], "contact_id": contact["id"],
        "case_id": contact["case_id"], "owner_id": contact["adviser_id"], "kind": DateKind.COURT, "on": day,
        "done_at": None if is_open else clock.now(),
    }  # fmt: skip


def _step(rng: random.Random, contact: dict[str, Any]) -> dict[str, Any]:
    is_open = rng.random() < 0.03
    return {
        "id": uuid4(), "organization_id": contact["organization_id"], "contact_id": contact["id"],
        "case_id": contact["case_id"], "owner_id": contact["adviser_id"], "by": StepBy.ADVISER, "words": "Write",
        "due_on": clock.today(), "done_at": None if is_open else clock.now(),
    }  # fmt: skip


def the_desk(session: Session, actor: Actor) -> None:
    """Everything that the page of the desk asks."""
    today, start = clock.today(), appointments.midnight()
    appointments.appointments(session, actor, start, start + appointments.WEEK, adviser_id=actor.user_id)
    appointments.missed(session, actor)
    worklists.deadlines(session, actor)
    worklists.waiting(session, actor)
    worklists.due(session, actor)
    worklists.to_close(session, actor)
    queries.drafts(session, actor)
    figures.own_figures(session, actor, today.replace(day=1), today)


def the_counts(session: Session, actor: Actor) -> None:
    """What the home of an adviser counts."""
    for count in (worklists.count_deadlines, worklists.count_waiting, worklists.count_due, worklists.count_to_close):
        count(session, actor)


def _questions(adviser: Actor, manager: Actor, person: UUID) -> list[tuple[str, Callable[[Session], object]]]:
    today = clock.today()
    year = Period(today - timedelta(days=364), today)
    quarter = Period(today - timedelta(days=90), today)
    return [
        ("the whole desk", lambda s: the_desk(s, adviser)),
        ("the counts of the home", lambda s: the_counts(s, adviser)),
        ("contacts, first page", lambda s: queries.contacts(s, adviser, Wanted())),
        ("contacts, mine", lambda s: queries.contacts(s, adviser, Wanted(adviser_id=adviser.user_id))),
        ("contacts, of one issue", lambda s: queries.contacts(s, adviser, Wanted(issue="debt"))),
        ("contacts of a person", lambda s: queries.contacts_of_person(s, adviser, person)),
        ("the last one I logged", lambda s: queries.last_of(s, adviser)),
        ("activity report, a quarter", lambda s: activity(s, manager, quarter)),
        ("activity report, a year", lambda s: activity(s, manager, year)),
    ]


def measure(url: str, folder: Path, count: int) -> float:
    """Print one table; return the median of the slowest page of the desk."""
    upgrade(url)
    app = create_app(settings_for(url, folder))
    desk = 0.0
    with app.test_request_context():
        # To fill it is no request: on a busy machine one statement of it takes longer than a request may.
        filling = write_engine(url, statement_timeout=False)
        with Session(filling) as session:
            asked = fill(session, count)
        filling.dispose()
        _settle(db.engines[None])
        print(f"\n{count:,} contacts, {url.split(':', maxsplit=1)[0]}; ms in the database: median, worst of {ASKED}")
        for label, ask in _questions(*asked):
            took, plans = busy(ask, times=ASKED, table="advice_contact")
            desk = max(desk, 0.0 if "report" in label else median(took))
            told = "  READS ALL CONTACTS" if plans and "report" not in label else ""
            print(f"  {label:34}{median(took):9.2f}{max(took):9.2f}{told}", flush=True)
        for engine in db.engines.values():
            engine.dispose()
    return desk


def main(count: int = 100_000) -> None:
    """Both databases, one after the other."""
    with both_databases() as (urls, folder):
        slowest = max(measure(url, folder, count) for url in urls)
    print(f"\nslowest page of the desk: {slowest:.1f} ms (goal {GOAL_MS:.0f} ms)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
