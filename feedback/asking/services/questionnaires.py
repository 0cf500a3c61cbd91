"""Changing what is asked."""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from feedback.asking.kinds import kind_of
from feedback.asking.kinds.base import Gap
from feedback.asking.locks import wait_for_answers
from feedback.asking.models import Questionnaire, QuestionnaireWording
from feedback.asking.selectors.questionnaires import (
    has_privacy_notice,
    questionnaire_content,
    questions_of,
)
from feedback.asking.services.changes import Confirmation, constraint_of, recorded_change
from feedback.people.models import Anyone


class Trouble(StrEnum):
    """What keeps a questionnaire from being put to the public, or a change from being made.

    What a question of some kind lacks, its kind says: a ``Gap``."""

    NO_QUESTIONS = "no_questions"
    NO_PRIVACY_NOTICE = "no_privacy_notice"
    QUESTION_REMOVED = "question_removed"
    QUESTION_CODE_CHANGED = "question_code_changed"
    KIND_CHANGED = "kind_changed"
    CHOICE_ADDED = "choice_added"
    CHOICE_REMOVED = "choice_removed"
    CHOICE_CHANGED = "choice_changed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One trouble and the question it concerns, by code; empty for the whole questionnaire."""

    trouble: Trouble | Gap
    question_code: str = ""


class StructureFrozen(Exception):
    """People have answered; this change would make their answers mean something else."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(", ".join(f"{p.question_code}: {p.trouble}" for p in problems))


def questionnaire_has_responses(questionnaire: Questionnaire) -> bool:
    """Whether anyone has sent a response to it, taken back or not."""
    return bool(questionnaire.engagement.responses.exists())


@contextmanager
def questionnaire_change(
    *,
    questionnaire: Questionnaire,
    actor: Anyone | None = None,
    confirmation: Confirmation | None = None,
) -> Iterator[None]:
    """Around every change of a questionnaire: one transaction, one new version, rules kept.

    Waits for responses that are being stored and keeps new ones waiting. Once approved, the words
    and the notice that people may have read are kept, and the change is an approver's, confirmed
    and recorded (see ``recorded_change``). If people have answered, a change of structure undoes
    everything and raises ``StructureFrozen``. Nothing changed: no new version.

    >>> with questionnaire_change(questionnaire=asked): ...     question.save()
    """
    with transaction.atomic():
        wait_for_answers(questionnaire)
        with recorded_change(
            engagement=questionnaire.engagement, actor=actor, confirmation=confirmation
        ):
            yield from _one_version(questionnaire)


def _one_version(questionnaire: Questionnaire) -> Iterator[None]:
    stored = Questionnaire.objects.select_related("engagement").get(pk=questionnaire.pk)
    before = questionnaire_content(stored)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # The database's own triggers were first.
        constraint = constraint_of(error)
        if constraint == "question_frozen_once_answered":
            raise StructureFrozen([Problem(Trouble.QUESTION_CODE_CHANGED)]) from error
        if constraint == "choice_frozen_once_answered":
            raise StructureFrozen([Problem(Trouble.CHOICE_CHANGED)]) from error
        raise
    changed = Questionnaire.objects.get(pk=questionnaire.pk)
    after = questionnaire_content(changed)
    if before == after and _beside(stored) == _beside(changed):
        return
    if questionnaire_has_responses(questionnaire):
        problems = structure_problems(before, after)
        if problems:
            raise StructureFrozen(problems)
    if stored.engagement.is_approved:
        # Somebody may have these words before her and send them later.
        QuestionnaireWording.objects.get_or_create(
            questionnaire=questionnaire,
            version=stored.version,
            defaults={
                "content": before,
                "privacy_notice_en": stored.privacy_notice_en,
                "privacy_notice_fr": stored.privacy_notice_fr,
            },
        )
    Questionnaire.objects.filter(pk=questionnaire.pk).update(version=F("version") + 1)
    questionnaire.version = stored.version + 1


def _beside(questionnaire: Questionnaire) -> tuple[Any, ...]:
    """What a questionnaire says beside its questions."""
    return (
        questionnaire.minutes,
        questionnaire.privacy_notice_en,
        questionnaire.privacy_notice_fr,
    )


def structure_problems(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Problem]:
    """What differs in structure between two contents. A question that is new is no problem."""
    problems: list[Problem] = []
    kept = {question["id"]: question for question in after}
    for old in before:
        new = kept.get(old["id"])
        if new is None:
            problems.append(Problem(Trouble.QUESTION_REMOVED, old["code"]))
            continue
        if new["code"] != old["code"]:
            problems.append(Problem(Trouble.QUESTION_CODE_CHANGED, old["code"]))
        if new["kind"] != old["kind"]:
            problems.append(Problem(Trouble.KIND_CHANGED, old["code"]))
        problems.extend(_choice_problems(old, new))
    return problems


def _choice_problems(old: dict[str, Any], new: dict[str, Any]) -> list[Problem]:
    def structure(question: dict[str, Any]) -> dict[int, tuple[Any, ...]]:
        return {
            choice["id"]: (choice["code"], choice["value"], choice["is_not_applicable"])
            for choice in question["choices"]
        }

    was, is_now = structure(old), structure(new)
    problems = []
    if is_now.keys() - was.keys():
        problems.append(Problem(Trouble.CHOICE_ADDED, old["code"]))
    if was.keys() - is_now.keys():
        problems.append(Problem(Trouble.CHOICE_REMOVED, old["code"]))
    if any(was[pk] != is_now[pk] for pk in was.keys() & is_now.keys()):
        problems.append(Problem(Trouble.CHOICE_CHANGED, old["code"]))
    return problems


def questionnaire_problems(questionnaire: Questionnaire) -> list[Problem]:
    """Why it cannot be put to the public yet: what is incomplete, question by question."""
    questions = questions_of(questionnaire)
    problems = [] if questions else [Problem(Trouble.NO_QUESTIONS)]
    if not has_privacy_notice(questionnaire):
        problems.append(Problem(Trouble.NO_PRIVACY_NOTICE))
    for question in questions:
        gaps = kind_of(question).gaps(list(question.choices.all()))
        problems.extend(Problem(gap, question.code) for gap in gaps)
    return problems
