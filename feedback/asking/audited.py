"""Engagements in the audit log: that one was begun or deleted, and how an entry is worded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedback.asking.life import EngagementStatus
from feedback.asking.models import Engagement
from feedback.asking.wording import shown_changes
from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.audit.wording import Said

# --- Receivers -----------------------------------------------------------------------------------


def engagement_saved(sender: Any, instance: Engagement, created: bool, **kwargs: Any) -> None:
    """post_save."""
    if created:
        _record(Act.ENGAGEMENT_BEGUN, instance, after=_titles(instance))


def engagement_deleted(sender: Any, instance: Engagement, **kwargs: Any) -> None:
    """pre_delete."""
    _record(Act.ENGAGEMENT_DELETED, instance, before=_titles(instance))


def _record(act: Act, engagement: Engagement, **told: Any) -> None:
    audit_record(
        act,
        about=About.ENGAGEMENT,
        reference=engagement.reference_number,
        department_id=engagement.department_id,
        **told,
    )


def _titles(engagement: Engagement) -> dict[str, Any]:
    return {"title": {"en": engagement.title_en, "fr": engagement.title_fr}}


# --- Words ---------------------------------------------------------------------------------------


def change_said(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Said]:
    """What the public reads, as the engagement's own history words it."""
    changes = [_change(key, before.get(key), after.get(key)) for key in {**before, **after}]
    return [
        Said(line.label, side.before, side.after, side.language)
        for line in shown_changes(changes)
        for side in line.sides
        if not side.is_same
    ]


def _change(key: str, before: Any, after: Any) -> dict[str, Any]:
    *where, what = key.split("/")
    question, choice = (*where, "", "")[:2]
    return {
        "what": what, "question": question, "choice": choice, "before": before, "after": after
    }  # fmt: skip


def status_said(status: str) -> str:
    """A status in words; a code nobody knows any more, as it is."""
    known = status in EngagementStatus.values
    return str(EngagementStatus(status).label) if known else status
