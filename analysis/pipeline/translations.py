"""Letters that say the same in English and in French, proposed to a person as one campaign.

An organisation that writes in both languages has two letters, which share no word. Their passages
are set against each other in the space of the vectors, where a sentence and its translation are
near: each passage's best match on the other side, averaged over both sides by words. Letters of
translated sentences, one dropped and the rest moved, score .74 (19 of 20 above .55); letters on the
same subject that are not translations .22 (none of 250 above .39); halves of a translation .49. A
link is proposed, never made: a letter that asks for the opposite may use the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .config import Config
from .types import Language

# Share of the words in passages that are each other's best match.
_COVERED = 0.6
# French takes a fifth more words than English; more than twice as many say something else.
_TIMES_LONGER = 2.0


@dataclass(frozen=True, slots=True)
class LetterVectors:
    """The passages of one letter. ``vectors`` is (n, d), of length 1; ``words`` counts, (n,)."""

    language: Language
    vectors: NDArray[np.float32]
    words: NDArray[np.int64]


def likeness(first: LetterVectors, second: LetterVectors) -> tuple[float, float]:
    """(mean similarity of best matches, share of words in mutual best matches), both by words."""
    similar = first.vectors @ second.vectors.T
    to_second, to_first = similar.argmax(axis=1), similar.argmax(axis=0)
    mutual = to_first[to_second] == np.arange(len(to_second))
    mean = (
        np.average(similar.max(axis=1), weights=first.words)
        + np.average(similar.max(axis=0), weights=second.words)
    ) / 2
    covered = (
        first.words[mutual].sum() / first.words.sum()
        + second.words[to_second[mutual]].sum() / second.words.sum()
    ) / 2
    return float(mean), float(covered)


def linked(letters: Sequence[LetterVectors], config: Config) -> list[tuple[int, int, float]]:
    """Pairs of an English and a French letter likely to be translations: (place of the English
    one, place of the French one, likeness), the likeliest first. A letter is in one pair at most.
    """

    def places(language: Language) -> list[int]:
        return [i for i, x in enumerate(letters) if x.language is language and x.words.sum() > 0]

    found: list[tuple[float, int, int]] = []
    for i in places(Language.EN):
        for j in places(Language.FR):
            lengths = sorted((int(letters[i].words.sum()), int(letters[j].words.sum())))
            if lengths[1] > _TIMES_LONGER * lengths[0]:
                continue
            mean, covered = likeness(letters[i], letters[j])
            if mean >= config.letter_link_similarity and covered >= _COVERED:
                found.append((mean, i, j))
    pairs: list[tuple[int, int, float]] = []
    taken: set[int] = set()
    for mean, i, j in sorted(found, key=lambda item: (-item[0], item[1], item[2])):
        if not taken & {i, j}:
            taken |= {i, j}
            pairs.append((i, j, round(mean, 4)))
    return pairs
