from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnsweringConfig(AppConfig):
    """The one door in for responses, and what becomes of them."""

    name = "feedback.answering"
    verbose_name = _("Answers")
