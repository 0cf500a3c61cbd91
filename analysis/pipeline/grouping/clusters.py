"""Which cluster each distinct passage is in, on two levels, or why there are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.config import Config
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.types import Confidence, Language

from . import communities, neighbours, scale, short
from .language_gap import language_gap, sides
from .partitions import Labels, sums
from .refusals import not_enough, not_separate, only_read, reading_aid

Floats = NDArray[np.floating]
# Where themes are less alike than this on average, their ratios mean nothing.
_LEAST_LIKENESS = 0.02


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of the level that ``fits`` (1 the upper, 2 the lower, 0 none).

    ``stability`` in [0, 1]; ``separation`` and that which there is ``by_chance`` in [-1, 1];
    ``sampled`` passages were looked at. ``gap`` is the similarity by which the two languages were
    brought nearer, 0 where nothing was to correct. ``refusal`` says why there are no themes,
    where there are none; ``aid`` why those there are help to read and no more, where that is so.
    """

    stability: float
    separation: float
    by_chance: float
    fits: int
    sampled: int
    gap: float = 0.0
    refusal: Confidence | None = None
    aid: Confidence | None = None

    def to_values(self) -> dict[str, Any]:
        """Plain values, as a checkpoint keeps them."""
        values = asdict(self)
        del values["refusal"], values["aid"]
        return values | {
            "none": self.refusal and self.refusal.to_values(),
            "aid": self.aid and self.aid.to_values(),
        }

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Measures:
        """What ``to_values`` gave."""
        why, aid = values["none"], values["aid"]
        return cls(
            stability=values["stability"],
            separation=values["separation"],
            by_chance=values["by_chance"],
            fits=values["fits"],
            sampled=values["sampled"],
            gap=values["gap"],
            refusal=why and Confidence.from_values(why),
            aid=aid and Confidence.from_values(aid),
        )


@dataclass(frozen=True, slots=True)
class Clusters:
    """Two levels of clusters over n distinct passages.

    ``leaf`` (n,) is the most specific cluster of each, -1 for none, ``parent`` (leaves,) the top
    cluster of each leaf. ``score``, ``border`` (1 where it could as well be in the next) and
    ``centrality`` (n,) are in [0, 1]; so are ``leaf_stability`` and ``top_stability``, the share of
    each cluster that comes back when answers are left out. ``leaf_likeness`` and ``top_likeness``
    are how alike the passages of each cluster are; 1 is the mean of the run.
    """

    leaf: Labels
    parent: Labels
    score: Floats
    border: Floats
    centrality: Floats
    leaf_stability: Floats
    top_stability: Floats
    leaf_likeness: Floats
    top_likeness: Floats
    measures: Measures

    def to_stage(self) -> Stage:
        """The clusters as a checkpoint keeps them."""
        return Stage(
            {
                "leaf": self.leaf,
                "parent": self.parent,
                "score": self.score,
                "border": self.border,
                "centrality": self.centrality,
                "leaf_stability": self.leaf_stability,
                "top_stability": self.top_stability,
                "leaf_likeness": self.leaf_likeness,
                "top_likeness": self.top_likeness,
            },
            self.measures.to_values(),
        )

    @classmethod
    def from_stage(cls, stage: Stage) -> Clusters:
        """What ``to_stage`` gave."""
        return cls(**stage.arrays, measures=Measures.from_values(stage.values))


def cluster_passages(
    passages: Passages, vectors: NDArray[np.float16], config: Config, *, step: Step = ALONE
) -> Clusters:
    """Clusters of the distinct passages, whose ``vectors`` are (n, d).

    ``measures.refusal`` says so where there is not enough to group.
    """
    distinct = passages.distinct
    answers = passages.document[distinct.row]
    stage = step.keep(
        lambda: cluster(
            distinct.text, distinct.language, vectors, answers, config, step.report
        ).to_stage()
    )
    return Clusters.from_stage(stage)


def ungrouped(passages: Passages) -> Clusters:
    """None, of passages that were only to be read."""
    return _refused(len(passages.distinct.text), only_read())


