"""The word back to a practice without an account: whoever answers for it prints it, sends it, and says that it went."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.audit.codes import Action
from app.audit.models import AuditEntry
from app.core import clock
from app.core.actor import SYSTEM, Actor, ActorKind
from app.core.errors import NotFound, Refused
from app.directory.models import Phone, Service
from app.notifications import links
from app.notifications.about import About
from app.notifications.models import Message
from app.people.codes import ContactChannel, PermissionKind, PermissionMethod, SharingLevel
from app.people.operations import Answer, answer_permission, withdraw_permission
from app.referrals.codes import ClosureOutcome, Destination, Recipient, Source, TaskKind, Told, Way
from app.referrals.models import ReferralTask
from app.referrals.operations import asking, group, letters, triage, watching
from app.referrals.operations.ending import Ending
from app.referrals.operations.ending import end_early as early_end
from app.referrals.operations.pathways import change_pathway, make_pathway, set_open
from app.referrals.queries import desks
from app.referrals.queries.times import loop_closed_at, tellings
from app.referrals.reactions import GROUP_LINK
from tests import factories
from tests.integration.referrals.test_word_to_come import ended
from tests.referrals import a_cast, a_referral, definition
from tests.signing_in import a_member, a_workplace, signed_in_client

WORDS = "Quokka dug every week"


@pytest.fixture
def cast(session):
    made = a_cast(session)
    # The practice is another than the one that refers, and has no account.
    made.person.gp_ods_code, made.person.gp_name = "", "Quay Practice"
    return made


@pytest.fixture
def of_group(session, cast):
    """The same with a receiver that has no account."""
    club = factories.service(session, name="Allotment club", email="club@allotment.example")
    cast.pathway = make_pathway(session, SYSTEM, definition(), service_id=club.id)
    set_open(session, SYSTEM, cast.pathway, is_open=True)
    return cast


def ended_by_group(session, cast, level=SharingLevel.CODES):
    row = a_referral(session, cast, level=level)
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    triage.accept(session, holder, row, coordinator_name="Uncle Ben", version=row.version)
    told = Ending(destination=Destination.GP_ONLY, summary=WORDS)
    group.finish(session, holder, row, outcome=ClosureOutcome.PARTLY, ending=told, version=row.version)
    return row, holder, letter_of(session, row)


def letter_of(session, row):
    return next(each for each in tellings(session, row) if each.recipient is Recipient.GP)


def test_a_group_prints_the_letter_from_its_link_and_says_that_it_went(app, session, of_group):
    row, _holder, letter = ended_by_group(session, of_group)
    about = About(type="referral", id=row.id)
    link = links.issue(session, GROUP_LINK, about, lifetime=timedelta(days=9), once=False)
    path, row_id, letter_id = f"/referrals/answer/{link}", row.id, letter.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    visitor = app.test_client()
    letter_path = f"{path}/letter/{letter_id}"
    assert letter_path in visitor.get(path).get_data(as_text=True)
    page = visitor.get(letter_path).get_data(as_text=True)
    assert "Quay Practice" in page
    # Codes alone are allowed: what the group itself wrote does not go either.
    assert WORDS not in page
    assert visitor.post(letter_path, data={"way": "here"}).status_code == 422
    assert visitor.post(letter_path, data={"way": "letter"}).status_code == 303
    # Pressed twice, or by two at once: it is noted, and once.
    assert visitor.post(letter_path, data={"way": "phone"}).status_code == 303
    assert letter_path not in visitor.get(path).get_data(as_text=True)
    session.expire_all()
    row = session.get_one(type(row), row_id)
    assert (letter_of(session, row).way, loop_closed_at(session, row) is None) == (Way.LETTER, False)
    (kept,) = session.scalars(
        select(AuditEntry.reason).where(AuditEntry.action == Action.SHARED, AuditEntry.reason.like("message:gp:%"))
    )
    assert kept == "message:gp:codes:letter"


def test_the_surgery_closes_it_where_the_group_does_not(app, session, of_group):
    row, holder, letter = ended_by_group(session, of_group)
    row_id, gp_id = row.id, of_group.gp_user.id
    path = f"/desk/referrals/{row_id}/messages/{letter.id}"
    assert letter.id not in {each.id for each in letters.to_send(session, of_group.worker, [letter])}
    with clock.moved_to(clock.now() + timedelta(days=20)):
        assert watching.open_loops(session) == 1
        (task,) = desks.my_tasks(session, of_group.gp)
        assert (task.kind, task.referral_id) == (TaskKind.LOOP_OPEN, row_id)
        session.commit()
        app.config["WTF_CSRF_ENABLED"] = False
        gp = signed_in_client(app, gp_id)
        assert path in gp.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
        assert WORDS not in gp.get(path).get_data(as_text=True)
        assert gp.post(path, data={"way": "here"}).status_code == 303
        session.expire_all()
        assert loop_closed_at(session, session.get_one(type(row), row_id)) is not None
        assert desks.my_tasks(session, of_group.gp) == []
        assert desks.count(session, of_group.gp, "to-hear") == 0
    with pytest.raises(Refused):
        letters.say_sent(session, holder, letter_of(session, row), way=Way.LETTER)


def test_a_surgery_leaves_the_letter_to_a_receiver_that_has_workers(app, session, cast):
    row = ended(session, cast)
    letter = letter_of(session, row)
    with pytest.raises(NotFound):
        letters.say_sent(session, cast.gp, letter, way=Way.HERE)
    path, gp_id, worker_id = f"/desk/referrals/{row.id}/messages/{letter.id}", cast.gp_user.id, cast.worker_user.id
    session.commit()
    assert signed_in_client(app, gp_id).get(path).status_code == 404
    assert signed_in_client(app, worker_id).get(path).status_code == 200


def test_who_said_no_sends_the_letter_too(app, session, cast):
    row = a_referral(session, cast)
    no = triage.Refusal(
        reason="wait-too-long", next_step="The other hub", told_how=Told.PHONE, told_on=date(2026, 3, 2)
    )
    triage.reject(session, cast.worker, row, no, version=row.version)
    row_id, letter, worker_id = row.id, letter_of(session, row), cast.worker_user.id
    session.commit()
    page = signed_in_client(app, worker_id).get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    assert f"/messages/{letter.id}" in page
    assert letters.say_sent(session, cast.worker, letter, way=Way.EMAIL)
    assert loop_closed_at(session, row) is not None


def test_a_permission_that_ran_out_or_was_taken_back_lets_nothing_go(session, of_group):
    _row, holder, letter = ended_by_group(session, of_group, SharingLevel.SUMMARY)
    assert letter.parts["summary-words"] == WORDS
    short = Answer(
        kind=PermissionKind.TELL_REFERRER,
        given=True,
        method=PermissionMethod.VERBAL,
        level=SharingLevel.CODES,
        expires_on=clock.today() + timedelta(days=2),
    )
    answer_permission(session, of_group.gp, of_group.person, short)
    assert "summary-words" not in letter.parts
    with clock.moved_to(clock.now() + timedelta(days=5)):
        assert not letters.say_sent(session, holder, letter, way=Way.LETTER)
    assert (letter.issued_at, letter.parts, letter.forbidden_noted_at is None) == (None, {}, False)
    other = ended_by_group(session, of_group)[2]
    withdraw_permission(session, of_group.gp, of_group.person, PermissionKind.TELL_REFERRER)
    assert other.forbidden_noted_at is not None
    assert session.scalars(select(ReferralTask)).unique().all() == []


def test_a_group_that_lost_its_link_gets_another_once_an_hour(app, session, of_group):
    of_group.pathway.notify_email = "club@allotment.example"
    row = a_referral(session, of_group)
    row_id, gp_id = row.id, of_group.gp_user.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    path = f"/desk/referrals/{row_id}/do/send-link"
    with clock.moved_to(clock.now().replace(minute=5) + timedelta(days=1)):
        gp = signed_in_client(app, gp_id)
        assert path in gp.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
        for _press in range(2):
            assert gp.post(path, data={"version": "1"}).headers["Location"].endswith("?done=send-link")
    to_group = select(Message.text).where(Message.recipient == "club@allotment.example")
    texts = session.scalars(to_group.order_by(Message.created_at)).all()
    assert len(texts) == 2
    link = re.search(r"/referrals/answer/\S+", texts[1])[0]
    session.rollback()
    assert app.test_client().get(link).status_code == 200


def test_a_receiver_with_an_account_has_no_link_to_send(session, cast):
    row = a_referral(session, cast)
    with pytest.raises(Refused):
        asking.send_link_again(session, cast.gp, row)


def test_a_person_whom_no_message_reaches_is_told_by_somebody_before_the_loop_closes(app, session, cast):
    row, worker_id = a_referral(session, cast), cast.worker_user.id
    row.source = Source.SELF
    person = cast.person
    person.safe_channels, person.gp_name = frozenset({ContactChannel.PHONE}), ""
    triage.accept(session, cast.worker, row, coordinator_id=worker_id, version=row.version)
    end = Ending(destination=Destination.GP_ONLY, summary="Moved away", shown="no", reason="moved")
    early_end(session, cast.worker, row, end, version=row.version)
    assert loop_closed_at(session, row) is None
    row_id = row.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    hub = signed_in_client(app, worker_id)
    path = f"/desk/referrals/{row_id}"
    assert "no message of ours reaches them" in hub.get(path).get_data(as_text=True)
    today = {f"on-{part}": str(getattr(clock.today(), part)) for part in ("day", "month", "year")}
    assert hub.post(f"{path}/letter", data={"way": "letter", **today}).status_code == 422
    assert hub.post(f"{path}/letter", data={"way": "phone", **today}).status_code == 303
    session.expire_all()
    assert loop_closed_at(session, session.get_one(type(row), row_id)) is not None


def test_the_letter_names_the_number_that_is_listed_or_that_the_manager_set_and_makes_none_up(app, session, of_group):
    row, _holder, letter = ended_by_group(session, of_group)
    club = session.get_one(Service, row.receiver_service_id)
    club.phones, club.organization.phones = [], []
    about = About(type="referral", id=row.id)
    link = links.issue(session, GROUP_LINK, about, lifetime=timedelta(days=9), once=False)
    path = f"/referrals/answer/{link}/letter/{letter.id}"
    visitor = app.test_client()

    def says() -> str:
        session.commit()
        return visitor.get(path).get_data(as_text=True)

    nothing = says()
    assert "We know no number to ring" in nothing
    assert "club@allotment.example" in nothing
    club.email = club.organization.email = None
    assert "the way this came to you" in says()
    club.organization.phones = [Phone(number="01632 960 001")]
    assert "ring 01632 960 001." in says()
    club.phones = [Phone(number="01632 960 002", type="fax"), Phone(number="01632 960 003", extension="4", position=1)]
    listed = says()
    assert "ring 01632 960 003, extension 4." in listed
    assert "960 002" not in listed
    assert f"Please say our reference: {row.reference}." in listed
    told = replace(definition(), letter_phone="01632 960 009")
    change_pathway(session, SYSTEM, of_group.pathway, told, version=of_group.pathway.version)
    assert "ring 01632 960 009." in says()


def test_the_number_of_the_organisation_that_receives_stands_in_what_its_practice_reads(app, session, cast):
    reader = a_member(session, Role.SURGERY, workplace="Quay Practice", email="reader@quay.example")
    a_workplace(session, "Quay Practice").ods_code = "WX0002"
    cast.person.gp_ods_code, cast.person.nhs_number = "WX0002", "9434765919"
    row = ended(session, cast)
    listed = factories.organization(session, name="The hub as listed")
    listed.member_organization_id, listed.phones = row.receiver_organization_id, [Phone(number="01632 960 005")]
    path, reader_id = f"/desk/referrals/letters/{letter_of(session, row).id}", reader.id
    mail = session.scalars(select(Message.text).where(Message.recipient == "reader@quay.example")).one()
    # What the practice is written to leads to what it may read.
    assert path in mail
    session.commit()
    page = signed_in_client(app, reader_id).get(path).get_data(as_text=True)
    assert "ring 01632 960 005." in page
    assert "943 476 5919" in page
    assert "9434765919" not in page
