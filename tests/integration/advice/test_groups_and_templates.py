"""Group sessions counted by heads, apart from clients; templates that a supervisor writes and an adviser picks."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.advice.codes import Level
from app.advice.models import AdviceDraft, ContactTemplate, GroupSession
from app.advice.operations.groups import ToldGroup, log_group
from app.core import clock
from app.reporting.advice import activity
from app.reporting.rules.periods import Period
from tests.integration.advice.test_logging import CALL, day, let_go

TODAY = clock.today()
NOW = Period(TODAY - timedelta(days=30), TODAY)
NOON = datetime.combine(TODAY, time(12), clock.LONDON)
TEMPLATE = {
    "name": "Council tax arrears", "level": "information", "issues": "debt/council-tax", "advice": "Ask for a plan.",
    "step": "Ring the council", "step_by": "client", "step_days": "7",
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_day():
    """All of it happens on the day that these tests were read, though they may run past its midnight."""
    with clock.moved_to(NOON):
        yield


def test_a_group_session_is_logged_and_put_right(session, desk, supervisor, elsewhere):
    told = {"issue": "debt/council-tax", "came": "14", "minutes": "60", "adviser": str(desk.actor.user_id)}
    told |= {"place": "group", "place_name": "Library"} | day("happened_on", TODAY)
    wrong = desk.client.post("/desk/advice/groups/new", data=told | {"came": "-1", "issue": ""})
    assert wrong.status_code == 422
    assert all(words in wrong.text for words in ("Enter 0 to 2,000", "Choose a topic", 'value="Library"'))
    assert desk.client.post("/desk/advice/groups/new", data=told).status_code == 303
    found = session.scalars(select(GroupSession)).one()
    url = f"/desk/advice/groups/{found.id}"
    let_go(session)
    assert "14 came" in desk.client.get("/desk/advice/groups").text
    assert elsewhere.client.get(url).status_code == 404
    assert 'value="14"' in supervisor.client.get(url).text
    assert supervisor.client.post(url, data=told | {"came": "16"}).status_code == 303
    assert session.scalars(select(GroupSession.came)).one() == 16


def test_heads_are_counted_apart_from_clients_and_few_are_hidden(session, desk, supervisor):
    for issue, came in (("debt/council-tax", 14), ("debt/bailiffs", 10), ("housing/rent-arrears", 3), ("benefits", 20)):
        told = ToldGroup(adviser_id=desk.actor.user_id, happened_on=TODAY, issue=issue, came=came, minutes=60)
        log_group(session, desk.actor, told)
    report = activity(session, supervisor.actor, NOW)
    (table,) = report.tables
    assert table.definition.key == "group-sessions"
    assert {str(line.label): line.values for line in table.lines} == {
        "Debt": (24, 2, 120), "Benefits": (None, None, None), "Housing": (None, None, None),
    }  # fmt: skip
    assert report.headline.lines[0].values == (0,)


def test_a_template_is_written_picked_and_taken_out_of_use(session, desk, supervisor, elsewhere):
    assert desk.client.get("/desk/advice/templates").status_code == 403
    assert supervisor.client.post("/desk/advice/templates/new", data=TEMPLATE | {"name": ""}).status_code == 422
    assert supervisor.client.post("/desk/advice/templates/new", data=TEMPLATE).status_code == 303
    found = session.scalars(select(ContactTemplate)).one()
    template_id, url = str(found.id), f"/desk/advice/templates/{found.id}"
    let_go(session)
    assert elsewhere.client.get(url).status_code == 404
    assert "Council tax arrears" in desk.client.get("/desk/advice/log").text
    typed = CALL | {"issues": "housing/rent-arrears", "advice": "We talked.", "template": template_id}
    page = desk.client.post(
        "/desk/advice/log", data={name: value for name, value in typed.items() if name != "do"}
    ).text
    ticked = re.findall(r'name="issues" type="checkbox" value="([^"]+)" checked', page)
    assert ticked == ["housing/rent-arrears", "debt/council-tax"]
    assert all(words in page for words in ("We talked.\n\nAsk for a plan.", 'value="Ring the council"'))
    draft = session.scalars(select(AdviceDraft)).one()
    due = TODAY + timedelta(days=7)
    assert draft.fields["level"] == [Level.INFORMATION.value]
    assert draft.fields["step_1_on-day"] == [str(due.day)]
    let_go(session)
    assert elsewhere.client.post("/desk/advice/log", data={"template": template_id}).status_code == 404
    supervisor.client.post(f"{url}/use", data={"do": "out"})
    assert "Council tax arrears" not in desk.client.get("/desk/advice/log").text
    assert supervisor.client.post(url, data=TEMPLATE | {"name": "Council tax"}).status_code == 303
