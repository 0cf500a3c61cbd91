"""Online: the public form, without an account, a cookie, a session or JavaScript.

Every button is a submit of one form that carries all answers (feedback/answering/forms/). Nothing
is stored before "Send"; then one call of ``response_submit`` stores everything or nothing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback.answering.channels.base import WayIn
from feedback.answering.forms.read_back import as_plain_text, shown_answers
from feedback.answering.forms.sheet import Sheet
from feedback.answering.models import Response
from feedback.answering.services.responses import (
    ContentDiffers,
    EngagementNotOpen,
    ResponseWithdrawn,
    response_is_open_for,
    response_submit,
)
from feedback.answering.validation import ValidationErrors
from feedback.answering.views.away import keeps_words_when_the_database_is_away
from feedback.answering.views.guards import came_from_elsewhere, for_this_person_only
from feedback.answering.views.languages import OTHER, in_other_language, page_language
from feedback.asking.enums import Channel
from feedback.asking.models import Engagement, Questionnaire
from feedback.asking.pages import page_address


def _public_engagement(reference_number: str) -> Engagement:
    return get_object_or_404(
        Engagement.objects.public().select_related("department"),
        reference_number=reference_number,
    )


@require_safe
def start(request: HttpRequest, reference_number: str) -> HttpResponse:
    """What is asked, by whom and until when; for an engagement without a page of its own."""
    engagement = _public_engagement(reference_number)
    address = page_address(engagement, page_language())
    if address:
        return redirect(address)
    if not engagement.is_open:
        return _closed(request, engagement, None)
    questionnaire = get_object_or_404(Questionnaire, engagement=engagement)
    context = {"engagement": engagement, "questionnaire": questionnaire}
    return render(request, "answering/start.html", context)


@csrf_exempt  # docs/adr/0006: there is no authority here to forge; see came_from_elsewhere.
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words_when_the_database_is_away
def answer(request: HttpRequest, reference_number: str) -> HttpResponse:
    """Every page of the form, the check and the sending, at one address for each language."""
    engagement = _public_engagement(reference_number)
    questionnaire = get_object_or_404(Questionnaire, engagement=engagement)
    if request.method != "POST":
        if not engagement.is_open:
            return _closed(request, engagement, None)
        sheet = Sheet.blank(engagement, questionnaire)
        if not sheet.pages:
            raise Http404
        return _page(request, sheet)
    sheet = Sheet.posted(engagement, questionnaire, request.POST)
    if not sheet.pages:
        raise Http404
    return _go(request, sheet, request.POST.get("go", "next"))


def _go(request: HttpRequest, sheet: Sheet, go: str) -> HttpResponse:
    """Do what the pressed button says."""
    if go == "send":
        # Asked before the window: what was stored in time is acknowledged at any time.
        return _send(request, sheet)
    if not response_is_open_for(engagement=sheet.engagement, opened_at=sheet.opened_at):
        return _closed(request, sheet.engagement, sheet)
    if go == "language":
        earlier = _earlier(sheet, request.POST.get("earlier", ""))
        return _differs(request, sheet, earlier) if earlier else _page(request, sheet)
    if go == "back":
        return _page_at(request, sheet, sheet.page - 1)
    if go.startswith("page-"):
        sheet.is_returning = True
        return _page_at(request, sheet, sheet.page_number(go[5:]))
    if sheet.has_errors_here:
        sheet.shows_errors = True
        return _page(request, sheet)
    if sheet.is_returning or sheet.is_whole or sheet.page >= len(sheet.pages):
        return _check(request, sheet)
    return _page_at(request, sheet, sheet.page + 1)


def _page_at(request: HttpRequest, sheet: Sheet, number: int) -> HttpResponse:
    sheet.turn_to(number)
    sheet.shows_errors = False
    return _page(request, sheet)


def _check(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The check, once every page is in order; else the first that is not."""
    wrong = sheet.first_page_with_errors()
    sheet.turn_to(wrong or sheet.last)
    sheet.shows_errors = wrong is not None
    sheet.is_returning = False
    return _page(request, sheet)


