"""How near what is said in a group is to what the group means, and to what its sisters do not.

The middle of a group in one language is the mean of its passages' vectors; what sets the group
apart is its middle less most of the mean of its sisters' middles. Candidates for a name and
passages to quote are weighed by their nearness to that.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.types import OFFICIAL_LANGUAGES

from .coverage import SAYS, Answers, WordVectors, part_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.types import Group, Language
    from analysis.pipeline.vectors.embedder import Embedder

    from .voices import Candidate, Voice

    Floats = NDArray[np.floating]

# Candidates whose meaning is looked at, and the passages that stand for the middle of a group whose
# vectors are not known.
CONSIDERED = 24
CENTRAL = 12
# Passages of one language that stand for all that is said in it.
OVERALL = 100
# Those that tell how many of a group say what a candidate says, near the middle and far.
HEARD = 100
# How much of its sisters' middle is taken from a group's own.
OTHERS = 0.9


def weighed_by_meaning(
    groups: Sequence[Group],
    voices: Mapping[str, Mapping[Language, Voice]],
    embedder: Embedder,
    vectors: Sequence[NDArray[np.floating]] | None,
    words: WordVectors,
) -> dict[str, dict[Language, Voice]]:
    """Every voice with its likeliest candidates alone, with their vectors, in order of worth.

    ``vectors`` gives one row for each passage of each group. With them each voice also learns how
    near its passages are to what sets the group apart.
    """
    wanted: set[str] = set()
    likely: dict[str, dict[Language, Voice]] = {}
    central: dict[tuple[str, Language], list[str]] = {}
    for group in groups:
        likely[group.code] = {}
        for language, voice in voices[group.code].items():
            voice = likely[group.code][language] = replace(voice, names=_shortlist(voice))
            wanted.update(c.shown for c in voice.names)
            if vectors is None:
                texts = [group.passages[n].text for n in voice.rows[:CENTRAL]]
                central[group.code, language] = texts
                wanted.update(texts)
    # A fixed order: the same rows in the same block give the same bits.
    texts = sorted(wanted)
    if not texts:
        return likely
    known = dict(zip(texts, embedder.embed(texts), strict=True))
    overall = {
        language: _overall(groups, voices, vectors, language, words)
        for language in OFFICIAL_LANGUAGES
    }
    own: dict[tuple[str, Language], Floats] = {}
    middles: dict[tuple[str, Language], Floats] = {}
    heard: dict[tuple[str, Language], Answers] = {}
    for i, group in enumerate(groups):
        for language, voice in likely[group.code].items():
            if vectors is None:
                rows = np.asarray([known[text] for text in central[group.code, language]])
            else:
                rows = own[group.code, language] = vectors[i][voice.rows].astype(np.float64)
                some = np.arange(len(voice.rows))[:: -(-len(voice.rows) // HEARD)]
                said = [group.passages[voice.rows[n]].text for n in some.tolist()]
                heard[group.code, language] = Answers(said, language, rows[some], words)
            middles[group.code, language] = rows.mean(axis=0)
    everything = (*overall.values(), *heard.values())
    words.learn([*texts, *(form for answers in everything for form in answers.usual)])
    for (code, language), answers in heard.items():
        voice = likely[code][language]
        parts = [part_of(c.shown, language, words) for c in voice.names]
        common = (overall[language].chances(parts) >= SAYS).mean(axis=1)
        likely[code][language] = replace(
            voice,
            heard=answers,
            names=[
                replace(c, says=row, everywhere=float(share))
                for c, row, share in zip(voice.names, answers.chances(parts), common, strict=True)
            ],
        )
    families: dict[tuple[str | None, Language], list[str]] = {}
    for group in sorted(groups, key=lambda g: g.code):
        for language in likely[group.code]:
            families.setdefault((group.parent, language), []).append(group.code)
    for (_parent, language), codes in families.items():
        sum_of_all = np.sum([middles[code, language] for code in codes], axis=0)
        for code in codes:
            apart = middle = middles[code, language]
            if len(codes) > 1:
                apart = middle - OTHERS * (sum_of_all - middle) / (len(codes) - 1)
            likely[code][language] = _weighed(
                likely[code][language], own.get((code, language)), apart, known
            )
    return likely


def _overall(
    groups: Sequence[Group],
    voices: Mapping[str, Mapping[Language, Voice]],
    vectors: Sequence[NDArray[np.floating]] | None,
    language: Language,
    words: WordVectors,
) -> Answers:
    """Some of what speaks for any group in a language, from all of them alike."""
    found: dict[tuple[str, int], tuple[str, Floats]] = {}
    for i, group in enumerate(groups):
        if group.parent is None and vectors is not None and language in voices[group.code]:
            for n in voices[group.code][language].rows:
                p = group.passages[n]
                found[p.document_id, p.start] = (p.text, vectors[i][n])
    keys = sorted(found)
    keys = keys[:: max(1, len(keys) // OVERALL)]
    rows = np.asarray([found[k][1] for k in keys]) if keys else np.zeros((0, 1))
    return Answers([found[k][0] for k in keys], language, rows, words)


def _weighed(
    voice: Voice, own: Floats | None, apart: Floats, known: Mapping[str, NDArray[np.float32]]
) -> Voice:
    near = [float(known[c.shown] @ apart) for c in voice.names]
    best = max(near, default=0.0)
    names = [
        replace(c, score=c.score * _nearness(n, best), vector=known[c.shown])
        for c, n in zip(voice.names, near, strict=True)
    ]
    names.sort(key=lambda c: (-round(c.score, 9), c.shown, c.key))
    return replace(voice, names=names, vectors=own, near=None if own is None else own @ apart)


def _shortlist(voice: Voice) -> list[Candidate]:
    """The candidates whose meaning is looked at: phrases first, some words alone."""
    phrases = [c for c in voice.names if len(c.key) > 1][: CONSIDERED - CONSIDERED // 3]
    words = [c for c in voice.names if len(c.key) == 1][: CONSIDERED - len(phrases)]
    return sorted(phrases + words, key=lambda c: (-c.score, c.shown, c.key))


def _nearness(near: float, best: float) -> float:
    return float(max(0.05, near / best) ** 1.5) if best > 0 else 1.0
