"""What is left of a referral whose person was erased: that it was, and when."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.codes import Role
from app.core import clock
from app.core.errors import Refused
from app.people.codes import EndOfRecord
from app.people.operations import ending as records
from app.referrals.codes import DangerCall, Status, TaskKind, Told
from app.referrals.models import Referral, ReferralTask
from app.referrals.operations import tasks, triage
from app.referrals.operations.ending import reopen
from app.referrals.showing import seen_by
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, actor_of, signed_in_client


@pytest.fixture
def cast(session):
    return a_cast(session)


@pytest.fixture
def erased(session, cast) -> Referral:
    row = a_referral(session, cast)
    row.danger = DangerCall.IN_WORDS
    told = {"told_how": Told.PHONE, "told_on": clock.today()}
    refusal = triage.Refusal(reason="list-closed", next_step="Try the Harbour Markhelp", **told)
    triage.reject(session, cast.worker, row, refusal, version=row.version)
    by = {"owner": cast.gp_user, "organization_id": cast.gp.organization_id, "due_on": row.sent_at.date()}
    tasks.raise_task(session, row, TaskKind.NOTICE_BOUNCED, **by)
    officer = actor_of(session, a_member(session, Role.PRIVACY_OFFICER, workplace="Harbour Street"))
    records.end_record(session, officer, cast.person, how=EndOfRecord.ERASED, reason="They asked")
    return row


def test_nothing_is_due_and_nobody_has_a_task(session, erased):
    open_ones = select(ReferralTask.id).where(ReferralTask.referral_id == erased.id, ReferralTask.done_at.is_(None))
    assert session.scalars(open_ones).all() == []
    assert (erased.status, erased.due_at, erased.due_clock) == (Status.REJECTED, None, None)


def test_that_their_words_sounded_like_danger_is_forgotten(session, erased):
    session.refresh(erased)
    assert erased.danger is DangerCall.NO_DANGER


def test_nothing_more_can_be_done_with_it(session, cast, erased):
    for actor in (cast.gp, cast.worker, cast.manager):
        seen = seen_by(session, actor, erased)
        assert (seen.is_erased, seen.moves, seen.sent, seen.name) == (True, (), None, "")
    with pytest.raises(Refused, match="erased"):
        reopen(session, cast.worker, erased, comment="Again", version=erased.version)


def test_pages_name_the_reference_and_say_why(app, session, cast, erased):
    reference, user_id, whole = erased.reference, cast.gp_user.id, f"/desk/referrals/{erased.id}"
    session.commit()
    client = signed_in_client(app, user_id)
    page = client.get(whole).text
    assert "The record of this person was erased" in page
    assert "Markhelp" not in page
    listed = client.get("/desk/referrals?list=answered").text
    assert f'href="{whole}">{reference}</a>' in listed
