"""How near what could name a group is to what the group means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.types import Group, Language
from analysis.pipeline.voices import SPEAKERS, Candidate, Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.embedders import Embedder

    Floats = NDArray[np.floating]

# Candidates whose meaning is looked at, and the passages that stand for the middle of a group.
CONSIDERED = 20
CENTRAL = 12
# How much of its sisters' middle is taken from a group's own.
OTHERS = 0.9


def weigh_by_meaning(
    groups: Sequence[Group],
    voices: dict[str, dict[Language, Voice]],
    embedder: Embedder,
    vectors: Sequence[NDArray[np.floating]] | None,
) -> None:
    """Reorder the candidates of every voice by nearness to its group, and across languages."""
    wanted: dict[str, None] = {}
    for group in groups:
        for voice in voices[group.code].values():
            voice.names = _shortlist(voice)
            wanted.update(dict.fromkeys(c.shown for c in voice.names))
    central: dict[tuple[str, Language], list[str]] = {}
    if vectors is None:
        for group in groups:
            for language in voices[group.code]:
                own = sorted(
                    (p for p in group.passages if p.language is language),
                    key=lambda p: (-p.centrality, p.document_id, p.start),
                )
                central[group.code, language] = [p.text for p in own[:CENTRAL]]
                wanted.update(dict.fromkeys(central[group.code, language]))
    # A fixed order: the same rows in the same block give the same bits.
    texts = sorted(wanted)
    if not texts:
        return
    known = dict(zip(texts, embedder.embed(texts), strict=True))
    middles: dict[tuple[str, Language], Floats] = {}
    for i, group in enumerate(groups):
        for language in voices[group.code]:
            if vectors is None:
                rows = np.asarray([known[text] for text in central[group.code, language]])
            else:
                order = sorted(
                    (k for k, p in enumerate(group.passages) if p.language is language),
                    key=lambda k: (
                        -group.passages[k].centrality,
                        group.passages[k].document_id,
                        group.passages[k].start,
                    ),
                )
                rows = vectors[i][order[:SPEAKERS]].astype(np.float64)
            middles[group.code, language] = rows.mean(axis=0)
    parents = {group.code: group.parent for group in groups}
    for code, said in voices.items():
        for language, voice in said.items():
            middle = middles[code, language]
            sisters = [
                middles[other, language]
                for other, parent in sorted(parents.items())
                if parent == parents[code] and other != code and (other, language) in middles
            ]
            # What the group says that the others do not.
            apart = middle - OTHERS * np.mean(sisters, axis=0) if sisters else middle
            near = [float(known[c.shown] @ apart) for c in voice.names]
            best = max(near, default=0.0)
            voice.names = [
                replace(c, score=c.score * _nearness(n, best), vector=known[c.shown])
                for c, n in zip(voice.names, near, strict=True)
            ]
            voice.names.sort(key=lambda c: (-round(c.score, 9), c.shown, c.key))


def _shortlist(voice: Voice) -> list[Candidate]:
    """The candidates whose meaning is looked at: phrases first, some words alone."""
    phrases = [c for c in voice.names if len(c.key) > 1][: CONSIDERED - CONSIDERED // 3]
    words = [c for c in voice.names if len(c.key) == 1][: CONSIDERED - len(phrases)]
    return sorted(phrases + words, key=lambda c: (-c.score, c.shown, c.key))


def _nearness(near: float, best: float) -> float:
    return float(max(0.05, near / best) ** 1.5) if best > 0 else 1.0
