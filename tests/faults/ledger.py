"""What people were promised, held against what the database has."""

from __future__ import annotations

from collections.abc import Iterable

from tests.faults.clients import ANSWERS_EACH, Sent
from tests.faults.stack import Stack

STORED = """
    SELECT r.client_token, r.receipt_key::text,
           count(DISTINCT a.id), max(a.text),
           (SELECT count(*) FROM outbox_outboxmessage o
             WHERE (o.payload->>'response_id')::bigint = r.id)
      FROM answering_response r LEFT JOIN answering_answer a ON a.response_id = r.id
     GROUP BY r.id
"""


def faults(stack: Stack, sent: Iterable[Sent]) -> dict[str, int]:
    """How many responses are not as they must be, by what is wrong. All are to be 0."""
    promised = [each for each in sent if each.receipt]
    rows = stack.rows(STORED)
    stored = {row[0]: row for row in rows}
    return {
        "lost": sum(each.token not in stored for each in promised),
        "altered": sum(
            each.token in stored and stored[each.token][3] != each.text for each in promised
        ),
        "with another receipt": sum(
            each.token in stored and stored[each.token][1] not in each.receipt for each in promised
        ),
        "duplicated": len(rows) - len(stored),
        "half-written": sum(row[2] != ANSWERS_EACH for row in rows),
        "without outbox row": sum(row[4] != 1 for row in rows),
        "nobody sent": len(stored.keys() - {each.token for each in sent}),
    }


def none_of(found: dict[str, int]) -> dict[str, int]:
    return dict.fromkeys(found, 0)
