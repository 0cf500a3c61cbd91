"""What a split says, as sentences in both languages: every number with its n, never a cause."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import floor

from analysis.catalogue import translations
from analysis.figures.splits import Cell, Split, ThemeSplit, Verdict

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
            # French counts in the plural from two, English in the singular only what is one.
            "point": translations(language).npgettext(
                "of a scale", "point", "points", 2 if ends[1] >= 1.95 else 0
            ),
        }
    if theme.verdict == Verdict.DIFFERENT:
        said = "; ".join(
            _clear_value(found, cell, theme, words, language) for cell in theme.clear[:2]
        )
        return words["different"].format(said=said)
    return words[f"{kind}_{theme.verdict.value}"].format(**numbers)


def guarded_sentence(
    found: Split,
    theme: ThemeSplit,
    language: str,
    *,
    is_hidden: bool = True,
    with_all: bool = True,
) -> str:
    """The same without any number of the theme's people, for where some must not be published;
    ``is_hidden`` where counts are left out beside it, ``with_all`` where it may be said how many
    answered in all."""
    words = _words(language)
    kind = "rating" if found.is_rating else "choice"
    if theme.verdict == Verdict.TOO_FEW:
        if not with_all:
            return words["guarded"]
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
    key = {0: "compared_none", 1: "compared_one"}.get(found.compared, "compared")
    return _words(language)[key].format(themes=_count(found.compared, language))


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


@lru_cache(maxsize=2)
def _words(language: str) -> Mapping[str, str]:
    """The sentences to fill in. A number never parts from its n at the end of a line."""
    _ = translations(language).gettext
    words = {
        "too_few": _(
            "Too few of the people who wrote about this answered the question (n = {n}) to "
            "compare them with others; at least {least} are needed."
        ),
        "no_others": _(
            "Too few people who did not write about this answered the question to compare them "
            "with those who did (n = {n} of {all}); at least {least} are needed."
        ),
        "rating_lower": _(
            "People who wrote about this rated lower: {mean} on average (n = {n}), against "
            "{mean_all} for all who rated (n = {all}); the gap is between {low} and {high} "
            "{point}."
        ),
        "rating_higher": _(
            "People who wrote about this rated higher: {mean} on average (n = {n}), against "
            "{mean_all} for all who rated (n = {all}); the gap is between {low} and {high} "
            "{point}."
        ),
        "rating_like_others": _(
            "People who wrote about this rated {mean} on average (n = {n}), against {mean_all} "
            "for all who rated (n = {all}). Chance alone could make a gap of this size."
        ),
        "rating_letters": _(
            "People who wrote about this rated {mean} on average (n = {n}), against {mean_all} "
            "for all who rated (n = {all}). The gap comes from the letters of campaigns: "
            "without them, chance alone could make it."
        ),
        "different": _("Among people who wrote about this, {said}."),
        "more": _(
            "“{value}” is more frequent: {share} ({count} of {n}), against {share_all} of all "
            "answers ({count_all} of {all}), a gap of {low} to {high} percentage points"
        ),
        "less": _(
            "“{value}” is less frequent: {share} ({count} of {n}), against {share_all} of all "
            "answers ({count_all} of {all}), a gap of {low} to {high} percentage points"
        ),
        "choice_like_others": _(
            "The answers of people who wrote about this (n = {n}) do not differ clearly from "
            "those of all (n = {all}): chance alone could make differences of this size."
        ),
        "choice_letters": _(
            "People who wrote about this (n = {n}) answered otherwise than all (n = {all}) "
            "only where the letters of campaigns are counted."
        ),
        "pairs_lower": _(
            "In pairs made of one of them and one other person, theirs is the lower rating in "
            "{middle} of 100 (95% interval: {low} to {high}; equal ratings count half)."
        ),
        "pairs_higher": _(
            "In pairs made of one of them and one other person, theirs is the higher rating in "
            "{middle} of 100 (95% interval: {low} to {high}; equal ratings count half)."
        ),
        "without_letters": _("This holds without the letters of campaigns too (n = {n})."),
        "few": _(
            "Fewer than {least} people who wrote about this answered this question: too few to "
            "publish how they answered."
        ),
        "guarded": _("Some counts are too small to be published."),
        "guarded_without_letters": _("This holds without the letters of campaigns too."),
        "with_silent": _("{label}, not applicable or no answer"),
        "of_all": _(
            "Shares are of all who wrote about this, those who did not answer this question "
            "included."
        ),
        "guarded_too_few": _(
            "Too few of the people who wrote about this answered the question to compare them "
            "with all who did (n = {all})."
        ),
        "guarded_more": _("“{value}” is more frequent than among all who answered"),
        "guarded_less": _("“{value}” is less frequent than among all who answered"),
        "guarded_rating_lower": _("People who wrote about this rated lower than all who rated."),
        "guarded_rating_higher": _("People who wrote about this rated higher than all who rated."),
        "guarded_rating_like_others": _(
            "The ratings of people who wrote about this do not differ clearly from those of all."
        ),
        "guarded_rating_letters": _(
            "The ratings of people who wrote about this differ from those of all only where "
            "the letters of campaigns are counted."
        ),
        "guarded_choice_like_others": _(
            "The answers of people who wrote about this do not differ clearly from those of all."
        ),
        "guarded_choice_letters": _(
            "The answers of people who wrote about this differ from those of all only where "
            "the letters of campaigns are counted."
        ),
        "compared_none": _(
            "No theme has enough answers to be compared with the others. Intervals are at 95%."
        ),
        "compared_one": _("One theme was compared with the others. Intervals are at 95%."),
        "compared": _(
            "{themes} themes were compared; a difference is stated only where it is larger "
            "than chance would make it among so many (Holm's correction, 5% in all). Each "
            "interval is at 95% by itself."
        ),
    }
    return {key: said.replace("n = {", f"n{NBSP}={NBSP}{{") for key, said in words.items()}
