"""One short name for each group in each language, the English and the French chosen together.

A name is one noun phrase of the group, or two that belong together ("Parking and buses"). In each
language the possible names are weighed by what is said; where people wrote in both, the pair is
taken whose halves are best supported and mean the same, so that the English and the French name of
one theme do not name two subjects. Groups are named in order of size, parts after the whole, and no
name is given twice.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.reading.campaigns import is_slip
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Group, Language

from .coverage import SAYS
from .mixed import mixed_names
from .name import Name, Subject
from .pairs import best_names
from .voices import TELLING, Candidate, Voice, apart, squeezed

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from numpy.typing import NDArray

    from .phrases import Key

# A name that covers this share of what speaks for the group needs no second part.
COVERS_ENOUGH = 0.6
# A name leads with something said by at least this share, and clearly more than elsewhere.
SPOKEN = 0.06
# A phrase may be said by fewer, as others say it in other words; in a part by fewer still.
SPOKEN_WHOLE, SPOKEN_PART = 0.04, 0.03
CLEARLY = 0.6
# A word alone that this share says needs no phrase; half of the whole's name, that this share says.
PLAIN, MOST_OF = 0.45, 0.65
# What a lead that is neither is worth, beside one that is both.
COMMON = 0.15
# Characters of the two parts of a name together: it must fit a bar's label.
LONGEST = 38
# Candidates that may lead a name, and that may stand in one at all.
LEADS, LISTED = 8, 16
# Names of one language among which to choose, best first.
OFFERED = 24
# What a word of another group's name is worth, and one that only repeats the whole.
SPOKEN_FOR = 0.6
REPEATS = 0.3
# What the second part adds at most, what a name of two parts is worth beside one of one, and the
# share of the group, and the number of passages, that the second must add.
SECOND, BREVITY, ADDS, ADDED = 0.5, 0.65, 0.06, 2
# How much what is said, and how many say it, decide on a candidate; then on a whole name.
BY_WORDS, BY_MEANING, BY_COVERAGE = 0.5, 0.5, 2.0
# What is said as much outside the group is worth this share of what is said in it alone.
AS_MUCH_OUTSIDE = 0.1
# What one word alone is worth as a name, and beside a phrase.
ONE_WORD = 0.85
ONE_BESIDE = 0.4
# A word gives way to a phrase that holds it, is worth this share of it, and is said in this share
# of the texts that hold the word.
LONGER_WORTH, LONGER_SAID = 0.4, 0.15
GIVES_WAY = 0.5
# Two things said belong together from this likeness of meaning, wholly so from that; from ``SAME``
# on the second says what the first said.
RELATED, AKIN, SAME = 0.15, 0.4, 0.45
# Two subjects that each this share of the texts speak of belong in its name, related or not.
BOTH_SAID = 0.2
_AND = {Language.EN: " and ", Language.FR: " et "}


@dataclass(slots=True)
class _Taken:
    """The names given so far in one language."""

    names: dict[str, Name] = field(default_factory=dict)  # by group
    words: set[frozenset[str]] = field(default_factory=set)
    texts: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # by length

    def add(self, code: str, name: Name) -> None:
        plain = squeezed(name.text)
        self.names[code] = name
        self.words.add(name.words)
        self.texts[len(plain)].add(plain)

    def has(self, name: Name) -> bool:
        """Whether a name is taken, but for a hyphen or a letter: "Offence" where "Offense" is."""
        plain = squeezed(name.text)
        near = (n for n in (len(plain) - 1, len(plain), len(plain) + 1) if n in self.texts)
        return name.words in self.words or any(
            plain == text or (len(text) > 4 and is_slip(plain, text))
            for n in near
            for text in self.texts[n]
        )


def choose_names(
    groups: Sequence[Group], voices: Mapping[str, Mapping[Language, Voice]]
) -> dict[str, dict[Language, Name]]:
    """The name of each group by code, in each language in which it can be named.

    No two are alike in one language. Neither the order of the groups nor of their passages counts.
    """
    order = sorted(groups, key=lambda g: (g.parent is not None, -len(g.passages), g.code))
    taken = {language: _Taken() for language in OFFICIAL_LANGUAGES}
    out: dict[str, dict[Language, Name]] = defaultdict(dict)
    single: dict[str, dict[Language, list[Subject]]] = {}
    for group in order:
        said = voices[group.code]
        most = max((len(voice.weights) for voice in said.values()), default=0)
        offers = {}
        single[group.code] = {}
        for language, voice in sorted(said.items()):
            # A language in which fewer wrote may echo the other with what was said once.
            echoes = len(said) > 1 and len(voice.weights) < most
            names = [c for c in voice.names if echoes or not c.once]
            many = OFFERED if len(said) > 1 else 1
            subjects = _subjects(voice, names, taken[language], group.parent)
            if found := _offers(voice, subjects, language, taken[language], group.parent, many):
                offers[language] = found
                single[group.code][language] = subjects
        weight = {language: sqrt(len(said[language].weights)) for language in offers}
        for language, name in best_names(offers, weight, said).items():
            taken[language].add(group.code, name)
            out[group.code][language] = name
    for code, names_of in mixed_names(order, voices, out, single).items():
        out[code] = names_of
    return out


def _subjects(
    voice: Voice, candidates: Sequence[Candidate], taken: _Taken, parent: str | None
) -> list[Subject]:
    """What could stand in the group's name, the worthiest first."""
    above = taken.names.get(parent or "")
    whole = above.words if above else frozenset()
    others = {root for code, n in taken.names.items() if code != parent for root in n.words}
    covered = _covered(candidates, voice)
    phrase = SPOKEN_WHOLE if parent is None else SPOKEN_PART
    telling = {
        c.key: c.lift >= TELLING and covered[c.key] >= (phrase if len(c.key) > 1 else SPOKEN)
        for c in candidates
    }
    found: dict[Key, float] = {}
    for c in candidates:
        words, worth = c.words, c.score
        if above and whole.issuperset(words):
            # Of "Scala and Haskell" one part is Haskell.
            half = len(above.parts) > 1 and words in above.parts and c.lift >= CLEARLY
            worth *= 1.0 if half and covered[c.key] >= MOST_OF else REPEATS
        elif others & (words - whole):
            worth *= SPOKEN_FOR
        found[c.key] = worth if telling[c.key] else worth * COMMON
    phrases = [c for c in candidates if len(c.key) > 1]
    for c in candidates:
        # "Parking" that most speak of needs no "free".
        if len(c.key) > 1 or covered[c.key] >= PLAIN:
            continue
        if any(
            c.key[0] in p.key
            and found[p.key] >= LONGER_WORTH * found[c.key]
            and len(p.texts) >= LONGER_SAID * len(c.texts)
            for p in phrases
        ):
            found[c.key] *= GIVES_WAY
    says = _says(candidates, voice)
    subjects = []
    for c, row in zip(candidates, says, strict=True):
        share = float((row >= SAYS).mean())
        lift = np.log(max(share, 1e-6) / max(c.everywhere, 1e-3)) / np.log(3)
        outside = AS_MUCH_OUTSIDE + (1 - AS_MUCH_OUTSIDE) * float(np.clip(lift, 0.0, 1.0))
        if c.lift <= 0:
            # The corpus's own subject, on every tongue: it names no theme of it.
            outside *= AS_MUCH_OUTSIDE
        worth = found[c.key] ** BY_WORDS * (0.05 + share) ** BY_MEANING * outside
        subjects.append(Subject(c, worth, covered[c.key], telling[c.key], row, outside))
    subjects.sort(key=lambda x: (-round(x.worth, 12), x.candidate.shown))
    return subjects[:LISTED]


