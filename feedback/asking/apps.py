from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AskingConfig(AppConfig):
    """Engagements, their life, their questionnaires."""

    name = "feedback.asking"
    verbose_name = _("Consultations and surveys")
