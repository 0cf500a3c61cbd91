"""A run shared out among workers, and the answer that breaks one."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils import timezone

import analysis.pipeline
from analysis.pipeline import MemoryCache, Result, UseEmbedder, analyse, result_to_json
from analysis.review import tasks
from analysis.review.enums import ChunkStage, ChunkStatus, RunError, RunStatus, SetAsideReason
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    KeptVector,
    RunCheckpoint,
    RunChunk,
    SetAsideAnswer,
)
from analysis.review.services import chunks, leases, messages, runs
from analysis.review.services.chunks import chunk_claim, chunk_work
from analysis.review.services.queue import run_request
from analysis.review.services.reaper import runs_reap
from analysis.review.services.results import run_store_result
from analysis.review.services.runs import documents_of, run_execute
from analysis.review.services.vectors import DatabaseCache, vectors_purge
from feedback.answering.models import Answer
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.models import Engagement, Question
from feedback.bilingual import Language
from tests.analysis.pipeline import corpus
from tests.analysis.review.working import (
    Killed,
    minute_passes,
    no_broker,
    work,
    work_chunks,
    work_once,
)
from tests.factories import make_comments, make_engagement, make_questionnaire

pytestmark = pytest.mark.django_db
THEMES = ("waiting", "french", "parking")
POISON = "This very answer is one that no worker survives, whoever it is."


@pytest.fixture
def question() -> Question:
    question: Question = make_questionnaire(make_engagement()).questions.get(code="change")
    return question


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    documents = [d for d in corpus.documents() if corpus.theme_of(d.id) in THEMES][::2]
    return make_comments(
        question, [(d.text, Language(d.language or Language.EN)) for d in documents]
    )


@pytest.fixture
def small_chunks(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six texts a chunk, and every run is large."""
    settings.CONSULT_CHUNK_TEXTS = 6
    monkeypatch.setattr(runs, "SPREAD_OVER_CHUNKS", 1)


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> list[Result]:
    """What each run found, as the pipeline gave it."""
    kept: list[Result] = []
    real = run_store_result

    def keep(*, run: AnalysisRun, result: Result, state: Any) -> None:
        kept.append(result)
        real(run=run, result=result, state=state)

    monkeypatch.setattr(runs, "run_store_result", keep)
    return kept


def poison_the_question(question: Question) -> Answer:
    return make_comments(question, [(POISON, Language.EN)])[0]