def _offers(
    voice: Voice,
    subjects: Sequence[Subject],
    language: Language,
    taken: _Taken,
    parent: str | None,
    many: int,
) -> list[Name]:
    """The best names the group could have in this language; the very best is worth 1."""
    above = taken.names.get(parent or "")
    ranked = [x.candidate for x in subjects]
    fits = _fits(ranked, voice, [x.covered for x in subjects])
    said_so = {c.words for c in ranked if len(c.key) > 1}
    possible: list[tuple[float, float, tuple[Subject, ...]]] = []
    for i, first in enumerate(subjects[:LEADS]):
        alone = _share(first.says)
        worth = first.worth * (0.02 + alone) ** BY_COVERAGE
        longer = len(first.candidate.key) > 1
        possible.append((worth * (1.0 if longer else ONE_WORD), alone, (first,)))
        if alone >= COVERS_ENOUGH:
            continue
        for j, second in enumerate(subjects):
            both = _share(np.maximum(first.says, second.says))
            # What the others say as well adds nothing that tells this group.
            more = (both - alone) * second.apart
            if second is first or more < max(ADDS, ADDED / len(first.says)) or fits[i, j] <= 0:
                continue
            worth = first.worth + SECOND * min(first.worth, second.worth) * fits[i, j]
            worth *= (0.02 + alone + more) ** BY_COVERAGE * BREVITY
            possible.append((worth, both, (first, second)))
    possible.sort(key=lambda x: (-round(x[0], 12), [y.candidate.shown for y in x[2]]))
    names: list[Name] = []
    for worth, covers, parts in possible:
        found = [x.candidate for x in parts]
        if len(parts) > 1 and not _beside(found[0], found[1], said_so):
            continue
        name = _name(
            found,
            worth / (possible[0][0] or 1.0),
            parts[0].telling,
            language,
            covers,
            np.max([x.says for x in parts], axis=0),
        )
        if not taken.has(name):
            names.append(name)
        if len(names) == many:
            break
    if not names:
        last = _beside_the_whole(ranked, above, taken, language)
        last = last or _last_resort(voice, taken, language)
        return [last] if last else []
    return names


