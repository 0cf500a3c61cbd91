"""What the page of an engagement shows beside its own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext

from analysis.figures.charts import format_count, format_share
from analysis.figures.disclosure import shares_told, total_told
from cms.pages.selectors.status import status_class, status_text
from cms.publishing.models.engagements import EngagementPage
from cms.reporting.models import FindingsPage
from feedback.asking.enums import EngagementKind
from feedback.asking.life import Phase
from feedback.asking.models import Engagement, Question, Questionnaire
from feedback.asking.selectors.engagements import EngagementCounts, engagement_counts
from feedback.asking.selectors.questionnaires import questions_of
from feedback.bilingual import Language
from feedback.dates import date_range, is_french, long_date, moment_with_zone


@dataclass(frozen=True, slots=True)
class Step:
    """One step of what happens next; ``state`` is ``done``, ``now`` or ``later``."""

    label: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class DocumentLink:
    title: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """The questions of one page of the form; ``first`` is the number of its first question."""

    title: str
    first: int
    questions: list[Question]


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """What a page says of its engagement at this moment."""

    engagement: Engagement
    phase: Phase
    status: str
    status_class: str
    answer_url: str
    window: str
    closes: str
    counts: EngagementCounts
    answers: str
    languages: str
    question_count: int
    minutes: int
    privacy_notice: str
    steps: tuple[Step, ...]
    documents: tuple[DocumentLink, ...]
    findings: tuple[FindingsPage, ...]
    questionnaire: Questionnaire | None

    @property
    def is_open(self) -> bool:
        return self.phase.is_open

    @property
    def is_closed(self) -> bool:
        return self.phase.is_closed

    @property
    def is_withdrawn(self) -> bool:
        return self.phase.is_withdrawn

    @property
    def is_over(self) -> bool:
        """Nobody can answer any more."""
        return self.phase.is_over

    @property
    def is_reported(self) -> bool:
        return self.phase.is_reported

    @property
    def is_survey(self) -> bool:
        return self.engagement.kind == EngagementKind.SURVEY

    @property
    def has_steps_ahead(self) -> bool:
        return any(step.state == "later" for step in self.steps)

    def question_pages(self) -> list[QuestionPage]:
        """The questions as the form's pages group them, numbered through."""
        if self.questionnaire is None:
            return []
        pages: list[QuestionPage] = []
        for number, question in enumerate(questions_of(self.questionnaire), start=1):
            if question.page_title or not pages:
                pages.append(QuestionPage(question.page_title, number, []))
            pages[-1].questions.append(question)
        return pages


def engagement_facts(page: EngagementPage) -> EngagementFacts:
    """Everything the page of an engagement shows beside its own words."""
    engagement = page.engagement
    phase = engagement.phase()
    questionnaire = Questionnaire.objects.filter(engagement=engagement).first()
    counts = engagement_counts(engagement)
    reports = tuple(
        FindingsPage.objects.child_of(page)
        .live()
        .select_related("snapshot__engagement__department")
        .order_by("-first_published_at")
    )
    return EngagementFacts(
        engagement=engagement,
        phase=phase,
        status=status_text(engagement, phase),
        status_class=status_class(phase),
        answer_url=answer_url(engagement) if phase.is_open else "",
        window=_window(engagement),
        closes=moment_with_zone(engagement.closes_at) if engagement.closes_at else "",
        counts=counts,
        answers=_answers(engagement, counts, reports),
        languages=_language_split(engagement, counts, phase, reports),
        question_count=questionnaire.questions.count() if questionnaire else 0,
        minutes=questionnaire.minutes if questionnaire else 0,
        privacy_notice=questionnaire.privacy_notice if questionnaire else "",
        steps=steps_of(getattr(page, "next_steps", ())),
        documents=_documents(getattr(page, "documents", ())),
        findings=reports,
        questionnaire=questionnaire,
    )


def _language() -> str:
    return "fr" if is_french() else "en"


def answer_url(engagement: Engagement) -> str:
    """Where to answer, in the language of the page."""
    try:
        return reverse("answering:answer", args=[engagement.reference_number])
    except NoReverseMatch:
        return ""


def _window(engagement: Engagement) -> str:
    if engagement.opens_at is None or engagement.closes_at is None:
        return ""
    return date_range(engagement.opens_at, engagement.closes_at)


def _answers(
    engagement: Engagement, counts: EngagementCounts, reports: tuple[FindingsPage, ...]
) -> str:
    """How many answered, as far as it may be told; nothing before the first count."""
    # Before the first count nothing is known; "0" would be a lie.
    if not counts.counted_at or any(report.numbers.responses is None for report in reports):
        return ""
    smallest = engagement.department.smallest_cell
    total = total_told(counts.total, smallest=smallest)
    if total is None:
        return gettext("Fewer than %(n)s") % {"n": format_count(smallest, _language())}
    return format_count(total, _language())


def _language_split(
    engagement: Engagement,
    counts: EngagementCounts,
    phase: Phase,
    reports: tuple[FindingsPage, ...],
) -> str:
    """`61% English, 39% French`, as far as it may be told and a report does not hide it."""
    shares = shares_told(
        counts.by_language,
        smallest=engagement.department.smallest_cell,
        is_growing=phase.is_open,
    )
    if not shares or any(not report.numbers.languages for report in reports):
        return ""
    language = _language()
    return gettext("%(en)s English, %(fr)s French") % {
        "en": format_share(shares[Language.EN], language),
        "fr": format_share(shares[Language.FR], language),
    }


def steps_of(blocks: Iterable[Any], today: date | None = None) -> tuple[Step, ...]:
    """The steps in order of time; the last one begun is now, those before it are done."""
    day = today or timezone.localdate()
    values = sorted((block.value for block in blocks), key=lambda value: value["starts_on"])
    begun = sum(value["starts_on"] <= day for value in values)
    return tuple(
        Step(
            label=value["label"],
            when=value["when"] or long_date(value["starts_on"]),
            state="done" if index < begun - 1 else "now" if index == begun - 1 else "later",
        )
        for index, value in enumerate(values)
    )


def _documents(blocks: Iterable[Any]) -> tuple[DocumentLink, ...]:
    links = []
    for block in blocks:
        document = block.value["document"]
        if document is None:
            continue
        parts = [document.file_extension.upper(), filesizeformat(document.get_file_size() or 0)]
        if block.value["note"]:
            parts.append(block.value["note"])
        links.append(DocumentLink(block.value["title"], document.url, ", ".join(parts)))
    return tuple(links)
