"""What the histories of Wagtail say of reviews: words, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from feedback.approval.enums import Step
from feedback.approval.models import DepartmentTask


class OfReviews(LogFormatter):  # type: ignore[misc]
    """Wagtail's own would name the workflow and its steps, which have one name in two languages."""

    said: Promise
    by_step: Mapping[Step, Promise] = {}

    def format_message(self, log_entry: Any) -> str:
        if not self.by_step:
            return str(self.said)
        told = log_entry.data or {}
        step = told.get("step") or _step_of(told.get("workflow", {}).get("task", {}).get("id"))
        return str(self.by_step[Step(step)] if step else self.said)

    def format_comment(self, log_entry: Any) -> str:
        return str((log_entry.data or {}).get("comment", ""))


def _step_of(task: int | None) -> str | None:
    found = DepartmentTask.objects.filter(pk=task).values_list("step", flat=True).first()
    return str(found) if found is not None else None


class Sent(OfReviews):
    label = gettext_lazy("Send for review")
    said = gettext_lazy("Sent for review, both languages")


class SentAgain(OfReviews):
    label = gettext_lazy("Send for review again")
    said = gettext_lazy("Sent for review again, both languages")


class Agreed(OfReviews):
    label = gettext_lazy("Say yes in a review")
    said = gettext_lazy("Approved in review")
    by_step = {
        Step.TRANSLATE: gettext_lazy("Found in review that both languages say the same"),
        Step.APPROVE: gettext_lazy("Approved in review"),
    }


class Returned(OfReviews):
    label = gettext_lazy("Ask for changes")
    said = gettext_lazy("Changes asked for in review")


class TakenBack(OfReviews):
    label = gettext_lazy("Take back from review")
    said = gettext_lazy("Taken back from review")


# After Wagtail's own, whose place they take.
@hooks.register("register_log_actions", order=1000)  # type: ignore[untyped-decorator]
def review_log_actions(actions: Any) -> None:
    """https://docs.wagtail.org/en/stable/extending/audit_log.html"""
    for name, formatter in (
        ("start", Sent),
        ("resume", SentAgain),
        ("approve", Agreed),
        ("reject", Returned),
        ("cancel", TakenBack),
    ):
        action = f"wagtail.workflow.{name}"
        actions.choices[:] = [choice for choice in actions.choices if choice[0] != action]
        actions.register_action(action)(formatter)
