"""When old segments are written anew together, so that they stay few."""

from collections.abc import Sequence
from pathlib import Path

from search_index.pointer import SegmentState
from search_index.segment import Segment
from search_index.segment_writer import NewSegment

# Segments are put in classes by live size (under 64, 512, 4,096, ...). Four of a class are merged into one of the
# next, so a document is rewritten once a class and the number of segments grows with the logarithm of the size.
_SMALLEST = 64
_STEP = 8
_OF_A_CLASS = 4
_DELETED_SHARE = 0.5
# Whoever applies a change must not wait for half the directory to be written anew: some 2,500 documents a second.
_LARGEST_MERGE = 20_000


def live(state: SegmentState) -> int:
    """Documents that are not deleted."""
    return state.documents - len(state.deleted)


def size_class(documents: int) -> int:
    """0 for the smallest segments."""
    found, limit = 0, _SMALLEST
    while documents >= limit:
        found, limit = found + 1, limit * _STEP
    return found


def to_merge(states: Sequence[SegmentState], added: int) -> set[str]:
    """Keys of the segments to write anew, when a segment of `added` documents is about to join them."""
    chosen = {state.key for state in states if len(state.deleted) > _DELETED_SHARE * state.documents}
    total = added + sum(live(state) for state in states if state.key in chosen)
    for level in range(size_class(sum(map(live, states)) + added) + 1):
        alike = [state for state in states if state.key not in chosen and size_class(live(state)) == level]
        merged = total + sum(map(live, alike))
        enough = len(alike) + (size_class(total) == level and total > 0) >= _OF_A_CLASS
        if alike and enough and merged <= _LARGEST_MERGE:
            chosen |= {state.key for state in alike}
            total = merged
    return chosen


def merge(new: NewSegment, folder: Path, states: Sequence[SegmentState]) -> list[SegmentState]:
    """Take the live documents of some old segments into the new one; give the segments that remain."""
    chosen = to_merge(states, new.docnum)
    for state in states:
        if state.key in chosen:
            new.add_live(Segment(folder, state), state.deleted)
    return [state for state in states if state.key not in chosen]
