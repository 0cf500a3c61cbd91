"""Themes beside what else people answered: on the desk as it stands, in a report as it may be told.

The other answer is a closed question of the same questionnaire, or the language people wrote in. A
theme is compared with the others of its level: the codebook's themes among themselves, their parts
among themselves, proposals likewise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from analysis.figures.charts import format_decimal, format_n
from analysis.figures.disclosure import SMALLEST_BASE, Disclosed, Row, protect_table
from analysis.figures.intervals import Interval, wilson
from analysis.review.selectors.members import OFFICIAL, OTHER
from feedback.answering.selectors.closed_questions import (
    choices_of_authors,
    closed_questions_beside,
)
from feedback.asking.kinds import kind_of
from feedback.asking.models import Question

if TYPE_CHECKING:
    from analysis.figures.splits import Split, Tally, ThemeSplit, Value
    from analysis.review.selectors.desk import Node, Review

# No code of a question has a hyphen in it.
LANGUAGE = "written-in"
_WRITTEN_IN = gettext_noop("Language people wrote in")


@dataclass(frozen=True, slots=True)
class Crossing:
    """What themes are set beside. ``closed`` is None for the language people wrote in."""

    code: str
    text_en: str
    text_fr: str
    closed: Question | None = None

    @property
    def text(self) -> str:
        """In the reader's language."""
        return self.text_fr if _reader() == "fr" else self.text_en

    @property
    def is_rating(self) -> bool:
        """Whether people rated."""
        return self.closed is not None and kind_of(self.closed).has_points


def crossings_of(question: Question) -> list[Crossing]:
    """What the themes of a question can be set beside, the default first; language is the last."""
    texts = {}
    for language in OFFICIAL:
        with override(language):
            texts[language] = _(_WRITTEN_IN)
    return [
        *(
            Crossing(closed.code, closed.text_en, closed.text_fr, closed)
            for closed in closed_questions_beside(question)
            if closed.choices.all()
        ),
        Crossing(LANGUAGE, texts["en"], texts["fr"]),
    ]


def values_of_crossing(crossing: Crossing) -> tuple[Value, ...]:
    """Its values in the order they were offered."""
    from analysis.figures.splits import Value

    if crossing.closed is None:
        return (
            Value("en", "English", "Anglais"),
            Value("fr", "French", "Français"),
            Value(OTHER, "Another language", "Une autre langue", is_not_applicable=True),
        )
    choices = list(crossing.closed.choices.all())
    points = kind_of(crossing.closed).points(choices)
    return tuple(
        Value(
            choice.code,
            choice.label_en,
            choice.label_fr,
            points=points.get(choice.code),
            is_not_applicable=choice.is_not_applicable,
        )
        for choice in choices
    )


def answers_to(
    crossing: Crossing, question: Question, written: Mapping[int, str]
) -> dict[int, str]:
    """What the author of each text of ``question`` answered, by the text's id."""
    if crossing.closed is None:
        return {
            answer: language if language in OFFICIAL else OTHER
            for answer, language in written.items()
        }
    chosen = choices_of_authors(question, crossing.closed)
    return {answer: code for answer, code in chosen.items() if answer in written}


def split_of(
    crossing: Crossing,
    answers: Mapping[int, str],
    groups: Mapping[str, Collection[int]],
    everyone: Collection[int],
    letters: Collection[int],
) -> Split:
    """The groups of one level beside the crossing."""
    # numpy and scipy come with it; a page that shows no split does not wait for them.
    from analysis.figures.splits import split

    known = set(everyone)
    return split(
        themes={code: known.intersection(ids) for code, ids in groups.items()},
        answers=answers,
        values=values_of_crossing(crossing),
        everyone=known,
        letters=letters,
    )


def _reader() -> str:
    return "fr" if (get_language() or "en").startswith("fr") else "en"


# --- On the desk -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class GroupSplit:
    """One group of the desk beside the crossing, in the reader's words."""

    node: Node
    found: Split
    theme: ThemeSplit

    @property
    def sentence(self) -> str:
        """What differs, or that nothing does, with n."""
        from analysis.figures.split_words import letters_sentence, sentence

        said = sentence(self.found, self.theme, _reader())
        return f"{said} {letters_sentence(self.theme, _reader())}".strip()

    @property
    def brief(self) -> str:
        """Mean and n of a theme that was rated."""
        rating = self.theme.rating
        if rating is None:
            return ""
        mean = format_decimal(rating.mean.estimate, _reader())
        return f"{mean} ({format_n(self.theme.tally.n, _reader())})"

    @property
    def pairs(self) -> str:
        """The size of the effect on a rating, where there is one to speak of."""
        from analysis.figures.split_words import rank_sentence

        if self.theme.verdict not in ("lower", "higher"):
            return ""
        return rank_sentence(self.theme, _reader())


