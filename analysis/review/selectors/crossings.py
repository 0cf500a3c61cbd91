"""What the themes of a question can be set beside: a closed question of the same questionnaire, or
the language people wrote in.

A theme is compared with the others of its level: the codebook's themes among themselves, their
parts among themselves, proposals likewise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from analysis.figures.disclosure import Disclosed, FindingSplit, disclose_split
from analysis.figures.splits import Split, Value
from analysis.review.selectors.members import OFFICIAL, OTHER
from feedback.answering.selectors.closed_questions import (
    choices_of_authors,
    closed_questions_beside,
)
from feedback.asking.kinds import kind_of
from feedback.asking.models import Question
from feedback.dates import is_french

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
        return self.text_fr if is_french() else self.text_en

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
    # Not above: it brings numpy and scipy, a fifth of a second of processor time in each process
    # of the site, beside one and a half for all the rest. A page without a split does not wait.
    from analysis.figures.splits.comparing import split

    known = set(everyone)
    return split(
        themes={code: known.intersection(ids) for code, ids in groups.items()},
        answers=answers,
        values=values_of_crossing(crossing),
        everyone=known,
        letters=letters,
    )


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

    ``themes`` are those of the first level; those that are ``told`` are published. Three
    queries for one question, four for two.
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
            question_text = {"en": crossing.text_en, "fr": crossing.text_fr}
            found.append(
                disclose_split(split, rest, told, code=crossing.code, question=question_text)
            )
    return tuple(found)
