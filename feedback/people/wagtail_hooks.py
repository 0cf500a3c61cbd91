"""Wiring into Wagtail's admin: how it looks, and what its screens of users are not to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks

from feedback.people.models import User


@hooks.register("insert_global_admin_css")  # type: ignore[untyped-decorator]
def staff_look() -> SafeString:
    """https://docs.wagtail.org/en/stable/reference/hooks.html#insert-global-admin-css"""
    return format_html('<link rel="stylesheet" href="{}">', static("people/cms.css"))


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def users_one_by_one(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Deactivating, deleting or giving groups to many is one statement: no work would be handed
    over, and no audit log would tell it."""
    if action.model is not User:
        return None
    messages.error(request, _("Each account is dealt with by itself, on its own page."))
    return redirect("wagtailusers_users:index")
