"""Cutting lists into pages."""

from __future__ import annotations

from dataclasses import dataclass

MAX_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is shown. `number` starts at 1; of a list that `goes_on` nobody counted what follows."""

    number: int
    size: int
    total: int
    goes_on: bool = False

    @property
    def count(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return (self.number - 1) * self.size

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.count

    def window(self) -> list[int | None]:
        """Page numbers to link to; None stands for a gap."""
        near = {1, self.count, *range(self.number - 1, self.number + 2)}
        shown = sorted(page for page in near if 1 <= page <= self.count)
        window: list[int | None] = []
        for page in shown:
            if window and window[-1] is not None and page - window[-1] > 1:
                window.append(None)
            window.append(page)
        return window


def page_number(text: str | None) -> int:
    """Read a page number as typed into an address; whatever is not one is page 1."""
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return 1
    return min(max(1, int(digits)), MAX_PAGE)
