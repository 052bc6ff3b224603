"""The learning plan of somebody on record: written by them and by those who teach them, and by nobody else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role, UserKind
from app.accounts.models import MemberOrganization, Membership
from app.accounts.operations import create_user
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.booking.models import LearningPlan
from app.booking.operations.on_behalf import Behalf, book_person
from app.booking.record import erase, export
from app.core import clock
from app.core.actor import SYSTEM
from app.people.codes import LinkKind
from app.people.models import PersonAccount
from app.web.database import db
from tests import booking_factories as make
from tests.referrals import a_cast
from tests.signing_in import a_member, signed_in_client


def dated(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def would_help(staff: FlaskClient) -> tuple[bool, bool]:
    """Whether they read of somebody who would like to help, and of somebody on the way to it."""
    page = staff.get("/desk/programme/plans").get_data(as_text=True)
    return "Would like to help" in page, "On the way to helping" in page


def assert_nothing_typed_is_lost(app: Flask, teacher: FlaskClient, ours: str, goal: UUID, talk: dict[str, str]) -> None:
    typed = {"words-own_words": "Sleep\r\nwell", "words-what_helps": "Sit by the door", "stage-stage": "shadowing"}
    begun = talk | typed | {"review-words": "It went half", "goal-words": "Write to Jo"}
    pressed = teacher.post(ours, data=begun | {"do": "", "reach": str(goal)})
    assert (pressed.status_code, "Reached on" in pressed.text, "not saved yet" in pressed.text) == (200, True, True)
    assert all(words in pressed.text for words in ("It went half", "Write to Jo", "The quiet room", "well</textarea>"))
    wrong = teacher.post(ours, data=begun | {"do": "stage", "stage-stage": "nonsense"})
    assert (wrong.status_code, "It went half" in wrong.text) == (422, True)
    entered = teacher.post(ours, data=begun | {"do": "any"})
    assert (entered.status_code, "It went half" in entered.text) == (200, True)
    assert 'value="Write to Jo"' not in entered.text, "it is a goal now"
    kept = teacher.post(ours, data=typed | {"do": "words"})
    assert kept.status_code == 303, "everything typed is kept"
    with app.app_context(), Session(db.engines[None]) as session:
        plan = session.scalars(select(LearningPlan)).one()
        assert (plan.own_words, len(plan.reviews)) == ("Sleep\nwell", 1)
        assert [(one.words, one.reached_at is None) for one in plan.goals] == [
            ("Come to all four", False),
            ("Write to Jo", True),
        ]
    assert teacher.post(ours, data=typed | {"do": "words", "words-own_words": "Sleep again"}).status_code == 303


def reads(app: Flask) -> int:
    """How often the trail says that a plan was read."""
    told = (AuditEntry.action == Action.READ, AuditEntry.object_type == "learning_plan")
    with app.app_context(), Session(db.engines[None]) as session:
        return session.scalars(select(func.count()).select_from(AuditEntry).where(*told)).one()


def assert_each_corrects_what_is_theirs(
    app: Flask, rowan: FlaskClient, teacher: FlaskClient, theirs: str, ours: str
) -> None:
    assert teacher.post(ours, data={"do": "goal", "goal-words": "Learn to breath"}).status_code == 303
    with app.app_context(), Session(db.engines[None]) as session:
        plan = session.scalars(select(LearningPlan)).one()
        goals, [talk], next_on = {one.words: one.id for one in plan.goals}, plan.reviews, plan.review_on
        talked = f"/talks/{talk.id}"
    own, taught = f"/goals/{goals['Come to all four']}", f"/goals/{goals['Learn to breath']}"
    assert own not in teacher.get(ours).text, "it is the person's own"
    assert teacher.post(ours + own, data={"words": "Mine now"}).status_code == 422
    assert rowan.get(theirs + talked).status_code == 404
    assert rowan.post(theirs + own, data={"words": ""}).status_code == 422
    for _twice in range(2):
        assert rowan.post(theirs + own, data={"words": "Come to three"}).location.endswith("?done=corrected")
    same = rowan.post(theirs + f"/goals/{goals['Write to Jo']}", data={"words": "Write to Jo"})
    assert same.location.endswith("?done=saved"), "nothing is corrected"
    late = rowan.post(theirs + own, data={"words": "Come to none"})
    assert (late.status_code, "put this right meanwhile" in late.text) == (422, True)
    assert teacher.post(ours + taught, data={"words": "Learn to breathe"}).status_code == 303
    before = reads(app)
    assert "twice" in teacher.get(ours + talked).text
    assert reads(app) == before + 1, "that it was looked at is recorded"
    days = dated("held_on", clock.today()) | dated("next_on", next_on or clock.today())
    right = teacher.post(ours + talked, data=days | {"words": "She came three times", "what_helped": "Tea"})
    assert right.status_code == 303
    for page in (rowan.get(theirs).text, teacher.get(ours).text):
        shown, before = page.replace("\n", " "), page.split("What it said before")
        assert len(before) == 4
        for now, then in (
            ("Come to three", "Come to all four"),
            ("to breathe", "to breath "),
            ("three times", "twice"),
        ):
            assert now in shown
            assert any(then in part for part in before[1:])
    with app.app_context(), Session(db.engines[None]) as session:
        plan = session.scalars(select(LearningPlan)).one()
        assert [one.words for one in plan.goals] == ["Come to three", "Write to Jo", "Learn to breathe"]
        assert plan.goals[0].reached_at is not None, "it stays reached"
        assert plan.review_on == next_on
        breathe = f"/goals/{plan.goals[2].id}"
    assert teacher.post(ours + breathe, data={"do": "away"}).location.endswith("?done=away")
    assert "Learn to breathe" not in rowan.get(theirs).text


def assert_a_manager_corrects_for_who_has_left(app: Flask, tutor_id: UUID, place: str, ours: str) -> None:
    with app.app_context(), Session(db.engines[None]) as session:
        [talk] = session.scalars(select(LearningPlan)).one().reviews
        others = (Role.PROVIDER, place), (Role.MANAGER, place), (Role.MANAGER, "Elsewhere")
        users = [a_member(session, role, workplace=name).id for role, name in others]
        page = f"{ours}/talks/{talk.id}"
        session.commit()
    second, manager, stranger = (signed_in_client(app, one) for one in users)
    days, lists = dated("held_on", clock.today()), "/desk/programme/plans"
    right = days | {"words": "He came three times"}
    assert manager.post(page, data=right).status_code == 422, "whoever wrote it is still there"
    assert "has left" not in second.get(ours).text + manager.get(lists).text + manager.get("/desk").text
    with app.app_context(), Session(db.engines[None]) as session:
        for one in session.scalars(select(Membership).where(Membership.user_id == tutor_id)):
            one.ended_at = clock.now()
        session.commit()
    assert "A manager can put it right" in second.get(ours).text
    assert (second.post(page, data=right).status_code, stranger.get(page).status_code) == (422, 404)
    assert lists in manager.get("/desk").text
    assert f'href="{ours}"' in manager.get(lists).text
    assert_a_manager_says_that_nothing_is_wrong(app, second, manager, ours)
    assert (f'href="{page}"' in manager.get(ours).text, "plan-form" in manager.get(ours).text) == (True, False)
    assert manager.post(ours, data={"do": "goal", "goal-words": "Mine"}).status_code in {403, 409}
    assert "has left. You put it right as a manager" in manager.get(page).text
    for _twice in range(2):
        assert manager.post(page, data=right).location.endswith("?done=corrected")
    assert "He came three times" in second.get(ours).text
    told = select(AuditEntry.user_id).where(AuditEntry.reason == "writer left")
    with app.app_context(), Session(db.engines[None]) as session:
        assert session.scalars(told).all() == [users[1], users[1]], "that nothing is wrong, and then that something is"
    assert "has left" not in second.get(ours).text


def assert_a_manager_says_that_nothing_is_wrong(
    app: Flask, second: FlaskClient, manager: FlaskClient, ours: str
) -> None:
    """The list of the desk comes down to nothing, also where nothing is to be put right."""
    lists, said = "/desk/programme/plans", "nothing is wrong"
    [talk] = re.findall(r'name="talk" value="([^"]+)"', manager.get(ours).text)
    assert said not in second.get(ours).text
    assert second.post(ours, data={"do": "looked_over", "talk": talk}).status_code in {403, 409, 422}
    assert manager.post(ours, data={"do": "looked_over"}).location.startswith(ours), "there is one left"
    assert f'href="{ours}"' in manager.get(lists).text
    for _twice in range(2):
        done = manager.post(ours, data={"do": "looked_over", "talk": talk})
    assert "We note that you have read it" in manager.get(done.location).text
    assert (f'href="{ours}"' in manager.get(lists).text, lists in manager.get("/desk").text) == (False, False)
    assert (said in manager.get(ours).text, "A manager can put it right" in second.get(ours).text) == (False, True)
    with app.app_context(), Session(db.engines[None]) as session:
        told = select(AuditEntry).where(AuditEntry.reason == "writer left")
        for one in session.scalars(told).all():
            assert one.fields == "looked_over_at"


def test_a_plan_is_written_by_the_person_and_those_who_teach_them(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), Session(db.engines[None]) as session:
        cast = a_cast(session)
        hub = session.get_one(MemberOrganization, cast.worker.organization_id)
        pool = make.pool(session, of=make.run(session, of=make.course(session, of=hub)))
        booking = book_person(session, cast.gp, pool.id, Behalf(person=cast.person), key="plan").id
        person_id = cast.person.id
        tutor, stranger = (a_member(session, Role.TUTOR, workplace=name).id for name in (hub.name, "Elsewhere"))
        account = create_user(session, SYSTEM, email="rowan@person.example", name="Rowan", kind=UserKind.PERSON)
        session.add(PersonAccount(person_id=person_id, user_id=account.id, kind=LinkKind.INVITATION))
        session.flush()
        users, hub_name = (account.id, tutor, stranger), hub.name
        session.commit()
    rowan, teacher, other = (signed_in_client(app, one) for one in users)
    theirs, ours = f"/me/bookings/{booking}/plan", f"/desk/programme/bookings/{booking}/plan"
    assert other.get(ours).status_code == 404
    told = {"do": "words", "words-own_words": "Sleep again", "words-what_helps": "Sit by the door"}
    assert rowan.post(theirs, data=told).status_code == 303
    assert rowan.post(theirs, data={"do": "goal", "goal-words": ""}).status_code == 422
    assert rowan.post(theirs, data={"do": "goal", "goal-words": "Come to all four"}).status_code == 303
    assert rowan.post(theirs, data={"do": "stage", "stage-stage": "trained"}).status_code == 422
    assert rowan.post(theirs, data={"do": "stage", "stage-stage": "interested"}).status_code == 303
    assert (would_help(teacher), would_help(other)) == ((True, False), (False, False))
    talk = {"do": "review", "review-words": "She came twice", "review-what_helped": "The quiet room"}
    days = dated("review-held_on", clock.today()) | dated("review-next_on", clock.today() + timedelta(days=30))
    assert teacher.post(ours, data=talk | dated("review-held_on", clock.today() + timedelta(days=1))).status_code == 422
    assert rowan.post(theirs, data=talk | days).status_code in {303, 404}
    assert teacher.post(ours, data=talk | days).status_code == 303
    assert teacher.post(ours, data={"do": "stage", "stage-stage": "shadowing"}).status_code == 303
    assert (would_help(teacher), would_help(other)) == ((False, True), (False, False))
    assert 'href="/desk/programme/set-up"' in teacher.get(ours).get_data(as_text=True)
    with app.app_context(), Session(db.engines[None]) as session:
        plan = session.scalars(select(LearningPlan)).one()
        assert len(plan.reviews) == 1
        goal: UUID = plan.goals[0].id
    assert_nothing_typed_is_lost(app, teacher, ours, goal, talk)
    assert_each_corrects_what_is_theirs(app, rowan, teacher, theirs, ours)
    for client, address in ((rowan, theirs), (teacher, ours)):
        page = client.get(address).get_data(as_text=True)
        for words in (
            "Sleep again",
            "Sit by the door",
            "Come to all four",
            "She came twice",
            "Reached on",
            "Next talk",
        ):
            assert words in page
    assert "No talk is due" in teacher.get("/desk/programme/plans").get_data(as_text=True)
    with clock.moved_to(clock.now() + timedelta(days=31)):
        teacher = signed_in_client(app, users[1])
        assert "due on" in teacher.get("/desk/programme/plans").get_data(as_text=True)
    assert_a_manager_corrects_for_who_has_left(app, tutor, hub_name, ours)
    with app.test_request_context(), Session(db.engines[None]) as session:
        told_all = str([item.lines for item in export(session, person_id)])
        assert all(words in told_all for words in ("She came twice", "three times", "Learn to breathe"))
        erase(session, SYSTEM, person_id)
        left = str([item.lines for item in export(session, person_id)])
        for words in ("She came twice", "Sleep again", "Come to all four", "breathe"):
            assert words not in left
