"""However the work is shared out, the bytes are the same."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.pipeline import (
    Config,
    Document,
    DocumentError,
    Language,
    Reason,
    analyse,
    result_to_json,
)
from analysis.pipeline.reading import privacy
from analysis.pipeline.workers import spread
from tests.analysis.pipeline import corpus


@pytest.fixture(autouse=True)
def forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program without threads, whatever runs the tests."""
    monkeypatch.setattr("threading.active_count", lambda: 1)


def long_answers() -> list[Document]:
    """Answers of several ideas, some of which many people share, and a letter with additions."""
    chance = random.Random(3)
    sentences = {
        code: [d.text for d in corpus.documents() if d.language is code]
        for code in (Language.EN, Language.FR)
    }
    made = corpus.documents()
    for number in range(24):
        code = chance.choice(list(sentences))
        text = " ".join(chance.sample(sentences[code], 9))
        made.append(Document(f"long-{number}", text, code))
    for number in range(4):
        own = " ".join(chance.sample(sentences[Language.EN], 2))
        made.append(Document(f"letter-{number}", f"{corpus.ENGLISH_LETTER} {own}", Language.EN))
    made.append(Document("nothing", "n/a"))
    return made


@pytest.fixture(scope="module")
def alone() -> str:
    return result_to_json(analyse(long_answers(), Config(processes=1)))


