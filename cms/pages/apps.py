from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    """The kinds of page a site is made of, and its frame."""

    name = "cms.pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_delete, post_save

        from cms.pages.models import ConsultationPage, HomePage, SurveyPage
        from cms.pages.selectors.engagements import engagement_facts
        from cms.pages.selectors.front_page import front_page_lists
        from cms.pages.services import roles
        from feedback.people.models import Membership

        HomePage.shown = {"lists": front_page_lists}
        for page in (ConsultationPage, SurveyPage):
            page.shown = {"facts": engagement_facts}
        for signal in (post_save, post_delete):
            signal.connect(
                roles.membership_changed, sender=Membership, dispatch_uid="pages.roles.changed"
            )
        user_logged_in.connect(roles.user_signed_in, dispatch_uid="pages.roles.signed_in")
