"""Run as a program, in a mount namespace of its own where there is one: the disk is full.

``full_disk.py HOME tmpfs`` puts everything on a small disk in memory and fills it to the last
byte; ``full_disk.py HOME injected`` lets the database say that its disk is full, where nobody may
mount anything. Prints what was found as one line of JSON.
"""

from __future__ import annotations

import contextlib
import html
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.faults.clients import Sent, send_once, submission
from tests.faults.ledger import faults
from tests.faults.stack import Stack

SIZE = "240m"
# Until so many in a row were refused: PostgreSQL has a little room left in its own files.
REFUSED_IN_A_ROW = 20
MOST = 5000

INJECT = """
    CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON outbox_outboxmessage
       FOR EACH ROW EXECUTE FUNCTION disk_is_full();
"""
HEAL = "DROP TRIGGER full_disk ON outbox_outboxmessage; DROP FUNCTION disk_is_full();"


@contextlib.contextmanager
def filled(home: Path) -> Iterator[None]:
    """Not a byte is left for anybody: database, broker, logs."""
    ballast = home / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def injected(stack: Stack) -> Iterator[None]:
    stack.execute(INJECT)
    try:
        yield
    finally:
        stack.execute(HEAL)


def scenario(home: Path, *, is_real: bool) -> dict[str, object]:
    chance = random.Random(11)
    with Stack(home) as stack:
        sent: list[Sent] = [submission(chance) for _ in range(5)]
        before = [send_once(stack, each) for each in sent]
        refused: list[Sent] = []
        with filled(home) if is_real else injected(stack):
            while len(refused) < REFUSED_IN_A_ROW and len(sent) < MOST:
                each = submission(chance)
                sent.append(each)
                if send_once(stack, each):
                    refused.clear()
                else:
                    refused.append(each)
            given_back = [
                html.escape(each.text) in html.escape(html.unescape(each.body)) for each in refused
            ]
            statuses = sorted({status for each in refused for status in each.replies})
        for each in refused:
            stack.wait(lambda each=each: send_once(stack, each), "not taken again")
        return {
            "before": before,
            "refused": len(refused),
            "statuses": statuses,
            "given_back": given_back,
            "taken_again": sum(bool(each.receipt) for each in refused),
            "faults": faults(stack, sent),
        }


def main(home: Path, how: str) -> int:
    if how == "tmpfs":
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "none", str(home)]
        subprocess.run(mount, check=True)
    sys.stdout.write(json.dumps(scenario(home, is_real=how == "tmpfs")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
