"""Wiring into Wagtail's admin. What may be done there is in viewsets and services."""

from __future__ import annotations

from wagtail import hooks

from feedback.asking.viewsets import FeedbackViewSetGroup


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def register_viewsets() -> FeedbackViewSetGroup:
    """https://docs.wagtail.org/en/stable/reference/hooks.html#register-admin-viewset"""
    return FeedbackViewSetGroup()
