from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
        from wagtail.signals import pre_page_move

        from cms import gate, policies, selectors
        from cms.services import files, roles
        from feedback.models import Department, Membership
        from feedback.pages import register_page_finder

        policies.policies_narrow()
        register_page_finder(selectors.page_address_of)
        pre_save.connect(gate.refuse_lone_save, dispatch_uid="cms.gate.save")
        pre_delete.connect(gate.refuse_lone_delete, dispatch_uid="cms.gate.delete")
        pre_page_move.connect(gate.refuse_lone_move, dispatch_uid="cms.gate.move")
        for signal in (post_save, post_delete):
            signal.connect(
                roles.membership_changed, sender=Membership, dispatch_uid="cms.roles.changed"
            )
        post_save.connect(
            files.department_saved, sender=Department, dispatch_uid="cms.files.department"
        )
        user_logged_in.connect(roles.user_signed_in, dispatch_uid="cms.roles.signed_in")
