from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What was heard, and the numbers it stands on."""

    name = "cms.reporting"
    verbose_name = _("Reports")
