"""How much work something is, told alike by a fast machine and by a busy one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType

# What bad input may cost at most. It takes a tenth of this on a slow machine, so that only what runs away is caught.
LONGEST_SECONDS = 0.2


def calls(task: Callable[[], object]) -> int:
    """How many functions, of Python and of C, a task calls. Measure nothing whose work hides inside one of C."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        task()
    finally:
        sys.setprofile(before)
    return counted


def busy_seconds(task: Callable[[], object]) -> float:
    """The processor time that this thread spends on a task. What other programs do meanwhile is not in it."""
    started = time.thread_time()
    task()
    return time.thread_time() - started
