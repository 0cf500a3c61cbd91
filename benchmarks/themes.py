"""How well the pipeline's themes agree with people's labels, beside the methods in use elsewhere.

    python benchmarks/themes.py FILE.csv [FILE.csv ...]     ours alone
    python benchmarks/themes.py --all DIR                   ours and baselines.py, every file
    python benchmarks/themes.py --all DIR --stability       and five seeds, and four fifths of texts
    python benchmarks/themes.py FILE.csv --second folder:PATH     with a second encoder

A file has the columns ``text`` and ``label``, and may have ``id``, ``lang``, ``group`` and
``pair``. Each group is analysed on its own and counts by its size. A text with several labels
(``a|b``) counts under its first. A text in no theme counts as one of a cluster of its own reason.
One JSON line a file; with ``--all`` a last line with the means, and a table for people after it. No
number of themes is given to the pipeline.

``level`` says which of the two levels the figures without a prefix are on: the one the pipeline
itself says fits (``metrics["level_that_fits"]``). ``top_`` and ``leaf_`` figures are on each. Where
a group holds translations of the same texts, ``v_both_over_english`` is V-measure of both languages
together over that of the English texts alone.

"Made in one run on one machine": BERTopic needs the environment of ``make bench-setup``.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    normalized_mutual_info_score,
    v_measure_score,
)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import baselines

from analysis.pipeline import Config, Document, Language, Result, analyse
from analysis.pipeline.vectors import VectorCache, vector_key
from analysis.pipeline.vectors.embedder import Embedder
from analysis.pipeline.vectors.embedding import embed_all, embedder_named

csv.field_size_limit(10**9)


def clusters(result: Result) -> dict[str, dict[str, str]]:
    """For each document its cluster on the top level, on the leaves, and on the one that fits."""
    fits = int(result.metrics["level_that_fits"])
    found: dict[str, dict[str, str]] = {}
    for row in result.assignments:
        if row.document_id in found and not row.main:
            continue
        leaf = row.theme if row.theme is not None else f"({row.reason})"
        top = leaf.split(".")[0]
        found[row.document_id] = {"top": top, "leaf": leaf, "fits": leaf if fits == 2 else top}
    return found


def cross_lingual_pairs(clusters: list[str], labels: list[str], languages: list[str]) -> float:
    """F1 of "same cluster" against "same label" over all pairs of an EN and a FR text."""

    def pairs(keys: list[Any]) -> int:
        english = Counter(k for k, lang in zip(keys, languages, strict=True) if lang == "en")
        french = Counter(k for k, lang in zip(keys, languages, strict=True) if lang == "fr")
        return sum(count * french[k] for k, count in english.items())

    both = pairs(list(zip(clusters, labels, strict=True)))
    predicted, true = pairs(clusters), pairs(labels)
    return 2 * both / (predicted + true) if predicted + true else 0.0


class Remembering:
    """An embedder that keeps what it made, so that repeated runs measure themes and not waiting.

    In ``cache`` too, if there is one: the next run of the script waits no more either.
    """

    def __init__(self, inner: Embedder, cache: VectorCache | None = None) -> None:
        self.inner, self.cache = inner, cache
        self.name, self.version, self.digest = inner.name, inner.version, inner.digest
        self.kept: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, d) unit rows, made once for each text."""
        new = sorted({text for text in texts if text not in self.kept})
        if new and self.cache is not None:
            keys = {text: vector_key(self, text) for text in new}
            found = self.cache.get(list(keys.values()))
            known = {text: found[key] for text, key in keys.items() if key in found}
            self.kept.update({text: row.astype(np.float32) for text, row in known.items()})
            new = [text for text in new if text not in known]
        if new:
            vectors = embed_all(new, self.inner)
            self.kept.update(zip(new, vectors.astype(np.float32), strict=True))
            if self.cache is not None:
                self.cache.put({keys[text]: row for text, row in zip(new, vectors, strict=True)})
        return np.stack([self.kept[text] for text in texts]) if texts else self.inner.embed([])


def documents_of(rows: list[dict[str, str]]) -> list[Document]:
    """One document a row, named by its number in the list."""
    return [
        Document(
            str(number),
            row["text"],
            Language(row["lang"]) if row.get("lang") in ("en", "fr") else None,
        )
        for number, row in enumerate(rows)
    ]