def _page(request: HttpRequest, sheet: Sheet, *, status: int | None = None) -> HttpResponse:
    """The page the sheet is open at. 422 when it is shown because something on it is wrong."""
    context: dict[str, Any] = {
        "engagement": sheet.engagement,
        "questionnaire": sheet.questionnaire,
        "sheet": sheet,
        "hidden": sheet.hidden_fields(),
        "action": request.path,
        "other_language": OTHER[page_language()],
        "other_action": in_other_language("answering:answer", sheet.engagement.reference_number),
    }
    if sheet.is_check:
        context["shown"] = shown_answers(sheet.pages, sheet.answers)
        response = render(request, "answering/check.html", context, status=status)
        return for_this_person_only(response)
    context["sections"] = sheet.sections()
    context["later"] = sheet.later_sections()
    context["wrong"] = [
        field for section in context["sections"] for field in section.fields if field.error
    ]
    response = render(
        request,
        "answering/page.html",
        context,
        status=status or (422 if context["wrong"] else 200),
    )
    return for_this_person_only(response)


def _send(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if not sheet.has_token or came_from_elsewhere(request):
        # Not from our own page: show it, let the person decide. Nothing was stored.
        return _check(request, sheet)
    try:
        submission = response_submit(
            engagement=sheet.engagement,
            client_token=sheet.token,
            language=page_language(),
            channel=Channel.ONLINE,
            answers=sheet.answers,
            opened_at=sheet.opened_at,
            version_seen=sheet.stamp.version if sheet.stamp else None,
        )
    except ValidationErrors:
        return _check(request, sheet)
    except EngagementNotOpen:
        return _closed(request, sheet.engagement, sheet)
    except (ContentDiffers, ResponseWithdrawn) as conflict:
        sheet.renew()
        return _differs(request, sheet, conflict.response)
    address = reverse("answering:receipt", args=[submission.response.receipt_key])
    response = HttpResponseRedirect(address)
    # 303: whatever was posted, the receipt is fetched.
    response.status_code = 303
    response.headers["Cache-Control"] = "no-store"
    return response


def _earlier(sheet: Sheet, receipt_key: str) -> Response | None:
    try:
        return Response.objects.filter(
            engagement=sheet.engagement, receipt_key=UUID(receipt_key)
        ).first()
    except ValueError:
        return None


def _differs(request: HttpRequest, sheet: Sheet, earlier: Response) -> HttpResponse:
    """This form was sent before with other answers; ask, with a fresh token, nothing lost."""
    sheet.page, sheet.shows_errors = sheet.last, False
    context = {
        "engagement": sheet.engagement,
        "sheet": sheet,
        "earlier": earlier,
        "hidden": [*sheet.hidden_fields(), ("earlier", str(earlier.receipt_key))],
        "action": request.path,
        "other_language": OTHER[page_language()],
        "other_action": in_other_language("answering:answer", sheet.engagement.reference_number),
    }
    return for_this_person_only(render(request, "answering/differs.html", context, status=409))


def _closed(request: HttpRequest, engagement: Engagement, sheet: Sheet | None) -> HttpResponse:
    """Not open: say since or until when, and give back what was typed.

    The address itself is right and will stay (200), unless the engagement was withdrawn (410).
    A form that was refused gets 409: nothing in the 200s, which would look like "received".
    """
    phase = engagement.phase()
    words = ""
    if sheet is not None and sheet.has_words:
        words = as_plain_text(shown_answers(sheet.pages, sheet.answers))
    status = 410 if phase.is_withdrawn else 409 if sheet is not None else 200
    context: dict[str, Any] = {
        "engagement": engagement,
        "phase": phase,
        "words": words,
        "was_sent": sheet is not None,
        "address": page_address(engagement, page_language()),
        "other_language": OTHER[page_language()],
    }
    if sheet is not None:
        # On the page of the check every answer is hidden, hence carried on.
        sheet.page, sheet.shows_errors = sheet.last, False
        context["hidden"] = sheet.hidden_fields()
        context["action"] = request.path
        context["other_action"] = in_other_language("answering:answer", engagement.reference_number)
    response = render(request, "answering/closed.html", context, status=status)
    return for_this_person_only(response)


WAY_IN = WayIn(
    channel=Channel.ONLINE,
    urls=(
        path(_("answer/<slug:reference_number>/"), answer, name="answer"),
        path(_("answer/<slug:reference_number>/start/"), start, name="start"),
    ),
)
