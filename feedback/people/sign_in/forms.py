"""What is typed at the door. Labels and sentences are ours, in both languages."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.forms import engagement_check, engagement_field
from feedback.people.models import Department, Invitation, User
from feedback.people.sign_in.adapters import code_check, mail_attempt
from feedback.people.sign_in.emails import reset_queue
from feedback.people.sign_in.second_factor import matching_step


def relabel(form: forms.BaseForm, **labels: Any) -> None:
    """Our labels above the fields, nothing grey inside them, no help that is a list in a list."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
    for name, label in labels.items():
        form.fields[name].label = label


class SignInForm(account.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, login=_("Email address or user name"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password=_("Password"))


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("New password, once more"),
        )

    def clean_oldpassword(self) -> str:
        """Counted like signing in: a session left open is no place to guess from."""
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password


class ForgottenForm(account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, email=_("Email address"))

    def clean_email(self) -> str:
        """Whether there is such an account, the page does not say."""
        address: str = self.cleaned_data["email"]
        mail_attempt(context.request)
        return address

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address: str = self.cleaned_data["email"]
        reset_queue(address)
        return address


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, password1=_("New password"), password2=_("New password, once more"))


class _Code:
    """Of the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, code=_("Code"))  # type: ignore[arg-type]
        # No `inputmode`: a telephone's keys for figures have no room for what one may paste.
        self.fields["code"].widget.attrs |= {"autocomplete": "one-time-code"}  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]  # type: ignore[attr-defined]
        self.authenticator = code_check(context.request, self.user, code)  # type: ignore[attr-defined]
        return code


class AuthenticateForm(_Code, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateCodeForm(_Code, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, code=_("Code that the app shows"))

    def clean_code(self) -> str:
        """Not counted: the secret is on the page, there is nothing to guess."""
        validate_can_add_authenticator(self.user)
        code = "".join(self.cleaned_data["code"].split())
        if matching_step(self.secret, code) is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relabel(self, name=_("Name of this passkey"))
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")


# --- Invitations -----------------------------------------------------------------------------


class InviteForm(forms.Form):
    """By an administrator."""

    email = forms.EmailField(label=_("Email address"), max_length=150)
    language = forms.ChoiceField(label=_("Language we write in"), choices=Language.choices)
    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.in_use())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["engagement"] = engagement_field()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        engagement_check(self, data)
        return data


class AcceptForm(forms.Form):
    """By whoever was invited."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    language = forms.ChoiceField(label=_("Language we write to you in"), choices=Language.choices)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {"language": invitation.language}
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        password = data.get("password")
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", gettext("The two passwords are not the same."))
        if password:
            person = User(
                email=self.invitation.email,
                first_name=data.get("first_name", ""),
                last_name=data.get("last_name", ""),
            )
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
