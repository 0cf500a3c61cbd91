"""Emails: one file each, in both languages, plain and HTML; sent through the outbox.

A room queues an email with ids, in the transaction of its cause, and says at start-up who gets it
and what stands in it (`email_kind_add`). A worker looks that up and sends it: exactly once, save
where it dies between the mail server's yes and our row; then once more, with the same Message-ID,
rather than not at all.
"""

from feedback.outbox.emails.registry import Recipient, email_kind_add, kinds
from feedback.outbox.emails.sending import (
    email_queue,
    email_send,
    emails_not_delivered,
    emails_purge,
    emails_send_due,
)
from feedback.outbox.emails.words import Line, Listed, Words, compose

__all__ = [
    "Line",
    "Listed",
    "Recipient",
    "Words",
    "compose",
    "email_kind_add",
    "email_queue",
    "email_send",
    "emails_not_delivered",
    "emails_purge",
    "emails_send_due",
    "kinds",
]
