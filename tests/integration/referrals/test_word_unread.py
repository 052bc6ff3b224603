"""A word back that lies here unopened when the person takes back that it is told."""

from __future__ import annotations

import re

import pytest

from app.accounts.codes import OrganizationKind, Role
from app.people.codes import PermissionKind, PermissionMethod, SharingLevel
from app.people.operations import Answer, answer_permission, withdraw_permission
from app.people.parts import timeline_of
from app.referrals.codes import Recipient
from app.referrals.queries import desks
from app.referrals.queries.times import tellings
from tests.integration.referrals.test_word_to_come import ended
from tests.referrals import a_cast
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

WORDS = "It went well"


@pytest.fixture
def cast(session):
    made = a_cast(session)
    # Another practice than the one that refers, which reads here too.
    a_workplace(session, "Quay Practice", kind=OrganizationKind.SURGERY).ods_code = "WX0002"
    made.person.gp_ods_code, made.person.gp_name = "WX0002", "Quay Practice"
    return made


@pytest.fixture
def practice(session, cast):
    return a_member(session, Role.SURGERY, workplace="Quay Practice", email="quay@practice.example")


def to_gp(session, row):
    return next(each for each in tellings(session, row) if each.recipient is Recipient.GP)


def words_of(answer) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.get_data(as_text=True))


def test_nobody_reads_what_was_taken_back_before_they_opened_it(app, session, cast, practice):
    row = ended(session, cast)
    actor = actor_of(session, practice)
    letter = to_gp(session, row)
    told_at = letter.done_at
    assert (told_at is not None, desks.count_letters(session, actor)) == (True, 1)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.TELL_REFERRER)
    assert (desks.count_letters(session, actor), desks.letters(session, actor)) == (0, [])
    assert (letter.forbidden_noted_at is not None, letter.done_at) == (True, told_at)
    lines = timeline_of(session, cast.gp, cast.person.id)
    assert not [entry for entry in lines if entry.told_to == "Quay Practice"]
    unread = [entry.detail for entry in lines if entry.words.endswith("taken back before anybody had read it")]
    assert sorted(unread) == ["Harbour Street", "Quay Practice"]
    row_id, letter_id, practice_id, gp_id = row.id, letter.id, practice.id, cast.gp_user.id
    session.commit()
    gone = signed_in_client(app, practice_id).get(f"/desk/referrals/letters/{letter_id}")
    assert gone.status_code == 410
    assert "This message was taken back" in words_of(gone)
    assert "Rowan" not in words_of(gone)
    assert WORDS not in words_of(signed_in_client(app, gp_id).get(f"/desk/referrals/{row_id}"))


def test_what_lies_unopened_is_cut_to_what_may_still_be_told(session, cast, practice):
    row = ended(session, cast)
    letter = to_gp(session, row)
    assert WORDS in str(letter.parts)
    less = Answer(
        kind=PermissionKind.TELL_REFERRER, given=True, method=PermissionMethod.VERBAL, level=SharingLevel.CODES
    )
    answer_permission(session, cast.gp, cast.person, less)
    assert (WORDS in str(letter.parts), letter.level) == (False, SharingLevel.CODES)
    assert desks.count_letters(session, actor_of(session, practice)) == 1


def test_what_somebody_had_opened_stays_on_record_as_it_was_told(app, session, cast, practice):
    row = ended(session, cast)
    letter_id, practice_id = to_gp(session, row).id, practice.id
    session.commit()
    assert WORDS in words_of(signed_in_client(app, practice_id).get(f"/desk/referrals/letters/{letter_id}"))
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.TELL_REFERRER)
    letter = to_gp(session, row)
    assert (letter.forbidden_noted_at, WORDS in str(letter.parts)) == (None, True)
