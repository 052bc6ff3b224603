"""The state machine against a table written out by hand, and along every path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.referrals.codes import ENDED, OPEN, ClosureOutcome, Destination, Move, Party, Status
from app.referrals.reasons import LIST_OF_MOVE, REASONS, ReasonList, reason_for
from app.referrals.rules.states import (
    TRANSITIONS,
    WORK_BEGAN,
    Facts,
    Need,
    Refusal,
    Verdict,
    counts,
    moves_open_to,
    next_state,
)

# from | move | to | by
TABLE = """
draft          | send                | sent           | referrer person
sent           | acknowledge         | sent           | receiver
sent           | ask                 | info_requested | receiver
info_requested | answer              | sent           | referrer person
sent           | reject              | rejected       | receiver
info_requested | reject              | rejected       | receiver
sent           | redirect            | redirected     | receiver
info_requested | redirect            | redirected     | receiver
sent           | accept              | accepted       | receiver
info_requested | accept              | accepted       | receiver
accepted       | add_to_waiting_list | waiting        | receiver
accepted       | start               | active         | worker
waiting        | start               | active         | worker
active         | pause               | paused         | worker
paused         | resume              | active         | worker
active         | complete            | completed      | worker
accepted       | end_early           | ended_early    | worker manager
waiting        | end_early           | ended_early    | worker manager
active         | end_early           | ended_early    | worker manager
paused         | end_early           | ended_early    | worker manager
draft          | withdraw            | withdrawn      | referrer person
sent           | withdraw            | withdrawn      | referrer person
info_requested | withdraw            | withdrawn      | referrer person
accepted       | withdraw            | withdrawn      | referrer person
waiting        | withdraw            | withdrawn      | referrer person
completed      | reopen              | active         | worker manager
ended_early    | reopen              | active         | worker manager
draft          | mark_error          | error          | manager
sent           | mark_error          | error          | manager
info_requested | mark_error          | error          | manager
rejected       | mark_error          | error          | manager
redirected     | mark_error          | error          | manager
accepted       | mark_error          | error          | manager
waiting        | mark_error          | error          | manager
active         | mark_error          | error          | manager
paused         | mark_error          | error          | manager
completed      | mark_error          | error          | manager
ended_early    | mark_error          | error          | manager
withdrawn      | mark_error          | error          | manager
"""
ROWS = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]
LEADS = {(state, move, by): to for state, move, to, parties in ROWS for by in parties.split()}

# What each move must leave on record: taken away one by one, the move is refused.
RECORDS: dict[str, set[str]] = {
    "send": {"permission-or-override", "snapshot", "due-by"},
    "acknowledge": {"named-opener"},
    "ask": {"question"},
    "answer": {"answer"},
    "reject": {"reason", "reason-comment", "next-step", "person-told"},
    "redirect": {"reason", "reason-comment", "target", "fresh-permission"},
    "accept": {"coordinator"},
    "add_to_waiting_list": {"added-on", "waiting-list", "priority-rule", "next-check"},
    "start": {"first-contact"},
    "pause": {"reason", "reason-comment", "review-by"},
    "resume": set(),
    "complete": {"outcome-per-goal", "destination", "discharge-pack", "nothing-open", "attendance-recorded"},
    "end_early": {
        "reason",
        "reason-comment",
        "risk-decision",
        "destination",
        "nothing-open",
        "attendance-recorded",
    },
    "withdraw": {"reason", "reason-comment"},
    "reopen": {"comment", "within-reopening-time"},
    "mark_error": {"comment"},
}
NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
REASON_OF = {
    Move.REJECT: "list-closed",
    Move.REDIRECT: "better-service-exists",
    Move.PAUSE: "hospital",
    Move.WITHDRAW: "moved",
    Move.END_EARLY: "did-not-engage",
}


def full(move: Move, by: Party) -> Facts:
    """Everything that any move could ask for."""
    return Facts(
        by=by,
        reason=REASON_OF.get(move),
        comment="said why",
        permission_in_force=True,
        snapshot_taken=True,
        due_by=NOON,
        opened_by="Ada",
        question="Which estate?",
        answer="The new one",
        next_step="the list of another service",
        person_told_how="by letter",
        person_told_at=NOON,
        target="another service",
        target_permission=True,
        coordinator="Ada",
        added_on=date(2026, 5, 6),
        waiting_list="general",
        priority_rule="longest first",
        next_check_on=date(2026, 6, 3),
        first_contact_at=NOON,
        review_by=date(2026, 6, 1),
        goals=2,
        goal_outcomes=(ClosureOutcome.ACHIEVED, ClosureOutcome.NOT_KNOWN),
        destination=Destination.GP_ONLY,
        discharge_pack_ready=True,
        risk_decision="seen at home",
        work_began=True,
        within_reopening_time=True,
    )


WITHOUT: dict[str, Callable[[Facts], Facts]] = {
    "permission-or-override": lambda facts: replace(facts, permission_in_force=False, override_reason="  "),
    "snapshot": lambda facts: replace(facts, snapshot_taken=False),
    "due-by": lambda facts: replace(facts, due_by=None),
    "named-opener": lambda facts: replace(facts, opened_by=" "),
    "question": lambda facts: replace(facts, question=""),
    "answer": lambda facts: replace(facts, answer="\n"),
    "reason": lambda facts: replace(facts, reason="no-such-reason"),
    "reason-comment": lambda facts: replace(facts, reason="other", comment=" "),
    "next-step": lambda facts: replace(facts, next_step=""),
    "person-told": lambda facts: replace(facts, person_told_at=None),
    "target": lambda facts: replace(facts, target=""),
    "fresh-permission": lambda facts: replace(facts, target_permission=False),
    "coordinator": lambda facts: replace(facts, coordinator=""),
    "added-on": lambda facts: replace(facts, added_on=None),
    "waiting-list": lambda facts: replace(facts, waiting_list=""),
    "priority-rule": lambda facts: replace(facts, priority_rule=""),
    "next-check": lambda facts: replace(facts, next_check_on=None),
    "first-contact": lambda facts: replace(facts, first_contact_at=None),
    "review-by": lambda facts: replace(facts, review_by=None),
    "outcome-per-goal": lambda facts: replace(facts, goal_outcomes=facts.goal_outcomes[:1]),
    "destination": lambda facts: replace(facts, destination=None),
    "discharge-pack": lambda facts: replace(facts, discharge_pack_ready=False),
    "nothing-open": lambda facts: replace(facts, open_actions=1),
    "attendance-recorded": lambda facts: replace(facts, unrecorded_appointments=1),
    "risk-decision": lambda facts: replace(facts, risk_decision=""),
    "within-reopening-time": lambda facts: replace(facts, within_reopening_time=False),
    "comment": lambda facts: replace(facts, comment=""),
}


@pytest.mark.parametrize("state", Status)
def test_the_whole_table(state: Status) -> None:
    for move, by in product(Move, Party):
        to = LEADS.get((state, move, by))
        verdict = next_state(state, move, full(move, by))
        assert verdict.to == to, (state, move, by)
        assert verdict.allowed is (to is not None)
        assert (move in moves_open_to(state, by)) is (to is not None)
        if to is None:
            from_here = any((state, move, anybody) in LEADS for anybody in Party)
            assert verdict.refusal is (Refusal.NOT_BY_THEM if from_here else Refusal.NOT_FROM_HERE)


@pytest.mark.parametrize("move", Move)
def test_no_move_without_its_record(move: Move) -> None:
    row = TRANSITIONS[move]
    assert {need.value for need in row.needs} == RECORDS[move]
    for state, by, need in product(row.sources, row.by, row.needs):
        # A pause has no reason "other": there the comment is never asked for.
        if need is Need.REASON_COMMENT and reason_for(move, "other") is None:
            continue
        assert next_state(state, move, WITHOUT[need](full(move, by))) == Verdict(missing=frozenset({need}))
    bare = next_state(next(iter(row.sources)), move, Facts(by=next(iter(row.by))))
    assert bare.missing >= row.needs - {
        Need.REASON_COMMENT,
        Need.RISK_DECISION,
        Need.NOTHING_OPEN,
        Need.ATTENDANCE_RECORDED,
    }


def test_every_need_is_tried() -> None:
    assert set(WITHOUT) == set(Need)
    assert set(RECORDS) == set(Move)


def test_a_lawful_override_sends_without_permission() -> None:
    facts = replace(full(Move.SEND, Party.REFERRER), permission_in_force=False, override_reason="a life at risk")
    assert next_state(Status.DRAFT, Move.SEND, facts).to is Status.SENT


@pytest.mark.parametrize("change", [{"open_appointments": 1}, {"open_actions": 1}, {"goals": 0, "goal_outcomes": ()}])
def test_nothing_completes_with_loose_ends(change: dict[str, object]) -> None:
    facts = replace(full(Move.COMPLETE, Party.WORKER), **change)
    assert not next_state(Status.ACTIVE, Move.COMPLETE, facts).allowed


def test_absence_never_ends_a_referral_without_a_decision_about_risk() -> None:
    for by, reason in product((Party.WORKER, Party.MANAGER), ("did-not-engage", "could-not-be-contacted")):
        facts = replace(full(Move.END_EARLY, by), reason=reason, risk_decision="")
        assert next_state(Status.ACTIVE, Move.END_EARLY, facts).missing == {Need.RISK_DECISION}
    moved = replace(full(Move.END_EARLY, Party.WORKER), reason="moved", risk_decision="")
    assert next_state(Status.ACTIVE, Move.END_EARLY, moved).allowed
    missed = replace(moved, missed_last_appointment=True)
    assert next_state(Status.ACTIVE, Move.END_EARLY, missed).missing == {Need.RISK_DECISION}


@pytest.mark.parametrize("state", Status)
def test_work_that_the_receiver_may_not_see_is_for_a_sender_to_end(state: Status) -> None:
    for move, by in product(Move, Party):
        ends_work = move is Move.WITHDRAW and by in {Party.REFERRER, Party.PERSON} and state in WORK_BEGAN
        to = "withdrawn" if ends_work else LEADS.get((state, move, by))
        assert next_state(state, move, replace(full(move, by), taken_back=True)).to == to
        assert (move in moves_open_to(state, by, taken_back=True)) is (to is not None)


def test_no_machine_moves_a_referral() -> None:
    assert not {"system", "sweep", "worker-process"} & {party.value for party in Party}
    assert all(row.by for row in TRANSITIONS.values())


def test_what_ended_before_work_began_reopens_before_it() -> None:
    facts = replace(full(Move.REOPEN, Party.MANAGER), work_began=False)
    assert next_state(Status.ENDED_EARLY, Move.REOPEN, facts).to is Status.ACCEPTED


def test_an_error_is_the_end_and_never_counted() -> None:
    assert not any(Status.ERROR in row.sources for row in TRANSITIONS.values())
    assert [state for state in Status if not counts(state)] == [Status.ERROR]
    assert set(Status) == ENDED | OPEN


@pytest.mark.parametrize("state", sorted(OPEN))
def test_from_every_open_state_there_is_a_way_to_a_real_end(state: Status) -> None:
    reached, fresh = set(), {state}
    while fresh:
        reached |= fresh
        fresh = {
            Status(to) for (source, move, _), to in LEADS.items() if source in reached and move != "mark_error"
        } - reached
    assert reached & (ENDED - {Status.ERROR})


@settings(max_examples=100)
@given(st.data())
def test_along_any_path(data: st.DataObject) -> None:
    state, model = Status.DRAFT, "draft"
    for _ in range(data.draw(st.integers(1, 10))):
        move, by = data.draw(st.sampled_from(list(Move))), data.draw(st.sampled_from(list(Party)))
        gone = data.draw(st.none() | st.sampled_from(sorted(set(WITHOUT) - {"reason-comment"})))
        facts = WITHOUT[gone](full(move, by)) if gone else full(move, by)
        verdict = next_state(state, move, facts)
        leads = None if gone in RECORDS[move] else LEADS.get((model, move, by))
        assert verdict.to == leads
        state, model = verdict.to or state, leads or model
    while state in OPEN:  # whatever happened, a worker, a receiver or a sender can bring it to an end
        ways = [(move, by) for move in Move for by in Party if move in moves_open_to(state, by)]
        onward = [pair for pair in ways if TRANSITIONS[pair[0]].target in ENDED - {Status.ERROR}]
        move, by = onward[0]
        state = next_state(state, move, full(move, by)).to or state
    assert state in ENDED


def test_reasons() -> None:
    assert {kind for kind, _ in REASONS} == set(ReasonList)
    assert {code for (_, code), reason in REASONS.items() if reason.comment_required} == {"other"}
    assert {code for (_, code), reason in REASONS.items() if reason.at_capacity} == {"list-closed", "wait-too-long"}
    assert all(reason.ends_referral is (kind in {"reject", "end"}) for (kind, _), reason in REASONS.items())
    assert reason_for(Move.PAUSE, "other") is None
    assert reason_for(Move.SEND, "other") is None
    assert reason_for(Move.REJECT, None) is None
    for move, kind in LIST_OF_MOVE.items():
        for reason in (each for (of, _), each in REASONS.items() if of is kind):
            assert reason.usable_by >= TRANSITIONS[move].by
