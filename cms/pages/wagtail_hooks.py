"""Wiring into Wagtail's admin: the site's name and footer."""

from __future__ import annotations

from typing import Any

from django.urls import path
from wagtail import hooks

from cms.pages.views import SiteSettingsEdit


# Before Wagtail's own address of the settings, which it stands in for.
@hooks.register("register_admin_urls", order=-1)  # type: ignore[untyped-decorator]
def admin_urls() -> list[Any]:
    edit = SiteSettingsEdit.as_view()
    return [
        path("settings/<slug:app_name>/<slug:model_name>/<int:pk>/", edit, name="cms_settings_edit")
    ]