def test_the_number_of_processes_changes_no_byte(
    alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.pipeline.reading.texts._POOL_OVER", 5)
    monkeypatch.setattr("analysis.pipeline.reading.texts._BLOCK", 11)
    monkeypatch.setattr("analysis.pipeline.vectors.embedding.POOL_OVER", 5)
    monkeypatch.setattr("analysis.pipeline.vectors.embedding.CHUNK", 17)
    monkeypatch.setattr("analysis.pipeline.grouping.neighbours._SPREAD_FROM", 5)
    monkeypatch.setattr("analysis.pipeline.grouping.resampling._SPREAD_FROM", 5)
    assert result_to_json(analyse(long_answers(), Config(processes=3))) == alone


def test_processes_that_start_afresh_change_no_byte(
    alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.pipeline.vectors.embedding.POOL_OVER", 5)
    monkeypatch.setattr("analysis.pipeline.vectors.embedding.AFRESH_OVER", 5)
    assert result_to_json(analyse(long_answers(), Config(processes=2))) == alone


def test_the_size_of_the_blocks_changes_no_byte(
    alone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.pipeline.vectors.context._BLOCK", 3)
    monkeypatch.setattr("analysis.pipeline.grouping.scale._BLOCK", 10)
    assert result_to_json(analyse(long_answers(), Config(processes=1))) == alone


def test_a_text_that_breaks_another_process_is_set_aside_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analysis.pipeline.reading.texts._POOL_OVER", 5)
    monkeypatch.setattr("analysis.pipeline.reading.texts._BLOCK", 11)
    find = privacy.find

    def breaks(text: str) -> object:
        if "nowhere to park" in text:
            raise RecursionError
        return find(text)

    monkeypatch.setattr(privacy, "find", breaks)
    found = analyse(corpus.documents(), Config(processes=2))
    broken = [d.id for d in corpus.documents() if "nowhere to park" in d.text]
    assert found.set_aside == dict.fromkeys(broken, "RecursionError")
    reasons = {row.document_id for row in found.assignments if row.reason is Reason.NOT_PROCESSED}
    assert reasons == set(broken)


def process_and_square(number: int) -> tuple[int, int]:
    return os.getpid(), number * number


def test_results_come_in_order_from_more_than_one_process() -> None:
    found = list(spread(process_and_square, range(50), 3))
    assert [square for _, square in found] == [n * n for n in range(50)]
    assert os.getpid() not in {pid for pid, _ in found}
    assert {pid for pid, _ in spread(process_and_square, range(50), 1)} == {os.getpid()}
    assert list(spread(process_and_square, [], 3)) == []


def fails_on_seven(number: int) -> int:
    if number == 7:
        raise ValueError(number)
    return number


def test_an_error_in_another_process_is_raised_here() -> None:
    with pytest.raises(ValueError, match="7"):
        list(spread(fails_on_seven, range(20), 2))


def reports_and_sleeps(path: str) -> None:
    with open(path, "a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(60)


def test_processes_die_with_the_one_that_started_them(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = (
        "import sys\n"
        "from analysis.pipeline.workers import spread\n"
        "from tests.analysis.pipeline.test_workers import reports_and_sleeps\n"
        "list(spread(reports_and_sleeps, [sys.argv[1]] * 2, 2))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(pids)], cwd=Path(__file__).resolve().parents[3]
    )
    try:
        wait_until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
    finally:
        parent.kill()
        parent.wait()
    children = [int(pid) for pid in pids.read_text().split()]
    wait_until(lambda: not any(map(is_alive, children)))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


# Three lines, as in a notebook or a script by somebody who never heard of ``__main__``. A thread
# runs, as in every notebook: processes start afresh, as they always do on Windows and macOS.
SCRIPT = """
import os, sys, threading
with open(sys.argv[1], "a") as file:
    file.write("begun\\n")
threading.Thread(target=threading.Event().wait, daemon=True).start()
from analysis.pipeline import Config, analyse, result_to_json
from analysis.pipeline.reading import texts
from analysis.pipeline.vectors import embedding
from tests.analysis.pipeline import corpus
texts._POOL_OVER_SLOW = embedding.POOL_OVER_SLOW = 5
texts._BLOCK, embedding.CHUNK = 60, 60
result = analyse(corpus.documents(), Config(processes=2))
spent = os.times()
with open(sys.argv[2], "w") as file:
    file.write(f"{spent.children_user}\\n{result_to_json(result)}")
"""


@pytest.mark.parametrize("where", ["in a file", "on standard input", "in a notebook"])
def test_a_script_that_asks_nothing_is_run_once_and_uses_other_processes(
    tmp_path: Path, where: str
) -> None:
    script, begun, found = (tmp_path / name for name in ("script.py", "begun", "found"))
    script.write_text(SCRIPT)
    how = {"in a file": [str(script)], "on standard input": ["-"], "in a notebook": ["-c", SCRIPT]}
    root = Path(__file__).resolve().parents[3]
    subprocess.run(
        [sys.executable, *how[where], str(begun), str(found)],
        input=SCRIPT.encode(),
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=True,
        timeout=240,
    )
    assert begun.read_text().split() == ["begun"], "another process ran the script again"
    seconds, _, result = found.read_text().partition("\n")
    assert float(seconds) > 0.5, "nothing was done in other processes"
    assert result == result_to_json(analyse(corpus.documents(), Config(processes=1)))


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("It never came about.")


def test_a_column_of_texts_is_enough() -> None:
    texts: list[object] = [document.text for document in corpus.documents()]
    texts += [None, float("nan")]
    result = analyse(texts)  # type: ignore[arg-type]
    assert {row.document_id for row in result.assignments} == {str(n) for n in range(len(texts))}
    reasons = {row.document_id: row.reason for row in result.assignments}
    assert reasons[str(len(texts) - 1)] is reasons[str(len(texts) - 2)] is Reason.NO_ANSWER
    assert len(result.themes) >= 4
    with pytest.raises(DocumentError, match="Document 0 is no text but int"):
        analyse([7])  # type: ignore[list-item]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.randoms(use_true_random=False), st.integers(1, 3))
def test_equal_texts_are_put_in_the_same_place(chance: random.Random, copies: int) -> None:
    known = [*corpus.documents(), Document("n", "n/a"), Document("s", "¿Dónde está la oficina?")]
    doubled = [
        Document(f"{d.id} {copy}", d.text, d.language)
        for d in chance.sample(known, 60)
        for copy in range(copies + 1)
    ]
    places: dict[str, set[tuple[object, ...]]] = {}
    for row in analyse(doubled).assignments:
        place = (row.start, row.end, row.theme, row.reason, row.main)
        places.setdefault(row.document_id.split(" ")[0], set()).add(place)
    assert all(len(found) == 1 for found in places.values())
