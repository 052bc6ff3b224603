"""File reviews: a sample that stays, questions answered, actions that are checked, nobody reads their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.advice.codes import ReviewAnswer, ReviewQuestion
from app.advice.models import AdviceCase, CaseReview, NextStep
from app.advice.operations.cases import open_case
from app.advice.operations.reviews import write_review
from app.advice.queries import reviews as queries
from app.core import clock
from app.core.errors import Refused
from tests.advice import a_review
from tests.integration.advice.conftest import desk_of
from tests.signing_in import a_member, actor_of

ALL_WELL = {question.value: "yes" for question in ReviewQuestion}
MARK = "zebrafish"


def day(value):
    return {f"due_on-{part}": str(getattr(value, part)) for part in ("day", "month", "year")}


@pytest.fixture
def case_id(session, desk, client_id):
    made = open_case(session, desk.actor, person_id=client_id, issue="debt/rent").id
    session.commit()
    return made


def review(desk, case_id, **told):
    return desk.client.post(f"/desk/advice/cases/{case_id}/review", data=ALL_WELL | told)


def only_review(session):
    session.rollback()
    found = session.scalars(select(CaseReview)).one()
    session.expunge_all()
    session.rollback()
    return found


def test_a_review_with_something_to_be_done(session, desk, supervisor, case_id):
    assert supervisor.client.get(f"/desk/advice/cases/{case_id}/review").status_code == 200
    due = clock.today() + timedelta(days=3)
    told = {"findings": f"Good, but {MARK}", "actions": "Name the sources", "sources": "partly", **day(due)}
    assert review(supervisor, case_id, **told).status_code == 303
    made = only_review(session)
    assert (made.answers["sources"], made.actions_due_on) == ("partly", due)
    step = session.scalars(select(NextStep)).one()
    assert (step.words, step.owner_id, step.due_on) == ("Name the sources", desk.actor.user_id, due)
    session.rollback()
    assert MARK in desk.client.get(f"/desk/advice/reviews/{made.id}").text
    assert "Name the sources" in supervisor.client.get("/desk/advice/reviews").text
    assert f"/desk/advice/reviews/{made.id}" in desk.client.get(f"/desk/advice/cases/{case_id}").text
    assert desk.client.post(f"/desk/advice/reviews/{made.id}/done").status_code == 403
    assert only_review(session).actions_done_at is None
    assert supervisor.client.post(f"/desk/advice/reviews/{made.id}/done").status_code == 303
    assert only_review(session).actions_done_at is not None
    page = supervisor.client.get("/desk/advice/reviews").text
    assert "Nothing." in page
    assert "Name the sources" not in page


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"advice": ""}, "Choose"),
        ({"advice": "perhaps"}, "Choose"),
        ({"actions": "Write"}, "Enter until when"),
        ({"actions": "Write"} | day(clock.today() - timedelta(days=1)), "must not be in the past"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_lost(session, supervisor, case_id, told, sentence):
    answer = review(supervisor, case_id, findings=MARK, **told)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert MARK in answer.text
    assert session.scalars(select(CaseReview)).all() == []


def test_nobody_reads_their_own_file(session, desk, app):
    both = actor_of(session, a_member(session, Role.ADVISER, Role.MANAGER, workplace="Wexmoor Advice"))
    own = open_case(session, both, client_number="5")
    with pytest.raises(Refused):
        write_review(session, both, own, a_review())
    theirs = write_review(session, both, open_case(session, desk.actor, client_number="6"), a_review())
    assert theirs.reviewer_id == both.user_id
    next_month = (clock.today().replace(day=1) + timedelta(days=40)).replace(day=1)
    assert own.id not in {case.id for case, _review in queries.sample(session, both, next_month)}


def test_the_sample_stays_all_month_and_what_was_read_waits(session, desk, supervisor):
    ids = {open_case(session, desk.actor, client_number=str(number)).id for number in range(9)}
    month = (clock.today().replace(day=1) + timedelta(days=40)).replace(day=1)
    noon = datetime(month.year, month.month, 9, 12, tzinfo=clock.LONDON)
    with clock.moved_to(noon):
        first = [case.id for case, _review in queries.sample(session, supervisor.actor, month)]
        assert len(first) == 2
        assert set(first) <= ids
        write_review(session, supervisor.actor, session.get_one(AdviceCase, first[0]), a_review())
        open_case(session, desk.actor, client_number="new")
        again = queries.sample(session, supervisor.actor, month)
        assert [case.id for case, _review in again] == first
        assert [found is not None for _case, found in again] == [True, False]
    for later in range(1, 5):
        after = (month + timedelta(days=31 * later)).replace(day=1)
        assert first[0] not in {case.id for case, _review in queries.sample(session, supervisor.actor, after)}


def test_figures_and_only_of_ones_own_organisation(session, desk, supervisor, elsewhere, case_id):
    case = session.get_one(AdviceCase, case_id)
    mixed = dict.fromkeys(ReviewQuestion, ReviewAnswer.YES) | {ReviewQuestion.DATES: ReviewAnswer.NO}
    for number in range(10):
        write_review(session, supervisor.actor, case, a_review(answers=mixed, **({} if number else {"actions": "x"})))
    session.commit()
    today = clock.today()
    found = queries.figures(session, supervisor.actor, today, today)
    assert (found.read, found.actions, found.actions_done) == (10, 1, 0)
    assert found.by_question[ReviewQuestion.DATES].percent == 0
    assert found.by_question[ReviewQuestion.ADVICE].percent == 100
    assert queries.figures(session, elsewhere.actor, today, today).read == 0
    assert queries.count_due_actions(session, supervisor.actor) == 1
    review_id = session.scalars(select(CaseReview.id).order_by(CaseReview.id)).first()
    session.rollback()
    assert "100%" in supervisor.client.get("/desk/advice/reviews").text
    assert "Rowan" not in elsewhere.client.get("/desk/advice/reviews").text
    for path in (f"reviews/{review_id}", f"cases/{case_id}/review"):
        assert elsewhere.client.get(f"/desk/advice/{path}").status_code == 404
    assert desk.client.get("/desk/advice/reviews").status_code == 403


def test_a_colleague_sees_neither_the_review_nor_that_there_is_one(app, session, desk, supervisor, case_id):
    """Only who wrote it, whose file it is, and who supervises; whoever else gives advice there reads the file alone."""
    colleague, second = (
        desk_of(app, session, role, workplace="Wexmoor Advice", email=f"second-{role}@advice.example")
        for role in (Role.ADVISER, Role.MANAGER)
    )
    assert review(supervisor, case_id, findings=MARK).status_code == 303
    path = f"/desk/advice/reviews/{only_review(session).id}"
    for who in (desk, supervisor, second):
        assert MARK in who.client.get(path).text
        assert path in who.client.get(f"/desk/advice/cases/{case_id}").text
    refused = colleague.client.get(path)
    assert refused.status_code == 404
    assert MARK not in refused.text
    page = colleague.client.get(f"/desk/advice/cases/{case_id}")
    assert page.status_code == 200
    assert "File reviews" not in page.text
    assert path not in page.text


def test_who_wrote_a_review_reads_it_when_they_supervise_no_longer(session, desk, case_id):
    both = a_member(session, Role.ADVISER, Role.MANAGER, workplace="Wexmoor Advice")
    made = write_review(session, actor_of(session, both), session.get_one(AdviceCase, case_id), a_review())
    writer = replace(actor_of(session, both), roles=frozenset({Role.ADVISER.value}))
    assert queries.review(session, writer, made.id) is made
    assert queries.reviews_of(session, writer, case_id) == [made]
