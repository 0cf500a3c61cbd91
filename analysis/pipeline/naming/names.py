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

from analysis.pipeline.types import OFFICIAL_LANGUAGES, Group, Language

from .voices import TELLING, Candidate, Voice, apart, squeezed

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from numpy.typing import NDArray

    from .phrases import Key

# A name that touches fewer of the group's texts than this may get a second part.
COVERS_ENOUGH = 0.45
COVERS_ALONE = 0.65  # for a name of one word
# From this share of the texts a name is as good as if all held it.
TOUCHES = 0.4
# What a phrase says, this many times as many say in other words.
SAID_OTHERWISE = 2.5
# A name leads with something said by at least this share, and clearly more than elsewhere.
SPOKEN = 0.06
# A phrase may be said by fewer, as others say it in other words; in a part by fewer still.
SPOKEN_WHOLE, SPOKEN_PART = 0.04, 0.03
CLEARLY = 0.6
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
# What the second part adds at most, and what a name of two parts is worth beside one of one.
SECOND = 0.55
BREVITY = 0.8
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
# A pair of names that mean quite the same counts (this + 1) / this times one of unlike names.
AGREE = 0.4

_AND = {Language.EN: " and ", Language.FR: " et "}


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a group in one language.

    ``parts`` are the stems of each of its parts. ``telling`` is false where the name is as true of
    other groups.
    """

    text: str
    parts: tuple[frozenset[str], ...]
    worth: float
    telling: bool
    lead: Candidate | None = None
    vector: NDArray[np.float32] | None = None

    @property
    def words(self) -> frozenset[str]:
        return frozenset().union(*self.parts)


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
            _one_letter(plain, text) for n in near for text in self.texts[n]
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
    for group in order:
        said = voices[group.code]
        most = max((len(voice.weights) for voice in said.values()), default=0)
        offers = {}
        for language, voice in sorted(said.items()):
            # A language in which fewer wrote may echo the other with what was said once.
            echoes = len(said) > 1 and len(voice.weights) < most
            names = [c for c in voice.names if echoes or not c.once]
            many = OFFERED if len(said) > 1 else 1
            if found := _offers(voice, names, language, taken[language], group.parent, many):
                offers[language] = found
        weight = {language: sqrt(len(said[language].weights)) for language in offers}
        for language, name in _best(offers, weight).items():
            taken[language].add(group.code, name)
            out[group.code][language] = name
    return out


def _best(
    offers: Mapping[Language, Sequence[Name]], weight: Mapping[Language, float]
) -> dict[Language, Name]:
    """The best name of the one language, or the best pair of names of two."""
    if len(offers) < 2:
        return {
            language: min(names, key=lambda n: (-round(n.worth, 9), n.text))
            for language, names in offers.items()
        }
    english, french = (sorted(offers[lang], key=lambda n: n.text) for lang in OFFICIAL_LANGUAGES)
    share_en = weight[Language.EN] / (weight[Language.EN] + weight[Language.FR])
    # Both must be well supported: a geometric mean.
    worth = np.asarray([n.worth for n in english])[:, None] ** share_en
    worth = worth * np.asarray([n.worth for n in french])[None, :] ** (1 - share_en)
    if all(n.vector is not None for n in (*english, *french)):
        meant = [np.asarray([n.vector for n in names]) for names in (english, french)]
        worth = worth * (AGREE + np.maximum(meant[0] @ meant[1].T, 0.0))
    i, j = np.unravel_index(int(np.argmax(np.round(worth, 9))), worth.shape)
    return {Language.EN: english[i], Language.FR: french[j]}


def _offers(
    voice: Voice,
    candidates: Sequence[Candidate],
    language: Language,
    taken: _Taken,
    parent: str | None,
    many: int,
) -> list[Name]:
    """The best names the group could have in this language; the very best is worth 1."""
    above = taken.names.get(parent or "")
    whole = above.words if above else frozenset()
    others = {root for code, n in taken.names.items() if code != parent for root in n.words}
    covered = _covered(candidates, voice)

    phrase = SPOKEN_WHOLE if parent is None else SPOKEN_PART

    def telling(c: Candidate) -> bool:
        return c.lift >= TELLING and covered[c.key] >= (phrase if len(c.key) > 1 else SPOKEN)

    found: dict[Key, float] = {}
    for c in candidates:
        words, worth = c.words, c.score
        if above and whole.issuperset(words):
            # Of "Scala and Haskell" one part is Haskell.
            half = len(above.parts) > 1 and words in above.parts and c.lift >= CLEARLY
            worth *= 1.0 if half and covered[c.key] >= COVERS_ALONE else REPEATS
        elif others & (words - whole):
            worth *= SPOKEN_FOR
        found[c.key] = worth if telling(c) else worth * COMMON
    phrases = [c for c in candidates if len(c.key) > 1]
    for c in candidates:
        # "Parking" that most speak of needs no "free".
        if len(c.key) > 1 or covered[c.key] >= COVERS_ENOUGH:
            continue
        if any(
            c.key[0] in p.key
            and found[p.key] >= LONGER_WORTH * found[c.key]
            and len(p.texts) >= LONGER_SAID * len(c.texts)
            for p in phrases
        ):
            found[c.key] *= GIVES_WAY
    ranked = sorted(candidates, key=lambda c: (-round(found[c.key], 12), c.shown))[:LISTED]
    held = _held(ranked, voice)
    weights = np.asarray(list(voice.weights.values()))
    shared = held @ (held * weights).T / weights.sum()
    fits = _fits(ranked, held, np.diag(shared))
    said_so = {c.words for c in phrases}
    possible: list[tuple[float, tuple[Candidate, ...]]] = []
    for i, first in enumerate(ranked[:LEADS]):
        lead, longer = found[first.key], len(first.key) > 1
        has = float(shared[i, i]) * (SAID_OTHERWISE if longer else 1)
        possible.append((lead * _touch(has) * (1.0 if longer else ONE_WORD), (first,)))
        if shared[i, i] >= (COVERS_ENOUGH if longer else COVERS_ALONE):
            continue
        for j, second in enumerate(ranked):
            added = float(shared[j, j] - shared[i, j])
            beside = fits[i, j] * (1.0 if len(second.key) >= len(first.key) else ONE_BESIDE)
            more = SECOND * found[second.key] * beside * min(1.0, 8 * added)
            if more > 0 and second is not first:
                worth = (lead + more) * _touch(has + added * beside) * BREVITY
                possible.append((worth, (first, second)))
    possible.sort(key=lambda x: (-round(x[0], 12), [c.shown for c in x[1]]))
    names: list[Name] = []
    for worth, parts in possible:
        if len(parts) > 1 and not _beside(parts[0], parts[1], said_so):
            continue
        name = _name(parts, worth / (possible[0][0] or 1.0), telling(parts[0]), language)
        if not taken.has(name):
            names.append(name)
        if len(names) == many:
            break
    if not names:
        last = _beside_the_whole(ranked, above, taken, language)
        last = last or _last_resort(voice, taken, language)
        return [last] if last else []
    return names


def _beside_the_whole(
    ranked: Sequence[Candidate], above: Name | None, taken: _Taken, language: Language
) -> Name | None:
    """What a part says, with the subject of the whole: "Letters and English" beside "Letters"."""
    subject = above.lead if above else None
    for first in ranked if subject else ():
        if subject and _beside(first, subject, ()):
            name = _name((first, subject), 1.0, telling=True, language=language)
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
    candidates: Sequence[Candidate], held: NDArray[np.float64], covered: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How well any two stand in one name, in [0, 1]: related, but not the same thing twice."""
    vectors = [c.vector for c in candidates if c.vector is not None]
    if len(vectors) < len(candidates) or not vectors:
        return np.ones((len(candidates), len(candidates)))
    rows = np.asarray(vectors, dtype=np.float64)
    like = rows @ rows.T
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


