"""Questionnaires as they are read: by the form, by services, by exports."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects

from feedback.asking.models import Question, Questionnaire
from feedback.bilingual import says_both


def questions_of(questionnaire: Questionnaire) -> list[Question]:
    """Its questions in order, each with its choices at hand (two queries)."""
    questions = list(Question.objects.filter(questionnaire=questionnaire))
    prefetch_related_objects(questions, "choices")
    return questions


def questions_as_worded(questionnaire: Questionnaire, version: int) -> list[Question]:
    """Its questions in the words of an earlier version, for reading; not to be saved.

    What was added later keeps its own words, as does everything if that version was never
    replaced.
    """
    questions = questions_of(questionnaire)
    wording = questionnaire.wordings.filter(version=version).first()
    if wording is None:
        return questions
    asked = {question["id"]: question for question in wording.content}
    for question in questions:
        if question.pk not in asked:
            continue
        then = asked[question.pk]
        for what in ("text", "hint", "page_title"):
            for language in ("en", "fr"):
                setattr(question, f"{what}_{language}", then[what][language])
        labels = {choice["id"]: choice["label"] for choice in then["choices"]}
        for choice in question.choices.all():
            label = labels.get(choice.pk, {"en": choice.label_en, "fr": choice.label_fr})
            choice.label_en, choice.label_fr = label["en"], label["fr"]
    return questions


def as_worded(questionnaire: Questionnaire, version: int) -> Questionnaire:
    """The questionnaire with the privacy notice of an earlier version, for reading.

    Not to be saved. The notice in force now, where that version was never replaced.
    """
    wording = questionnaire.wordings.filter(version=version).first()
    if wording is not None:
        questionnaire.privacy_notice_en = wording.privacy_notice_en
        questionnaire.privacy_notice_fr = wording.privacy_notice_fr
    return questionnaire


def has_privacy_notice(questionnaire: Questionnaire) -> bool:
    """Whether its notice, as the database has it, says something in both languages."""
    stored = Questionnaire.objects.filter(pk=questionnaire.pk)
    return bool(stored.filter(says_both("privacy_notice")).exists())


def questionnaire_content(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """Everything that is asked, both languages, as it is in the database now; JSON-ready."""
    return [
        {
            "id": question.pk,
            "code": question.code,
            "kind": question.kind,
            "page_title": {"en": question.page_title_en, "fr": question.page_title_fr},
            "text": {"en": question.text_en, "fr": question.text_fr},
            "hint": {"en": question.hint_en, "fr": question.hint_fr},
            "is_required": question.is_required,
            "max_length": question.max_length,
            "choices": [
                {
                    "id": choice.pk,
                    "code": choice.code,
                    "label": {"en": choice.label_en, "fr": choice.label_fr},
                    "value": choice.value,
                    "is_not_applicable": choice.is_not_applicable,
                }
                for choice in question.choices.all()
            ],
        }
        for question in questions_of(questionnaire)
    ]
