"""Emails that came back after the first server had taken them: delivery status notifications.

Which of our emails it was is told by its Message-ID, which nobody knows but us, the recipient and
the servers between (RFC 3464: the original, or its header, is the third part of the report). The
address in a report is not read: whoever forges one could name any. Kept is that the email came
back and the status code, never the report's words, which quote addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Final
from uuid import UUID

import structlog

from feedback.outbox.enums import EmailState
from feedback.outbox.models import Email

log = structlog.stdlib.get_logger("feedback.outbox.bounces")

# Of one report. The header of what was sent stands before its body: what is cut off is not missed.
LONGEST: Final = 256 * 1024
OURS: Final = re.compile(
    r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^<>\s]+>"
)
# RFC 3463: permanent failures.
STATUS: Final = re.compile(r"5\.\d{1,3}\.\d{1,3}")
# What of our emails can come back; one that is waiting was not sent.
SENT: Final = (EmailState.SENT, EmailState.SENDING)


@dataclass(frozen=True, slots=True)
class Bounce:
    """``message_id``: of ours; ``status``: as RFC 3463 has it, or empty."""

    message_id: UUID
    status: str


@dataclass(frozen=True, slots=True)
class Tally:
    """``noted``: emails now known to have come back; ``read``: messages there were."""

    read: int
    noted: int


def bounces_note(messages: Iterable[bytes]) -> Tally:
    """Mark what came back. Reading the same ones again changes nothing."""
    read = noted = 0
    for raw in messages:
        read += 1
        bounce = bounce_in(raw)
        if bounce is not None:
            noted += _note(bounce)
    return Tally(read, noted)


def _note(bounce: Bounce) -> int:
    said = f"came back {bounce.status}".strip()
    noted = Email.objects.filter(message_id=bounce.message_id, state__in=SENT).update(
        state=EmailState.BOUNCED, last_error=said
    )
    if noted:
        kind = Email.objects.values_list("kind", flat=True).get(message_id=bounce.message_id)
        log.warning("email_came_back", kind=kind, status=bounce.status)
    return noted


def bounce_in(raw: bytes) -> Bounce | None:
    """What a message says came back for good; None: it is no such report, or about another's."""
    try:
        report = message_from_bytes(raw[:LONGEST])
        return _bounce(report)
    except RecursionError:
        # Parts in parts in parts: no mail server makes these.
        return None


def _bounce(report: Message) -> Bounce | None:
    if report.get_content_type() != "multipart/report":
        return None
    if str(report.get_param("report-type", "")).lower() != "delivery-status":
        return None
    # Its own three parts: not those of a report that somebody forwards in another.
    parts = _parts(report)
    status = next(_failures(parts), None)
    message_id = next(_ours(parts), None)
    return Bounce(message_id, status) if status is not None and message_id is not None else None


def _parts(message: Message) -> list[Message]:
    inside = message.get_payload()
    return [part for part in inside if isinstance(part, Message)] if inside else []


def _failures(parts: list[Message]) -> Iterator[str]:
    """The status of each recipient for whom it failed; delays and receipts are none."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for recipient in _parts(part):
            if str(recipient.get("Action", "")).strip().lower() == "failed":
                status = STATUS.match(str(recipient.get("Status", "")).strip())
                yield status[0] if status else ""


def _ours(parts: list[Message]) -> Iterator[UUID]:
    """The Message-ID of the email that came back, if it looks like one of ours."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            original = _parts(part)[0]
        elif kind == "text/rfc822-headers":
            header = part.get_payload(decode=True)
            original = message_from_bytes(header if isinstance(header, bytes) else b"")
        else:
            continue
        found = OURS.fullmatch(str(original.get("Message-ID", "")).strip().lower())
        if found:
            yield UUID(found[1])
