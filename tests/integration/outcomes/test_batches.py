"""Answers from a spreadsheet: each row looked at with its reason, kept once, and looked at for safety."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.codes import Role
from app.core import clock
from app.core.errors import InvalidInput
from app.outcomes.codes import AlertKind, FormState, Mode, OccasionState
from app.outcomes.models import Measurement, SafetyAlert
from app.outcomes.operations import ask_once, void
from app.outcomes.operations.batches import RowState, look_at, take_in
from app.outcomes.rules.batches import RowProblem, read_day, read_sheet
from app.people.codes import PermissionKind, PermissionMethod
from app.people.operations import Answer, answer_permission
from tests.outcomes import a_duty_desk, a_worker
from tests.people import a_person
from tests.signing_in import signed_in_client

TODAY = clock.today()
HEAD = "Name;Date of birth;NHS number;Measure;Answered on;Helped;1;2;3;4;5;6;7;8;9;Batch\n"
UCLA = "Marlow Quint;23/11/1984;;UCLA-3;{day};yes;3;2;1\n".format(day=TODAY.strftime("%d/%m/%Y"))


@pytest.fixture
def hub(session):
    _user, actor = a_worker(session)
    a_person(session, actor, name="Marlow Quint", born_on=date(1984, 11, 23))
    return actor


def forms(session):
    return session.scalars(select(Measurement).order_by(Measurement.created_at, Measurement.id)).all()


def test_a_row_is_kept_once_however_often_it_is_taken(session, hub):
    assert [verdict.state for verdict in look_at(session, hub, HEAD + UCLA + UCLA)] == [RowState.READY, RowState.KNOWN]
    assert forms(session) == []
    assert [verdict.state for verdict in take_in(session, hub, HEAD + UCLA + UCLA)] == [RowState.TAKEN, RowState.KNOWN]
    assert [verdict.state for verdict in take_in(session, hub, HEAD + UCLA)] == [RowState.KNOWN]
    (form,) = forms(session)
    assert (form.mode, form.helped, form.state, form.answered_on) == (Mode.IMPORT, True, FormState.COMPLETE, TODAY)
    assert [score.value for score in form.scores] == [6]


@pytest.mark.parametrize(
    ("row", "problem", "question"),
    [
        ("Marlow Quint;;;UCLA-3;1/2/2026;;1;2;3", RowProblem.NO_BIRTH, ""),
        ("Marlow Quint;31/02/1984;;UCLA-3;1/2/2026;;1;2;3", RowProblem.NO_BIRTH, ""),
        ("Marlow Quint;24/11/1984;;UCLA-3;1/2/2026;;1;2;3", RowProblem.NO_PERSON, ""),
        ("Marlow;23/11/1984;;UCLA-3;1/2/2026;;1;2;3", RowProblem.NO_PERSON, ""),
        (";23/11/1984;943 476 5919;UCLA-3;1/2/2026;;1;2;3", RowProblem.NO_PERSON, ""),
        ("Marlow Quint;23/11/1984;;ABC-3;1/2/2026;;1;2;3", RowProblem.NO_MEASURE, ""),
        ("Marlow Quint;23/11/1984;;PHQ-9;1/2/2026;;1;2;3", RowProblem.NOT_USABLE, ""),
        ("Marlow Quint;23/11/1984;;UCLA-3;soon;;1;2;3", RowProblem.NO_DAY, ""),
        ("Marlow Quint;23/11/1984;;UCLA-3;1/2/2226;;1;2;3", RowProblem.DAY_TO_COME, ""),
        ("Marlow Quint;23/11/1984;;UCLA-3;1/2/2026;;1;4;3", RowProblem.WRONG_ANSWER, "2"),
        ("Marlow Quint;23/11/1984;;UCLA-3;1/2/2026;;1;2;3;1", RowProblem.WRONG_ANSWER, "4"),
        ("Marlow Quint;23/11/1984;;UCLA-3;1/2/2026;;=1+1;2;3", RowProblem.WRONG_ANSWER, "1"),
        ("Marlow Quint;23/11/1984;;UCLA-3;1/2/2026;", RowProblem.NO_ANSWERS, ""),
    ],
)
def test_a_row_that_is_not_taken_says_why_and_keeps_nobody_else_waiting(session, hub, row, problem, question):
    verdicts = take_in(session, hub, HEAD + row + "\n" + UCLA)
    assert (verdicts[0].problem, verdicts[0].question) == (problem, question)
    assert [verdict.state for verdict in verdicts] == [RowState.REFUSED, RowState.TAKEN]
    assert verdicts[0].row.number == 2


def test_other_answers_of_the_same_day_are_refused(session, hub):
    take_in(session, hub, HEAD + UCLA)
    assert take_in(session, hub, HEAD + UCLA.replace(";3;2;1", ";3;3;3"))[0].problem is RowProblem.OTHER_ANSWERS
    assert len(forms(session)) == 1


def test_people_of_another_place_are_not_found_and_two_alike_are_told_apart_by_number(session, hub):
    _user, elsewhere = a_worker(session, workplace="Elsewhere", email="e@e.example")
    assert take_in(session, elsewhere, HEAD + UCLA)[0].problem is RowProblem.NO_PERSON
    a_person(session, hub, name="Quint, Marlow", born_on=date(1984, 11, 23), nhs_number="9434765919")
    assert take_in(session, hub, HEAD + UCLA)[0].problem is RowProblem.SEVERAL
    numbered = UCLA.replace(";;UCLA", ";943 476 5919;UCLA")
    assert take_in(session, hub, HEAD + numbered)[0].state is RowState.TAKEN


def test_who_said_that_nothing_may_be_written_is_left_alone(session, hub):
    person = a_person(session, hub, name="Ash Reed", born_on=date(1990, 1, 2))
    no = Answer(kind=PermissionKind.RECORD, given=False, method=PermissionMethod.VERBAL)
    answer_permission(session, hub, person, no)
    row = UCLA.replace("Marlow Quint;23/11/1984", "Ash Reed;2/1/1990")
    assert take_in(session, hub, HEAD + row)[0].problem is RowProblem.REFUSED


def test_an_answer_from_paper_that_needs_a_look_raises_an_alert(session, hub):
    a_duty_desk(session, hub)
    row = UCLA.replace("UCLA-3", "PHQ-9").replace(";3;2;1", ";0;0;0;0;0;0;0;0;1")
    assert look_at(session, hub, HEAD + row)[0].state is RowState.READY
    assert session.scalar(select(func.count()).select_from(SafetyAlert)) == 0
    take_in(session, hub, HEAD + row)
    take_in(session, hub, HEAD + row)
    (alert,) = session.scalars(select(SafetyAlert)).all()
    assert (alert.item, alert.kind) == ("9", AlertKind.ANSWERED)


def test_what_was_waited_for_is_answered_by_the_row(session, hub):
    person = session.scalars(select(Measurement.person_id)).first() or _marlow(session)
    occasion = ask_once(session, hub, person, ["ucla-3"])
    take_in(session, hub, HEAD + UCLA)
    session.refresh(occasion)
    assert occasion.state is OccasionState.DONE
    other_day = UCLA.replace(TODAY.strftime("%d/%m/%Y"), (TODAY - timedelta(days=1)).isoformat())
    assert take_in(session, hub, HEAD + other_day)[0].state is RowState.TAKEN


def _marlow(session):
    from app.people.models import Person

    return session.scalars(select(Person.id)).one()


def test_sheets_as_programs_save_them():
    pasted = HEAD.replace(";", "\t") + UCLA.replace(";", "\t")
    assert read_sheet(pasted).rows[0].answers["2"] == "2"
    assert read_sheet(HEAD.replace(";", ",") + UCLA.replace(";", ",")).unread == ("batch",)
    assert read_day("2026-11-26") == read_day("26/11/2026") == read_day("26.11.2026") == date(2026, 11, 26)
    for wrong in ("", HEAD, "a;b\n1;2\n", HEAD + '"open', HEAD.replace("Name;", "").replace("NHS number;", "") + UCLA):
        with pytest.raises(InvalidInput):
            read_sheet(wrong)
    with pytest.raises(InvalidInput):
        read_sheet(HEAD + UCLA * 501)


def test_the_page_shows_each_row_before_it_keeps_any(app, session):
    user, actor = a_worker(session, Role.HUB)
    a_person(session, actor, name="Marlow Quint", born_on=date(1984, 11, 23))
    user_id = user.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    client = signed_in_client(app, user_id)
    rows = HEAD + UCLA + UCLA.replace("1984", "1985")
    seen = client.post("/desk/outcomes/import", data={"rows": rows}).get_data(as_text=True)
    assert "Take in 1 form" in seen
    assert "Row 3" in seen
    assert "born on that day" in seen
    taken = client.post("/desk/outcomes/import", data={"rows": rows, "take": "1"})
    assert "1 form was taken in" in taken.get_data(as_text=True)
    wrong = client.post("/desk/outcomes/import", data={"rows": "what;is\nthis;then"})
    assert wrong.status_code == 422
    assert "what;is" in wrong.get_data(as_text=True)
    session.rollback()
    assert len(forms(session)) == 1


def answers_by_item(found):
    return {(form.measure, each.item): (each.kind, each.raw_code) for form in found for each in form.answers}


def test_the_table_of_answers_can_be_taken_in_again(app, session):
    user, actor = a_worker(session)
    person = a_person(session, actor, name="Marlow Quint", born_on=date(1984, 11, 23))
    a_duty_desk(session, actor)
    take_in(session, actor, HEAD + UCLA + "Marlow Quint;23/11/1984;;PHQ-9;1/2/2026;;0;*;0;0;0;;0;0;1\n")
    user_id, here = user.id, f"/desk/people/{person.id}/outcomes.csv?of=answers"
    session.commit()
    table = signed_in_client(app, user_id).get(here).text
    assert [verdict.state for verdict in look_at(session, actor, table)] == [RowState.KNOWN, RowState.KNOWN]
    answers = answers_by_item(forms(session))
    for form in forms(session):
        void(session, actor, form, "test")
    assert [verdict.state for verdict in take_in(session, actor, table)] == [RowState.TAKEN, RowState.TAKEN]
    again = [form for form in forms(session) if form.stands]
    assert answers_by_item(again) == answers
    assert [form.helped for form in again if form.measure == "ucla-3/1"] == [True]


def test_who_takes_in_answers_reads_at_once_that_one_needs_a_look(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    user, actor = a_worker(session)
    a_person(session, actor, name="Marlow Quint", born_on=date(1984, 11, 23))
    a_duty_desk(session, actor)
    user_id = user.id
    session.commit()
    rows = HEAD + UCLA + "Marlow Quint;23/11/1984;;PHQ-9;1/2/2026;;0;0;0;0;0;0;0;0;1\n"
    client = signed_in_client(app, user_id)
    assert "needs a look now" not in client.post("/desk/outcomes/import", data={"rows": rows}).text
    taken = client.post("/desk/outcomes/import", data={"rows": rows, "take": "1"}).text
    assert "1 form needs a look now" in taken
    assert "/desk/outcomes/alerts" in taken
