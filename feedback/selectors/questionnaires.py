"""Questionnaires as they are read: by the form, by services, by exports."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects

from feedback.models import Question, Questionnaire


def questions_of(questionnaire: Questionnaire) -> list[Question]:
    """Its questions in order, each with its choices at hand (two queries)."""
    questions = list(Question.objects.filter(questionnaire=questionnaire))
    prefetch_related_objects(questions, "choices")
    return questions


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
