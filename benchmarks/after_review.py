"""After review: what the themes people settled on can do, beside logistic regression.

    python benchmarks/after_review.py FILE.csv [FILE.csv ...]

Files are those of assign.py. Each is measured on its own and gives one JSON line, everything in one
run on the same texts, vectors and folds:

folds    Five folds, labels of eight texts or more (five within a group). F1 (mean over answers) and
         the share whose likeliest theme is right, of ours, of logistic regression on the same
         vectors, and on vectors and words (one theme at a time, balanced: the best line measured
         before). Of ours also: F1 where an abstention counts as wrong, the share abstained, the
         expected calibration error and its bins (answers, mean probability, share right).
five     The same taught with five examples of each theme, the mean of three draws.
across   Taught in one language and asked in the other, never a translation of what was taught:
         whether the likeliest theme is right, of ours and of logistic regression, and of that with
         each language's mean taken from the vectors first (ours takes it for nearness anyway).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from assign import (
    METHODS,
    Figures,
    Labelled,
    averaged,
    figures,
    groups_of,
    hash_of,
    labelled,
    rows_of,
    untranslated,
)
from sklearn.model_selection import KFold
from threadpoolctl import threadpool_limits

from analysis.pipeline.assigning.calibration import reliability

BESIDE = {"ours": "ours", "lr": "use_lr", "lr_and_words": "use_tfidf_lr"}
SHOWN = ("f1", "hit", "ece", "abstained", "f1_abstaining")
DRAWS = 3


def groups(path: Path) -> list[Labelled]:
    """The groups of a file in which there are themes to tell apart."""
    found = groups_of(untranslated(rows_of(path)))
    data = [labelled(group, 8 if len(found) == 1 else 5) for group in found]
    return [one for one in data if len(one.labels) > 1]


def shown(measured: Iterable[tuple[int, Figures]]) -> Figures:
    """What the line says of a method."""
    return {name: value for name, value in averaged(measured).items() if name in SHOWN}


def folds(data: Sequence[Labelled]) -> dict[str, Any]:
    """Five folds of each group."""
    line: dict[str, Any] = {}
    said: list[tuple[int, float, float]] = []
    for name, method in BESIDE.items():
        measured = []
        for one in data:
            n, k = one.member.shape
            chosen, chance = np.zeros((n, k + (name == "ours")), bool), np.zeros((n, k))
            for taught, asked in KFold(5, shuffle=True, random_state=0).split(one.texts):
                answer = METHODS[method](one.take(taught), one.take(asked))
                chosen[asked], chance[asked] = answer
            measured.append((n, figures(one.member, chosen, chance)))
            if name == "ours":
                said += reliability(chance, one.member)
        line[name] = shown(measured)
    line["bins"] = merged(said)
    return line


def merged(bins: Sequence[tuple[int, float, float]]) -> list[list[float]]:
    """The bins of all groups together."""
    table = np.asarray(bins)
    tenth = np.minimum((table[:, 1] * 10).astype(int), 9)
    return [
        [
            int(table[own, 0].sum()),
            *np.average(table[own, 1:], axis=0, weights=table[own, 0]).round(2).tolist(),
        ]
        for own in (tenth == number for number in np.unique(tenth))
    ]


def few(data: Sequence[Labelled], examples: int = 5) -> dict[str, Any]:
    """Taught with a few examples of each theme; all the others are asked."""
    line = {}
    for name in ("ours", "lr"):
        measured = []
        for one in data:
            for draw in range(DRAWS):
                generator = np.random.default_rng(draw)
                own = [np.flatnonzero(column) for column in one.member.T]
                drawn = [generator.permutation(rows)[:examples] for rows in own]
                taught = np.unique(np.concatenate(drawn))
                asked = np.setdiff1d(np.arange(len(one.texts)), taught)
                if len(asked) >= 10:
                    answer = METHODS[BESIDE[name]](one.take(taught), one.take(asked))
                    measured.append((len(asked), figures(one.member[asked], *answer)))
        line[name] = shown(measured) if measured else {}
    return line


def across(path: Path) -> dict[str, Any]:
    """Taught in one language, asked in the other."""
    rows = [row for row in rows_of(path) if row["lang"] in ("en", "fr")]
    if len({row["lang"] for row in rows}) < 2:
        return {}
    one = labelled(rows, 8)
    kept = [row for row in rows if set(row["labels"]) & set(one.labels)]
    spoken = np.array([language.value for language in one.languages])
    half = np.array([hash_of(row["pair"] or row["text"]) % 2 for row in kept])
    line: dict[str, Any] = {}
    for first, second in (("en", "fr"), ("fr", "en")):
        hits: dict[str, list[tuple[int, Figures]]] = {}
        for side in (0, 1):
            taught = one.take(np.flatnonzero((spoken == first) & (half == side)))
            asked = one.take(np.flatnonzero((spoken == second) & (half != side)))
            sides = {
                "ours": ("ours", taught, asked),
                "lr": ("lr", taught, asked),
                "lr_centred": ("lr", centred(taught), centred(asked)),
            }
            for name, (method, known, new) in sides.items():
                found = figures(new.member, *METHODS[BESIDE[method]](known, new))
                hits.setdefault(name, []).append((len(new.texts), found))
        line[f"{first}_to_{second}"] = {
            name: averaged(measured)["hit"] for name, measured in hits.items()
        }
    return line


def centred(one: Labelled) -> Labelled:
    """The same without the mean of its vectors, of unit length again; all of one language."""
    vectors = one.vectors - one.vectors.mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return Labelled(one.texts, vectors, one.languages, one.member, one.labels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    for path in parser.parse_args().files:
        data = groups(path)
        with threadpool_limits(limits=1):
            line = {
                "set": path.stem,
                "answers": sum(len(one.texts) for one in data),
                "themes": sum(len(one.labels) for one in data),
                "folds": folds(data),
                "five": few(data),
                "across": across(path),
            }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
