from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """Runs, themes, the review desk."""

    name = "analysis.review"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.table import Action

        bar_entry_add(Entry(20, "review", _("Review themes"), "review:index", action=Action.SEE))