def _says(candidates: Sequence[Candidate], voice: Voice) -> NDArray[np.float64]:
    """(candidates, passages): how surely each says it; without meanings, whether it holds it."""
    said = [c.says for c in candidates if c.says is not None]
    if not said or len(said) < len(candidates):
        return _held(candidates, voice)
    return np.asarray(said, dtype=np.float64)


def _share(says: NDArray[np.float64]) -> float:
    """The share of passages that say it, the nearly certain counting more than the likely."""
    return float(((says >= SAYS) + says).mean() / 2) if says.size else 0.0


def _beside_the_whole(
    ranked: Sequence[Candidate], above: Name | None, taken: _Taken, language: Language
) -> Name | None:
    """What a part says, with the subject of the whole: "Letters and English" beside "Letters"."""
    subject = above.lead if above else None
    for first in ranked if subject else ():
        if subject and _beside(first, subject, ()):
            name = _name((first, subject), 1.0, True, language)
            if not taken.has(name):
                return name
    return None


def _covered(candidates: Sequence[Candidate], voice: Voice) -> dict[Key, float]:
    """The share of what the group says, by weight, that each candidate is said in."""
    total = sum(voice.weights.values())
    return {c.key: sum(voice.weights[i] for i in sorted(c.texts)) / total for c in candidates}


def _held(candidates: Sequence[Candidate], voice: Voice) -> NDArray[np.float64]:
    """(candidates, texts of the group) with 1 where the text holds the candidate."""
    place = {text: n for n, text in enumerate(voice.weights)}
    held = np.zeros((len(candidates), len(place)))
    for row, c in zip(held, candidates, strict=True):
        row[[place[text] for text in c.texts]] = 1.0
    return held


