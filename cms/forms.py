"""Forms of the page editor."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from feedback.selectors.engagements import engagements_visible_to


class EngagementPageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Offers the engagements of the editor's own departments, of the page's kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("engagement")
        if field is not None and self.for_user is not None:
            field.queryset = engagements_visible_to(self.for_user).filter(kind=self.instance.kind)
