"""New answers into the themes of a finished run, without doing the run again.

When a run ends, what is needed to place another answer is kept: a few typical points of each theme,
the mean of each language, how far each theme reaches, the letters that are known. That is a few
megabytes whatever the size of the run and holds no answer's text. A thousand new answers are then
read, embedded and placed in seconds; what fits nothing is grouped to emergent candidates where
there is enough of it, and is listed otherwise.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from .checkpoint import Stage, StageStore, pack, unpack
from .config import Config, ConfigError
from .grouping import scale
from .matching import MatchedRun
from .prepared import Progress
from .reading import campaigns
from .run import Run
from .types import (
    Document,
    LetterCampaign,
    PassageAssignment,
    Result,
    ThemeProposal,
)
from .vectors.cache import VectorCache
from .vectors.embedder import Embedder, Vectors, unit
from .vectors.embedding import embedder_named

_FORMAT = "consult theme state 1"
# Passages of one theme that its typical points are made from.
_MEMBERS = 600
# A new passage nearer its theme than this share of the theme's own members fits it. With a subject
# left out of a run on news sentences, 0.1 found 30 % of it and 0.2 found 68 %, and 3 % and 12 % of
# the rest fitted nothing. Then the members whose own reach weighs as much as that of all themes.
_REACH = 0.15
_REACH_PRIOR = 30
# Known letters kept, the largest first.
_LETTERS = 2_000


class StateError(ValueError):
    """A state that cannot be used: damaged, of another version, or of another embedder."""


@dataclass(frozen=True, slots=True)
class ThemeState:
    """What a finished run must leave behind so that new answers can join its themes.

    ``codes`` are the most specific themes. ``points`` (p, d) are typical points, ``owners``
    (p,) the index of each one's theme, ``reach`` (themes,) the least cosine with which a passage
    belongs. ``means`` maps a language, and "" for all, to the (d,) mean to subtract. ``letters``
    maps a campaign's code to the sorted shingle hashes of its representative.
    """

    codes: tuple[str, ...]
    points: Vectors
    owners: NDArray[np.int64]
    reach: NDArray[np.float32]
    means: Mapping[str, NDArray[np.float32]]
    letters: Mapping[str, NDArray[np.uint64]]
    embedder: tuple[str, str, str]
    config: Config
    corpus_digest: str

    def to_bytes(self) -> bytes:
        """Arrays and JSON, never pickle; the same state gives the same bytes."""
        names, codes = sorted(self.means), list(self.letters)
        empty = np.zeros(0, dtype=np.uint64)
        return pack(
            Stage(
                {
                    "points": self.points.astype(np.float16),
                    "owners": self.owners,
                    "reach": self.reach,
                    "means": np.stack([self.means[name] for name in names]),
                    "letters": np.concatenate([empty, *self.letters.values()]),
                    "letter_sizes": np.asarray(
                        [len(row) for row in self.letters.values()], dtype=np.int64
                    ),
                },
                {
                    "codes": list(self.codes),
                    "means": names,
                    "letters": codes,
                    "embedder": list(self.embedder),
                    "config": self.config.to_dict(),
                    "corpus_digest": self.corpus_digest,
                },
            ),
            _FORMAT,
        )

    @classmethod
    def from_bytes(cls, payload: bytes) -> ThemeState:
        """What ``to_bytes`` wrote. Raises StateError when it is damaged or of another version."""
        stage = unpack(payload, _FORMAT)
        if stage is None:
            raise StateError("The saved themes are damaged or of another version. Run again.")
        arrays, values = stage.arrays, stage.values
        try:
            config = Config.from_dict(values["config"])
        except ConfigError as error:
            raise StateError("The themes were saved with other settings. Run again.") from error
        ends = np.cumsum(arrays["letter_sizes"])[:-1]
        letters = np.split(arrays["letters"], ends) if values["letters"] else []
        return cls(
            codes=tuple(values["codes"]),
            points=arrays["points"].astype(np.float32),
            owners=arrays["owners"],
            reach=arrays["reach"],
            means=dict(zip(values["means"], arrays["means"], strict=True)),
            letters=dict(zip(values["letters"], letters, strict=True)),
            embedder=(values["embedder"][0], values["embedder"][1], values["embedder"][2]),
            config=config,
            corpus_digest=values["corpus_digest"],
        )


@dataclass(frozen=True, slots=True)
class Extension:
    """What new answers add to a set of themes.

    ``assignments`` hold the codes of the state's themes and of ``emergent`` (``E1``, ...), the
    candidates made of what fits no theme. ``joined`` maps a document to the code of the known
    letter it is a copy of; ``campaigns`` are letters among the new answers themselves.
    ``metrics``, ``config``, ``versions``, ``masked``, ``set_aside`` and ``timings`` are as in
    ``Result``.
    """

    assignments: tuple[PassageAssignment, ...]
    emergent: tuple[ThemeProposal, ...]
    joined: Mapping[str, str]
    campaigns: tuple[LetterCampaign, ...]
    metrics: Mapping[str, float]
    config: Mapping[str, object]
    versions: Mapping[str, str]
    corpus_digest: str
    masked: Mapping[str, int]
    set_aside: Mapping[str, str]
    timings: Mapping[str, float]


def analyse_and_keep(
    documents: Iterable[Document],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> tuple[Result, ThemeState | None]:
    """``analyse``, and the state new answers will need; None where there was not enough to group.

    Costs a second or two more than ``analyse`` whatever the size. Arguments and errors are the
    same.
    """
    config = config or Config()
    with threadpool_limits(limits=1):
        run = Run(documents, config, progress, store, embedder, cache, set_aside)
        result = run.result()
        return result, _state(run) if result.themes else None


def extend(
    state: ThemeState,
    documents: Iterable[Document],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> Extension:
    """Place new documents in the themes of a finished run.

    ``config`` replaces the run's own, for instance to use more processes. Documents the run has
    already seen must be left out by the caller. The order of the documents changes nothing.

    Raises StateError when the embedder is not the one the state was made with (name, version and
    weights), DocumentError when two documents share an id, EmbedderError.
    """
    config = config or state.config
    embedder = embedder or embedder_named(config.embedder)
    ours = (embedder.name, embedder.version, embedder.digest)
    if ours != state.embedder:
        raise StateError(
            "The themes were made with the embedder "
            f"{' '.join(state.embedder[:2])} ({state.embedder[2][:12]}…), not with "
            f"{' '.join(ours[:2])} ({ours[2][:12]}…): their vectors cannot be compared. Run again."
        )
    with threadpool_limits(limits=1):
        run = _ExtendingRun(documents, config, progress, store, embedder, cache, set_aside, state)
        result = run.result()
    return Extension(
        assignments=result.assignments,
        emergent=tuple(theme for theme in result.themes if theme.emergent),
        joined=run.joined(),
        campaigns=result.campaigns,
        metrics=result.metrics,
        config=result.config,
        versions=result.versions,
        corpus_digest=result.corpus_digest,
        masked=result.masked,
        set_aside=result.set_aside,
        timings=result.timings,
    )


class _ExtendingRun(MatchedRun):
    def __init__(
        self,
        documents: Iterable[Document],
        config: Config,
        progress: Progress | None,
        store: StageStore | None,
        embedder: Embedder,
        cache: VectorCache | None,
        set_aside: Mapping[str, str] | None,
        state: ThemeState,
    ) -> None:
        digest = hashlib.sha256(state.to_bytes()).hexdigest()
        super().__init__(
            documents, config, progress, store, embedder, cache, set_aside, state.codes, digest
        )
        self.state = state

    def _in_context(self, vectors: NDArray[np.float16]) -> NDArray[np.float16]:
        # The typical points were made of passages that leaned towards their answers.
        return Run._in_context(self, vectors)

    def match(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        state = self.state
        n, k = len(self.node_text), len(state.codes)
        label, best, second = scale.assign_blocks(
            self.vectors, self.node_language, dict(state.means), state.points, state.owners
        )
        here = np.arange(n)
        score = np.zeros((n, k))
        score[here, label] = 0.5 + np.clip((best - second) * 4, 0, 1) / 2
        fits = np.zeros((n, k), dtype=bool)
        fits[here, label] = best >= state.reach[label]
        return score, fits

    def joined(self) -> dict[str, str]:
        """New documents that are copies of a letter the run knew."""
        if not self.state.letters:
            return {}
        n = self.config.campaign_shingle_words
        holders: dict[int, list[str]] = {}
        for code, hashes in self.state.letters.items():
            for value in hashes.tolist():
                holders.setdefault(value, []).append(code)
        found: dict[str, str] = {}
        for index in self.analysed:
            own = campaigns.shingles(self.documents[index].text, n)
            if len(own) < self.config.campaign_minimum_shingles:
                continue
            shared = Counter(code for value in own for code in holders.get(value, ()))
            for code, count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
                shorter = np.asarray([min(len(own), len(self.state.letters[code]))])
                if count >= campaigns.needed(shorter, self.config)[0]:
                    found[self.documents[index].id] = code
                    break
        return found


def _state(run: Run) -> ThemeState:
    """The state of a run whose stages are all done."""
    codes = sorted(set(run.code_of_leaf.values()), key=lambda c: [int(x) for x in c[1:].split(".")])
    number = {leaf: codes.index(code) for leaf, code in run.code_of_leaf.items()}
    leaf = run.leaf_of[np.asarray(run.node_row, dtype=np.int64)]
    labels = np.asarray([number.get(value, -1) for value in leaf.tolist()], dtype=np.int64)
    means = scale.language_means(run.vectors, run.node_language)
    generator = np.random.default_rng([run.config.seed, len(labels)])
    chosen: list[NDArray[np.int64]] = []
    for label in range(len(codes)):
        members = np.flatnonzero(labels == label)
        chosen.append(np.sort(generator.permutation(members)[:_MEMBERS]))
    rows = np.concatenate(chosen)
    language = [run.node_language[i] for i in rows.tolist()]
    meaning = run.vectors[rows].astype(np.float32)
    meaning = unit(meaning - np.stack([means.get(x.value, means[""]) for x in language]))
    own = labels[rows]
    points, owners = scale.prototypes(meaning, own)
    letters = {}
    for rank, group in enumerate(run.letters[:_LETTERS], start=1):
        hashes = campaigns.shingles(run.documents[group[0]].text, run.config.campaign_shingle_words)
        letters[f"C{rank}"] = np.sort(np.fromiter(hashes, dtype=np.uint64, count=len(hashes)))
    embedder = run.embedder
    return ThemeState(
        codes=tuple(codes),
        # Rounded as they are saved, so that a state read back gives the same assignments.
        points=points.astype(np.float16).astype(np.float32),
        owners=owners,
        reach=_reaches(meaning, own, len(codes)),
        means=means,
        letters=letters,
        embedder=(embedder.name, embedder.version, embedder.digest),
        config=run.config,
        corpus_digest=run.corpus_digest,
    )


def _reaches(meaning: Vectors, own: NDArray[np.int64], themes: int) -> Vectors:
    """(themes,) the cosine with its own theme that all but a few members have.

    Each half of the members is judged by points made of the other half: points made of a passage
    are near it whatever the theme is worth. A small theme borrows from all of them.
    """
    side = np.zeros(len(own), dtype=np.int64)
    for label in range(themes):
        mine = np.flatnonzero(own == label)
        side[mine] = np.arange(len(mine)) % 2
    near = np.full(len(own), np.nan)
    for half in (0, 1):
        there = side != half
        kept, numbers = np.unique(own[there], return_inverse=True)
        points, owners = scale.prototypes(meaning[there], numbers)
        rows = np.flatnonzero((side == half) & np.isin(own, kept))
        same = kept[owners][None, :] == own[rows][:, None]
        near[rows] = np.where(same, meaning[rows] @ points.T, -1.0).max(axis=1)
    known = ~np.isnan(near)
    overall = float(np.quantile(near[known], _REACH)) if known.any() else 0.0
    reach = np.full(themes, overall, dtype=np.float32)
    for label in range(themes):
        mine = near[known & (own == label)]
        if len(mine):
            share = len(mine) / (len(mine) + _REACH_PRIOR)
            reach[label] = share * np.quantile(mine, _REACH) + (1 - share) * overall
    return reach
