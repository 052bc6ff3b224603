"""Two at once: one wins, the other is told, and nothing is there twice. With real threads, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import UserStatus
from app.core import clock
from app.core.errors import Refused
from app.people.codes import PermissionKind
from app.people.models import Person
from app.people.operations import permit_sharing, withdraw_permission
from app.referrals.codes import Status, TaskKind, Told
from app.referrals.models import Pathway, Referral, ReferralEvent, ReferralTask, Telling
from app.referrals.operations import drafts, previews, triage, watching
from app.referrals.operations.moving import Incomplete
from app.web.database import db
from tests.integration.referrals import test_previews as previews_tests
from tests.referrals import AGREED, WRITTEN, a_cast, a_draft, a_referral


@pytest.fixture
def cast(session):
    return a_cast(session)


def both(app, one, other) -> list[str]:
    """Run two pieces of work at the same time, each in its own transaction; what became of each."""
    start = Barrier(2)

    def run(work) -> str:
        with app.app_context(), Session(db.engines[None]) as session:
            start.wait()
            try:
                found = work(session)
                session.commit()
            except Refused as refused:
                session.rollback()
                return refused.message
            return f"done {found}"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, (one, other)))


def test_two_workers_accept_and_refuse_at_once(session, app, cast):
    row = a_referral(session, cast)
    row_id, version = row.id, row.version
    session.commit()
    no = triage.Refusal(reason="list-closed", next_step="Later", told_how=Told.PHONE, told_on=clock.today())

    def accept(own):
        return triage.accept(
            own, cast.worker, own.get_one(Referral, row_id), coordinator_id=cast.worker.user_id, version=version
        ).status

    def reject(own):
        return triage.reject(own, cast.worker, own.get_one(Referral, row_id), no, version=version).status

    outcomes = both(app, accept, reject)
    assert "Somebody else has just changed this referral" in outcomes[0]
    assert outcomes[1] in {"done accepted", "done rejected"}
    session.expire_all()
    moves = session.scalars(select(ReferralEvent.move).where(ReferralEvent.referral_id == row_id)).all()
    assert len(moves) == 2


def test_the_same_form_twice_at_once_is_one_referral(session, app, cast):
    person_id, pathway_id = cast.person.id, cast.pathway.id
    session.commit()

    def begin(own):
        person, pathway = own.get_one(Person, person_id), own.get_one(Pathway, pathway_id)
        return drafts.begin(own, cast.gp, person, pathway, WRITTEN, submission_key="one form").id

    outcomes = both(app, begin, begin)
    assert outcomes[0] == outcomes[1]
    assert session.scalar(select(func.count(Referral.id))) == 1


def test_sending_twice_at_once_sends_once(session, app, cast):
    draft = a_draft(session, cast)
    draft_id, version = draft.id, draft.version
    session.commit()

    def send(own):
        return drafts.send(own, cast.gp, own.get_one(Referral, draft_id), AGREED, version=version).status

    outcomes = both(app, send, send)
    assert "done sent" in outcomes
    session.expire_all()
    assert session.scalar(select(func.count(ReferralEvent.id))) == 1


def test_a_leaver_leaves_nobody_behind(session, cast):
    row = a_referral(session, cast)
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker.user_id, version=row.version)
    assert watching.left_behind(session) == 0
    cast.worker_user.status = UserStatus.DISABLED
    cast.gp_user.status = UserStatus.DISABLED
    session.flush()
    # Of the surgery nobody is left: the one who answers for the hub has the task about its caseload.
    assert watching.left_behind(session) == 1
    task = session.scalars(select(ReferralTask)).unique().one()
    assert (task.kind, task.owner_id) == (TaskKind.COORDINATOR_LEFT, cast.manager.user_id)
    assert watching.left_behind(session) == 0


def test_an_unopened_referral_is_a_task_of_whoever_sent_it(session, cast):
    row = a_referral(session, cast)
    assert watching.unopened(session) == 0
    with clock.moved_to(clock.now() + timedelta(days=6)):
        assert watching.unopened(session) == 1
        assert watching.unopened(session) == 0
    task = session.scalars(select(ReferralTask)).unique().one()
    assert (task.kind, task.owner_id, row.status) == (TaskKind.NOT_OPENED, cast.gp.user_id, Status.SENT)


@pytest.mark.parametrize("what", ["word back", "referral"])
def test_a_permission_taken_back_while_something_goes_by_it_is_heeded(session, app, cast, what):
    """The answer of the person comes first: what relies on it waits for it, and then does not go."""
    if what == "word back":
        _row, preview, person = previews_tests.completed(session, previews_tests.readable(cast))
        ids = preview.id, None, None
    else:
        permit_sharing(session, cast.gp, cast.person, {cast.worker.organization_id: "The Hub"}, method=AGREED.method)
        draft, person = a_draft(session, cast), cast.gp
        ids = None, draft.id, draft.version
    person_id = cast.person.id
    session.commit()

    def go() -> str:
        with app.app_context(), Session(db.engines[None]) as own:
            if ids[0] is not None:
                previews.agree(own, person, ids[0])
            else:
                nothing = replace(AGREED, given=False)
                with pytest.raises(Incomplete):
                    drafts.send(own, person, own.get_one(Referral, ids[1]), nothing, version=ids[2])
            own.commit()
        return "done"

    kind = PermissionKind.TELL_REFERRER if what == "word back" else PermissionKind.SHARE_REFERRAL
    with ThreadPoolExecutor(1) as pool, Session(db.engines[None]) as first:
        withdraw_permission(first, cast.gp, first.get_one(Person, person_id), kind)
        going = pool.submit(go)
        with pytest.raises(TimeoutError):
            going.result(timeout=0.5)
        first.commit()
        assert going.result(timeout=60) == "done"
    session.expire_all()
    if what == "word back":
        told = session.scalars(select(Telling)).unique().one()
        assert (told.issued_at, told.parts, told.forbidden_noted_at is None) == (None, {}, False)
    else:
        assert session.get_one(Referral, ids[1]).status is Status.DRAFT
