"""Whatever is killed, and whenever: what was acknowledged is there, once, whole, and worked on."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.faults.clients import Crowd
from tests.faults.ledger import faults, none_of
from tests.faults.stack import PARTS, Stack

KILLS = 14


@pytest.mark.parametrize("seed", [20261128, 7])
def test_what_was_acknowledged_survives_the_death_of_any_process(stack_home: Path, seed: int):
    chance = random.Random(seed)
    # Each part whole, and single processes of those that have many.
    plan = [*((name, True) for name in PARTS), ("web", False), ("database", False)] * (KILLS // 7)
    chance.shuffle(plan)
    with Stack(stack_home) as stack, Crowd(stack, people=6, seed=seed) as crowd:
        durable = dict(stack.rows("SELECT name, setting FROM pg_settings"))
        assert {durable[name] for name in ("fsync", "full_page_writes", "synchronous_commit")} == {
            "on"
        }
        for name, whole in plan:
            until = time.monotonic() + chance.uniform(0.5, 2.5)
            stack.wait(lambda until=until: time.monotonic() > until, "never")
            if whole:
                stack.kill(name)
            else:
                stack.kill_one(name, chance)
        crowd.go_home()
        stack.wait(crowd.is_home, "people still wait for a receipt", seconds=120)

        assert all(each.receipt for each in crowd.sent)
        assert len(crowd.sent) > 50
        assert max(each.tries for each in crowd.sent) > 1, "nobody noticed a death"
        found = faults(stack, crowd.sent)
        assert found == none_of(found)
        # And what must follow a response follows: outbox, broker, clock and worker are back.
        stack.wait(lambda: stack.rows(WAITING) == [(0,)], "the outbox is not emptied", seconds=90)
        stack.wait(
            lambda: stack.rows(COUNTED) == [(len(crowd.sent),)],
            f"{len(crowd.sent)} responses are not counted",
            seconds=60,
        )


WAITING = "SELECT count(*) FROM outbox_outboxmessage WHERE relayed_at IS NULL"
COUNTED = "SELECT coalesce(sum(count), 0)::int FROM asking_engagementtally"
