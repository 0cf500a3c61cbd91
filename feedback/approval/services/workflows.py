"""Each department has a workflow: a check of the translation, then approval."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import override
from wagtail.models import WorkflowTask

from feedback.approval.enums import Step
from feedback.approval.models import DepartmentTask, DepartmentWorkflow
from feedback.bilingual import Language
from feedback.people.models import Department

# How long Wagtail lets the names of workflows and tasks be.
NAME_LENGTH = 255


@transaction.atomic
def department_workflow_ensure(*, department: Department) -> DepartmentWorkflow:
    """The workflow of a department, made or put right again; safe to repeat.

    Wagtail keeps one name of it, so that says both languages.
    """
    name = f"{department.name_en} / {department.name_fr}"[:NAME_LENGTH]
    workflow: DepartmentWorkflow = DepartmentWorkflow.objects.get_or_create(
        department=department, defaults={"name": name}
    )[0]
    if workflow.name != name or not workflow.active:
        workflow.name, workflow.active = name, True
        workflow.save(update_fields=["name", "active"])
    for order, step in enumerate(Step):
        task, _made = DepartmentTask.objects.get_or_create(
            department=department, step=step, defaults={"name": _in_both(step)}
        )
        if not task.active:
            task.active = True
            task.save(update_fields=["active"])
        WorkflowTask.objects.update_or_create(
            workflow=workflow.workflow_ptr, task=task.task_ptr, defaults={"sort_order": order}
        )
    return workflow


def _in_both(step: Step) -> str:
    labels = []
    for language in Language.values:
        with override(language):
            labels.append(str(step.label))
    return " / ".join(labels)


def department_saved(sender: Any, instance: Department, raw: bool = False, **kwargs: Any) -> None:
    """post_save of Department: it has a workflow, called as it is."""
    if not raw:
        department_workflow_ensure(department=instance)
