"""What we heard."""

from __future__ import annotations

import json
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.search import index

from analysis.review.selectors.quotes import Belonging, QuoteView
from cms.publishing.blocks import PARAGRAPH_FEATURES, StableStreamField
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import Code, Problem
from cms.reporting import downloads, sentences
from cms.reporting.blocks import ThemeBlock
from cms.reporting.models.snapshots import FindingsSnapshot
from cms.reporting.numbers import Numbers
from cms.reporting.quotes import Fault, empty_quotes, numbers_kept, page_quotes, quote_faults
from feedback.asking.enums import EngagementKind
from feedback.asking.models import Engagement
from feedback.people.models import Department


class FindingsPage(RoutablePageMixin, PairedPage):  # type: ignore[misc]
    """What one question brought and what the department decided, in one language.

    Drafted by ``findings_draft`` from themes people reviewed; words are people's to edit, numbers
    come from the snapshot, quotes are read from the answers as they stand when the page is shown.
    """

    snapshot = models.ForeignKey(
        FindingsSnapshot,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("snapshot"),
        editable=False,
    )
    lead = models.TextField(_("lead"), help_text=_("The finding in one or two sentences."))
    summary = RichTextField(_("summary"), blank=True, features=PARAGRAPH_FEATURES)
    themes = StableStreamField([("theme", ThemeBlock())], verbose_name=_("themes"), blank=True)
    not_decided = RichTextField(
        _("what we will not do now, and why"), blank=True, features=PARAGRAPH_FEATURES
    )
    method_note = RichTextField(_("note on method"), blank=True, features=PARAGRAPH_FEATURES)
    thanks = models.TextField(_("thanks"), blank=True)

    parent_page_types = ["pages.ConsultationPage", "pages.SurveyPage"]
    subpage_types: ClassVar[list[str]] = []
    parity_fields: ClassVar[tuple[str, ...]] = (
        *PairedPage.parity_fields,
        "snapshot",
        "lead",
        "summary",
        "themes",
        "not_decided",
        "method_note",
        "thanks",
    )
    content_panels = [
        HelpPanel(template="publishing/admin/pair_panel.html"),
        *PairedPage.content_panels,
        FieldPanel("lead"),
        FieldPanel("summary"),
        FieldPanel("themes"),
        FieldPanel("not_decided"),
        FieldPanel("method_note"),
        FieldPanel("thanks"),
    ]
    search_fields = [
        *PairedPage.search_fields,
        index.SearchField("lead"),
        index.SearchField("summary"),
    ]
    engagement_path: ClassVar[str | None] = "snapshot__engagement"
    template = "reporting/findings_page.html"

    class Meta:
        verbose_name = _("findings page")
        verbose_name_plural = _("findings pages")

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        """Never by hand: a report without its numbers is none. ``findings_draft`` makes them."""
        return False

    @property
    def department(self) -> Department | None:
        return self.snapshot.engagement.department if self.snapshot_id else None

    @property
    def asked_by(self) -> str:
        """As it was called when the report was drafted, whatever it is called now."""
        if not self.snapshot_id:
            return ""
        return self.snapshot.told.asked_by(self.locale.language_code) or super().asked_by

    @property
    def answered_for_by(self) -> str:
        """Who answers for it now: what the department is called today, or the one it went into."""
        department = self.department
        if department is None:
            return ""
        return (department.successor or department).name

    @property
    def engagement_shown(self) -> Engagement | None:
        return self.snapshot.engagement if self.snapshot_id else None

    def desk_address(self) -> str:
        question = self.snapshot.question
        reference = self.snapshot.engagement.reference_number
        return reverse("review:desk", args=[reference, question.code])

    def draft_address(self) -> str:
        return reverse("reporting:findings_preview", args=[self.pk])

    def quoted(self) -> dict[tuple[str, int], QuoteView]:
        return page_quotes(self)

    def numbers_in_words(self, code: str) -> str:
        return sentences.said_of(self.numbers, code) if code else ""

    @property
    def numbers(self) -> Numbers:
        """What may be published, whatever the snapshot holds."""
        return cast(FindingsSnapshot, self.snapshot).told

    def clean(self) -> None:
        """No quote but of its own theme. One that left it since it was chosen, by the person who
        wrote it or the people who review, shows nothing and does not stand in the way."""
        super().clean()
        self._refuse_quotes(are_themes_asked=True)

    def minimal_clean(self) -> None:
        """What Wagtail asks of a page that is not live."""
        super().minimal_clean()
        self._refuse_quotes(are_themes_asked=False)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; a draft that quotes anybody else is never kept, however it is made."""
        self._refuse_quotes(are_themes_asked=False)
        return super().save_revision(*args, **kwargs)

    def _refuse_quotes(self, *, are_themes_asked: bool) -> None:
        if not self.snapshot_id:
            return
        faults = quote_faults(self)
        if not faults:
            return
        kept = self._quotes_kept()
        for fault in faults:
            is_new = (fault.theme, fault.passage) not in kept
            if fault.what == Belonging.FOREIGN or (
                is_new and (are_themes_asked or fault.what == Belonging.GONE)
            ):
                raise ValidationError({"themes": _quote_problem(fault).message})

    def _quotes_kept(self) -> set[tuple[str, int]]:
        """The quotes of the newest draft and of what is scheduled: looked at when chosen."""
        if not self.pk:
            return set()
        stored = self.revisions.filter(
            models.Q(pk=self.latest_revision_id) | models.Q(approved_go_live_at__isnull=False)
        )
        return {
            quote
            for content in stored.values_list("content", flat=True)
            for quote in numbers_kept(json.loads(content.get("themes") or "[]"))
        }

    def pair_problems(self, other: PairedPage) -> list[Problem]:
        engagement = self.snapshot.engagement
        known = set(self.numbers.codes)
        return [
            *(
                [Problem(Code.STILL_OPEN)]
                if engagement.is_open and engagement.kind == EngagementKind.CONSULTATION
                else []
            ),
            *self._unknown_themes(known),
            *(
                Problem(Code.QUOTE_GONE, label=label)
                for page in (self, cast(FindingsPage, other))
                for label in empty_quotes(page)
            ),
            *(
                _quote_problem(fault)
                for page in (self, cast(FindingsPage, other))
                for fault in quote_faults(page)
                if fault.theme in known or fault.what == Belonging.FOREIGN
            ),
        ]

    def _unknown_themes(self, known: set[str]) -> list[Problem]:
        return [
            Problem(Code.UNKNOWN_THEME, label=label)
            for code, label in {
                block.value["code"]: block.value["heading"] or block.value["code"]
                for block in self.themes
            }.items()
            if code not in known
        ]

    @path("themes/csv/", name="csv")  # type: ignore[untyped-decorator]
    def csv(self, request: HttpRequest) -> HttpResponse:
        """The numbers of the chart, both languages in one file, for a spreadsheet."""
        return _csv(downloads.themes_csv(self.numbers), f"{self.slug}.csv")

    @path("splits/csv/", name="splits_csv")  # type: ignore[untyped-decorator]
    def splits_csv(self, request: HttpRequest) -> HttpResponse:
        """Themes beside closed questions, both languages in one file, small counts hidden."""
        return _csv(downloads.splits_csv(self.numbers), f"{self.slug}-2.csv")

    @path("themes/svg/", name="svg")  # type: ignore[untyped-decorator]
    def svg(self, request: HttpRequest) -> HttpResponse:
        """The chart as a picture that stands alone, in the language of the page."""
        picture = downloads.themes_svg(self.numbers, self.language)
        return _attachment(picture, "image/svg+xml", f"{self.slug}.svg")


def _csv(table: str, name: str) -> HttpResponse:
    return _attachment(table, "text/csv; charset=utf-8", name)


def _attachment(content: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _quote_problem(fault: Fault) -> Problem:
    is_foreign = fault.what == Belonging.FOREIGN
    return Problem(Code.UNKNOWN_QUOTE if is_foreign else Code.QUOTE_GONE, label=fault.label)
