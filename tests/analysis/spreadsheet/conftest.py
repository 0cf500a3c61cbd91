"""Two runs of the command that the tests of its files share: a plain one, then everything at once.

The second has ten comments more, on a subject of their own, and columns that go with themes.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analysis.pipeline.corpus import ENGLISH_LETTER, documents

ROOT = Path(__file__).resolve().parents[3]
EVIL = '=HYPERLINK("http://evil.example","<script>alert(1)</script>") at the counter'
NEW = [
    "The library should lend telescopes to watch the stars.",
    "Lend telescopes at the library so that children see the Moon.",
    "A telescope from the library showed my children Saturn's rings.",
    "Stars and planets evenings at the library with a telescope, please.",
    "Please buy more telescopes, the library has one for the whole town.",
    "La bibliothèque devrait prêter des télescopes pour observer les étoiles.",
    "Prêtez des télescopes à la bibliothèque pour que les enfants voient la Lune.",
    "Un télescope de la bibliothèque a montré à mes enfants les anneaux de Saturne.",
    "Des soirées d'étoiles et de planètes à la bibliothèque, avec un télescope.",
    "Achetez plus de télescopes, la bibliothèque n'en a qu'un pour toute la ville.",
]


def run(*arguments: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "analysis", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def rows() -> list[list[str]]:
    found = [[d.id, d.text, str(d.language)] for d in documents()]
    found += [
        [f"letter-{i}", f"{ENGLISH_LETTER} Yours, resident {i}.", "English"] for i in range(6)
    ]
    found += [["none", "n/a", "en"], ["empty", "", "fr"], ["evil", EVIL, "en"]]
    found += [["pii", "Mon NAS est le 046 454 286, rappelez-moi au 613-555-0142.", "Français"]]
    return found


def answered() -> list[list[str]]:
    """The rows of ``rows`` and NEW with a rating, a choice and a column with a dangerous name."""
    found = []
    table = [*rows(), *([f"new-{i}", text, ""] for i, text in enumerate(NEW))]
    for place, (name, text, language) in enumerate(table):
        waits = any(w in text.lower() for w in ("wait", "line", "queue", "attend", "attente"))
        parks = any(w in text.lower() for w in ("park", "stationn"))
        rating = str((1, 1, 2)[place % 3] if waits else (5, 4, 5)[place % 3] if parks else 3)
        stance = "Against" if waits else ("For", "For", "Unsure")[place % 3]
        found.append([name, text, language, "" if place % 9 == 8 else rating, stance])
    return found


def write_csv(path: Path, table: list[list[str]], **options: str) -> Path:
    with path.open("w", encoding=options.pop("encoding", "utf-8"), newline="") as file:
        csv.writer(file, **options).writerows(table)  # type: ignore[arg-type]
    return path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    path = write_csv(folder / "comments.csv", [["ref", "comment", "lang"], *rows()])
    done = run(path, "--text", "comment", "--lang", "lang", "--id", "ref", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    assert "report.html" in done.stdout
    return folder / "out"


@pytest.fixture(scope="session")
def full(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    head = ["ref", "comment", "lang", "How <well>?", "=stance"]
    path = write_csv(folder / "comments.csv", [head, *answered()])
    done = run(
        path, "--text", "comment", "--lang", "lang", "--id", "ref", "--out", folder / "out",
        "--by", "How <well>?", "--by", "=stance", "--compare", made,
        "--format", "html,json,csv,xlsx",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "out"
