"""The way down to a page."""

from __future__ import annotations

from wagtail.models import Page


def crumbs_of(page: Page) -> list[tuple[str, str]]:
    """The pages above, from the front page down, as (address, title)."""
    above = page.get_ancestors().live().specific()
    return [
        (each.url or "", getattr(each, "short_title", "") or each.title)
        for each in above
        if each.depth > 1
    ]
