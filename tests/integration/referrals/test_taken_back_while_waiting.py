"""What somebody takes back while messages wait: none leaves by the old answer, and somebody hears of what stayed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.codes import Role, UserStatus
from app.accounts.current import vault
from app.accounts.vault import SIGNPOST
from app.core import clock
from app.core.errors import Refused
from app.notifications.codes import Channel, MessageState, Outcome
from app.notifications.delivery import Delivery
from app.notifications.holders import Holder
from app.notifications.models import Message
from app.notifications.operations import record_receipt
from app.notifications.post import Post
from app.outcomes.operations import ask_once
from app.outcomes.rules.invitations import Stop
from app.outcomes.sending import stops_for
from app.people.codes import ContactChannel, PermissionKind
from app.people.operations import withdraw_permission
from app.referrals import emails, record
from app.referrals.codes import ClosureOutcome, Destination, Recipient, Shown, Source, Status, TaskKind
from app.referrals.models import Referral, ReferralTask
from app.referrals.operations import ending, triage, watching, work
from app.referrals.queries.times import loop_closed_at, tellings
from app.referrals.signposts import operations as signposts
from app.referrals.signposts import sending
from app.referrals.signposts.codes import Way, Whom
from app.referrals.signposts.models import Signpost
from app.web.database import READ, db
from tests.factories import service
from tests.integration.referrals.test_nobody_gets_lost import at_work
from tests.outcomes import a_reachable_person, a_worker
from tests.referrals import a_cast, a_referral
from tests.signing_in import signed_in_client

EMAIL = "rowan@person.example"


@pytest.fixture
def cast(session):
    made = a_cast(session)
    made.person.email, made.person.email_is_private = EMAIL, True
    made.person.safe_channels = frozenset({ContactChannel.EMAIL})
    return made


@pytest.fixture
def post_goes(app, session, tmp_path):
    """The worker empties the outbox; what became of the messages of a kind, and why."""

    def _go(kind: str) -> list[tuple[MessageState, str | None]]:
        session.commit()
        post, holder = Post(app.extensions["waymark_settings"]), Holder(tmp_path)
        worker = Delivery(writing=db.engines[None], reading=db.engines[READ], post=post, holder=holder)
        while worker.send_next():
            pass
        session.expire_all()
        wanted = select(Message).where(Message.kind == kind).order_by(Message.created_at, Message.id)
        return [(message.state, message.reason) for message in session.scalars(wanted)]

    return _go


def tasks(session, row: Referral) -> set[tuple[TaskKind, object]]:
    wanted = select(ReferralTask).where(ReferralTask.referral_id == row.id, ReferralTask.done_at.is_(None))
    return {(task.kind, task.owner_id) for task in session.scalars(wanted).unique()}


def completed(session, cast, row: Referral, shown: Shown = Shown.NO) -> None:
    goal = work.add_goal(session, cast.worker, row, words="Sleep again", version=row.version)
    end = ending.Ending(
        destination=Destination.GP_ONLY,
        outcomes={goal.id: ClosureOutcome.PARTLY},
        summary="Came every week",
        shown=shown.value,
    )
    ending.complete(session, cast.worker, row, end, version=row.version)


def a_slip(session, cast) -> Signpost:
    picks = [signposts.Pick(service(session, name="Allotment"))]
    wanted = signposts.Wanted(picks=picks, whom=Whom.PERSON, person=cast.person)
    return signposts.give(session, cast.gp, vault(SIGNPOST), wanted, form_key=uuid4())


def test_what_could_not_be_read_first_is_a_task_of_whoever_looks_after_them(session, cast, post_goes):
    row = at_work(session, cast)
    completed(session, cast, row, Shown.LATER)
    cast.person.do_not_contact = True
    assert post_goes(emails.PREVIEW.name) == [(MessageState.CANCELLED, "not safe now")]
    assert tasks(session, row) == {(TaskKind.NOTICE_STOPPED, cast.worker.user_id)}


@pytest.mark.parametrize("how", ["stopped", "bounced"])
def test_who_was_to_hear_by_a_message_alone_is_still_to_be_told(session, cast, post_goes, how):
    row = at_work(session, cast)
    row.source = Source.SELF
    completed(session, cast, row)
    assert loop_closed_at(session, row) is not None
    cast.person.do_not_contact = how == "stopped"
    post_goes(emails.PERSON.name)
    if how == "bounced":
        notice = session.scalars(select(Message).where(Message.kind == emails.PERSON.name)).one()
        record_receipt(session, notice, Outcome.BOUNCED, detail="5.1.1")
    told = {each.recipient: each.done_at for each in tellings(session, row)}
    assert told[Recipient.PERSON] is None
    assert loop_closed_at(session, row) is None
    kind = TaskKind.NOTICE_STOPPED if how == "stopped" else TaskKind.NOTICE_BOUNCED
    assert (kind, cast.worker.user_id) in tasks(session, row)


def test_a_list_that_was_not_safe_to_send_is_on_the_desk_of_whoever_gave_it(session, cast, post_goes):
    slip = a_slip(session, cast)
    sending.send_link(session, slip, link="http://localhost/slip/a", address=EMAIL)
    signposts.hand_over(session, cast.gp, slip, Way.EMAIL)
    cast.person.safe_channels = frozenset({ContactChannel.PHONE})
    assert post_goes("signposts.given") == [(MessageState.CANCELLED, "not safe now")]
    assert (slip.bounced_at is not None, slip.owner_id) == (True, cast.gp.user_id)


@pytest.mark.parametrize("kind", [PermissionKind.FOLLOW_UP, PermissionKind.RECORD])
def test_nobody_is_reminded_who_wants_no_questions(session, cast, post_goes, kind):
    slip = a_slip(session, cast)
    signposts.remind_later(session, cast.gp, vault(SIGNPOST), slip, channel=Channel.EMAIL, address=EMAIL)
    slip.remind_on = clock.today()
    noon = clock.now().astimezone(clock.LONDON).replace(hour=12)
    with clock.moved_to(noon):
        assert sending.remind(session, vault(SIGNPOST)) == 1
        withdraw_permission(session, cast.gp, cast.person, kind)
        assert post_goes("signposts.reminder") == [(MessageState.CANCELLED, "opted out")]
        slip.reminded_at, slip.remind_to = None, vault(SIGNPOST).seal(EMAIL)
        sending.remind(session, vault(SIGNPOST))
        assert post_goes("signposts.reminder") == [(MessageState.CANCELLED, "opted out")]


def test_the_form_of_a_list_says_that_they_want_no_questions(app, session, cast):
    one = service(session, name="Allotment")
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.FOLLOW_UP)
    app.config["WTF_CSRF_ENABLED"] = False
    told = {
        "form_key": str(uuid4()), "service": str(one.id), "whom": "person", "person": str(cast.person.id), "need": "",
        "language": "en", "give": "a4", "reach": EMAIL, "remind": "y",
    }  # fmt: skip
    user_id = cast.gp.user_id
    session.commit()
    page = signed_in_client(app, user_id).post("/desk/signposts/new", data=told)
    assert page.status_code == 422
    assert "nobody is to ask them later how it went" in page.get_data(as_text=True)


def test_nobody_is_called_to_what_is_no_longer_shared(app, session, cast, post_goes):
    row = a_referral(session, cast)
    row_id, reference = row.id, row.reference
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.SHARE_REFERRAL)
    assert {state for state, _why in post_goes(emails.ARRIVED.name)} == {MessageState.CANCELLED}
    session.rollback()
    page = signed_in_client(app, cast.worker.user_id).get(f"/desk/referrals/{row_id}")
    assert page.status_code == 410
    assert f"{reference} is no longer shared with you" in page.get_data(as_text=True)
    assert "Rowan" not in page.get_data(as_text=True)


def test_nobody_is_called_to_a_task_that_is_dealt_with(session, cast, post_goes):
    row = at_work(session, cast)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.SHARE_REFERRAL)
    triage.withdraw(session, cast.gp, row, reason="moved", version=row.version)
    assert post_goes(emails.TASK.name) == [(MessageState.CANCELLED, "dealt with")]


def test_work_that_is_no_longer_shared_is_ended_by_whoever_sent_it(session, cast):
    row = at_work(session, cast)
    with pytest.raises(Refused):
        triage.withdraw(session, cast.gp, row, reason="moved", version=row.version)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.SHARE_REFERRAL)
    assert (TaskKind.PERMISSION_WITHDRAWN, cast.gp.user_id) in tasks(session, row)
    triage.withdraw(session, cast.gp, row, reason="moved", version=row.version)
    assert (row.status, tasks(session, row)) == (Status.WITHDRAWN, set())


def test_nobody_is_asked_for_answers_who_wants_no_record(session):
    _user, actor = a_worker(session, Role.HUB)
    person = a_reachable_person(session, actor)
    lead = ask_once(session, actor, person.id, ["satisfaction"])
    assert Stop.OPTED_OUT not in stops_for(session, lead, [lead], person)
    withdraw_permission(session, actor, person, PermissionKind.RECORD)
    assert Stop.OPTED_OUT in stops_for(session, lead, [lead], person)


@pytest.mark.parametrize("reached", ["sent", "at work"])
def test_what_somebody_asked_for_themselves_and_took_back_is_a_task_where_it_was_sent(app, session, cast, reached):
    row = asked_for_oneself(
        session, cast, at_work(session, cast) if reached == "at work" else a_referral(session, cast)
    )
    withdraw_permission(session, cast.worker, cast.person, PermissionKind.SHARE_REFERRAL)
    owner = cast.worker if reached == "at work" else cast.manager
    assert tasks(session, row) == {(TaskKind.PERMISSION_WITHDRAWN, owner.user_id)}
    # Nobody else could end it, and what is under way cannot be deleted.
    assert (row.status, record.keeps(session, cast.person.id)) == (Status.WITHDRAWN, None)
    about = select(Message.recipient).where(Message.subject_id == row.id, Message.kind == emails.UPDATE.name)
    assert session.scalars(about.where(Message.recipient == cast.worker_user.email)).all() == []
    row_id, owner_id = row.id, owner.user_id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    client = signed_in_client(app, owner_id)
    listed = client.get("/desk/referrals/tasks").get_data(as_text=True)
    assert "Cancel what is planned with them" in listed
    assert "then withdraw it" not in listed
    gone = client.get(f"/desk/referrals/{row_id}")
    assert (gone.status_code, "I have dealt with it" in gone.get_data(as_text=True)) == (410, True)
    assert "Rowan" not in listed + gone.get_data(as_text=True)
    done = gone.get_data(as_text=True).split('action="/desk/referrals/tasks/')[1].split('"')[0]
    assert client.post(f"/desk/referrals/tasks/{done}").status_code == 303
    assert "I have dealt with it" not in client.get(f"/desk/referrals/{row_id}").get_data(as_text=True)


def test_that_it_was_taken_back_goes_to_a_colleague_of_who_left(session, cast):
    row = asked_for_oneself(session, cast, at_work(session, cast))
    withdraw_permission(session, cast.worker, cast.person, PermissionKind.SHARE_REFERRAL)
    cast.worker_user.status = UserStatus.DISABLED
    session.flush()
    assert watching.tasks_left_behind(session) == 1
    assert tasks(session, row) == {(TaskKind.PERMISSION_WITHDRAWN, cast.manager.user_id)}


def asked_for_oneself(session, cast, row: Referral) -> Referral:
    """The same as if the person had sent it from their phone: nobody referred them."""
    row.source, row.referrer_organization_id, row.referrer_user_id = Source.SELF, None, None
    session.flush()
    return row
