"""What a reviewer should look at before accepting a theme, each with its reason.

The rules are those of ThemeFinder (i-dot-ai/themefinder, ``themeset_rules.py``): a theme holds at
least five texts and a thousandth of all, no two themes are nearer than 0.9 in meaning or share
seven tenths of their texts. Beside them stand the rules of the Canadian design system for grouping
comments: themes do not overlap, have several examples, say something specific, and are read in both
languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.naming.likeness import SAME_MEANING
from analysis.pipeline.types import (
    OFFICIAL_LANGUAGES,
    Caution,
    Description,
    Language,
    Warning,  # noqa: A004 - the field's word for it
)
from analysis.reasons import Why

from .confidence import LITTLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


LEAST, LEAST_SHARE = 5, 0.001
SAME_TEXTS = 0.7
# The mean of how near the passages of a theme are to the next one, from which it has no edge.
NO_EDGE = 0.8
UNSTABLE = 0.4
# A theme that holds more than this of all texts says little about any of them.
CATCH_ALL = 0.4
# A language with fewer texts than this share is too rare to be missed in a theme.
SPOKEN = 0.1
# Up to this share the texts are not in it at all: no name is missing.
NOBODY = 0.01
# A language with less than this share of the texts it would have by its part in all is as good as
# absent.
SELDOM = 0.2

# The codes of reasons that differ by the language in which something is missing.
_FEW_IN = {Language.EN: "few_in_english", Language.FR: "few_in_french"}
_NONE_IN = {Language.EN: "none_in_english", Language.FR: "none_in_french"}
_LITTLE_IN = {
    Language.EN: "covers_little_in_english",
    Language.FR: "covers_little_in_french",
}
_UNNAMED_IN = {Language.EN: "unnamed_in_english", Language.FR: "unnamed_in_french"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one theme. ``texts`` numbers its documents, ``distinct`` counts those
    that are no copies of others; ``border`` is in [0, 1].

    ``nearest`` is the code of the theme whose middle is nearest, or None.
    """

    code: str
    parent: str | None
    texts: NDArray[np.int64]
    languages: Mapping[str, int]
    border: float
    distinct: int
    stability: float
    nearest: str | None


def cautions(
    themes: Sequence[Facts],
    descriptions: Mapping[str, Description],
    same: Mapping[str, Mapping[str, float]],
    overall: Mapping[str, int],
) -> dict[str, tuple[Caution, ...]]:
    """The cautions of each theme by code. ``overall`` counts all texts analysed by language."""
    total = sum(overall.values())
    near = _near(themes, same)
    return {
        theme.code: (
            *_overlaps(theme, near[theme.code], descriptions),
            *_tiny(theme, total),
            *_vague(theme, descriptions[theme.code]),
            *_catch_all(theme, total, sum(t.parent is None for t in themes)),
            *_one_language(theme, overall, total),
            *_unnamed(descriptions[theme.code], overall),
            *_covers_little(descriptions[theme.code]),
        )
        for theme in themes
    }


def _near(
    themes: Sequence[Facts], same: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, tuple[str, int]]]:
    """For each theme those it overlaps: code to the rule and a percentage."""
    found: dict[str, dict[str, tuple[str, int]]] = {theme.code: {} for theme in themes}
    for one, other in combinations(themes, 2):
        # A part shares its texts, and its subject, with the whole.
        if one.code == other.parent or other.code == one.parent:
            continue
        both = len(np.intersect1d(one.texts, other.texts, assume_unique=True))
        either = len(one.texts) + len(other.texts) - both
        low, high = sorted((one.code, other.code))
        cosine = same.get(low, {}).get(high, 0.0)
        reason: tuple[str, int] | None = None
        if either and both / either >= SAME_TEXTS:
            reason = ("texts", round(100 * both / either))
        elif cosine >= SAME_MEANING:
            reason = ("meaning", round(100 * cosine))
        if reason is not None:
            found[one.code][other.code] = reason
            found[other.code][one.code] = reason
    for theme in themes:
        if theme.nearest is not None and theme.border > NO_EDGE:
            found[theme.code].setdefault(theme.nearest, ("border", round(100 * theme.border)))
    return found


