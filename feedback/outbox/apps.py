from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """What must happen after a commit."""

    name = "feedback.outbox"
    verbose_name = _("Outbox")
