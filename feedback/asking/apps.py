from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AskingConfig(AppConfig):
    """Engagements, their life, their questionnaires."""

    name = "feedback.asking"
    verbose_name = _("Consultations and surveys")

    def ready(self) -> None:
        from django.db.models.signals import post_save, pre_delete

        from feedback.approval.reviewed import reviewed_add
        from feedback.asking import audited, waiting
        from feedback.asking.conditions import register_condition
        from feedback.asking.life import Condition
        from feedback.asking.models import Engagement
        from feedback.asking.reviewed import ReviewedEngagement
        from feedback.asking.services.engagements import (
            questionnaire_ready,
            review_begun,
            review_over,
        )
        from feedback.audit.enums import Act
        from feedback.audit.wording import register_reading, register_value
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.table import Action
        from feedback.people.waiting import Kind, waiting_add

        register_condition(Condition.QUESTIONNAIRE_READY, questionnaire_ready)
        register_condition(Condition.REVIEW_BEGUN, review_begun)
        register_condition(Condition.REVIEW_OVER, review_over)
        reviewed_add(Engagement, ReviewedEngagement())
        for act in (Act.ENGAGEMENT_BEGUN, Act.ENGAGEMENT_CHANGED, Act.ENGAGEMENT_DELETED):
            register_reading(act, audited.change_said)
        register_value("status", audited.status_said)
        post_save.connect(
            audited.engagement_saved, sender=Engagement, dispatch_uid="asking.audited.saved"
        )
        pre_delete.connect(
            audited.engagement_deleted, sender=Engagement, dispatch_uid="asking.audited.deleted"
        )
        bar_entry_add(
            Entry(
                10,
                "engagements",
                _("Engagements"),
                "asking:home",
                action=Action.SEE,
                screens=("engagements:", "questionnaires:"),
            )
        )
        waiting_add("closes_soon", Kind.CLOSES_SOON, waiting.closes_soon)
        waiting_add("outcome_late", Kind.LATE, waiting.outcome_late)
