"""Whether the word of confidence in a theme means something: how pure themes are, by level.

    python benchmarks/confidence.py FILE.csv [FILE.csv ...]     or folders of them

Files are those of themes.py. The purity of a theme is the share of its answers that carry the label
most of them carry (any of an answer's labels counts). Themes and parts of all files are pooled.
Prints one JSON line: for each level how many themes and their mean purity, alone and among top
themes and parts; each step from a level to the next with its 95% interval from 2,000 bootstraps
over themes; Spearman's rank correlation of purity with stability, with likeness and with what the
rule makes of both. ``left_out`` is the same where the two thresholds are those that leave the same
shares of the themes of all *other* files on each level: what they are worth on a file nobody chose
them on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from themes import documents_of, groups_of, labelled

from analysis.pipeline import Config, Level, analyse

LEVELS = (Level.LOW, Level.MODERATE, Level.HIGH)


@dataclass(frozen=True, slots=True)
class Measured:
    """A theme: its file, whether it is a top theme, its purity, and what its confidence came of."""

    file: str
    top: bool
    purity: float
    level: Level
    stability: float
    likeness: float
    bounded: bool

    @property
    def sure(self) -> float:
        """What the thresholds are on."""
        return self.likeness + self.stability / 2


def measured(path: Path) -> list[Measured]:
    """The themes and parts of all groups of a file."""
    found = []
    for rows in groups_of(path):
        result = analyse(documents_of(rows), Config())
        answers: dict[str, set[int]] = {theme.code: set() for theme in result.themes}
        parents = {theme.code: theme.parent for theme in result.themes}
        for row in result.assignments:
            code = row.theme
            while code is not None:
                answers[code].add(int(row.document_id))
                code = parents[code]
        for theme in result.themes:
            labels = Counter(
                label for i in answers[theme.code] for label in rows[i]["label"].split("|")
            )
            values = theme.confidence.why.values
            if "alike" in values:
                found.append(
                    Measured(
                        path.stem,
                        theme.parent is None,
                        max(labels.values()) / len(answers[theme.code]),
                        theme.confidence.level,
                        theme.confidence.stability or 0.0,
                        values["alike"] / 100,
                        theme.confidence.why.code in BOUNDED,
                    )
                )
    return found


# Reasons that decide the level whatever the thresholds.
BOUNDED = {"theme_name_covers_little", "theme_seldom_back", "theme_small"}


def by_level(levels: NDArray[np.int64], purity: NDArray[np.float64]) -> list[dict[str, float]]:
    """How many themes are on each level, and how pure they are."""
    return [
        {
            "level": level.value,
            "themes": int((levels == at).sum()),
            "purity": round(float(purity[levels == at].mean()), 3) if at in levels else None,
        }
        for at, level in enumerate(LEVELS)
    ]


def steps(levels: NDArray[np.int64], purity: NDArray[np.float64]) -> list[list[float]]:
    """The 95% interval of the step from each level to the next."""
    draw, found = np.random.default_rng(0), []
    for _ in range(2_000):
        rows = draw.integers(0, len(levels), len(levels))
        means = [purity[rows][levels[rows] == at].mean() for at in range(3)]
        found.append(np.diff(means))
    low, high = np.nanquantile(found, [0.025, 0.975], axis=0)
    return [[round(float(a), 3), round(float(b), 3)] for a, b in zip(low, high, strict=True)]


def left_out(themes: list[Measured], levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Levels by thresholds chosen on all other files; what a reason bounds stays."""
    files = np.asarray([theme.file for theme in themes])
    sure = np.asarray([theme.sure for theme in themes])
    free = np.asarray([not theme.bounded for theme in themes])
    low, high = np.mean(levels[free] == 0), np.mean(levels[free] == 2)
    found = levels.copy()
    for file in sorted(set(files)):
        here = (files == file) & free
        edges = np.quantile(sure[(files != file) & free], [low, 1 - high])
        found[here] = np.searchsorted(edges, sure[here], side="right")
    return found


def summary(themes: list[Measured]) -> dict[str, Any]:
    """What the line says."""
    purity = np.asarray([theme.purity for theme in themes])
    levels = np.asarray([LEVELS.index(theme.level) for theme in themes])
    top = np.asarray([theme.top for theme in themes])
    chosen = left_out(themes, levels)
    features = {
        name: [getattr(theme, name) for theme in themes]
        for name in ("stability", "likeness", "sure")
    }
    return {
        "themes": len(themes),
        "levels": by_level(levels, purity),
        "top": by_level(levels[top], purity[top]),
        "parts": by_level(levels[~top], purity[~top]),
        "steps": steps(levels, purity),
        "left_out": {"levels": by_level(chosen, purity), "steps": steps(chosen, purity)},
        "spearman": {
            name: round(float(spearmanr(values, purity)[0]), 3) for name, values in features.items()
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    files: list[Path] = []
    for path in parser.parse_args().paths:
        files += labelled(path) if path.is_dir() else [path]
    themes = [theme for path in files for theme in measured(path)]
    print(json.dumps(summary(themes)))


if __name__ == "__main__":
    main()
