"""What adding new answers to a large run costs: seconds, processor seconds, what became of them.

    python benchmarks/additions.py [--texts 100000] [--new 1000] [--words 30] [--state FILE]

Makes a run of comments on eighteen subjects (written as in ``themes_scale.py``) and keeps what new
answers need. A process of its own, as a worker would be, reads that and adds comments on twenty
subjects, two of which the run has never met. Prints one JSON line: seconds and processor seconds of
the run and, from the start of its process, of the addition; the size of what was kept; how many new
comments joined a theme, how many are in how many candidates; and of those that name a new subject,
how many are in candidates. With ``--state`` the run is kept in that file; where the file exists it
is not made again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from themes_scale import SUBJECTS, Written, comments  # noqa: E402

from analysis.pipeline import Document, Language, ThemeState, analyse_and_keep, extend  # noqa: E402

KNOWN = 18


class Fewer(Written):
    """The same sentences, never on the last subjects."""

    def sentence(self, code: str, subject: int, chance: random.Random) -> str:
        return super().sentence(code, subject % KNOWN, chance)


def documents(n: int, words: int, source: Written, seed: int) -> Iterator[Document]:
    for number, (code, text) in enumerate(comments(n, words, source, seed)):
        yield Document(f"{seed}-{number:07}", text, Language(code))


def spent() -> float:
    """Processor seconds of this process and of those it started and has seen the end of."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def make(file: Path, texts: int, words: int) -> dict[str, float]:
    """The run, its state written to ``file``."""
    began, before = time.perf_counter(), spent()
    result, state = analyse_and_keep(documents(texts, words, Fewer(), seed=0))
    if state is None:
        raise SystemExit("The comments could not be grouped.")
    file.write_bytes(state.to_bytes())
    return {
        "run_texts": texts,
        "run_themes": sum(theme.parent is None for theme in result.themes),
        "run_seconds": round(time.perf_counter() - began, 1),
        "run_processor_seconds": round(spent() - before, 1),
    }


def add(file: Path, new: int, words: int) -> dict[str, float]:
    """New comments into the state in ``file``. Counted from the start of the process."""
    began = time.perf_counter()
    given = list(documents(new, words, Written(), seed=1))
    writing = time.perf_counter() - began
    payload = file.read_bytes()
    found = extend(ThemeState.from_bytes(payload), given)
    candidates = {theme.code for theme in found.emergent}
    main = Counter(row.theme in candidates for row in found.assignments if row.main)
    told = {code: names.split("|")[KNOWN:] for code, names in SUBJECTS.items()}
    words_of = {
        code: {w for names in some for w in names.split(",")} for code, some in told.items()
    }
    on_new = {
        document.id
        for document in given
        if any(word in document.text for word in words_of[document.language or "en"])
    }
    there = Counter(
        row.theme for row in found.assignments if row.main and row.document_id in on_new
    )
    return {
        "new_texts": new,
        "seconds": round(time.perf_counter() - began - writing, 1),
        "processor_seconds": round(spent() - writing, 1),
        "state_kib": round(len(payload) / 1024),
        "joined": main[False],
        "in_candidates": main[True],
        "candidates": len(candidates),
        "on_new_subjects": len(on_new),
        "of_those_in_candidates": sum(there[code] for code in candidates),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=1_000)
    parser.add_argument("--words", type=int, default=30)
    parser.add_argument("--state", type=Path, metavar="FILE")
    parser.add_argument("--add", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.add:
        print(json.dumps(add(arguments.state, arguments.new, arguments.words)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.state or Path(folder) / "state"
        made = {} if file.exists() else make(file, arguments.texts, arguments.words)
        alone = [sys.executable, __file__, "--add", "--state", str(file)]
        alone += ["--new", str(arguments.new), "--words", str(arguments.words)]
        added = subprocess.run(alone, check=True, stdout=subprocess.PIPE, text=True).stdout
        print(json.dumps(made | json.loads(added)), flush=True)


if __name__ == "__main__":
    main()
