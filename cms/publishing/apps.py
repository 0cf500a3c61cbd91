from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublishingConfig(AppConfig):
    """Both languages or nothing; another department's pages do not exist."""

    name = "cms.publishing"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        from django.db.models.signals import post_save, pre_delete, pre_save
        from wagtail.models import Page, PageLogEntry
        from wagtail.signals import pre_page_move

        from cms.publishing import (
            audited,
            forms,
            gate,
            held,
            permissions,
            policies,
            selectors,
            waiting,
        )
        from cms.publishing.models import EngagementPage, PairedPage
        from cms.publishing.models.paired import Press
        from cms.publishing.reviewed import ReviewedPair
        from cms.publishing.services import files, pairs, schedule
        from cms.publishing.wagtail_words import labels_translate
        from feedback.approval.reviewed import reviewed_add
        from feedback.asking.pages import register_page_finder
        from feedback.audit.enums import Act
        from feedback.audit.wording import register_reading
        from feedback.people.bar import Entry, bar_entry_add
        from feedback.people.leaving.work import Work, work_add
        from feedback.people.models import Department
        from feedback.people.waiting import Kind, waiting_add

        PairedPage.press = Press(
            publish=pairs.pair_publish,
            publish_due=schedule.pair_publish_due,
            unpublish=pairs.pair_unpublish,
        )
        PairedPage.permission_tester = permissions.PairPermissionTester
        PairedPage.base_form_class = forms.PairedPageForm
        EngagementPage.base_form_class = forms.EngagementPageForm
        labels_translate()
        policies.policies_narrow()
        policies.refusals_said()
        for act in (Act.PAGE_PUBLISHED, Act.PAGE_SCHEDULED):
            register_reading(act, audited.wording_said)
        reviewed_add(Page, ReviewedPair())
        register_page_finder(selectors.page_address_of)
        bar_entry_add(
            Entry(
                30,
                "pages",
                _("Write pages"),
                "wagtailadmin_explore_root",
                "wagtailadmin.access_admin",
                screens=(
                    "cms_",
                    "wagtailadmin_explore",
                    "wagtailadmin_pages:",
                    "wagtaildocs:",
                    "wagtailimages:",
                    "simple_translation:",
                ),
            )
        )
        work_add(Work("pages", held.pages_held, held.page_give))
        work_add(Work("documents", held.documents_held, held.document_give))
        work_add(Work("images", held.images_held, held.image_give))
        waiting_add("out_of_step", Kind.OUT_OF_STEP, waiting.out_of_step)
        pre_save.connect(gate.refuse_lone_save, dispatch_uid="publishing.gate.save")
        pre_delete.connect(gate.refuse_lone_delete, dispatch_uid="publishing.gate.delete")
        pre_page_move.connect(gate.refuse_lone_move, dispatch_uid="publishing.gate.move")
        post_save.connect(
            audited.draft_logged, sender=PageLogEntry, dispatch_uid="publishing.audited.draft"
        )
        post_save.connect(
            files.department_saved, sender=Department, dispatch_uid="publishing.files.department"
        )
