from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what, when and to what."""

    name = "feedback.audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from allauth.account.signals import password_reset
        from allauth.mfa.models import Authenticator
        from django.contrib.auth.signals import user_logged_in, user_logged_out
        from django.db.models.signals import post_save, pre_delete, pre_save

        from feedback.audit.receivers import rows, sign_in
        from feedback.people import signals as people
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.models import Department, Membership, User
        from feedback.people.table import Action

        bar_entry_add(Entry(90, "audit", _("Audit log"), "audit:entries", action=Action.AUDIT))

        for signal, receiver in (
            (user_logged_in, sign_in.signed_in),
            (user_logged_out, sign_in.signed_out),
            (people.sign_in_refused, sign_in.sign_in_refused),
            (people.recovery_code_used, sign_in.recovery_code_used),
            (people.sessions_ended, sign_in.sessions_ended),
            (password_reset, sign_in.password_reset),
            (people.department_merged, rows.department_merged),
            (people.person_left, rows.person_left),
            (people.person_returned, rows.person_returned),
            (people.work_handed_over, rows.work_handed_over),
            (people.invitation_sent, sign_in.invitation_sent),
            (people.invitation_withdrawn, sign_in.invitation_withdrawn),
            (people.invitation_accepted, sign_in.invitation_accepted),
            (people.invitation_refused, sign_in.invitation_refused),
        ):
            signal.connect(receiver, dispatch_uid=f"audit.{receiver.__name__}")
        post_save.connect(
            sign_in.factor_added, sender=Authenticator, dispatch_uid="audit.factor_added"
        )
        pre_delete.connect(
            sign_in.factor_removed, sender=Authenticator, dispatch_uid="audit.factor_removed"
        )
        for model, before, saved, deleted in (
            (User, rows.user_before, rows.user_saved, rows.user_deleted),
            (
                Membership,
                rows.membership_before,
                rows.membership_saved,
                rows.membership_deleted,
            ),
            (
                Department,
                rows.department_before,
                rows.department_saved,
                rows.department_deleted,
            ),
        ):
            name = f"audit.{model.__name__}"
            pre_save.connect(before, sender=model, dispatch_uid=f"{name}.before")
            post_save.connect(saved, sender=model, dispatch_uid=f"{name}.saved")
            pre_delete.connect(deleted, sender=model, dispatch_uid=f"{name}.deleted")
