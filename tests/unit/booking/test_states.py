"""The life of a booking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.booking.codes import (
    ACTIVE_STATES,
    OPEN_STATES,
    PLACE_STATES,
    TERMINAL_STATES,
    Attendance,
    BookingAction,
    BookingState,
    FacilitatorKind,
    Party,
    SessionState,
)
from app.booking.rules.first_session import FollowUp, follow_up
from app.booking.rules.sessions import Meeting, may_join_online, next_sequence, shown_state
from app.booking.rules.states import BY_ACTION, FIRST_STATES, MOVES, Refusal, Step, allowed, next_state, shown_as, uses

A, S, P = BookingAction, BookingState, Party
NOON = datetime(2026, 10, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_every_action_has_one_row_and_every_state_is_reached() -> None:
    assert set(BY_ACTION) == set(A)
    assert len(MOVES) == len(A)
    assert {move.target for move in MOVES} | FIRST_STATES == set(S)


@pytest.mark.parametrize(("state", "action", "party"), list(product(sorted(TERMINAL_STATES), A, P)))
def test_what_is_over_stays_over_but_a_completion_said_by_mistake(
    state: BookingState, action: BookingAction, party: Party
) -> None:
    is_taken_back = (state, action) == (S.COMPLETED, A.UNDO_COMPLETE)
    wanted = Refusal("not_by_you") if is_taken_back else Refusal("over")
    assert next_state(state, action, by=party, reason="please") == (
        Step(S.BOOKED, 1) if is_taken_back and party is P.WORKER else wanted
    )


@pytest.mark.parametrize(
    ("state", "action", "by", "target", "places"),
    [
        (S.DRAFT, A.SUBMIT, P.PERSON, S.REQUESTED, 0),
        (S.REQUESTED, A.BOOK, P.WORKER, S.BOOKED, 1),
        (S.REQUESTED, A.JOIN_WAITING_LIST, P.SYSTEM, S.WAITING, 0),
        (S.HELD, A.BOOK, P.PERSON, S.BOOKED, 0),
        (S.HELD, A.LAPSE, P.SYSTEM, S.LAPSED, -1),
        (S.WAITING, A.OFFER, P.SYSTEM, S.OFFERED, 1),
        (S.WAITING, A.BOOK, P.SYSTEM, S.BOOKED, 1),
        (S.WAITING, A.WITHDRAW, P.PERSON, S.WITHDRAWN, 0),
        (S.OFFERED, A.ACCEPT_OFFER, P.PERSON, S.BOOKED, 0),
        (S.OFFERED, A.DECLINE_OFFER, P.PERSON, S.DECLINED_OFFER, -1),
        (S.OFFERED, A.CANCEL_RUN, P.WORKER, S.RUN_CANCELLED, -1),
        (S.BOOKED, A.CANCEL_BY_PERSON, P.PERSON, S.CANCELLED_BY_PERSON, -1),
        (S.BOOKED, A.TRANSFER, P.PERSON, S.TRANSFERRED, -1),
        (S.BOOKED, A.COMPLETE, P.SYSTEM, S.COMPLETED, -1),
    ],
)
def test_the_ways_of_a_booking(
    state: BookingState, action: BookingAction, by: Party, target: BookingState, places: int
) -> None:
    assert next_state(state, action, by=by) == Step(target, places)


@pytest.mark.parametrize(
    ("state", "action", "by", "why"),
    [
        (S.WAITING, A.ACCEPT_OFFER, P.PERSON, "not_from_here"),
        (S.BOOKED, A.OFFER, P.WORKER, "not_from_here"),
        (S.REQUESTED, A.BOOK, P.PERSON, "not_by_you"),
        (S.WAITING, A.BOOK, P.PERSON, "not_by_you"),
        (S.WAITING, A.OFFER, P.PERSON, "not_by_you"),
        (S.BOOKED, A.CANCEL_BY_SERVICE, P.PERSON, "not_by_you"),
        (S.BOOKED, A.CANCEL_BY_SERVICE, P.WORKER, "needs_reason"),
        (S.REQUESTED, A.DECLINE, P.WORKER, "needs_reason"),
        (S.BOOKED, A.RELEASE, P.SYSTEM, "not_by_you"),
        (S.OFFERED, A.LAPSE_OFFER, P.PERSON, "not_by_you"),
    ],
)
def test_what_is_refused(state: BookingState, action: BookingAction, by: Party, why: str) -> None:
    assert next_state(state, action, by=by, reason="  ") == Refusal(why)


def test_a_lapsed_offer_leads_back_once() -> None:
    assert next_state(S.OFFERED, A.LAPSE_OFFER, by=P.SYSTEM) == Step(S.WAITING, -1)
    assert next_state(S.OFFERED, A.LAPSE_OFFER, by=P.SYSTEM, lapsed_offers=1) == Step(S.OFFER_LAPSED, -1)


def test_the_kinds_of_states_part_them() -> None:
    assert PLACE_STATES < ACTIVE_STATES < OPEN_STATES
    assert set(S) == OPEN_STATES | TERMINAL_STATES
    assert allowed(S.COMPLETED, by=P.WORKER) == (A.UNDO_COMPLETE,)
    assert allowed(S.RELEASED, by=P.WORKER) == ()
    assert set(allowed(S.OFFERED, by=P.PERSON)) == {A.ACCEPT_OFFER, A.DECLINE_OFFER}
    assert all(allowed(state, by=P.WORKER) for state in OPEN_STATES)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(FIRST_STATES)),
    st.lists(st.tuples(st.sampled_from(list(A)), st.sampled_from(list(P)), st.integers(0, 2)), max_size=25),
)
def test_on_any_way_places_are_used_once_and_freed_once(
    state: BookingState, steps: list[tuple[BookingAction, Party, int]]
) -> None:
    used = uses(None, state)
    for action, by, lapsed in steps:
        step = next_state(state, action, by=by, reason="so", lapsed_offers=lapsed)
        if isinstance(step, Step):
            assert state not in TERMINAL_STATES or action is A.UNDO_COMPLETE
            state, used = step.state, used + step.uses
        assert used == (state in PLACE_STATES)


@pytest.mark.parametrize(
    ("state", "told", "shown"),
    [
        (S.BOOKED, "has_begun", "booked"),
        (S.BOOKED, "has_begun is_over", "over"),
        (S.WAITING, "waited", "waiting"),
        (S.WAITING, "waited has_begun", "no_place"),
        (S.OFFERED, "waited", "offered"),
        (S.OFFERED, "waited is_expired", "offer_lapsed"),
        (S.OFFERED, "waited is_expired has_begun", "no_place"),
        (S.LAPSED, "waited has_begun", "no_place"),
        (S.LAPSED, "", "not_finished"),
        (S.RUN_CANCELLED, "waited has_begun is_over", "run_cancelled"),
    ],
)
def test_what_a_person_reads_of_a_booking_is_so_before_a_sweep_knows_it(
    state: BookingState, told: str, shown: str
) -> None:
    names = ("waited", "is_expired", "has_begun", "is_over")
    assert shown_as(state, **{name: name in told.split() for name in names}) == shown


def test_every_change_that_calendars_show_raises_the_sequence() -> None:
    before = Meeting(starts_at=NOON, ends_at=NOON + HOUR, place="Hall")
    assert next_sequence(before, before, 4) == 4
    for after in (
        Meeting(starts_at=NOON - HOUR, ends_at=NOON + HOUR, place="Hall"),
        Meeting(starts_at=NOON, ends_at=NOON + 2 * HOUR, place="Hall"),
        Meeting(starts_at=NOON, ends_at=NOON + HOUR, place="Room 2"),
        Meeting(starts_at=NOON, ends_at=NOON + HOUR, place="Hall", cancelled=True),
    ):
        assert next_sequence(before, after, 4) == 5


@pytest.mark.parametrize(
    ("stored", "free", "hours", "shown"),
    [
        (SessionState.PLANNED, 3, -1, SessionState.PLANNED),
        (SessionState.OPEN, 3, -1, SessionState.OPEN),
        (SessionState.OPEN, 0, -1, SessionState.FULL),
        (SessionState.OPEN, None, -1, SessionState.OPEN),
        (SessionState.OPEN, 0, 0, SessionState.RUNNING),
        (SessionState.OPEN, 0, 1, SessionState.DONE),
        (SessionState.CANCELLED, 0, 1, SessionState.CANCELLED),
    ],
)
def test_the_state_of_a_session_as_shown(
    stored: SessionState, free: int | None, hours: int, shown: SessionState
) -> None:
    meeting = Meeting(starts_at=NOON, ends_at=NOON + HOUR, place="")
    assert shown_state(stored, meeting, free=free, now=NOON + hours * HOUR) is shown


def test_the_link_to_join_is_for_those_with_a_place_near_the_time() -> None:
    meeting = Meeting(starts_at=NOON, ends_at=NOON + HOUR, place="")
    times = {-25: False, -24: True, 0: True, 1: False}
    for hours, shown in times.items():
        now = NOON + hours * HOUR
        assert may_join_online(booked=True, meeting=meeting, now=now, hours_before=24) is shown
        assert not may_join_online(booked=False, meeting=meeting, now=now, hours_before=24)
    off = Meeting(starts_at=NOON, ends_at=NOON + HOUR, place="", cancelled=True)
    assert not may_join_online(booked=True, meeting=off, now=NOON, hours_before=24)


@pytest.mark.parametrize("attendance", Attendance)
def test_a_missed_session_is_answered_with_a_call_and_nothing_else_is(attendance: Attendance) -> None:
    missed = attendance is Attendance.DID_NOT_ATTEND
    assert follow_up(attendance) is (FollowUp.CALL if missed else FollowUp.NOTHING)
    assert follow_up(attendance, contact_tried=True) is FollowUp.NOTHING
    first = follow_up(attendance, is_first=True, first_needed=True)
    assert first is (FollowUp.CALL if missed else FollowUp.NOTHING)
    after = follow_up(attendance, is_first=True, first_needed=True, contact_tried=True)
    assert after is (FollowUp.MAY_RELEASE if missed else FollowUp.NOTHING)


def test_a_facilitator_who_shadows_is_no_lead() -> None:
    from app.booking.rules.clashes import missing_leads

    assert missing_leads([FacilitatorKind.PEER, FacilitatorKind.SHADOW]) == {FacilitatorKind.PRACTITIONER}
    assert not missing_leads([FacilitatorKind.PEER, FacilitatorKind.PRACTITIONER])
