"""Wiring into Wagtail's admin. What happens is in services; who may is in permissions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    PublishMenuItem,
    WorkflowMenuItem,
)
from wagtail.admin.widgets import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from cms.publishing import policies, screens, views
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import ParityError
from cms.publishing.services import pairs
from cms.publishing.stale_pages import stale_refusal
from feedback.people.permissions import is_administrator, signed_in


class PublishBothMenuItem(PublishMenuItem):  # type: ignore[misc]
    """Wagtail's own button by its true name: it saves the draft, then asks the gate."""

    label = _("Publish both languages")
    template_name = "publishing/admin/publish_both.html"


class ReviewMenuItem(ActionMenuItem):  # type: ignore[misc]
    """To the screen that shows both languages: reviews are sent and answered there, never from
    that of one language. Saves the draft first, where it may be saved."""

    label = _("Review of both languages…")
    name = "action-review"
    icon_name = "site"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return bool(context["view"] == "edit")

    def get_url(self, context: dict[str, Any]) -> str | None:
        if context["locked_for_user"]:
            return reverse("cms_pair", args=[context["page"].pk]) + "#review"
        return None


@hooks.register("construct_page_action_menu")  # type: ignore[untyped-decorator]
def name_the_buttons(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """https://docs.wagtail.org/en/stable/reference/hooks.html#construct-page-action-menu"""
    page = context.get("page")
    if not isinstance(page, PairedPage):
        return
    is_in_review = page.workflow_in_progress
    shown: list[ActionMenuItem] = []
    for item in menu_items:
        if isinstance(item, WorkflowMenuItem | CancelWorkflowMenuItem):
            continue
        if item.name != "action-publish":
            shown.append(item)
        elif not is_in_review:
            shown.append(PublishBothMenuItem(order=item.order))
    review = ReviewMenuItem(order=35)
    if review.is_shown(context) and page.department is not None:
        shown.append(review)
    menu_items[:] = shown


@hooks.register("after_edit_page")  # type: ignore[untyped-decorator]
def on_to_the_review(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is saved; now both languages."""
    if "action-review" not in request.POST or not isinstance(page, PairedPage):
        return None
    return redirect(reverse("cms_pair", args=[page.pk]) + "#review")


@hooks.register("before_edit_page")  # type: ignore[untyped-decorator]
def refuse_stale_draft(request: HttpRequest, page: Page) -> HttpResponse | None:
    """What somebody else saved since this form was opened is not saved over without a word."""
    page = page.specific
    # Wagtail's own keeping of drafts as one types asks for JSON, and refuses by itself.
    if (
        request.method != "POST"
        or not request.accepts("text/html")
        or not isinstance(page, PairedPage)
    ):
        return None
    return stale_refusal(request, page)


@hooks.register("insert_editor_js")  # type: ignore[untyped-decorator]
def wait_for_the_draft() -> str:
    """A button pressed while the draft is being kept waits for it."""
    return format_html('<script src="{}"></script>', static("publishing/autosave.js"))


@hooks.register("before_publish_page")  # type: ignore[untyped-decorator]
def publish_both(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is saved by now; publish it with its counterpart, or say what is missing."""
    if not isinstance(page, PairedPage):
        return None
    return views.publish_pair(request, page)


@hooks.register("before_unpublish_page")  # type: ignore[untyped-decorator]
def unpublish_both(request: HttpRequest, page: Page) -> HttpResponse | None:
    page = page.specific
    if not isinstance(page, PairedPage) or request.method != "POST":
        return None
    pairs.pair_unpublish(page=page, user=signed_in(request))
    messages.success(request, gettext("Both languages were taken down."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")  # type: ignore[untyped-decorator]
def delete_both(request: HttpRequest, page: Page) -> HttpResponse | None:
    page = page.specific
    if not isinstance(page, PairedPage) or page.counterpart is None:
        return None
    parent = page.get_parent()
    if request.method != "POST":
        messages.warning(request, gettext("Both languages will be deleted."))
        return None
    try:
        pairs.pair_delete(page=page, user=signed_in(request))
    except ParityError as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_pages:edit", page.pk)
    messages.success(request, gettext("Both languages were deleted."))
    return redirect("wagtailadmin_explore", parent.pk)


@hooks.register("before_move_page")  # type: ignore[untyped-decorator]
def move_both(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    page = page.specific
    if not isinstance(page, PairedPage) or request.method != "POST":
        return None
    try:
        pairs.pair_move(page=page, target=destination, user=signed_in(request))
    except ParityError as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    messages.success(request, gettext("Both languages were moved."))
    return redirect("wagtailadmin_explore", destination.pk)


@hooks.register("before_bulk_action")  # type: ignore[untyped-decorator]
def bulk_in_pairs(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    """Bulk actions take each pair once, and stop at what one page alone may not do."""
    paired = [obj.specific for obj in objects if isinstance(obj, Page)]
    paired = [page for page in paired if isinstance(page, PairedPage)]
    if not paired:
        return None
    if action_type in ("publish", "unpublish"):
        return views.bulk_pairs(request, action_type, paired)
    if action_type in ("delete", "move"):
        messages.error(
            request, gettext("Delete or move these pages one by one: both languages go together.")
        )
        return redirect("wagtailadmin_explore", paired[0].get_parent().pk)
    return None


@hooks.register("after_create_page")  # type: ignore[untyped-decorator]
def begin_counterpart(request: HttpRequest, page: Page) -> None:
    """A page begun in one language is begun in the other too, as a draft to be written."""
    if not isinstance(page, PairedPage) or page.counterpart is not None:
        return
    parent = page.get_parent().specific
    if isinstance(parent, PairedPage) and parent.counterpart is None:
        return
    pairs.counterpart_draft(page=page, user=signed_in(request))
    messages.info(
        request,
        gettext(
            "Its counterpart was begun as a draft with the same words. Write it in its own "
            "language: neither is published before."
        ),
    )


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]
def pair_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Any:
    if isinstance(page, PairedPage) and page.permissions_for_user(user).can_edit():
        yield Button(
            _("Compare both languages"),
            reverse("cms_pair", args=[page.pk]),
            icon_name="site",
            priority=5,
        )


@hooks.register("construct_page_chooser_queryset")  # type: ignore[untyped-decorator]
def choose_among_own(pages: Any, request: HttpRequest) -> Any:
    """The chooser asks no policy, but us."""
    return policies.pages_visible_to(request.user, pages)


@hooks.register("construct_admin_api")  # type: ignore[untyped-decorator]
def own_pages_by_api(router: Any) -> None:
    """https://docs.wagtail.org/en/stable/reference/hooks.html"""
    router.register_endpoint("pages", policies.PagesOfOwnDepartments)


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
@hooks.register("construct_reports_menu")  # type: ignore[untyped-decorator]
@hooks.register("construct_settings_menu")  # type: ignore[untyped-decorator]
def offer_what_there_is(request: HttpRequest, menu_items: list[Any]) -> None:
    """No entry leads to a screen that is not there for this person, or that nobody here needs:
    what is new in Wagtail; and reports on the site as a whole, which administrators read."""
    unwanted = {"help"} if is_administrator(request.user) else {"help", "reports"}
    menu_items[:] = [
        item
        for item in menu_items
        if item.name not in unwanted and screens.exists(request.user, item.url)
    ]


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def admin_urls() -> list[Any]:
    return [path("pair/<int:page_id>/", views.PairView.as_view(), name="cms_pair")]


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def log_actions(actions: Any) -> None:
    actions.register_action(
        "cms.pair.one_language", _("Publish one language"), _("Published a change to one language")
    )

    @actions.register_action("cms.pair.refused")
    class Refused(LogFormatter):  # type: ignore[misc]
        label = _("Refuse to publish")

        def format_message(self, log_entry: Any) -> str:
            return gettext("Not published at its time: %(reasons)s") % {
                "reasons": ", ".join(log_entry.data.get("problems", []))
            }
