"""Two hundred web workers killed with -9 while they write: no change that was acknowledged is lost."""

from __future__ import annotations

import random
from pathlib import Path

from tests.web_kills import under_fire

KILLS = 200


def test_two_hundred_kills(database_url: str, tmp_path: Path) -> None:
    with under_fire(database_url, tmp_path) as fire:
        fire.kill_workers(KILLS, random.Random(20261126))
        fire.check()
        print(f"\n{len(fire.acknowledged)} changes acknowledged, {fire.failures} cut off")
