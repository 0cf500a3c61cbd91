"""The workflow of each department: rows of Wagtail's, with the department they belong to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState, Workflow, WorkflowState

from feedback.approval.enums import Step
from feedback.approval.people import approvers_beside, may_do, people_for
from feedback.approval.refusals import CommentMissing, MovedOn, OwnWords
from feedback.approval.reviewed import kind_of
from feedback.approval.wording import in_review_said, names_of, own_words_said
from feedback.people.models import Department
from feedback.people.permissions import held_anew

# What Wagtail calls a person's answer, and its button.
APPROVE, REJECT = "approve", "reject"


class DepartmentWorkflow(Workflow):  # type: ignore[misc]
    """The way of a department's things to the public: made with the department, one for each."""

    department = models.OneToOneField(
        Department,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=gettext_lazy("department"),
    )

    class Meta:
        verbose_name = gettext_lazy("workflow of a department")
        verbose_name_plural = gettext_lazy("workflows of departments")


class ReviewLock(WorkflowLock):  # type: ignore[misc]
    """While somebody reads, nobody else writes; it is said who has it, and how to get it back."""

    def get_message(self, user: Any) -> str | None:
        if not self.for_user(user):
            return None
        kind = kind_of(self.object)
        thing = kind.leading(self.object)
        said = in_review_said(self.task.step, names_of(people_for(thing, self.task.step)))
        return format_html('{} <a href="{}">{}</a>', said, kind.address(thing), _("The review"))

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return _("In review")

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return str(Step(self.task.step).label)


class DepartmentTask(Task):  # type: ignore[misc]
    """One step of a department's workflow. Who does it, the table says (`feedback.people.table`):
    no list of people or groups is kept here."""

    department = models.ForeignKey(
        Department,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=gettext_lazy("department"),
    )
    step = models.CharField(gettext_lazy("step"), max_length=20, choices=Step.choices)

    lock_class = ReviewLock
    admin_form_fields: ClassVar[list[str]] = ["name", "department", "step"]
    admin_form_readonly_on_edit_fields: ClassVar[list[str]] = ["name", "department", "step"]

    class Meta:
        verbose_name = gettext_lazy("step of a department")
        verbose_name_plural = gettext_lazy("steps of departments")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "step"], name="one_task_for_a_step_of_a_department"
            ),
        ]

    @classmethod
    def get_description(cls) -> str:
        return _("Done by whoever holds the role for it in the department")

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """A check of the translation that nobody in the department could do is passed over:
        whoever sent it was told. An approval waits, for administrators if need be."""
        thing = workflow_state.content_object
        thing = kind_of(thing).leading(thing)
        if self.step == Step.TRANSLATE and not people_for(thing, Step.TRANSLATE).exists():
            return TaskState.objects.create(
                workflow_state=workflow_state,
                revision=thing.get_latest_revision(),
                task=self.task_ptr,
                status=TaskState.STATUS_SKIPPED,
                finished_at=timezone.now(),
            )
        return super().start(workflow_state, user=user)

    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, comment: str = "", **more: Any
    ) -> None:
        """A person's answer, from whichever screen. The first of two counts; the other is told."""
        thing = task_state.workflow_state.content_object
        thing = kind_of(thing).hold(kind_of(thing).leading(thing))
        # It may have waited for somebody who took the role away.
        held_anew(user)
        state = WorkflowState.objects.select_for_update().get(pk=task_state.workflow_state_id)
        if (
            state.current_task_state_id != task_state.pk
            or state.status != WorkflowState.STATUS_IN_PROGRESS
        ):
            raise MovedOn(_("Somebody else has decided meanwhile. Nothing was done."))
        if action_name not in (APPROVE, REJECT) or not may_do(user, thing, Step(self.step)):
            raise PermissionDenied
        if action_name == REJECT and not comment.strip():
            raise CommentMissing(_("Write what is to be changed."))
        if action_name == APPROVE and self.step == Step.APPROVE:
            others = approvers_beside(user, thing)
            if others:
                raise OwnWords(own_words_said(names_of(others)))
        # What Wagtail was given may be older than what is held.
        fresh = TaskState.objects.select_related("workflow_state").get(pk=task_state.pk)
        super().on_action(fresh, user, action_name, comment=comment.strip(), **more)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not may_do(user, kind_of(obj).leading(obj), Step(self.step))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not may_do(user, kind_of(obj).leading(obj), Step(self.step)):
            return []
        agree = _("Approve") if self.step == Step.APPROVE else _("Both languages say the same")
        return [(REJECT, _("Ask for changes"), True), (APPROVE, agree, False)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Those that wait for this step, of things on which the person may do it."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related(
            "workflow_state"
        )
        mine = [
            state.pk
            for state in waiting
            if (thing := state.workflow_state.content_object) is not None
            and may_do(user, kind_of(thing).leading(thing), Step(self.step))
        ]
        return TaskState.objects.filter(pk__in=mine)
