"""Forms that staff take down: day and help as on the sheet, a slip, who began it; and the tablet at the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.errors import InvalidInput
from app.outcomes.codes import AnswerKind, FormState, Mode
from app.outcomes.measures import find_measure
from app.outcomes.models import Measurement, SafetyAlert
from app.outcomes.operations import ask_once, load_text_pack, open_form
from app.outcomes.sending import make_link
from app.people.models import Person
from tests.outcomes import a_duty_desk, a_link, a_pack, a_reachable_person, a_worker
from tests.signing_in import signed_in_client


@pytest.fixture
def place(app, session):
    """A worker who is signed in, the actor they are, and a person; all committed."""
    app.config["WTF_CSRF_ENABLED"] = False
    user, actor = a_worker(session)
    person = a_reachable_person(session, actor)
    a_duty_desk(session, actor)
    desk, person_id = user.id, person.id
    session.commit()
    return signed_in_client(app, desk), actor, person_id


def begun(session, actor, person_id, measure, mode=Mode.PAPER, occasion=None):
    form = open_form(
        session,
        actor,
        organization_id=actor.organization_id,
        person_id=person_id,
        measure=find_measure(measure),
        mode=mode,
        occasion=occasion,
    ).id
    session.commit()
    return form


def stored(session, form_id):
    session.rollback()
    form = session.get_one(Measurement, form_id)
    told = form.state, form.mode, form.answered_on, form.helped, len(form.answers)
    session.rollback()
    return told


def sheet(day, **answers):
    parts = {"answered_on-day": day.day, "answered_on-month": day.month, "answered_on-year": day.year}
    return {f"q{number}": answer for number, answer in enumerate(answers.get("codes", ()), 1)} | parts


def test_a_sheet_that_comes_back_later_has_the_day_that_stands_on_it(session, place):
    desk, actor, person_id = place
    before = clock.today() - timedelta(days=6)
    form = begun(session, actor, person_id, "ucla-3")
    told = sheet(clock.today() + timedelta(days=1), codes="123")
    assert desk.post(f"/desk/outcomes/forms/{form}", data=told).status_code == 422
    told = sheet(before, codes="123") | {"helped": "y"}
    assert desk.post(f"/desk/outcomes/forms/{form}", data=told).status_code == 303
    assert stored(session, form) == (FormState.COMPLETE, Mode.PAPER, before, True, 3)
    # A day that was written wrong is put right as an answer is: by a new form in its place.
    put_right = desk.post(f"/desk/outcomes/forms/{form}", data=sheet(before - timedelta(days=1), codes="122"))
    new = re.search(r"forms/([0-9a-f-]+)/", put_right.location)[1]
    assert new != str(form)
    session.rollback()
    kept = session.scalars(select(Measurement).where(Measurement.supersedes_id == form)).one()
    assert (str(kept.id), kept.answered_on, kept.helped) == (new, before - timedelta(days=1), False)


def test_rather_not_say_is_one_press_on_the_keypad(session, place):
    desk, actor, person_id = place
    form = begun(session, actor, person_id, "ucla-3")
    assert desk.post(f"/desk/outcomes/forms/{form}", data=sheet(clock.today(), codes="1*3")).status_code == 303
    kinds = sorted(answer.kind for answer in session.get_one(Measurement, form).answers)
    session.rollback()
    assert kinds == [AnswerKind.DECLINED, AnswerKind.GIVEN, AnswerKind.GIVEN]
    boxes = desk.get(f"/desk/outcomes/forms/{form}").get_data(as_text=True)
    assert [re.search(r'value="(.)"', box)[1] for box in re.findall(r"<input[^>]*data-codes[^>]*>", boxes)] == [
        "1",
        "*",
        "3",
    ]
    assert boxes.count('data-codes="1 2 3 *"') == 3  # so that the next box follows


def test_an_answer_that_needs_a_look_is_kept_though_another_cannot_be_read(session, place):
    desk, actor, person_id = place
    form = begun(session, actor, person_id, "phq-9", Mode.PHONE)
    read_out = desk.get(f"/desk/outcomes/forms/{form}")
    assert "Say first" in read_out.text
    page = desk.post(f"/desk/outcomes/forms/{form}", data={"q1": "77", "q9": "1"})
    assert "Question 1: enter a number from 0 to 3" in page.text
    assert "116 123" in page.text.split("<main", 1)[1]
    assert stored(session, form)[0] is FormState.DRAFT
    assert session.scalars(select(SafetyAlert.item)).all() == ["9"]
    session.rollback()
    assert desk.post(f"/desk/outcomes/forms/{form}", data={"q1": "77", "q2": "1"}).status_code == 422


def test_a_printed_sheet_that_is_answered_by_link_after_all_is_no_paper(client, session, place):
    _desk, actor, person_id = place
    occasion = ask_once(session, actor, person_id, ["gad-7"])
    token = make_link(session, occasion, timedelta(days=1))
    form = begun(session, actor, person_id, "gad-7", occasion=occasion)
    client.post(f"/reply/{token}", data={"question": "1", "answer": "2"})
    assert stored(session, form)[1] is Mode.LINK
    # What was begun stays that of who began it.
    assert begun(session, actor, person_id, "gad-7", Mode.PHONE, session.merge(occasion)) == form
    assert stored(session, form)[1] is Mode.LINK


def test_nobody_answers_on_a_tablet_while_somebody_is_signed_in_on_it(app, session, place):
    desk, actor, person_id = place
    occasion, link = a_link(session, actor, session.get_one(Person, person_id), "ucla-3")
    occasion_id = occasion.id
    session.commit()
    shown = desk.post(f"/desk/outcomes/occasions/{occasion_id}/tablet")
    token = re.search(r"/reply/([\w-]{30,})", shown.text)[1]
    for path in ("", "/2", "/all", "/thanks"):
        page = desk.get(f"/reply/{token}{path}")
        assert "Sign out and hand over" in page.text
        assert "companionship" not in page.text
    assert desk.post(f"/reply/{token}", data={"question": "1", "answer": "2"}).status_code == 409
    assert desk.get(f"/reply/{link}").status_code == 200  # a link of their own is no tablet at a desk
    assert desk.post(f"/reply/{link}/hand-over").status_code == 303
    assert desk.get("/desk").status_code == 200
    handed = desk.post(f"/reply/{token}/hand-over")
    assert handed.location.endswith(f"/reply/{token}")
    assert "companionship" in desk.get(f"/reply/{token}").text
    for path in ("/desk", f"/desk/people/{person_id}/outcomes"):
        assert "/sign-in" in desk.get(path).headers.get("Location", "")
    for number in ("1", "2", "3"):
        desk.post(f"/reply/{token}", data={"question": number, "answer": "2"})
    assert "give the tablet back" in desk.get(f"/reply/{token}/thanks").text
    session.rollback()
    assert session.scalars(select(Measurement.mode)).one() is Mode.TABLET
    session.rollback()
    # Elsewhere nobody was signed out.
    assert app.test_client().get(f"/reply/{token}").status_code == 200


@pytest.mark.parametrize(
    ("years", "says"), [(15, "They are 15 years old"), (40, "do not say for which ages"), (None, "do not know how old")]
)
def test_the_screen_says_that_no_age_is_confirmed(session, place, years, says):
    desk, _actor, person_id = place
    born = None if years is None else clock.today() - timedelta(days=365.25 * years + 30)
    session.get_one(Person, person_id).born_on = born
    session.commit()
    for page in ("choose", "ask", "enter", "plan"):
        assert says in desk.get(f"/desk/people/{person_id}/outcomes/{page}").text


def test_where_nobody_is_on_duty_no_measure_with_a_safety_question_is_offered(app, session):
    app.config["WTF_CSRF_ENABLED"] = False
    user, actor = a_worker(session)
    user_id, person_id = user.id, a_reachable_person(session, actor).id
    session.commit()
    desk = signed_in_client(app, user_id)
    for page in ("choose", "ask", "enter", "plan"):
        offered = desk.get(f"/desk/people/{person_id}/outcomes/{page}").text
        assert "gad-7/1" in offered
        assert "phq-9/1" not in offered
    told = {"measure": "phq-9/1", "chosen_by": "person"}
    assert desk.post(f"/desk/people/{person_id}/outcomes/choose", data=told).status_code == 422


def test_an_end_without_an_answer_needs_its_reason(session, place):
    desk, actor, person_id = place
    occasion = ask_once(session, actor, person_id, ["gad-7"])
    occasion_id, plan_id = occasion.id, occasion.plan_id
    session.commit()
    assert desk.post(f"/desk/outcomes/occasions/{occasion_id}").status_code == 422
    assert desk.post(f"/desk/outcomes/plans/{plan_id}/end").status_code == 422
    assert desk.post(f"/desk/outcomes/occasions/{occasion_id}", data={"reason": "declined"}).status_code == 303


def test_words_whose_licence_has_ended_are_not_loaded(session, place):
    _desk, actor, _person = place
    with pytest.raises(InvalidInput, match="has ended already"):
        load_text_pack(session, actor, a_pack(ends="2021-01-01"))
    session.rollback()
    assert load_text_pack(session, actor, a_pack(ends=clock.today().isoformat())).valid_to == clock.today()
    session.rollback()


def test_an_empty_pack_of_any_licensed_measure_is_there_to_be_filled_in(app, session):
    user, _actor = a_worker(session, Role.MANAGER)
    user_id = user.id
    session.commit()
    manager = signed_in_client(app, user_id)
    assert "?measure=wsas/1" in manager.get("/desk/outcomes/settings/words").text
    begun = manager.get("/desk/outcomes/settings/words?measure=wsas/1").text
    assert "measure = &#34;wsas&#34;" in begun
    assert manager.get("/desk/outcomes/settings/words?measure=rubbish").status_code == 200
