"""What was answered stays as it was asked."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import ProtectedError

from feedback.answering.models import Response
from feedback.answering.services.responses import response_submit
from feedback.answering.validation import ValidationErrors
from feedback.asking.kinds.written import TEXT_WITH_CHOICES
from feedback.asking.life import EngagementStatus
from feedback.asking.models import Choice, Engagement, Question, Questionnaire, QuestionnaireWording
from feedback.asking.selectors.questionnaires import questionnaire_content
from feedback.asking.services.questionnaires import (
    StructureFrozen,
    Trouble,
    questionnaire_change,
    questionnaire_problems,
)
from tests.factories import by_approver, given, make_question, make_questionnaire, submit

pytestmark = pytest.mark.django_db


def version(questionnaire: Questionnaire) -> int:
    return Questionnaire.objects.values_list("version", flat=True).get(pk=questionnaire.pk)


def reword(questionnaire: Questionnaire, text: str = "Better worded?") -> None:
    said = by_approver(questionnaire.engagement)
    with questionnaire_change(questionnaire=questionnaire, **said):
        Question.objects.filter(questionnaire=questionnaire, code="slowed").update(text_en=text)


def test_before_the_first_response_everything_may_change() -> None:
    questionnaire = make_questionnaire()
    Engagement.objects.update(status=EngagementStatus.DRAFT)
    questionnaire.refresh_from_db()
    with questionnaire_change(questionnaire=questionnaire):
        Question.objects.get(code="used").delete()
        Question.objects.filter(code="slowed").update(code="what_slowed", kind="short_text")
        Choice.objects.filter(question__code="reached", code="phone").delete()
    assert version(questionnaire) == questionnaire.version == 2
    assert not QuestionnaireWording.objects.exists()


def test_nothing_changed_is_no_new_version() -> None:
    questionnaire = make_questionnaire()
    reword(questionnaire, "What about slowed?")
    assert version(questionnaire) == 1


def test_new_wording_is_a_new_version_and_the_words_people_read_are_kept() -> None:
    questionnaire = make_questionnaire()
    submit(questionnaire.engagement)
    asked = questionnaire_content(questionnaire)
    reword(questionnaire)
    later = submit(questionnaire.engagement)
    assert later.questionnaire_version == version(questionnaire) == 2
    assert QuestionnaireWording.objects.get(version=1).content == asked


def test_question_may_be_added_after_the_first_response() -> None:
    questionnaire = make_questionnaire()
    submit(questionnaire.engagement)
    with questionnaire_change(questionnaire=questionnaire, **by_approver(questionnaire.engagement)):
        make_question(questionnaire, "new", "single_choice")
    assert version(questionnaire) == 2


def test_words_somebody_may_have_before_her_are_kept_before_the_first_response() -> None:
    questionnaire = make_questionnaire()
    reword(questionnaire)
    assert QuestionnaireWording.objects.filter(version=1).exists()


CHANGES = {
    Trouble.QUESTION_REMOVED: lambda: Question.objects.filter(code="change").delete(),
    Trouble.QUESTION_CODE_CHANGED: lambda: Question.objects.filter(code="used").update(code="uses"),
    Trouble.KIND_CHANGED: lambda: Question.objects.filter(code="used").update(kind="single_choice"),
    Trouble.CHOICE_ADDED: lambda: Choice.objects.create(
        question=Question.objects.get(code="used"), code="fax", label_en="Fax", label_fr="Télécopie"
    ),
    Trouble.CHOICE_REMOVED: lambda: Choice.objects.filter(
        question__code="used", code="phone"
    ).delete(),
    Trouble.CHOICE_CHANGED: lambda: Choice.objects.filter(
        question__code="used", code="phone"
    ).update(code="telephone"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_structure_is_frozen_once_answered_and_the_refusal_undoes_all(change) -> None:
    questionnaire = make_questionnaire()
    submit(questionnaire.engagement)
    before = questionnaire_content(questionnaire)

    def both() -> None:
        Question.objects.filter(code="slowed").update(text_en="Also reworded")
        change()

    with pytest.raises(StructureFrozen), questionnaire_change(questionnaire=questionnaire):
        both()
    assert questionnaire_content(questionnaire) == before
    assert version(questionnaire) == 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_refusal_says_what_was_tried_also_without_the_triggers(change) -> None:
    questionnaire = make_questionnaire()
    submit(questionnaire.engagement)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE asking_question DISABLE TRIGGER question_frozen_once_answered")
        cursor.execute("ALTER TABLE asking_choice DISABLE TRIGGER choice_frozen_once_answered")
    with (
        pytest.raises(StructureFrozen) as caught,
        questionnaire_change(questionnaire=questionnaire),
    ):
        change()
    tried = next(trouble for trouble, made in CHANGES.items() if made is change)
    assert [problem.trouble for problem in caught.value.problems] == [tried]
    assert caught.value.problems[0].question_code in {"used", "change"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE asking_question SET code = 'x' WHERE code = 'used'",
        "UPDATE asking_question SET kind = 'rating' WHERE code = 'used'",
        "DELETE FROM asking_choice WHERE code = 'counter'",
        "UPDATE asking_choice SET code = 'x' WHERE code = 'counter'",
        "UPDATE asking_choice SET value = NULL WHERE value = 3",
        "UPDATE asking_choice SET is_not_applicable = true WHERE code = 'counter'",
    ],
)
def test_database_itself_refuses_what_would_change_the_meaning_of_answers(sql) -> None:
    submit(make_questionnaire().engagement)
    with (
        pytest.raises(IntegrityError, match="stays"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_answered_question_is_protected() -> None:
    submit(make_questionnaire().engagement)
    with pytest.raises(ProtectedError):
        Question.objects.get(code="reached").delete()


def test_questions_changed_while_a_response_is_on_its_way_are_read_again(monkeypatch) -> None:
    """The author's change commits between our reading the questions and our storing answers."""
    from feedback.answering.services import responses

    questionnaire = make_questionnaire()
    real, changed = responses.checked, []

    def checked_then_changed(questions, answers):
        result = real(questions, answers)
        if not changed:
            changed.append(True)
            with questionnaire_change(
                questionnaire=questionnaire, **by_approver(questionnaire.engagement)
            ):
                Question.objects.filter(code="change").update(is_required=True)
        return result

    monkeypatch.setattr(responses, "checked", checked_then_changed)
    with pytest.raises(ValidationErrors) as caught:
        submit(questionnaire.engagement)
    assert set(caught.value.errors) == {"change"}
    assert not Response.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_first_response_and_a_change_of_structure_never_both_succeed() -> None:
    for _ in range(10):
        questionnaire = make_questionnaire()
        engagement = questionnaire.engagement
        barrier = threading.Barrier(2)
        outcome: dict[str, str] = {}

        def respond(engagement=engagement, barrier=barrier, outcome=outcome) -> None:
            barrier.wait(10)
            try:
                response_submit(
                    engagement=engagement,
                    client_token=uuid4(),
                    language="en",
                    channel="online",
                    answers=given(reached="counter", ease="4"),
                )
                outcome["response"] = "stored"
            except ValidationErrors:
                outcome["response"] = "refused"
            finally:
                connections.close_all()

        said = by_approver(engagement)

        def change(
            questionnaire=questionnaire, said=said, barrier=barrier, outcome=outcome
        ) -> None:
            barrier.wait(10)
            try:
                with questionnaire_change(questionnaire=questionnaire, **said):
                    Choice.objects.filter(
                        question__questionnaire=questionnaire, code="counter"
                    ).delete()
                outcome["change"] = "made"
            except StructureFrozen:
                outcome["change"] = "refused"
            finally:
                connections.close_all()

        threads = [threading.Thread(target=respond), threading.Thread(target=change)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcome.values()) in (["made", "refused"], ["refused", "stored"]), outcome


def test_complete_questionnaire_has_no_problems_and_an_empty_one_says_so() -> None:
    questionnaire = make_questionnaire()
    assert questionnaire_problems(questionnaire) == []
    Choice.objects.create(
        question=Question.objects.get(code="slowed"), code="x", label_en="X", label_fr="X"
    )
    assert [p.trouble for p in questionnaire_problems(questionnaire)] == [TEXT_WITH_CHOICES]
    Question.objects.all().delete()
    assert [p.trouble for p in questionnaire_problems(questionnaire)] == [Trouble.NO_QUESTIONS]
