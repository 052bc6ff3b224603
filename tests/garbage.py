"""The garbage collector looks at what is new, and passes over what tests keep: modules, compiled routes and statements.

Those are over a million objects. To go through all of them again and again took a fifth of the time of the tests.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

# So many new objects before it looks: an application is made and gone within a test.
NEW_OBJECTS = 100_000
# What is imported stays, and there is nothing to collect.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Set aside what has been imported and collected."""
    gc.set_threshold(NEW_OBJECTS, 10, 10)
    gc.enable()
    set_aside()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the last test of a file, set aside what stays."""
    yield
    if nextitem is None or nextitem.path != item.path:
        set_aside()


def set_aside() -> None:
    """Collect what is garbage by now, and look at the rest no more."""
    gc.collect()
    gc.freeze()
