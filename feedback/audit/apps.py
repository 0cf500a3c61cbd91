from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what, when and to what."""

    name = "feedback.audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
        from django.db.models.signals import post_save, pre_delete, pre_save

        from feedback.audit import receivers
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.models import Department, Membership, User
        from feedback.people.table import Action

        bar_entry_add(Entry(90, "audit", _("Audit log"), "audit:entries", action=Action.AUDIT))

        user_logged_in.connect(receivers.signed_in, dispatch_uid="audit.signed_in")
        user_logged_out.connect(receivers.signed_out, dispatch_uid="audit.signed_out")
        user_login_failed.connect(receivers.sign_in_failed, dispatch_uid="audit.sign_in_failed")
        for model, before, saved, deleted in (
            (User, receivers.user_before, receivers.user_saved, receivers.user_deleted),
            (
                Membership,
                receivers.membership_before,
                receivers.membership_saved,
                receivers.membership_deleted,
            ),
            (
                Department,
                receivers.department_before,
                receivers.department_saved,
                receivers.department_deleted,
            ),
        ):
            name = f"audit.{model.__name__}"
            pre_save.connect(before, sender=model, dispatch_uid=f"{name}.before")
            post_save.connect(saved, sender=model, dispatch_uid=f"{name}.saved")
            pre_delete.connect(deleted, sender=model, dispatch_uid=f"{name}.deleted")
