"""Every table that leaves as a file: a spreadsheet runs nothing of it, and reads its letters.

A new route that answers with CSV must get a case here.
"""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import unwrap
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import app as package
from app.accounts.codes import Role
from app.accounts.models import MemberOrganization, User
from app.advice.models import AdviceContact
from app.core import clock
from app.core.actor import Actor
from app.outcomes.codes import AnswerKind, Mode
from app.outcomes.measures import find_measure
from app.outcomes.models import Answer
from app.outcomes.operations import open_form, save_answer, set_goals
from app.outcomes.rules.answers import OneAnswer
from app.outcomes.rules.periods import periods
from app.people.models import Person
from app.referrals.models import Pathway, Referral
from app.web.tables import MARK, table_file
from tests.advice import a_contact
from tests.outcomes import something_of_each
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, actor_of, signed_in_client

HERE = Path(package.__file__).parent
# OWASP, "CSV Injection", and with what a person could hide it.
STARTS = ["=1+1", "+1+1", "-1+cmd", "@SUM(1)", "\t=1+1", "\r=1+1", "'=1+1"]
_RUNS = re.compile(r"[=+\-@\t\r\n]")
_NUMBER = re.compile(r"[+-]?[\d.,]+\Z")


@dataclass(frozen=True)
class Table:
    """How to get one; whether it has text that somebody wrote, and is read by people."""

    get: Callable[[FlaskClient, Stage], TestResponse]
    has_words: bool = True
    for_people: bool = True


@dataclass(frozen=True)
class Stage:
    """Of whom the tables are."""

    referral: UUID
    version: int
    person: UUID
    user: UUID
    place: UUID


TABLES = {
    "referrals.export": Table(lambda client, _stage: client.get("/desk/referrals/export.csv?list=triage")),
    "referrals.do_several": Table(
        lambda client, stage: client.post(
            "/desk/referrals/several", data={"do": "take", "pick": f"{stage.referral}:{stage.version}"}
        )
    ),
    "advice.export_contacts": Table(lambda client, _stage: client.post("/desk/advice/contacts/export")),
    "outcomes.group_file": Table(lambda client, _stage: client.get("/desk/outcomes/group.csv")),
    "outcomes.as_csv": Table(
        lambda client, stage: client.get(f"/desk/people/{stage.person}/outcomes.csv?of=answers"), for_people=False
    ),
    "reporting.report_csv": Table(lambda client, _stage: client.post("/desk/reports/advice/csv")),
}


@pytest.fixture
def stage(app: Flask, session: Session) -> Stage:
    app.config["WTF_CSRF_ENABLED"] = False
    cast = a_cast(session)
    user = a_member(session, *Role, workplace="The Hub", email="all@hub.example")
    actor = actor_of(session, user)
    row = a_referral(session, cast)
    something_of_each(session, actor)
    person = session.query(Person).filter_by(name="Marlow Quint").one()
    a_contact(session, actor)
    _answer_on_paper(session, actor, person, "goals", OneAnswer(AnswerKind.GIVEN, 4))
    _answer_on_paper(session, actor, person, "phq-9", OneAnswer(AnswerKind.GIVEN, 1))
    made = Stage(row.id, row.version, person.id, user.id, actor.organization_id)
    session.commit()
    return made


def _answer_on_paper(session: Session, actor: Actor, person: Person, name: str, answer: OneAnswer) -> None:
    """Whole, and in the first of the periods that are asked for."""
    measure = find_measure(name)
    if name == "goals":
        set_goals(session, actor, person, ["Swim", "Sing", "Sleep"])
    form = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=measure,
        mode=Mode.PAPER,
        answered_on=min(clock.today(), periods(clock.today())[0].ends),
    )
    for item in measure.items:
        save_answer(session, actor, form, item, answer)


def _write_everywhere(session: Session, stage: Stage, text: str) -> None:
    """Raw, as an import or an older version could have left it: no form cleans it."""
    for column in (
        Person.name, User.name, Pathway.name, Referral.coordinator_name,
        AdviceContact.language, AdviceContact.place_ods_code, Answer.words,
    ):  # fmt: skip
        session.execute(update(column.class_).values({column.key: text}))
    session.execute(update(MemberOrganization).where(MemberOrganization.id == stage.place).values(name=text))
    session.commit()


@pytest.mark.parametrize("endpoint", TABLES)
def test_no_cell_runs_in_a_spreadsheet(app: Flask, session: Session, stage: Stage, endpoint: str) -> None:
    table, client = TABLES[endpoint], signed_in_client(app, stage.user)
    for start in STARTS:
        _write_everywhere(session, stage, start)
        answer = table.get(client, stage)
        assert (answer.status_code, answer.mimetype) == (200, "text/csv"), start
        assert answer.headers["Cache-Control"] == "no-store"
        text = answer.get_data(as_text=True)
        assert text.startswith(MARK) is table.for_people
        cells = [cell for row in csv.reader(io.StringIO(text.removeprefix(MARK), newline="")) for cell in row]
        assert [cell for cell in cells if _RUNS.match(cell) and not _NUMBER.match(cell)] == []
        assert (f"'{start}" in cells) is table.has_words


def test_every_route_that_answers_with_a_table_has_a_case(app: Flask) -> None:
    reaching = _reaching(table_file.__module__, table_file.__name__)
    found = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if (unwrap(view).__module__, unwrap(view).__name__) in reaching
    }
    assert found == set(TABLES)


def test_tables_leave_by_one_door_only() -> None:
    doors = [path.relative_to(HERE).as_posix() for path in HERE.rglob("*.py") if "text/csv" in path.read_text("utf-8")]
    assert doors == ["web/tables.py"]


def _reaching(module: str, name: str) -> set[tuple[str, str]]:
    """Every function of the application that names this one, or names one that does."""
    named = {key: names for path in HERE.rglob("*.py") for key, names in _names_in(path)}
    reached = {(module, name)}
    while more := {key for key, names in named.items() if names & reached} - reached:
        reached |= more
    return reached


def _names_in(path: Path) -> Iterator[tuple[tuple[str, str], set[tuple[str, str]]]]:
    tree = ast.parse(path.read_text("utf-8"))
    module = ".".join(path.relative_to(HERE.parent).with_suffix("").parts)
    imported = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            yield (module, node.name), {imported.get(each, (module, each)) for each in used}
