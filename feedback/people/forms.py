"""What a person says of herself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback.people.enums import WaitingEmails


class WaitingEmailsForm(forms.Form):
    choice = forms.TypedChoiceField(
        label=_("When we write to you"),
        choices=WaitingEmails.choices,
        coerce=WaitingEmails,
        widget=forms.RadioSelect,
    )
