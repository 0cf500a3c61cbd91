"""The receipt: the proof that a response arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from feedback.answering.forms.paging import pages_of
from feedback.answering.forms.read_back import shown_answers
from feedback.answering.models import Response
from feedback.answering.references import withdrawal_code
from feedback.answering.selectors.answers import answers_of
from feedback.answering.views.guards import secret_page
from feedback.answering.views.languages import page_language
from feedback.asking.answers import AnswerInput
from feedback.asking.pages import page_address
from feedback.asking.selectors.questionnaires import as_worded, questions_as_worded


@require_safe
def receipt(request: HttpRequest, receipt_key: UUID) -> HttpResponse:
    """The proof that a response arrived, with a copy of it and the code that takes it back."""
    response = get_object_or_404(
        Response.objects.select_related("engagement__department"), receipt_key=receipt_key
    )
    engagement = response.engagement
    phase = engagement.phase()
    context: dict[str, Any] = {
        "response": response,
        "engagement": engagement,
        "phase": phase,
        # Its dates may have been moved since: neither is the opposite of "open".
        "is_settled": phase.is_settled,
        "is_over": phase.is_over,
        "address": page_address(engagement, page_language()),
    }
    if response.withdrawn_at is None:
        given = {a.question.code: AnswerInput(tuple(a.codes), a.text) for a in answers_of(response)}
        # In the words the person read, whatever was reworded since.
        questions = questions_as_worded(engagement.questionnaire, response.questionnaire_version)
        context["shown"] = shown_answers(pages_of(questions, engagement.title), given)
        notice = as_worded(engagement.questionnaire, response.questionnaire_version)
        context["privacy_notice"] = notice.privacy_notice
        context["code"] = withdrawal_code(response.receipt_key)
    return secret_page(render(request, "answering/receipt.html", context))
