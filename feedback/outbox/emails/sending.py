"""Queueing an email, and sending it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.outbox.emails.registry import kinds
from feedback.outbox.emails.words import compose
from feedback.outbox.enums import EmailState, OutboxTopic
from feedback.outbox.models import Email, OutboxMessage

log = structlog.stdlib.get_logger("feedback.outbox.emails")

# Longer than sending one may take: a worker that has it still is dead.
TAKEN_FOR: Final = timedelta(minutes=5)
OPEN: Final = (EmailState.WAITING, EmailState.SENDING)
NOT_DELIVERED: Final = (EmailState.REFUSED, EmailState.BOUNCED)


@transaction.atomic
def email_queue(kind: str, about: Mapping[str, Any]) -> Email:
    """In the transaction of its cause. ``about``: ids, never words or addresses."""
    if kind not in kinds:
        raise ValueError(f"No email is called {kind!r}")
    email = Email.objects.create(kind=kind, about=dict(about))
    OutboxMessage.objects.create(topic=OutboxTopic.EMAIL_QUEUED, payload={"email_id": email.pk})
    return email


def email_send(*, email_id: int) -> None:
    """Send it, if nobody did and nobody is at it. Harmless when repeated."""
    now = timezone.now()
    taken = Email.objects.filter(pk=email_id, state__in=OPEN, due_at__lte=now).update(
        state=EmailState.SENDING, due_at=now + TAKEN_FOR, attempts=F("attempts") + 1
    )
    if not taken:
        return
    email = Email.objects.get(pk=email_id)
    if not settings.CONSULT_EMAIL_ENABLED:
        _later(email, "EMAIL_URL is not set")
        return
    kind = kinds[email.kind]
    recipient = kind.lookup(email.about)
    if recipient is None:
        _end(email, EmailState.DROPPED)
        return
    host = urlsplit(settings.CONSULT_BASE_URL).hostname or "localhost"
    try:
        compose(kind.words, recipient, message_id=f"<{email.message_id}@{host}>").send()
    except (SMTPResponseException, SMTPRecipientsRefused, OSError) as error:
        _failed(email, error)
    else:
        _end(email, EmailState.SENT)


def emails_send_due(*, limit: int = 200) -> int:
    """Those that could not be sent before, and those a worker died with. Returns how many."""
    due = Email.objects.filter(state__in=OPEN, due_at__lte=timezone.now())
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:limit])
    for email_id in ids:
        email_send(email_id=email_id)
    return len(ids)


def emails_not_delivered(kind: str, name: str, ids: Iterable[int]) -> dict[int, str]:
    """What became of the newest email about each, where that is that nobody got it: in words, by
    id. ``name``: under which an email of this kind keeps the id."""
    emails = Email.objects.filter(kind=kind, **{f"about__{name}__in": list(ids)}).order_by("pk")
    newest = {email.about[name]: EmailState(email.state) for email in emails}
    return {pk: str(state.label) for pk, state in newest.items() if state in NOT_DELIVERED}


def emails_purge() -> int:
    """Delete what was made more than CONSULT_OUTBOX_DAYS ago, sent or not: its link is long no
    longer good. Returns how many."""
    oldest = timezone.now() - timedelta(days=settings.CONSULT_OUTBOX_DAYS)
    deleted, _ = Email.objects.filter(created_at__lt=oldest).delete()
    return deleted


def _end(email: Email, state: EmailState, error: str = "") -> None:
    email.state, email.last_error = state, error
    email.sent_at = timezone.now() if state == EmailState.SENT else None
    email.save(update_fields=["state", "last_error", "sent_at"])


def _failed(email: Email, error: Exception) -> None:
    # The server's words quote the address; its code does not.
    codes = (
        [code for code, _words in error.recipients.values()]
        if isinstance(error, SMTPRecipientsRefused)
        else [error.smtp_code]
        if isinstance(error, SMTPResponseException)
        else []
    )
    said = " ".join([type(error).__name__, *map(str, codes)])
    log.warning("email_not_sent", kind=email.kind, email=email.pk, error=said)
    if isinstance(error, SMTPRecipientsRefused) and all(code >= 500 for code in codes):
        _end(email, EmailState.REFUSED, said)
    else:
        _later(email, said)


def _later(email: Email, why: str) -> None:
    """Again after 1, 2, 4, … minutes, an hour at most."""
    wait = timedelta(minutes=min(2 ** (email.attempts - 1), 60))
    email.state, email.last_error = EmailState.WAITING, why[:200]
    email.due_at = timezone.now() + wait
    email.save(update_fields=["state", "last_error", "due_at"])