def _overlaps(
    theme: Facts, near: Mapping[str, tuple[str, int]], descriptions: Mapping[str, Description]
) -> list[Caution]:
    out = []
    for code in sorted(near):
        rule, percent = near[code]
        name = _called(descriptions[code])
        why = {
            "texts": Why("shares_texts", {"percent": percent, "name": name}),
            "meaning": Why("shares_meaning", {"name": name}),
            "border": Why("shares_border", {"name": name}),
        }[rule]
        out.append(Caution(Warning.OVERLAPS, why, (code,)))
    return out


def _called(words: Description) -> dict[str, str]:
    """The name in each language; in one where it has none, the one it has."""
    return {
        "en": words.name_fr if Language.EN in words.unnamed else words.name_en,
        "fr": words.name_en if Language.FR in words.unnamed else words.name_fr,
    }


def _tiny(theme: Facts, total: int) -> list[Caution]:
    n = theme.distinct
    least = max(LEAST, round(LEAST_SHARE * total))
    if n >= least:
        return []
    return [Caution(Warning.TINY, Why("tiny", {"n": n, "least": least}))]


def _vague(theme: Facts, words: Description) -> list[Caution]:
    if theme.stability < UNSTABLE:
        percent = round(100 * theme.stability)
        return [Caution(Warning.VAGUE, Why("seldom_back", {"percent": percent}))]
    # What has no name at all has no general one.
    if words.generic and len(words.unnamed) < len(OFFICIAL_LANGUAGES):
        return [Caution(Warning.VAGUE, Why("no_words_of_its_own"))]
    return []


def _catch_all(theme: Facts, total: int, tops: int) -> list[Caution]:
    if theme.parent is not None or tops < 3 or len(theme.texts) <= CATCH_ALL * total:
        return []
    percent = round(100 * len(theme.texts) / total)
    return [Caution(Warning.CATCH_ALL, Why("holds_much", {"percent": percent}))]


def _one_language(theme: Facts, overall: Mapping[str, int], total: int) -> list[Caution]:
    counts = {lang: theme.languages.get(lang.value, 0) for lang in OFFICIAL_LANGUAGES}
    if seldom_written(overall):
        return []
    if sum(counts.values()) < LEAST:
        return []
    both = sum(overall.get(lang.value, 0) for lang in OFFICIAL_LANGUAGES)
    expected = {lang: sum(counts.values()) * overall.get(lang.value, 0) / both for lang in counts}
    absent = min(OFFICIAL_LANGUAGES, key=lambda lang: counts[lang] / expected[lang])
    if counts[absent] >= SELDOM * expected[absent]:
        return []
    percent = round(100 * overall[absent.value] / total)
    why = Why(_NONE_IN[absent], {"percent": percent})
    if counts[absent]:
        n, size = counts[absent], sum(counts.values())
        why = Why(_FEW_IN[absent], {"n": n, "size": size, "percent": percent})
    return [Caution(Warning.ONE_LANGUAGE, why)]


def seldom_written(overall: Mapping[str, int]) -> tuple[Language, ...]:
    """Official languages in which fewer than a tenth of the texts are. ``overall`` counts texts.

    Nearly all themes of such a corpus lack a name in them: that is said once, of the whole corpus,
    by whoever shows it.
    """
    total = max(1, sum(overall.values()))
    return tuple(lang for lang in OFFICIAL_LANGUAGES if overall.get(lang.value, 0) < SPOKEN * total)


def hardly_written(overall: Mapping[str, int]) -> tuple[Language, ...]:
    """Of these the languages in which somebody wrote all the same.

    In a corpus of one language nobody misses names in the other.
    """
    least = NOBODY * sum(overall.values())
    return tuple(lang for lang in seldom_written(overall) if overall.get(lang.value, 0) > least)


def _unnamed(words: Description, overall: Mapping[str, int]) -> list[Caution]:
    return [
        Caution(Warning.UNNAMED, Why(_UNNAMED_IN[language]))
        for language in words.unnamed
        if language not in seldom_written(overall)
    ]


def _covers_little(words: Description) -> list[Caution]:
    return [
        Caution(Warning.COVERS_LITTLE, Why(_LITTLE_IN[each.language], each.why.values))
        for each in words.covered
        if each.says < LITTLE * each.of
    ]
