"""One answer as the person wrote it, for a privacy officer who says why; and a record of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from analysis.review.models import Passage
from feedback.answering.selectors.answers import corpus_for
from feedback.asking.models import Question
from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.people.models import User

REASON_LENGTH = 500


class ReasonBlank(Exception):  # noqa: N818 (named for what happened)
    """Nobody reads it without saying why."""


class ReasonTells(Exception):  # noqa: N818 (named for what happened)
    """It repeats what was hidden: the record would say it to every auditor."""


class AnswerGone(Exception):  # noqa: N818 (named for what happened)
    """It was withdrawn, or another one stands in its place."""


@dataclass(frozen=True, slots=True)
class AsWritten:
    """The whole answer; the passage is ``passage``, between ``before`` and ``after``."""

    before: str
    passage: str
    after: str
    language: str


@transaction.atomic
def passage_unmask(*, passage: Passage, question: Question, reason: str, actor: User) -> AsWritten:
    """What stands in the answer, and an entry of the audit log in the same transaction: who, when,
    why, and which passage, never the words. Raises ReasonBlank, ReasonTells and AnswerGone."""
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise ReasonBlank
    document = next(corpus_for(question, answers=[passage.answer_id]), None)
    if document is None:
        raise AnswerGone
    # Only now: a process of the site does not carry the libraries of the workers for a rare act.
    from analysis.pipeline.reading.privacy import find

    hidden = (document.text[item.start : item.end].casefold() for item in find(document.text))
    if any(each in reason.casefold() for each in hidden):
        raise ReasonTells
    engagement = question.questionnaire.engagement
    audit_record(
        Act.WORDS_UNMASKED,
        about=About.PASSAGE,
        reference=f"{engagement.reference_number} {question.code} {passage.pk}",
        actor=actor,
        department_id=engagement.department_id,
        after={"reason": reason},
    )
    return AsWritten(
        document.text[: passage.start],
        document.text[passage.start : passage.end],
        document.text[passage.end :],
        passage.language,
    )
