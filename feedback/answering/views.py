"""The public answer flow: without an account, a cookie, a session or JavaScript.

Every button is a submit of one form that carries all answers (feedback/answering/forms.py). Nothing
is stored before "Send"; then one call of ``response_submit`` stores everything or nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from psycopg_pool import PoolTimeout

from feedback.answering.answers import AnswerInput, ValidationErrors
from feedback.answering.forms import Sheet, as_plain_text, pages_of, shown_answers, words_in
from feedback.answering.models import Response
from feedback.answering.references import withdrawal_code
from feedback.answering.selectors.answers import answers_of
from feedback.answering.services.responses import (
    ContentDiffers,
    EngagementNotOpen,
    ResponseWithdrawn,
    WithdrawalRefused,
    WithdrawalTooSoon,
    response_is_open_for,
    response_of,
    response_submit,
    response_withdraw,
)
from feedback.asking.enums import Channel, EngagementStatus, Phase
from feedback.asking.models import Engagement, Questionnaire
from feedback.asking.pages import page_address
from feedback.asking.selectors.questionnaires import as_worded, questions_as_worded

log = structlog.stdlib.get_logger("feedback.answering.views")

View = Callable[..., HttpResponse]
OTHER = {"en": "fr", "fr": "en"}
# Until people said so, an engagement does not exist for the public.
NOT_PUBLIC = (EngagementStatus.DRAFT, EngagementStatus.IN_REVIEW)
# Nothing more comes of it than what is said already.
SETTLED = (Phase.OUTCOME_PUBLISHED, Phase.NO_REPORT_EXPECTED, Phase.WITHDRAWN)
RETRY_AFTER_SECONDS = 30


def keeps_words_when_the_database_is_away(view: View) -> View:
    """Instead of failing, give back what was posted, with a button that sends it again."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            if request.method != "POST":
                raise
            log.error("database_away_while_answering", kind=type(error).__name__)
            return _unavailable(request)

    return wrapped


def _unavailable(request: HttpRequest) -> HttpResponse:
    texts, others = words_in(request.POST)
    # No request in the context: processors and the site's frame would ask the database.
    page = loader.render_to_string(
        "answering/unavailable.html",
        {
            "action": request.path,
            "texts": texts,
            "others": others,
            "language": _language(),
            "seconds": RETRY_AFTER_SECONDS,
        },
    )
    response = HttpResponse(page, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return _for_this_person_only(response)


def _for_this_person_only(response: HttpResponse) -> HttpResponse:
    # Not `no-store`: the browser's Back button must show a page with what was typed on it.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _language() -> str:
    return "fr" if (get_language() or "en").startswith("fr") else "en"


def _in_other_language(name: str, *args: Any) -> str:
    with override(OTHER[_language()]):
        return reverse(name, args=args)


def _public_engagement(reference_number: str) -> Engagement:
    return get_object_or_404(
        Engagement.objects.select_related("department").exclude(status__in=NOT_PUBLIC),
        reference_number=reference_number,
    )


@require_safe
def start(request: HttpRequest, reference_number: str) -> HttpResponse:
    """What is asked, by whom and until when; for an engagement without a page of its own."""
    engagement = _public_engagement(reference_number)
    address = page_address(engagement, _language())
    if address:
        return redirect(address)
    if not engagement.is_open:
        return _closed(request, engagement, None)
    questionnaire = get_object_or_404(Questionnaire, engagement=engagement)
    context = {"engagement": engagement, "questionnaire": questionnaire}
    return render(request, "answering/start.html", context)


@csrf_exempt  # docs/adr/0006: there is no authority here to forge; see _came_from_elsewhere.
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
        "other_language": OTHER[_language()],
        "other_action": _in_other_language("answering:answer", sheet.engagement.reference_number),
    }
    if sheet.is_check:
        context["shown"] = shown_answers(sheet.pages, sheet.answers)
        response = render(request, "answering/check.html", context, status=status)
        return _for_this_person_only(response)
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
    return _for_this_person_only(response)


