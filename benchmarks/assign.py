"""How well answers are put into themes that exist: from examples, from definitions, as they come.

    python benchmarks/assign.py FILE.csv [FILE.csv ...]
    python benchmarks/assign.py --all DIR [--parts folds,few,across,frames,ideas,extend]

A file has the columns ``text`` and ``label`` (several as ``a|b``) and may have ``lang``, ``group``
and ``pair``. Groups are measured on their own and count by their size. One JSON line a measurement.

folds   Five folds, labels of eight texts or more (five within a group). Per-tag multinomial naive
        Bayes on tf-idf, logistic regression on tf-idf, on vectors, and on both, beside ours; also
        on answers made by joining two or three texts of different labels (``joined_...``).
few     1, 3, 5 and 10 examples of each theme, the rest to be assigned.
across  Taught in one language, asked in the other, never a translation of what was taught.
frames  Names and definitions alone (``codebooks/<set>.csv``; without one, the labels themselves
        where they are words), with each theme taken away in turn to see what then fits none, and
        on 60 answers alone (``hit_of_60``, the mean of six draws).
ideas   Joined answers through the whole pipeline: found themes mapped to labels (majority, and one
        to one), and assignment from examples taken from other texts.
extend  A run on most texts of a file, the others (at most 1,000) placed afterwards: CPU seconds,
        size of the state, and agreement with the labels beside that of the run itself.

F1 is the mean over answers (``samples``); hit is whether the likeliest theme is right; ``ece`` is
the expected calibration error of its probability, ten bins, over ``n`` answers. ``kept`` figures
leave out the answers on which ours abstains; without that word an abstention counts as wrong.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, f1_score
from sklearn.model_selection import KFold
from sklearn.naive_bayes import MultinomialNB
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.pipeline import (
    Codebook,
    Config,
    Document,
    Example,
    FrameTheme,
    Language,
    PassageAssignment,
    analyse,
    analyse_and_keep,
    assign_codebook,
    embedder_named,
    extend,
)
from analysis.pipeline.assigning.calibration import calibration_error
from analysis.pipeline.assigning.examples import ExampleMatcher
from analysis.pipeline.assigning.frames import FrameMatcher, likely_sets
from analysis.pipeline.reading.normalise import words

csv.field_size_limit(10**9)

CODEBOOKS = Path(__file__).resolve().parent / "codebooks"
PARTS = ("folds", "few", "across", "frames", "ideas", "extend")
Row = dict[str, Any]
Figures = dict[str, float]


@dataclass
class Labelled:
    """Texts, their vectors, languages and which of the labels each has."""

    texts: list[str]
    vectors: np.ndarray
    languages: list[Language]
    member: np.ndarray
    labels: list[str]

    def take(self, rows: np.ndarray) -> Labelled:
        return Labelled(
            [self.texts[i] for i in rows],
            self.vectors[rows],
            [self.languages[i] for i in rows],
            self.member[rows],
            self.labels,
        )


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {
                "text": row["text"],
                "labels": row["label"].split("|"),
                "lang": row.get("lang") or "en",
                "group": row.get("group") or "all",
                "pair": row.get("pair") or "",
            }
            for row in csv.DictReader(file)
        ]


def groups_of(rows: Sequence[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["group"]].append(row)
    return [found[name] for name in sorted(found)]


def hash_of(text: str) -> int:
    return sum(text.encode())


def untranslated(rows: list[Row]) -> list[Row]:
    """One text of each pair of translations, half of them English: nothing asked was taught."""
    return [
        row
        for row in rows
        if not row["pair"] or (hash_of(row["pair"]) % 2 == 0) == (row["lang"] == "en")
    ]


def joined(rows: Sequence[Row], seed: int = 0) -> list[Row]:
    """Answers of two or three texts of different labels, each text used once."""
    generator = random.Random(seed)
    pools: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        pools[row["group"], row["lang"]].append(row)
    made: list[Row] = []
    for (group, lang), pool in sorted(pools.items()):
        generator.shuffle(pool)
        while len(pool) >= 2:
            wanted = 2 if generator.random() < 0.6 else 3
            taken, left = [pool[0]], list[Row]()
            for row in pool[1:]:
                known = {label for one in taken for label in one["labels"]}
                fresh = len(taken) < wanted and not known & set(row["labels"])
                (taken if fresh else left).append(row)
            pool = left
            if len(taken) < 2:
                break
            text = " ".join(row["text"].strip().rstrip(".") + "." for row in taken)
            labels = sorted({label for row in taken for label in row["labels"]})
            made.append({"text": text, "labels": labels, "lang": lang, "group": group, "pair": ""})
    return made


def labelled(rows: Sequence[Row], least: int) -> Labelled:
    count = Counter(label for row in rows for label in row["labels"])
    labels = sorted(label for label in count if count[label] >= least)
    kept = [row for row in rows if set(row["labels"]) & set(labels)]
    texts = [row["text"] for row in kept]
    member = np.array([[label in row["labels"] for label in labels] for row in kept], dtype=bool)
    vectors = embedder_named(Config().embedder).embed(texts)
    return Labelled(texts, vectors, [Language(row["lang"]) for row in kept], member, labels)


# ---- methods: (taught, asked) -> sets (n, k) and probabilities (n, k)

Answer = tuple[np.ndarray, np.ndarray]
Method = Callable[[Labelled, Labelled], Answer]


def one_by_one(make: Callable[[], Any], taught: Any, member: np.ndarray, asked: Any) -> Answer:
    """A classifier for each theme; the likeliest theme and every one over a half."""
    chance = np.zeros((asked.shape[0], member.shape[1]))
    for theme in range(member.shape[1]):
        own = member[:, theme]
        if own.all() or not own.any():
            chance[:, theme] = float(own[0])
        else:
            chance[:, theme] = make().fit(taught, own).predict_proba(asked)[:, 1]
    chosen = chance >= 0.5
    chosen[np.arange(len(chance)), chance.argmax(axis=1)] = True
    return chosen, chance


def regression() -> Any:
    return LogisticRegression(C=10.0, class_weight="balanced", max_iter=300)


def word_features() -> TfidfVectorizer:
    return TfidfVectorizer(
        tokenizer=words,
        token_pattern=None,
        lowercase=False,
        ngram_range=(1, 2),
        sublinear_tf=True,
        dtype=np.float32,
    )


def naive_bayes(taught: Labelled, asked: Labelled) -> Answer:
    features = TfidfVectorizer()
    known = features.fit_transform(taught.texts)
    return one_by_one(MultinomialNB, known, taught.member, features.transform(asked.texts))


def tfidf_regression(taught: Labelled, asked: Labelled) -> Answer:
    features = word_features()
    known = features.fit_transform(taught.texts)
    return one_by_one(regression, known, taught.member, features.transform(asked.texts))


def vector_regression(taught: Labelled, asked: Labelled) -> Answer:
    return one_by_one(regression, taught.vectors, taught.member, asked.vectors)


def both_regression(taught: Labelled, asked: Labelled) -> Answer:
    features = word_features()
    known = 0.5 * features.fit_transform(taught.texts)
    new = 0.5 * features.transform(asked.texts)
    return one_by_one(
        regression,
        sparse.hstack([sparse.csr_matrix(taught.vectors), known]).tocsr(),
        taught.member,
        sparse.hstack([sparse.csr_matrix(asked.vectors), new]).tocsr(),
    )


def ours(taught: Labelled, asked: Labelled) -> Answer:
    """Without abstaining: those are counted by ``abstaining``."""
    matcher = ExampleMatcher().fit_vectors(
        taught.texts, taught.vectors, taught.languages, taught.member
    )
    found = matcher.match(asked.texts, asked.vectors, asked.languages)
    abstained = ~found.fits.any(axis=1)
    chosen = likely_sets(found.score)
    # The abstentions ride along as one more column that is never a label.
    return np.column_stack([chosen, abstained]), found.score


METHODS: dict[str, Method] = {
    "naive_bayes": naive_bayes,
    "tfidf_lr": tfidf_regression,
    "use_lr": vector_regression,
    "use_tfidf_lr": both_regression,
    "ours": ours,
}


def samples_f1(truth: np.ndarray, chosen: np.ndarray) -> float:
    return float(f1_score(truth, chosen, average="samples", zero_division=0))


def figures(truth: np.ndarray, chosen: np.ndarray, chance: np.ndarray) -> Figures:
    right = truth[np.arange(len(truth)), chance.argmax(axis=1)]
    found = {
        "f1": samples_f1(truth, chosen[:, : truth.shape[1]]),
        "hit": float(right.mean()),
        "ece": calibration_error(chance, truth),
    }
    if chosen.shape[1] > truth.shape[1]:
        kept = ~chosen[:, -1].astype(bool)
        sets = chosen[:, :-1] & kept[:, None]
        found["abstained"] = float(1 - kept.mean())
        found["f1_kept"] = samples_f1(truth[kept], sets[kept]) if kept.any() else 0.0
        found["f1_abstaining"] = samples_f1(truth, sets)
    return found


def averaged(measured: Iterable[tuple[int, Figures]]) -> Figures:
    pairs = list(measured)
    weights = [n for n, _ in pairs]
    return {
        name: round(float(np.average([f[name] for _, f in pairs], weights=weights)), 4)
        for name in pairs[0][1]
    } | {"n": float(sum(weights))}


# ---- parts


def folds(name: str, rows: list[Row]) -> Iterator[Row]:
    rows = untranslated(rows)
    sets = {name: rows}
    if all(len(row["labels"]) == 1 for row in rows):
        sets[f"joined_{name}"] = joined(rows)
    for title, given in sets.items():
        groups = groups_of(given)
        data = [labelled(group, 8 if len(groups) == 1 else 5) for group in groups]
        data = [one for one in data if len(one.labels) > 1]
        for method, run in METHODS.items():
            began = time.process_time()
            measured = []
            for one in data:
                chosen = np.zeros((len(one.texts), len(one.labels) + (method == "ours")), bool)
                chance = np.zeros(one.member.shape)
                for taught, asked in KFold(5, shuffle=True, random_state=0).split(one.texts):
                    chosen[asked], chance[asked] = run(one.take(taught), one.take(asked))
                measured.append((len(one.texts), figures(one.member, chosen, chance)))
            yield {
                "part": "folds",
                "set": title,
                "method": method,
                **averaged(measured),
                "cpu": round(time.process_time() - began, 1),
            }


def few(name: str, rows: list[Row]) -> Iterator[Row]:
    groups = groups_of(untranslated(rows))
    data = [labelled(group, 8 if len(groups) == 1 else 5) for group in groups]
    for shown in (1, 3, 5, 10):
        for method in ("use_lr", "ours"):
            measured = []
            for one in data:
                generator = np.random.default_rng(0)
                taught: set[int] = set()
                for theme in range(len(one.labels)):
                    own = generator.permutation(np.flatnonzero(one.member[:, theme]))
                    taught |= set(own[:shown].tolist())
                asked = np.setdiff1d(np.arange(len(one.texts)), sorted(taught))
                if len(asked) < 10 or len(one.labels) < 2:
                    continue
                truth = one.member[asked]
                answer = METHODS[method](one.take(np.array(sorted(taught))), one.take(asked))
                measured.append((len(asked), figures(truth, *answer)))
            if measured:
                yield {
                    "part": "few",
                    "set": name,
                    "examples": shown,
                    "method": method,
                    **averaged(measured),
                }


def across(name: str, rows: list[Row]) -> Iterator[Row]:
    if len({row["lang"] for row in rows}) < 2:
        return
    one = labelled(rows, 8)
    spoken = np.array([language.value for language in one.languages])
    # Translations share a pair: what is asked was not taught in the other language.
    kept = [row for row in rows if set(row["labels"]) & set(one.labels)]
    half = np.array([hash_of(row["pair"] or row["text"]) % 2 for row in kept])
    for first, second in (("en", "fr"), ("fr", "en")):
        for method in ("tfidf_lr", "use_lr", "ours"):
            measured = []
            for side in (0, 1):
                taught = np.flatnonzero((spoken == first) & (half == side))
                asked = np.flatnonzero((spoken == second) & (half != side))
                answer = METHODS[method](one.take(taught), one.take(asked))
                measured.append((len(asked), figures(one.member[asked], *answer)))
            yield {
                "part": "across",
                "set": name,
                "taught": first,
                "asked": second,
                "method": method,
                **averaged(measured),
            }


def frame_of(name: str, labels: Iterable[str], lang: str, folder: Path) -> list[FrameTheme]:
    path = folder / f"{name}.csv"
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            known = {row["code"]: FrameTheme(**row) for row in csv.DictReader(file)}
        return [known[label] for label in sorted(labels) if label in known]
    if all(len(label) <= 3 or label.startswith("kp_") for label in labels):
        return []
    return [
        FrameTheme(label, **{f"name_{lang}": label.replace("_", " ")}) for label in sorted(labels)
    ]


def frames(name: str, rows: list[Row], folder: Path) -> Iterator[Row]:
    embedder = embedder_named(Config().embedder)
    groups = groups_of(rows)
    said_in: dict[str, Callable[[FrameTheme], FrameTheme]] = {
        "given": lambda t: t,
        "en": lambda t: FrameTheme(t.code, t.name_en, "", t.definition_en, ""),
        "fr": lambda t: FrameTheme(t.code, "", t.name_fr, "", t.definition_fr),
    }
    for said, only in said_in.items():
        measured: list[tuple[int, Figures]] = []
        for group in groups:
            count = Counter(label for row in group for label in row["labels"])
            themes = [only(t) for t in frame_of(name, count, group[0]["lang"], folder)]
            if len(themes) < 2 or not all(t.name_en or t.name_fr for t in themes):
                continue
            one = labelled(group, 1)
            codes = [theme.code for theme in themes]
            one.member = one.member[:, [one.labels.index(code) for code in codes]]
            matcher = FrameMatcher(embedder=embedder).fit(Codebook(tuple(themes)))
            found = matcher.match(one.texts, one.vectors, one.languages)
            sets = np.column_stack([likely_sets(found.score), ~found.fits.any(axis=1)])
            f = figures(one.member, sets, found.score)
            left: list[float] = []
            for gone in range(0, len(codes), max(1, len(codes) // 6)):
                own = one.member[:, gone] & (one.member.sum(axis=1) == 1)
                rest = tuple(theme for i, theme in enumerate(themes) if i != gone)
                without = FrameMatcher(embedder=embedder).fit(Codebook(rest))
                fits = without.match(one.texts, one.vectors, one.languages).fits
                if own.any():
                    left.append(float((~fits[own].any(axis=1)).mean()))
            f["abstained_when_its_theme_is_gone"] = float(np.mean(left))
            few: list[float] = []
            for draw in range(6):
                drawn = one.take(np.random.default_rng(draw).permutation(len(one.texts))[:60])
                score = matcher.match(drawn.texts, drawn.vectors, drawn.languages).score
                right = drawn.member[np.arange(len(score)), score.argmax(axis=1)]
                few.append(float(right.mean()))
            f["hit_of_60"] = float(np.mean(few))
            for code in ("en", "fr"):
                here = [i for i, x in enumerate(one.languages) if x.value == code]
                if 0 < len(here) < len(one.texts):
                    right = one.member[here, found.score[here].argmax(axis=1)]
                    f[f"hit_{code}"] = float(right.mean())
            measured.append((len(one.texts), f))
        if measured:
            yield {"part": "frames", "set": name, "definitions": said,
                   **averaged(measured)}  # fmt: skip


def documents_of(rows: Sequence[Row]) -> list[Document]:
    return [Document(f"{i:06d}", row["text"], Language(row["lang"])) for i, row in enumerate(rows)]


def themes_by_document(rows: Iterable[PassageAssignment]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.theme is not None:
            found[row.document_id].add(row.theme)
    return found


def ideas(name: str, rows: list[Row], config: Config) -> Iterator[Row]:
    if any(len(row["labels"]) > 1 for row in rows):
        return
    measured: list[tuple[int, Figures]] = []
    for group in groups_of(untranslated(rows)):
        generator = random.Random(1)
        mixed = sorted(group, key=lambda row: row["text"])
        generator.shuffle(mixed)
        half = len(mixed) // 2
        taught, answers = mixed[:half], joined(mixed[half:])
        known = Counter(row["labels"][0] for row in taught)
        labels = sorted(label for label in known if known[label] >= 3)
        answers = [row for row in answers if set(row["labels"]) <= set(labels)]
        if len(labels) < 2 or len(answers) < 20:
            continue
        documents = documents_of(answers)
        truth = np.array([[label in row["labels"] for label in labels] for row in answers])
        book = Codebook(
            tuple(FrameTheme(label) for label in labels),
            tuple(Example(r["text"], r["labels"][0]) for r in taught if r["labels"][0] in labels),
        )
        placed = themes_by_document(assign_codebook(documents, book, config).assignments)
        chosen = np.array([[label in placed[d.id] for label in labels] for d in documents])
        result = analyse(documents, config)
        fits = int(result.metrics["level_that_fits"])
        found = {
            document: {code if fits == 2 else code.split(".")[0] for code in codes}
            for document, codes in themes_by_document(result.assignments).items()
        }
        codes = sorted({code for own in found.values() for code in own})
        member = np.array([[code in found.get(d.id, ()) for code in codes] for d in documents])
        f: Figures = {
            "f1_assigned": samples_f1(truth, chosen),
            "labels_a_text": float(truth.sum(axis=1).mean()),
            "assigned_a_text": float(chosen.sum(axis=1).mean()),
            "themes": float(len(codes)),
            "f1_found_majority": 0.0,
            "f1_found_one_to_one": 0.0,
        }
        if codes:
            both = member.T.astype(float) @ truth
            total = member.sum(axis=0)[:, None] + truth.sum(axis=0)[None, :]
            likeness = 2 * both / total
            majority = np.eye(len(labels))[likeness.argmax(axis=1)]
            f["f1_found_majority"] = samples_f1(truth, (member @ majority) > 0)
            first, second = linear_sum_assignment(-likeness)
            single = np.zeros((len(codes), len(labels)))
            single[first, second] = 1.0
            f["f1_found_one_to_one"] = samples_f1(truth, (member @ single) > 0)
        measured.append((len(answers), f))
    if measured:
        yield {"part": "ideas", "set": name, **averaged(measured)}


def extended(name: str, rows: list[Row], config: Config) -> Iterator[Row]:
    measured: list[tuple[int, Figures]] = []
    for group in groups_of(rows):
        generator = random.Random(0)
        mixed = sorted(group, key=lambda row: row["text"])
        generator.shuffle(mixed)
        new = min(1000, len(mixed) // 5)
        documents = documents_of(mixed)
        labels = [row["labels"][0] for row in mixed]
        began = time.process_time()
        result, state = analyse_and_keep(documents[new:], config)
        run_cpu = time.process_time() - began
        if state is None:
            continue
        began = time.process_time()
        added = extend(state, documents[:new])
        cpu = time.process_time() - began

        def agreement(
            assignments: Iterable[PassageAssignment], fits: int, labels: list[str]
        ) -> tuple[float, float]:
            main = {row.document_id: row.theme or "" for row in assignments if row.main}
            numbers = sorted(main)
            own = [main[d] if fits == 2 else main[d].split(".")[0] for d in numbers]
            true = [labels[int(d)] for d in numbers]
            return adjusted_rand_score(true, own), adjusted_mutual_info_score(true, own)

        fits = int(result.metrics["level_that_fits"])
        known = [row for row in added.assignments if row.theme in state.codes]
        before, after = agreement(result.assignments, fits, labels), agreement(known, fits, labels)
        fit = len({row.document_id for row in known})
        measured.append(
            (
                new,
                {
                    "run_ari": before[0],
                    "run_ami": before[1],
                    "new_ari": after[0],
                    "new_ami": after[1],
                    "fits_no_theme": 1 - fit / new,
                    "emergent": float(len(added.emergent)),
                    "cpu_run": run_cpu,
                    "cpu_new": cpu,
                    "cpu_per_1000": 1000 * cpu / new,
                    "state_kib": len(state.to_bytes()) / 1024,
                },
            )
        )
    if measured:
        yield {"part": "extend", "set": name, **averaged(measured)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every labelled CSV of a folder")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    parser.add_argument("--codebooks", type=Path, default=CODEBOOKS, metavar="DIR")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    wanted = arguments.parts.split(",")
    if not set(wanted) <= set(PARTS):
        parser.error(f"the parts are {', '.join(PARTS)}")
    files = list(arguments.files)
    if arguments.all is not None:
        for path in sorted(arguments.all.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                if {"text", "label"} <= set(next(csv.reader(file), [])):
                    files.append(path)
    if not files:
        parser.error("name a CSV file, or a folder with --all")
    config = Config(processes=arguments.processes)
    parts: dict[str, Callable[[str, list[Row]], Iterator[Row]]] = {
        "folds": folds,
        "few": few,
        "across": across,
        "frames": partial(frames, folder=arguments.codebooks),
        "ideas": partial(ideas, config=config),
        "extend": partial(extended, config=config),
    }
    lines: list[Row] = []
    with threadpool_limits(limits=1):
        for part in wanted:
            for path in files:
                for line in parts[part](path.stem, rows_of(path)):
                    print(json.dumps(line), flush=True)
                    lines.append(line)
    for method in METHODS:
        own = [x for x in lines if x["part"] == "folds" and x["method"] == method]
        if len(own) > 1:
            means = {key: round(float(np.mean([x[key] for x in own])), 4) for key in ("f1", "hit")}
            print(json.dumps({"part": "folds", "set": "mean", "method": method, **means}))


if __name__ == "__main__":
    main()
