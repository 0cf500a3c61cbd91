from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnsweringConfig(AppConfig):
    """The one door in for responses, and what becomes of them."""

    name = "feedback.answering"
    verbose_name = _("Answers")

    def ready(self) -> None:
        from django.urls import reverse

        from feedback.asking.pages import register_form_finder

        register_form_finder(
            lambda engagement: reverse("answering:answer", args=[engagement.reference_number])
        )
