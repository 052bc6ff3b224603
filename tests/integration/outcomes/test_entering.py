"""Forms that staff take down: day and help as on the sheet, a slip, who began it; and the tablet at the desk."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.errors import InvalidInput
from app.outcomes.codes import AnswerKind, FormState, Mode, OccasionState
from app.outcomes.measures import find_measure
from app.outcomes.models import Measurement, Occasion, SafetyAlert
from app.outcomes.operations import ask_once, load_text_pack, open_form
from app.outcomes.sending import make_link
from app.outcomes.views.tablet import drawn
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


def begin(desk, person_id, measure="ucla-3/1", **told):
    """Where the boxes of a form are, as the page leads there."""
    day = clock.today()
    parts = {"answered_on-day": day.day, "answered_on-month": day.month, "answered_on-year": day.year}
    sent = desk.post(
        f"/desk/people/{person_id}/outcomes/enter", data={"measure": measure, "mode": "paper"} | parts | told
    )
    assert sent.status_code == 303, sent.text
    return sent.location


def waiting_in(session, person_id):
    """How many forms there are, and where the occasion stands and whether it counts as begun."""
    session.rollback()
    rows = session.execute(select(Occasion.state, Occasion.by_link).where(Occasion.person_id == person_id)).all()
    count = len(session.scalars(select(Measurement).where(Measurement.person_id == person_id)).all())
    session.rollback()
    return count, [tuple(row) for row in rows]


def test_a_form_that_is_printed_leaves_no_form_and_no_occasion_counts_as_begun(session, place):
    desk, actor, person_id = place
    ask_once(session, actor, person_id, ["ucla-3"])
    session.commit()
    before = waiting_in(session, person_id)
    assert before == (0, [(OccasionState.PLANNED, None)])
    paper = desk.get(begin(desk, person_id, print="1"))
    assert paper.status_code == 200
    assert desk.get(begin(desk, person_id, mode="phone")).status_code == 200  # looked at, and not gone on with
    assert waiting_in(session, person_id) == before
    assert "Begun and not finished" not in desk.get(f"/desk/people/{person_id}/outcomes").text
    # The code on the sheet: where it is entered, for the occasion that waits, once.
    there = re.search(r'href="(/desk/people/[^"]+/enter/[0-9a-f-]{36})"', paper.text)[1]
    assert f"Form {there.rsplit('/', 1)[1][:8]}" in paper.text
    base_url = desk.application.extensions["waymark_settings"].base_url
    assert drawn(f"{base_url}{there}") in paper.text
    told = sheet(clock.today(), codes="123")
    sent = desk.post(there, data=told)
    assert sent.status_code == 303
    assert waiting_in(session, person_id) == (1, [(OccasionState.DONE, False)])
    assert desk.post(there, data=told).location == sent.location  # pressed twice
    assert desk.get(there).location == sent.location.removesuffix("/entered")
    assert waiting_in(session, person_id)[0] == 1
    assert stored(session, UUID(there.rsplit("/", 1)[1]))[:2] == (FormState.COMPLETE, Mode.PAPER)


def test_the_same_sheet_sent_twice_at_once_is_one_form(app, session, place):
    desk, _actor, person_id = place
    there = begin(desk, person_id)
    cookie = desk.get_cookie("sid")
    both = [app.test_client() for _time in range(4)]
    for each in both:
        each.set_cookie("sid", cookie.value)
    with ThreadPoolExecutor(len(both)) as pool:
        sent = list(pool.map(lambda each: each.post(there, data=sheet(clock.today(), codes="123")).status_code, both))
    assert sent == [303] * len(both)
    assert waiting_in(session, person_id)[0] == 1


def test_how_and_when_it_was_answered_is_kept_from_the_page_before(session, place):
    desk, _actor, person_id = place
    before = clock.today() - timedelta(days=3)
    parts = {"answered_on-day": before.day, "answered_on-month": before.month, "answered_on-year": before.year}
    there = begin(desk, person_id, mode="in-person", helped="y", **parts)
    page = desk.get(there).text
    assert "Say first" in page
    assert "In person" in page
    assert re.search(r'name="helped"[^>]* checked', page)
    desk.post(there, data=sheet(before, codes="123") | {"helped": "y"})
    session.rollback()
    form = session.scalars(select(Measurement)).one()
    assert (form.mode, form.answered_on, form.helped) == (Mode.IN_PERSON, before, True)
    session.rollback()


@pytest.mark.parametrize("query", ["?mode=link&day=9999-99-99", "?mode=x&day=%00", "?day=9999-12-31", "?mode="])
def test_rubbish_in_the_address_is_paper_of_today(session, place, query):
    desk, _actor, person_id = place
    there = f"/desk/people/{person_id}/outcomes/ucla-3/enter/{uuid4()}{query}"
    assert "On paper" in desk.get(there).text
    assert desk.post(there, data=sheet(clock.today(), codes="111")).status_code == 303
    session.rollback()
    form = session.scalars(select(Measurement)).one()
    assert (form.mode, form.answered_on) == (Mode.PAPER, clock.today())
    session.rollback()


def test_an_answer_that_needs_a_look_begins_its_form_though_another_cannot_be_read(session, place):
    desk, _actor, person_id = place
    there = begin(desk, person_id, "phq-9/1", mode="phone")
    assert desk.post(there, data={"q1": "77", "q2": "1"}).status_code == 422
    assert waiting_in(session, person_id)[0] == 0
    page = desk.post(there, data=sheet(clock.today()) | {"q1": "77", "q9": "1"})
    assert "Question 1: enter a number from 0 to 3" in page.text
    assert 'value="77"' in page.text
    assert session.scalars(select(SafetyAlert.item)).all() == ["9"]
    assert stored(session, UUID(there.split("/enter/")[1].split("?")[0]))[:2] == (FormState.DRAFT, Mode.PHONE)
    assert desk.post(there, data=sheet(clock.today(), codes="111111111")).status_code == 303
    assert waiting_in(session, person_id)[0] == 1
    # Whoever looks at it reads what was asked and what was said, in words.
    alert = session.scalars(select(SafetyAlert.id)).one()
    session.rollback()
    told = desk.get(f"/desk/outcomes/alerts/{alert}").text
    assert "Thoughts that you would be better off dead" in told
    assert "<strong>Several days</strong>: 1, on a scale from 0 to 3" in told


def test_the_number_of_another_form_enters_nothing(session, place):
    desk, actor, person_id = place
    other = a_reachable_person(session, actor, name="Somebody Else").id
    taken = begun(session, actor, other, "ucla-3")
    for measure in ("ucla-3", "gad-7"):
        there = f"/desk/people/{person_id}/outcomes/{measure}/enter/{taken}"
        assert desk.get(there).status_code == 404
        assert desk.post(there, data=sheet(clock.today(), codes="111")).status_code == 404
    assert stored(session, taken)[4] == 0


def test_what_was_begun_by_link_goes_on_by_phone(client, session, place):
    desk, actor, person_id = place
    occasion = ask_once(session, actor, person_id, ["gad-7"])
    token = make_link(session, occasion, timedelta(days=1))
    session.commit()
    client.post(f"/reply/{token}", data={"question": "1", "answer": "2"})
    session.rollback()
    form = session.scalars(select(Measurement.id)).one()
    session.rollback()
    assert desk.get(begin(desk, person_id, "gad-7/1", mode="phone")).location == f"/desk/outcomes/forms/{form}"


@pytest.mark.parametrize("press", [{}, {"later": "1"}])
def test_a_sheet_on_which_nothing_stands_is_no_form(session, place, press):
    desk, actor, person_id = place
    ask_once(session, actor, person_id, ["phq-9"])
    session.commit()
    before = waiting_in(session, person_id)
    page = desk.post(begin(desk, person_id, "phq-9/1"), data=sheet(clock.today()) | press)
    assert (page.status_code, "Enter at least one answer" in page.text) == (422, True)
    assert waiting_in(session, person_id) == before
    assert session.scalars(select(SafetyAlert)).all() == []
    session.rollback()


def test_without_a_goal_there_is_no_form_of_goals_to_print(session, place):
    desk, _actor, person_id = place
    day = clock.today()
    parts = {"answered_on-day": day.day, "answered_on-month": day.month, "answered_on-year": day.year}
    for more in ({}, {"print": "1"}):
        told = {"measure": "goals/1", "mode": "paper"} | parts | more
        page = desk.post(f"/desk/people/{person_id}/outcomes/enter", data=told)
        assert (page.status_code, "They have set no goal yet" in page.text) == (422, True)


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
