from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """Runs, themes, the review desk."""

    name = "analysis.review"
    verbose_name = _("Analysis")
