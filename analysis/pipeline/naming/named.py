"""The themes of a run in words: which passages speak for each, and what they make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.checkpoint import ALONE, Stage, Step
from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import LANGUAGES, ReadDocuments
from analysis.pipeline.types import (
    OFFICIAL_LANGUAGES,
    Covered,
    Description,
    Group,
    GroupPassage,
    Language,
    Quote,
)
from analysis.pipeline.vectors.embedder import Embedder
from analysis.reasons import Why

from .coverage import Answers, WordVectors, part_of, says_any
from .describe import describe_themes
from .likeness import alike, nearest
from .proposed import Advisor, Namer

# The describing step reads at most this many passages of a theme, nearest the middle first, so
# that memory does not grow with a million texts.
_DESCRIBED = 4000
# A name is held against so many answers of its theme in its language, drawn by lot if there are
# more: the share is then right to within five in a hundred, nineteen times in twenty.
_HELD_AGAINST = 400


@dataclass(frozen=True, slots=True)
class NamedThemes:
    """The words for each theme, in the themes' order.

    ``alike`` maps pairs of themes (code, code) that say the same to how alike they are, ``nearest``
    each theme to the one of its level that stands nearest. ``said`` is what came of asking a
    language model; nothing where none was asked.
    """

    descriptions: Sequence[Description]
    alike: Mapping[str, Mapping[str, float]]
    nearest: Mapping[str, str]
    said: tuple[Why, ...] = ()


def name_themes(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    vectors: NDArray[np.float16],
    embedder: Embedder,
    *,
    seed: int = 0,
    model: str = "",
    namer: Namer | None = None,
    step: Step = ALONE,
) -> NamedThemes:
    """Name, keywords, a sentence and quotes of each theme in both languages.

    ``vectors`` (n, d) of the distinct passages, by ``embedder``. Quotes at random are drawn from
    ``seed``. ``namer`` may propose names too; ``model`` is the one that was to
    be asked, whether or not it can be.
    """
    stage = step.keep(
        lambda: _described(read, passages, themes, vectors, embedder, seed, model, namer)
    )
    return NamedThemes(
        [_description(item) for item in stage.values["descriptions"]],
        stage.values["alike"],
        stage.values["nearest"],
        tuple(Why(**why) for why in stage.values["said"]),
    )


def _described(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    vectors: NDArray[np.float16],
    embedder: Embedder,
    seed: int,
    model: str,
    namer: Namer | None,
) -> Stage:
    advisor = Advisor(namer, seed) if namer is not None else None
    not_asked = (Why("model_not_asked", {"model": model}),) if model and themes.members else ()
    groups, spoken = speaking(read, passages, themes, vectors)
    described = describe_themes(
        groups,
        embedder=embedder,
        vectors=spoken,
        seed=seed,
        cover=lambda names, words: covered(read, passages, themes, vectors, names, words),
        advisor=advisor,
        # The groups may hold a sample of their passages; these are all documents.
        languages={
            code: read.count_languages(sorted(set(passages.document[members].tolist())))
            for code, members in themes.members.items()
        },
    )
    return Stage(
        {},
        {
            "descriptions": [asdict(item) for item in described],
            "alike": alike(described, embedder),
            "nearest": nearest(groups, spoken),
            "said": [asdict(why) for why in (advisor.said if advisor is not None else not_asked)],
        },
    )


def speaking(
    read: ReadDocuments, passages: Passages, themes: Themes, vectors: NDArray[np.float16]
) -> tuple[list[Group], list[NDArray[np.float16]]]:
    """What speaks for each theme, and the vectors of those passages (zeros where none is)."""
    groups: list[Group] = []
    spoken: list[NDArray[np.float16]] = []
    # How many letters share each passage: those that left it out do not speak for it.
    copies = np.bincount(passages.copy_of[passages.copy_of >= 0], minlength=len(passages))
    for code, members in themes.members.items():
        own = members[passages.copy_of[members] < 0]
        if len(own) > _DESCRIBED:
            order = np.argsort(-themes.centrality[own], kind="stable")
            half = _DESCRIBED * 3 // 4
            edge = order[half:][np.argsort(-themes.border[own[order[half:]]], kind="stable")]
            own = np.sort(own[np.concatenate([order[:half], edge[: _DESCRIBED - half]])])
        highest = float(themes.centrality[own].max(initial=0.0)) or 1.0
        node = passages.node[own]
        known = vectors[np.maximum(node, 0)]
        spoken.append(np.where(node[:, None] >= 0, known, np.float16(0)))
        said = tuple(
            GroupPassage(
                document_id=read.documents[passages.document[r]].id,
                start=int(passages.start[r]),
                end=int(passages.end[r]),
                text=passages.text[r],
                language=LANGUAGES[passages.language[r]],
                centrality=round(float(themes.centrality[r]) / highest, 4),
                border=float(themes.border[r]),
                weight=1 + int(copies[r]),
            )
            for r in own.tolist()
        )
        groups.append(Group(code, themes.parent_of[code], said))
    return groups, spoken


def covered(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    vectors: NDArray[np.float16],
    names: Mapping[str, Mapping[Language, Sequence[str]]],
    words: WordVectors,
) -> dict[str, tuple[Covered, ...]]:
    """How many answers of each theme say what its name says, in each language it has a name in.

    ``names`` gives the parts of each name. An answer says it where one of its passages in the theme
    does; a letter's copies say what the letter says.
    """
    held: dict[tuple[str, Language], tuple[NDArray[np.int64], Answers]] = {}
    for code, members in themes.members.items():
        source = np.where(passages.copy_of[members] < 0, members, passages.copy_of[members])
        for language in OFFICIAL_LANGUAGES:
            spoken = passages.language[source] == LANGUAGES.index(language)
            if not names.get(code, {}).get(language) or not spoken.any():
                continue
            rows, document = source[spoken], passages.document[members[spoken]]
            answers = np.unique(document)
            if len(answers) > _HELD_AGAINST:
                drawn = np.random.default_rng(0).permutation(len(answers))[:_HELD_AGAINST]
                chosen = np.isin(document, answers[drawn])
                rows, document = rows[chosen], document[chosen]
            own, which = np.unique(rows, return_inverse=True)
            node = passages.node[own]
            known = np.where(node[:, None] >= 0, vectors[np.maximum(node, 0)], np.float16(0))
            texts = [passages.text[r] for r in own.tolist()]
            held[code, language] = (
                np.stack([which, document]),
                Answers(texts, language, known, words),
            )
    words.learn(form for _rows, said in held.values() for form in said.usual)
    found: dict[str, list[Covered]] = {}
    for (code, language), (rows, said) in held.items():
        parts = [part_of(text, language, words) for text in names[code][language]]
        says = says_any(said.chances(parts))[rows[0]]
        of = len(np.unique(rows[1]))
        found.setdefault(code, []).append(Covered(language, len(np.unique(rows[1][says])), of))
    return {code: tuple(each) for code, each in found.items()}


def _description(item: Mapping[str, Any]) -> Description:
    """The description as its stage keeps it."""
    return Description(
        **{
            **item,
            "keywords_en": tuple(item["keywords_en"]),
            "keywords_fr": tuple(item["keywords_fr"]),
            "quotes": tuple(
                Quote(**{**quote, "language": Language(quote["language"])})
                for quote in item["quotes"]
            ),
            "covered": tuple(
                Covered(**{**each, "language": Language(each["language"])})
                for each in item["covered"]
            ),
            "unnamed": tuple(Language(code) for code in item["unnamed"]),
        }
    )
