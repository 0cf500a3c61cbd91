"""Where a role is held, and what a person says of herself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import ForeignKey
from django.utils.translation import gettext_lazy as _

from feedback.people.enums import WaitingEmails
from feedback.people.models import Membership
from feedback.people.permissions import answering_for


class EngagementField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Titles may be alike; reference numbers are not."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.department.code} · {obj} ({obj.reference_number})"


def engagement_field() -> EngagementField:
    """In which engagement alone a role is held; empty: in the whole department."""
    column = cast("ForeignKey[Any, Any]", Membership._meta.get_field("engagement"))
    return EngagementField(
        column.related_model._default_manager.select_related("department").order_by(
            "department__code", "reference_number"
        ),
        label=_("In this engagement only"),
        required=False,
        empty_label=_("No: in the whole department"),
    )


def engagement_check(form: forms.BaseForm, cleaned: Mapping[str, Any]) -> None:
    """It is one of the department's."""
    engagement, department = cleaned.get("engagement"), cleaned.get("department")
    if engagement and department and department.pk not in answering_for(engagement.department):
        form.add_error("engagement", _("This engagement is another department's. Choose again."))


class WaitingEmailsForm(forms.Form):
    choice = forms.TypedChoiceField(
        label=_("When we write to you"),
        choices=WaitingEmails.choices,
        coerce=WaitingEmails,
        widget=forms.RadioSelect,
    )
