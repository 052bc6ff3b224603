"""A service's pages over 200,000 measurements: milliseconds that each keeps a database busy, on both kinds.

All are of one place, or of twenty; over three years, each person some measures, each of them several times. What is
counted is processor time, of our own process or of PostgreSQL's, so that a busy machine does not count against it.

python -m tests.bench.bench_outcomes 200000
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, event, insert, text
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.codes import OrganizationKind
from app.accounts.operations import create_organization
from app.core import clock
from app.core.actor import SYSTEM
from app.migrations.commands import upgrade
from app.notifications.codes import Channel, MessageState
from app.notifications.models import Message
from app.outcomes import dropouts, figures
from app.outcomes.codes import CloseReason, FormState, Mode, OccasionState
from app.outcomes.figures import Wanted
from app.outcomes.measures import Measure, ScoreMethod, find_measure
from app.outcomes.models import Measurement, MeasurementScore, Occasion, OutcomeInvitation, OutcomePlan
from app.outcomes.operations import how_far
from app.outcomes.operations.points import rebuild
from app.outcomes.rules.periods import Period, periods
from app.people.models import Person
from app.web.database import db
from tests.conftest import settings_for
from tests.databases import postgresql_server

GOAL_MS = 200.0
ASKED = 5
MEASURES = ("phq-9", "gad-7", "ucla-3", "ons4", "satisfaction")
FORMS_EACH = 4
YEARS_BACK = 3 * 365


def fill(session: Session, count: int, places: int) -> list[UUID]:
    """So many measurements, spread evenly over the places; their ids."""
    rng = random.Random(6)
    made = [create_organization(session, SYSTEM, name=f"Hub {n}", kind=OrganizationKind.HUB).id for n in range(places)]
    session.commit()  # PostgreSQL ends who stays idle in a transaction
    rows: dict[type[Any], list[dict[str, Any]]] = {
        each: [] for each in (Person, OutcomePlan, Occasion, Message, OutcomeInvitation, Measurement, MeasurementScore)
    }
    for number in range(count // (len(MEASURES) * FORMS_EACH)):
        for model, row in _of_person(rng, number, made[number % places]):
            rows[model].append(row)
    for model, values in rows.items():
        for start in range(0, len(values), 5000):
            session.execute(insert(model), values[start : start + 5000])
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET statement_timeout = 0"))  # on a busy machine it takes longer than a request may
    rebuild(session)
    how_far.rebuild(session)
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        _as_autovacuum_leaves_it()
    return made


def _as_autovacuum_leaves_it() -> None:
    """What was loaded in one go is in no visibility map yet, and every row of an index would be looked up in its table.

    On a site that runs, autovacuum sees to that within a minute; here it came in the middle of the measuring.
    """
    with db.engines[None].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) outcome_point, outcome_occasion"))


def _of_person(rng: random.Random, number: int, place: UUID) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    person, plan, begun = uuid4(), uuid4(), clock.today() - timedelta(days=rng.randrange(90, YEARS_BACK))
    yield Person, {"id": person, "organization_id": place, "name": f"p {number}", "search_name": f"p{number}"}
    yield OutcomePlan, {"id": plan, "organization_id": place, "person_id": person, "template": "support",
                        "template_version": 1, "template_hash": "", "anchor_on": begun}  # fmt: skip
    for turn in range(FORMS_EACH):
        due, occasion = begun + timedelta(days=90 * turn), uuid4()
        if due > clock.today():
            due = begun + timedelta(days=turn)
        is_done = rng.random() < 0.6
        measures = [find_measure(name) for name in MEASURES]
        told = {"id": occasion, "plan_id": plan, "organization_id": place, "person_id": person, "kind": "review",
                "months": 3 * turn, "measures": [each.reference for each in measures], "due_on": due, "opens_on": due,
                "closes_on": due + timedelta(days=28), "lead_id": occasion,
                "last_message_no": rng.randrange(3)}  # fmt: skip
        ended = {"state": OccasionState.CLOSED_UNANSWERED, "close_reason": CloseReason.NOT_REACHED, "done_on": None}
        done = {"state": OccasionState.DONE, "close_reason": None, "done_on": due}
        yield Occasion, told | (done if is_done else ended)
        message = uuid4()
        yield Message, {"id": message, "created_at": clock.now(), "kind": "outcomes.ask", "channel": Channel.SMS,
                        "dedupe_key": f"{occasion}", "recipient": "+447700900118", "text": "", "subject": "",
                        "state": MessageState.SENT, "sent_at": clock.now()}  # fmt: skip
        yield OutcomeInvitation, {"id": uuid4(), "created_at": clock.now(), "occasion_id": occasion,
                                  "message_id": message, "channel": Channel.SMS, "number": 0,
                                  "idempotency_key": f"{occasion}", "opened_at": None}  # fmt: skip
        for measure in measures:
            yield from _form(rng, measure, (place, person, occasion if is_done else None), due)


def _form(
    rng: random.Random, measure: Measure, whose: tuple[UUID, UUID, UUID | None], day: date
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    form, (place, person, occasion) = uuid4(), whose
    yield Measurement, {"id": form, "organization_id": place, "person_id": person, "occasion_id": occasion,
                        "measure": measure.reference, "measure_hash": "", "mode": Mode.LINK, "answered_on": day,
                        "state": FormState.COMPLETE, "finished_at": clock.now()}  # fmt: skip
    for score in measure.scores:
        named = score.method is ScoreMethod.CATEGORY
        value = None if named else Decimal(rng.randrange(int(score.lowest), int(score.highest) + 1))
        yield MeasurementScore, {"id": uuid4(), "measurement_id": form, "key": score.key, "value": value,
                                 "band": "good" if named else None, "rule": "", "scorer_version": 1}  # fmt: skip


def measure(url: str, folder: Path, count: int, places: int) -> float:
    """Print one table; return the slowest median."""
    upgrade(url)
    app = create_app(settings_for(url, folder))
    slowest = 0.0
    with app.app_context():
        with Session(db.engines[None]) as session:
            place = fill(session, count, places)[0]
        kind = url.split(":", maxsplit=1)[0]
        print(f"\n{count:,} measurements at {places} places, {kind}; ms in the database: median, worst of {ASKED}")
        for label, ask in _pages(place):
            took, plans = busy(ask)
            slowest = max(slowest, median(took))
            print(f"  {label:44}{median(took):9.1f}{max(took):9.1f}")
            if "--explain" in sys.argv:
                print("\n".join(plans))
        for engine in db.engines.values():
            engine.dispose()
    return slowest


def _pages(place: UUID) -> Iterator[tuple[str, Callable[[Session], object]]]:
    year, before, quarter = (_named(name) for name in (0, 1, 4))
    for label, period in (("this year", year), ("the year before", before), ("a quarter", quarter)):
        wanted = Wanted(place, period)
        yield f"did it help, {label}", lambda session, it=wanted: figures.by_measure(session, it)
        yield f"who answered, {label}", lambda session, it=wanted: _board(session, it)


def _named(number: int) -> Period:
    return periods(clock.today())[number]


def _board(session: Session, wanted: Wanted) -> object:
    """All that the board of answers asks."""
    return dropouts.board(session, wanted), figures.reasons(session, wanted)


def busy(ask: Callable[[Session], object]) -> tuple[list[float], list[str]]:
    """How long the database was busy, time after time; and how it went about it."""
    took: list[float] = []
    statements: list[tuple[str, Any]] = []
    engine = db.engines[None]
    for turn in range(ASKED + 1):
        with Session(engine) as session, _timed(session.connection(), statements) as spent:
            ask(session)
        if turn:  # the first warms what any later one finds warm
            took.append(sum(spent) * 1000)
        else:
            plans = [line for statement in statements for line in _plan(*statement)]
    return took, plans


@contextmanager
def _timed(connection: Connection, statements: list[tuple[str, Any]]) -> Iterator[list[float]]:
    """From before a statement is carried out to when its last row is there."""
    spent: list[float] = []
    started = [0.0]
    clock_of = _processor_time(connection)

    def before(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        statements.append((statement, parameters))
        started[0] = clock_of()

    def after(_c: Any, _cursor: Any, _s: str, _p: Any, _context: Any, _many: Any) -> None:
        spent.append(clock_of() - started[0])

    event.listen(connection, "before_cursor_execute", before)
    event.listen(connection, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(connection, "before_cursor_execute", before)
        event.remove(connection, "after_cursor_execute", after)


def _processor_time(connection: Connection) -> Callable[[], float]:
    """What the process that answers has used so far, in seconds: ours, or PostgreSQL's, which works alone then."""
    if connection.dialect.name != "postgresql":
        return time.thread_time
    connection.execute(text("SET max_parallel_workers_per_gather = 0"))
    answering = connection.scalar(text("SELECT pg_backend_pid()"))
    return lambda: int(Path(f"/proc/{answering}/schedstat").read_text("ascii").split()[0]) / 1e9


def _plan(statement: str, parameters: Any) -> list[str]:
    engine = db.engines[None]
    prefix = "EXPLAIN (ANALYZE, COSTS OFF) " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(prefix + statement, parameters).all()
    return ["      " + " ".join(str(cell) for cell in row) for row in rows]


def main(count: int = 200_000) -> None:
    """Both databases, all at one place and spread over twenty."""
    slowest = 0.0
    with ExitStack() as stack:
        server = None
        try:
            server = stack.enter_context(postgresql_server(durable=True))
        except RuntimeError as error:
            print(f"PostgreSQL left out: {error}")
        for places in (1, 20):
            folder = Path(tempfile.mkdtemp(prefix="bench-outcomes-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            urls = [f"sqlite:///{folder / 'waymark.sqlite3'}", *([server.url(server.create())] if server else [])]
            slowest = max(slowest, *(measure(url, folder, count, places) for url in urls))
    print(f"\nslowest median: {slowest:.1f} ms (goal {GOAL_MS:.0f} ms)")


if __name__ == "__main__":
    main(int(next(iter(each for each in sys.argv[1:] if each.isdigit()), 200_000)))
