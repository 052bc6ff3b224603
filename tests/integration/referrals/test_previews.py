"""The person reads the word back before it goes; it never waits for ever, and never says more than they allow."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput, NotFound, Refused
from app.notifications.models import Message
from app.people.codes import ContactChannel, PermissionKind, SharingLevel
from app.people.labels import LEVELS
from app.people.operations import withdraw_permission
from app.referrals import words
from app.referrals.codes import ClosureOutcome, Destination, PreviewState, Shown, TaskKind, Way
from app.referrals.models import MessagePreview, Referral, ReferralTask, Telling
from app.referrals.operations import ending, group, letters, previews, watching, work
from app.referrals.queries.times import loop_closed_at
from app.referrals.record import erase, timeline
from app.referrals.sweeps import let_messages_go
from tests.integration.referrals.test_nobody_gets_lost import at_work
from tests.integration.referrals.test_pages import of_a_group
from tests.referrals import a_cast
from tests.signing_in import signed_in_client

WORDS = "Zebra came every week"


@pytest.fixture
def cast(session):
    return readable(a_cast(session))


def readable(cast):
    """The person of the cast can be reached where nobody else reads."""
    cast.person.email, cast.person.email_is_private = "rowan@person.example", True
    cast.person.safe_channels = frozenset({ContactChannel.EMAIL})
    return cast


def completed(session, cast, shown=Shown.LATER):
    row = at_work(session, cast)
    goal = work.add_goal(session, cast.worker, row, words="Sleep again", version=row.version)
    outcomes = {goal.id: ClosureOutcome.PARTLY}
    end = ending.Ending(destination=Destination.GP_ONLY, outcomes=outcomes, summary=WORDS, shown=shown.value)
    ending.complete(session, cast.worker, row, end, version=row.version)
    preview = session.scalars(select(MessagePreview)).unique().one_or_none()
    return row, preview, Actor(kind=ActorKind.LINK, subject_id=row.id)


def told(session, row) -> Telling:
    return session.scalars(select(Telling).where(Telling.referral_id == row.id)).unique().one()


def tasks(session) -> list[TaskKind]:
    return list(session.scalars(select(ReferralTask.kind).where(ReferralTask.done_at.is_(None))))


def test_it_waits_for_the_person_and_goes_when_they_agree(app, session, cast):
    row, preview, _person = completed(session, cast)
    assert (told(session, row).issued_at, loop_closed_at(session, row)) == (None, None)
    (notice,) = session.scalars(select(Message).where(Message.recipient == "rowan@person.example")).all()
    assert notice.subject == "Something is ready for you to read"
    path = re.search(r"/my-message/\S+", notice.text)[0]
    with pytest.raises(NotFound):
        previews.agree(session, Actor(kind=ActorKind.LINK, subject_id=preview.id), preview.id)
    with pytest.raises(Refused):
        letters.say_sent(session, cast.worker, told(session, row), way=Way.PHONE)
    row_id, preview_id, gp_id, worker_id = row.id, preview.id, cast.gp_user.id, cast.worker_user.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    gp, visitor = signed_in_client(app, gp_id), app.test_client()
    assert WORDS not in gp.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    assert WORDS in visitor.get(path).get_data(as_text=True)
    assert visitor.post(path, data={"answer": "change"}).status_code == 422
    assert visitor.post(path, data={"answer": "agree"}).status_code == 303
    assert "Thank you. It has gone" in visitor.get(path).get_data(as_text=True)
    assert WORDS in gp.get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    page = signed_in_client(app, worker_id).get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    assert "The person read it and agreed" in page
    assert visitor.post(path, data={"answer": "agree"}).status_code == 422
    session.expire_all()
    assert session.get_one(MessagePreview, preview_id).state is PreviewState.AGREED


def test_a_wish_is_a_task_and_what_was_changed_can_be_read_again(session, cast):
    row, preview, person = completed(session, cast)
    with pytest.raises(InvalidInput):
        previews.ask_change(session, person, preview.id, wish="  ")
    before = preview.goes_at
    previews.ask_change(session, person, preview.id, wish="Not every week")
    assert (preview.state, tasks(session)) == (PreviewState.CHANGE_ASKED, [TaskKind.CHANGE_ASKED])
    assert preview.goes_at >= before
    with pytest.raises(NotFound):
        previews.change(session, cast.gp, row, previews.WordBack("No"), again=False, version=row.version)
    previews.change(session, cast.worker, row, previews.WordBack("Came often"), again=True, version=row.version)
    assert (preview.state, preview.times, tasks(session)) == (PreviewState.READING, 2, [])
    previews.change(session, cast.worker, row, previews.WordBack("Came at times"), again=False, version=row.version)
    assert told(session, row).parts["summary-words"] == "Came at times"
    assert loop_closed_at(session, row) is not None


@pytest.mark.parametrize("is_wished", [False, True])
def test_when_the_time_is_over_it_goes_and_unsettled_words_stay(session, cast, is_wished):
    row, preview, person = completed(session, cast)
    if is_wished:
        previews.ask_change(session, person, preview.id, wish="Not that")
    row_id = row.id
    session.commit()
    assert let_messages_go() == 0
    with clock.moved_to(clock.now() + timedelta(days=12)):
        # That the word has not gone is a task only until it has.
        watching.open_loops(session)
        assert TaskKind.LOOP_OPEN in tasks(session)
        session.commit()
        assert let_messages_go() == 1
        assert let_messages_go() == 0
    session.expire_all()
    went = told(session, row)
    assert ("summary-words" in went.parts, went.level) == (
        (False, SharingLevel.CODES) if is_wished else (True, SharingLevel.SUMMARY)
    )
    assert went.done_at is not None
    assert tasks(session) == ([TaskKind.CHANGE_ASKED] if is_wished else [])
    if is_wished:
        row = went.referral
        assert row.id == row_id
        previews.change(session, cast.worker, row, previews.WordBack("Better"), again=False, version=row.version)
        assert (told(session, row).parts["summary-words"], tasks(session)) == ("Better", [])


def test_never_more_than_the_person_allows_when_it_goes(session, cast):
    row, preview, person = completed(session, cast)
    withdraw_permission(session, cast.gp, cast.person, PermissionKind.TELL_REFERRER)
    assert told(session, row).parts == {}
    previews.agree(session, person, preview.id)
    went = told(session, row)
    assert (went.issued_at, went.level, went.forbidden_noted_at is None) == (None, SharingLevel.NONE, False)
    assert loop_closed_at(session, row) is not None


def test_the_timeline_says_who_was_told_and_how_much(session, cast):
    _row, preview, person = completed(session, cast)
    previews.agree(session, person, preview.id)
    told_to = [(entry.told_to, entry.detail) for entry in timeline(session, cast.gp, cast.person.id) if entry.detail]
    assert ("Harbour Street", f"{LEVELS[SharingLevel.SUMMARY]} · {words.way_words(None)}") in told_to


def test_only_the_end(session, cast):
    row, preview, person = completed(session, cast)
    previews.agree(session, person, preview.id, only_the_end=True)
    went = told(session, row)
    assert (went.level, "summary-words" in went.parts, "status" in went.parts) == (SharingLevel.CODES, False, True)


def test_what_was_opened_again_or_erased_does_not_go(session, cast):
    row, preview, person = completed(session, cast)
    ending.reopen(session, cast.worker, row, comment="They came back", version=row.version)
    assert (preview.state, session.scalars(select(Telling)).unique().all()) == (PreviewState.CALLED_OFF, [])
    with pytest.raises(Refused):
        previews.agree(session, person, preview.id)
    end = ending.Ending(destination=Destination.GP_ONLY, summary=WORDS, shown=Shown.LATER.value)
    ending.complete(session, cast.worker, row, end, version=row.version)
    erase(session, cast.manager, cast.person.id)
    session.commit()
    with clock.moved_to(clock.now() + timedelta(days=12)):
        assert let_messages_go() == 0


def test_who_cannot_read_it_first_is_not_waited_for(session, cast):
    cast.person.email_is_private = False
    with pytest.raises(InvalidInput), session.begin_nested():
        completed(session, cast)
    row, preview, _person = completed(session, cast, Shown.COULD_NOT)
    assert preview is None
    assert told(session, row).issued_at is not None


def test_while_the_person_reads_a_group_is_asked_to_send_nothing(session, client, cast):
    link = of_a_group(session, cast)
    row = session.scalars(select(Referral)).one()
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    end = ending.Ending(destination=Destination.GP_ONLY, summary=WORDS, shown=Shown.LATER.value)
    group.finish(session, holder, row, outcome=ClosureOutcome.PARTLY, ending=end, version=row.version)
    session.commit()
    page = client.get(link).get_data(as_text=True)
    assert "The person can read it first" in page
    assert "came back" not in page
    assert "One thing is left" not in page


def test_where_a_group_without_accounts_helped_who_referred_is_told_of_danger(session, client, cast):
    link = of_a_group(session, cast)
    row = session.scalars(select(Referral)).one()
    holder = Actor(kind=ActorKind.LINK, subject_id=row.id)
    end = ending.Ending(destination=Destination.GP_ONLY, summary=WORDS, shown=Shown.LATER.value)
    group.finish(session, holder, row, outcome=ClosureOutcome.PARTLY, ending=end, version=row.version)
    preview = session.scalars(select(MessagePreview)).unique().one()
    wish = "i dont want to live any more"
    previews.heed(session, previews.ask_change(session, holder, preview.id, wish=wish), wish)
    wanted = select(ReferralTask.organization_id).where(ReferralTask.kind == TaskKind.DANGER_IN_WISH)
    assert session.scalars(wanted).all() == [row.referrer_organization_id]
    session.commit()
    # The group reads the words for as long as its link leads there; who referred is not shown them.
    page = client.get(link).get_data(as_text=True)
    assert wish in page
    assert "What they wrote may speak of danger" in page


def test_danger_beside_no_answer_shows_who_helps_at_once(app, session, cast):
    completed(session, cast)
    (notice,) = session.scalars(select(Message).where(Message.recipient == "rowan@person.example")).all()
    path = re.search(r"/my-message/\S+", notice.text)[0]
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post(path, data={"wish": "i dont want to live any more"})
    assert answer.status_code == 422
    assert "Are you safe now?" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("answer", "state"), [("change", PreviewState.CHANGE_ASKED), ("agree", PreviewState.AGREED)])
def test_danger_written_beside_an_answer_is_a_task_for_today(app, session, cast, answer, state):
    row, preview, _person = completed(session, cast)
    (notice,) = session.scalars(select(Message).where(Message.recipient == "rowan@person.example")).all()
    path = re.search(r"/my-message/\S+", notice.text)[0]
    row_id, preview_id, worker_id = row.id, preview.id, cast.worker_user.id
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    visitor = app.test_client()
    wish = {"answer": answer, "wish": "i dont want to live any more"}
    page = visitor.post(path, data=wish, follow_redirects=True).get_data(as_text=True)
    assert "Are you safe now?" in page
    session.expire_all()
    found = session.get_one(MessagePreview, preview_id)
    assert (found.state, found.wish) == (state, wish["wish"])
    task = session.scalars(select(ReferralTask).where(ReferralTask.kind == TaskKind.DANGER_IN_WISH)).unique().one()
    assert (task.due_on, task.owner_id) == (clock.today(), worker_id)
    session.commit()
    page = signed_in_client(app, worker_id).get(f"/desk/referrals/{row_id}").get_data(as_text=True)
    assert "What they wrote may speak of danger" in page


def test_a_wish_without_danger_is_no_such_task(app, session, cast):
    _row, _preview, _person = completed(session, cast)
    (notice,) = session.scalars(select(Message).where(Message.recipient == "rowan@person.example")).all()
    path = re.search(r"/my-message/\S+", notice.text)[0]
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False
    wish = {"answer": "change", "wish": "it was every other week"}
    page = app.test_client().post(path, data=wish, follow_redirects=True).get_data(as_text=True)
    assert "Are you safe now?" not in page
    assert tasks(session) == [TaskKind.CHANGE_ASKED]
