"""What may have to happen after a commit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutboxTopic(TextChoices):
    """What must happen after a commit."""

    RESPONSE_RECEIVED = "response_received", _("Response received")
    RESPONSE_WITHDRAWN = "response_withdrawn", _("Response withdrawn")
    EMAIL_QUEUED = "email_queued", _("Email queued")


class EmailState(TextChoices):
    """What became of an email."""

    WAITING = "waiting", _("Waiting")
    # A worker has it; one that died with it is followed by another after a while.
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    # Nobody to write to any more, or no reason.
    DROPPED = "dropped", _("No longer needed")
    # For good: there is no such address, or its server wants nothing of it.
    REFUSED = "refused", _("Refused by the recipient's server")
    # Taken at first, and sent back later: `emails.bounces`.
    BOUNCED = "bounced", _("Came back: it could not be delivered")
