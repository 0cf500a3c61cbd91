"""Wiring into Wagtail's admin: the screens from which an author picks a comment."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from cms.reporting import quote_chooser


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def admin_urls() -> list[Any]:
    return list(quote_chooser.urls)