@dataclass(frozen=True, slots=True)
class Level:
    """The groups that are compared among themselves. ``name`` is "themes", "parts", "proposals" or
    "proposal_parts"."""

    name: str
    found: Split
    groups: tuple[GroupSplit, ...]

    def group(self, key: str) -> GroupSplit | None:
        """The group with this key."""
        return next((group for group in self.groups if group.node.key == key), None)

    def _named(self, themes: Sequence[ThemeSplit]) -> list[GroupSplit]:
        by_key = {group.node.key: group for group in self.groups}
        return [by_key[theme.theme] for theme in themes]

    @property
    def low(self) -> list[GroupSplit]:
        """Groups that go with low ratings, the strongest first."""
        return self._named(self.found.low)

    @property
    def high(self) -> list[GroupSplit]:
        """Groups that go with high ratings, the strongest first."""
        return self._named(self.found.high)

    @property
    def note(self) -> str:
        """What was done about many comparisons."""
        from analysis.figures.split_words import comparisons_sentence

        return comparisons_sentence(self.found, _reader())


@dataclass(frozen=True, slots=True)
class DeskSplits:
    """All groups of the desk beside one crossing; ``options`` are what else there is."""

    options: tuple[Crossing, ...]
    chosen: Crossing
    levels: tuple[Level, ...]

    @property
    def is_default(self) -> bool:
        """Whether it is what is shown when nothing is asked for."""
        return self.chosen.code == self.options[0].code

    @property
    def first(self) -> Level | None:
        """The level a reader begins with: the codebook where there is one, else the proposals."""
        return self.levels[0] if self.levels else None

    def group(self, key: str) -> GroupSplit | None:
        """One group; None where it is set aside or there is nobody to compare."""
        return next((found for level in self.levels if (found := level.group(key))), None)

    def level(self, key: str) -> Level | None:
        """The level this group is compared in."""
        return next((level for level in self.levels if level.group(key)), None)


def desk_splits(
    review: Review, options: Sequence[Crossing], chosen: Crossing, key: str = ""
) -> DeskSplits:
    """The groups of the desk beside ``chosen``: one query for a closed question, none for language.

    ``review`` has counted the people already. With the ``key`` of one group, only the first level
    and the one it is in.
    """
    answers = answers_to(chosen, review.question, review.written)
    named = {
        "themes": [node for node in review.themes if not node.depth],
        "parts": [node for node in review.themes if node.depth],
        "proposals": [node for node in review.to_decide if not node.depth],
        "proposal_parts": [node for node in review.to_decide if node.depth],
    }
    filled = [(name, nodes) for name, nodes in named.items() if nodes]
    return DeskSplits(
        options=tuple(options),
        chosen=chosen,
        levels=tuple(
            _level(name, nodes, review, chosen, answers)
            for at, (name, nodes) in enumerate(filled)
            if not key or not at or any(node.key == key for node in nodes)
        ),
    )


def _level(
    name: str,
    nodes: Sequence[Node],
    review: Review,
    chosen: Crossing,
    answers: Mapping[int, str],
) -> Level:
    found = split_of(
        chosen,
        answers,
        {node.key: review.people(node) for node in nodes},
        review.written,
        review.letters,
    )
    groups = zip(nodes, found.themes, strict=True)
    return Level(name, found, tuple(GroupSplit(node, found, theme) for node, theme in groups))


# --- In a report -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingCell:
    """One value, or two neighbouring points of a rating, as it may be published.

    ``n`` and the share with its interval are of the theme's people, None where hidden;
    ``everyone`` is the share in all answers, None where that is hidden.
    """

    label_en: str
    label_fr: str
    n: int | None
    share: float | None
    low: float | None
    high: float | None
    everyone: float | None


@dataclass(frozen=True, slots=True)
class FindingThemeSplit:
    """One theme beside one question, as it may be published.

    ``n`` is the base of the shares: those who answered, or, where ``is_of_all``, everybody who
    wrote about the theme. None where fewer than ``SMALLEST_BASE`` answered: then there is nothing
    but the sentence. ``mean`` and ``difference`` (from the mean of all), each (value, low, high),
    are there for a rating of which no count is hidden. ``verdict`` is that of the pipeline.
    """

    theme: str
    n: int | None
    verdict: str
    cells: tuple[FindingCell, ...]
    mean: tuple[float, float, float] | None
    difference: tuple[float, float, float] | None
    sentence_en: str
    sentence_fr: str
    is_of_all: bool = False


