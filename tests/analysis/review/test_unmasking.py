"""Reading an answer as it was written: by privacy officers, with a reason, and it is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from analysis.review.models import Passage
from feedback.answering.models import Response
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry
from feedback.audit.wording import said
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.table import Action, roles_for
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db
HIDDEN = "613-555-0142"
WORDS = f"The wait was <long>.\nCall me at {HIDDEN}, thanks."
REASON = "The person asked for their own words (request 12)."


@pytest.fixture
def passage() -> Any:
    engagement = make_engagement(make_department("here"), reference_number="bsc-1")
    question = make_questionnaire(engagement).questions.get(code="slowed")
    texts = [WORDS, "The wait was long, again.", "The line was too long."]
    answers = make_comments(question, [(text, Language.EN) for text in texts])
    make_run(question, make_result(answers, {"T1": [0, 1, 2]}))
    passage = Passage.objects.get(answer=answers[0])
    passage.text = "The wait was <long>. Call me at [phone number], thanks."
    passage.save(update_fields=["text"])
    return passage


@pytest.fixture
def address(passage) -> str:
    return reverse("review:unmask", args=["bsc-1", "slowed", passage.pk])


def officer(passage: Any, *roles: Role) -> Any:
    department = passage.answer.question.questionnaire.engagement.department
    return make_user(department, *(roles or [Role.PRIVACY_OFFICER]), username="priya")


def browser(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_words_are_shown_once_to_who_says_why_and_it_is_told(
    passage, address, language
) -> None:
    client = browser(officer(passage), language)
    asked = client.get(address)
    assert asked.status_code == 200
    assert HIDDEN not in asked.content.decode()
    shown = client.post(address, {"reason": f"  {REASON}\n"})
    page = shown.content.decode()
    assert HIDDEN in page
    assert "&lt;long&gt;.<br>Call me" in page
    assert "{{" not in page
    assert shown.headers["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(act=Act.WORDS_UNMASKED)
    assert (entry.actor_name, entry.departments) == ("priya", ["here"])
    assert entry.reference == f"bsc-1 slowed {passage.pk}"
    assert entry.after == {"reason": REASON}
    with translation.override(language):
        (line,) = said(entry.act, entry.before, entry.after)
    assert line.label == ("motif" if language == "fr" else "reason")
    # Not the next time, and not on the desk.
    assert HIDDEN not in client.get(address).content.decode()
    desk = client.get(reverse("review:desk", args=["bsc-1", "slowed"])).content.decode()
    assert HIDDEN not in desk
    # A second reading is a second entry.
    client.post(address, {"reason": REASON})
    assert AuditEntry.objects.filter(act=Act.WORDS_UNMASKED).count() == 2


@pytest.mark.parametrize("reason", ["", " \n\t ", f"She is at {HIDDEN}, I call her."])
def test_without_a_reason_or_with_one_that_tells_nothing_is_shown_nor_kept(
    passage, address, reason
) -> None:
    client = browser(officer(passage))
    before = AuditEntry.objects.count()
    reply = client.post(address, {"reason": reason})
    assert reply.status_code == 422
    assert 'role="alert"' in reply.content.decode()
    assert reply.content.decode().count(HIDDEN) == reason.count(HIDDEN)
    assert AuditEntry.objects.count() == before


def test_it_is_for_privacy_officers_and_administrators_alone(passage, address) -> None:
    may = roles_for(Action.UNMASK)
    assert may == {Role.PRIVACY_OFFICER}
    department = passage.answer.question.questionnaire.engagement.department
    for role in Role:
        status = 200 if role in may else 404 if role == Role.AUDITOR else 403
        client = browser(make_user(department, role))
        assert client.get(address).status_code == status, role
        reply = client.post(address, {"reason": REASON})
        assert reply.status_code == status, role
        assert (HIDDEN in reply.content.decode()) is (status == 200)
    stranger = browser(make_user(make_department(), *Role))
    assert stranger.post(address, {"reason": REASON}).status_code == 404
    assert Client().post(address, {"reason": REASON}).status_code == 302
    assert browser(make_superuser()).post(address, {"reason": REASON}).status_code == 200
    assert browser(officer(passage)).put(address).status_code == 405
    told = AuditEntry.objects.filter(act=Act.WORDS_UNMASKED)
    assert told.count() == 2
    assert HIDDEN not in str(list(told.values_list("reference", "before", "after")))


def test_the_desk_leads_there_for_who_may_and_for_nobody_else(passage, address) -> None:
    department = passage.answer.question.questionnaire.engagement.department
    for person, leads in (
        (officer(passage), True),
        (make_user(department, Role.ANALYST), False),
    ):
        shown = browser(person).get(reverse("review:desk", args=["bsc-1", "slowed"]))
        assert (address in shown.content.decode()) is leads


def test_what_was_withdrawn_is_gone(passage, address) -> None:
    client = browser(officer(passage))
    response = Response.objects.get(answers=passage.answer)
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    assert client.get(address).status_code == 404
    assert client.post(address, {"reason": REASON}).status_code == 404
    # Another question's passage is not there either.
    assert client.get(address.replace("slowed", "nothing")).status_code == 404
