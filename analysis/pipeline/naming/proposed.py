"""Names that a language model proposes, and which of them are taken.

A model is a second opinion, and never needed. It sees a few masked passages of each theme, drawn by
lot, and says what it would call the theme in both languages. What it says is taken only where it is
a name at all, made of words that people wrote, and where more answers say it than say the name made
of people's own words, in English and in French, and far fewer in the other themes. Whatever else it
says, or fails to say, changes nothing; a model that keeps failing is asked no more.
"""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from analysis.pipeline.reading.privacy import find
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language
from analysis.reasons import Why

from .coverage import Answers, content, part_of, says_any
from .name import TWO_SUBJECTS, Name
from .voices import squeezed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.types import Covered, Group, GroupPassage

    from .coverage import WordVectors
    from .voices import Voice

    Names = Mapping[str, Mapping[Language, Name]]
    Coverage = Mapping[str, tuple[Covered, ...]]
    # The parts of names by group and language, to how many answers say one of them.
    Cover = Callable[[Mapping[str, Mapping[Language, Sequence[str]]]], Coverage]

# How a model is asked and what of its is taken; raised when either changes.
ASKED_AS = "1"
# Passages of each language that a model is shown, and characters of each.
SHOWN, CLIPPED = 12, 300
# Themes a model is asked about, the wholes before their parts.
MOST_ASKED = 60
# Failures in a row after which it is asked no more, and how many times as long as one answer may
# take all of them may.
FAILURES, PATIENCE = 3, 10
# Where people's words made no name in a language, a proposal must cover more than this share.
LEAST = 1 / 3
# The share of a name's coverage up to which it may be said in the other groups, and how many
# passages of each group and language tell.
ELSEWHERE, HEARD = 0.5, 40
# Characters and words of a name.
LONGEST, MOST_WORDS = 50, 9

