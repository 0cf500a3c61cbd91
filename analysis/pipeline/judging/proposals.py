"""Themes as they are proposed to people: their words, their size, what to think of each."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.naming.named import NamedThemes
from analysis.pipeline.reading.passages import Passages
from analysis.pipeline.reading.prepare import ReadDocuments
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Caution, Description, ThemeProposal

from .cautions import Facts, cautions
from .confidence import SMALL, theme_confidence
from .judgement import both_languages


def propose_themes(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    named: NamedThemes,
    *,
    is_aid: bool = False,
) -> tuple[ThemeProposal, ...]:
    """The themes in their order, each with its confidence and what a reviewer should look at.

    ``is_aid`` says that the run is no more than an aid for reading.
    """
    # Copies say nothing new: what a thousand sent in the same words is one thing known.
    distinct = {
        code: len(distinct_texts(passages, members)) for code, members in themes.members.items()
    }
    warned = _cautions(read, passages, themes, named, distinct)
    words = {item.code: item for item in named.descriptions}
    both = both_languages(read)
    return tuple(
        _proposal(
            read,
            passages,
            themes,
            words[code],
            warned[code],
            distinct=distinct[code],
            both=both,
            is_aid=is_aid,
        )
        for code in themes.members
    )


def _proposal(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    words: Description,
    warned: tuple[Caution, ...],
    *,
    distinct: int,
    both: bool,
    is_aid: bool,
) -> ThemeProposal:
    code = words.code
    members = themes.members[code]
    documents = sorted(set(passages.document[members].tolist()))
    languages = read.count_languages(documents)
    alone = both and set(languages) in ({"en"}, {"fr"})
    return ThemeProposal(
        code=code,
        name_en=words.name_en,
        name_fr=words.name_fr,
        description_en=words.description_en,
        description_fr=words.description_fr,
        keywords_en=words.keywords_en,
        keywords_fr=words.keywords_fr,
        size=len(documents),
        passages=len(members),
        languages=languages,
        confidence=theme_confidence(
            distinct,
            round(themes.stability_of[code], 4),
            # Themes that were given are judged by how they were matched (``assigning.judgement``).
            round(themes.likeness_of.get(code, 0.0), 4),
            one_language=next(iter(languages)) if alone else None,
            is_aid=is_aid,
            is_small=len(passages.distinct.text) < SMALL,
            covered=said_by(words, languages),
        ),
        quotes=words.quotes,
        warnings=warned,
        parent=themes.parent_of[code],
        unnamed=words.unnamed,
        covered=words.covered,
        named_by=words.named_by,
    )


def distinct_texts(passages: Passages, members: NDArray[np.int64]) -> set[int]:
    """The documents of these passages that say something of their own, each once."""
    own = members[passages.copy_of[members] < 0]
    return set(passages.document[own].tolist())


def said_by(words: Description, languages: Mapping[str, int]) -> tuple[int, int] | None:
    """How many answers say what the names say, in both languages together, and of how many.

    An answer whose language cannot be told, an emoji say, says no name: it is one of the many.
    ``languages`` counts the answers of the theme.
    """
    if not words.covered:
        return None
    told = {language.value for language in OFFICIAL_LANGUAGES}
    untold = sum(n for language, n in languages.items() if language not in told)
    says, of = sum(each.says for each in words.covered), sum(each.of for each in words.covered)
    # Of many answers only a sample was held against the name.
    held = sum(languages.get(each.language.value, 0) for each in words.covered)
    return says, of + round(untold * of / max(held, of, 1))


def _cautions(
    read: ReadDocuments,
    passages: Passages,
    themes: Themes,
    named: NamedThemes,
    distinct: Mapping[str, int],
) -> dict[str, tuple[Caution, ...]]:
    facts = []
    for code, members in themes.members.items():
        documents = np.unique(passages.document[members])
        facts.append(
            Facts(
                code=code,
                parent=themes.parent_of[code],
                texts=documents,
                languages=read.count_languages(documents.tolist()),
                border=themes.border_of(code),
                distinct=distinct[code],
                stability=themes.stability_of[code],
                nearest=named.nearest.get(code),
            )
        )
    described = {item.code: item for item in named.descriptions}
    return cautions(facts, described, named.alike, read.count_languages(read.analysed))
