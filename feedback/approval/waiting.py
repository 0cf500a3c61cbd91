"""What of reviews waits for a person (`feedback.people.waiting`).

For administrators: what nobody else can do any more, so that nothing waits for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from feedback.approval.enums import Step
from feedback.approval.reviewed import kind_of, kinds
from feedback.approval.selectors import states_with_things
from feedback.approval.wording import name_of
from feedback.people.models import Department, User
from feedback.people.permissions import is_administrator, people_for_each, reach_of
from feedback.people.table import Action
from feedback.people.waiting import Item


def to_approve(user: User) -> list[Item]:
    """What waits for this person's yes; not her own words, where somebody else may say it."""
    return list(_to_do(user, Step.APPROVE))


def to_translate(user: User) -> list[Item]:
    """Whose translation the person is to check."""
    return list(_to_do(user, Step.TRANSLATE))


def returned(user: User) -> list[Item]:
    """What changes are asked for, of whoever sent it; or of all who may, where that one no longer
    does."""
    sending = {kind.sending for kind in kinds().values()}
    states = _within(user, sending).filter(status=WorkflowState.STATUS_NEEDS_CHANGES)
    rows = states_with_things(states)
    items = []
    for (state, thing), asked in zip(rows, _asked(rows, None), strict=True):
        sender, said = state.requested_by, state.current_task_state
        if sender is not None and (sender.pk in asked or is_administrator(sender)):
            asked = frozenset({sender.pk})
        if said is not None and _is_for(user, asked):
            items.append(_item(state, thing, said.comment, said.finished_at))
    return items


def _to_do(user: User, step: Step) -> Iterator[Item]:
    actions = {kind.steps[step] for kind in kinds().values()}
    states = _within(user, actions).filter(
        status=WorkflowState.STATUS_IN_PROGRESS,
        current_task_state__task__departmenttask__step=step,
    )
    rows = states_with_things(states)
    authors: dict[Any, set[int]] = {}
    if step == Step.APPROVE and settings.CONSULT_APPROVAL_BY_ANOTHER:
        for model, kind in kinds().items():
            authors |= kind.authors([thing for _row, thing in rows if isinstance(thing, model)])
    for (state, thing), asked in zip(rows, _asked(rows, step), strict=True):
        if _is_for(user, asked - authors.get(thing, set()) or asked):
            said = _("Sent by {name}").format(name=name_of(state.requested_by))
            yield _item(state, thing, said, state.current_task_state.started_at)


def _within(user: User, actions: set[Action]) -> QuerySet[WorkflowState]:
    """Reviews in departments where the person may do one of these, and be it in one engagement."""
    states: QuerySet[WorkflowState] = WorkflowState.objects.filter(
        workflow__departmentworkflow__isnull=False
    )
    if is_administrator(user):
        return states
    reach = reach_of(user, *actions)
    numbers = reach.departments | {department for department, _engagement in reach.engagements}
    own = Q(pk__in=numbers) | Q(successor__in=numbers)
    return states.filter(
        workflow__departmentworkflow__department__in=Department.objects.filter(own)
    )


def _asked(rows: list[tuple[WorkflowState, Any]], step: Step | None) -> list[frozenset[int]]:
    """Of each, who may do the step, by number; without one, who may send it."""
    found: list[frozenset[int]] = [frozenset()] * len(rows)
    by_action: dict[Action, list[int]] = defaultdict(list)
    for place, (_state, thing) in enumerate(rows):
        kind = kind_of(thing)
        by_action[kind.steps[step] if step is not None else kind.sending].append(place)
    for action, places in by_action.items():
        scopes = [kind_of(rows[place][1]).scope(rows[place][1]) for place in places]
        for place, people in zip(places, people_for_each(action, scopes), strict=True):
            found[place] = people
    return found


def _is_for(user: User, asked: frozenset[int]) -> bool:
    return user.pk in asked or (is_administrator(user) and not asked)


def key_of(state: WorkflowState) -> str:
    """What the review is called among all that waits."""
    return f"review:{state.pk}"


def _item(state: WorkflowState, thing: Any, said: str, since: Any) -> Item:
    kind = kind_of(thing)
    department = kind.scope(thing).department
    assert department is not None  # noqa: S101 (a department's workflow, for the type checker)
    language = "fr" if (get_language() or "").startswith("fr") else "en"
    return Item(
        key=key_of(state),
        title=kind.titles(thing)[language],
        address=kind.address(thing),
        department=department,
        said=said,
        since=since,
    )
