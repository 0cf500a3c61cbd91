"""Pages about an engagement. Which kinds there are, `cms.pages` says."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.search import index

from cms.publishing.blocks import PARAGRAPH_FEATURES, SECTION_FEATURES
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import Code, Problem
from feedback.asking.enums import EngagementKind
from feedback.asking.life import Phase
from feedback.asking.models import Engagement
from feedback.people.models import Department


class EngagementPage(PairedPage):
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
    engagement_path: ClassVar[str | None] = "engagement"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["reporting.FindingsPage"]
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
    def engagement_shown(self) -> Engagement | None:
        return self.engagement if self.engagement_id else None

    @property
    def phase(self) -> Phase:
        phase: Phase = self.engagement.phase()
        return phase

    @property
    def is_closed(self) -> bool:
        return self.phase.is_closed

    @property
    def is_withdrawn(self) -> bool:
        return self.phase.is_withdrawn

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
        elif not self.engagement.is_approved:
            problems.append(Problem(Code.NOT_APPROVED))
        if self.engagement_id and self.engagement.kind != self.kind:
            problems.append(Problem(Code.KIND))
        return problems
