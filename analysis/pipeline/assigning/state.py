"""What a finished run leaves behind so that new answers can join its themes.

A few typical points of each theme, the mean of each language, how far each theme reaches, the
letters that are known. That is a few megabytes whatever the size of the run and holds no answer's
text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.checkpoint import Stage, pack, unpack
from analysis.pipeline.config import Config, ConfigError
from analysis.pipeline.grouping import scale
from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.reading import campaigns
from analysis.pipeline.reading.campaigns import Letters
from analysis.pipeline.reading.passages import DistinctPassages, Passages
from analysis.pipeline.reading.prepare import ReadDocuments
from analysis.pipeline.vectors.embedder import Embedder, Vectors, unit

from .codebook import Matches

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


def keep_state(
    read: ReadDocuments,
    letters: Letters,
    passages: Passages,
    vectors: NDArray[np.float16],
    themes: Themes,
    config: Config,
    *,
    embedder: Embedder,
    corpus_digest: str,
) -> ThemeState:
    """The state of a run that found ``themes``; ``vectors`` (n, d) lean towards their answers."""
    distinct = passages.distinct
    codes = sorted(
        set(themes.code_of_leaf.values()), key=lambda c: [int(x) for x in c[1:].split(".")]
    )
    number = {leaf: codes.index(code) for leaf, code in themes.code_of_leaf.items()}
    leaf = themes.leaf[distinct.row]
    labels = np.asarray([number.get(value, -1) for value in leaf.tolist()], dtype=np.int64)
    means = scale.language_means(vectors, distinct.language)
    generator = np.random.default_rng([config.seed, len(labels)])
    chosen: list[NDArray[np.int64]] = []
    for label in range(len(codes)):
        members = np.flatnonzero(labels == label)
        chosen.append(np.sort(generator.permutation(members)[:_MEMBERS]))
    rows = np.concatenate(chosen)
    language = [distinct.language[i] for i in rows.tolist()]
    meaning = vectors[rows].astype(np.float32)
    meaning = unit(meaning - np.stack([means.get(x.value, means[""]) for x in language]))
    own = labels[rows]
    points, owners = scale.prototypes(meaning, own)
    known = {}
    for rank, group in enumerate(letters.groups[:_LETTERS], start=1):
        hashes = campaigns.shingles(read.documents[group[0]].text, config.campaign_shingle_words)
        known[f"C{rank}"] = np.sort(np.fromiter(hashes, dtype=np.uint64, count=len(hashes)))
    return ThemeState(
        codes=tuple(codes),
        # Rounded as they are saved, so that a state read back gives the same assignments.
        points=points.astype(np.float16).astype(np.float32),
        owners=owners,
        reach=_reaches(meaning, own, len(codes)),
        means=means,
        letters=known,
        embedder=(embedder.name, embedder.version, embedder.digest),
        config=config,
        corpus_digest=corpus_digest,
    )


def match_state(
    state: ThemeState, distinct: DistinctPassages, vectors: NDArray[np.float16]
) -> Matches:
    """The theme nearest to each passage, and whether it is near enough to belong to it."""
    n, k = len(distinct.text), len(state.codes)
    label, best, second = scale.assign_blocks(
        vectors, distinct.language, dict(state.means), state.points, state.owners
    )
    here = np.arange(n)
    score = np.zeros((n, k))
    score[here, label] = 0.5 + np.clip((best - second) * 4, 0, 1) / 2
    fits = np.zeros((n, k), dtype=bool)
    fits[here, label] = best >= state.reach[label]
    return Matches(score, fits)


def copies_of_known_letters(
    state: ThemeState, read: ReadDocuments, config: Config
) -> dict[str, str]:
    """New documents (by id) that are copies of a letter the run knew (its code)."""
    if not state.letters:
        return {}
    n = config.campaign_shingle_words
    holders: dict[int, list[str]] = {}
    for code, hashes in state.letters.items():
        for value in hashes.tolist():
            holders.setdefault(value, []).append(code)
    found: dict[str, str] = {}
    for index in read.analysed:
        own = campaigns.shingles(read.documents[index].text, n)
        if len(own) < config.campaign_minimum_shingles:
            continue
        shared = Counter(code for value in own for code in holders.get(value, ()))
        for code, count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
            shorter = np.asarray([min(len(own), len(state.letters[code]))])
            if count >= campaigns.needed(shorter, config)[0]:
                found[read.documents[index].id] = code
                break
    return found


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
