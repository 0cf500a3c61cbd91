"""Who translates changes words before approval, and nothing but words."""

from __future__ import annotations

import pytest

from feedback.asking.life import EngagementStatus
from feedback.people.enums import Role
from tests.factories import make_department, make_engagement, make_questionnaire, make_user
from tests.feedback.asking.test_staff import (
    admin,
    both,
    formset,
    move_of,
    opened,
    page_of,
    posted,
    signed_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_questionnaire(
        make_engagement(make_department(), status=EngagementStatus.DRAFT)
    ).engagement


@pytest.fixture
def translator(draft):
    return make_user(draft.department, Role.TRANSLATOR)


def test_a_translator_changes_words_in_both_languages(draft, translator) -> None:
    client = signed_in(translator)
    where = admin("questionnaires:edit", draft.questionnaire.pk)
    question = draft.questionnaire.questions.get(code="slowed")
    data = posted(draft)
    for name, value in data.items():
        if value == question.text_fr:
            data[name] = "Qu'est-ce qui vous a freinés?"
    reply = client.post(where, data | {"opened": opened(client, where)})
    assert reply.status_code == 302
    question.refresh_from_db()
    assert question.text_fr == "Qu'est-ce qui vous a freinés?"
    where = admin("engagements:edit", draft.pk)
    titles = {"title_en": "New title", "title_fr": "Nouveau titre", "closes_at": "2031-01-01 10:00"}
    assert client.post(where, titles | {"opened": opened(client, where)}).status_code == 302
    was = draft.closes_at
    draft.refresh_from_db()
    # What else is sent along is not taken.
    assert (draft.title_fr, draft.closes_at) == ("Nouveau titre", was)


@both
def test_a_translator_adds_and_removes_nothing_and_is_told(draft, translator, language) -> None:
    client = signed_in(translator, language)
    where = admin("questionnaires:edit", draft.questionnaire.pk)
    assert client.get(where).context["words_only"]
    as_it_is = posted(draft)
    number = int(as_it_is["questions-TOTAL_FORMS"])
    new = {f"questions-{number}-{k}": v for k, v in NEW.items()} | formset(
        f"questions-{number}-choices", [], 0
    )
    removed = {"questions-0-DELETE": "on"}
    for change in (new | {"questions-TOTAL_FORMS": number + 1}, removed):
        reply = client.post(where, as_it_is | {"opened": opened(client, where)} | change)
        assert reply.status_code == 200
        assert reply.context["form"].non_field_errors()
        assert draft.questionnaire.questions.count() == number


NEW = {
    "code": "more",
    "kind": "short_text",
    "text_en": "More?",
    "text_fr": "Autre chose?",
    "max_length": 100,
    "ORDER": 99,
}


def test_a_translator_neither_begins_nor_submits_nor_writes_what_is_approved(
    draft, translator
) -> None:
    client = signed_in(translator)
    assert client.get(page_of(draft)).status_code == 200
    assert client.post(move_of(draft), {"to": "in_review"}).status_code == 403
    draft.status = EngagementStatus.APPROVED
    draft.save(update_fields=["status"])
    where = admin("questionnaires:edit", draft.questionnaire.pk)
    assert "opened" not in (client.get(where).context or {})
    assert client.post(where, posted(draft)).status_code == 403
