"""Two hundred workers killed with -9 while they send: no message is lost, and none comes more than twice."""

from __future__ import annotations

import random
from pathlib import Path

from tests.outbox_runs import MESSAGES_A_KILL, kill_at_any_time, kill_while_sending, outbox_run

KILLS = 200


def test_two_hundred_kills(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(20261125)
    with outbox_run(database_url, tmp_path) as run:
        for number in range(KILLS):
            run.put(MESSAGES_A_KILL, named=f"kill{number}-")
            chance.choice((kill_while_sending, kill_at_any_time))(run, chance)
        run.drain()
        run.check(KILLS * MESSAGES_A_KILL)
        copies = run.sink.copies
        print(f"\n{len(copies)} messages, {sum(1 for number in copies.values() if number == 2)} twice; {run.states()}")