def _fits(
    candidates: Sequence[Candidate], voice: Voice, covered: Sequence[float]
) -> NDArray[np.float64]:
    """How well any two stand in one name, in [0, 1]: related, but not the same thing twice."""
    vectors = [c.vector for c in candidates if c.vector is not None]
    if len(vectors) < len(candidates) or not vectors:
        return np.ones((len(candidates), len(candidates)))
    rows = np.asarray(vectors, dtype=np.float64)
    like = rows @ rows.T
    held = _held(candidates, voice)
    both, counts = held @ held.T, held.sum(axis=1)
    together = (both > 1) & (both * held.shape[1] > 1.5 * np.outer(counts, counts))
    said = np.minimum(np.minimum.outer(covered, covered) / BOTH_SAID, 1.0)
    related = np.maximum((like - RELATED) / (AKIN - RELATED), 0.8 * said)
    related = np.clip(np.maximum(related, 0.7 * together), 0.0, 1.0)
    found: NDArray[np.float64] = related * (1 - np.maximum(0.0, like - SAME) / (1 - SAME))
    return found


def _beside(first: Candidate, second: Candidate, said_so: Container[frozenset[str]]) -> bool:
    """Whether the second may stand beside the first in a name."""
    return (
        second.lift >= (TELLING if len(second.key) > 1 else CLEARLY)
        and len(first.shown) + len(second.shown) <= LONGEST
        and apart(first, second)
        # Not "hours and evening" where people say "evening hours".
        and first.words | second.words not in said_so
    )


def _name(
    parts: Sequence[Candidate],
    worth: float,
    telling: bool,
    language: Language,
    covers: float = 0.0,
    says: NDArray[np.float64] | None = None,
) -> Name:
    vectors = [c.vector for c in parts if c.vector is not None]
    vector = meant = None
    if len(vectors) == len(parts):
        meant = np.asarray(vectors)
        # The lead counts most.
        summed = np.asarray((1.0, 0.7)[: len(parts)], dtype=np.float32) @ meant
        vector = summed / max(float(np.linalg.norm(summed)), 1e-9)
    return Name(
        _sentence_case(_AND[language].join(c.shown for c in parts)),
        tuple(c.words for c in parts),
        worth,
        telling,
        parts[0],
        vector,
        tuple(c.shown for c in parts),
        covers,
        meant=meant,
        says=says,
    )


def _last_resort(voice: Voice, taken: _Taken, language: Language) -> Name | None:
    """Nouns among the keywords put together until nobody else has that name, or nothing."""
    nouns: list[str] = []
    for noun in voice.nouns:
        # "Covid and covid-19" are one.
        if not any(_begins_alike(noun, other) for other in nouns):
            nouns.append(noun)
    for n in range(1, len(nouns) + 1):
        parts = nouns[:n]
        text = ", ".join(parts[:-1]) + _AND[language] + parts[-1] if n > 1 else parts[0]
        text = _sentence_case(text)
        last = Name(
            text,
            tuple(frozenset([part]) for part in parts),
            1.0,
            telling=False,
            subjects=tuple(parts),
        )
        if not taken.has(last):
            return last
    return None


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _begins_alike(one: str, other: str) -> bool:
    shorter = max(4, min(len(one), len(other)) - 1)
    return one[:shorter].casefold() == other[:shorter].casefold()


def stand_in(
    named: Mapping[Language, Name], language: Language, code: str, *, spoken: bool, alone: bool
) -> str:
    """What is shown where a name is missing: that of the other language, and why.

    ``alone`` says that no group is spoken of in ``language``: then there is nothing to explain.
    """
    other = next((name.text for lang, name in sorted(named.items()) if lang is not language), None)
    if other and alone:
        return f"“{other}”" if language is Language.EN else f"«\u00a0{other}\u00a0»"
    if language is Language.EN:
        why = "no name in English" if spoken else "no comments in English"
        return f"“{other}” ({why})" if other else f"Group {code}"
    why = "sans nom en français" if spoken else "aucun commentaire en français"
    return f"«\u00a0{other}\u00a0» ({why})" if other else f"Groupe {code}"
