"""A run: asked for, claimed, executed, interrupted, reaped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from celery import current_app
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import analysis.pipeline
from analysis.pipeline import Confidence, Result
from analysis.review.enums import RunError, RunStatus
from analysis.review.models import AnalysisRun, Assignment, CandidateTheme, Passage, RunCheckpoint
from analysis.review.services import messages
from analysis.review.services.leases import LeaseLost
from analysis.review.services.queue import RunRefused, questionnaires_closed_analyse, run_request
from analysis.review.services.reaper import runs_reap
from analysis.review.services.results import run_store_result
from analysis.review.services.runs import run_claim, run_execute
from feedback.answering.models import Answer
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.models import Question
from feedback.bilingual import Language
from tests.analysis.review.working import minute_passes, work
from tests.factories import (
    make_comments,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db
SECRET_WORDS = "my grandmother Marguerite at 12 rue des Lilas"


@pytest.fixture
def question() -> Question:
    return make_questionnaire(make_engagement()).questions.get(code="change")


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    texts = [f"The wait at the counter was {n} hours and there was no seat." for n in range(4)]
    french = [
        f"L'attente au comptoir a duré {n} heures et il n'y avait pas de siège." for n in (5, 6)
    ]
    return make_comments(
        question,
        [(text, Language.EN) for text in texts] + [(text, Language.FR) for text in french],
    )


# --- Asking


def test_a_question_has_one_run_at_a_time(question: Question, answers: list[Answer]) -> None:
    user = make_user()
    run = run_request(question=question, user=user, seed=7)
    assert (run.status, run.seed, run.config["seed"]) == (RunStatus.QUEUED, 7, 7)
    with pytest.raises(RunRefused):
        run_request(question=question, user=user)
    assert run_claim(run.pk)
    with pytest.raises(RunRefused):
        run_request(question=question, user=user)
    assert AnalysisRun.objects.count() == 1


def test_the_database_refuses_a_second_run_under_way(question: Question) -> None:
    make_run(question)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_run(question, status=RunStatus.RUNNING)
    make_run(question, status=RunStatus.FAILED)


def test_a_run_without_texts_or_of_a_closed_question_is_refused(question: Question) -> None:
    with pytest.raises(RunRefused):
        run_request(question=question, user=None)
    with pytest.raises(RunRefused):
        run_request(question=question.questionnaire.questions.get(code="ease"), user=None)


def test_a_broker_that_is_down_does_not_fail_the_request(
    question: Question, answers: list[Answer], django_capture_on_commit_callbacks
) -> None:
    with (
        patch(
            "analysis.review.services.messages.current_app.send_task",
            side_effect=OSError("no broker"),
        ),
        django_capture_on_commit_callbacks(execute=True),
    ):
        run = run_request(question=question, user=None)
    run.refresh_from_db()
    assert (run.status, run.enqueued_at) == (RunStatus.QUEUED, None)
    with patch("analysis.review.services.messages.current_app.send_task") as told:
        runs_reap()
    assert told.call_args.kwargs["args"] == [run.pk]


def test_a_worker_is_told_when_the_request_is_committed(
    question: Question, answers: list[Answer], django_capture_on_commit_callbacks
) -> None:
    with (
        patch("analysis.review.services.messages.current_app.send_task") as told,
        django_capture_on_commit_callbacks(execute=True),
    ):
        run = run_request(question=question, user=None)
        told.assert_not_called()
    assert told.call_args.kwargs["args"] == [run.pk]
    run.refresh_from_db()
    assert run.enqueued_at is not None


# --- Claiming


def test_the_same_message_five_times_claims_once(question: Question) -> None:
    run = make_run(question)
    assert [run_claim(run.pk) for _ in range(5)] == [True, False, False, False, False]
    run.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.RUNNING, 1)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_claims(question: Question) -> None:
    run = make_run(question)
    start, claimed = threading.Barrier(5), []

    def work() -> None:
        start.wait()
        claimed.append(run_claim(run.pk))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == [False, False, False, False, True]


# --- Executing


def test_a_run_stores_what_the_pipeline_said(question: Question, answers: list[Answer]) -> None:
    result = make_result(answers, {"T1": [0, 4], "T1.1": [1]}, campaigns={"L1": [2, 3]})
    run = run_request(question=question, user=None)
    with patch.object(analysis.pipeline, "analyse_and_keep", return_value=(result, None)):
        run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.SUCCEEDED
    assert run.progress == 1.0
    assert run.finished_at is not None
    assert run.document_count == 6
    assert run.documents_by_language == {"en": 4, "fr": 2}
    assert run.corpus_digest == result.corpus_digest
    assert run.campaigns[0]["answers"] == [answers[2].pk, answers[3].pk]
    assert Confidence.from_values(run.confidence) == result.confidence
    said = {
        row.passage.answer_id: (row.candidate and row.candidate.code, row.reason)
        for row in Assignment.objects.select_related("passage", "candidate")
    }
    assert said == {
        answers[0].pk: ("T1", ""),
        answers[1].pk: ("T1.1", ""),
        answers[2].pk: (None, "fits_no_theme"),
        answers[3].pk: (None, "fits_no_theme"),
        answers[4].pk: ("T1", ""),
        answers[5].pk: (None, "fits_no_theme"),
    }
    part = CandidateTheme.objects.get(code="T1.1")
    assert (part.parent_code, part.keywords_fr) == ("T1", ["attente", "comptoir"])


def test_a_second_run_shares_passages_and_leaves_the_first_as_it_was(
    question: Question, answers: list[Answer]
) -> None:
    make_run(question, make_result(answers, {"T1": [0, 1]}))
    before = list(Assignment.objects.order_by("pk").values())
    make_run(question, make_result(answers, {"T1": [0, 1, 2]}))
    assert Passage.objects.count() == len(answers)
    assert list(Assignment.objects.order_by("pk").values())[: len(before)] == before


def test_a_failure_says_why_without_anyones_words(
    question: Question, answers: list[Answer], capfd: pytest.CaptureFixture[str], caplog
) -> None:
    run = run_request(question=question, user=None)
    with patch.object(analysis.pipeline, "analyse_and_keep", side_effect=ValueError(SECRET_WORDS)):
        run_execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.UNEXPECTED)
    assert run.error_detail.startswith("ValueError, analysis/review/services/runs.py:")
    written = run.error_detail + caplog.text + "".join(capfd.readouterr())
    assert "Marguerite" not in written
    assert not RunCheckpoint.objects.exists()
    assert run_request(question=question, user=None).pk != run.pk


@pytest.mark.parametrize(
    ("raised", "error"),
    [(MemoryError(), RunError.OUT_OF_MEMORY), (RuntimeError(), RunError.UNEXPECTED)],
)
def test_each_way_to_fail_has_its_reason(
    question: Question, answers: list[Answer], raised: Exception, error: RunError
) -> None:
    run = run_request(question=question, user=None)
    with patch.object(analysis.pipeline, "analyse_and_keep", side_effect=raised):
        run_execute(run.pk)
    run.refresh_from_db()
    assert run.error == error
    assert run.get_error_display() != error


def test_settings_this_version_does_not_know_fail_the_run(
    question: Question, answers: list[Answer]
) -> None:
    run = run_request(question=question, user=None, config={"colour": "blue"})
    run_execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.BAD_CONFIG)


def test_everything_withdrawn_before_the_worker_came(
    question: Question, answers: list[Answer]
) -> None:
    run = run_request(question=question, user=None)
    Answer.objects.filter(question=question).delete()
    run_execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.NO_TEXT)


def test_what_was_withdrawn_while_the_run_worked_is_left_out(
    question: Question, answers: list[Answer]
) -> None:
    result = make_result(answers, {"T1": [0, 1, 2]}, campaigns={"L1": [0, 1, 2]})
    run = run_request(question=question, user=None)

    def withdrawn_meanwhile(*_args: object, **_kwargs: object) -> tuple[Result, None]:
        withdraw(answers[1])
        return result, None

    with patch.object(analysis.pipeline, "analyse_and_keep", side_effect=withdrawn_meanwhile):
        run_execute(run.pk)
    run.refresh_from_db()
    assert run.status == RunStatus.SUCCEEDED
    assert run.document_count == len(answers) - 1
    assert not Passage.objects.filter(text=answers[1].text).exists()


def withdraw(answer: Answer) -> None:
    response = answer.response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))


def test_a_worker_that_lost_its_run_writes_nothing(
    question: Question, answers: list[Answer]
) -> None:
    run = make_run(question)
    run_claim(run.pk)
    run.refresh_from_db()
    AnalysisRun.objects.filter(pk=run.pk).update(attempts=2)
    with pytest.raises(LeaseLost):
        run_store_result(run=run, result=make_result(answers, {"T1": [0, 1]}))
    assert not CandidateTheme.objects.exists()


# --- Interrupted


KILLED_AFTER = """
import os, signal, sys
import django
django.setup()
from analysis.review.services import runs
save = runs.CheckpointStore.save
def save_and_die(self, stage, payload):
    save(self, stage, payload)
    if stage == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