def cluster(
    texts: Sequence[str],
    languages: Sequence[Language],
    vectors: NDArray[np.float16],
    answers: Labels,
    config: Config,
    report: Callable[[float], None] = lambda share: None,
) -> Clusters:
    """Clusters of n ``texts``, their ``languages`` and (n, d) ``vectors``.

    ``answers`` (n,) numbers the document each is from.
    """
    n = len(texts)
    if n < config.minimum_passages:
        return _refused(n, not_enough(n, config))
    chosen = scale.sample(languages, config)
    spoken = [languages[i] for i in chosen]
    meaning = neighbours.centre(vectors[chosen].astype(np.float32), spoken)
    gap = language_gap(meaning, spoken, config)
    rows = meaning
    if not gap:
        rows = neighbours.features(meaning, [texts[i] for i in chosen], spoken, config)
    report(0.15)
    always = len(np.unique(answers)) >= config.aid_from_answers
    grouping = communities.group(
        rows,
        config,
        lambda share: report(0.15 + 0.7 * share),
        answers=answers[chosen],
        always=always,
        sides=sides(spoken, gap) if gap else None,
    )
    aid = None
    if grouping.top.max(initial=-1) < 1:
        return _refused(n, not_separate(grouping.stability, config, groups=1), grouping)
    if (
        grouping.is_forced
        or grouping.stability < config.minimum_stability
        or (
            grouping.stability + grouping.modularity < config.cohesion_enough
            and grouping.separation - grouping.by_chance < config.minimum_separation
        )
    ):
        groups = 1 if grouping.is_forced else int(grouping.top.max()) + 1
        if not always:
            return _refused(n, not_separate(grouping.stability, config, groups=groups), grouping)
        aid = reading_aid(grouping.stability, config, groups=groups)
    words = short.lengths(texts)
    found = grouping
    grouping = short.without_short_ones(grouping, vectors[chosen], words[chosen])
    points, owners = scale.prototypes(meaning, grouping.leaf)
    means = scale.language_means(vectors, languages)
    nearest, best, second = scale.assign_blocks(vectors, languages, means, points, owners)
    leaf = nearest.copy()
    leaf[chosen] = grouping.leaf
    if grouping is not found:
        own = np.ones(n, dtype=bool)
        own[chosen] = False
        # Those that fitted no theme before are as they were.
        own[chosen[(found.leaf >= 0) & (grouping.leaf < 0)]] = True
        again = np.flatnonzero(own & (words <= short.SHORT) | (own & (leaf < 0)))
        settled = leaf.copy()
        settled[again] = -1
        leaf[again] = short.near_enough(nearest, best, settled, again)
    parent = np.zeros(int(grouping.leaf.max()) + 1, dtype=np.int64)
    parent[grouping.leaf[grouping.leaf >= 0]] = grouping.top[grouping.leaf >= 0]
    leaf_likeness, top_likeness = _likeness(meaning, grouping.leaf, parent)
    # In a graph a passage may sit in a theme whose middle is not the nearest to it: that is
    # what a border is.
    margin = np.clip((best - second) * 4, 0, 1)
    agrees = nearest == leaf
    border = np.where(agrees, 1 - margin, 1.0)
    score = np.where(agrees, 0.5 + margin / 2, 0.5 - margin / 2)
    return Clusters(
        leaf=leaf,
        parent=parent,
        score=np.round(np.where(leaf >= 0, score, 0.0), 4),
        border=np.round(border, 4),
        centrality=np.round(np.clip(best, 0, 1) * np.where(agrees, 1, 0.5), 4),
        leaf_stability=np.asarray(grouping.leaf_stability),
        top_stability=np.asarray(grouping.top_stability),
        leaf_likeness=leaf_likeness,
        top_likeness=top_likeness,
        measures=Measures(
            stability=grouping.stability,
            separation=grouping.separation,
            by_chance=grouping.by_chance,
            fits=grouping.fits,
            sampled=len(chosen),
            gap=gap,
            aid=aid,
        ),
    )


def _likeness(meaning: NDArray[np.float32], leaf: Labels, parent: Labels) -> tuple[Floats, Floats]:
    """How alike the passages of each leaf and of each top cluster are; 1 is the mean.

    The mean cosine of two different passages over that of all top clusters; for a part, over the
    geometric mean of that and of all parts: a part is finer than the whole and must be more alike
    to be as sure. A passage that is alone is like nothing.
    """
    of_leaves = sums(meaning, leaf)
    counts = np.bincount(leaf[leaf >= 0], minlength=len(parent)).astype(np.float64)
    wholes, sizes = sums(of_leaves, parent), np.bincount(parent, weights=counts).astype(np.float64)
    parts, tops = _mean_cosine(of_leaves, counts), _mean_cosine(wholes, sizes)
    of_tops = max(float(np.average(tops, weights=sizes)), _LEAST_LIKENESS)
    whole = np.bincount(parent)[parent] == 1
    of_parts = of_tops
    if not whole.all():
        of_parts = max(float(np.average(parts[~whole], weights=counts[~whole])), _LEAST_LIKENESS)
    return np.where(whole, parts / of_tops, parts / np.sqrt(of_tops * of_parts)), tops / of_tops


def _mean_cosine(summed: NDArray[np.float32], counts: Floats) -> Floats:
    """The mean cosine of two different unit rows of each group, from the groups' sums."""
    square = np.einsum("ij,ij->i", summed, summed, dtype=np.float64)
    pairs = np.maximum(counts * (counts - 1), 1)
    found: Floats = np.where(counts > 1, (square - counts) / pairs, 0.0)
    return found


def _refused(n: int, why: Confidence, measured: communities.Grouping | None = None) -> Clusters:
    return Clusters(
        leaf=np.full(n, -1, dtype=np.int64),
        parent=np.zeros(0, dtype=np.int64),
        score=np.zeros(n),
        border=np.zeros(n),
        centrality=np.zeros(n),
        leaf_stability=np.zeros(0),
        top_stability=np.zeros(0),
        leaf_likeness=np.zeros(0),
        top_likeness=np.zeros(0),
        measures=Measures(
            stability=why.stability or 0.0,
            separation=measured.separation if measured else 0.0,
            by_chance=measured.by_chance if measured else 0.0,
            fits=0,
            sampled=n,
            refusal=why,
        ),
    )
