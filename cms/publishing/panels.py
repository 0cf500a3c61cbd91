"""What the first screen of the admin shows, within the person's departments."""

from __future__ import annotations

from typing import Any

from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.admin.views.home import LockedPagesPanel, RecentEditsPanel
from wagtail.models import Page

from cms.publishing.policies import pages_visible_to


class OwnPagesSummaryItem(PagesSummaryItem):  # type: ignore[misc]
    """How many pages there are, for this person."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        pages = pages_visible_to(self.request.user, Page.objects.filter(depth__gt=1))
        context["total_pages"] = pages.count()
        return context


class OwnRecentEditsPanel(RecentEditsPanel):  # type: ignore[misc]
    """What the person wrote last; without the pages of a department they have left."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        edited = [page.pk for _when, page in context["last_edits"]]
        visible = set(
            pages_visible_to(
                parent_context["request"].user, Page.objects.filter(pk__in=edited)
            ).values_list("pk", flat=True)
        )
        context["last_edits"] = [
            (when, page) for when, page in context["last_edits"] if page.pk in visible
        ]
        return context


class OwnLockedPagesPanel(LockedPagesPanel):  # type: ignore[misc]
    """What the person locked; without the pages of a department they have left."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        context["locked_pages"] = pages_visible_to(
            parent_context["request"].user, context["locked_pages"]
        )
        return context


OF_OWN_PAGES = {RecentEditsPanel: OwnRecentEditsPanel, LockedPagesPanel: OwnLockedPagesPanel}
