"""Which pages belong together: the two languages of one, and an engagement's."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from wagtail.models import Page

from cms.publishing.models import EngagementPage, PairedPage
from cms.publishing.parity import LANGUAGES, Code, ParityError, Problem
from feedback.asking.models import Engagement


@dataclass(frozen=True, slots=True)
class Pair:
    """The two pages as they are in their table (live content), English first."""

    english: PairedPage
    french: PairedPage

    @property
    def pages(self) -> tuple[PairedPage, PairedPage]:
        return self.english, self.french

    def of(self, language: str) -> PairedPage:
        return self.english if language == "en" else self.french


def pair_of(page: PairedPage, *, is_locked: bool = False) -> Pair:
    """Both pages, read anew; with ``is_locked`` nobody else may publish either meanwhile.

    Raises ``ParityError`` where there is no counterpart.
    """
    model = type(page)
    rows = model._default_manager.filter(
        translation_key=page.translation_key, locale__language_code__in=LANGUAGES
    ).order_by("pk")
    if is_locked:
        # Of the base table only, always in the same order: two approvers cannot deadlock.
        list(
            Page.objects.select_for_update()
            .filter(translation_key=page.translation_key)
            .order_by("pk")
            .values_list("pk")
        )
    found = {row.language: row for row in rows}
    for language in LANGUAGES:
        if language not in found:
            raise ParityError([Problem(Code.NO_COUNTERPART, language=language)])
    return Pair(found["en"], found["fr"])


def is_as_published(page: PairedPage) -> bool:
    """Whether readers see both pages as they were last written."""
    rows = Page.objects.filter(
        translation_key=page.translation_key, locale__language_code__in=LANGUAGES
    )
    shown: int = rows.filter(live=True, has_unpublished_changes=False).count()
    return shown == len(LANGUAGES)


def engagement_page(
    engagement: Engagement, language: str, *, is_live: bool = False
) -> EngagementPage | None:
    """Its page in that language, of whatever kind; with ``is_live`` only a live one."""
    for model in apps.get_models():
        if not issubclass(model, EngagementPage):
            continue
        pages = model._default_manager.filter(engagement=engagement, locale__language_code=language)
        page: EngagementPage | None = (pages.filter(live=True) if is_live else pages).first()
        if page is not None:
            return page
    return None


def page_address_of(engagement: Engagement, language: str) -> str | None:
    """The address of the engagement's live page in that language; how the form finds its page."""
    page = engagement_page(engagement, language, is_live=True)
    if page is None:
        return None
    address: str | None = page.get_url()
    return address
