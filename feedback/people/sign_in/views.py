"""The door, and how one signs in. allauth does the work; what is shown is ours."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.internal.decorators import login_not_required
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateView
from django.views.generic.detail import DetailView
from django.views.generic.edit import FormView

from feedback.outbox.emails import emails_not_delivered
from feedback.people.enums import InvitationState, Role
from feedback.people.invitations import (
    AlreadyHere,
    NotOpen,
    invitation_accept,
    invitation_of,
    invitation_send,
    invitation_withdraw,
)
from feedback.people.models import Invitation, User
from feedback.people.permissions import (
    is_administrator,
    person_for_administrators,
    signed_in,
)
from feedback.people.sign_in.adapters import TOO_SOON, AccountAdapter, MFAAdapter
from feedback.people.sign_in.devices import device_remember
from feedback.people.sign_in.forms import AcceptForm, InviteForm
from feedback.people.sign_in.second_factor import (
    factor_is_required,
    has_factor,
    second_factor_remove,
    unreadable_codes_forget,
)
from feedback.people.sign_in.sessions import session_end, sessions_end
from feedback.people.signals import invitation_refused


def with_status(response: HttpResponse, form: Any) -> HttpResponse:
    """429 and `Retry-After` where it came too early; programs that guess understand them."""
    for errors in form.errors.as_data().values():
        for error in errors:
            if error.code == TOO_SOON:
                response.status_code = 429
                response.headers["Retry-After"] = str(error.params["seconds"])
    return response


class MethodFirst:
    """What an address does not take is refused before anybody is sent elsewhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not hasattr(self, (request.method or "").lower()):
            return self.http_method_not_allowed(request)  # type: ignore[attr-defined,no-any-return]
        refusal = self.refusal(request)
        if refusal is not None:
            return refusal
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """What is said instead of the page, where it is not to be shown."""
        return None


class Slowed(MethodFirst):
    """A form at which one could guess."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return with_status(super().form_invalid(form), form)  # type: ignore[misc]


# --- The door ------------------------------------------------------------------------------------


class SignIn(Slowed, account.LoginView):  # type: ignore[misc]
    """Staff sign in here, for our screens and for Wagtail's alike.

    A person who is signed in may come here too: Wagtail sends those who may not edit, and would
    send them round in circles if this page passed them on.
    """

    template_name = "people/sign_in/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "is_email_set_up": settings.CONSULT_EMAIL_ENABLED,
            "provider": settings.CONSULT_OIDC_URL and settings.CONSULT_OIDC_NAME,
        }


class SecondStep(MethodFirst, mfa.AuthenticateView):  # type: ignore[misc]
    """After the right password: a code or a passkey."""

    template_name = "people/sign_in/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        passkeys = Authenticator.objects.filter(
            user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN
        )
        return context | {"has_passkey": passkeys.exists()}

    def form_invalid(self, form: Any) -> HttpResponse:
        return with_status(super().form_invalid(form), form)


class SignOut(LogoutView):
    """By POST only: a link or an image elsewhere cannot sign anyone out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        # A shared computer keeps nothing of what was on the screens; the language stays.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@method_decorator(login_not_required, name="dispatch")
class Inactive(TemplateView):
    """The password was right, and the account is no longer in use."""

    template_name = "people/sign_in/inactive.html"


class ForgottenPassword(Slowed, account.PasswordResetView):  # type: ignore[misc]
    template_name = "people/sign_in/password_forgotten.html"

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        if not settings.CONSULT_EMAIL_ENABLED:
            raise Http404
        return None


class ForgottenPasswordSent(MethodFirst, account.PasswordResetDoneView):  # type: ignore[misc]
    template_name = "people/sign_in/password_forgotten_sent.html"


