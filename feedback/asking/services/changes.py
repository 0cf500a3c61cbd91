"""Changing what has been approved: by an approver, confirmed, and kept with before and after.

Everything that writes an engagement or a questionnaire does so inside ``recorded_change``, so
that one rule has one place whatever screen, script or task it comes from.
"""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from django.db import IntegrityError, transaction

from feedback.asking.models import Engagement, EngagementChange, Questionnaire
from feedback.asking.permissions import may_change
from feedback.asking.selectors.faces import are_words, changes_between, engagement_face
from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.people.models import Anyone
from feedback.people.permissions import held_anew


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An approver saw both languages, before and after, and says that they say the same."""

    reason: str
    says_the_same: bool

    @property
    def is_complete(self) -> bool:
        """Whether the box is ticked and a reason given."""
        return self.says_the_same and bool(self.reason.strip())


class ChangeRefused(Exception):
    """The change was undone."""


class ApproverNeeded(ChangeRefused):
    """It has been approved: only an approver of its department changes it now."""


class WordsOnly(ChangeRefused):
    """Who translates changes words; what is asked, when and of whom is the authors'."""


class NotConfirmed(ChangeRefused):
    """An approver is to see ``changes`` in both languages and confirm them with a reason first.

    ``responses``: how many people had answered.
    """

    def __init__(self, changes: list[dict[str, Any]], responses: int) -> None:
        self.changes = changes
        self.responses = responses
        super().__init__(", ".join(change["what"] for change in changes))


class NoticeBlank(ChangeRefused):
    """The privacy notice of what has been approved says something, in both languages."""


@contextmanager
def recorded_change(
    *,
    engagement: Engagement,
    actor: Anyone | None = None,
    confirmation: Confirmation | None = None,
) -> Iterator[None]:
    """Around every change of an engagement or of what it asks: one transaction, rules kept.

    Before approval the caller asks who may; of an ``actor`` who may not change all of it, words
    alone are taken. From then on, whatever the public reads is changed by an approver who has
    confirmed it, and an ``EngagementChange`` is kept.
    The audit log has it before and after approval. Raises a kind of ``ChangeRefused`` and undoes
    everything. Nothing changed: nothing is kept.
    """
    with transaction.atomic():
        # Held against a move to another status; lets responses through.
        current = (
            Engagement.objects.select_for_update(no_key=True, of=("self",))
            .select_related("department")
            .get(pk=engagement.pk)
        )
        before = engagement_face(current)
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            if constraint_of(error) == "approved_notice_never_blank":
                raise NoticeBlank from error
            raise
        after = engagement_face(Engagement.objects.get(pk=engagement.pk))
        changes = changes_between(before, after)
        if not changes:
            return
        if current.is_approved:
            _change_keep(current, changes, actor, confirmation)
        elif actor is not None and not are_words(changes) and not may_change(actor, current):
            raise WordsOnly
        audit_record(
            Act.ENGAGEMENT_CHANGED,
            about=About.ENGAGEMENT,
            reference=current.reference_number,
            actor=actor,
            department_id=current.department_id,
            before=_sides(changes, "before"),
            after=_sides(changes, "after"),
        )


def _change_keep(
    current: Engagement,
    changes: list[dict[str, Any]],
    actor: Anyone | None,
    confirmation: Confirmation | None,
) -> None:
    """Keep a change of what has been approved, if an approver has confirmed it."""
    if actor is not None:
        held_anew(actor)
    if actor is None or not may_change(actor, current):
        raise ApproverNeeded
    responses = current.responses.count()
    if confirmation is None or not confirmation.is_complete:
        raise NotConfirmed(changes, responses)
    EngagementChange.objects.create(
        engagement=current,
        actor_id=cast(int, actor.pk),
        reason=confirmation.reason.strip(),
        changes=changes,
        responses=responses,
        questionnaire_version=Questionnaire.objects.filter(engagement=current)
        .values_list("version", flat=True)
        .first(),
    )


def _sides(changes: list[dict[str, Any]], side: str) -> dict[str, Any]:
    """One side of the changes, by ``question/choice/what``; what was not there is left out."""
    return {
        "/".join(filter(None, (each["question"], each["choice"], each["what"]))): each[side]
        for each in changes
        if each[side] is not None
    }


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint or trigger that refused; empty where the database names none."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "")
