"""From reviewed themes to a report in both languages, and from the report to the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction
from django.utils.translation import override
from wagtail.coreutils import find_available_slug

from analysis.review.selectors.findings import Findings, findings_for, themes_not_named
from cms.publishing.excerpts import excerpt
from cms.publishing.selectors import Pair, engagement_page, pair_of
from cms.publishing.services.pairs import pair_create
from cms.reporting import sentences
from cms.reporting.frozen import as_json, digest_of
from cms.reporting.models import FindingsPage, FindingsSnapshot
from cms.reporting.models.snapshots import QuoteMark
from cms.reporting.numbers import Numbers, numbers_of
from cms.reporting.quotes import without_faults
from feedback.asking.enums import EngagementKind
from feedback.asking.models import Question
from feedback.asking.services.engagements import engagement_outcome_publish
from feedback.people.models import User

SLUGS = {"en": "what-we-heard", "fr": "ce-que-nous-avons-entendu"}


class FindingsNotReady(Exception):  # noqa: N818 (named for what happened, as pages say it)
    """There is nothing to report yet: ``reason`` is one of the codes below."""

    NO_THEMES = "no_themes"
    STILL_OPEN = "still_open"
    NO_PAGES = "no_pages"
    NOT_NAMED = "not_named"
    TOO_SMALL = "too_small"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@transaction.atomic
def findings_draft(*, question: Question, user: User) -> Pair:
    """Both drafts of the report on one question, below the pages of its consultation.

    The numbers that may be published are frozen in a new snapshot. A report that was begun before
    keeps every word people wrote and takes the new numbers; themes that are new to it are added at
    its end. Nothing is published. Raises ``FindingsNotReady``.
    """
    engagement = question.questionnaire.engagement
    if engagement.kind == EngagementKind.CONSULTATION and engagement.is_open:
        raise FindingsNotReady(FindingsNotReady.STILL_OPEN)
    parent = engagement_page(engagement, "en")
    if parent is None or parent.counterpart is None:
        raise FindingsNotReady(FindingsNotReady.NO_PAGES)
    if themes_not_named(question):
        raise FindingsNotReady(FindingsNotReady.NOT_NAMED)
    findings = findings_for(question)
    numbers = numbers_of(findings, question)
    if not findings.themes:
        raise FindingsNotReady(FindingsNotReady.NO_THEMES)
    if not numbers.top_themes:
        raise FindingsNotReady(FindingsNotReady.TOO_SMALL)
    plain = as_json(numbers)
    begun = FindingsPage.objects.child_of(parent).filter(snapshot__question=question).first()
    before = begun.snapshot.quotes_drafted if begun is not None else {}
    snapshot = FindingsSnapshot.objects.create(
        engagement=engagement,
        question=question,
        numbers=plain,
        digest=digest_of(plain),
        quotes_drafted=_quotes_drafted(findings, before),
        created_by=user,
    )
    if begun is not None:
        return _bring_up_to_date(pair_of(begun), snapshot, numbers, findings, user)
    parents = pair_of(parent)
    drafts = {
        language: _draft(language, snapshot, numbers, findings, parents.of(language))
        for language in ("en", "fr")
    }
    return pair_create(parent=parent, english=drafts["en"], french=drafts["fr"], user=user)


def _draft(
    language: str,
    snapshot: FindingsSnapshot,
    numbers: Numbers,
    findings: Findings,
    parent: Any,
) -> FindingsPage:
    return FindingsPage(
        **_words(numbers, language),
        slug=find_available_slug(parent, SLUGS[language]),
        snapshot=snapshot,
        themes=[_theme_block(findings, code, language) for code in numbers.codes],
    )


def _words(numbers: Numbers, language: str) -> dict[str, str]:
    """What the machine writes; people may write it over."""
    with override(language):
        lead = sentences.lead(numbers)
        return {
            "title": excerpt(sentences.title(numbers), 255),
            "lead": lead,
            "search_description": excerpt(lead, 300),
        }


def _theme_block(findings: Findings, code: str, language: str) -> tuple[str, dict[str, Any]]:
    theme = next(theme for theme in findings.themes if theme.code == code)
    return (
        "theme",
        {
            "code": code,
            "heading": theme.name_fr if language == "fr" else theme.name_en,
            "text": "",
            "quotes": [{"passage": pk} for pk in theme.quote_ids],
            "commitments": [],
        },
    )


def _quotes_drafted(findings: Findings, before: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """How the software came by the quotes it put into a draft, in this snapshot or one before."""
    drafted = {code: dict(quotes) for code, quotes in before.items()}
    for theme in findings.themes:
        for passage in theme.quote_ids:
            how = QuoteMark.DRAWN if passage in theme.at_random else QuoteMark.CHOSEN
            drafted.setdefault(theme.code, {}).setdefault(str(passage), how)
    return drafted


def _bring_up_to_date(
    pair: Pair,
    snapshot: FindingsSnapshot,
    numbers: Numbers,
    findings: Findings,
    user: User,
) -> Pair:
    for page in pair.pages:
        draft = cast(FindingsPage, page.get_latest_revision_as_object())
        language = draft.language
        written, new = draft.numbers, _words(numbers, language)
        for name, words in _words(written, language).items():
            # Still as the machine wrote it: nobody's words are lost by writing it anew.
            if getattr(draft, name) == words:
                setattr(draft, name, new[name])
        draft.snapshot = snapshot
        there = set()
        for block in draft.themes:
            there.add(block.value["code"])
            was, now = (each.name_of(block.value["code"], language) for each in (written, numbers))
            if was and now and block.value["heading"] == was:
                block.value["heading"] = now
        for code in numbers.codes:
            if code not in there:
                draft.themes.append(_theme_block(findings, code, language))
        without_faults(draft)
        draft.save_revision(user=user, clean=False)
    return pair_of(pair.english)


def outcome_publish(*, page: FindingsPage, user: User | None) -> None:
    """The report is out: so is the outcome of what it reports on, if that was still to come."""
    engagement_outcome_publish(
        engagement=page.snapshot.engagement,
        actor=user or page.snapshot.created_by,
        # Kept with the history, which is read in either language.
        reason=" · ".join(each.title for each in pair_of(page).pages),
    )


def report_published(sender: Any, page: FindingsPage, user: Any, **kwargs: Any) -> None:
    """pair_published of a report."""
    outcome_publish(page=page, user=user)
