"""Reviews as they are read: how one stands, what a person may do, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail.log_actions import registry
from wagtail.models import Page, TaskState, WorkflowState

from feedback.approval.enums import Deed, Step
from feedback.approval.people import (
    approvers_beside,
    may_do,
    may_send,
    people_asked,
    people_for,
)
from feedback.approval.reviewed import kind_of, kinds
from feedback.approval.wording import (
    name_of,
    names_of,
    nobody_approves_said,
    nobody_translates_said,
    own_words_said,
)
from feedback.people.models import Anyone

STATES = TaskState


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was done in a review: by whom, when, with which comment."""

    at: datetime
    label: Promise
    by: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """How the review of a thing stands, for one person.

    ``step``: what it waits for, None where nothing is under way; ``waits_for``: for whom, names;
    ``task_state_id``: goes with the answer, so that it is of this step. ``returned``: what was
    asked for, while it is its authors' again. ``deeds``: what the person may do now; ``not_yet``:
    why not to send or to approve it; ``notes``: what to know before it is sent.
    """

    step: Step | None
    waits_for: str
    task_state_id: int | None
    sent_by: str
    sent_at: datetime | None
    returned: Said | None
    deeds: frozenset[Deed]
    words: str
    not_yet: str = ""
    notes: tuple[str, ...] = ()
    history: tuple[Said, ...] = field(default=())

    @property
    def is_under_way(self) -> bool:
        return self.step is not None

    def may(self, deed: str) -> bool:
        return Deed(deed) in self.deeds


def review_for(user: Anyone, thing: Any) -> Review:
    """How it stands, and what this person may do about it."""
    kind = kind_of(thing)
    thing = kind.leading(thing)
    state = review_under_way(thing)
    task_state = state.current_task_state if state is not None else None
    is_returned = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
    step = (
        Step(task_state.task.specific.step) if task_state is not None and not is_returned else None
    )
    deeds: set[Deed] = set()
    notes: list[str] = []
    not_yet = ""
    if step is None:
        if kind.may_go(thing) and may_send(user, thing):
            notes, not_yet = _before_sending(thing)
            deeds = set() if not_yet else {Deed.SEND}
            if is_returned:
                deeds.add(Deed.TAKE_BACK)
    else:
        if may_do(user, thing, step):
            deeds = {Deed.AGREE, Deed.ASK}
            others = approvers_beside(user, thing) if step == Step.APPROVE else []
            if others:
                deeds.remove(Deed.AGREE)
                not_yet = own_words_said(names_of(others))
        if may_send(user, thing):
            deeds.add(Deed.TAKE_BACK)
    return Review(
        step=step,
        waits_for=names_of(people_asked(thing, step)) if step is not None else "",
        task_state_id=task_state.pk if task_state is not None else None,
        sent_by=name_of(state.requested_by) if state is not None else "",
        sent_at=_sent_at(thing, state) if state is not None else None,
        returned=_said(task_state) if is_returned and task_state is not None else None,
        deeds=frozenset(deeds),
        words=kind.words(thing),
        not_yet=not_yet,
        notes=tuple(notes),
        history=tuple(_history(thing)),
    )


def review_under_way(thing: Any) -> WorkflowState | None:
    """The review that waits for a step or for changes."""
    found: WorkflowState | None = (
        WorkflowState.objects.active()
        .for_instance(thing)
        .select_related("current_task_state__task", "requested_by")
        .first()
    )
    return found


def step_under_way(thing: Any) -> Step | None:
    """The step that a thing in review waits for; None where it is its authors'."""
    state = review_under_way(thing)
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        return None
    task_state = state.current_task_state
    return Step(task_state.task.specific.step) if task_state is not None else None


def _before_sending(thing: Any) -> tuple[list[str], str]:
    """What to know before it is sent, and why it cannot be."""
    department = kind_of(thing).scope(thing).department
    if department is None:
        return [], ""
    if not people_for(thing, Step.APPROVE).exists():
        return [], nobody_approves_said(department)
    if not people_for(thing, Step.TRANSLATE).exists():
        return [nobody_translates_said(department)], ""
    return [], ""


# --- What was done -----------------------------------------------------------------------------

