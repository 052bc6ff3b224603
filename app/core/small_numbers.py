"""Small numbers are not shown, nor what would let somebody work them out.

Counts from 1 to 7 are hidden, as NHS England hides them in its published hospital statistics. A table that shows its
total gives a single hidden line away, and so do several hidden lines that are very few together; more lines are then
hidden beside them, the smallest first (secondary suppression), until each could still be anything from 1 to 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LARGEST_HIDDEN = 7
# Where counts of several pages could be held against each other, what is shown is rounded to this too.
STEP = 5
# A share or a mean of fewer is not told.
FEWEST_FOR_A_RATE = 10


def is_small(count: int) -> bool:
    """Whether a count is too small to be shown. Nothing is nobody, and may be told."""
    return 0 < count <= LARGEST_HIDDEN


def shown(count: int) -> int | None:
    """A count that stands by itself; None where it is too small."""
    return None if is_small(count) else count


def hidden_lines(rows: Sequence[Sequence[int]]) -> frozenset[int] | None:
    """Which lines of a table with a total are hidden, all their columns together; None where no line can be shown.

    Lines may overlap or not: they are treated as if they made up the total, which is the stricter of the two.
    """
    hidden = {at for at, row in enumerate(rows) if any(is_small(count) for count in row)}
    if not hidden:
        return frozenset()
    by_size = iter(sorted(set(range(len(rows))) - hidden, key=lambda at: (sum(rows[at]), at)))
    while not _is_safe([rows[at] for at in hidden]):
        another = next(by_size, None)
        if another is None:
            return None
        hidden.add(another)
    return frozenset(hidden)


def _is_safe(rows: Sequence[Sequence[int]]) -> bool:
    """Whether each of these lines could be anything from 1 to 7, for who knows their sum in every column."""
    return len(rows) > 1 and all(_leaves_room(column) for column in zip(*rows, strict=True))


def _leaves_room(column: Iterable[int]) -> bool:
    counts = list(column)
    return sum(counts) - (len(counts) - 1) >= LARGEST_HIDDEN


def told(count: int) -> int | None:
    """A count hidden where it is small, and rounded where it is not."""
    return None if is_small(count) else nearest(count, STEP)


def nearest(count: int, step: int) -> int:
    """A number rounded to a step."""
    return (count + step // 2) // step * step


def told_parts(parts: Sequence[int]) -> list[int | None]:
    """The parts of a total that is told too: of those that are hidden none can be worked out."""
    hidden = hidden_lines([[part] for part in parts])
    if hidden is None:
        return [None] * len(parts)
    return [None if at in hidden else told(part) for at, part in enumerate(parts)]


def told_share(part: int, total: int) -> int | None:
    """A share in whole per cent; None where there are too few, or where the part itself is hidden."""
    if total < FEWEST_FOR_A_RATE or is_small(part):
        return None
    return round(100 * part / total)


def told_over(total: int, parts: Sequence[int | None], *, adds_up: bool = True) -> int | None:
    """A count over a longer time, beside what was told of the times that make it up; None where it is hidden.

    It is rounded to the nearest step from which each hidden part could still be anything from 1 to 7, for who takes
    the other parts away: mostly the usual one, and never more than 8 from the count. Parts that do not add up, as
    somebody can be in several, are together no less than the total: then only the least is asked about.
    """
    usual = told(total)
    if usual is None or None not in parts:
        return usual
    shown = [part for part in parts if part]
    hidden = len(parts) - parts.count(0) - len(shown)
    blur = STEP // 2 * len(shown)
    if total - sum(shown) - blur > LARGEST_HIDDEN * hidden:
        return usual  # One that is hidden only beside others: it is not small, and may be known not to be.

    def is_open(step: int) -> bool:
        rest, room = step - sum(shown), blur + STEP // 2
        least, most = rest - room - LARGEST_HIDDEN * (hidden - 1), rest + room - (hidden - 1)
        return least <= 1 and (most >= LARGEST_HIDDEN or not adds_up)

    steps = range(2 * STEP, usual + 3 * STEP, STEP)
    return next(filter(is_open, sorted(steps, key=lambda step: (abs(step - total), step))), None)