@dataclass(frozen=True, slots=True)
class FindingSplit:
    """All themes of a report beside one question, small counts already hidden.

    ``n`` of the people who wrote answered it and ``unanswered`` did not, or chose "not
    applicable"; both None where few did not. ``smallest_cell`` is what the department asked for.
    ``mean`` is that of all answers to a rating, on the scale ``lowest`` to ``highest``.
    """

    code: str
    question_en: str
    question_fr: str
    is_rating: bool
    n: int | None
    unanswered: int | None
    smallest_cell: int
    lowest: int | None
    highest: int | None
    mean: float | None
    themes: tuple[FindingThemeSplit, ...]
    note_en: str
    note_fr: str


def splits_to_publish(
    question: Question,
    themes: Mapping[str, Collection[int]],
    written: Mapping[int, str],
    letters: Collection[int],
    *,
    told: Disclosed,
) -> tuple[FindingSplit, ...]:
    """What a report says of its themes beside closed questions: the one asked just before, and the
    nearest rating where that is another.

    ``themes`` are those of the first level; those that are ``told`` are published. Everything
    hidden is left out here, so that no page, file or picture made of it can show it. Three queries
    for one question, four for two.
    """
    options = [each for each in crossings_of(question) if each.closed is not None]
    ratings = [each for each in options if each.is_rating]
    published = {code: themes[code] for code in told.themes}
    found = []
    for crossing in dict.fromkeys([*options[:1], *ratings[:1]]):
        answers = answers_to(crossing, question, written)
        split = split_of(crossing, answers, published, written, letters)
        left = set(written).difference(*published.values())
        rest = split_of(crossing, answers, {"rest": left}, written, ()).themes[0].tally
        if split.everyone.n and published:
            found.append(_published(crossing, split, rest, told))
    return tuple(found)


def _published(crossing: Crossing, split: Split, rest: Tally, told: Disclosed) -> FindingSplit:
    from analysis.figures.split_words import comparisons_sentence

    bands = _bands(split)
    # Those who did not answer are a group too. Where they are few anywhere, they are counted with
    # the answer in the middle of a rating, or with the rarest of a choice.
    groups = [split.everyone, rest, *(t.tally for t in split.themes if _is_enough(t, told))]
    silent = [tally.people - tally.n for tally in groups]
    outside = [silent[0] - n for n in silent[2:]]
    joined = None
    if silent[0] and told.smallest > min([silent[0], *silent[2:], *outside]):
        joined = _least_telling(split, bands)

    def cells(tally: Tally) -> tuple[int, ...]:
        counts = _added(tally.counts, bands)
        if joined is not None:
            counts[joined] += tally.people - tally.n
        elif silent[0]:
            counts.append(tally.people - tally.n)
        return tuple(counts)

    table = protect_table(
        [
            Row(
                cells(theme.tally),
                None if told.themes[theme.theme].is_at_least else theme.tally.people,
                may_show=_is_enough(theme, told),
            )
            for theme in split.themes
        ],
        cells(split.everyone),
        rest=cells(rest),
        smallest=told.smallest,
        by_row=False,
    )
    is_whole = None not in table.everyone and joined is None
    points = [value.points for value in split.values if value.points is not None]
    return FindingSplit(
        code=crossing.code,
        question_en=crossing.text_en,
        question_fr=crossing.text_fr,
        is_rating=split.is_rating,
        n=split.everyone.n if is_whole else None,
        unanswered=silent[0] if is_whole else None,
        smallest_cell=told.smallest,
        lowest=min(points) if split.is_rating else None,
        highest=max(points) if split.is_rating else None,
        mean=_rounded(split.mean.estimate) if split.mean is not None and is_whole else None,
        themes=tuple(
            _published_theme(split, theme, bands, joined, shown, table.everyone, told)
            for theme, shown in zip(split.themes, table.rows, strict=True)
        ),
        note_en=comparisons_sentence(split, "en"),
        note_fr=comparisons_sentence(split, "fr"),
    )


def _least_telling(split: Split, bands: Sequence[Sequence[int]]) -> int:
    if split.is_rating:
        return len(bands) // 2
    counts = _added(split.everyone.counts, bands)
    return min(range(len(bands)), key=lambda at: (counts[at], at))


