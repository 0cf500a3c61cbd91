"""A closed consultation with reviewed themes, which most tests of the report begin from."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from analysis.review.services.codebook import candidates_accept
from feedback.answering.models import Answer, Response
from feedback.answering.references import new_reference
from feedback.asking.enums import Channel
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role, SmallestCell
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

ENGLISH = [f"I waited {n} hours at the counter before anyone spoke to me." for n in range(2, 42)]
FRENCH = [f"J'ai attendu {n} heures, puis personne ne parlait français." for n in range(2, 38)]


def wrote(question: Question, texts: list[tuple[str, Language]]) -> list[Answer]:
    """Responses as they lie in the tables: the way in has its own tests, and takes its time."""
    engagement = question.questionnaire.engagement
    responses = Response.objects.bulk_create(
        Response(
            engagement=engagement,
            client_token=uuid4(),
            receipt_key=uuid4(),
            reference=new_reference(),
            language=language,
            channel=Channel.PHONE if number % 5 == 4 else Channel.ONLINE,
            received_at=engagement.opens_at,
            questionnaire_version=1,
            content_digest=uuid4().hex,
        )
        for number, (_, language) in enumerate(texts)
    )
    return Answer.objects.bulk_create(
        Answer(response=response, question=question, text=text)
        for response, (text, _) in zip(responses, texts, strict=True)
    )


class Reviewed:
    """The consultation, its people and its two themes: ``T1`` mostly English, ``T2`` French."""

    def __init__(self) -> None:
        self.department = make_department()
        self.engagement = make_engagement(self.department, open=False)
        self.pages = make_pages(self.engagement)
        self.question = make_questionnaire(self.engagement).questions.get(code="slowed")
        self.approver = make_user(self.department, Role.APPROVER)
        self.analyst = make_user(self.department, Role.ANALYST)
        self.author = make_user(self.department, Role.AUTHOR)
        texts = [(text, Language.EN) for text in ENGLISH] + [(text, Language.FR) for text in FRENCH]
        self.answers = wrote(self.question, texts)
        both = list(range(len(texts)))
        result = make_result(
            self.answers,
            {"T1": [at for at in both if at < 45], "T2": [at for at in both if 45 <= at < 70]},
            campaigns={"L1": [0, 1, 2]},
        )
        run = make_run(self.question, result)
        self.themes = candidates_accept(candidates=run.candidates.all(), user=self.analyst)

    def hides(self, smallest: SmallestCell) -> None:
        """The department's smallest cell, for reports drafted from now on."""
        self.department.smallest_cell = smallest
        self.department.save(update_fields=["smallest_cell"])

    def drafts(self) -> Any:
        """Begun by the analyst: whoever wrote a report does not publish it alone."""
        from cms.reporting.services import findings_draft

        return findings_draft(question=self.question, user=self.analyst)

    def published(self) -> Any:
        from cms.publishing.services.pairs import pair_publish

        return pair_publish(page=self.drafts().english, user=self.approver)


@pytest.fixture
def reviewed(db: None) -> Reviewed:
    return Reviewed()
