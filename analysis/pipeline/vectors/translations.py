"""Letters that say the same in English and in French, proposed to a person as one campaign.

An organisation that writes in both languages has two letters, which share no word. Their passages
are set against each other in the space of the vectors, where a sentence and its translation are
near: each passage's best match on the other side, averaged over both sides by words. Letters of
translated sentences, one dropped and the rest moved, score .74 (19 of 20 above .55); letters on the
same subject that are not translations .22 (none of 250 above .39); halves of a translation .49. A
link is proposed, never made: a letter that asks for the opposite may use the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.config import Config
from analysis.pipeline.reading.campaigns import Letters
from analysis.pipeline.reading.normalise import count_words
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import ReadDocuments
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language, LetterCampaign

from .embedder import unit

# For each letter, by its place, the place of its translation and how alike they are.
Links = Mapping[int, tuple[int, float]]

# Share of the words in passages that are each other's best match.
_COVERED = 0.6
# French takes a fifth more words than English; more than twice as many say something else.
_TIMES_LONGER = 2.0
# Letters set against all those of the other language at a time.
_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class LetterVectors:
    """The passages of one letter. ``vectors`` is (n, d), of length 1; ``words`` counts, (n,)."""

    language: Language
    vectors: NDArray[np.float32]
    words: NDArray[np.int64]


def link_letters(
    read: ReadDocuments,
    letters: Letters,
    passages: Passages,
    vectors: NDArray[np.float16],
    config: Config,
) -> Links:
    """The letters that seem to be translations of each other, each way.

    ``vectors`` (n, d) are those of the distinct passages before they lean towards their answers.
    """
    found: list[LetterVectors] = []
    for group in letters.groups:
        first, last = np.searchsorted(passages.document, [group[0], group[0] + 1])
        own = [row for row in range(first, last) if passages.node[row] >= 0]
        found.append(
            LetterVectors(
                read.languages[group[0]],
                unit(vectors[passages.node[own]].astype(np.float32)),
                np.asarray([count_words(passages.text[row]) for row in own], dtype=int),
            )
        )
    links: dict[int, tuple[int, float]] = {}
    for english, french, score in linked(found, config):
        links[english], links[french] = (french, score), (english, score)
    return links


def letter_campaigns(
    read: ReadDocuments, letters: Letters, links: Links
) -> tuple[LetterCampaign, ...]:
    """The letters as a result tells of them, with the translations that are proposed."""
    found = []
    for place, group in enumerate(letters.groups):
        link = links.get(place)
        found.append(
            LetterCampaign(
                code=f"C{place + 1}",
                representative=read.documents[group[0]].id,
                document_ids=tuple(sorted(read.documents[i].id for i in group)),
                languages=read.count_languages(group),
                linked=None if link is None else f"C{link[0] + 1}",
                link_score=None if link is None else link[1],
            )
        )
    return tuple(found)


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

    english, french = (
        [i for i, x in enumerate(letters) if x.language is language and x.words.sum() > 0]
        for language in OFFICIAL_LANGUAGES
    )
    found: list[tuple[float, int, int]] = []
    for e, f in _near([letters[i] for i in english], [letters[j] for j in french], config):
        i, j = english[e], french[f]
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


def _near(
    first: Sequence[LetterVectors], second: Sequence[LetterVectors], config: Config
) -> list[tuple[int, int]]:
    """The few pairs worth a closer look: about as long, and alike enough by ``likeness``.

    All letters of one side against all of the other are a few products of matrices.
    """
    if not first or not second:
        return []
    begins, words, vectors = _stacked(second)
    total = np.add.reduceat(words, begins)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(first), _TOGETHER):
        own_begins, own_words, own_vectors = _stacked(first[start : start + _TOGETHER])
        own_total = np.add.reduceat(own_words, own_begins)
        similar = own_vectors @ vectors.T
        # The best match of each passage in each letter of the other side, weighed by words.
        to_second = np.maximum.reduceat(similar, begins, axis=1) * own_words[:, None]
        to_first = np.maximum.reduceat(similar, own_begins, axis=0) * words
        mean = (
            np.add.reduceat(to_second, own_begins, axis=0) / own_total[:, None]
            + np.add.reduceat(to_first, begins, axis=1) / total
        ) / 2
        longer = np.maximum(own_total[:, None], total)
        shorter = np.minimum(own_total[:, None], total)
        # A product of other shapes may differ in the last digits.
        worth = mean >= config.letter_link_similarity - 1e-4
        rows, columns = np.nonzero(worth & (longer <= _TIMES_LONGER * shorter))
        pairs += zip((rows + start).tolist(), columns.tolist(), strict=True)
    return pairs


def _stacked(
    letters: Sequence[LetterVectors],
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """(where each letter begins, words of each passage, vectors of each passage)."""
    sizes = np.asarray([len(x.vectors) for x in letters], dtype=np.int64)
    return (
        np.cumsum(sizes) - sizes,
        np.concatenate([x.words for x in letters]).astype(np.float32),
        np.concatenate([x.vectors for x in letters]),
    )
