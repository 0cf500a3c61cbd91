"""Staff views of this room: comparing a pair, publishing it, drafting findings, downloads."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.views import View
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from analysis.permissions import may_report
from cms.comparison import comparison
from cms.dates import long_date
from cms.models import FindingsPage
from cms.models.consultations import EngagementPage
from cms.models.paired import PairedPage
from cms.parity import LANGUAGES, ParityError
from cms.permissions import may_edit_page, may_publish_page
from cms.policies import tags_visible_to
from cms.services import findings, pairs
from feedback.models import Question
from feedback.permissions import may_see


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
            user=request.user,  # type: ignore[arg-type]
            concerns_one_language=concerns_one_language,
            reason=reason,
        )
    except ParityError:
        messages.error(request, gettext("Nothing was published. Your draft is saved."))
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
                pairs.pair_publish(page=page, user=request.user)  # type: ignore[arg-type]
            else:
                pairs.pair_unpublish(page=page, user=request.user)  # type: ignore[arg-type]
        except ParityError as refusal:
            messages.error(request, f"{page.title}: {refusal}")
        else:
            messages.success(request, gettext("Both languages: %(title)s") % {"title": page.title})
    return redirect("wagtailadmin_explore", parent.pk)


class PairView(View):
    """Both drafts side by side, what keeps them from being published, and the button."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        page = Page.objects.filter(pk=kwargs["page_id"]).first()
        self.page = page.specific if page is not None else None
        if not isinstance(self.page, PairedPage):
            raise Http404
        if not may_edit_page(request.user, self.page):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        assert isinstance(self.page, PairedPage)  # noqa: S101 (dispatch saw to it)
        verdict = pairs.pair_verdict(page=self.page)
        counterpart = self.page.counterpart
        both = {each.language: each for each in (self.page, counterpart) if each is not None}
        drafts = {language: page.get_latest_revision_as_object() for language, page in both.items()}
        return render(
            request,
            "cms/admin/pair.html",
            {
                "page": self.page,
                "verdict": verdict,
                "columns": [
                    {
                        "language": language,
                        "page": both.get(language),
                        "draft": drafts.get(language),
                        "preview": _preview_address(both.get(language)),
                    }
                    for language in LANGUAGES
                ],
                "sections": comparison(drafts["en"], drafts["fr"], verdict.problems)
                if counterpart is not None
                else [],
                "has_counterpart": counterpart is not None,
                "is_live": any(each.live for each in both.values()),
                "desk": _desk_address(self.page),
                "engagement": _engagement_address(self.page),
                "may_publish": may_publish_page(request.user, self.page),
            },
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        assert isinstance(self.page, PairedPage)  # noqa: S101 (dispatch saw to it)
        if request.POST.get("action") == "begin":
            draft = pairs.counterpart_draft(page=self.page, user=request.user)  # type: ignore[arg-type]
            return redirect("wagtailadmin_pages:edit", draft.pk)
        if not may_publish_page(request.user, self.page):
            raise PermissionDenied
        return publish_pair(
            request,
            self.page,
            concerns_one_language=request.POST.get("one_language") == "on",
            reason=request.POST.get("reason", "").strip()[:500],
        )


def _preview_address(page: PairedPage | None) -> str:
    """Where a draft is seen as readers would see it; only reports have such a page of their own."""
    return reverse("cms:findings_preview", args=[page.pk]) if isinstance(page, FindingsPage) else ""


def _engagement_address(page: PairedPage) -> str:
    """Where what the pages ask is approved."""
    if isinstance(page, FindingsPage):
        engagement = page.snapshot.engagement
    elif isinstance(page, EngagementPage):
        engagement = page.engagement
    else:
        return ""
    return reverse("feedback_staff:engagement", args=[engagement.reference_number])


def _desk_address(page: PairedPage) -> str:
    """The desk on which the themes of a report are reviewed."""
    if not isinstance(page, FindingsPage):
        return ""
    question = page.snapshot.question
    reference = page.snapshot.engagement.reference_number
    return reverse("analysis:desk", args=[reference, question.code])


# How many tags are offered for what was typed so far.
TAGS_OFFERED = 10


def own_tags(request: HttpRequest, **_asked: str) -> JsonResponse:
    """Tags to choose from: those on files of the person's departments, whose words they are."""
    begins = request.GET.get("term", "")
    found = tags_visible_to(request.user).filter(name__istartswith=begins).order_by("name")
    return JsonResponse([tag.name for tag in found[:TAGS_OFFERED] if begins], safe=False)


@login_required
@require_POST
def findings_draft_view(request: HttpRequest, question_id: int) -> HttpResponse:
    """Draft the report on one question, for an analyst or a publisher of its department."""
    question = _question_for(request.user, question_id)
    begun = FindingsPage.objects.filter(snapshot__question=question).exists()
    try:
        pair = findings.findings_draft(question=question, user=cast(AbstractBaseUser, request.user))
    except findings.FindingsNotReady as refusal:
        engagement = question.questionnaire.engagement
        desk = reverse("analysis:desk", args=[engagement.reference_number, question.code])
        context = {"reason": refusal.reason, "question": question, "desk": desk}
        return render(request, "cms/staff/findings_not_ready.html", context, status=409)
    messages.success(
        request,
        gettext("Both drafts are brought up to date. What people wrote in them is kept.")
        if begun
        else gettext("The report is drafted in both languages. Nothing is published."),
    )
    if may_edit_page(request.user, pair.english):
        return redirect("cms_pair", pair.english.pk)
    return redirect("cms:findings_preview", pair.of(get_language() or "en").pk)


@login_required
@require_safe
def findings_preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """The draft of a report as its readers would see it, for whoever works in the department."""
    page = FindingsPage.objects.filter(pk=page_id).first()
    if page is None or not may_see(request.user, page.snapshot.engagement):
        raise Http404
    draft = page.get_latest_revision_as_object()
    counterpart = page.counterpart
    if counterpart is not None:
        draft.preview_counterpart_address = reverse("cms:findings_preview", args=[counterpart.pk])
    request.is_preview = True  # type: ignore[attr-defined]
    with override(page.language):
        context = {
            "is_draft": True,
            "desk": _desk_address(page),
            "may_edit": may_edit_page(request.user, page),
            "may_publish": may_publish_page(request.user, page),
            "is_live": page.live,
        }
        return render(request, draft.template, {**draft.get_context(request), **context})


def _question_for(user: Any, question_id: int) -> Question:
    """The question, for those who may report on it: 404 for strangers, 403 for other roles."""
    question = (
        Question.objects.filter(pk=question_id)
        .select_related("questionnaire__engagement__department")
        .first()
    )
    if question is None or not may_see(user, question.questionnaire.engagement):
        raise Http404
    if not may_report(user, question.questionnaire.engagement):
        raise PermissionDenied
    if not question.is_text:
        raise Http404
    return cast(Question, question)
