"""What a split says, as sentences in both languages: every number with its n, never a cause."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

from analysis.figures.splits import Cell, Split, ThemeSplit, Verdict
from analysis.typography import typographic

NBSP = "\u00a0"


def sentence(found: Split, theme: ThemeSplit, language: str) -> str:
    """What the split says of a theme, in ``"en"`` or ``"fr"``, with n beside every number.

    Never a cause, and no difference where the verdict is that there is none to speak of.
    """
    words = _words(language)
    numbers = {
        "n": _count(theme.tally.n, language),
        "all": _count(found.everyone.n, language),
        "least": _count(found.rules.smallest_group, language),
    }
    kind = "rating" if found.is_rating else "choice"
    if theme.verdict == Verdict.TOO_FEW:
        if theme.tally.n >= found.rules.smallest_group:
            return words["no_others"].format(**numbers)
        return words["too_few"].format(**numbers)
    if theme.rating is not None and found.mean is not None:
        ends = sorted((abs(theme.rating.difference.low), abs(theme.rating.difference.high)))
        numbers |= {
            "mean": _decimal(theme.rating.mean.estimate, language),
            "mean_all": _decimal(found.mean.estimate, language),
            "low": _decimal(ends[0], language),
            "high": _decimal(ends[1], language),
            # French counts in the plural from two.
            "point": "points" if language != "fr" or ends[1] >= 1.95 else "point",
        }
    if theme.verdict == Verdict.DIFFERENT:
        said = "; ".join(
            _clear_value(found, cell, theme, words, language) for cell in theme.clear[:2]
        )
        return words["different"].format(said=said)
    return words[f"{kind}_{theme.verdict.value}"].format(**numbers)


def guarded_sentence(
    found: Split, theme: ThemeSplit, language: str, *, is_hidden: bool = True
) -> str:
    """The same without any number of the theme's people, for where some must not be published;
    ``is_hidden`` where counts are left out beside it."""
    words = _words(language)
    kind = "rating" if found.is_rating else "choice"
    if theme.verdict == Verdict.TOO_FEW:
        return words["guarded_too_few"].format(all=_count(found.everyone.n, language))
    if theme.verdict == Verdict.DIFFERENT:
        said = "; ".join(
            words[f"guarded_{_direction(cell)}"].format(value=cell.value.name(language))
            for cell in theme.clear[:2]
        )
        verdict = words["different"].format(said=said)
    else:
        verdict = words[f"guarded_{kind}_{theme.verdict.value}"]
    return f"{verdict} {words['guarded']}" if is_hidden else verdict


def few_sentence(least: int, language: str) -> str:
    """That a theme has fewer people than are told as shares in a report."""
    words = _words(language)
    return words["few"].format(least=_count(least, language))


def letters_sentence(theme: ThemeSplit, language: str, *, with_n: bool = True) -> str:
    """Whether a difference also holds without the letters of campaigns; empty where the theme has
    none, or where there is no difference to speak of. ``with_n`` says how many people that is."""
    own = theme.own_words
    spoken = (Verdict.LOWER, Verdict.HIGHER, Verdict.DIFFERENT)
    if own is None or own.tally == theme.tally or theme.verdict not in spoken:
        return ""
    words = _words(language)
    if not with_n:
        return words["guarded_without_letters"]
    return words["without_letters"].format(n=_count(own.tally.n, language))


def with_silent_label(label: str, language: str) -> str:
    """An answer with which those who did not answer are counted."""
    return _words(language)["with_silent"].format(label=label)


def of_all_sentence(language: str) -> str:
    """That shares are of everybody in a theme, for where few did not answer."""
    return _words(language)["of_all"]


def rank_sentence(theme: ThemeSplit, language: str) -> str:
    """The size of the effect on a rating as pairs of people; empty for a choice or too few."""
    if theme.rating is None:
        return ""
    higher, lower = theme.rating.higher, theme.rating.higher.estimate < 0.5
    ends = [higher.estimate, higher.low, higher.high]
    middle, low, high = [1 - end for end in (ends[0], ends[2], ends[1])] if lower else ends
    words = _words(language)["pairs_lower" if lower else "pairs_higher"]
    return words.format(middle=_whole(100 * middle), low=_whole(100 * low), high=_whole(100 * high))


def comparisons_sentence(found: Split, language: str) -> str:
    """What the intervals are, and what was done about many comparisons."""
    words = _words(language)
    return words["compared_one" if found.compared == 1 else "compared"].format(
        themes=_count(found.compared, language)
    )


def _clear_value(
    found: Split, cell: Cell, theme: ThemeSplit, words: Mapping[str, str], language: str
) -> str:
    difference = cell.difference
    assert difference is not None  # noqa: S101 (it was tested)
    assert cell.share is not None  # noqa: S101 (of somebody)
    ends = sorted((abs(difference.low), abs(difference.high)))
    count = next(each for each in found.cells if each.value == cell.value).n
    return words[_direction(cell)].format(
        value=cell.value.name(language),
        share=_percent(cell.share.estimate, language),
        count=_count(cell.n, language),
        n=_count(theme.tally.n, language),
        share_all=_percent(count / found.everyone.n, language),
        count_all=_count(count, language),
        all=_count(found.everyone.n, language),
        low=_whole(100 * ends[0]),
        high=_whole(100 * ends[1]),
    )


def _words(language: str) -> Mapping[str, str]:
    return _FRENCH if language == "fr" else _ENGLISH


def _direction(cell: Cell) -> str:
    return "more" if cell.difference and cell.difference.estimate > 0 else "less"


def _count(n: int, language: str) -> str:
    return f"{n:,}" if language != "fr" else f"{n:,}".replace(",", NBSP)


def _whole(value: float) -> int:
    """Rounded as by hand: halves up, not to the even number."""
    return floor(value + 0.5)


def _decimal(value: float, language: str) -> str:
    text = f"{_whole(10 * value) / 10:.1f}"
    return text.replace(".", ",") if language == "fr" else text


def _percent(share: float, language: str) -> str:
    return f"{_whole(100 * share)}{NBSP}%" if language == "fr" else f"{_whole(100 * share)}%"


_ENGLISH = {
    "too_few": (
        "Too few of the people who wrote about this answered the question (n = {n}) to compare "
        "them with others; at least {least} are needed."
    ),
    "no_others": (
        "Too few people who did not write about this answered the question to compare them with "
        "those who did (n = {n} of {all}); at least {least} are needed."
    ),
    "rating_lower": (
        "People who wrote about this rated lower: {mean} on average (n = {n}), against {mean_all} "
        "for all who rated (n = {all}); the gap is between {low} and {high} {point}."
    ),
    "rating_higher": (
        "People who wrote about this rated higher: {mean} on average (n = {n}), against "
        "{mean_all} for all who rated (n = {all}); the gap is between {low} and {high} {point}."
    ),
    "rating_like_others": (
        "People who wrote about this rated {mean} on average (n = {n}), against {mean_all} for all "
        "who rated (n = {all}). Chance alone could make a gap of this size."
    ),
    "rating_letters": (
        "People who wrote about this rated {mean} on average (n = {n}), against {mean_all} for all "
        "who rated (n = {all}). The gap comes from the letters of campaigns: without them, chance "
        "alone could make it."
    ),
    "different": "Among people who wrote about this, {said}.",
    "more": (
        "“{value}” is more frequent: {share} ({count} of {n}), against {share_all} of all answers "
        "({count_all} of {all}), a gap of {low} to {high} percentage points"
    ),
    "less": (
        "“{value}” is less frequent: {share} ({count} of {n}), against {share_all} of all answers "
        "({count_all} of {all}), a gap of {low} to {high} percentage points"
    ),
    "choice_like_others": (
        "The answers of people who wrote about this (n = {n}) do not differ clearly from those of "
        "all (n = {all}): chance alone could make differences of this size."
    ),
    "choice_letters": (
        "People who wrote about this (n = {n}) answered otherwise than all (n = {all}) only where "
        "the letters of campaigns are counted."
    ),
    "pairs_lower": (
        "In pairs made of one of them and one other person, theirs is the lower rating in "
        "{middle} of 100 (95% interval: {low} to {high}; equal ratings count half)."
    ),
    "pairs_higher": (
        "In pairs made of one of them and one other person, theirs is the higher rating in "
        "{middle} of 100 (95% interval: {low} to {high}; equal ratings count half)."
    ),
    "without_letters": "This holds without the letters of campaigns too (n = {n}).",
    "few": (
        "Fewer than {least} people who wrote about this answered this question: too few to publish "
        "how they answered."
    ),
    "guarded": "Some counts are too small to be published.",
    "guarded_without_letters": "This holds without the letters of campaigns too.",
    "with_silent": "{label}, not applicable or no answer",
    "of_all": (
        "Shares are of all who wrote about this, those who did not answer this question included."
    ),
    "guarded_too_few": (
        "Too few of the people who wrote about this answered the question to compare them with all "
        "who did (n = {all})."
    ),
    "guarded_more": "“{value}” is more frequent than among all who answered",
    "guarded_less": "“{value}” is less frequent than among all who answered",
    "guarded_rating_lower": "People who wrote about this rated lower than all who rated.",
    "guarded_rating_higher": "People who wrote about this rated higher than all who rated.",
    "guarded_rating_like_others": (
        "The ratings of people who wrote about this do not differ clearly from those of all."
    ),
    "guarded_rating_letters": (
        "The ratings of people who wrote about this differ from those of all only where the "
        "letters of campaigns are counted."
    ),
    "guarded_choice_like_others": (
        "The answers of people who wrote about this do not differ clearly from those of all."
    ),
    "guarded_choice_letters": (
        "The answers of people who wrote about this differ from those of all only where the "
        "letters of campaigns are counted."
    ),
    "compared_one": "One theme was compared with the others. Intervals are at 95%.",
    "compared": (
        "{themes} themes were compared; a difference is stated only where it is larger than chance "
        "would make it among so many (Holm's correction, 5% in all). Each interval is at 95% by "
        "itself."
    ),
}
_FRENCH = {
    "too_few": (
        "Parmi les personnes qui ont abordé ce thème, trop peu ont répondu à la question "
        "(n = {n}) pour qu'on puisse les comparer aux autres; il en faut au moins {least}."
    ),
    "no_others": (
        "Parmi les personnes qui n'ont pas abordé ce thème, trop peu ont répondu à la question "
        "pour qu'on puisse les comparer à celles qui l'ont abordé (n = {n} sur {all}); il en faut "
        "au moins {least}."
    ),
    "rating_lower": (
        "Les personnes qui ont abordé ce thème ont donné des notes plus basses\u00a0: {mean} en "
        "moyenne (n = {n}), contre {mean_all} pour l'ensemble des personnes qui ont donné une "
        "note (n = {all}); l'écart est de {low} à {high} {point}."
    ),
    "rating_higher": (
        "Les personnes qui ont abordé ce thème ont donné des notes plus élevées\u00a0: {mean} en "
        "moyenne (n = {n}), contre {mean_all} pour l'ensemble des personnes qui ont donné une "
        "note (n = {all}); l'écart est de {low} à {high} {point}."
    ),
    "rating_like_others": (
        "Les personnes qui ont abordé ce thème ont donné une note moyenne de {mean} (n = {n}), "
        "contre {mean_all} pour l'ensemble (n = {all}). Le hasard seul pourrait expliquer un tel "
        "écart."
    ),
    "rating_letters": (
        "Les personnes qui ont abordé ce thème ont donné une note moyenne de {mean} (n = {n}), "
        "contre {mean_all} pour l'ensemble (n = {all}). L'écart tient aux lettres de "
        "campagnes\u00a0: sans elles, le hasard seul pourrait l'expliquer."
    ),
    "different": "Parmi les personnes qui ont abordé ce thème, {said}.",
    "more": (
        "«\u00a0{value}\u00a0» revient plus souvent\u00a0: {share} ({count} sur {n}), contre "
        "{share_all} dans l'ensemble ({count_all} sur {all}), soit un écart de {low} à {high} "
        "points de pourcentage"
    ),
    "less": (
        "«\u00a0{value}\u00a0» revient moins souvent\u00a0: {share} ({count} sur {n}), contre "
        "{share_all} dans l'ensemble ({count_all} sur {all}), soit un écart de {low} à {high} "
        "points de pourcentage"
    ),
    "choice_like_others": (
        "Les réponses des personnes qui ont abordé ce thème (n = {n}) ne diffèrent pas nettement "
        "de celles de l'ensemble (n = {all})\u00a0: le hasard seul pourrait expliquer de tels "
        "écarts."
    ),
    "choice_letters": (
        "Les personnes qui ont abordé ce thème (n = {n}) n'ont répondu autrement que l'ensemble "
        "(n = {all}) que si l'on compte les lettres de campagnes."
    ),
    "pairs_lower": (
        "Si l'on compare chacune de ces personnes à chacune des autres, sa note est la plus basse "
        "des deux {middle} fois sur 100 (intervalle à 95\u00a0%\u00a0: de {low} à {high}; les "
        "notes égales comptent pour moitié)."
    ),
    "pairs_higher": (
        "Si l'on compare chacune de ces personnes à chacune des autres, sa note est la plus élevée "
        "des deux {middle} fois sur 100 (intervalle à 95\u00a0%\u00a0: de {low} à {high}; les "
        "notes égales comptent pour moitié)."
    ),
    "without_letters": ("Ce constat tient aussi sans les lettres de campagnes (n = {n})."),
    "few": (
        "Parmi les personnes qui ont abordé ce thème, moins de {least} ont répondu à cette "
        "question\u00a0: c'est trop peu pour que leurs réponses soient diffusées."
    ),
    "guarded": "Certains nombres sont trop petits pour être diffusés.",
    "guarded_without_letters": "Ce constat tient aussi sans les lettres de campagnes.",
    "with_silent": "{label}, sans objet ou sans réponse",
    "of_all": (
        "Les pourcentages portent sur toutes les personnes qui ont abordé ce thème, y compris "
        "celles qui n'ont pas répondu à cette question."
    ),
    "guarded_too_few": (
        "Parmi les personnes qui ont abordé ce thème, trop peu ont répondu à la question pour "
        "qu'on puisse les comparer à l'ensemble (n = {all})."
    ),
    "guarded_more": "«\u00a0{value}\u00a0» revient plus souvent que dans l'ensemble",
    "guarded_less": "«\u00a0{value}\u00a0» revient moins souvent que dans l'ensemble",
    "guarded_rating_lower": (
        "Les personnes qui ont abordé ce thème ont donné des notes plus basses que l'ensemble."
    ),
    "guarded_rating_higher": (
        "Les personnes qui ont abordé ce thème ont donné des notes plus élevées que l'ensemble."
    ),
    "guarded_rating_like_others": (
        "Les notes des personnes qui ont abordé ce thème ne diffèrent pas nettement de celles de "
        "l'ensemble."
    ),
    "guarded_rating_letters": (
        "Les notes des personnes qui ont abordé ce thème ne diffèrent de celles de l'ensemble que "
        "si l'on compte les lettres de campagnes."
    ),
    "guarded_choice_like_others": (
        "Les réponses des personnes qui ont abordé ce thème ne diffèrent pas nettement de celles "
        "de l'ensemble."
    ),
    "guarded_choice_letters": (
        "Les réponses des personnes qui ont abordé ce thème ne diffèrent de celles de l'ensemble "
        "que si l'on compte les lettres de campagnes."
    ),
    "compared_one": "Un thème a été comparé aux autres. Les intervalles sont à 95\u00a0%.",
    "compared": (
        "{themes} thèmes ont été comparés; un écart n'est signalé que s'il dépasse ce que le "
        "hasard produirait parmi autant de comparaisons (correction de Holm, seuil global de "
        "5\u00a0%). "
        "Chaque intervalle est à 95\u00a0% pris isolément."
    ),
}
# A number never parts from its n at the end of a line.
for _wordings in (_ENGLISH, _FRENCH):
    for _key, _wording in _wordings.items():
        _wordings[_key] = typographic(_wording.replace("n = {", f"n{NBSP}={NBSP}{{"))
