"""Which page is an engagement's."""

from __future__ import annotations

from django.apps import apps

from cms.publishing.models import EngagementPage
from feedback.asking.models import Engagement


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
