"""What follows from an answer, whichever screen it came from: Wagtail's signals tell of it."""

from __future__ import annotations

from typing import Any

from wagtail.models import TaskState, WorkflowState

from feedback.approval.emails import approved_queue, returned_told, task_told
from feedback.approval.enums import Step
from feedback.approval.reviewed import kind_of
from feedback.audit.enums import Act

# What the audit log calls a yes.
AGREED = {Step.TRANSLATE: Act.REVIEW_TRANSLATED, Step.APPROVE: Act.REVIEW_APPROVED}


def no_email_of_wagtails(sender: Any, **kwargs: Any) -> None:
    """Stands where Wagtail would connect the sending of its own emails."""


def task_waits(sender: Any, instance: TaskState, **kwargs: Any) -> None:
    """task_submitted."""
    if (step := step_of(instance)) is not None:
        task_told(instance, thing_of(instance.workflow_state), step)


def task_agreed(sender: Any, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """task_approved."""
    if (step := step_of(instance)) is not None:
        _record(AGREED[step], instance, user)


def task_refused(sender: Any, instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    """task_rejected: changes were asked for."""
    if step_of(instance) is None:
        return
    thing = thing_of(instance.workflow_state)
    kind_of(thing).ended(thing, user, instance.comment)
    _record(Act.REVIEW_RETURNED, instance, user)
    returned_told(instance.workflow_state, thing)


def review_approved(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    """workflow_approved."""
    if is_ours(instance):
        approved_queue(instance)


def review_cancelled(sender: Any, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    """workflow_cancelled: taken back, or its workflow was switched off."""
    if is_ours(instance):
        thing = thing_of(instance)
        kind_of(thing).ended(thing, user, "")
        kind_of(thing).record(Act.REVIEW_TAKEN_BACK, thing, user, {})


def _record(act: Act, task_state: TaskState, user: Any) -> None:
    thing = thing_of(task_state.workflow_state)
    said = {"comment": task_state.comment} if task_state.comment else {}
    kind_of(thing).record(act, thing, user, said)


def thing_of(state: WorkflowState) -> Any:
    thing = state.content_object
    return kind_of(thing).leading(thing)


def step_of(task_state: TaskState) -> Step | None:
    """None: a step of a workflow that is no department's."""
    step = getattr(task_state.task.specific, "step", None)
    return Step(step) if step is not None else None


def is_ours(state: WorkflowState) -> bool:
    return hasattr(state.workflow, "departmentworkflow")
