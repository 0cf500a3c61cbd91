from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """Runs, themes, the review desk."""

    name = "analysis.review"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from analysis.review import waiting
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.table import Action
        from feedback.people.waiting import Kind, waiting_add

        bar_entry_add(Entry(20, "review", _("Review themes"), "review:index", action=Action.SEE))
        waiting_add("themes_to_review", Kind.REVIEW, waiting.themes_to_review)
        waiting_add("themes_late", Kind.LATE, waiting.themes_late)
        waiting_add("runs", Kind.RUNS, waiting.runs)
