"""One name for each group and language."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from analysis.pipeline.types import Group, Language
from analysis.pipeline.voices import Candidate, Voice, apart, share

if TYPE_CHECKING:
    from collections.abc import Sequence


# A name that touches fewer of the group's texts than this gets a second part: "Parking and buses".
COVERS_ENOUGH = 0.45
COVERS_ALONE = 0.65  # for a name of one word
EVIDENT = 0.05
# A name leads with something said by at least this share, and clearly more than elsewhere.
SPOKEN = 0.05
TELLING = 0.2
# Characters of the two parts of a name together: it must fit a bar's label.
LONGEST = 42

# A phrase is taken for one of its words when it is worth at least this share of the word
# and said in this share of the texts that hold the word.
LONGER_WORTH = 0.4
LONGER_SAID = 0.2
# What one word beside a phrase is worth; and from what likeness on a second part says less.
ONE_BESIDE = 0.5
ALIKE = 0.3

AND = {Language.EN: " and ", Language.FR: " et "}


def choose_names(
    groups: Sequence[Group], voices: dict[str, dict[Language, Voice]], language: Language
) -> tuple[dict[str, str], set[str]]:
    """One name for each group with text in ``language``, no two alike; and those that are general.

    A name is general when it leads with what is said as much elsewhere, or by next to nobody.
    """
    order = sorted(
        (g for g in groups if language in voices[g.code]),
        key=lambda g: (g.parent is not None, -len(g.passages), g.code),
    )
    taken: set[frozenset[str]] = set()
    shown: set[str] = set()
    keys: dict[str, frozenset[str]] = {}
    out: dict[str, str] = {}
    general: set[str] = set()
    for group in order:
        voice = voices[group.code][language]
        text, key, telling = _name(
            voice, taken, shown, language, keys.get(group.parent or "", frozenset())
        )
        if text:
            out[group.code] = text
            if not telling:
                general.add(group.code)
            keys[group.code] = key
            taken.add(key)
            shown.add(text.casefold())
    return out, general


def _name(
    voice: Voice,
    taken: set[frozenset[str]],
    shown: set[str],
    language: Language,
    parent: frozenset[str],
) -> tuple[str, frozenset[str], bool]:
    """The name, its words, and whether it tells the group from the others."""
    total = sum(voice.weights.values())
    # Words of another group's name name that group already.
    spoken = {root for key in taken for root in key}

    def worth(c: Candidate) -> float:
        known = 0.6 if spoken & set(c.key) else 1.0
        # A part that only repeats a word of the whole says nothing about the part.
        return c.score * known * (0.3 if parent and set(c.key) <= parent else 1.0)

    def common(c: Candidate) -> bool:
        """Said as much elsewhere, or by next to nobody: a last choice."""
        return c.lift < TELLING or share(c.texts, voice.weights, total) < SPOKEN

    ranked = sorted(voice.names[:60], key=lambda c: (common(c), -worth(c), c.shown))
    for found in ranked:
        first = _longer(voice, ranked, found)
        enough = COVERS_ENOUGH if len(first.key) > 1 else COVERS_ALONE
        second = None
        if share(first.texts, voice.weights, total) < enough:
            second = _second(voice, ranked, first, total)
        for other in (second, None) if second else (None,):
            key = frozenset(first.key) | frozenset(other.key if other else ())
            text = _sentence_case(first.shown + (AND[language] + other.shown if other else ""))
            if key not in taken and text.casefold() not in shown:
                return text, key, not common(found)
    return (*_last_resort(voice, taken, shown, language), False)


def _longer(voice: Voice, ranked: Sequence[Candidate], word: Candidate) -> Candidate:
    """The phrase that says more than the one word it holds, where there is a good one."""
    if len(word.key) > 1:
        return word
    found = [
        c
        for c in ranked
        if len(c.key) > 1
        and word.key[0] in c.key
        and c.lift >= TELLING
        and c.score >= LONGER_WORTH * word.score
        and len(c.texts) >= LONGER_SAID * len(word.texts)
    ]
    return min(found, key=lambda c: (-c.score, c.shown), default=word)


def _second(
    voice: Voice, ranked: Sequence[Candidate], first: Candidate, total: float
) -> Candidate | None:
    """What to name beside ``first``: something else that others in the group said."""
    best: tuple[float, str, Candidate] | None = None
    # One word alone says little: nearly any second part makes it more specific.
    least = 0.08 if len(first.key) == 1 else 0.35
    for candidate in ranked[:25]:
        if candidate.lift < TELLING or not apart(candidate, first):
            continue
        candidate = _longer(voice, ranked, candidate)
        # One word is put beside a phrase only where much speaks for it.
        worth = candidate.score * (1.0 if len(candidate.key) >= len(first.key) else ONE_BESIDE)
        if worth < first.score * least or not apart(candidate, first):
            continue
        if len(first.shown) + len(candidate.shown) > LONGEST:
            continue
        added = share(candidate.texts - first.texts, voice.weights, total)
        # "Call and phone" says one thing twice.
        new = 1.0 - max(0.0, candidate.like(first) - ALIKE) / (1.0 - ALIKE)
        found = (-worth * sqrt(added) * new, candidate.shown, candidate)
        if added > 0.04 and (best is None or found[:2] < best[:2]):
            best = found
    return best[2] if best else None


def _last_resort(
    voice: Voice, taken: set[frozenset[str]], shown: set[str], language: Language
) -> tuple[str, frozenset[str]]:
    """Nouns among the keywords put together until nobody else has that name, or nothing."""
    for n in range(1, len(voice.nouns) + 1):
        parts = voice.nouns[:n]
        text = ", ".join(parts[:-1]) + AND[language] + parts[-1] if n > 1 else parts[0]
        text = _sentence_case(text)
        if text.casefold() not in shown and frozenset(parts) not in taken:
            return text, frozenset(parts)
    return "", frozenset()


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def name_en(name: dict[Language, str | None], code: str, *, spoken: bool) -> str:
    if own := name[Language.EN]:
        return own
    why = "too few comments in English to name it" if spoken else "no comments in English"
    other = name[Language.FR]
    return f"“{other}” ({why})" if other else f"Group {code}"


def name_fr(name: dict[Language, str | None], code: str, *, spoken: bool) -> str:
    if own := name[Language.FR]:
        return own
    why = "trop peu de commentaires en français pour le nommer"
    if not spoken:
        why = "aucun commentaire en français"
    other = name[Language.EN]
    return f"«\u00a0{other}\u00a0» ({why})" if other else f"Groupe {code}"