_DONE: dict[tuple[str, str], Promise] = {
    (Step.TRANSLATE, STATES.STATUS_APPROVED): gettext_lazy("Both languages say the same"),
    (Step.TRANSLATE, STATES.STATUS_REJECTED): gettext_lazy("Changes asked for"),
    (Step.TRANSLATE, STATES.STATUS_SKIPPED): gettext_lazy(
        "Check of the translation passed over: nobody had the role"
    ),
    (Step.APPROVE, STATES.STATUS_APPROVED): gettext_lazy("Approved in review"),
    (Step.APPROVE, STATES.STATUS_REJECTED): gettext_lazy("Changes asked for"),
    (Step.TRANSLATE, STATES.STATUS_CANCELLED): gettext_lazy("Taken back"),
    (Step.APPROVE, STATES.STATUS_CANCELLED): gettext_lazy("Taken back"),
}
_BEGAN, _AGAIN = "wagtail.workflow.start", "wagtail.workflow.resume"
_SENT = gettext_lazy("Sent for review")
_SENT_AGAIN = gettext_lazy("Sent for review again")


def _history(thing: Any) -> Iterator[Said]:
    """All that was done in reviews of it, newest first."""
    done = (
        TaskState.objects.for_instance(thing)
        .select_related("task", "finished_by", "workflow_state__requested_by")
        .exclude(status=STATES.STATUS_IN_PROGRESS)
        .order_by("-finished_at", "-pk")
    )
    said = [_said(task_state) for task_state in done]
    sent = WorkflowState.objects.for_instance(thing).select_related("requested_by")
    logged = list(_logged(thing, _BEGAN, _AGAIN))
    for state in sent:
        # Whoever sends it again takes the place of whoever sent it first.
        began = (
            row for row in logged if row.action == _BEGAN and row.timestamp >= state.created_at
        )
        by = next((row.user for row in began), state.requested_by)
        said.append(Said(state.created_at, _SENT, name_of(by)))
    said += [
        Said(row.timestamp, _SENT_AGAIN, name_of(row.user))
        for row in logged
        if row.action == _AGAIN
    ]
    yield from sorted(said, key=lambda each: each.at, reverse=True)


def _logged(thing: Any, *actions: str) -> QuerySet[Any]:
    """What Wagtail noted of its reviews, oldest first."""
    rows: QuerySet[Any] = registry.get_logs_for_instance(thing)
    return rows.filter(action__in=actions).select_related("user").order_by("timestamp", "pk")


def _sent_at(thing: Any, state: WorkflowState) -> datetime:
    """When it was last sent, be it again after changes were asked for."""
    again = _logged(thing, _AGAIN).filter(timestamp__gt=state.created_at).last()
    sent: datetime = again.timestamp if again is not None else state.created_at
    return sent


def _said(task_state: TaskState) -> Said:
    step = getattr(task_state.task.specific, "step", "")
    return Said(
        at=task_state.finished_at or task_state.started_at,
        label=_DONE.get((step, task_state.status), gettext_lazy("Changed")),
        by=name_of(task_state.finished_by) if task_state.status != STATES.STATUS_SKIPPED else "",
        comment=task_state.comment,
    )


# --- What waits --------------------------------------------------------------------------------


def states_with_things(states: QuerySet[WorkflowState]) -> list[tuple[WorkflowState, Any]]:
    """Reviews with what they are of, in a number of queries that does not grow with them."""
    rows = list(states.select_related("current_task_state__task__departmenttask", "requested_by"))
    found: dict[tuple[int, str], Any] = {}
    for model, kind in kinds().items():
        content_type = ContentType.objects.get_for_model(model)
        pks = [int(row.object_id) for row in rows if row.base_content_type_id == content_type.pk]
        if not pks:
            continue
        wanted = model._default_manager.filter(pk__in=pks)  # type: ignore[attr-defined]
        things = list(wanted.specific() if issubclass(model, Page) else wanted)
        kind.prefetch(things)
        found |= {(content_type.pk, str(thing.pk)): thing for thing in things}
    pairs = [(row, found.get((row.base_content_type_id, row.object_id))) for row in rows]
    return [(row, thing) for row, thing in pairs if thing is not None]
