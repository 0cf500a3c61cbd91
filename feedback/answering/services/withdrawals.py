"""The one way out for responses: their holders take them back."""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

import time
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from feedback.answering.models import Response
from feedback.answering.references import is_withdrawal_code, normalised_reference
from feedback.answering.services.attempts import attempt_count, attempts_of
from feedback.answering.services.responses import response_announce
from feedback.outbox.enums import OutboxTopic

# After this many wrong codes for one reference, each further try waits twice as long.
FREE_TRIES = 5
LONGEST_WAIT = 60
FORGET_TRIES_AFTER = 15 * 60


class WithdrawalRefused(Exception):
    """No response has this reference together with this code; which of the two is not said."""


class WithdrawalTooSoon(Exception):
    """Too many wrong codes for this reference; try again in ``seconds``. Nobody is locked out."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(str(seconds))


def response_of(*, reference: str, code: str, lock: bool = False) -> Response:
    """The response whose holder shows reference and code, both as people type them.

    Raises ``WithdrawalRefused`` or ``WithdrawalTooSoon``.
    """
    known = normalised_reference(reference)
    if known is None:
        raise WithdrawalRefused
    _refuse_too_soon(known)
    found = Response.objects.select_for_update() if lock else Response.objects.all()
    response = found.filter(reference=known).first()
    # A reference that is not there costs the same computation as one that is.
    matches = is_withdrawal_code(code, response.receipt_key if response else UUID(int=0))
    if response is None or not matches:
        attempt_count(_tries_key(known), forget_after=FORGET_TRIES_AFTER)
        raise WithdrawalRefused
    return response


def response_withdraw(*, reference: str, code: str) -> Response:
    """Delete a response's answers and keep its row as proof.

    Its holder shows reference and code, as for ``response_of``. Doing it twice is harmless.
    """
    with transaction.atomic():
        response = response_of(reference=reference, code=code, lock=True)
        if response.withdrawn_at is None:
            response.answers.all().delete()
            response.withdrawn_at = timezone.now()
            response.content_digest = ""
            response.save(update_fields=["withdrawn_at", "content_digest"])
            response_announce(OutboxTopic.RESPONSE_WITHDRAWN, response)
    return response


def _tries_key(reference: str) -> str:
    return "answering:withdrawal:" + sha256(reference.encode()).hexdigest()


def _refuse_too_soon(reference: str) -> None:
    tries, last = attempts_of(_tries_key(reference), forget_after=FORGET_TRIES_AFTER)
    if tries < FREE_TRIES:
        return
    wait = min(2 ** (tries - FREE_TRIES + 1), LONGEST_WAIT) - (time.time() - last)
    if wait > 0:
        raise WithdrawalTooSoon(seconds=max(1, round(wait)))