def _touch(covered: float) -> float:
    return 0.25 + 0.75 * sqrt(min(1.0, covered / TOUCHES))


def _name(parts: Sequence[Candidate], worth: float, telling: bool, language: Language) -> Name:
    vectors = [c.vector for c in parts if c.vector is not None]
    vector = None
    if len(vectors) == len(parts):
        # The lead counts most.
        summed = np.asarray((1.0, 0.7)[: len(parts)], dtype=np.float32) @ np.asarray(vectors)
        vector = summed / max(float(np.linalg.norm(summed)), 1e-9)
    return Name(
        _sentence_case(_AND[language].join(c.shown for c in parts)),
        tuple(c.words for c in parts),
        worth,
        telling,
        parts[0],
        vector,
    )


def _last_resort(voice: Voice, taken: _Taken, language: Language) -> Name | None:
    """Nouns among the keywords put together until nobody else has that name, or nothing."""
    for n in range(1, len(voice.nouns) + 1):
        parts = voice.nouns[:n]
        text = ", ".join(parts[:-1]) + _AND[language] + parts[-1] if n > 1 else parts[0]
        text = _sentence_case(text)
        last = Name(text, tuple(frozenset([part]) for part in parts), 1.0, telling=False)
        if not taken.has(last):
            return last
    return None


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _one_letter(one: str, other: str) -> bool:
    """Whether two words are the same but for one letter more, fewer, or another."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 5:
        return False
    low, high = sorted((one, other), key=len)
    start = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    if len(low) == len(high):
        return low[start + 1 :] == high[start + 1 :]
    return low[start:] == high[start + 1 :]


def stand_in(named: Mapping[Language, Name], language: Language, code: str, *, spoken: bool) -> str:
    """What is shown where a name is missing: that of the other language, and why."""
    other = next((name.text for lang, name in sorted(named.items()) if lang is not language), None)
    if language is Language.EN:
        why = "no name in English" if spoken else "no comments in English"
        return f"“{other}” ({why})" if other else f"Group {code}"
    why = "sans nom en français" if spoken else "aucun commentaire en français"
    return f"«\u00a0{other}\u00a0» ({why})" if other else f"Groupe {code}"