def labelled(folder: Path) -> list[Path]:
    """The CSV files of a folder that have texts and labels."""
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            if {"text", "label"} <= set(next(csv.reader(file), [])):
                found.append(path)
    return found


def groups_of(path: Path) -> list[list[dict[str, str]]]:
    """The rows of a file, those of each group together."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row.get("group") or "all"].append(row)
    return list(groups.values())


def assigned(result: Result, level: str) -> list[str]:
    """The cluster of each document, in order of its number."""
    found = clusters(result)
    return [found[str(number)][level] for number in range(len(found))]


def agreement(labels: list[str], found: list[str]) -> dict[str, float]:
    """How well clusters agree with people's labels, and how many are themes."""
    return {
        "v": v_measure_score(labels, found),
        "ari": adjusted_rand_score(labels, found),
        "ami": adjusted_mutual_info_score(labels, found),
        "themes": len({name for name in found if not name.startswith("(")}),
    }


def averaged(measured: list[tuple[int, dict[str, float]]]) -> dict[str, float]:
    """The figures of the groups of a file, each counting by its size."""
    weights = [n for n, _ in measured]
    return {
        name: float(np.average([figures[name] for _, figures in measured], weights=weights))
        for name in measured[0][1]
    }


def measure(rows: list[dict[str, str]], config: Config) -> dict[str, float]:
    """One group: the figures of its analysis."""
    documents = documents_of(rows)
    began, spent = time.perf_counter(), cpu_seconds()
    result = analyse(documents, config)
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - spent
    labels = [row["label"].split("|")[0] for row in rows]
    languages = [row.get("lang") or "en" for row in rows]
    figures: dict[str, float] = {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "themes_true": len(set(labels)),
        "level": result.metrics["level_that_fits"],
        "stability": result.metrics["stability"],
        "separation": result.metrics["separation"],
        "unthemed": result.metrics["share_unthemed"],
        "campaigns": result.metrics["campaigns"],
    }
    for level, prefix in (("fits", ""), ("top", "top_"), ("leaf", "leaf_")):
        found = assigned(result, level)
        figures |= {f"{prefix}{name}": value for name, value in agreement(labels, found).items()}
        if len(set(languages)) == 2:
            figures |= {
                f"{prefix}language_nmi": normalized_mutual_info_score(languages, found),
                f"{prefix}cross_f1": cross_lingual_pairs(found, labels, languages),
            }
    if len(set(languages)) == 2:
        figures["labels_language_nmi"] = normalized_mutual_info_score(languages, labels)
        if all(row.get("pair") for row in rows):
            english = [row for row in rows if row["lang"] == "en"]
            alone = assigned(analyse(documents_of(english), config), "fits")
            v = v_measure_score([row["label"].split("|")[0] for row in english], alone)
            figures["v_both_over_english"] = figures["v"] / v
            figures["pairs_together"] = pairs_together(rows, assigned(result, "fits"))
    return figures


def pairs_together(rows: list[dict[str, str]], found: list[str]) -> float:
    """The share of translated pairs whose two texts are in one cluster."""
    by_pair: dict[str, set[str]] = defaultdict(set)
    for row, cluster in zip(rows, found, strict=True):
        by_pair[row["pair"]].add(cluster)
    return float(np.mean([len(clusters) == 1 for clusters in by_pair.values()]))


