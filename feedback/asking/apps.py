from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AskingConfig(AppConfig):
    """Engagements, their life, their questionnaires."""

    name = "feedback.asking"
    verbose_name = _("Consultations and surveys")

    def ready(self) -> None:
        from feedback.asking.conditions import register_condition
        from feedback.asking.life import Condition
        from feedback.asking.services.engagements import questionnaire_ready
        from feedback.people.bar import Entry, bar_entry_add

        register_condition(Condition.QUESTIONNAIRE_READY, questionnaire_ready)
        bar_entry_add(Entry(10, "home", _("Engagements"), "asking:home"))
