"""Whether the word of confidence in a theme means something: how pure themes are, by level.

    python benchmarks/confidence.py FILE.csv [FILE.csv ...]     or folders of them

Files are those of themes.py. The purity of a theme is the share of its answers that carry the label
most of them carry (any of an answer's labels counts). Themes and parts of all files are pooled.
Prints one JSON line: for each level how many themes and their mean purity, alone and among top
themes and parts; each step from a level to the next with its 95% interval from 2,000 bootstraps
over themes, of all and of top themes alone; Spearman's rank correlation of purity with stability,
with likeness and with what the rule makes of both.

``halves`` is the same where the two thresholds are those that leave the same shares on each level
in one half of the files, and the levels those of the other half: over every way of parting the
files in two, how often purity rises from level to level, and its mean on each. ``left_out`` is the
same with each file alone left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
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
        return self.likeness * self.stability


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
                        theme.confidence.why.code in BOUNDED
                        or (theme.confidence.stability or 0.0) < SELDOM_BACK,
                    )
                )
    return found


# Reasons that decide the level whatever the thresholds, and a stability that does.
BOUNDED = {
    "theme_all_in_english",
    "theme_all_in_french",
    "theme_name_covers_little",
    "theme_small",
}
SELDOM_BACK = 0.5


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


def refitted(
    themes: list[Measured], levels: NDArray[np.int64], asked: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Levels of the themes ``asked``, by thresholds that leave as many of all others on each level
    as the rule does of all; what a reason bounds stays."""
    sure = np.asarray([theme.sure for theme in themes])
    free = np.asarray([not theme.bounded for theme in themes])
    low, high = np.mean(levels[free] == 0), np.mean(levels[free] == 2)
    edges = np.quantile(sure[~asked & free], [low, 1 - high])
    return np.where(free, np.searchsorted(edges, sure, side="right"), levels)[asked]


def left_out(themes: list[Measured], levels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Levels by thresholds from all other files."""
    files = np.asarray([theme.file for theme in themes])
    found = levels.copy()
    for file in sorted(set(files)):
        found[files == file] = refitted(themes, levels, files == file)
    return found


def halves(
    themes: list[Measured], levels: NDArray[np.int64], which: NDArray[np.bool_]
) -> dict[str, Any]:
    """Every half of the files by thresholds from the other: of the themes in ``which``, how often
    purity rises from level to level, and its mean on each."""
    files = np.asarray([theme.file for theme in themes])
    purity = np.asarray([theme.purity for theme in themes])
    means = []
    for half in combinations(sorted(set(files)), len(set(files)) // 2):
        asked = np.isin(files, half)
        found, own = refitted(themes, levels, asked)[which[asked]], purity[asked & which]
        if len(set(found)) == len(LEVELS):
            means.append([own[found == at].mean() for at in range(3)])
    if not means:
        return {"parted": 0}
    rising = (np.diff(means, axis=1) > 0).all(axis=1)
    return {
        "parted": len(means),
        "rising": round(float(rising.mean()), 2),
        "purity": np.mean(means, axis=0).round(3).tolist(),
    }


def _told(levels: NDArray[np.int64], purity: NDArray[np.float64]) -> dict[str, Any]:
    return {"levels": by_level(levels, purity), "steps": steps(levels, purity)}


def summary(themes: list[Measured]) -> dict[str, Any]:
    """What the line says."""
    purity = np.asarray([theme.purity for theme in themes])
    levels = np.asarray([LEVELS.index(theme.level) for theme in themes])
    top = np.asarray([theme.top for theme in themes])
    features = {
        name: [getattr(theme, name) for theme in themes]
        for name in ("stability", "likeness", "sure")
    }
    files = {theme.file for theme in themes}
    sides = {"all": np.ones(len(top), dtype=bool), "top": top, "parts": ~top}
    line: dict[str, Any] = {"themes": len(themes)}
    for name, side in sides.items():
        line[name] = _told(levels[side], purity[side])
        if len(files) > 1:
            line[name]["left_out"] = _told(left_out(themes, levels)[side], purity[side])
            line[name]["halves"] = halves(themes, levels, side)
    line["spearman"] = {
        name: round(float(spearmanr(values, purity)[0]), 3) for name, values in features.items()
    }
    return line


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
