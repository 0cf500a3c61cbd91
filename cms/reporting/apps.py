from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    """What was heard, and the numbers it stands on."""

    name = "cms.reporting"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from cms.publishing.signals import pair_published
        from cms.reporting import forms, selectors, services
        from cms.reporting.models import FindingsPage

        FindingsPage.base_form_class = forms.FindingsPageForm
        FindingsPage.shown = {"findings": selectors.findings_view}
        pair_published.connect(
            services.report_published, sender=FindingsPage, dispatch_uid="reporting.outcome"
        )
