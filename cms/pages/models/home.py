"""The front page."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from cms.publishing.models.paired import PairedPage


class HomePage(PairedPage):
    """The front page of one language: what is open, what was heard. Written by administrators."""

    heading = models.CharField(_("heading"), max_length=200, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    notice = models.TextField(
        _("notice"), blank=True, help_text=_("Shown at the foot of the page, when not empty.")
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.ConsultationPage", "pages.SurveyPage"]
    max_count = 2
    parity_fields: ClassVar[tuple[str, ...]] = ("title", "heading", "introduction", "notice")
    needs_live_parent: ClassVar[bool] = False
    engagement_path: ClassVar[str | None] = ""

    content_panels = [
        *PairedPage.content_panels,
        FieldPanel("heading"),
        FieldPanel("introduction"),
        FieldPanel("notice"),
    ]
    search_fields = [*PairedPage.search_fields, index.SearchField("introduction")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
