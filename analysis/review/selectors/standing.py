"""What stands of one question at the moment of asking: who wrote, and which themes hold them.

The desk and the findings of a report are both made of it, so that they count alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun, Theme
from analysis.review.selectors.letters import campaigns_of, repeats_of
from analysis.review.selectors.members import Members, theme_members, written_languages
from analysis.review.selectors.runs import run_shown
from analysis.review.selectors.unthemed import reasons_unthemed
from feedback.answering.selectors.answers import corpus_for
from feedback.asking.models import Question


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything by the id of an answer: one answer to one question is one person.

    ``forms`` is the language of the form, ``written`` the one it was written in, ``received`` when
    it came. ``themes`` and ``members`` are by the theme's id, whatever its status; ``accepted``
    are those of the codebook, by number of respondents, largest first, and ``in_themes`` the
    answers in them. ``letters`` are the answers of each campaign of which two or more stand,
    ``letter_of`` the campaign of each of these; ``voices`` names these and the words that several
    people wrote alike.
    """

    question: Question
    run: AnalysisRun | None
    forms: Mapping[int, str]
    written: Mapping[int, str]
    received: Mapping[int, datetime]
    themes: Mapping[int, Theme]
    members: Mapping[int, Members]
    accepted: tuple[Theme, ...]
    in_themes: frozenset[int]
    letters: Mapping[str, list[int]]
    letter_of: Mapping[int, str]
    voices: Mapping[int, str]

    @property
    def tops(self) -> list[Theme]:
        """The accepted themes of the first level."""
        return [theme for theme in self.accepted if theme.parent_id is None]

    def parts_of(self, top: Theme) -> list[Theme]:
        """The accepted themes below one."""
        return [theme for theme in self.accepted if theme.parent_id == top.pk]

    def unthemed(self) -> dict[int, str]:
        """Why each answer that is in no theme is in none."""
        return reasons_unthemed(self.question, self.run, set(self.forms) - self.in_themes)


def standing_of(question: Question) -> Standing:
    """Reads each row of the question once and keeps ids, not texts: as many queries for a thousand
    passages as for one."""
    run = run_shown(question)
    forms, received = {}, {}
    for document in corpus_for(question):
        forms[document.answer_id] = document.language
        received[document.answer_id] = document.received_at
    themes = {theme.pk: theme for theme in Theme.objects.filter(question=question)}
    members = theme_members(question, themes)
    accepted = sorted(
        (theme for theme in themes.values() if theme.status == ThemeStatus.ACCEPTED),
        key=lambda theme: (-len(members[theme.pk].answers), theme.pk),
    )
    standing = {
        code: [answer for answer in answers if answer in forms]
        for code, answers in campaigns_of(run).items()
    }
    letters = {code: answers for code, answers in standing.items() if len(answers) > 1}
    letter_of = {answer: code for code, answers in letters.items() for answer in answers}
    return Standing(
        question=question,
        run=run,
        forms=forms,
        written={**forms, **written_languages(question)},
        received=received,
        themes=themes,
        members=members,
        accepted=tuple(accepted),
        in_themes=frozenset(
            answer for theme in accepted for answer in members[theme.pk].answers if answer in forms
        ),
        letters=letters,
        letter_of=letter_of,
        voices=letter_of
        | {answer: f"={at}" for at, same in enumerate(repeats_of(run)) for answer in same},
    )
