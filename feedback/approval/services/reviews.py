"""Sending a thing for review, answering, taking it back.

Each is one transaction in which the thing is held: the first of two people counts, and the other is
told. What follows from it (emails, the audit log, the thing's own state) hangs on Wagtail's signals
(`feedback.approval.receivers`), so that it follows from every way there is to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import TaskState, WorkflowState

from feedback.approval.enums import Deed, Step
from feedback.approval.models import APPROVE, REJECT, DepartmentTask
from feedback.approval.people import may_do, may_send, people_for
from feedback.approval.refusals import ChangedMeanwhile, MovedOn, NobodyApproves
from feedback.approval.reviewed import kind_of
from feedback.approval.services.workflows import department_workflow_ensure
from feedback.approval.wording import nobody_approves_said
from feedback.audit.enums import Act
from feedback.people.models import User
from feedback.people.permissions import held_anew


@transaction.atomic
def review_send(*, thing: Any, actor: User, words_read: str | None = None) -> WorkflowState:
    """Send both languages for review, or again after changes were asked for.

    It begins with the first step whoever asked for the changes: the words are others now.
    ``words_read``: what the person had on the screen (`Reviewed.words`). Raises a kind of
    ``ReviewRefused``, ``PermissionDenied``, and what the thing's room says against it.
    """
    kind = kind_of(thing)
    thing = kind.hold(thing)
    held_anew(actor)
    if not may_send(actor, thing):
        raise PermissionDenied
    state = WorkflowState.objects.active().for_instance(thing).select_for_update().first()
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise MovedOn(_("It has been sent for review already."))
    _require_words(thing, words_read)
    department = kind.scope(thing).department
    if department is None or not people_for(thing, Step.APPROVE).exists():
        raise NobodyApproves(nobody_approves_said(department) if department else "")
    kind.keep(thing, actor)
    workflow = department_workflow_ensure(department=department).workflow_ptr
    if state is None:
        state = workflow.start(thing, actor)
    else:
        _again(state, thing, actor)
    kind.sent(thing, actor)
    kind.record(Act.REVIEW_SENT, thing, actor, {})
    return state


def _again(state: WorkflowState, thing: Any, actor: User) -> None:
    """As Wagtail's ``resume``, which would begin with the step that asked for changes."""
    first = DepartmentTask.objects.get(department__pk=_department(state), step=Step.TRANSLATE)
    state.current_task_state = None
    state.status = WorkflowState.STATUS_IN_PROGRESS
    state.requested_by = actor
    state.save()
    log(
        instance=thing,
        action="wagtail.workflow.resume",
        data={
            "workflow": {
                "id": state.workflow_id,
                "title": state.workflow.name,
                "status": state.status,
                "task": {"id": first.pk, "title": first.name},
            }
        },
        revision=thing.get_latest_revision(),
        user=actor,
    )
    state.update(user=actor, next_task=first.task_ptr)


def _department(state: WorkflowState) -> int:
    return int(state.workflow.departmentworkflow.department_id)


@transaction.atomic
def review_agree(
    *, thing: Any, task_state_id: int, actor: User, words_read: str | None = None, comment: str = ""
) -> None:
    """Say yes in the step that the person saw: that both languages say the same, or to the public.

    The last yes does what the thing is reviewed for. What keeps it from that is raised, and the
    review stays where it was.
    """
    thing, task_state = _step_held(thing, task_state_id)
    _require_words(thing, words_read)
    task_state.task.specific.on_action(task_state, actor, APPROVE, comment=comment)


@transaction.atomic
def review_ask(*, thing: Any, task_state_id: int, actor: User, comment: str) -> None:
    """Ask for changes, and say which: the thing is its authors' again."""
    _thing, task_state = _step_held(thing, task_state_id)
    task_state.task.specific.on_action(task_state, actor, REJECT, comment=comment)


@transaction.atomic
def review_take_back(*, thing: Any, actor: User) -> None:
    """Out of review, by whoever may send it: it is its authors' again."""
    thing = kind_of(thing).hold(thing)
    held_anew(actor)
    if not may_send(actor, thing):
        raise PermissionDenied
    review_end(thing=thing, actor=actor)


def review_act(*, thing: Any, actor: User, form: Mapping[str, str]) -> Deed:
    """Do what a form of ``approval/review.html`` asks for, and say what it was.

    Raises as the services do; ``PermissionDenied`` for a deed there is not.
    """
    deed, step = form.get("deed", ""), form.get("step", "")
    number = form.get("task_state", "")
    seen = int(number) if number.isdecimal() and len(number) < 10 else 0
    words, comment = form.get("words", ""), form.get("comment", "")
    if deed in (Deed.AGREE, Deed.ASK):
        if step not in Step.values or not may_do(actor, thing, Step(step)):
            raise PermissionDenied
        if deed == Deed.AGREE:
            review_agree(
                thing=thing, task_state_id=seen, actor=actor, words_read=words, comment=comment
            )
        else:
            review_ask(thing=thing, task_state_id=seen, actor=actor, comment=comment)
    elif deed == Deed.SEND:
        review_send(thing=thing, actor=actor, words_read=words)
    elif deed == Deed.TAKE_BACK:
        review_take_back(thing=thing, actor=actor)
    else:
        raise PermissionDenied
    return Deed(deed)


def review_end(*, thing: Any, actor: Any) -> None:
    """Cancel what is under way, whoever asks; nothing under way: ``MovedOn``. In a transaction."""
    state = WorkflowState.objects.active().for_instance(thing).select_for_update().first()
    if state is None:
        raise MovedOn(_("It is no longer in review. Nothing was done."))
    state.cancel(user=actor)


def _step_held(thing: Any, task_state_id: int) -> tuple[Any, TaskState]:
    """The thing, held, and the step that the person saw."""
    thing = kind_of(thing).hold(thing)
    found = TaskState.objects.for_instance(thing).filter(pk=task_state_id).first()
    if found is None:
        raise MovedOn(_("Somebody else has decided meanwhile. Nothing was done."))
    return thing, found


def _require_words(thing: Any, words_read: str | None) -> None:
    if words_read is not None and words_read != kind_of(thing).words(thing):
        raise ChangedMeanwhile(
            _("The words were changed since this page was loaded. Read them again.")
        )
