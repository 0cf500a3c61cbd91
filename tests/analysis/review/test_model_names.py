"""Names that a generative model proposed: asked for by a run, marked wherever they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun, CandidateTheme
from analysis.review.selectors.findings import findings_for
from analysis.review.services.codebook import candidate_accept, theme_rename
from analysis.review.services.queue import run_request
from analysis.review.services.runs import run_execute
from cms.reporting.numbers import numbers_of
from cms.reporting.sentences import method_rows
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from tests.analysis.pipeline.corpus import documents
from tests.analysis.pipeline.model_server import BETTER, MODEL, Server, answering, say
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_questionnaire,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    department = make_department()
    asked = make_questionnaire(make_engagement(department)).questions.get(code="change")
    make_comments(
        asked,
        [(document.text, Language(document.language or "en")) for document in documents()],
    )
    return asked


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    started = Server()
    started.reply = answering({"employees": BETTER})
    settings.CONSULT_NAMER_URL, settings.CONSULT_NAMER_MODEL = started.url, MODEL
    settings.CONSULT_NAMER_SECONDS = 5
    yield started
    started.close()


def done(question: Question) -> AnalysisRun:
    run = run_request(question=question, user=None)
    run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.SUCCEEDED
    return run


def page(client: Client, name: str, question: Question, *more: int, **query: str) -> str:
    reference = question.questionnaire.engagement.reference_number
    path = reverse(f"review:{name}", args=[reference, question.code, *more])
    return client.get(path, query).content.decode()


def test_a_run_asks_the_model_that_the_settings_name_and_its_names_are_marked_for_good(
    question: Question, server: Server, client: Client
) -> None:
    run = done(question)
    assert server.seen
    assert run.config["namer"] == MODEL
    assert MODEL in run.versions["namer"]
    assert run.naming[0]["why"]["values"]["taken"] == 1
    named = CandidateTheme.objects.get(run=run, named_by=MODEL)
    assert named.name_en == "Rude staff and kind staff"
    other = CandidateTheme.objects.filter(run=run, named_by="").first()
    assert other is not None
    analyst = make_user(question.questionnaire.engagement.department, Role.ANALYST)
    client.force_login(analyst)
    for language in ("en", "fr"):
        client.cookies["language"] = language
        # The run's settings name it too, so the sentence is looked for and not the name alone.
        assert page(client, "run", question, run.pk).count(MODEL) == 3
        assert MODEL in page(client, "desk", question, group=f"c{named.pk}")
        assert MODEL not in page(client, "desk", question, group=f"c{other.pk}")
    theme = candidate_accept(candidate=named, user=analyst)
    candidate_accept(candidate=other, user=analyst)
    found = findings_for(question)
    assert found.named_by == {MODEL: 1}
    for language in ("en", "fr"):
        client.cookies["language"] = language
        assert MODEL in page(client, "desk", question, group=f"t{theme.pk}")
        with override(language):
            said = [value for _name, value in method_rows(numbers_of(found, question))]
        assert sum(MODEL in value for value in said) == 1
    # A person's own names are the person's; what was proposed stays marked.
    theme = theme_rename(
        theme=theme, user=analyst, version=theme.version, name_en="Staff", name_fr="Personnel"
    )
    assert findings_for(question).named_by == {}
    assert MODEL not in page(client, "desk", question, group=f"t{theme.pk}")
    named.refresh_from_db()
    assert named.named_by == MODEL


def test_a_model_that_fails_or_is_taken_away_leaves_the_run_with_peoples_words(
    question: Question, server: Server, settings: Any
) -> None:
    server.reply = lambda handler: say(handler, b"<h1>It works!</h1>")
    first = done(question)
    assert [each["why"]["code"] for each in first.naming] == ["names_by_model", "model_no_sense"]
    run = run_request(question=question, user=None)
    settings.CONSULT_NAMER_URL = "http://models.example/v1"
    asked = len(server.seen)
    run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.SUCCEEDED
    assert len(server.seen) == asked
    assert [each["why"]["code"] for each in run.naming] == ["model_not_asked"]
    assert not CandidateTheme.objects.exclude(named_by="").exists()


def test_without_an_address_a_run_knows_of_no_model(question: Question, settings: Any) -> None:
    settings.CONSULT_NAMER_MODEL = MODEL
    run = run_request(question=question, user=None)
    assert "namer" not in run.config
