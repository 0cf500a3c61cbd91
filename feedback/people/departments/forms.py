"""What administrators say of a department that changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.people.departments.history import today
from feedback.people.models import Department


class RenameForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new name in both languages, and since when."""

    since = forms.DateField(
        label=_("Called so since"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Department
        fields = ("name_en", "name_fr")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = today()


class MergeForm(forms.Form):
    """Into which other it goes, and when."""

    into = forms.ModelChoiceField(label=_("Goes into"), queryset=Department.objects.none())
    on = forms.DateField(
        label=_("On"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_sure = forms.BooleanField(label=_("I have read what happens, and that it is not undone"))

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()
        others = Department.objects.in_use().exclude(pk=department.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class DirectoryForm(forms.Form):
    """A file with departments."""

    file = forms.FileField(label=_("CSV file"))