runs.CheckpointStore.save = save_and_die
runs.run_execute(int(sys.argv[1]))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_minus_nine_leaves_a_run_that_another_ends(
    question: Question, answers: list[Answer]
) -> None:
    run = run_request(question=question, user=None)
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings",
        "SECRET_KEY": "a-worker-of-the-tests-signs-with-this-0123456789",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
    }
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER, str(run.pk), "passages"],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    saved = RunCheckpoint.objects.filter(run=run).values_list("stage", flat=True)
    assert set(saved) == {"prepare", "campaigns", "passages"}

    minute_passes()
    runs_reap()
    assert work(run) == 0
    assert (run.status, run.falls) == (RunStatus.SUCCEEDED, 1)
    assert run.document_count == len(answers)
    assert Assignment.objects.filter(run=run).values("passage__answer").distinct().count() == len(
        answers
    )
    assert not RunCheckpoint.objects.exists()


def test_asking_for_a_run_does_not_load_the_numeric_libraries() -> None:
    """The web process asks, the worker computes: a web process stays small."""
    code = (
        "import sys, django; django.setup(); import consult.urls; "
        "print(sorted({'sklearn', 'scipy', 'lingua'} & set(sys.modules)))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "consult.settings", "SECRET_KEY": "x"}
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert loaded.stdout.strip() == "[]"


def test_the_tasks_that_workers_are_told_of_by_name_are_there() -> None:
    current_app.loader.import_default_modules()
    assert {messages.RUN_EXECUTE, messages.RUN_CHUNK} <= current_app.tasks.keys()


def test_a_silent_worker_is_replaced_and_told_again(question: Question) -> None:
    run = make_run(question)
    run_claim(run.pk)
    with patch("analysis.review.services.messages.current_app.send_task") as told:
        runs_reap()
        told.assert_not_called()
        AnalysisRun.objects.filter(pk=run.pk).update(
            heartbeat_at=timezone.now() - timedelta(seconds=61)
        )
        runs_reap()
    assert told.call_args.kwargs["args"] == [run.pk]
    run.refresh_from_db()
    assert run.status == RunStatus.QUEUED


def test_a_run_that_kills_three_workers_is_given_up(question: Question) -> None:
    run = make_run(question)
    for _ in range(3):
        assert run_claim(run.pk)
        RunCheckpoint.objects.get_or_create(run=run, stage="prepare", defaults={"payload": b"x"})
        AnalysisRun.objects.filter(pk=run.pk).update(
            heartbeat_at=timezone.now() - timedelta(seconds=61)
        )
        with patch("analysis.review.services.messages.current_app.send_task"):
            runs_reap()
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.WORKER_LOST)
    assert not RunCheckpoint.objects.exists()
    assert not run_claim(run.pk)


