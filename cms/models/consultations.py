"""The pages that publish an engagement."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.forms import EngagementPageForm
from cms.models.blocks import (
    PARAGRAPH_FEATURES,
    SECTION_FEATURES,
    DocumentBlock,
    StableStreamField,
    StepBlock,
)
from cms.models.paired import PairedPage
from cms.parity import Code, Problem
from feedback.enums import EngagementKind, EngagementStatus, Phase
from feedback.models import Department, Engagement

CLOSED_PHASES = frozenset({Phase.CLOSED, Phase.OUTCOME_PUBLISHED, Phase.NO_REPORT_EXPECTED})
QUESTIONS_PART = "questions/"


class EngagementPage(RoutablePageMixin, PairedPage):  # type: ignore[misc]
    """What the two kinds of engagement pages share.

    The English and the French page point to the same engagement, so there is one questionnaire
    and one set of answers. What is open, how long, how many answered: never written here, always
    computed.
    """

    engagement = models.ForeignKey(
        Engagement,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("engagement"),
        help_text=_("The same in both languages."),
    )
    short_title = models.CharField(
        _("short title"),
        max_length=150,
        help_text=_(
            "The subject without the call to take part: “Opening hours of service counters”. "
            "Used after closing and in lists."
        ),
    )
    lead = models.TextField(
        _("lead"), help_text=_("Two or three sentences: what, and why it matters.")
    )
    why = RichTextField(_("why we are asking"), features=SECTION_FEATURES)
    how_used = RichTextField(_("how your input will be used"), features=SECTION_FEATURES)
    who_decides = models.CharField(_("who decides"), max_length=300)
    other_ways = RichTextField(_("other ways to answer"), blank=True, features=PARAGRAPH_FEATURES)
    contact = RichTextField(_("contact"), features=PARAGRAPH_FEATURES)
    notice = models.TextField(
        _("notice"), blank=True, help_text=_("Shown at the foot of the page, when not empty.")
    )

    kind: ClassVar[EngagementKind]
    department_path: ClassVar[str | None] = "engagement__department"
    base_form_class = EngagementPageForm
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.FindingsPage"]
    search_fields = [
        *PairedPage.search_fields,
        index.SearchField("short_title"),
        index.SearchField("lead"),
        index.SearchField("why"),
        index.FilterField("engagement"),
    ]

    class Meta:
        abstract = True

    @property
    def department(self) -> Department | None:
        return self.engagement.department if self.engagement_id else None

    @property
    def phase(self) -> Phase:
        phase: Phase = self.engagement.phase()
        return phase

    @property
    def is_closed(self) -> bool:
        return self.phase in CLOSED_PHASES

    @property
    def is_withdrawn(self) -> bool:
        return self.phase == Phase.WITHDRAWN

    @property
    def heading(self) -> str:
        """The title; once nobody can answer, the subject alone and the fact that it is over."""
        if self.is_closed:
            return gettext("%(subject)s: Closed consultation") % {"subject": self.short_title}
        if self.is_withdrawn:
            return gettext("%(subject)s: Withdrawn consultation") % {"subject": self.short_title}
        title: str = self.title
        return title

    def pair_problems(self, other: PairedPage) -> list[Problem]:
        problems = []
        assert isinstance(other, EngagementPage)  # noqa: S101 (for the type checker)
        if self.engagement_id != other.engagement_id:
            problems.append(Problem(Code.ENGAGEMENT))
        elif self.engagement.status in (EngagementStatus.DRAFT, EngagementStatus.IN_REVIEW):
            problems.append(Problem(Code.NOT_APPROVED))
        if self.engagement_id and self.engagement.kind != self.kind:
            problems.append(Problem(Code.KIND))
        return problems

    def part_of(self, request: HttpRequest | None) -> str:
        own = self.get_url(request) if request is not None else None
        return QUESTIONS_PART if own and request and request.path == own + QUESTIONS_PART else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.selectors import engagement_facts

        return {
            **super().get_context(request, *args, **kwargs),
            "facts": engagement_facts(self),
        }

    @path(QUESTIONS_PART, name="questions")  # type: ignore[untyped-decorator]
    def questions(self, request: HttpRequest) -> HttpResponse:
        """Every question before anyone has to begin: to think, to print, to ask around."""
        return TemplateResponse(request, "cms/questions.html", self.get_context(request))


class ConsultationPage(EngagementPage):
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
        HelpPanel(template="cms/admin/pair_panel.html"),
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
    template = "cms/consultation_page.html"

    class Meta:
        verbose_name = _("consultation page")
        verbose_name_plural = _("consultation pages")


class SurveyPage(EngagementPage):
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
        HelpPanel(template="cms/admin/pair_panel.html"),
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
    template = "cms/survey_page.html"

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
