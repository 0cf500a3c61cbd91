"""What is looked for in the audit log."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback.audit.enums import Act


class FilterForm(forms.Form):
    """Everything may be left empty."""

    person = forms.CharField(label=gettext_lazy("Person (user name)"), required=False)
    act = forms.ChoiceField(label=pgettext_lazy("audit", "What was done"), required=False)
    reference = forms.CharField(label=gettext_lazy("To what (reference)"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From (day)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To (day)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        acts = self.fields["act"]
        acts.choices = [("", _("Everything")), *Act.choices]  # type: ignore[attr-defined]

    def clean_until(self) -> object:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise ValidationError(_("The last day is before the first."))
        return until
