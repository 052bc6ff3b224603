"""The state machine through the database beside the pure model: whatever is tried, both say the same."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.people.codes import ContactChannel
from app.referrals.codes import ENDED, ClosureOutcome, Destination, Move, Party, Reached, Status, Told
from app.referrals.models import ReferralEvent, Telling
from app.referrals.operations import drafts, ending, triage, work
from app.referrals.queries.referrals import goals
from app.referrals.queries.times import loop_closed_at
from app.referrals.rules.states import TRANSITIONS
from app.web.database import db
from tests.referrals import AGREED, Cast, a_cast, a_draft

# The pure model: from where each verb leads where, written out without the state machine.
LEADS: dict[str, tuple[set[str], str]] = {
    "send": ({"draft"}, "sent"),
    "ask": ({"sent"}, "info_requested"),
    "answer": ({"info_requested"}, "sent"),
    "reject": ({"sent", "info_requested"}, "rejected"),
    "accept": ({"sent", "info_requested"}, "accepted"),
    "wait": ({"accepted"}, "waiting"),
    "start": ({"accepted", "waiting"}, "active"),
    "pause": ({"active"}, "paused"),
    "resume": ({"paused"}, "active"),
    "complete": ({"active"}, "completed"),
    "end_early": ({"accepted", "waiting", "active", "paused"}, "ended_early"),
    "withdraw": ({"draft", "sent", "info_requested", "accepted", "waiting"}, "withdrawn"),
    "reopen": ({"completed", "ended_early"}, "active"),
    "mark_error": (
        {*(status.value for status in Status)} - {"error"},
        "error",
    ),
}


class Machine(RuleBasedStateMachine):
    """One referral, moved at random by those who may and those who may not, complete or not."""

    session: Session
    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.outer = self.session.begin_nested()
        self.row = a_draft(self.session, self.cast)
        self.state = "draft"
        self.began = False
        self.moves = 0

    def teardown(self) -> None:
        self.outer.rollback()
        self.session.expire_all()

    @rule(verb=st.sampled_from(sorted(LEADS)), whole=st.sampled_from([True, True, True, False]))
    def try_verb(self, verb: str, whole: bool) -> None:
        sources, target = LEADS[verb]
        may = self.state in sources and whole
        if verb == "mark_error" and self.state == "draft":
            may = False  # nobody at the receiving end sees a draft
        done, savepoint = True, self.session.begin_nested()
        try:
            getattr(self, f"do_{verb}")(whole)
            savepoint.commit()
        except (Refused, InvalidInput, NotFound):
            savepoint.rollback()
            self.session.expire_all()
            done = False
        if verb == "send" and self.state != "draft":
            assert done
            return  # a second press changes nothing
        if self.state != "draft" and self.row.sent_at is None:
            assert not done
            return
        assert done == may, (verb, self.state, whole)
        if done:
            self.moves += 1
            if verb == "reopen" and not self.began:
                target = "accepted"
            self.state = target
            self.began = self.began or target == "active"

    @rule()
    def reach_the_person(self) -> None:
        if self.row.status.value in {"accepted", "waiting", "active", "paused"}:
            attempt = work.Attempt(channel=ContactChannel.PHONE, result=Reached.REACHED)
            work.log_contact(self.session, self.cast.worker, self.row, attempt, version=self.row.version)

    @invariant()
    def both_say_the_same(self) -> None:
        self.session.refresh(self.row)
        assert self.row.status.value == self.state

    @invariant()
    def the_history_tells_every_move(self) -> None:
        history = self.session.scalars(
            select(ReferralEvent).where(ReferralEvent.referral_id == self.row.id).order_by(ReferralEvent.number)
        ).all()
        assert [each.number for each in history] == list(range(1, self.moves + 1))
        stands = Status.DRAFT
        for each in history:
            assert each.from_status is stands
            assert each.party in TRANSITIONS[each.move].by
            stands = each.to_status
        assert stands is self.row.status

    @invariant()
    def what_has_ended_says_when_and_who_hears(self) -> None:
        over = self.row.status in ENDED
        assert over == (self.row.ended_at is not None)
        if self.row.status in {Status.REJECTED, Status.COMPLETED, Status.ENDED_EARLY}:
            told = self.session.scalars(select(Telling.id).where(Telling.referral_id == self.row.id)).all()
            assert told
            assert loop_closed_at(self.session, self.row) is not None
            assert self.row.due_at is None

    def do_send(self, whole: bool) -> None:
        agreement = AGREED if whole else drafts.Agreement(given=False)
        drafts.send(self.session, self.cast.gp, self.row, agreement, version=self.row.version)

    def do_ask(self, whole: bool) -> None:
        triage.ask(
            self.session, self.cast.worker, self.row, question="Which?" if whole else "", version=self.row.version
        )

    def do_answer(self, whole: bool) -> None:
        who = self.cast.gp if whole else self.cast.worker
        triage.answer(self.session, who, self.row, words="That one", version=self.row.version)

    def do_reject(self, whole: bool) -> None:
        no = triage.Refusal(
            reason="duplicate-or-mistaken",
            next_step="None needed" if whole else "",
            told_how=Told.PHONE,
            told_on=clock.today(),
        )
        triage.reject(self.session, self.cast.worker, self.row, no, version=self.row.version)

    def do_accept(self, whole: bool) -> None:
        who = self.cast.worker_user.id if whole else self.cast.gp_user.id
        triage.accept(self.session, self.cast.worker, self.row, coordinator_id=who, version=self.row.version)

    def do_wait(self, whole: bool) -> None:
        who = self.cast.worker if whole else self.cast.gp
        triage.add_to_waiting_list(self.session, who, self.row, version=self.row.version)

    def do_start(self, whole: bool) -> None:
        who = self.cast.worker if whole else self.cast.manager
        work.start(self.session, who, self.row, first_contact_at=clock.now(), version=self.row.version)

    def do_pause(self, whole: bool) -> None:
        day = clock.today() + timedelta(days=7) if whole else None
        ending.pause(
            self.session, self.cast.worker, self.row, reason="hospital", review_by=day, version=self.row.version
        )

    def do_resume(self, whole: bool) -> None:
        version = self.row.version if whole else self.row.version - 1
        ending.resume(self.session, self.cast.worker, self.row, version=version)

    def do_complete(self, whole: bool) -> None:
        if self.row.status is Status.ACTIVE and not goals(self.session, self.row.id):
            work.add_goal(self.session, self.cast.worker, self.row, words="Sleep", version=self.row.version)
        found = {goal.id: ClosureOutcome.PARTLY for goal in goals(self.session, self.row.id)}
        done = ending.Ending(destination=Destination.GP_ONLY if whole else None, outcomes=found, summary="Went well")
        ending.complete(self.session, self.cast.worker, self.row, done, version=self.row.version)

    def do_end_early(self, whole: bool) -> None:
        done = ending.Ending(
            destination=Destination.UNKNOWN, reason="did-not-engage", risk_decision="Talked it over" if whole else ""
        )
        ending.end_early(self.session, self.cast.worker, self.row, done, version=self.row.version)

    def do_withdraw(self, whole: bool) -> None:
        reason = "moved" if whole else "list-closed"
        triage.withdraw(self.session, self.cast.gp, self.row, reason=reason, version=self.row.version)

    def do_reopen(self, whole: bool) -> None:
        comment = "They rang" if whole else ""
        ending.reopen(self.session, self.cast.worker, self.row, comment=comment, version=self.row.version)

    def do_mark_error(self, whole: bool) -> None:
        who = self.cast.manager if whole else self.cast.worker
        ending.mark_error(self.session, who, self.row, comment="Wrong person", version=self.row.version)


def test_whatever_is_tried_both_say_the_same(app, database_url):
    with app.app_context(), Session(db.engines[None]) as session:
        cast = a_cast(session)
        session.flush()

        class Bound(Machine):
            pass

        Bound.session, Bound.cast = session, cast
        run_state_machine_as_test(
            Bound,
            settings=settings(
                max_examples=25,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_every_move_of_the_table_has_been_modelled():
    modelled = {*LEADS, "acknowledge", "redirect"}
    names = {"add_to_waiting_list": "wait"}
    assert {names.get(move.value, move.value) for move in Move} == modelled
    assert Party.RECEIVER in TRANSITIONS[Move.REDIRECT].by