_NAME = re.compile(r"[^\W_](?:[^\W_]|[ '’-](?=[^\W_]))*")
_AND = {Language.EN: re.compile(r"\s+and\s+"), Language.FR: re.compile(r"\s+et\s+")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One theme as a model is told of it: masked passages and keywords, by language."""

    passages: Mapping[Language, tuple[str, ...]]
    keywords: Mapping[Language, tuple[str, ...]]


class NamerFault(Exception):  # noqa: N818 - a fault of the model's, which nobody here can mend
    """The model gave no answer. ``code`` is a reason's; nothing of what it sent is kept."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Namer(Protocol):
    """A language model that proposes names."""

    @property
    def model(self) -> str:
        """What it is called, in every run it had a part in."""
        ...

    @property
    def seconds(self) -> float:
        """The longest one answer may take."""
        ...

    def propose(self, asked: Asked, seed: int) -> Mapping[Language, str]:
        """A name in each official language, as it came. Raises NamerFault."""
        ...


@dataclass(slots=True)
class Advisor:
    """Asks a model about the themes of one run. ``said`` tells afterwards what came of it."""

    namer: Namer
    seed: int
    said: tuple[Why, ...] = field(default=())

    def better(
        self,
        groups: Sequence[Group],
        voices: Mapping[str, Mapping[Language, Voice]],
        vectors: Sequence[NDArray[np.floating]],
        names: Names,
        covered: Coverage,
        cover: Cover,
        words: WordVectors,
    ) -> tuple[Names, Coverage, Collection[str]]:
        """``names`` and ``covered`` with the proposals that are taken, and whose groups' they are.
        ``vectors`` are those of each group's passages, a row each.

        Asked about are the groups in which both languages are spoken, since where one is not
        nothing could be measured in it, and whose names leave some answers out in both.
        """
        eligible = [
            group
            for group in groups
            if set(voices[group.code]) == set(OFFICIAL_LANGUAGES)
            and all(each.says < each.of for each in covered.get(group.code, ()))
        ]
        # The wholes first, each in the order given.
        eligible.sort(key=lambda group: group.parent is not None)
        answers, asked, fault = self._answers(eligible[:MOST_ASKED], voices)
        known = _known(groups)
        proposed: dict[str, dict[Language, Name]] = {}
        for code, answer in answers.items():
            pair = {
                language: name
                for language in OFFICIAL_LANGUAGES
                if (name := _name(answer[language], language, known[language], words)) is not None
            }
            if len(pair) == len(OFFICIAL_LANGUAGES) and _one_subject(pair, words):
                proposed[code] = pair
        measured = cover(
            {
                code: {language: name.subjects for language, name in pair.items()}
                for code, pair in proposed.items()
            }
        )
        better = {
            code: pair
            for code, pair in proposed.items()
            if _covers_more(measured.get(code, ()), covered.get(code, ()))
        }
        elsewhere = _elsewhere(groups, voices, vectors, better, words)
        taken = _unlike_others(
            {c: pair for c, pair in better.items() if _tells(measured[c], elsewhere[c])}, names
        )
        model = {"model": self.namer.model}
        if not groups:
            return names, covered, ()
        came_of_it = Why("names_by_model", {**model, "asked": asked, "taken": len(taken)})
        self.said = (
            came_of_it if eligible else Why("model_nothing_to_ask", model),
            *((Why(fault, model),) if fault else ()),
        )
        return {**names, **taken}, {**covered, **{c: measured[c] for c in taken}}, set(taken)

    def _answers(
        self, groups: Sequence[Group], voices: Mapping[str, Mapping[Language, Voice]]
    ) -> tuple[dict[str, Mapping[Language, str]], int, str]:
        """What the model answered by group, how many it was asked about, and its last fault."""
        answers: dict[str, Mapping[Language, str]] = {}
        asked, fault, in_a_row = 0, "", 0
        began = time.monotonic()
        for group in groups:
            if time.monotonic() - began > PATIENCE * self.namer.seconds:
                return answers, asked, "model_too_slow"
            asked += 1
            try:
                answers[group.code] = self.namer.propose(
                    _asked(group, voices[group.code], self.seed), self.seed
                )
                in_a_row = 0
            except NamerFault as failed:
                fault, in_a_row = failed.code, in_a_row + 1
                if in_a_row == FAILURES:
                    break
        return answers, asked, fault


def _asked(group: Group, voices: Mapping[Language, Voice], seed: int) -> Asked:
    """What a model is told of a group: passages by lot, of documents of their own."""

    def lot(p: GroupPassage) -> bytes:
        return hashlib.sha256(f"{seed} {p.document_id} {p.start}".encode()).digest()

    shown: dict[Language, tuple[str, ...]] = {}
    drawn = sorted(group.passages, key=lot)
    for language in OFFICIAL_LANGUAGES:
        texts = {p.document_id: p.text for p in reversed(drawn) if p.language is language}
        shown[language] = tuple(_clipped(text) for text in list(texts.values())[::-1][:SHOWN])
    return Asked(shown, {language: tuple(voices[language].keywords) for language in shown})


def _clipped(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= CLIPPED:
        return text
    return text[:CLIPPED].rpartition(" ")[0] + " …"


def _known(groups: Sequence[Group]) -> dict[Language, set[str]]:
    """The stems of all that people wrote in each language, closed classes aside."""
    texts: dict[Language, set[str]] = {language: set() for language in OFFICIAL_LANGUAGES}
    for group in groups:
        for p in group.passages if group.parent is None else ():
            if p.language in texts:
                texts[p.language].add(p.text)
    return {
        language: {root for text in said for root, _ in content(text, language)}
        for language, said in texts.items()
    }


def _name(text: str, language: Language, known: set[str], words: WordVectors) -> Name | None:
    """What a model proposed as a name, or None where it is none.

    A few words of those that people wrote in that language, in one part or two: no sentence, no
    list, no address, no personal information, nothing in another language.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split()).rstrip(".")
    parts = _AND[language].split(text)
    if (
        not _NAME.fullmatch(text)
        or len(text) > LONGEST
        or len(text.split()) > MOST_WORDS
        or len(parts) > 2
        or find(text)
    ):
        return None
    stems = [part_of(part, language, words).stems for part in parts]
    if not all(own and own <= known for own in stems):
        return None
    return Name(
        text[:1].upper() + text[1:],
        tuple(stems),
        1.0,
        telling=True,
        subjects=tuple(parts),
    )


def _one_subject(pair: Mapping[Language, Name], words: WordVectors) -> bool:
    """Whether the English and the French name mean the same."""
    english, french = words.of([pair[language].text for language in OFFICIAL_LANGUAGES])
    return float(english @ french) >= TWO_SUBJECTS


def _covers_more(proposed: Sequence[Covered], chosen: Sequence[Covered]) -> bool:
    """Whether more answers say what is proposed, in both languages."""
    before = {each.language: each.says / each.of for each in chosen}
    return {each.language for each in proposed} == set(OFFICIAL_LANGUAGES) and all(
        each.says / each.of > before.get(each.language, LEAST) for each in proposed
    )


def _elsewhere(
    groups: Sequence[Group],
    voices: Mapping[str, Mapping[Language, Voice]],
    vectors: Sequence[NDArray[np.floating]],
    proposed: Mapping[str, Mapping[Language, Name]],
    words: WordVectors,
) -> dict[str, dict[Language, float]]:
    """The share of what is said in a group's sisters, in each language, that says its name too."""
    found: dict[str, dict[Language, float]] = {code: {} for code in proposed}
    for language in OFFICIAL_LANGUAGES if proposed else ():
        texts: list[str] = []
        rows: list[NDArray[np.floating]] = []
        owner: list[int] = []
        for i, group in enumerate(groups):
            voice = voices[group.code].get(language)
            own = voice.rows if voice is not None else []
            for n in own[:: -(-len(own) // HEARD) or 1]:
                texts.append(group.passages[n].text)
                rows.append(vectors[i][n])
                owner.append(i)
        answers = Answers(texts, language, np.asarray(rows), words)
        for i, group in enumerate(groups):
            if group.code not in proposed:
                continue
            sisters = [j for j, g in enumerate(groups) if g.parent == group.parent and j != i]
            parts = [part_of(x, language, words) for x in proposed[group.code][language].subjects]
            said = says_any(answers.chances(parts))[np.isin(owner, sisters)]
            found[group.code][language] = float(said.mean()) if said.size else 0.0
    return found


def _tells(measured: Sequence[Covered], elsewhere: Mapping[Language, float]) -> bool:
    """Whether a name is said clearly more in its group than in the others, in both languages.

    What is on every tongue, as the question's own subject is, covers every theme and names none.
    """
    return all(elsewhere[e.language] <= ELSEWHERE * e.says / e.of for e in measured)


def _unlike_others(
    better: Mapping[str, Mapping[Language, Name]], names: Names
) -> dict[str, Mapping[Language, Name]]:
    """The proposals, in their order, that are like no name of another group."""
    standing = {code: dict(own) for code, own in names.items()}
    taken: dict[str, Mapping[Language, Name]] = {}
    for code, pair in better.items():
        others = [own for other, own in standing.items() if other != code]
        if not any(
            name.words == own[language].words or squeezed(name.text) == squeezed(own[language].text)
            for language, name in pair.items()
            for own in others
            if language in own
        ):
            taken[code] = standing[code] = dict(pair)
    return taken