def stability(rows: list[dict[str, str]], config: Config, embedder: Embedder) -> dict[str, float]:
    """Mean ARI of the pipeline with itself: over five seeds, and over samples of four fifths."""
    documents = documents_of(rows)

    def run(kept: list[int], seed: int) -> dict[int, str]:
        result = analyse(
            [documents[i] for i in kept], replace(config, seed=seed), embedder=embedder
        )
        return {int(name): levels["fits"] for name, levels in clusters(result).items()}

    def agreement(one: dict[int, str], other: dict[int, str]) -> float:
        both = sorted(one.keys() & other.keys())
        return float(adjusted_rand_score([one[i] for i in both], [other[i] for i in both]))

    everything = list(range(len(rows)))
    seeds = [run(everything, seed) for seed in range(5)]
    samples = [
        run(sorted(np.random.default_rng(turn).permutation(len(rows))[: len(rows) * 4 // 5]), 0)
        for turn in range(3)
    ]
    return {
        "seeds_ari": float(np.mean([agreement(a, b) for a, b in combinations(seeds, 2)])),
        "samples_ari": float(np.mean([agreement(seeds[0], sample) for sample in samples])),
    }


def others(rows: list[dict[str, str]], embedder: Embedder) -> dict[str, float]:
    """ARI and AMI of every method of baselines.py on one group."""
    texts = [row["text"] for row in rows]
    labels = [row["label"].split("|")[0] for row in rows]
    languages = [row.get("lang") or "en" for row in rows]
    vectors = embedder.embed(texts)
    figures: dict[str, float] = {}
    for name, method in baselines.METHODS.items():
        found = method(texts, languages, vectors, len(set(labels)))
        figures |= {
            f"{name}_ari": adjusted_rand_score(labels, found),
            f"{name}_ami": adjusted_mutual_info_score(labels, found),
        }
        if name == "bertopic":
            figures["bertopic_dropped"] = float(np.mean(np.asarray(found) < 0))
    return figures


def cpu_seconds() -> float:
    """Processor seconds of this process and those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def run(path: Path, config: Config, compare: bool, stable: bool) -> dict[str, float | str]:
    """All groups of one file, averaged by size."""
    groups = groups_of(path)
    embedder = Remembering(embedder_named(config.embedder))
    measured = []
    for group in groups:
        figures = measure(group, config)
        if compare:
            figures |= others(group, embedder)
        if stable:
            figures |= stability(group, config, embedder)
        measured.append((len(group), figures))
    documents = sum(n for n, _ in measured)
    seconds = sum(figures.pop("seconds") for _, figures in measured)
    cpu = sum(figures.pop("cpu_seconds") for _, figures in measured)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "set": path.stem,
        "documents": documents,
        "groups": len(groups),
        **{name: round(value, 4) for name, value in averaged(measured).items()},
        "documents_per_second": round(documents / seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_mib": round(peak),
    }


def table(lines: list[dict[str, Any]]) -> str:
    """Ours and the others as Markdown, ARI / AMI; the best of a row is in bold."""
    names = ["ours", *(name for name in baselines.METHODS if f"{name}_ari" in lines[0])]
    rows = ["| Set (n) | Themes | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for line in lines:
        cells = []
        for name in names:
            prefix = "" if name == "ours" else f"{name}_"
            cells.append((line[f"{prefix}ari"], line[f"{prefix}ami"]))
        best = [max(cell[i] for cell in cells) for i in (0, 1)]
        shown = [
            "/".join(
                f"**{value:.2f}**" if value > best[i] - 0.005 else f"{value:.2f}"
                for i, value in enumerate(cell)
            )
            for cell in cells
        ]
        themes = f"{line['themes']:.0f} / {line['themes_true']:.0f}" if "themes" in line else ""
        size = f" ({line['documents']})" if "documents" in line else ""
        rows.append(f"| {line['set']}{size} | {themes} | " + " | ".join(shown) + " |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every labelled CSV of a folder")
    parser.add_argument("--stability", action="store_true", help="five seeds, samples of 80 %%")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--second", default="", help="a second encoder beside the default")
    parser.add_argument("--second-share", type=float, default=0.5, help="what it counts for")
    arguments = parser.parse_args()
    files = list(arguments.files)
    if arguments.all is not None:
        files += labelled(arguments.all)
    if not files:
        parser.error("name a CSV file, or a folder with --all")
    config = Config(
        seed=arguments.seed,
        processes=arguments.processes,
        second_embedder=arguments.second,
        second_share=arguments.second_share,
    )
    compare = arguments.all is not None
    lines: list[dict[str, Any]] = []
    for path in files:
        line = run(path, config, compare, arguments.stability)
        print(json.dumps(line), flush=True)
        lines.append(line)
    if compare:
        shared = [
            name
            for name in lines[0]
            if name == "v" or (name.endswith(("ari", "ami")) and all(name in x for x in lines))
        ]
        means = {name: round(float(np.mean([x[name] for x in lines])), 4) for name in shared}
        print(json.dumps({"set": "mean", **means}))
        print(table([*lines, {"set": "mean", **means}]))


if __name__ == "__main__":
    main()
