"""No answer, no goal and no word about health in what leaves Waymark, nor in a log, an address or the trail."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import datetime

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core import clock
from app.core.clock import LONDON
from app.notifications.models import Message, MessageEvent
from app.outcomes.codes import ChosenBy
from app.outcomes.measures import find_measure
from app.outcomes.models import Answer, OwnGoal
from app.outcomes.operations import ask_once, choose, record_outside, set_goals
from app.outcomes.sending import attend_to
from app.web.logs import JsonLines
from tests.outcomes import a_duty_desk, a_reachable_person, a_worker
from tests.signing_in import signed_in_client

NOON = datetime(2026, 1, 29, 12, tzinfo=LONDON)
MARKERS = ("zanzibar", "quokka", "oolong", "tamarind", "marjoram")
HEALTH = re.compile(
    r"health|mental|wellbeing|well-being|depress|anxi|suicid|self-harm|mood|phq|gad-?7|ucla|lonel|score|therap", re.I
)


@pytest.fixture
def lines(app):
    """Everything that is logged, as it is written."""
    app.config["WTF_CSRF_ENABLED"] = False
    into = io.StringIO()
    handler = logging.StreamHandler(into)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield into
    root.removeHandler(handler)
    root.setLevel(before)


def test_nothing_that_leaves_tells_what_was_answered(app, session, lines):
    with clock.moved_to(NOON):
        user, actor = a_worker(session)
        person = a_reachable_person(session, actor, name="Quokka Reed")
        a_duty_desk(session, actor)
        set_goals(session, actor, person, ["Plant a tamarind"])
        choose(session, actor, person, find_measure("phq-9"), chosen_by=ChosenBy.JOINT, reason="They like marjoram")
        record_outside(
            session, actor, person, tool="Recovery Star", happened_on=NOON.date(), summary="Oolong", link=None
        )
        lead = ask_once(session, actor, person.id, ["phq-9", "goals", "satisfaction"])
        attend_to(session, lead.id)
        ids = (user.id, person.id, lead.id)
        address = re.search(r"/reply/\S+", session.scalars(select(Message.text)).one())[0]
        session.commit()
        addresses = _answer_all(app.test_client(), address)
        addresses += _look_at(app, session, ids)
    session.rollback()
    kept = [*session.scalars(select(Answer.words)), *session.scalars(select(OwnGoal.words))]
    assert "Zanzibar was good" in kept  # what is looked for was written
    told = [each for message in session.scalars(select(Message)) for each in _parts(message)]
    assert len(told) >= 6
    trail = [f"{each.reason} {each.fields} {each.object_type}" for each in session.scalars(select(AuditEntry))]
    events = [each.detail or "" for each in session.scalars(select(MessageEvent))]
    log = lines.getvalue()
    assert json.loads(log.splitlines()[0])
    for place in (told, trail, events, addresses, log.splitlines()):
        assert [text for text in place for marker in MARKERS if marker in text.casefold()] == []
    for place in (told, [each.split("?")[0] for each in addresses if "/reply/" in each]):
        assert [text for text in place if HEALTH.search(_without_names(text))] == []


def _answer_all(client, address):
    """By the link, the worst answers and words; the addresses that were gone to."""
    seen = [address]
    for number in range(1, 20):
        form = {"question": str(number), "answer": "3"}
        if client.get(f"{address}/{number}").status_code != 200:
            break
        answer = client.post(address, data=form)
        if answer.status_code == 422:
            answer = client.post(address, data=form | {"answer": "1"})
        seen.append(answer.headers.get("Location", ""))
    for number in range(1, 20):
        answer = client.post(address, data={"question": str(number), "answer": "Zanzibar was good"})
        seen.append(answer.headers.get("Location", ""))
    return seen


def _look_at(app, session, ids):
    user_id, person_id, lead_id = ids
    client = signed_in_client(app, user_id)
    seen = []
    for path in (f"/desk/people/{person_id}/outcomes", f"/desk/outcomes/occasions/{lead_id}", "/desk/outcomes/alerts"):
        page = client.get(path)
        assert page.status_code == 200
        seen.append(path)
    page = client.post("/desk/outcomes/import", data={"rows": "name,zanzibar\n1,quokka\n"})
    assert page.status_code == 422
    return seen


def _parts(message):
    return [message.subject, message.text, message.html or "", message.reason or "", message.dedupe_key]


def _without_names(text):
    """Without the name of the organisation and the chance letters of a link, which say nothing about anybody."""
    return re.sub(r"(?<=/reply/)[\w-]+", "", text).replace("Wexmoor Hub", "")
