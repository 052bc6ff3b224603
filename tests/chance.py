"""Chance is the same in every run: tokens, ids and salts come from the name of the test that draws them.

A test that looks for a word in what leaves Waymark would otherwise find it, once in some thousand runs, in a token.
`make proof` draws anew. Processes that a test starts draw their own.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

DRAWN_ANEW = bool(os.environ.get("WAYMARK_PROOF_CASES"))
# A busy machine is no fault of what is tested.
settings.register_profile(
    "at any pace", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=not DRAWN_ANEW
)
settings.load_profile("at any pace")
_of_the_system = os.urandom


def _draw_from(source: object) -> None:
    os.urandom = source  # type: ignore[assignment]
    random._urandom = source  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Draw from the test's name while it is set up, runs and ends."""
    if not DRAWN_ANEW:
        _draw_from(random.Random(item.nodeid).randbytes)
    try:
        return (yield)
    finally:
        _draw_from(_of_the_system)


# Two processes with the same chance would give two things one id.
os.register_at_fork(after_in_child=lambda: _draw_from(_of_the_system))
