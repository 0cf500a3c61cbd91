"""A broker that does not answer, or is gone: people send as ever, and the work is done later."""

from __future__ import annotations

import http.client
import random
from pathlib import Path

from tests.faults.clients import send_once, submission
from tests.faults.ledger import faults, none_of
from tests.faults.stack import Stack
from tests.faults.test_kills import COUNTED, WAITING


def receipt_status(stack: Stack, receipt: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=20)
    try:
        connection.request("GET", receipt, headers={"Host": f"localhost:{stack.port}"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_broker_that_hangs_or_is_gone_keeps_nobody_from_sending(stack_home: Path):
    chance = random.Random(3)
    with Stack(stack_home) as stack:
        sent = [submission(chance) for _ in range(30)]
        with stack.hang("broker"):
            assert all(send_once(stack, each) for each in sent[:15])
            assert receipt_status(stack, sent[0].receipt) == 200
        stack.kill("broker")
        assert all(send_once(stack, each) for each in sent[15:])
        assert receipt_status(stack, sent[15].receipt) == 200
        found = faults(stack, sent)
        assert found == none_of(found)
        stack.wait(lambda: stack.rows(WAITING) == [(0,)], "the outbox is not emptied", seconds=90)
        stack.wait(lambda: stack.rows(COUNTED) == [(30,)], "not all are counted")
