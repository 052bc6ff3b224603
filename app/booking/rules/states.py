"""The life of a booking as data: what may happen in which state, by whom, and what becomes of its places."""

from __future__ import annotations

from dataclasses import dataclass

from app.booking.codes import PLACE_STATES, TERMINAL_STATES, BookingAction, BookingState, Party

# In which a booking may be made. `booked` is for the second half of a transfer.
FIRST_STATES = frozenset(
    {BookingState.DRAFT, BookingState.REQUESTED, BookingState.HELD, BookingState.WAITING, BookingState.BOOKED}
)
# How often a lapsed offer leads back to the end of the waiting list.
RETURNS = 1


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: an action and where it leads from where."""

    action: BookingAction
    sources: frozenset[BookingState]
    target: BookingState
    parties: frozenset[Party]
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """An action that may happen. `uses` is +1 when the booking begins to use its places, -1 when it frees them."""

    state: BookingState
    uses: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An action that may not happen, and why: `over`, `not_from_here`, `not_by_you` or `needs_reason`."""

    why: str


def _move(
    action: BookingAction, sources: str, target: BookingState, parties: str, *, needs_reason: bool = False
) -> Move:
    return Move(
        action,
        frozenset(BookingState(word) for word in sources.split()),
        target,
        frozenset(Party(word) for word in parties.split()),
        needs_reason,
    )


_A, _S = BookingAction, BookingState

MOVES: tuple[Move, ...] = (
    _move(_A.SUBMIT, "draft", _S.REQUESTED, "person worker"),
    _move(_A.BOOK, "requested held waiting", _S.BOOKED, "person worker system"),
    _move(_A.JOIN_WAITING_LIST, "draft requested", _S.WAITING, "person worker system"),
    _move(_A.DECLINE, "requested", _S.DECLINED, "worker", needs_reason=True),
    _move(_A.LAPSE, "draft held waiting", _S.LAPSED, "system"),
    _move(_A.OFFER, "waiting", _S.OFFERED, "worker system"),
    _move(_A.ACCEPT_OFFER, "offered", _S.BOOKED, "person worker"),
    _move(_A.DECLINE_OFFER, "offered", _S.DECLINED_OFFER, "person worker"),
    _move(_A.LAPSE_OFFER, "offered", _S.OFFER_LAPSED, "system"),
    _move(_A.WITHDRAW, "draft requested held waiting booked", _S.WITHDRAWN, "person worker"),
    _move(_A.CANCEL_BY_PERSON, "booked", _S.CANCELLED_BY_PERSON, "person worker"),
    _move(
        _A.CANCEL_BY_SERVICE,
        "draft requested held waiting offered booked",
        _S.CANCELLED_BY_SERVICE,
        "worker",
        needs_reason=True,
    ),
    _move(_A.CANCEL_RUN, "draft requested held waiting offered booked", _S.RUN_CANCELLED, "worker system"),
    _move(_A.TRANSFER, "booked", _S.TRANSFERRED, "person worker"),
    _move(_A.RELEASE, "booked", _S.RELEASED, "worker", needs_reason=True),
    _move(_A.COMPLETE, "booked", _S.COMPLETED, "worker system"),
    # Pressed for the wrong person: it is as if it had not been said.
    _move(_A.UNDO_COMPLETE, "completed", _S.BOOKED, "worker"),
)
BY_ACTION = {move.action: move for move in MOVES}


def next_state(
    state: BookingState, action: BookingAction, *, by: Party, reason: str = "", lapsed_offers: int = 0
) -> Step | Refusal:
    """What `action` makes of a booking in `state`.

    An offer that lapses for the first time leads back to the end of the waiting list; the next one closes the booking.
    """
    move = BY_ACTION[action]
    if why := _hindrance(move, state, by, reason):
        return Refusal(why)
    target = move.target
    if action is BookingAction.LAPSE_OFFER and lapsed_offers < RETURNS:
        target = BookingState.WAITING
    return Step(target, uses(state, target))


def _hindrance(move: Move, state: BookingState, by: Party, reason: str) -> str | None:
    if state in TERMINAL_STATES and state not in move.sources:
        return "over"
    if state not in move.sources:
        return "not_from_here"
    if by not in move.parties or (move.action is BookingAction.BOOK and not _may_book_from(state, by)):
        return "not_by_you"
    if move.needs_reason and not reason.strip():
        return "needs_reason"
    return None


def _may_book_from(state: BookingState, by: Party) -> bool:
    """A person confirms the place they hold; they neither pass a worker's check nor the waiting list by themselves."""
    return by is not Party.PERSON or state is BookingState.HELD


def uses(before: BookingState | None, after: BookingState) -> int:
    """+1, 0 or -1: whether going from one state to another begins or ends the use of places."""
    return (after in PLACE_STATES) - (before in PLACE_STATES)


def allowed(state: BookingState, *, by: Party) -> tuple[BookingAction, ...]:
    """What `by` may do with a booking in `state`, given a reason where one is needed."""
    return tuple(
        move.action for move in MOVES if isinstance(next_state(state, move.action, by=by, reason="given"), Step)
    )


def shown_as(state: BookingState, *, waited: bool, is_expired: bool, has_begun: bool, is_over: bool) -> str:
    """How a booking stands for whoever reads it, which the clock may know before a sweep does.

    A state's own value, or `over` of a place in what is over, `no_place` of a wait that came to nothing, `not_finished`
    of one that was never confirmed.
    """
    if state is BookingState.BOOKED and is_over:
        return "over"
    in_line = {BookingState.WAITING, BookingState.OFFERED, BookingState.LAPSED}
    if state in in_line and waited and (has_begun or state is BookingState.LAPSED):
        return "no_place"
    if state is BookingState.OFFERED and is_expired:
        return BookingState.OFFER_LAPSED.value
    return "not_finished" if state is BookingState.LAPSED else state.value
