from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(AppConfig):
    """Departments, who works in them, who may do what."""

    name = "feedback.people"
    verbose_name = _("People")
    default = True

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa

        from feedback.outbox.emails import (
            account_changed,
            email_kind_add,
            invitation,
            waiting_digest,
            waiting_now,
            work_handed_over,
        )
        from feedback.outbox.emails import password_reset as reset
        from feedback.people import signals, waiting_emails
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.leaving.emails import handed_over_lookup
        from feedback.people.sign_in import emails
        from feedback.people.sign_in.sessions import sessions_end_without_factor

        mfa.authenticator_added.connect(
            sessions_end_without_factor, dispatch_uid="people.sessions_end_without_factor"
        )
        email_kind_add("password_reset", reset.WORDS, emails.reset_lookup)
        email_kind_add("account_changed", account_changed.WORDS, emails.changed_lookup)
        email_kind_add("work_handed_over", work_handed_over.WORDS, handed_over_lookup)
        email_kind_add("invitation", invitation.WORDS, emails.invitation_lookup)
        email_kind_add("waiting_digest", waiting_digest.WORDS, waiting_emails.digest_lookup)
        email_kind_add("waiting_now", waiting_now.WORDS, waiting_emails.now_lookup)
        for changed in (
            account.password_changed,
            account.password_set,
            account.password_reset,
            mfa.authenticator_added,
            mfa.authenticator_removed,
            mfa.authenticator_reset,
            signals.second_factor_removed,
        ):
            changed.connect(emails.account_changed_queue, dispatch_uid="people.account_changed")
        bar_entry_add(Entry(0, "home", _("Home"), "staff-home"))
        bar_entry_add(
            Entry(
                place=91,
                name="departments",
                label=_("Departments"),
                view="departments",
                permission="people.change_department",
                screens=("departments:", "memberships:", "wagtailusers"),
            )
        )
        bar_entry_add(
            Entry(
                place=90,
                name="invitations",
                label=_("Invitations"),
                view="invitations",
                permission="people.add_user",
            )
        )


class UsersConfig(WagtailUsersAppConfig):  # type: ignore[misc]
    """Wagtail's users, with what ours have beside; in INSTALLED_APPS for ``wagtail.users``."""

    default = False
    user_viewset = "feedback.people.viewsets.UserViewSet"
