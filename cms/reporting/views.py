"""Staff views: drafting a report, and reading the draft as the public would."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_POST, require_safe

from cms.publishing.permissions import may_edit_page, may_publish_page
from cms.reporting import services as findings
from cms.reporting.models import FindingsPage
from feedback.asking.models import Question
from feedback.asking.permissions import scope_of
from feedback.people.models import Anyone
from feedback.people.permissions import require, signed_in
from feedback.people.table import Action


@login_required
@require_POST
def findings_draft_view(request: HttpRequest, question_id: int) -> HttpResponse:
    """Draft the report on one question, for an analyst or an approver of its department."""
    question = _question_for(request.user, question_id)
    begun = FindingsPage.objects.filter(snapshot__question=question).exists()
    try:
        pair = findings.findings_draft(question=question, user=signed_in(request))
    except findings.FindingsNotReady as refusal:
        engagement = question.questionnaire.engagement
        desk = reverse("review:desk", args=[engagement.reference_number, question.code])
        context = {"reason": refusal.reason, "question": question, "desk": desk}
        return render(request, "reporting/staff/findings_not_ready.html", context, status=409)
    messages.success(
        request,
        gettext("Both drafts are brought up to date. What people wrote in them is kept.")
        if begun
        else gettext("The report is drafted in both languages. Nothing is published."),
    )
    if may_edit_page(request.user, pair.english):
        return redirect("cms_pair", pair.english.pk)
    return redirect("reporting:findings_preview", pair.of(get_language() or "en").pk)


@login_required
@require_safe
def findings_preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """The draft of a report as its readers would see it, for whoever works in the department."""
    page = FindingsPage.objects.filter(pk=page_id).first()
    if page is None:
        raise Http404
    require(request.user, Action.SEE, scope_of(page.snapshot.engagement))
    draft = page.get_latest_revision_as_object()
    counterpart = page.counterpart
    if counterpart is not None:
        draft.preview_counterpart_address = counterpart.draft_address()
    request.is_preview = True  # type: ignore[attr-defined]
    with override(page.language):
        context = {
            "is_draft": True,
            "desk": page.desk_address(),
            "may_edit": may_edit_page(request.user, page),
            "may_publish": may_publish_page(request.user, page),
            "is_live": page.live,
        }
        return render(request, draft.template, {**draft.get_context(request), **context})


def _question_for(user: Anyone, question_id: int) -> Question:
    """The question, for those who may report on it: 404 for strangers, 403 for other roles."""
    question = (
        Question.objects.filter(pk=question_id)
        .select_related("questionnaire__engagement__department")
        .first()
    )
    if question is None:
        raise Http404
    require(user, Action.REPORT, scope_of(question.questionnaire.engagement))
    if not question.is_text:
        raise Http404
    return question
