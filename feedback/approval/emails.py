"""Writing to people about reviews: what waits for them, and that something was approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from wagtail.models import TaskState, WorkflowState

from feedback.approval.enums import Step
from feedback.approval.people import may_send, people_asked
from feedback.approval.reviewed import kind_of
from feedback.approval.waiting import key_of
from feedback.approval.wording import name_of
from feedback.bilingual import Language
from feedback.outbox.emails import Recipient, email_queue
from feedback.people.enums import WaitingEmails
from feedback.people.models import User
from feedback.people.permissions import people_who_may
from feedback.people.waiting_emails import waiting_told


def task_told(task_state: TaskState, thing: Any, step: Step) -> None:
    """To everybody the step waits for, as each wants to be told."""
    waiting_told(people_asked(thing, step), key=key_of(task_state.workflow_state))


def returned_told(state: WorkflowState, thing: Any) -> None:
    """To whoever goes on with what was sent back: its sender, or else all who may send it."""
    kind, sender = kind_of(thing), state.requested_by
    people = (
        [sender]
        if sender is not None and may_send(sender, thing)
        else people_who_may(kind.sending, kind.scope(thing))
    )
    waiting_told(people, key=key_of(state))


def approved_queue(state: WorkflowState) -> None:
    """To whoever sent it, who wants to be written to at all."""
    sender = state.requested_by
    if sender is not None and sender.email and sender.waiting_emails != WaitingEmails.NEVER:
        email_queue("review_approved", {"workflow_state_id": state.pk, "user_id": sender.pk})


def approved_lookup(about: Mapping[str, Any]) -> Recipient | None:
    """None: the person is no longer here, or what was approved is not."""
    people = User.objects.filter(pk=about["user_id"], is_active=True).exclude(email="")
    person = people.first()
    state = WorkflowState.objects.filter(pk=about["workflow_state_id"]).first()
    thing = state.content_object if state is not None else None
    if person is None or state is None or thing is None:
        return None
    kind = kind_of(thing)
    thing = kind.leading(thing)
    last = state.task_states.filter(status=TaskState.STATUS_APPROVED).order_by("-pk").first()
    titles, department = kind.titles(thing), kind.scope(thing).department
    values = {}
    for language in Language.values:
        with translation.override(language):
            values[language] = {
                "name": name_of(person),
                "title": titles[language],
                "department": department.name if department is not None else "",
                "reviewer": name_of(last.finished_by if last is not None else None),
            }
    return Recipient(
        address=person.email,
        language=person.language,
        values=values,
        link=settings.CONSULT_BASE_URL + kind.address(thing),
    )
