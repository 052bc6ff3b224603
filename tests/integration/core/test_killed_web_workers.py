"""Web workers killed with -9 while they write: no change that was acknowledged is lost (`make proof` kills 200)."""

from __future__ import annotations

import random
from pathlib import Path

from tests.web_kills import under_fire


def test_some_kills(database_url: str, tmp_path: Path) -> None:
    with under_fire(database_url, tmp_path) as fire:
        fire.kill_workers(5, random.Random(20261126))
        fire.check()
