"""The pages that publish an engagement."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from cms.pages.blocks import DocumentBlock, StepBlock
from cms.publishing.blocks import StableStreamField
from cms.publishing.models.engagements import EngagementPage
from cms.publishing.models.paired import PairedPage
from feedback.asking.enums import EngagementKind

QUESTIONS_PART = "questions/"


class AskingPage(RoutablePageMixin, EngagementPage):  # type: ignore[misc]
    """What both kinds show: the facts beside their words, and the questions by themselves."""

    class Meta:
        abstract = True

    def part_of(self, request: HttpRequest | None) -> str:
        own = self.get_url(request) if request is not None else None
        return QUESTIONS_PART if own and request and request.path == own + QUESTIONS_PART else ""

    @path(QUESTIONS_PART, name="questions")  # type: ignore[untyped-decorator]
    def questions(self, request: HttpRequest) -> HttpResponse:
        """Every question before anyone has to begin: to think, to print, to ask around."""
        return TemplateResponse(request, "pages/questions.html", self.get_context(request))


class ConsultationPage(AskingPage):
    """A consultation in one language, from its announcement to its outcome, at one address."""

    next_steps = StableStreamField(
        [("step", StepBlock())], verbose_name=_("what happens next"), blank=True
    )
    documents = StableStreamField(
        [("document", DocumentBlock())], verbose_name=_("documents"), blank=True
    )

    kind: ClassVar[EngagementKind] = EngagementKind.CONSULTATION
    parity_fields: ClassVar[tuple[str, ...]] = (
        *PairedPage.parity_fields,
        "short_title",
        "lead",
        "why",
        "how_used",
        "who_decides",
        "next_steps",
        "other_ways",
        "documents",
        "contact",
        "notice",
    )
    content_panels = [
        HelpPanel(template="publishing/admin/pair_panel.html"),
        FieldPanel("engagement"),
        *PairedPage.content_panels,
        FieldPanel("short_title"),
        FieldPanel("lead"),
        FieldPanel("why"),
        FieldPanel("how_used"),
        FieldPanel("who_decides"),
        FieldPanel("next_steps"),
        MultiFieldPanel(
            [FieldPanel("other_ways"), FieldPanel("documents"), FieldPanel("contact")],
            heading=_("Beside the text"),
        ),
        FieldPanel("notice"),
    ]
    template = "pages/consultation_page.html"

    class Meta:
        verbose_name = _("consultation page")
        verbose_name_plural = _("consultation pages")


class SurveyPage(AskingPage):
    """A service survey in one language: short, so that people answer it."""

    kind: ClassVar[EngagementKind] = EngagementKind.SURVEY
    parity_fields: ClassVar[tuple[str, ...]] = (
        *PairedPage.parity_fields,
        "short_title",
        "lead",
        "why",
        "how_used",
        "who_decides",
        "other_ways",
        "contact",
        "notice",
    )
    content_panels = [
        HelpPanel(template="publishing/admin/pair_panel.html"),
        FieldPanel("engagement"),
        *PairedPage.content_panels,
        FieldPanel("short_title"),
        FieldPanel("lead"),
        FieldPanel("why"),
        FieldPanel("how_used"),
        FieldPanel("who_decides"),
        FieldPanel("other_ways"),
        FieldPanel("contact"),
        FieldPanel("notice"),
    ]
    template = "pages/survey_page.html"

    class Meta:
        verbose_name = _("survey page")
        verbose_name_plural = _("survey pages")

    @property
    def heading(self) -> str:
        if self.is_closed:
            return pgettext("survey", "%(subject)s: Closed survey") % {"subject": self.short_title}
        if self.is_withdrawn:
            return gettext("%(subject)s: Withdrawn survey") % {"subject": self.short_title}
        title: str = self.title
        return title
