"""Wiring into Wagtail's admin: how it looks."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def staff_look() -> SafeString:
    """https://docs.wagtail.org/en/stable/reference/hooks.html#insert-global-admin-css"""
    return format_html('<link rel="stylesheet" href="{}">', static("people/cms.css"))
