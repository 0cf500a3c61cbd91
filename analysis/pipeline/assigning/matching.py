"""Passages into themes that exist: those they fit, and candidates made of what fits none.

Each passage goes to the theme it fits best, and to others that it fits as well; what fits none is
grouped, where there is enough of it, to emergent candidates. An answer of several ideas has several
passages, so it has one main theme and may have others.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config
from analysis.pipeline.grouping.clusters import Floats, Measures, cluster
from analysis.pipeline.grouping.partitions import Labels
from analysis.pipeline.grouping.themes import Themes, of_passages
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.vectors.embedder import Embedder

from .codebook import Codebook, Matcher, Matches, texts_of
from .examples import ExampleMatcher
from .frames import FrameMatcher

# Examples of each theme from which they say more than names and definitions do: on news sentences
# in both languages definitions alone put .74 in the right subject, three examples .66, ten .74.
_TAUGHT_FROM = 3


def matcher_for(codebook: Codebook, config: Config, embedder: Embedder) -> Matcher:
    """The trained model where every theme has examples, else the one that reads definitions.

    A few examples teach only where some theme has nothing else.
    """
    shown = Counter(example.theme for example in codebook.examples)
    fewest = min(shown[code] for code in codebook.codes)
    worded = all(any(texts_of(theme)) for theme in codebook.themes)
    if len(codebook.themes) > 1 and fewest >= (_TAUGHT_FROM if worded else 1):
        return ExampleMatcher(config, embedder=embedder).fit(codebook)
    return FrameMatcher(config, embedder=embedder).fit(codebook)


@dataclass(frozen=True, slots=True)
class MatchedPassages:
    """The themes of n distinct passages, of k that were given and of those made of what is left.

    ``leaf`` (n,) is the best theme that each is put in: from 0 in the order given, from k an
    emergent one, -1 none. ``score``, ``border`` and ``centrality`` (n,) are in [0, 1]. The other
    themes that a passage is put in are the pairs of ``also_node`` and ``also_theme`` (m,) with
    ``also_score``; ``nearest`` (n,) is the score of the best theme whether it is put there or not.
    """

    leaf: Labels
    score: Floats
    border: Floats
    centrality: Floats
    nearest: Floats
    also_node: Labels
    also_theme: Labels
    also_score: Floats
    measures: Measures

    def to_stage(self) -> Stage:
        """The match as a checkpoint keeps it."""
        names = [name for name in MatchedPassages.__slots__ if name != "measures"]
        return Stage({name: getattr(self, name) for name in names}, self.measures.to_values())

    @classmethod
    def from_stage(cls, stage: Stage) -> MatchedPassages:
        """What ``to_stage`` gave."""
        return cls(**stage.arrays, measures=Measures.from_values(stage.values))


def match_passages(
    passages: Passages,
    vectors: NDArray[np.float16],
    themes: int,
    match: Callable[[], Matches],
    config: Config,
    *,
    step: Step = ALONE,
) -> MatchedPassages:
    """Put the distinct passages, with their (n, d) ``vectors``, in the themes they fit.

    ``match`` gives (n, ``themes``) scores in [0, 1] and which themes each passage is put in.
    """
    stage = step.keep(lambda: _matched(passages, vectors, themes, match, config, step).to_stage())
    return MatchedPassages.from_stage(stage)


def _matched(
    passages: Passages,
    vectors: NDArray[np.float16],
    k: int,
    match: Callable[[], Matches],
    config: Config,
    step: Step,
) -> MatchedPassages:
    n = len(passages.distinct.text)
    matches = match() if n else Matches(np.zeros((0, k)), np.zeros((0, k), dtype=bool))
    score, fits = matches.score, matches.fits
    step.report(0.5)
    held = np.where(fits, score, -1.0)
    leaf = np.where(fits.any(axis=1), held.argmax(axis=1), -1).astype(np.int64)
    ranked = np.sort(score, axis=1)
    best = ranked[:, -1] if k else np.zeros(n)
    margin = best - ranked[:, -2] if k > 1 else best
    also = fits.copy()
    also[np.arange(n), np.maximum(leaf, 0)] = False
    also_node, also_theme = np.nonzero(also)
    left = np.flatnonzero(leaf < 0)
    emergent = _emergent(passages, vectors, left, config)
    leaf[left] = np.where(emergent >= 0, k + emergent, -1)
    shown = np.where(leaf >= k, 0.5, best)
    return MatchedPassages(
        leaf=leaf,
        score=np.round(np.where(leaf >= 0, shown, 0.0), 4),
        border=np.round(np.clip(1 - margin, 0, 1), 4),
        centrality=np.round(np.clip(best, 0, 1), 4),
        nearest=np.round(best, 4),
        also_node=also_node,
        also_theme=also_theme,
        also_score=np.round(score[also_node, also_theme], 4),
        measures=Measures(stability=0.0, separation=0.0, by_chance=0.0, fits=1, sampled=n),
    )


def _emergent(
    passages: Passages, vectors: NDArray[np.float16], nodes: Labels, config: Config
) -> Labels:
    """Group numbers of ``nodes`` by the same rules as a whole run, -1 where there is none."""
    distinct = passages.distinct
    found = cluster(
        [distinct.text[i] for i in nodes.tolist()],
        [distinct.language[i] for i in nodes.tolist()],
        vectors[nodes],
        passages.document[distinct.row[nodes]],
        config,
    )
    measured = found.measures
    if measured.refusal is not None or measured.aid is not None or not len(found.leaf):
        return np.full(len(nodes), -1, dtype=np.int64)
    top = np.where(found.leaf >= 0, found.parent[np.maximum(found.leaf, 0)], -1)
    return top.astype(np.int64)


def matched_themes(
    matched: MatchedPassages, passages: Passages, codes: Sequence[str], config: Config
) -> Themes:
    """The themes of all passages: copies follow their letter, small candidates are none.

    ``codes`` are those of the themes given, in their order; emergent ones follow by size.
    """
    k = len(codes)
    source = np.where(passages.copy_of >= 0, passages.copy_of, np.arange(len(passages)))
    node = passages.node[source]
    leaf = matched.leaf[np.maximum(node, 0)] if len(matched.leaf) else node
    leaf = np.where(node >= 0, leaf, -1)
    score = of_passages(matched.score, node)
    pairs = np.unique(np.column_stack([leaf, passages.document]), axis=0)
    size = Counter(pairs[pairs[:, 0] >= k, 0].tolist())
    small = [new for new, count in size.items() if count < config.theme_minimum_size]
    gone = np.isin(leaf, small)
    leaf[gone] = -1
    score[gone] = 0.0
    new = sorted(set(size) - set(small), key=lambda number: (-size[number], number))
    prefix = emergent_prefix(codes)
    emergent = tuple(f"{prefix}{rank}" for rank in range(1, len(new) + 1))
    code_of_leaf = dict(enumerate(codes)) | dict(zip(new, emergent, strict=True))
    also, extra = _others(matched, node, codes)
    members: dict[str, Labels] = {}
    for number, code in code_of_leaf.items():
        own = np.union1d(np.flatnonzero(leaf == number), extra.get(number, []))
        if len(own):
            members[code] = own.astype(np.int64)
    return Themes(
        leaf=leaf,
        top=leaf,
        score=score,
        border=of_passages(matched.border, node),
        centrality=of_passages(matched.centrality, node),
        code_of_leaf=code_of_leaf,
        parent_of=dict.fromkeys(members),
        stability_of=dict.fromkeys(members, 1.0),
        members=members,
        emergent=emergent,
        also=also,
    )


def _others(
    matched: MatchedPassages, node: Labels, codes: Sequence[str]
) -> tuple[dict[int, list[tuple[str, float]]], dict[int, list[int]]]:
    """By passage its other themes with their scores, and by theme (a number) those passages."""
    others: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for number, theme, score in zip(
        matched.also_node.tolist(),
        matched.also_theme.tolist(),
        matched.also_score.tolist(),
        strict=True,
    ):
        others[number].append((theme, score))
    also: dict[int, list[tuple[str, float]]] = defaultdict(list)
    extra: dict[int, list[int]] = defaultdict(list)
    if others:
        for row, number in enumerate(node.tolist()):
            for theme, score in others.get(number, ()):
                extra[theme].append(row)
                also[row].append((codes[theme], score))
    return also, extra


def emergent_prefix(codes: Iterable[str]) -> str:
    """What emergent codes begin with, so that none is a code of the codebook."""
    prefix = "E"
    while any(re.fullmatch(rf"{prefix}\d+", code) for code in codes):
        prefix += "E"
    return prefix
