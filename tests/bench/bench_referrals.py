"""The desks over many referrals: milliseconds that each list, count and search keeps a database busy, on both kinds.

The database's own plans are asked too: a list that would read the whole table is an error.

python -m tests.bench.bench_referrals 50000
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.codes import OrganizationKind, Role
from app.accounts.operations import create_organization
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.migrations.commands import upgrade
from app.people.models import Person
from app.referrals.codes import ENDED, ClockKind, Priority, Source, Status
from app.referrals.models import Referral, ReferralTask, Telling
from app.referrals.queries import desks, flow
from app.web.database import db
from tests.bench.database_time import both_databases, busy
from tests.conftest import settings_for
from tests.referrals import a_pathway
from tests.signing_in import a_member, actor_of

GOAL_MS = 100.0
# Nine in ten have ended, as in a service that has run for years; the others are spread over the open states.
OPEN = (Status.SENT, Status.INFO_REQUESTED, Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED)
OVER = (Status.COMPLETED, Status.REJECTED, Status.ENDED_EARLY, Status.WITHDRAWN)
ASKED = 15


def fill(session: Session, count: int) -> dict[str, Actor]:
    """Referrals of forty surgeries to four hubs; the actors who look at them."""
    rng = random.Random(11)
    hubs = [create_organization(session, SYSTEM, name=f"Hub {n}", kind=OrganizationKind.HUB) for n in range(4)]
    surgeries = [
        create_organization(session, SYSTEM, name=f"Surgery {n}", kind=OrganizationKind.SURGERY) for n in range(40)
    ]
    session.flush()
    pathways = [a_pathway(session, hub.id) for hub in hubs]
    workers = [[a_member(session, Role.HUB, workplace=hub.name, email=f"w{n}@{hub.id.hex[:8]}.example").id
                for n in range(12)] for hub in hubs]  # fmt: skip
    gp = a_member(session, Role.SURGERY, workplace="Surgery 0", email="gp@surgery0.example")
    manager = a_member(session, Role.MANAGER, workplace="Hub 0", email="m@hub0.example")
    people = [_person(rng, surgeries[0].id, n) for n in range(max(count // 2, 1))]
    _many(session, Person, people)
    rows, tellings, tasks = [], [], []
    for n in range(count):
        hub = n % len(hubs)
        row = _row(rng, n, people[n % len(people)]["id"], pathways[hub].id, hubs[hub].id, surgeries[n % 40].id)
        row["coordinator_id"] = rng.choice(workers[hub]) if row["accepted_at"] else None
        rows.append(row)
        if row["status"] in ENDED and rng.random() < 0.02:
            tellings.append({"id": uuid4(), "created_at": clock.now(), "referral_id": row["id"], "number": 1,
                             "recipient": "referrer", "level": "summary", "parts": {}})  # fmt: skip
        if rng.random() < 0.01:
            tasks.append({"id": uuid4(), "created_at": clock.now(), "referral_id": row["id"], "kind": "not-opened",
                          "organization_id": row["receiver_organization_id"], "owner_id": rng.choice(workers[hub]),
                          "due_on": clock.today(), "note": ""})  # fmt: skip
    for model, values in ((Referral, rows), (Telling, tellings), (ReferralTask, tasks)):
        _many(session, model, values)
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    worker = session.get_one(type(gp), workers[0][0])
    return {"surgery": actor_of(session, gp), "hub": actor_of(session, worker), "manager": actor_of(session, manager)}


def _many(session: Session, model: type[Any], values: list[dict[str, Any]]) -> None:
    for start in range(0, len(values), 5000):
        session.execute(insert(model), values[start : start + 5000])


def _person(rng: random.Random, place: UUID, number: int) -> dict[str, Any]:
    first, last = (rng.choice(["ann", "ben", "cat", "dev", "eve", "fay"]) for _ in range(2))
    first += _letters(number)
    return {
        "id": uuid4(),
        "organization_id": place,
        "name": f"{first} {last}",
        "search_name": f"{first} {last}",
    }


def _letters(number: int) -> str:
    """A number in letters: a search by name leaves figures out."""
    rest, last = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("a") + last)


def _row(rng: random.Random, n: int, person: UUID, pathway: UUID, hub: UUID, surgery: UUID) -> dict[str, Any]:
    status = rng.choice(OPEN) if rng.random() < 0.1 else rng.choice(OVER)
    sent = clock.now() - timedelta(days=rng.uniform(0, 45 if status in OPEN else 900))
    is_over, accepted = status in ENDED, status not in {Status.SENT, Status.INFO_REQUESTED, Status.REJECTED}
    due = None if is_over else sent + timedelta(days=rng.uniform(2, 90))
    return {
        "id": uuid4(), "created_at": sent, "reference": f"B{n:07d}", "submission_key": f"bench-{n}",
        "person_id": person, "pathway_id": pathway, "pathway_version": 1, "source": Source.GP,
        "referrer_organization_id": surgery, "receiver_organization_id": hub, "status": status,
        "priority": rng.choice([Priority.ROUTINE, Priority.URGENT]), "sent_at": sent, "changed_at": sent,
        "ended_at": sent + timedelta(days=20) if is_over else None, "accepted_at": sent if accepted else None,
        "due_at": due, "due_clock": None if is_over else ClockKind.DECISION, "coordinator_name": "A worker",
        "waiting_since": sent.date() if status is Status.WAITING else None,
    }  # fmt: skip


def measure(url: str, folder: Path, count: int) -> float:
    """Print one table; return the slowest median."""
    upgrade(url)
    app = create_app(settings_for(url, folder))
    slowest = 0.0
    with app.app_context():
        with Session(db.engines[None]) as session:
            actors = fill(session, count)
        print(f"\n{count:,} referrals, {url.split(':', maxsplit=1)[0]}; ms in the database: median, worst of {ASKED}")
        for label, ask in _questions(actors):
            took, whole = busy(ask, times=ASKED, table="referral")
            slowest = max(slowest, median(took))
            # Figures of everything may read everything.
            told = "  READS THE WHOLE TABLE" if whole and not label.endswith(("flow", "workload")) else ""
            print(f"  {label:34}{median(took):9.2f}{max(took):9.2f}{told}")
        for engine in db.engines.values():
            engine.dispose()
    return slowest


def _questions(actors: dict[str, Actor]) -> list[tuple[str, Callable[[Session], object]]]:
    of = {"surgery": ("needs-me", "late", "to-hear", "waiting", "answered", "this-month"),
          "hub": ("triage", "overdue", "due-soon", "unallocated", "with-us", "waiting-list", "mine", "today", "loop",
                  "ended"),
          "manager": ("overdue", "loop", "ended")}  # fmt: skip
    found: list[tuple[str, Callable[[Session], object]]] = []
    for who, names in of.items():
        for name in names:
            actor = actors[who]
            found.append((f"{who}: {name}", lambda s, a=actor, n=name: desks.listed(s, a, n)))  # type: ignore[misc]
    hub = actors["hub"]
    found += [
        ("hub: search by name", lambda s: desks.search(s, hub, "annb")),
        ("hub: search by reference", lambda s: desks.search(s, hub, "B0000444")),
        ("hub: tasks", lambda s: desks.my_tasks(s, hub)),
        ("manager: flow", lambda s: flow.by_pathway(s, actors["manager"])),
        ("manager: workload", lambda s: flow.workload(s, actors["manager"])),
    ]
    return found


def main(count: int = 50_000) -> None:
    """Both databases, one after the other."""
    with both_databases() as (urls, folder):
        slowest = max(measure(url, folder, count) for url in urls)
    print(f"\nslowest median: {slowest:.1f} ms (goal {GOAL_MS:.0f} ms)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
