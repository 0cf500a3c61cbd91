"""Answers that come after a run join its themes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import analysis.pipeline
from analysis.pipeline import Extension, ThemeState
from analysis.review.enums import RunError, RunStatus, SetAsideReason, Source, ThemeStatus
from analysis.review.models import AnalysisRun, Assignment, RunState, SetAsideAnswer
from analysis.review.selectors.desk import review_for
from analysis.review.selectors.findings import findings_for
from analysis.review.selectors.letters import campaigns_of
from analysis.review.selectors.runs import answers_new
from analysis.review.services import codebook as review
from analysis.review.services import results, runs
from analysis.review.services.queue import (
    RunRefused,
    addition_request,
    questions_answered_add,
    run_request,
)
from feedback.answering.models import Answer
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from tests.analysis.pipeline import corpus
from tests.analysis.review.working import no_broker, work, work_once
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_questionnaire,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db
EARLY = ("waiting", "parking", "forms")


@pytest.fixture
def question() -> Question:
    question: Question = make_questionnaire(make_engagement()).questions.get(code="change")
    return question


@pytest.fixture
def analyst(question: Question) -> Any:
    return make_user(question.questionnaire.engagement.department, Role.ANALYST)


def comment(question: Question, *themes: str, late: bool) -> list[Answer]:
    """Of each theme, the first sentences or the last two of each language."""
    wanted = [
        (d.text, Language(d.language or Language.EN))
        for d in corpus.documents()
        if corpus.theme_of(d.id) in themes and (int(d.id.rpartition("-")[2]) >= 6) is late
    ]
    return make_comments(question, wanted)


@pytest.fixture
def base(question: Question) -> AnalysisRun:
    """A run of all answers so far, which found themes."""
    comment(question, *EARLY, late=False)
    run = run_request(question=question, user=None)
    work(run)
    assert run.status == RunStatus.SUCCEEDED
    assert RunState.objects.get().run == run
    return run


def candidate_of(run: AnalysisRun, word: str) -> Any:
    """The proposal most passages with this word are in."""
    return max(
        run.candidates.filter(parent_code=""),
        key=lambda c: c.assignments.filter(passage__text__icontains=word).count(),
    )


def test_new_answers_join_the_themes_people_settled_on(
    question: Question, base: AnalysisRun, analyst: Any
) -> None:
    theme = review.candidate_accept(candidate=candidate_of(base, "park"), user=analyst)
    review.theme_rename(
        theme=theme, name_en="Nowhere to park", name_fr="Où stationner", version=1, user=analyst
    )
    before = list(Assignment.objects.order_by("pk").values())
    had = Assignment.objects.in_codebook().filter(theme=theme).count()
    late = comment(question, "parking", "waiting", late=True)
    assert answers_new(base) == {answer.pk for answer in late}

    run = addition_request(question=question, user=analyst)
    work(run)
    assert (run.status, run.extends, run.document_count) == (
        RunStatus.SUCCEEDED,
        base,
        len(late),
    )
    assert list(Assignment.objects.order_by("pk").values())[: len(before)] == before
    joined = Assignment.objects.in_codebook().filter(theme=theme, addition=run)
    assert joined.count() == run.metrics["passages_placed"] > 0
    assert {row.source for row in joined} == {Source.MACHINE}
    said = Assignment.objects.of_machine().filter(addition=run, candidate__theme=theme)
    assert set(joined.values_list("passage")) >= set(said.values_list("passage")) != set()
    theme.refresh_from_db()
    assert (theme.name_en, theme.status) == ("Nowhere to park", ThemeStatus.ACCEPTED)
    assert answers_new(base) == set()

    desk = review_for(question)
    assert desk.run == base, "the proposals on the desk are still those of the run of all"
    assert desk.coverage.late == 0
    found = findings_for(question)
    assert found.themes[0].respondents == had + joined.count()
    assert found.in_themes + sum(found.unthemed.values()) == found.with_text
    assert found.with_text == base.document_count + run.document_count


def test_what_fits_no_theme_makes_a_proposal(question: Question, base: AnalysisRun) -> None:
    late = comment(question, "courtesy", late=False) + comment(question, "courtesy", late=True)
    run = addition_request(question=question, user=None)
    real = analysis.pipeline.extend

    def finds_something(state: ThemeState, documents: Any, **asked: Any) -> Extension:
        """With so few answers the machine says rightly that it cannot tell: let it."""
        from dataclasses import replace

        config = replace(state.config, minimum_passages=3, minimum_stability=0.0)
        return real(state, documents, config, **asked)

    with patch.object(analysis.pipeline, "extend", finds_something):
        work(run)
    assert run.status == RunStatus.SUCCEEDED
    said = Assignment.objects.of_machine().filter(addition=run)
    assert said.values("passage__answer").distinct().count() == len(late)
    emergent = base.candidates.filter(code__startswith="E")
    assert emergent.count() == run.metrics["emergent"]
    shown = {node.pk for node in review_for(question).proposals}
    assert {candidate.pk for candidate in emergent} <= shown


def test_a_passage_a_person_moved_is_left_where_it_is(
    question: Question, base: AnalysisRun, analyst: Any
) -> None:
    parking = review.candidate_accept(candidate=candidate_of(base, "park"), user=analyst)
    waiting = review.candidate_accept(candidate=candidate_of(base, "wait"), user=analyst)
    late = comment(question, "parking", late=True)
    work(addition_request(question=question, user=None))
    row = Assignment.objects.in_codebook().filter(passage__answer__in=late, theme=parking).first()
    assert row is not None
    review.passages_move(passages=[row.passage], into=waiting, user=analyst)
    comment(question, "waiting", late=True)
    work(addition_request(question=question, user=None))
    moved = Assignment.objects.in_codebook().get(passage=row.passage)
    assert (moved.theme, moved.source) == (waiting, Source.HUMAN)


def test_passages_of_a_theme_set_aside_stay_with_it(
    question: Question, base: AnalysisRun, analyst: Any
) -> None:
    review.candidate_dismiss(candidate=candidate_of(base, "park"), user=analyst)
    comment(question, "parking", late=True)
    run = addition_request(question=question, user=None)
    work(run)
    placed = Assignment.objects.in_codebook().filter(addition=run)
    assert {row.theme.status for row in placed if row.theme} == {ThemeStatus.DISMISSED}


def test_copies_of_a_known_letter_are_counted_with_it(question: Question) -> None:
    comment(question, *EARLY, late=False)
    make_comments(question, [(corpus.ENGLISH_LETTER, Language.EN)] * 3)
    base = run_request(question=question, user=None)
    work(base)
    code = base.campaigns[0]["code"]
    late = make_comments(question, [(corpus.ENGLISH_LETTER, Language.EN)])
    run = addition_request(question=question, user=None)
    work(run)
    assert run.status == RunStatus.SUCCEEDED
    assert campaigns_of(base)[code] == [*base.campaigns[0]["answers"], late[0].pk]


def test_an_addition_makes_sense_only_after_themes_and_with_new_answers(
    question: Question, base: AnalysisRun
) -> None:
    with pytest.raises(RunRefused):
        addition_request(question=question, user=None)
    comment(question, "parking", late=True)
    RunState.objects.all().delete()
    with pytest.raises(RunRefused):
        addition_request(question=question, user=None)
    assert AnalysisRun.objects.count() == 1


def test_themes_of_another_embedder_are_not_mixed(question: Question, base: AnalysisRun) -> None:
    comment(question, "parking", late=True)
    run = addition_request(question=question, user=None)
    RunState.objects.update(payload=b"made by another version")
    work(run)
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.OTHER_THEMES)


def test_only_the_newest_state_of_a_question_is_kept(question: Question, base: AnalysisRun) -> None:
    again = run_request(question=question, user=None)
    work(again)
    assert RunState.objects.get().run == again


def test_a_killed_addition_ends_as_an_undisturbed_one(
    question: Question, base: AnalysisRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.analysis.review.working import Killed

    comment(question, "parking", late=True)
    run = addition_request(question=question, user=None)
    died: list[int] = []
    real = results.addition_store_result

    def dies_once(**asked: Any) -> None:
        if not died:
            died.append(1)
            raise Killed
        real(**asked)

    monkeypatch.setattr(runs, "addition_store_result", dies_once)
    assert work(run) == 1
    assert run.status == RunStatus.SUCCEEDED
    assert Assignment.objects.of_machine().filter(addition=run).count() == run.document_count


def test_a_large_addition_is_shared_out_and_places_answers_as_one_task_does(
    question: Question, base: AnalysisRun, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment(question, *EARLY, late=True)
    state = ThemeState.from_bytes(bytes(RunState.objects.get().payload))
    new = runs.documents_of(question, answers=answers_new(base))
    alone = analysis.pipeline.extend(state, new)
    settings.CONSULT_CHUNK_TEXTS = 3
    monkeypatch.setattr(runs, "SPREAD_OVER_CHUNKS", 1)
    run = addition_request(question=question, user=None)
    stages: list[str] = []
    with no_broker():
        while run.is_under_way:
            work_once(run)
            if run.status == RunStatus.SPREAD and run.stage not in stages:
                stages.append(run.stage)
    assert (run.status, stages) == (RunStatus.SUCCEEDED, ["read", "embed"])
    said = Assignment.objects.of_machine().filter(addition=run).select_related("candidate")
    assert {
        (row.passage.answer_id, row.passage.start, row.candidate and row.candidate.code, row.reason)
        for row in said.select_related("passage")
    } == {
        (int(row.document_id), row.start, row.theme, row.reason or "") for row in alone.assignments
    }


# --- By the clock


def test_the_clock_adds_new_answers_to_reviewed_themes_once_an_hour(
    question: Question, base: AnalysisRun, analyst: Any
) -> None:
    comment(question, "parking", late=True)
    AnalysisRun.objects.update(requested_at=timezone.now() - timedelta(hours=2))
    assert questions_answered_add() == [], "no one has settled on themes yet"
    review.candidate_accept(candidate=candidate_of(base, "park"), user=analyst)
    (pk,) = questions_answered_add()
    run = AnalysisRun.objects.get(pk=pk)
    assert (run.extends, run.requested_by) == (base, None)
    assert questions_answered_add() == []
    work(run)
    comment(question, "waiting", late=True)
    assert questions_answered_add() == [], "an hour has not passed"


# --- On the desk


def addresses(question: Question, run: AnalysisRun) -> tuple[str, str, str]:
    where = [question.questionnaire.engagement.reference_number, question.code]
    return (
        reverse("review:desk", args=where),
        reverse("review:runs", args=where),
        reverse("review:run", args=[*where, run.pk]),
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_desk_says_how_many_answers_are_new_and_offers_to_add_them(
    question: Question, analyst: Any, client: Client, language: str
) -> None:
    client.force_login(analyst)
    client.cookies["language"] = language
    make_comments(question, [("The wait is long.", Language.EN)] * 3)
    run = make_run(question, status=RunStatus.SUCCEEDED)
    RunState.objects.create(run=run, payload=b"x")
    desk, asked, _page = addresses(question, run)
    page = client.get(desk).content.decode()
    assert 'name="add"' in page
    reply = client.post(asked, {"add": "1"})
    assert (reply.status_code, reply["Location"]) == (303, desk)
    addition = AnalysisRun.objects.get(extends=run)
    assert addition.requested_by == analyst
    assert 'name="add"' not in client.get(desk).content.decode(), "one at a time"


def test_adding_is_for_analysts_of_the_department(question: Question, client: Client) -> None:
    run = make_run(question, status=RunStatus.SUCCEEDED)
    RunState.objects.create(run=run, payload=b"x")
    make_comments(question, [("The wait is long.", Language.EN)])
    desk, asked, _page = addresses(question, run)
    department = question.questionnaire.engagement.department
    assert client.post(asked, {"add": "1"}).status_code == 302
    client.force_login(make_user(department, Role.AUTHOR))
    assert 'name="add"' not in client.get(desk).content.decode()
    assert client.post(asked, {"add": "1"}).status_code == 403
    client.force_login(make_user(make_department(), Role.ANALYST))
    assert client.post(asked, {"add": "1"}).status_code == 404
    assert client.put(asked).status_code == 405
    assert AnalysisRun.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_desk_and_the_run_say_which_response_needs_attention_and_why(
    question: Question, analyst: Any, client: Client, language: str
) -> None:
    client.force_login(analyst)
    client.cookies["language"] = language
    (answer,) = make_comments(question, [("The wait is long.", Language.EN)])
    run = make_run(question, status=RunStatus.SUCCEEDED)
    desk, _asked, page = addresses(question, run)
    assert "#attention" not in client.get(desk).content.decode()
    SetAsideAnswer.objects.create(run=run, answer=answer, reason=SetAsideReason.OUT_OF_MEMORY)
    assert f"{page}#attention" in client.get(desk).content.decode()
    shown = client.get(page).content.decode()
    assert 'id="attention"' in shown
    assert answer.response.reference in shown
    assert str(SetAsideReason.OUT_OF_MEMORY.label) in shown or language == "fr"
    assert answer.text not in shown


def test_what_is_kept_for_new_answers_holds_no_words(base: AnalysisRun) -> None:
    payload = bytes(RunState.objects.get().payload)
    assert ThemeState.from_bytes(payload).codes
    texts = base.question.answers.values_list("text", flat=True)
    assert not any(text.encode() in payload for text in texts)
