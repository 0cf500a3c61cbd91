"""The door for staff. Names are those allauth asks for."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from feedback.people import views as home_views
from feedback.people.departments import views as departments
from feedback.people.leaving import views as leaving
from feedback.people.sign_in import views
from feedback.people.sign_in.provider import provider_back, provider_go


class Base36(StringConverter):
    """A number as allauth writes it: it ends before the first hyphen of what follows."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")

urlpatterns = [
    path("", home_views.home, name="staff-home"),
    path("emails/", home_views.waiting_emails, name="waiting-emails"),
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", views.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/code/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/provider/<slug:provider_id>/login/", provider_go, name="openid_connect_login"),
    path(
        "sign-in/provider/<slug:provider_id>/login/callback/",
        provider_back,
        name="openid_connect_callback",
    ),
    path("sign-in/inactive/", views.Inactive.as_view(), name="account_inactive"),
    path("password/", views.ForgottenPassword.as_view(), name="account_reset_password"),
    path(
        "password/sent/",
        views.ForgottenPasswordSent.as_view(),
        name="account_reset_password_done",
    ),
    path(
        "password/new/<base36:uidb36>-<str:key>/",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("invitation/<str:token>/", views.AcceptInvitation.as_view(), name="invitation-accept"),
    path("people/departments/", departments.departments, name="departments"),
    path("people/departments.csv", departments.departments_export, name="departments-export"),
    path("people/departments/<slug:code>/", departments.department, name="department"),
    path("people/invitations/", views.Invitations.as_view(), name="invitations"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("security/", views.Security.as_view(), name="mfa_index"),
    path("security/confirm/", views.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("security/confirm/code/", views.ReauthenticateCode.as_view(), name="mfa_reauthenticate"),
    path(
        "security/confirm/passkey/",
        views.ReauthenticatePasskey.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("security/app/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("security/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("security/passkeys/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove/",
        views.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("security/codes/", views.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("security/codes/new/", views.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("security/sessions/", views.Sessions.as_view(), name="usersessions_list"),
    path("people/<int:pk>/leaving/", leaving.leaving, name="person-leaving"),
    path(
        "people/<int:pk>/second-step/",
        views.RemoveSecondFactor.as_view(),
        name="second-factor-remove",
    ),
]