class NewPassword(MethodFirst, account.PasswordResetFromKeyView):  # type: ignore[misc]
    """Behind the link of the email. The device is known from then on: its owner reads the mail."""

    template_name = "people/sign_in/password_new.html"
    success_url = reverse_lazy("account_login")

    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, uidb36, key, **kwargs)
        if getattr(self, "reset_user", self) is None:
            response.status_code = 410
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        device_remember(self.request, response, self.reset_user)
        return response


# --- Invitations ---------------------------------------------------------------------------------


class AcceptInvitation(MethodFirst, FormView[AcceptForm]):
    """Behind the link of the email. Following it changes nothing: programs that read mail do so."""

    form_class = AcceptForm
    template_name = "people/sign_in/invitation.html"

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        invitation = invitation_of(self.kwargs["token"])
        if invitation is None:
            return self._gone("", 404)
        if invitation.state != InvitationState.OPEN:
            return self._no_longer(invitation, invitation.state)
        self.invitation = invitation
        return None

    def _no_longer(self, invitation: Invitation, state: InvitationState) -> HttpResponse:
        invitation_refused.send(sender=Invitation, invitation=invitation, state=state)
        return self._gone(state, 410)

    def _gone(self, state: str, status: int) -> HttpResponse:
        context = {"state": state}
        return render(self.request, "people/sign_in/invitation_gone.html", context, status=status)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"invitation": self.invitation}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"invitation": self.invitation}

    def form_valid(self, form: AcceptForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            user = invitation_accept(
                invitation=self.invitation,
                first_name=data["first_name"],
                last_name=data["last_name"],
                language=data["language"],
                password=data["password"],
            )
        except NotOpen as error:
            return self._no_longer(self.invitation, error.state)
        except AlreadyHere:
            return self._no_longer(self.invitation, InvitationState.ACCEPTED)
        if self.request.user.is_authenticated:
            # Somebody else's session, on a computer that is shared.
            logout(self.request)
        messages.success(self.request, _("Your account is ready. Sign in with it."))
        response = redirect("account_login")
        device_remember(self.request, response, user)
        return response


@method_decorator(login_required, name="dispatch")
class Invitations(MethodFirst, FormView[InviteForm]):
    """Who is invited, by administrators."""

    form_class = InviteForm
    template_name = "people/sign_in/invitations.html"
    success_url = reverse_lazy("invitations")

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        if not is_administrator(signed_in(request)):
            raise Http404
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        invitations = list(
            Invitation.objects.select_related("department", "invited_by", "engagement")[:100]
        )
        not_delivered = emails_not_delivered(
            "invitation", "invitation_id", [invitation.pk for invitation in invitations]
        )
        return super().get_context_data(**kwargs) | {
            "here": "invitations",
            "is_email_set_up": settings.CONSULT_EMAIL_ENABLED,
            "invitations": [(each, not_delivered.get(each.pk)) for each in invitations],
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        withdrawn = request.POST.get("withdraw", "")
        if not withdrawn:
            return super().post(request, *args, **kwargs)
        if withdrawn.isdigit():
            invitation = get_object_or_404(Invitation, pk=int(withdrawn))
            invitation_withdraw(invitation=invitation, actor=signed_in(request))
            messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
        return redirect("invitations")

    def form_valid(self, form: InviteForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            invitation_send(
                email=data["email"],
                language=data["language"],
                department=data["department"],
                role=Role(data["role"]),
                engagement=data["engagement"],
                actor=signed_in(self.request),
            )
        except AlreadyHere:
            form.add_error(
                "email",
                _("Somebody signs in with this address already. Give them the role instead."),
            )
            return self.form_invalid(form)
        messages.success(
            self.request, _("The invitation to {email} is on its way.").format(email=data["email"])
        )
        return super().form_valid(form)


# --- It is really them ---------------------------------------------------------------------------


class Reauthenticate(Slowed, account.ReauthenticateView):  # type: ignore[misc]
    template_name = "people/sign_in/reauthenticate.html"


class ReauthenticateCode(Slowed, mfa.ReauthenticateView):  # type: ignore[misc]
    template_name = "people/sign_in/reauthenticate.html"


class ReauthenticatePasskey(MethodFirst, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "people/sign_in/reauthenticate_passkey.html"


# --- How one signs in ----------------------------------------------------------------------------


class ReadsCodes(MethodFirst):
    """A page that shows recovery codes, or how many there are."""

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.user.is_authenticated:
            unreadable_codes_forget(signed_in(request))
        return None


class Security(ReadsCodes, mfa.IndexView):  # type: ignore[misc]
    """Password, second factor, recovery codes, sessions: one page, and the first for whoever must
    have a second factor and has none."""

    template_name = "people/sign_in/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = signed_in(self.request)
        codes = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "here": "security",
            "must_set_up": factor_is_required(user) and not has_factor(user),
            "app": context["authenticators"].get(Authenticator.Type.TOTP),
            "passkeys": context["authenticators"].get(Authenticator.Type.WEBAUTHN, ()),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
        }


@method_decorator(login_required, name="dispatch")
class AddApp(MethodFirst, totp.ActivateTOTPView):  # type: ignore[misc]
    template_name = "people/sign_in/app_add.html"


class RemoveApp(MethodFirst, totp.DeactivateTOTPView):  # type: ignore[misc]
    template_name = "people/sign_in/app_remove.html"


class AddPasskey(MethodFirst, webauthn.AddWebAuthnView):  # type: ignore[misc]
    template_name = "people/sign_in/passkey_add.html"


class RemovePasskey(MethodFirst, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "people/sign_in/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = MFAAdapter()
        if not adapter.can_delete_authenticator(self.object):
            refusal = str(adapter.error_messages["cannot_delete_authenticator"])
            messages.error(self.request, refusal)
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


class SignInByPasskey(MethodFirst, webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """The passkey says who it is; a page of its own it has not."""


class Codes(ReadsCodes, recovery_codes.ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "people/sign_in/codes.html"


class NewCodes(ReadsCodes, recovery_codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "people/sign_in/codes_new.html"


class ChangePassword(Slowed, account.PasswordChangeView):  # type: ignore[misc]
    template_name = "people/sign_in/password_change.html"
    success_url = reverse_lazy("mfa_index")

    def get_default_success_url(self) -> str:
        return str(self.success_url)


@method_decorator(login_required, name="dispatch")
class Sessions(TemplateView):
    """Where somebody is signed in; each can be ended, and all but this one."""

    template_name = "people/sign_in/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = UserSession.objects.purge_and_list(signed_in(self.request))
        sessions.sort(key=lambda session: session.created_at, reverse=True)
        return super().get_context_data(**kwargs) | {"here": "security", "sessions": sessions}

    def post(self, request: HttpRequest) -> HttpResponse:
        user: User = signed_in(request)
        chosen = request.POST.get("session", "")
        if chosen.isdigit():
            session_end(user, int(chosen))
            messages.success(request, _("The session was ended."))
        else:
            sessions_end(user, but=request.session.session_key)
            AccountAdapter(request).add_message(
                request, messages.SUCCESS, "usersessions/messages/sessions_logged_out.txt"
            )
        return redirect("usersessions_list")


# --- Administrators ------------------------------------------------------------------------------


@method_decorator(login_required, name="dispatch")
class RemoveSecondFactor(DetailView[User]):
    """For somebody who lost telephone and codes. By administrators, from the page of the user."""

    model = User
    context_object_name = "person"
    template_name = "people/sign_in/second_factor_remove.html"

    def get_object(self, queryset: Any = None) -> User:
        return person_for_administrators(self.request, self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"has_factor": has_factor(self.object)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.get_object()
        second_factor_remove(user=person, actor=signed_in(request), request=request)
        messages.success(
            request,
            _(
                "The second step of {name} was removed. The password alone is enough until there "
                "is a new one."
            ).format(name=person.get_full_name() or person.get_username()),
        )
        return redirect("wagtailusers_users:edit", person.pk)
