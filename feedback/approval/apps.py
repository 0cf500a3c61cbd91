from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprovalConfig(AppConfig):
    """The way to the public: author, translator, approver."""

    name = "feedback.approval"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        from django.db.models.signals import post_save
        from wagtail import signals
        from wagtail.models import TaskState, WorkflowState

        from feedback.approval import emails, receivers, waiting
        from feedback.approval.services.workflows import department_saved
        from feedback.outbox.emails import email_kind_add, review_approved
        from feedback.people.models import Department
        from feedback.people.waiting import Kind, waiting_add

        # Wagtail would write to people by itself, outside of the transaction and of the outbox.
        # A receiver of the same name and sender takes the place of its own.
        for signal, sender, name in (
            (signals.task_submitted, TaskState, "group_approval_task_submitted"),
            (signals.workflow_submitted, WorkflowState, "workflow_state_submitted"),
            (signals.workflow_rejected, WorkflowState, "workflow_state_rejected"),
            (signals.workflow_approved, WorkflowState, "workflow_state_approved"),
        ):
            signal.connect(
                receivers.no_email_of_wagtails,
                sender=sender,
                dispatch_uid=f"{name}_email_notification",
            )
        post_save.connect(
            department_saved, sender=Department, dispatch_uid="approval.workflows.department"
        )
        signals.task_submitted.connect(receivers.task_waits, dispatch_uid="approval.waits")
        signals.task_approved.connect(receivers.task_agreed, dispatch_uid="approval.agreed")
        signals.task_rejected.connect(receivers.task_refused, dispatch_uid="approval.refused")
        signals.workflow_approved.connect(
            receivers.review_approved, sender=WorkflowState, dispatch_uid="approval.approved"
        )
        signals.workflow_cancelled.connect(
            receivers.review_cancelled, sender=WorkflowState, dispatch_uid="approval.cancelled"
        )
        email_kind_add("review_approved", review_approved.WORDS, emails.approved_lookup)
        waiting_add("reviews_to_approve", Kind.APPROVE, waiting.to_approve)
        waiting_add("reviews_to_translate", Kind.TRANSLATE, waiting.to_translate)
        waiting_add("reviews_returned", Kind.RETURNED, waiting.returned)
