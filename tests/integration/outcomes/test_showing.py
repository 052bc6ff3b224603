"""What pages say of several measures together, what leaves as FHIR, the short pack, and words in another language."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import UserKind
from app.accounts.operations import create_user
from app.core import clock
from app.core.actor import SYSTEM
from app.outcomes.codes import AnswerKind, Mode
from app.outcomes.measures import find_measure
from app.outcomes.models import Measurement, Occasion
from app.outcomes.operations import correct, finish, load_text_pack, open_form, save_answer, set_goals, void
from app.outcomes.operations.answering import asked_items
from app.outcomes.rules.answers import OneAnswer
from app.people.codes import LinkKind
from app.people.models import PersonAccount
from tests.outcomes import a_duty_desk, a_link, a_pack, a_reachable_person, a_worker
from tests.signing_in import signed_in_client


def answered(session, actor, person, name, code, days):
    measure = find_measure(name)
    form = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person.id,
        measure=measure,
        mode=Mode.PAPER,
        answered_on=clock.today() - timedelta(days=days),
    )
    for item in asked_items(session, form, measure, person.id):
        save_answer(session, actor, form, item, OneAnswer(AnswerKind.GIVEN, code))
    return form


def an_own_page(session, person):
    """Their account, and where they see how they are doing."""
    user = create_user(session, SYSTEM, name="", email="own@person.example", kind=UserKind.PERSON)
    session.add(PersonAccount(person_id=person.id, user_id=user.id, kind=LinkKind.INVITATION))
    return user.id, f"/me/records/{person.id}/doing"


@pytest.fixture
def hub(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    user, actor = a_worker(session)
    a_duty_desk(session, actor)
    return user.id, actor, a_reachable_person(session, actor)


def test_one_better_and_one_worse_is_mixed_and_a_form_leaves_as_fhir(app, session, hub):
    user_id, actor, person = hub
    for name, first, last in (("gad-7", 2, 0), ("phq-9", 0, 2)):
        answered(session, actor, person, name, first, 90)
        form = answered(session, actor, person, name, last, 1)
    form_id, here = form.id, f"/desk/people/{person.id}/outcomes"
    own, own_page = an_own_page(session, person)
    session.commit()
    client = signed_in_client(app, user_id)
    page = client.get(here).get_data(as_text=True)
    assert "All together: mixed." in page
    assert "All together: mixed." in signed_in_client(app, own).get(own_page).text
    sent = client.get(f"/desk/outcomes/forms/{form_id}.json")
    assert (sent.status_code, sent.content_type) == (200, "application/fhir+json")
    entries = json.loads(sent.data)["entry"]
    addresses = [each["fullUrl"] for each in entries]
    assert (addresses[0], len(set(addresses))) == (f"urn:uuid:{form_id}", len(entries))
    response, *scores = [each["resource"] for each in entries]
    assert (response["resourceType"], response["status"], len(response["item"])) == (
        "QuestionnaireResponse", "completed", 9,
    )  # fmt: skip
    assert [(score["resourceType"], score["valueQuantity"]["value"]) for score in scores] == [("Observation", 18)]


def test_how_a_form_stands_leaves_with_it(app, session, hub):
    user_id, actor, person = hub
    measure = find_measure("ucla-3")
    opened = {
        "organization_id": actor.organization_id, "person_id": person.id, "measure": measure, "mode": Mode.PAPER,
    }  # fmt: skip
    begun, stopped, declined, wrong = (open_form(session, actor, **opened) for _ in range(4))
    for form in (begun, stopped, wrong):
        save_answer(session, actor, form, measure.items[0], OneAnswer(AnswerKind.GIVEN, 2))
    for item in measure.items:
        save_answer(session, actor, declined, item, OneAnswer(AnswerKind.DECLINED))
    finish(session, actor, stopped)
    finish(session, actor, wrong)
    amended = correct(session, actor, stopped, {item.key: OneAnswer(AnswerKind.GIVEN, 1) for item in measure.items})
    void(session, actor, wrong, "another person's")
    ids = {"begun": begun.id, "stopped": stopped.id, "declined": declined.id, "amended": amended.id, "wrong": wrong.id}
    session.commit()
    client = signed_in_client(app, user_id)
    found = {}
    for name, form_id in ids.items():
        entries = json.loads(client.get(f"/desk/outcomes/forms/{form_id}.json").data)["entry"]
        found[name] = [each["resource"]["status"] for each in entries]
    assert found == {
        "begun": ["in-progress", "preliminary"],
        "stopped": ["stopped", "final"],
        "declined": ["completed", "final"],
        "amended": ["amended", "corrected"],
        "wrong": ["entered-in-error", "entered-in-error"],
    }


def test_the_short_pack_is_ticked_and_goals_are_asked_about_only_of_who_has_one(app, session, hub):
    user_id, actor, person = hub
    here, person_id = f"/desk/people/{person.id}/outcomes/ask", person.id
    session.commit()
    client = signed_in_client(app, user_id)
    assert client.get(f"{here}?pack=short").get_data(as_text=True).count(" checked") == 3
    refused = client.post(here, data={"measures": ["ons4/1", "goals/1"]})
    assert refused.status_code == 422
    assert "They have set no goal yet" in refused.get_data(as_text=True)
    set_goals(session, actor, session.get_one(type(person), person_id), ["Go to the shop on my own"])
    session.commit()
    assert client.get(f"{here}?pack=short").get_data(as_text=True).count(" checked") == 4
    assert client.post(here, data={"measures": ["ons4/1", "goals/1"]}).status_code == 303


def test_questions_are_asked_in_the_language_of_the_page_where_its_words_are_known(app, session, hub):
    _user_id, actor, person = hub
    load_text_pack(session, actor, a_pack())
    welsh = a_pack().replace('language = "en"', 'language = "cy"').replace("Made-up question", "Cwestiwn ffug")
    load_text_pack(session, actor, welsh)
    _occasion, token = a_link(session, actor, person, "wsas")
    session.commit()
    client = app.test_client()
    assert "Made-up question 1" in client.get(f"/reply/{token}").get_data(as_text=True)
    welsh_page = {"Accept-Language": "cy"}
    assert "Cwestiwn ffug 1" in client.get(f"/reply/{token}", headers=welsh_page).get_data(as_text=True)
    client.post(f"/reply/{token}", data={"question": "1", "answer": "2"}, headers=welsh_page)
    assert session.scalars(select(Measurement.language)).one() == "cy"


def test_words_in_one_language_alone_are_words_for_everybody(app, session, hub):
    user_id, actor, person = hub
    welsh = a_pack().replace('language = "en"', 'language = "cy"').replace("Made-up question", "Cwestiwn ffug")
    load_text_pack(session, actor, welsh)
    _occasion, token = a_link(session, actor, person, "wsas")
    here = f"/desk/people/{person.id}/outcomes"
    session.commit()
    desk = signed_in_client(app, user_id)
    assert 'value="wsas/1"' in desk.get(f"{here}/ask").text
    assert "Cwestiwn ffug 1" in desk.get(f"{here}/wsas/paper").text
    page = app.test_client().get(f"/reply/{token}").text
    assert 'lang="cy"' in page.split("<form", 1)[1]
    # Whose words they are, and not what is kept for whoever wants a licence.
    assert "The words of these questions belong to Isaac M. Marks." in page
    assert find_measure("wsas").licence.notice not in page


def test_only_goals_that_somebody_has_set_stand_in_the_table_and_by_their_own_words(app, session, hub):
    user_id, actor, person = hub
    set_goals(session, actor, person, ["Swim", "", "Call my sister"])
    goals = find_measure("goals")
    form = open_form(
        session, actor, organization_id=actor.organization_id, person_id=person.id, measure=goals, mode=Mode.PAPER
    )
    for key, answer in (("goal-1", OneAnswer(AnswerKind.GIVEN, 4)), ("goal-3", OneAnswer(AnswerKind.DECLINED))):
        save_answer(session, actor, form, goals.item(key), answer)
    here, form_id = f"/desk/people/{person.id}/outcomes", form.id
    session.commit()
    client = signed_in_client(app, user_id)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{here}.csv").text)))
    assert [(row["score"], row["value"]) for row in rows] == [("goal-1", "4"), ("goal-3", "")]
    assert "Swim" in client.get(here).text.split("Own goals")[0]
    assert "Goal 2" not in client.get(f"/desk/outcomes/forms/{form_id}/entered").text


def test_that_no_rule_is_published_is_said_once_for_four_scores_and_a_rule_stands_beside_its_change(app, session, hub):
    user_id, actor, person = hub
    for name, first, last in (("ons4", 3, 6), ("gad-7", 2, 0)):
        answered(session, actor, person, name, first, 90)
        answered(session, actor, person, name, last, 1)
    here = f"/desk/people/{person.id}/outcomes"
    session.commit()
    client = signed_in_client(app, user_id)
    page = client.get(here).text
    assert page.count("No rule is published") == client.get(f"{here}/ons4.1").text.count("No rule is published") == 1
    assert "No rule is published" not in client.get(f"{here}/gad-7.1").text
    assert (page.count("Better by 3."), page.count("Worse by 3.")) == (3, 1)  # more of being anxious is worse
    assert "gad-7/1 reliable-4: a change of 4 or more" in page


def test_the_rule_of_several_goals_is_said_once_wherever_they_are_shown(app, session, hub):
    user_id, actor, person = hub
    set_goals(session, actor, person, ["Swim", "Call my sister"])
    own_id, own_page = an_own_page(session, person)
    answered(session, actor, person, "goals", 2, 90)
    answered(session, actor, person, "goals", 7, 1)
    here = f"/desk/people/{person.id}/outcomes"
    session.commit()
    client, own = signed_in_client(app, user_id), signed_in_client(app, own_id)
    for page in (client.get(here).text, client.get(f"{here}/goals.1").text, own.get(own_page).text):
        assert page.count("Likely a real change: better by 5.") == 2
        assert page.count("a change of 3 or more") == 1
        assert "goals/1 goal-1-3, goal-2-3: a change of 3 or more" in page
    # One line is within the scale, and no goal has a band to name.
    chart = client.get(f"{here}/goals.1").text
    assert "Up to the dotted line" in chart
    assert "Which means" not in chart


def test_the_short_pack_is_asked_in_the_order_in_which_it_belongs_together(app, session, hub):
    _user_id, actor, person = hub
    set_goals(session, actor, person, ["Swim"])
    _occasion, token = a_link(session, actor, person, "gad-7", "ons-loneliness", "goals", "ucla-3", "ons4")
    session.commit()
    page = app.test_client().get(f"/reply/{token}/all").text
    places = [page.index(words) for words in ("how satisfied", "companionship", "feel lonely", "first goal", "nervous")]
    assert places == sorted(places)


def test_somebody_is_asked_once_on_a_day_to_come_which_can_be_put_off_and_brought_forward(app, session, hub):
    user_id, _actor, person = hub
    person_id, today = person.id, clock.today()
    here = f"/desk/people/{person_id}/outcomes/ask"
    session.commit()
    client = signed_in_client(app, user_id)

    def sent_for(day: date) -> dict[str, object]:
        return {"measures": ["ucla-3/1"], "due_on-day": day.day, "due_on-month": day.month, "due_on-year": day.year}

    for day, why in (
        (today - timedelta(days=1), "Enter today or a day to come"),
        (today + timedelta(days=800), "Enter a day within two years of today"),
        (date.max, "Enter a day within two years of today"),
    ):
        refused = client.post(here, data=sent_for(day))
        assert (refused.status_code, why in refused.text) == (422, True)
    asked = client.post(here, data=sent_for(today + timedelta(days=40)))
    assert asked.status_code == 303
    occasion = session.scalars(select(Occasion)).one()
    assert (occasion.kind, occasion.due_on) == ("once", today + timedelta(days=40))
    address = f"/desk/outcomes/occasions/{occasion.id}/move"
    session.rollback()
    for day, status in ((today + timedelta(days=20), 303), (today - timedelta(days=1), 422), (date.max, 422)):
        assert client.post(address, data=sent_for(day)).status_code == status
    assert session.scalars(select(Occasion.due_on)).one() == today + timedelta(days=20)
    assert "Counted from" not in client.get(f"/desk/people/{person_id}/outcomes").text
