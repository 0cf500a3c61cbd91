"""Real workers, really killed: one run with answers that stop them in three ways."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from analysis.pipeline import analyse
from analysis.review.enums import RunStatus, SetAsideReason
from analysis.review.models import Assignment
from analysis.review.selectors.findings import findings_for
from analysis.review.services import chunks, reaper
from analysis.review.services.queue import run_request
from analysis.review.services.reaper import runs_reap
from analysis.review.services.runs import documents_of
from feedback.asking.models import Question
from feedback.bilingual import Language
from tests.analysis.pipeline import corpus
from tests.factories import make_comments, make_engagement, make_questionnaire
from tests.servers import ROOT

POISON = {
    "Whoever reads this answer is KILLED at once, every time.": SetAsideReason.KILLED,
    "Whoever reads this answer goes round in a LOOP for ever.": SetAsideReason.OUT_OF_TIME,
    "Whoever reads this answer will EAT far too much memory.": SetAsideReason.OUT_OF_MEMORY,
}
SECONDS = 8
# A worker that these answers stop. It beats fast, so that a test need not wait a minute.
WORKER = """
import os, signal
import django
django.setup()
from datetime import timedelta
from analysis.pipeline import UseEmbedder
from analysis.review.services import chunks, leases, runs
leases.HEARTBEAT = timedelta(seconds=0.3)
runs.SPREAD_OVER_CHUNKS = 1
embed = UseEmbedder.embed
def poisoned(self, texts):
    for text in texts:
        if "KILLED" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        while "LOOP" in text:
            pass
        if "EAT" in text:
            bytearray(8 << 30)
    return embed(self, texts)
UseEmbedder.embed = poisoned
work = chunks._work
def noted(chunk, lease):
    with open(os.environ["NOTES"], "a") as file:
        file.write(f"{chunk.stage} {os.getpid()}\\n")
    return work(chunk, lease)
chunks._work = noted
from consult.celery import app
app.worker_main(["worker", "--pool=prefork", "--concurrency=2", "--loglevel=ERROR",
                 "--without-gossip", "--without-mingle", "--without-heartbeat"])
"""


@pytest.fixture
def workers(broker_url: str, transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Two processes of a real worker, on this test's database and a real broker."""
    from consult.celery import app

    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings",
        "SECRET_KEY": "a-worker-of-the-tests-signs-with-this-0123456789",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
            **connection.settings_dict
        ),
        "BROKER_URL": broker_url,
        "CONSULT_CHUNK_TEXTS": "12",
        "CONSULT_CHUNK_SECONDS": str(SECONDS),
        "NOTES": str(tmp_path / "notes"),
    }
    before = app.conf.broker_url
    app.conf.broker_url = broker_url
    app._after_fork()
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            app.conf.broker_url = before
            app._after_fork()


@pytest.mark.django_db(transaction=True)
def test_answers_that_stop_real_workers_are_set_aside_and_the_others_are_analysed(
    workers: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.CONSULT_CHUNK_SECONDS = SECONDS
    monkeypatch.setattr(chunks, "HEARTBEAT", timedelta(seconds=0.3))
    for module in (reaper, chunks):
        monkeypatch.setattr(module, "STALE", timedelta(seconds=4))
        monkeypatch.setattr(module, "TELL_AGAIN", timedelta(seconds=1.5))
    question: Question = make_questionnaire(make_engagement()).questions.get(code="change")
    make_comments(
        question,
        [
            (d.text, Language(d.language or Language.EN))
            for d in corpus.documents()
            if corpus.theme_of(d.id) in ("waiting", "parking")
        ],
    )
    without = analyse(documents_of(question))
    poison = {
        answer.pk: POISON[answer.text]
        for answer in make_comments(question, [(text, Language.EN) for text in POISON])
    }
    run = run_request(question=question, user=None)
    deadline = time.monotonic() + 240
    late = 0
    while run.is_under_way:
        assert time.monotonic() < deadline, (run.status, run.stage, list(run.chunks.values()))
        time.sleep(0.5)
        if run.last_answer is not None and late < 5:
            # People go on answering.
            make_comments(question, [(f"The wait was {late} hours long.", Language.EN)])
            late += 1
        runs_reap()
        run.refresh_from_db()
    assert (run.status, run.error) == (RunStatus.SUCCEEDED, "")
    assert dict(run.set_aside.values_list("answer_id", "reason")) == poison
    met = Assignment.objects.of_machine().filter(run=run).values("passage__answer").distinct()
    found = findings_for(question)
    assert met.count() == run.document_count == found.with_text - found.unthemed["not_analysed"]
    assert found.unthemed["not_analysed"] == late > 0
    sizes = [theme.size for theme in without.themes if theme.parent is None]
    themes = run.candidates.filter(parent_code="").order_by("rank")
    assert [theme.size for theme in themes] == sizes
    did = [line.split() for line in (tmp_path / "notes").read_text().splitlines()]
    readers = {process for stage, process in did if stage == "read"}
    assert len(readers) == 2, "both processes of the worker read, and none of them died of it"
