"""What may have to happen after a commit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutboxTopic(TextChoices):
    """What must happen after a commit."""

    RESPONSE_RECEIVED = "response_received", _("Response received")
    RESPONSE_WITHDRAWN = "response_withdrawn", _("Response withdrawn")