def _send(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if not sheet.has_token or _came_from_elsewhere(request):
        # Not from our own page: show it, let the person decide. Nothing was stored.
        return _check(request, sheet)
    try:
        submission = response_submit(
            engagement=sheet.engagement,
            client_token=sheet.token,
            language=_language(),
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


def _came_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this form.

    An anonymous form gives nobody's rights away, but a hostile page could make its visitors
    stuff the box. Browsers that say nothing are let in: the person comes first.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    return origin not in {"", "null"} and urlsplit(origin).netloc != request.get_host()


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
        "other_language": OTHER[_language()],
        "other_action": _in_other_language("answering:answer", sheet.engagement.reference_number),
    }
    return _for_this_person_only(render(request, "answering/differs.html", context, status=409))


def _closed(request: HttpRequest, engagement: Engagement, sheet: Sheet | None) -> HttpResponse:
    """Not open: say since or until when, and give back what was typed.

    The address itself is right and will stay (200), unless the engagement was withdrawn (410).
    A form that was refused gets 409: nothing in the 200s, which would look like "received".
    """
    phase = engagement.phase()
    words = ""
    if sheet is not None and sheet.has_words:
        words = as_plain_text(shown_answers(sheet.pages, sheet.answers))
    status = 410 if phase == Phase.WITHDRAWN else 409 if sheet is not None else 200
    context: dict[str, Any] = {
        "engagement": engagement,
        "phase": phase,
        "words": words,
        "was_sent": sheet is not None,
        "address": page_address(engagement, _language()),
        "other_language": OTHER[_language()],
    }
    if sheet is not None:
        # On the page of the check every answer is hidden, hence carried on.
        sheet.page, sheet.shows_errors = sheet.last, False
        context["hidden"] = sheet.hidden_fields()
        context["action"] = request.path
        context["other_action"] = _in_other_language(
            "answering:answer", engagement.reference_number
        )
    response = render(request, "answering/closed.html", context, status=status)
    return _for_this_person_only(response)


# --- The receipt, and taking back --------------------------------------------------------------


def _secret_page(response: HttpResponse) -> HttpResponse:
    """Whoever has the address may see it: in no cache, no index, no other site's log."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


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
        "is_settled": phase in SETTLED,
        "is_over": phase in SETTLED or phase == Phase.CLOSED,
        "address": page_address(engagement, _language()),
    }
    if response.withdrawn_at is None:
        given = {a.question.code: AnswerInput(tuple(a.codes), a.text) for a in answers_of(response)}
        # In the words the person read, whatever was reworded since.
        questions = questions_as_worded(engagement.questionnaire, response.questionnaire_version)
        context["shown"] = shown_answers(pages_of(questions, engagement.title), given)
        notice = as_worded(engagement.questionnaire, response.questionnaire_version)
        context["privacy_notice"] = notice.privacy_notice
        context["code"] = withdrawal_code(response.receipt_key)
    return _secret_page(render(request, "answering/receipt.html", context))


@csrf_exempt  # The reference and its code are the authority; no cookie is.
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words_when_the_database_is_away
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a response back: reference and code, then a confirmation, then it is gone."""
    reference = request.POST.get("reference", "").strip()
    code = request.POST.get("code", "").strip()
    context: dict[str, Any] = {
        "reference": reference[:40],
        "code": code[:40],
        "action": request.path,
        "other_language": OTHER[_language()],
        "other_action": _in_other_language("answering:withdraw"),
    }
    go = request.POST.get("go", "")
    if request.method != "POST" or go in {"form", "language"}:
        return _withdraw_form(request, context)
    missing = {
        name: True for name, value in (("reference", reference), ("code", code)) if not value
    }
    if missing:
        return _withdraw_form(request, {**context, "missing": missing}, status=422)
    try:
        if go == "withdraw" and not _came_from_elsewhere(request):
            response_withdraw(reference=reference, code=code)
            done = HttpResponseRedirect(reverse("answering:withdrawn"))
            done.status_code = 303
            return _secret_page(done)
        context["response"] = response_of(reference=reference, code=code)
    except WithdrawalRefused:
        return _withdraw_form(request, {**context, "is_refused": True}, status=422)
    except WithdrawalTooSoon as wait:
        page = _withdraw_form(request, {**context, "wait": wait.seconds}, status=429)
        page.headers["Retry-After"] = str(wait.seconds)
        return page
    return _secret_page(render(request, "answering/withdraw_confirm.html", context))


def _withdraw_form(
    request: HttpRequest, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return _secret_page(render(request, "answering/withdraw.html", context, status=status))


@require_safe
def withdrawn(request: HttpRequest) -> HttpResponse:
    """It is done. Says nothing about whose it was."""
    return _secret_page(render(request, "answering/withdrawn.html"))
