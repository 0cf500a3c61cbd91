"""How well the pipeline's themes agree with people's labels.

    python benchmarks/themes.py FILE.csv [FILE.csv ...]
    python benchmarks/themes.py --all DIR

A file has the columns ``text`` and ``label``, and may have ``id``, ``lang`` and ``group``. Each
group is analysed on its own and counts by its size. A text with several labels (``a|b``) counts
under its first. A text in no theme counts as one of a cluster of its own reason. One JSON line a
file; with ``--all`` a last line with the means. No number of themes is given to the pipeline.

``level`` says which of the two levels the figures without a prefix are on: the one the pipeline
itself says fits (``metrics["level_that_fits"]``). ``top_`` and ``leaf_`` figures are on each.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    normalized_mutual_info_score,
    v_measure_score,
)

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.pipeline import Config, Document, Language, Result, analyse

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


def measure(rows: list[dict[str, str]], config: Config) -> dict[str, float]:
    """One group: the figures of its analysis."""
    documents = [
        Document(
            str(number),
            row["text"],
            Language(row["lang"]) if row.get("lang") in ("en", "fr") else None,
        )
        for number, row in enumerate(rows)
    ]
    began = time.perf_counter()
    result = analyse(documents, config)
    seconds = time.perf_counter() - began
    found = clusters(result)
    labels = [row["label"].split("|")[0] for row in rows]
    languages = [row.get("lang") or "en" for row in rows]
    figures: dict[str, float] = {
        "seconds": seconds,
        "themes_true": len(set(labels)),
        "level": result.metrics["level_that_fits"],
        "resolution": result.metrics["resolution"],
        "stability": result.metrics["stability"],
        "separation": result.metrics["separation"],
        "unthemed": result.metrics["share_unthemed"],
        "campaigns": result.metrics["campaigns"],
    }
    for level, prefix in (("fits", ""), ("top", "top_"), ("leaf", "leaf_")):
        assigned = [found[document.id][level] for document in documents]
        figures |= {
            f"{prefix}v": v_measure_score(labels, assigned),
            f"{prefix}ari": adjusted_rand_score(labels, assigned),
            f"{prefix}ami": adjusted_mutual_info_score(labels, assigned),
            f"{prefix}themes": len({a for a in assigned if not a.startswith("(")}),
        }
        if len(set(languages)) == 2:
            figures |= {
                f"{prefix}language_nmi": normalized_mutual_info_score(languages, assigned),
                f"{prefix}cross_f1": cross_lingual_pairs(assigned, labels, languages),
            }
    if len(set(languages)) == 2:
        figures["labels_language_nmi"] = normalized_mutual_info_score(languages, labels)
    return figures


def run(path: Path, config: Config) -> dict[str, float | str]:
    """All groups of one file, averaged by size."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        groups[row.get("group") or "all"].append(row)
    measured = [(len(group), measure(group, config)) for group in groups.values()]
    weights = [n for n, _ in measured]
    seconds = sum(figures.pop("seconds") for _, figures in measured)
    averaged = {
        name: round(float(np.average([f[name] for _, f in measured], weights=weights)), 4)
        for name in measured[0][1]
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "set": path.stem,
        "documents": len(rows),
        "groups": len(groups),
        **averaged,
        "documents_per_second": round(len(rows) / seconds, 1),
        "peak_mib": round(peak),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every labelled CSV of a folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=0)
    arguments = parser.parse_args()
    files = list(arguments.files)
    if arguments.all is not None:
        for path in sorted(arguments.all.glob("*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                if {"text", "label"} <= set(next(csv.reader(file), [])):
                    files.append(path)
    if not files:
        parser.error("name a CSV file, or a folder with --all")
    config = Config(seed=arguments.seed, processes=arguments.processes)
    lines = []
    for path in files:
        line = run(path, config)
        print(json.dumps(line), flush=True)
        lines.append(line)
    if arguments.all is not None:
        shared = ["v", "ari", "ami", "top_ari", "top_ami", "leaf_ari", "leaf_ami"]
        means = {name: round(float(np.mean([float(x[name]) for x in lines])), 4) for name in shared}
        print(json.dumps({"set": "mean", **means}))


if __name__ == "__main__":
    main()
