"""A manager takes a pathway apart, or retires it, while people are on it: nothing of theirs is lost or changes."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import Refused
from app.people.codes import ContactChannel
from app.referrals.codes import ClockKind, ClosureOutcome, Destination, Reached, Status
from app.referrals.models import ChecklistItem, Referral
from app.referrals.operations import drafts, ending, pathways, triage, work
from app.referrals.pathways.definition import Section
from tests.integration.referrals.test_pressed_twice import form_of, words_of
from tests.referrals import AGREED, a_cast, a_draft, a_referral, definition
from tests.signing_in import signed_in_client

WHOLE = definition("rehabilitation-and-recovery")
FIRST = {question.key: f"quokka {question.key}" for question in WHOLE.questions}


@pytest.fixture(autouse=True)
def _no_forgery_check(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def cast(session):
    return a_cast(session, "rehabilitation-and-recovery")


def on_the_way(session, cast, status=Status.ACTIVE) -> Referral:
    row = a_referral(session, cast, source=sorted(WHOLE.sources)[0], answers=FIRST, eligibility={})
    if status is Status.SENT:
        return row
    triage.accept(session, cast.worker, row, coordinator_id=cast.worker_user.id, version=row.version)
    reached = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
    work.log_contact(session, cast.worker, row, reached, version=row.version)
    work.start(session, cast.worker, row, version=row.version)
    return row


def taken_apart(session, cast) -> None:
    """Steps, times, lists, questions and ends go; it has another name, and takes nobody new."""
    bare = replace(
        WHOLE,
        name="Anew",
        sources=frozenset(sorted(WHOLE.sources)[-1:]),
        sections=(Section(title="Only"),),
        eligibility=(),
        stages=(),
        clocks={},
        checklists=(),
        destinations=(Destination.DIED,),
        reopening_days=None,
    )
    assert pathways.change_pathway(session, SYSTEM, cast.pathway, bare, version=cast.pathway.version)
    pathways.set_open(session, SYSTEM, cast.pathway, is_open=False)


@pytest.mark.parametrize("status", [Status.SENT, Status.ACTIVE])
def test_who_is_on_it_reads_the_same_with_the_same_times(session, app, cast, status):
    row = on_the_way(session, cast, status)
    row_id, due = row.id, (row.due_clock, row.due_at)
    users = (cast.worker_user.id, cast.gp_user.id, cast.manager_user.id)
    session.commit()
    path = f"/desk/referrals/{row_id}"
    before = [words_of(signed_in_client(app, user).get(path)) for user in users]
    assert all("quokka" in page for page in before)
    if status is Status.ACTIVE:
        assert "Physical health assessment" in before[0]
    taken_apart(session, cast)
    session.commit()
    after = [words_of(signed_in_client(app, user).get(path)) for user in users]
    assert all(f"{WHOLE.name} (now called Anew)" in page for page in after)
    assert [page.replace("(now called Anew) ", "") for page in after] == before
    row = session.get_one(Referral, row_id)
    assert (row.due_clock, row.due_at) == due


def test_who_is_on_it_goes_on_to_the_end_as_it_was(session, cast):
    row = on_the_way(session, cast)
    taken_apart(session, cast)
    items = session.scalars(select(ChecklistItem).where(ChecklistItem.referral_id == row.id)).all()
    assert len(items) == sum(len(each.items) for each in WHOLE.checklists) > 0
    for item in items:
        work.tick(session, cast.worker, row, item.id, version=row.version)
    assert row.due_clock is not ClockKind.FIRST_24_HOURS
    goal = work.add_goal(session, cast.worker, row, words="Cook", version=row.version)
    done = ending.Ending(
        destination=next(each for each in WHOLE.destinations if each is not Destination.DIED),
        outcomes={goal.id: ClosureOutcome.ACHIEVED},
        summary="He cooks",
        shown="yes",
    )
    ending.complete(session, cast.worker, row, done, version=row.version)
    assert row.status is Status.COMPLETED
    ending.reopen(session, cast.worker, row, comment="Burnt it", version=row.version)
    assert row.status is Status.ACTIVE


def test_who_completes_reads_what_is_not_ticked_off_yet(session, app, cast):
    row = on_the_way(session, cast)
    items = session.scalars(select(ChecklistItem).where(ChecklistItem.referral_id == row.id)).all()
    done, *left = sorted(items, key=lambda item: item.label)
    work.tick(session, cast.worker, row, done.id, version=row.version)
    path, user_id = f"/desk/referrals/{row.id}/do/complete", cast.worker_user.id
    session.commit()
    page = unescape(words_of(signed_in_client(app, user_id).get(path)))
    assert f"Tick off : {done.label}" not in page
    assert [item.label for item in left if f"Tick off : {item.label}" not in page] == []
    for item in left:
        work.tick(session, cast.worker, session.get_one(Referral, row.id), item.id, version=row.version)
    session.commit()
    assert "Not ticked off yet" not in words_of(signed_in_client(app, user_id).get(path))


def test_a_draft_is_not_sent_where_nobody_new_is_taken_and_is_kept(session, app, cast):
    row = a_draft(session, cast, source=sorted(WHOLE.sources)[0], answers=FIRST, eligibility={})
    taken_apart(session, cast)
    with pytest.raises(Refused, match="nobody new"):
        drafts.send(session, cast.gp, row, AGREED, version=row.version)
    row_id, user_id = row.id, cast.gp_user.id
    session.commit()
    client, path = signed_in_client(app, user_id), f"/desk/referrals/{row_id}/check"
    page = words_of(client.get(path))
    assert "They take nobody new by this way any more" in page
    assert "quokka" in page
    assert ">Send<" not in client.get(path).text
    form = form_of(client, path) | {"agrees": "yes", "method": "verbal", "level": "summary"}
    refused = client.post(path, data=form)
    assert (refused.status_code, "quokka" in words_of(refused)) == (422, True)
    session.expire_all()
    row = session.get_one(Referral, row_id)
    assert (row.status, row.sent_at, row.agreement) == (Status.DRAFT, None, {})
    pathways.set_open(session, SYSTEM, session.get_one(type(cast.pathway), row.pathway_id), is_open=True)
    assert drafts.send(session, cast.gp, row, AGREED, version=row.version).status is Status.SENT
    assert row.due_at > clock.now()
