"""What a reviewer should look at before accepting a theme, each with its reason in words.

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
from analysis.typography import typographic

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
# A language with less than this share of the texts it would have by its part in all is as good as
# absent.
SELDOM = 0.2

_NAMES = {
    Language.EN: ("English", "anglais"),
    Language.FR: ("French", "français"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one theme. ``texts`` numbers its documents; ``border`` is in [0, 1].

    ``nearest`` is the code of the theme whose middle is nearest, or None.
    """

    code: str
    parent: str | None
    texts: NDArray[np.int64]
    languages: Mapping[str, int]
    border: float
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
        name_en, name_fr = _called(descriptions[code])
        en, fr = {
            "texts": (
                f"{percent}% of the texts in this theme or in “{name_en}” are in both: "
                "consider merging them.",
                f"{percent}\u00a0% des textes de ce thème ou de «\u00a0{name_fr}\u00a0» sont "
                "dans les deux\u00a0: songez à les fusionner.",
            ),
            "meaning": (
                f"Its name and keywords say nearly the same as “{name_en}”: merge them, or "
                "say how they differ.",
                "Son nom et ses mots clés disent à peu près la même chose que "
                f"«\u00a0{name_fr}\u00a0»\u00a0: fusionnez-les ou précisez en quoi ils "
                "diffèrent.",
            ),
            "border": (
                f"Most of its passages could as well be in “{name_en}”: read both before "
                "accepting either.",
                "La plupart de ses passages pourraient aussi bien relever de "
                f"«\u00a0{name_fr}\u00a0»\u00a0: "
                + typographic("lisez les deux avant d'accepter l'un ou l'autre."),
            ),
        }[rule]
        out.append(Caution(Warning.OVERLAPS, en, fr, (code,)))
    return out


def _called(words: Description) -> tuple[str, str]:
    """The name in each language; in one where it has none, the one it has."""
    return (
        words.name_fr if Language.EN in words.unnamed else words.name_en,
        words.name_en if Language.FR in words.unnamed else words.name_fr,
    )


def _tiny(theme: Facts, total: int) -> list[Caution]:
    n = len(theme.texts)
    least = max(LEAST, round(LEAST_SHARE * total))
    if n >= least:
        return []
    return [
        Caution(
            Warning.TINY,
            f"Only {n} texts, where a theme should have at least {least}: an example rather than "
            "a theme.",
            typographic(
                f"{n} textes seulement, alors qu'un thème devrait en compter au moins {least}"
                "\u00a0: c'est un exemple plutôt qu'un thème."
            ),
        )
    ]


def _vague(theme: Facts, words: Description) -> list[Caution]:
    if theme.stability < UNSTABLE:
        percent = round(100 * theme.stability)
        return [
            Caution(
                Warning.VAGUE,
                f"Only {percent}% of it comes back when a fifth of the texts is left out: read it "
                "before naming it.",
                typographic(
                    f"Seulement {percent}\u00a0% du thème réapparaît lorsqu'on retire un "
                    "cinquième des textes\u00a0: lisez-le avant de le nommer."
                ),
            )
        ]
    if words.generic:
        return [
            Caution(
                Warning.VAGUE,
                "No words set it apart from the other themes: its name is general. Give it a "
                "more precise name.",
                "Aucun mot ne le distingue des autres thèmes\u00a0: son nom est général. "
                "Donnez-lui un nom plus précis.",
            )
        ]
    return []


def _catch_all(theme: Facts, total: int, tops: int) -> list[Caution]:
    if theme.parent is not None or tops < 3 or len(theme.texts) <= CATCH_ALL * total:
        return []
    percent = round(100 * len(theme.texts) / total)
    return [
        Caution(
            Warning.CATCH_ALL,
            f"It holds {percent}% of all texts: it may be several subjects. Look at its parts.",
            f"Il réunit {percent}\u00a0% de tous les textes\u00a0: il mêle peut-être plusieurs "
            "sujets. Examinez ses sous-thèmes.",
        )
    ]


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
    en, fr = _NAMES[absent]
    if counts[absent]:
        n, size = counts[absent], sum(counts.values())
        return [
            Caution(
                Warning.ONE_LANGUAGE,
                f"Only {n} of {size} wrote of it in {en}, in which {percent}% of all texts are: "
                "look for the same thing said there in other words.",
                f"Seulement {n} sur {size} en parlent en {fr}, langue de {percent}\u00a0% de tous "
                "les textes\u00a0: cherchez si la même chose y est dite autrement.",
            )
        ]
    return [
        Caution(
            Warning.ONE_LANGUAGE,
            f"Nobody wrote of it in {en}, in which {percent}% of all texts are: look for the same "
            "thing said there in other words.",
            typographic(
                f"Personne n'en parle en {fr}, langue de {percent}\u00a0% de tous les "
                "textes\u00a0: cherchez si la même chose y est dite autrement."
            ),
        )
    ]


def seldom_written(overall: Mapping[str, int]) -> tuple[Language, ...]:
    """Official languages in which fewer than a tenth of the texts are. ``overall`` counts texts.

    Nearly all themes of such a corpus lack a name in them: that is said once, of the whole corpus,
    by whoever shows it.
    """
    total = max(1, sum(overall.values()))
    return tuple(lang for lang in OFFICIAL_LANGUAGES if overall.get(lang.value, 0) < SPOKEN * total)


def _unnamed(words: Description, overall: Mapping[str, int]) -> list[Caution]:
    out = []
    for language in words.unnamed:
        if language in seldom_written(overall):
            continue
        en, fr = _NAMES[language]
        out.append(
            Caution(
                Warning.UNNAMED,
                f"No words were found in {en} to name it: a person must give it a name.",
                f"Rien de ce qui est dit en {fr} ne permet de le nommer\u00a0: une personne doit "
                "lui donner un nom.",
            )
        )
    return out
