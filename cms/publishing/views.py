"""Staff views of this room: comparing a pair, publishing it, drafting findings, downloads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views import View
from wagtail.models import Page

from cms.publishing.comparison import comparison
from cms.publishing.faces import face_of
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import LANGUAGES, Face, ParityError
from cms.publishing.permissions import may_publish_page, page_to_edit
from cms.publishing.policies import tags_visible_to
from cms.publishing.selectors import is_as_published
from cms.publishing.services import pairs
from cms.publishing.services.verdicts import pair_verdict
from feedback.approval.enums import Deed
from feedback.approval.people import approvers_beside
from feedback.approval.refusals import ReviewRefused
from feedback.approval.selectors import review_for
from feedback.approval.services.reviews import review_act
from feedback.dates import long_date
from feedback.people.permissions import signed_in


def publish_pair(
    request: HttpRequest,
    page: PairedPage,
    *,
    concerns_one_language: bool = False,
    reason: str = "",
) -> HttpResponse:
    """Publish both, and go to the comparison with the reasons if the gate says no."""
    try:
        pair = pairs.pair_publish(
            page=page,
            user=signed_in(request),
            concerns_one_language=concerns_one_language,
            reason=reason,
        )
    except ParityError as refusal:
        # What stands in the way of the pair itself, the comparison lists.
        why = "" if refusal.problems else f" {refusal}"
        messages.error(request, gettext("Nothing was published. Your draft is saved.") + why)
        return redirect("cms_pair", page.pk)
    draft = pair.english.get_latest_revision_as_object()
    if draft.go_live_at and draft.has_unpublished_changes:
        messages.success(
            request,
            gettext("Both languages will be published on %(date)s.")
            % {"date": long_date(draft.go_live_at)},
        )
    else:
        messages.success(request, gettext("Both languages are published."))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def bulk_pairs(request: HttpRequest, action: str, pages: list[PairedPage]) -> HttpResponse | None:
    """Publish or take down each pair once; the rest of Wagtail's bulk action is not needed."""
    if request.method != "POST":
        return None
    parent = pages[0].get_parent()
    for page in {page.translation_key: page for page in pages}.values():
        try:
            if action == "publish":
                pairs.pair_publish(page=page, user=signed_in(request))
            else:
                pairs.pair_unpublish(page=page, user=signed_in(request))
        except ParityError as refusal:
            messages.error(request, f"{page.title}: {refusal}")
        else:
            messages.success(request, gettext("Both languages: %(title)s") % {"title": page.title})
    return redirect("wagtailadmin_explore", parent.pk)


class PairView(View):
    """Both drafts side by side, what keeps them from being published, and the button."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        page = Page.objects.filter(pk=kwargs["page_id"]).first()
        found = page.specific if page is not None else None
        if not isinstance(found, PairedPage):
            raise Http404
        self.page = page_to_edit(request.user, found)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        return self._shown(request)

    def _shown(self, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        review = review_for(request.user, self.page)
        verdict = pair_verdict(page=self.page)
        counterpart = self.page.counterpart
        both = {each.language: each for each in (self.page, counterpart) if each is not None}
        drafts = {language: page.get_latest_revision_as_object() for language, page in both.items()}
        sections = (
            comparison(drafts["en"], drafts["fr"], verdict.problems, _published(both))
            if counterpart is not None
            else []
        )
        return render(
            request,
            "publishing/admin/pair.html",
            {
                "page": self.page,
                "verdict": verdict,
                "columns": [
                    {
                        "language": language,
                        "page": both.get(language),
                        "draft": drafts.get(language),
                        "preview": both[language].draft_address() if language in both else "",
                    }
                    for language in LANGUAGES
                ],
                "sections": sections,
                "changes": sum(section.changes for section in sections),
                "has_counterpart": counterpart is not None,
                "is_as_published": is_as_published(self.page),
                "is_live": any(each.live for each in both.values()),
                "desk": self.page.desk_address(),
                "engagement": _engagement_address(self.page),
                "review": review,
                # In review, the review's own yes publishes.
                "may_publish": may_publish_page(request.user, self.page)
                and not review.is_under_way
                and not approvers_beside(request.user, self.page),
                **more,
            },
            status=status,
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if request.POST.get("action") == "begin":
            draft = pairs.counterpart_draft(page=self.page, user=signed_in(request))
            return redirect("wagtailadmin_pages:edit", draft.pk)
        if "deed" in request.POST:
            return self._review(request)
        if not may_publish_page(request.user, self.page):
            raise PermissionDenied
        return publish_pair(
            request,
            self.page,
            concerns_one_language=request.POST.get("one_language") == "on",
            reason=request.POST.get("reason", "").strip()[:500],
        )

    def _review(self, request: HttpRequest) -> HttpResponse:
        """Do what a person decided, or say why not, with what was typed."""
        try:
            deed = review_act(thing=self.page, actor=signed_in(request), form=request.POST)
        except (ReviewRefused, ParityError) as refusal:
            return self._shown(
                request,
                status=422,
                refusal=_refusal_said(refusal),
                comment=request.POST.get("comment", ""),
            )
        messages.success(request, str(DONE[deed]))
        return redirect(reverse("cms_pair", args=[self.page.pk]) + "#review")


def _refusal_said(refusal: ReviewRefused | ParityError) -> str:
    if isinstance(refusal, ParityError) and refusal.problems:
        return gettext("It was not approved: the pages cannot be published yet.") + f" {refusal}"
    return str(refusal)


# What a person has done, said after it.
DONE: dict[Deed, Promise] = {
    Deed.SEND: gettext_lazy("Both languages were sent for review."),
    Deed.AGREE: gettext_lazy("Your answer is kept."),
    Deed.ASK: gettext_lazy("Changes are asked for; the authors have both languages again."),
    Deed.TAKE_BACK: gettext_lazy("Taken back: both languages can be changed again."),
}


def _published(both: dict[str, PairedPage]) -> tuple[Face, Face] | None:
    """What readers see of it, by language; None where it was never published."""
    english, french = (both.get(language) for language in LANGUAGES)
    if english is None or french is None or not (english.live and french.live):
        return None
    return face_of(english), face_of(french)


def _engagement_address(page: PairedPage) -> str:
    """Where what the pages ask is approved."""
    engagement = page.engagement_shown
    if engagement is None:
        return ""
    return reverse("asking:engagement", args=[engagement.reference_number])


# How many tags are offered for what was typed so far.
TAGS_OFFERED = 10


def own_tags(request: HttpRequest, **_asked: str) -> JsonResponse:
    """Tags to choose from: those on files of the person's departments, whose words they are."""
    begins = request.GET.get("term", "")
    found = tags_visible_to(request.user).filter(name__istartswith=begins).order_by("name")
    return JsonResponse([tag.name for tag in found[:TAGS_OFFERED] if begins], safe=False)
