"""A marker word in every personal field: each is found only where the table of who sees what allows it.

Pages, lists, search, files, messages, logs, addresses and error pages are looked through.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.notifications.models import Message
from app.people.codes import AddressStatus, ContactChannel, PermissionKind, SharingLevel
from app.people.operations import withdraw_permission
from app.referrals.codes import AppointmentKind, Attendance, ClosureOutcome, Destination, DoneBy, Reached, Shown, Status
from app.referrals.models import ChecklistItem, Referral, ReferralTask, Telling
from app.referrals.operations import drafts, ending, missed, previews, triage, work
from app.referrals.operations.tasks import finish_task
from app.referrals.queries.previews import preview_of
from tests.people import a_person
from tests.referrals import AGREED, a_cast, a_draft, a_referral, definition
from tests.signing_in import a_member, signed_in_client

# What the referrer wrote of the person, and the person's own details.
SENT = {
    "name": "zqname",
    "address": "zqaddress",
    "contact_note": "zqcontactnote",
    "what_would_help": "zqhelp",
    "risk": "zqrisk",
    "answer": "zqanswer",
    "adjustment": "zqadjustment",
}
# What only the team may read.
TEAM = {
    "note": "zqnote",
    "goal": "zqgoal",
    "plan": "zqplan",
    "contact": "zqattempt",
    "place": "zqplace",
    "pause": "zqpausewords",
    "risk_decision": "zqriskdecision",
    "attendance": "zqwhyabsent",
    "not_needed": "zqnotneeded",
    "decided": "zqdecided",
}
BACK = {"summary": "zqsummary", "next_step": "zqnextstep", "detail": "zqdetail"}
SHARED = {"shared_note": "zqsharednote", "question": "zqquestion", "reply": "zqreply"}
ALL = SENT | TEAM | BACK | SHARED


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


def whole_way(session, *, level: SharingLevel):
    """A referral with a marker in every field, ended early, at a level of telling."""
    cast = a_cast(session, checklists=definition("rehabilitation-and-recovery").checklists)
    cast.person = a_person(
        session,
        cast.gp,
        SENT["name"],
        born_on=date(1980, 1, 1),
        address_status=AddressStatus.KNOWN,
        address=SENT["address"],
        contact_note=SENT["contact_note"],
        adjustments=(SENT["adjustment"],),
        safe_channels=frozenset({ContactChannel.PHONE}),
    )
    row = a_referral(
        session,
        cast,
        level=level,
        what_would_help=SENT["what_would_help"],
        risk_words=SENT["risk"],
        answers={"main-needs": SENT["answer"]},
    )
    worker = cast.worker
    triage.ask(session, worker, row, question=SHARED["question"], version=row.version)
    triage.answer(session, cast.gp, row, words=SHARED["reply"], version=row.version)
    triage.accept(session, worker, row, coordinator_id=worker.user_id, version=row.version)
    attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED, note=TEAM["contact"])
    work.log_contact(session, worker, row, attempt, version=row.version)
    work.start(session, worker, row, version=row.version)
    goal = work.add_goal(session, worker, row, words=TEAM["goal"], version=row.version)
    step = work.add_plan_item(session, worker, row, words=TEAM["plan"], done_by=DoneBy.ME, version=row.version)
    work.close_plan_item(session, worker, row, step.id, dropped=False, version=row.version)
    work.add_note(session, worker, row, text=TEAM["note"])
    work.add_note(session, worker, row, text=SHARED["shared_note"], shared=True)
    meeting = work.Meeting(
        kind=AppointmentKind.SESSION, starts_at=clock.now() - timedelta(hours=1), place=TEAM["place"]
    )
    seen = work.book(session, worker, row, meeting, version=row.version)
    work.record_attendance(
        session,
        worker,
        row,
        seen.id,
        attendance=Attendance.DID_NOT_ATTEND,
        reason=TEAM["attendance"],
        version=row.version,
    )
    item = session.scalars(select(ChecklistItem).where(ChecklistItem.referral_id == row.id)).first()
    work.tick(session, worker, row, item.id, not_needed=TEAM["not_needed"], version=row.version)
    for hours in (4, 3, 2):
        again = work.Meeting(kind=AppointmentKind.SESSION, starts_at=clock.now() - timedelta(hours=hours))
        missed_one = work.book(session, worker, row, again, version=row.version)
        work.record_attendance(
            session, worker, row, missed_one.id, attendance=Attendance.DID_NOT_ATTEND, version=row.version
        )
    missed.keep_trying(session, worker, row, why=TEAM["decided"], version=row.version)
    tomorrow = clock.today() + timedelta(days=1)
    ending.pause(session, worker, row, reason="away", comment=TEAM["pause"], review_by=tomorrow, version=row.version)
    ending.resume(session, worker, row, version=row.version)
    return cast, row, goal


def end(session, cast, row, goal) -> None:
    done = ending.Ending(
        destination=Destination.GP_ONLY,
        outcomes={goal.id: ClosureOutcome.PARTLY},
        summary=BACK["summary"],
        next_step=BACK["next_step"],
        detail=BACK["detail"],
        reason="did-not-engage",
        risk_decision=TEAM["risk_decision"],
    )
    ending.end_early(session, cast.worker, row, done, version=row.version)
    assert row.status is Status.ENDED_EARLY


def markers_in(text: str) -> set[str]:
    return {name for name, marker in ALL.items() if marker in text}


def page(app, user_id, path: str) -> str:
    return signed_in_client(app, user_id).get(path).get_data(as_text=True)


FOR_REFERRER = set(SENT) | set(SHARED)
TOLD = {
    SharingLevel.NONE: set(),
    SharingLevel.CODES: set(),
    SharingLevel.SUMMARY: {"summary", "next_step"},
    SharingLevel.FULL: {"summary", "next_step", "detail"},
}


@pytest.mark.parametrize("level", SharingLevel)
def test_the_referrer_reads_what_the_person_allows(session, app, level):
    cast, row, goal = whole_way(session, level=level)
    path, before = f"/desk/referrals/{row.id}", FOR_REFERRER
    session.commit()
    assert markers_in(page(app, cast.gp.user_id, path)) == before
    end(session, cast, row, goal)
    session.commit()
    # What the sender wrote stays theirs; beyond it goes only what the person allows.
    assert markers_in(page(app, cast.gp.user_id, path)) - before == TOLD[level]


def test_the_team_and_the_manager_read_everything_and_nobody_else_anything(session, app):
    cast, row, goal = whole_way(session, level=SharingLevel.CODES)
    others = {
        role: a_member(session, role, workplace="The Hub", email=f"{role}@hub.example").id
        for role in Role
        if role not in {Role.HUB, Role.ADVISER, Role.PROVIDER, Role.MANAGER, Role.SURGERY}
    }
    strangers = [
        a_member(session, role, workplace="Elsewhere", email=f"{role}@elsewhere.example").id
        for role in (Role.SURGERY, Role.HUB, Role.MANAGER, Role.PRIVACY_OFFICER)
    ]
    path = f"/desk/referrals/{row.id}"
    session.commit()
    team = set(SENT) | set(TEAM) - {"risk_decision"} | set(SHARED)
    assert markers_in(page(app, cast.worker.user_id, path)) == team
    assert markers_in(page(app, cast.manager.user_id, path)) == team
    for user_id in (*others.values(), *strangers):
        for address in (path, "/desk/referrals", "/desk/referrals?q=zqnam", "/desk/referrals/export.csv", "/desk"):
            found = markers_in(page(app, user_id, address))
            assert found == set(), (address, found)
    assert goal.id


def test_lists_files_messages_logs_and_addresses_give_nothing_away(session, app, caplog):
    caplog.set_level(logging.DEBUG)
    cast, row, goal = whole_way(session, level=SharingLevel.FULL)
    end(session, cast, row, goal)
    path = f"/desk/referrals/{row.id}/do/accept"
    session.commit()
    for user_id in (cast.gp.user_id, cast.worker.user_id, cast.manager.user_id):
        client = signed_in_client(app, user_id)
        for name in ("with-us", "mine", "answered", "this-month", "ended", "loop"):
            assert markers_in(client.get(f"/desk/referrals?list={name}").get_data(as_text=True)) <= {"name"}
            file = client.get(f"/desk/referrals/export.csv?list={name}")
            assert markers_in(file.get_data(as_text=True)) <= {"name"}
            assert markers_in(str(file.headers)) == set()
        wrong = client.post(path, data={"version": "zqname"})
        assert wrong.status_code in {404, 409}
        assert markers_in(str(wrong.headers)) == set()
    assert markers_in(caplog.text) == set()
    for message in session.scalars(select(Message)).all():
        assert markers_in(f"{message.subject} {message.text} {message.html} {message.dedupe_key}") == set()


def test_a_practice_that_did_not_refer_reads_the_message_as_far_as_allowed(session, app):
    cast, row, goal = whole_way(session, level=SharingLevel.SUMMARY)
    row.person.gp_ods_code = "WX0002"
    other = a_member(session, Role.SURGERY, workplace="The other practice", email="tom@other.example")
    practice = session.scalars(select(MemberOrganization).where(MemberOrganization.name == "The other practice")).one()
    practice.ods_code = "WX0002"
    session.flush()
    end(session, cast, row, goal)
    letter = session.scalars(select(Telling).where(Telling.organization_id == practice.id)).unique().one()
    letter_id, other_id, row_id = letter.id, other.id, row.id
    session.commit()
    assert markers_in(page(app, other_id, "/desk/referrals/letters")) == {"name"}
    assert markers_in(page(app, other_id, f"/desk/referrals/letters/{letter_id}")) == {"name", "summary", "next_step"}
    assert markers_in(page(app, other_id, f"/desk/referrals/{row_id}")) == set()
    assert page(app, cast.gp.user_id, f"/desk/referrals/letters/{letter_id}").count("Page not found") >= 1
    client = signed_in_client(app, other_id)
    assert client.post(f"/desk/referrals/letters/{letter_id}").status_code == 303
    session.refresh(letter)
    assert letter.read_at is not None


def test_permission_taken_back_hides_it_from_the_receiver_and_gives_a_task(session, app):
    cast, row, _goal = whole_way(session, level=SharingLevel.SUMMARY)
    withdraw_permission(session, cast.gp, row.person, PermissionKind.SHARE_REFERRAL)
    assert session.get_one(Referral, row.id).hidden_at is not None
    tasks = session.scalars(select(ReferralTask).where(ReferralTask.owner_id == cast.gp.user_id)).unique().all()
    assert {task.kind.value for task in tasks} == {"missed-twice", "permission-withdrawn"}
    path = f"/desk/referrals/{row.id}"
    session.commit()
    assert markers_in(page(app, cast.worker.user_id, path)) == set()
    assert markers_in(page(app, cast.worker.user_id, "/desk/referrals?list=with-us")) == set()
    assert "name" in markers_in(page(app, cast.gp.user_id, path))


def test_why_it_was_shared_without_agreement_is_for_both_ends_and_nobody_else(session, app, caplog):
    caplog.set_level(logging.DEBUG)
    cast, marker = a_cast(session), "zqoverride"
    draft = a_draft(session, cast)
    without = replace(AGREED, given=False, level=SharingLevel.NONE, override_reason=marker)
    row = drafts.send(session, cast.gp, draft, without, version=draft.version)
    ends = (cast.gp.user_id, cast.worker.user_id, cast.manager.user_id)
    others = [
        a_member(session, role, workplace=place, email=f"{role}@{place}.example").id
        for role, place in ((Role.TUTOR, "The Hub"), (Role.COMMISSIONER, "The Hub"), (Role.HUB, "Elsewhere"))
    ]
    path = f"/desk/referrals/{row.id}"
    session.commit()
    assert [marker in page(app, user_id, path) for user_id in ends] == [True, True, True]
    for user_id in (*ends, *others):
        for address in ("/desk/referrals?list=with-us", "/desk/referrals/export.csv", "/desk"):
            assert marker not in page(app, user_id, address)
    assert [marker in page(app, user_id, path) for user_id in others] == [False, False, False]
    assert marker not in caplog.text
    for message in session.scalars(select(Message)).all():
        assert marker not in f"{message.subject} {message.text} {message.html}"


def test_what_the_person_would_have_changed_is_between_them_and_the_team(session, app, caplog):
    caplog.set_level(logging.DEBUG)
    cast, row, goal = whole_way(session, level=SharingLevel.FULL)
    # They can read it first, where nobody else reads.
    row.person.email, row.person.email_is_private = "rowan@person.example", True
    row.person.safe_channels = frozenset({ContactChannel.EMAIL})
    wish, noted = "zqwish", "zqtasknote"
    done = ending.Ending(
        destination=Destination.GP_ONLY,
        outcomes={goal.id: ClosureOutcome.PARTLY},
        summary=BACK["summary"],
        shown=Shown.LATER,
    )
    ending.complete(session, cast.worker, row, done, version=row.version)
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    previews.ask_change(session, holder, preview_of(session, row).id, wish=wish)
    task = session.scalars(select(ReferralTask).where(ReferralTask.done_at.is_(None))).unique().first()
    finish_task(session, replace(cast.worker, organization_id=task.organization_id), task.id, note=noted)
    path = f"/desk/referrals/{row.id}"
    ends = (cast.worker.user_id, cast.manager.user_id, cast.gp.user_id)
    session.commit()
    assert [wish in page(app, user_id, path) for user_id in ends] == [True, True, False]
    for user_id in ends:
        for address in ("/desk/referrals?list=ended", "/desk/referrals/export.csv?list=ended", "/desk/referrals/tasks"):
            assert wish not in page(app, user_id, address)
        assert noted not in page(app, user_id, path)
    assert wish not in caplog.text
    assert noted not in caplog.text
    for message in session.scalars(select(Message)).all():
        assert wish not in f"{message.subject} {message.text} {message.html}"