def breaks(how: Callable[[], None], where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads, or embeds, the poison breaks in this way."""
    if where == "embed":
        real = UseEmbedder.embed

        def embed(self: UseEmbedder, texts: Any) -> Any:
            if POISON in texts:
                how()
            return real(self, texts)

        monkeypatch.setattr(UseEmbedder, "embed", embed)
        return
    real_find = analysis.pipeline.reading.privacy.find

    def find(text: str) -> Any:
        if text == POISON:
            how()
        return real_find(text)

    monkeypatch.setattr(analysis.pipeline.reading.privacy, "find", find)


def kill() -> None:
    raise Killed


def loop() -> None:
    raise SoftTimeLimitExceeded


def eat() -> None:
    raise MemoryError


def stumble() -> None:
    raise ValueError(POISON)


def once(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """What is embedded and what is read from now on, by any thread."""
    embedded, read = list[str](), list[str]()
    embed, find = UseEmbedder.embed, analysis.pipeline.reading.privacy.find
    lock = threading.Lock()

    def embeds(self: UseEmbedder, texts: Any) -> Any:
        with lock:
            embedded.extend(texts)
            return embed(self, texts)

    def reads(text: str) -> Any:
        read.append(text)
        return find(text)

    monkeypatch.setattr(UseEmbedder, "embed", embeds)
    monkeypatch.setattr(analysis.pipeline.reading.privacy, "find", reads)
    return embedded, read


def at_once(how_many: int, work: Callable[..., object], messages: Sequence[Any] = ((),)) -> None:
    """Each message done by so many threads, each with its own connection, begun together."""
    start = threading.Barrier(how_many)

    def begin() -> None:
        start.wait()
        try:
            for message in messages:
                work(*message)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- The same, whoever does it


def test_a_run_in_chunks_finds_what_a_run_in_one_piece_finds(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    results: list[Result],
    django_capture_on_commit_callbacks: Any,
) -> None:
    answers += make_comments(question, [("Call me at 613-555-0142 about it.", Language.EN)])
    undisturbed = analyse(documents_of(question))
    run = run_request(question=question, user=None)
    with no_broker() as broker:
        for stage in ("read", "embed"):
            broker.told.clear()
            with django_capture_on_commit_callbacks(execute=True):
                work_once(run)
            assert (run.status, run.stage) == (RunStatus.SPREAD, stage)
            assert len(broker.told) == run.chunks.filter(stage=stage).count() > 2
            work_chunks(run)
    written = json.dumps(list(run.chunks.values_list("places", "made")), ensure_ascii=False)
    assert not any(answer.text[:12] in written for answer in answers), "a chunk holds no words"
    assert "613-555" not in written
    assert work(run) == 0
    assert run.status == RunStatus.SUCCEEDED
    assert result_to_json(results[0]) == result_to_json(undisturbed)
    assert not RunChunk.objects.exists()
    assert not RunCheckpoint.objects.exists()


def test_progress_never_goes_back(
    question: Question, answers: list[Answer], small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_request(question=question, user=None)
    shown: list[tuple[str, float]] = []
    hold = leases.Lease.hold

    def held(self: leases.Lease, **changes: Any) -> None:
        hold(self, **changes)
        shown.append(AnalysisRun.objects.values_list("stage", "progress").get())

    monkeypatch.setattr(leases.Lease, "hold", held)
    work(run)
    assert len({stage for stage, _ in shown}) > 5
    assert [share for _, share in shown] == sorted(share for _, share in shown)
    assert run.progress == 1.0


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_make_the_same_as_one(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    results: list[Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = analyse(documents_of(question))
    embedded, read = once(monkeypatch)
    run = run_request(question=question, user=None)
    with no_broker():
        for stage in ("read", "embed"):
            work_once(run)
            assert (run.status, run.stage) == (RunStatus.SPREAD, stage)
            # Five deliveries for each chunk there is, all at once.
            messages = [(run.pk,)] * run.chunks.filter(stage=stage).count()
            at_once(5, chunk_work, messages)
            run.refresh_from_db()
            assert run.status == RunStatus.QUEUED, "who ended the last chunk queued the run"
    work(run)
    passages = [text for text in embedded if len(text.split()) > 2]
    assert len(passages) == len(set(passages)), "a text was embedded twice"
    assert sorted(read) == sorted(answer.text for answer in answers), "a text was read twice"
    assert result_to_json(results[0]) == result_to_json(alone)


@pytest.mark.parametrize("stage", ["read", "embed"])
@pytest.mark.parametrize("chunk", [0, 3])
def test_a_killed_worker_costs_its_chunk_and_nothing_else(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    results: list[Result],
    monkeypatch: pytest.MonkeyPatch,
    chunk: int,
    stage: str,
) -> None:
    undisturbed = analyse(documents_of(question))
    real, calls = chunks._Work.do, list[int]()

    def die_once(self: Any, positions: Any) -> None:
        if self.stage == stage:
            calls.append(len(positions))
            if len(calls) == chunk + 1:
                raise Killed
        real(self, positions)

    monkeypatch.setattr(chunks._Work, "do", die_once)
    run = run_request(question=question, user=None)
    assert work(run) == 1
    assert run.status == RunStatus.SUCCEEDED
    assert run.falls == 0
    assert calls.count(1) <= 6, "only the chunk that failed is done again, text by text"
    assert result_to_json(results[0]) == result_to_json(undisturbed)


@pytest.mark.parametrize(
    ("stage", "moment"),
    [
        # Vectors are kept text by text, not as a stage.
        *((stage, "is saved") for stage in analysis.pipeline.STAGES if stage != "embed"),
        ("prepare", "begins"),
        ("embed", "begins"),
        ("judge", "begins"),
    ],
)
def test_a_worker_killed_as_a_stage_begins_or_is_saved_changes_nothing(
    question: Question,
    answers: list[Answer],
    results: list[Result],
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    moment: str,
) -> None:
    undisturbed = analyse(documents_of(question))
    died: list[str] = []

    def once(name: str) -> None:
        if name == stage and not died:
            died.append(name)
            raise Killed

    saves: list[str] = []
    save = runs.CheckpointStore.save

    def saved(self: runs.CheckpointStore, name: str, payload: bytes) -> None:
        save(self, name, payload)
        saves.append(name)
        if moment == "is saved":
            once(name)

    monkeypatch.setattr(runs.CheckpointStore, "save", saved)
    if moment == "begins":
        progress = leases.Lease.progress

        def begin(self: leases.Lease, name: str, share: float) -> None:
            progress(self, name, share)
            once(name)

        monkeypatch.setattr(leases.Lease, "progress", begin)
    run = run_request(question=question, user=None)
    assert work(run) == 1
    assert (run.status, run.falls) == (RunStatus.SUCCEEDED, 1)
    assert saves == [s for s in analysis.pipeline.STAGES if s != "embed"], (
        "a finished stage was computed again"
    )
    assert result_to_json(results[0]) == result_to_json(undisturbed)
    assert not SetAsideAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_the_clock_asks_for_five_times_at_once_is_done_once(
    answers: list[Answer], question: Question
) -> None:
    Engagement.objects.update(
        opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=1)
    )
    with no_broker():
        at_once(5, tasks.questionnaires_closed_analyse)
        run = AnalysisRun.objects.get()
        for task in (tasks.runs_reap, tasks.vectors_purge, tasks.questions_answered_add):
            at_once(5, task)
    assert AnalysisRun.objects.get() == run
    work(run)
    assert (run.status, run.attempts, run.falls) == (RunStatus.SUCCEEDED, 1, 0)
    kept = KeptVector.objects.count()
    with no_broker():
        for task in (tasks.runs_reap, tasks.vectors_purge, tasks.questions_answered_add):
            at_once(5, task)
        # Late, and out of order.
        at_once(5, tasks.run_execute, [(run.pk,)])
        at_once(5, tasks.run_chunk, [(run.pk,)])
    assert (AnalysisRun.objects.get().attempts, KeptVector.objects.count()) == (1, kept)


def test_a_message_of_a_chunk_that_comes_before_the_run_is_shared_out_does_nothing(
    question: Question, answers: list[Answer], small_chunks: None
) -> None:
    run = run_request(question=question, user=None)
    with no_broker():
        chunk_work(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.QUEUED, 0)
    assert work(run) == 0
    assert run.status == RunStatus.SUCCEEDED


def test_a_dead_worker_is_found_out_within_two_minutes(settings: Any) -> None:
    tick = settings.CELERY_BEAT_SCHEDULE["analysis.review.tasks.runs_reap"]["schedule"]
    assert leases.STALE.total_seconds() + tick < 120
    assert 3 * leases.HEARTBEAT < leases.STALE


def test_readings_of_another_version_are_not_used(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    results: list[Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = run_request(question=question, user=None)
    with no_broker():
        work_once(run)
        work_chunks(run)
    changed = run.chunks.get(number=1)
    changed.made = {"key": "another version", "readings": [["und", "could_not_be_read", [], []]]}
    changed.save(update_fields=["made"])
    _embedded, read = once(monkeypatch)
    work(run)
    assert run.status == RunStatus.SUCCEEDED
    # In each of the two tasks of the run that followed.
    assert 0 < len(read) <= 2 * len(changed.places)
    monkeypatch.undo()
    assert result_to_json(results[0]) == result_to_json(analyse(documents_of(question)))


# --- Poison


@pytest.mark.parametrize("large", [False, True], ids=["one task", "chunks"])
@pytest.mark.parametrize("where", ["read", "embed"])
@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (kill, SetAsideReason.KILLED),
        (loop, SetAsideReason.OUT_OF_TIME),
        (eat, SetAsideReason.OUT_OF_MEMORY),
        (stumble, SetAsideReason.RAISED),
    ],
    ids=["kills", "loops", "eats memory", "raises"],
)
def test_an_answer_no_worker_survives_is_set_aside_and_the_others_are_analysed(
    question: Question,
    answers: list[Answer],
    results: list[Result],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    how: Callable[[], None],
    reason: SetAsideReason,
    where: str,
    large: bool,
) -> None:
    if large:
        request.getfixturevalue("small_chunks")
    without = analyse(documents_of(question))
    poison = poison_the_question(question)
    breaks(how, where, monkeypatch)
    run = run_request(question=question, user=None)
    work(run)
    assert (run.status, run.error) == (RunStatus.SUCCEEDED, "")
    assert [(row.answer_id, row.reason) for row in run.set_aside.all()] == [(poison.pk, reason)]
    said = Assignment.objects.filter(run=run, passage__answer=poison)
    assert [(row.candidate, row.reason, row.passage.text) for row in said] == [
        (None, "could_not_be_processed", "")
    ]
    assert run.metrics["documents_could_not_be_processed"] == 1
    assert run.document_count == len(answers) + 1
    themes = [(theme.name_en, theme.size) for theme in results[-1].themes]
    assert themes == [(theme.name_en, theme.size) for theme in without.themes]


def test_the_same_poison_sent_twice_is_set_aside_twice(
    question: Question, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {poison_the_question(question).pk, poison_the_question(question).pk}
    breaks(kill, "embed", monkeypatch)
    run = run_request(question=question, user=None)
    work(run)
    assert run.status == RunStatus.SUCCEEDED
    assert set(run.set_aside.values_list("answer_id", flat=True)) == both


@pytest.mark.parametrize("is_spread", [False, True])
def test_an_answer_too_long_to_be_one_is_set_aside_with_that_reason(
    question: Question, answers: list[Answer], request: pytest.FixtureRequest, is_spread: bool
) -> None:
    if is_spread:
        request.getfixturevalue("small_chunks")
    text = "The wait was long. " * 6_000
    question.max_length = len(text)  # an author may allow what the analysis does not read
    question.save(update_fields=["max_length"])
    (long,) = make_comments(question, [(text, Language.EN)])
    run = run_request(question=question, user=None)
    work(run)
    assert run.status == RunStatus.SUCCEEDED
    assert [(row.answer_id, row.reason, row.detail) for row in run.set_aside.all()] == [
        (long.pk, SetAsideReason.TOO_LONG, "")
    ]
    assert run.metrics["documents_too_long"] == 1
    assert Assignment.objects.filter(candidate__run=run).exists()


@pytest.mark.parametrize("where", ["read", "embed"])
def test_a_text_is_tried_three_times_before_it_is_set_aside(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    poison_the_question(question)
    tries: list[int] = []

    def die() -> None:
        tries.append(1)
        raise Killed

    breaks(die, where, monkeypatch)
    run = run_request(question=question, user=None)
    assert work(run) == 3
    assert (run.status, len(tries), run.falls) == (RunStatus.SUCCEEDED, 3, 0)


def test_a_fault_that_is_not_in_the_answers_sets_none_of_them_aside_for_good(
    question: Question, answers: list[Answer], small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: UseEmbedder, texts: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(UseEmbedder, "embed", broken)
    run = run_request(question=question, user=None)
    work(run)
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.TOO_MANY)
    assert not RunChunk.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("stage", ["read", "embed"])
def test_an_answer_withdrawn_while_a_run_is_shared_out_is_not_met_and_not_set_aside(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    results: list[Result],
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
) -> None:
    run = run_request(question=question, user=None)
    with no_broker():
        work_once(run)
        while run.stage != stage:
            work_once(run)
    response = answers[3].response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    embedded, read = once(monkeypatch)
    work(run)
    assert answers[3].text not in embedded + read
    assert len(read) == (len(answers) - 1 if stage == "read" else 0), "others are not read again"
    assert run.status == RunStatus.SUCCEEDED
    assert run.document_count == len(answers) - 1
    assert not run.set_aside.exists()
    assert result_to_json(results[0]) == result_to_json(analyse(documents_of(question)))


def test_a_set_aside_answer_leaves_with_its_response(
    question: Question, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = poison_the_question(question)
    breaks(stumble, "embed", monkeypatch)
    run = run_request(question=question, user=None)
    work(run)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM answering_answer WHERE id = %s", [poison.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not SetAsideAnswer.objects.exists()


# --- Leases and messages


def test_a_worker_that_lost_its_chunk_ends_nothing(
    question: Question, answers: list[Answer], small_chunks: None
) -> None:
    run = run_request(question=question, user=None)
    with no_broker():
        work_once(run)
        late = chunk_claim(run.pk)
        assert late is not None
        minute_passes()
        runs_reap()
        taken = chunk_claim(run.pk)
        assert taken is not None
        assert (taken.pk, taken.attempts) == (late.pk, 2)
        with pytest.raises(leases.LeaseLost):
            chunks._finish(late, {})
    assert RunChunk.objects.get(pk=late.pk).status == ChunkStatus.RUNNING


def test_lost_messages_are_sent_again_and_say_the_same(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    run = run_request(question=question, user=None)
    with no_broker() as broker:
        with django_capture_on_commit_callbacks(execute=True):
            work_once(run)
        first = broker.told[0]
        waiting = run.chunks.count()
        before = RunChunk.objects.order_by("pk").values_list("places", flat=True)
        payload = json.dumps(list(before))
        for _ in range(10):
            broker.told.clear()
            runs_reap()
            assert broker.told == [], "no worker is told twice in a minute"
            AnalysisRun.objects.update(enqueued_at=timezone.now() - timedelta(seconds=61))
            runs_reap()
            assert broker.told == [first] * waiting
            minute_passes()
    assert json.dumps(list(before.all())) == payload
    assert first[1]["args"] == [run.pk]


def test_one_worker_alone_is_told_of_each_chunk_by_the_one_before(
    question: Question, answers: list[Answer], small_chunks: None
) -> None:
    run = run_request(question=question, user=None)
    with no_broker() as broker:
        work_once(run)
        broker.told.clear()
        chunk_work(run.pk)
        assert [name for name, _message in broker.told] == [messages.RUN_CHUNK]


def test_a_broker_that_is_down_while_a_run_is_shared_out_only_delays_it(
    question: Question,
    answers: list[Answer],
    small_chunks: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    run = run_request(question=question, user=None)
    with (
        patch(
            "analysis.review.services.messages.current_app.send_task",
            side_effect=OSError("no broker"),
        ),
        django_capture_on_commit_callbacks(execute=True),
    ):
        work_once(run)
    assert run.status == RunStatus.SPREAD
    assert work(run) == 0
    assert run.status == RunStatus.SUCCEEDED


# --- Who is in the run


def test_answers_that_arrive_during_a_run_are_visibly_in_the_next(
    question: Question, answers: list[Answer], small_chunks: None
) -> None:
    from analysis.review.selectors.findings import findings_for

    run = run_request(question=question, user=None)
    arrived = 0
    with no_broker():
        while run.is_under_way:
            work_once(run)
            poison_the_question(question)
            arrived += 1
    assert run.status == RunStatus.SUCCEEDED
    assert run.document_count == len(answers)
    found = findings_for(question)
    assert found.unthemed["not_analysed"] == arrived > 3
    assert found.with_text == run.document_count + arrived


# --- The embedder


@pytest.mark.parametrize("which", ["embedder", "second_embedder"])
def test_an_embedder_that_cannot_be_loaded_ends_the_run_with_that_reason(
    question: Question, answers: list[Answer], settings: Any, which: str
) -> None:
    setattr(settings, f"CONSULT_{which.upper()}", "no-such-embedder")
    run = run_request(question=question, user=None)
    assert run.config[which] == "no-such-embedder"
    run_execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.FAILED, RunError.NO_EMBEDDER)


# --- Vectors kept


@pytest.fixture
def vectors() -> dict[bytes, Any]:
    return {bytes([n]) * 32: np.full(512, n, dtype=np.float16) for n in range(3)}


def test_vectors_come_back_as_they_were(vectors: dict[bytes, Any]) -> None:
    cache = DatabaseCache()
    cache.put(vectors)
    cache.put(vectors)
    found = cache.get([*vectors, b"?" * 32])
    assert found.keys() == vectors.keys()
    assert all(np.array_equal(found[key], vectors[key]) for key in vectors)
    assert cache.known([*vectors, b"?" * 32]) == set(vectors)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_told_as_such(vectors: dict[bytes, Any]) -> None:
    cache = DatabaseCache()
    for ask in (partial(cache.put, vectors), partial(cache.get, list(vectors))):
        connection.ensure_connection()
        connection.connection.close()
        with pytest.raises(leases.DATABASE_GONE):
            ask()
        connection.close()
    assert cache.known(list(vectors)) == set()


def test_no_text_can_be_tested_against_the_table_without_the_sites_secret(
    vectors: dict[bytes, Any], settings: Any
) -> None:
    DatabaseCache().put(vectors)
    stored = {bytes(key) for key in KeptVector.objects.values_list("key", flat=True)}
    assert not stored & vectors.keys()
    settings.SECRET_KEY = "another site's secret, of which nobody here knows anything"
    assert DatabaseCache().get(list(vectors)) == {}


def test_a_vector_unused_for_long_is_deleted(vectors: dict[bytes, Any], settings: Any) -> None:
    cache = DatabaseCache()
    cache.put(vectors)
    today = timezone.now().date()
    KeptVector.objects.update(used_on=today - timedelta(days=settings.CONSULT_VECTOR_DAYS + 1))
    used = next(iter(vectors))
    cache.get([used])
    assert vectors_purge() == len(vectors) - 1
    assert cache.known(list(vectors)) == {used}


def test_a_rerun_embeds_nothing_it_has_embedded(
    question: Question, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    work(run_request(question=question, user=None))
    real = analysis.pipeline.vectors.embedding.embed_all
    made: list[int] = []

    def embed_all(texts: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(len(texts))
        return real(texts, *args, **kwargs)

    monkeypatch.setattr(analysis.pipeline.vectors.embedding, "embed_all", embed_all)
    run = run_request(question=question, user=None)
    work(run)
    assert run.status == RunStatus.SUCCEEDED
    assert sum(made) == 0


def test_kept_vectors_change_no_result(question: Question, answers: list[Answer]) -> None:
    documents = documents_of(question)
    cache = MemoryCache()
    analyse(documents[:15], cache=cache)
    assert result_to_json(analyse(documents, cache=cache)) == result_to_json(analyse(documents))


def test_chunks_name_their_stage_in_words() -> None:
    from analysis.review import wording

    assert {stage.value for stage in ChunkStage} <= wording.STAGES.keys()
