"""Words that stand nowhere else, in each free field of advice: which roles find them on any page, and which never."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.accounts.codes import Role
from app.advice.codes import ConflictState, MoneyStatus
from app.advice.details import ToldStep
from app.advice.models import AdviceCase
from app.advice.operations.cases import add_party, check_conflict, open_case
from app.advice.operations.drafts import save_draft
from app.advice.operations.letters import ToldLetter, write_letter
from app.advice.operations.outcomes import ToldMoney, add_money
from app.advice.operations.reviews import write_review
from app.core import clock
from tests.advice import MONEY, a_contact, a_review
from tests.integration.advice.conftest import desk_of
from tests.integration.advice.test_logging import let_go
from tests.people import a_person

DRAFT = "lanternfish"
MARKS = {
    "zanzibar", "quokka", "oolong", "tamarind", "marjoram", "halibut", "turmeric", "ocelot", "bergamot", "sassafras",
}  # fmt: skip
PLACES = ("/desk/advice", "/desk/people/<", "/desk/reports")
OTHERS = (Role.FRONT_DESK, Role.COMMISSIONER, Role.ADMINISTRATOR, Role.HUB)


@pytest.fixture
def ids(session, desk, supervisor, client_id):
    """One contact and one case with a mark in whatever somebody can type; the arguments of the addresses of all."""
    told = {"words": "zanzibar", "advice": "quokka", "sources": "oolong", "steps": (ToldStep(words="tamarind"),)}
    contact = a_contact(session, desk.actor, person_id=client_id, opens_case=True, **told)
    case = session.get_one(AdviceCase, contact.case_id)
    add_party(session, desk.actor, case, "Marjoram Bell")
    confirmed = {"status": MoneyStatus.CONFIRMED, "evidence": "halibut"}
    money = add_money(session, desk.actor, case, ToldMoney(**(MONEY | confirmed)))
    letter = write_letter(session, desk.actor, case, ToldLetter(title="turmeric", body="ocelot"))
    review = write_review(session, supervisor.actor, case, a_review(findings="bergamot", actions="sassafras"))
    draft = save_draft(session, desk.actor, None, {"advice": [DRAFT]}, opened=clock.now(), title="A title")
    made = {"contact_id": contact.id, "case_id": case.id, "money_id": money.id, "letter_id": letter.id}
    made |= {"review_id": review.id, "draft_id": draft.id, "person_id": client_id}
    session.commit()
    let_go(session)
    return {name: str(id_) for name, id_ in made.items()} | {"what": "money", "key": "closing"}


def found_by(app, client, ids):
    """Of all the marks those on any page of staff that can be asked for with what there is."""
    told = [client.get("/desk").text.casefold()]
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(PLACES) and "GET" in rule.methods and rule.arguments <= set(ids):
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<uuid:{name}>", ids[name]).replace(f"<{name}>", ids[name])
            answer = client.get(path)
            assert answer.status_code < 500, path
            told.append(answer.text.casefold())
    return {mark for mark in (*MARKS, DRAFT) if any(mark in page for page in told)}


def test_who_finds_what_was_written(app, session, desk, supervisor, elsewhere, ids):
    assert found_by(app, desk.client, ids) == MARKS | {DRAFT}
    assert found_by(app, supervisor.client, ids) == MARKS
    assert found_by(app, elsewhere.client, ids) == set()
    for role in OTHERS:
        other = desk_of(app, session, role, workplace="Wexmoor Advice")
        let_go(session)
        assert found_by(app, other.client, ids) == set(), role
    assert found_by(app, app.test_client(), ids) == set()


def test_a_conflict_is_asked_in_the_same_way_and_counts_the_same_whoever_the_other_side_is(session, desk, client_id):
    """The statements to the database are the same, so its time does not tell which of the clients it was."""
    for name in ("Jo Carrow", "Sam Lund"):
        open_case(session, desk.actor, person_id=a_person(session, desk.actor, name).id)
    asked = {}
    for name in ("Jo Carrow", "Sam Lund", "Nobody Known"):
        case = open_case(session, desk.actor, client_number=name)
        add_party(session, desk.actor, case, name)
        case.conflict = ConflictState.MANAGED
        session.flush()
        asked[name] = statements_of(session, lambda case=case: check_conflict(session, desk.actor, case))
        assert case.conflict is (ConflictState.MANAGED if name == "Nobody Known" else ConflictState.POSSIBLE)
    assert asked["Jo Carrow"] == asked["Sam Lund"]
    selects = {name: [each for each in told if each.startswith("SELECT")] for name, told in asked.items()}
    assert selects["Nobody Known"] == selects["Jo Carrow"]


def statements_of(session, work):
    """The statements that some work sends to the database."""
    told = []
    connection = session.connection()

    def note(_connection, _cursor, statement, *_more):
        told.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    work()
    event.remove(connection, "before_cursor_execute", note)
    return told
