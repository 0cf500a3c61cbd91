"""What each setting of the pipeline is worth: one setting at a time, at values around its default.

    python benchmarks/settings.py DIR [--only NAME ...]

Every labelled CSV file of the folder is analysed with the default configuration and with each value
below. Prints one JSON line a value: mean ARI and AMI on the level that fits, over the files, the
number of themes found, and the processor seconds without embedding. ``docs/method.md`` quotes it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from themes import (
    Remembering,
    agreement,
    assigned,
    averaged,
    cpu_seconds,
    documents_of,
    groups_of,
    labelled,
)

from analysis.pipeline import Config, analyse, embedder_named

# Settings that change what is grouped with what. Letters, language and assignment have benchmarks
# of their own.
VALUES: Mapping[str, tuple[Any, ...]] = {
    "passage_split_over_words": (40, 60, 90),
    "passage_minimum_words": (6, 12, 20),
    "passage_maximum_words": (40, 60, 90),
    "context_share": (0.0, 0.2, 0.4, 0.6),
    "lexical_share": (0.0, 0.15, 0.3, 0.45),
    "lexical_dimensions": (75, 150, 300),
    "dimensions": (64, 128, 192),
    "neighbours": (15, 30, 45),
    "smoothing": (3, 6, 9),
    "finer_price": (0.015, 0.03, 0.06),
    "resamples": (2, 4, 8),
    "resample_share": (0.7, 0.8, 0.9),
    "theme_minimum_size": (2, 3, 5),
    "top_themes": (10, 15, 20),
    "split_minimum_size": (20, 40, 80),
    "split_separation": (0.03, 0.05, 0.08),
    "split_stability": (0.4, 0.5, 0.6),
}


def figures(config: Config, files: Iterable[Path], embedder: Remembering) -> dict[str, float]:
    """Means over the files of what the analysis finds with ``config``."""
    rows: list[dict[str, float]] = []
    spent = cpu_seconds()
    for path in files:
        measured: list[tuple[int, dict[str, float]]] = []
        for group in groups_of(path):
            result = analyse(documents_of(group), config, embedder=embedder)
            labels = [row["label"].split("|")[0] for row in group]
            found = agreement(labels, assigned(result, "fits"))
            measured.append((len(group), {**found, "sub_themes": result.metrics["sub_themes"]}))
        rows.append(averaged(measured))
    means = {name: round(float(np.mean([row[name] for row in rows])), 4) for name in rows[0]}
    return means | {"cpu_seconds": round(cpu_seconds() - spent, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="labelled CSV files")
    parser.add_argument("--only", nargs="+", choices=sorted(VALUES), default=list(VALUES))
    arguments = parser.parse_args()
    files = labelled(arguments.folder)
    default = Config()
    embedder = Remembering(embedder_named(default.embedder))
    figures(default, files, embedder)  # makes the vectors
    for name in arguments.only:
        for value in VALUES[name]:
            line = figures(replace(default, **{name: value}), files, embedder)
            chosen = value == getattr(default, name)
            print(
                json.dumps({"setting": name, "value": value, "default": chosen, **line}), flush=True
            )


if __name__ == "__main__":
    main()