def test_waiting_runs_are_told_again_once_a_minute(question: Question) -> None:
    run = make_run(question, enqueued_at=timezone.now())
    with patch("analysis.review.services.messages.current_app.send_task") as told:
        runs_reap()
        told.assert_not_called()
        AnalysisRun.objects.filter(pk=run.pk).update(
            enqueued_at=timezone.now() - timedelta(seconds=61)
        )
        runs_reap()
        runs_reap()
    assert told.call_count == 1


# --- Progress


def test_progress_is_written_at_most_once_a_second(
    question: Question, answers: list[Answer], django_assert_max_num_queries
) -> None:
    run = run_request(question=question, user=None)

    def busy(*_args: object, progress: object, **_kwargs: object) -> tuple[Result, None]:
        with django_assert_max_num_queries(3):
            for n in range(1000):
                progress("embed", n / 1000)  # type: ignore[operator]
        seen.append(AnalysisRun.objects.values_list("stage", "heartbeat_at").get(pk=run.pk))
        return make_result(answers, {"T1": [0, 1]}), None

    seen: list[tuple[str, object]] = []
    with patch.object(analysis.pipeline, "analyse_and_keep", side_effect=busy):
        run_execute(run.pk)
    assert seen[0][0] == "embed"


# --- By the clock


def test_questions_in_words_of_closed_questionnaires_get_their_first_run_once() -> None:
    engagement = make_engagement(open=False)
    question = make_questionnaire(engagement).questions.get(code="change")
    make_comments(question, [("The wait is long.", Language.EN)])
    still_open = make_questionnaire(make_engagement()).questions.get(code="change")
    make_comments(still_open, [("The wait is long.", Language.EN)])

    requested = questionnaires_closed_analyse()
    assert [AnalysisRun.objects.get(pk=pk).question for pk in requested] == [question]
    assert questionnaires_closed_analyse() == []
    AnalysisRun.objects.update(status=RunStatus.FAILED)
    assert questionnaires_closed_analyse() == [], "a second run is a person's decision"


# --- What the database keeps


def test_withdrawing_takes_the_passages_and_their_assignments(
    question: Question, answers: list[Answer]
) -> None:
    make_run(question, make_result(answers, {"T1": [0, 1]}))
    withdraw(answers[0])
    assert not Passage.objects.filter(text=answers[0].text).exists()
    assert Assignment.objects.count() == len(answers) - 1


def test_an_answer_deleted_without_django_takes_its_passages_too(
    question: Question, answers: list[Answer]
) -> None:
    make_run(question, make_result(answers, {"T1": [0, 1]}))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM answering_answer WHERE id = %s", [answers[0].pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Assignment.objects.count() == len(answers) - 1