def _is_enough(theme: ThemeSplit, told: Disclosed) -> bool:
    """Whether so many of the theme's people answered that shares of them may be told."""
    return not told.themes[theme.theme].is_at_least and theme.tally.n >= max(
        SMALLEST_BASE, told.smallest
    )


def _published_theme(
    split: Split,
    theme: ThemeSplit,
    bands: Sequence[Sequence[int]],
    joined: int | None,
    shown: Sequence[int | None],
    shown_all: Sequence[int | None],
    told: Disclosed,
) -> FindingThemeSplit:
    from analysis.figures.split_words import (
        few_sentence,
        guarded_sentence,
        letters_sentence,
        of_all_sentence,
        sentence,
    )
    from analysis.figures.splits import Verdict

    if not _is_enough(theme, told):
        least = max(SMALLEST_BASE, told.smallest)
        said = {
            language: guarded_sentence(split, theme, language)
            if told.themes[theme.theme].is_at_least and theme.tally.n >= least
            else few_sentence(least, language)
            for language in OFFICIAL
        }
        return FindingThemeSplit(
            theme.theme, None, Verdict.TOO_FEW.value, (), None, None, said["en"], said["fr"]
        )
    # Who did not answer is the last column, where there is one; hidden, it is in the base.
    is_of_all = joined is not None or (
        len(shown) > len(bands) and (shown[-1] is None or shown_all[-1] is None)
    )
    is_hidden = None in shown or None in shown_all
    is_whole = not is_hidden and joined is None
    n = theme.tally.people if is_of_all else theme.tally.n
    total = split.everyone.people if is_of_all else split.everyone.n
    said = {
        language: " ".join(
            part
            for part in (
                sentence(split, theme, language)
                if is_whole
                else guarded_sentence(split, theme, language, is_hidden=is_hidden),
                letters_sentence(theme, language, with_n=told.smallest <= 0) if is_whole else "",
                of_all_sentence(language) if is_of_all else "",
            )
            if part
        )
        for language in OFFICIAL
    }
    rating = theme.rating if is_whole else None
    return FindingThemeSplit(
        theme=theme.theme,
        n=n,
        verdict=theme.verdict.value,
        cells=tuple(
            _published_cell(split, band, count, n, of_all, total, with_silent=at == joined)
            for at, (band, count, of_all) in enumerate(zip(bands, shown, shown_all, strict=False))
        ),
        mean=_flat(rating.mean) if rating is not None else None,
        difference=_flat(rating.difference) if rating is not None else None,
        sentence_en=said["en"],
        sentence_fr=said["fr"],
        is_of_all=is_of_all,
    )


def _published_cell(
    split: Split,
    band: Sequence[int],
    count: int | None,
    n: int,
    of_all: int | None,
    total: int,
    *,
    with_silent: bool,
) -> FindingCell:
    share = wilson(count, n) if count is not None else None
    return FindingCell(
        label_en=_band_label(split, band, "en", with_silent=with_silent),
        label_fr=_band_label(split, band, "fr", with_silent=with_silent),
        n=count,
        share=_rounded(share.estimate) if share else None,
        low=_rounded(share.low) if share else None,
        high=_rounded(share.high) if share else None,
        everyone=_rounded(of_all / total) if of_all is not None else None,
    )


def _bands(split: Split) -> list[list[int]]:
    """Positions of values told together: a rating of five points as its two ends and its middle,
    so that fewer counts are small; anything else one by one."""
    if split.is_rating and len(split.values) == 5:
        return [[0, 1], [2], [3, 4]]
    return [[at] for at in range(len(split.values))]


def _added(counts: Sequence[int], bands: Sequence[Sequence[int]]) -> list[int]:
    return [sum(counts[at] for at in band) for band in bands]


def _band_label(
    split: Split, band: Sequence[int], language: str, *, with_silent: bool = False
) -> str:
    from analysis.figures.split_words import with_silent_label

    names = [split.values[at].name(language) for at in band]
    label = names[0]
    if len(names) == 2:
        word = "ou" if language == "fr" else "or"
        label = f"{names[0]} {word} {names[1][:1].lower()}{names[1][1:]}"
    return with_silent_label(label, language) if with_silent else label


def _rounded(value: float) -> float:
    """What a report keeps: more figures than it shows, the same on every machine."""
    return round(value, 6)


def _flat(found: Interval) -> tuple[float, float, float]:
    return _rounded(found.estimate), _rounded(found.low), _rounded(found.high)
