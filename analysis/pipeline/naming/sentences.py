"""One sentence for each group and language, assembled from what can be counted.

How many comments there are, in which language, and how many say what the name says and what else is
said most. Nothing in it is a judgement: a reader who searches the passages finds the same numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.pipeline.reading.normalise import clean
from analysis.pipeline.types import Group, Language

from .voices import SAID_BY, TELLING, Candidate, Voice, apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .name import Name


# What a description names is said in at least this share of the comments, where anything is.
EVIDENT = 0.05


def _documents(group: Group) -> dict[Language | None, int]:
    """Documents of the group by language (None: all), letters counted as often as they came."""
    weight: dict[str, int] = {}
    spoken: dict[str, Language] = {}
    for p in sorted(group.passages, key=lambda p: (p.document_id, p.start, p.end)):
        weight[p.document_id] = max(weight.get(p.document_id, 0), p.weight)
        spoken.setdefault(p.document_id, p.language)
    out: dict[Language | None, int] = {None: sum(weight.values())}
    for document, language in spoken.items():
        out[language] = out.get(language, 0) + weight[document]
    return out


@lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    return " ".join(clean(text).lower().split())


def _evidence(
    group: Group, voice: Voice, language: Language, name: Name | None
) -> list[tuple[str, int]]:
    """Up to three things said, none sharing a word, with the documents that say each.

    What the name says comes first, then what else is worth most. The count is over all passages of
    the group, in any written form of the words: a reader who searches for them finds as many.
    """
    least = max(SAID_BY, EVIDENT * len(voice.weights))
    often = [c for c in voice.names if len(c.texts) >= least]
    often = often or [c for c in voice.names if not c.once]
    named = [c for part in (name.parts if name else ()) for c in often if c.words == part]
    chosen: list[Candidate] = []
    for candidate in (*named, *(c for c in often if c.lift >= TELLING), *often):
        if len(chosen) < 3 and all(apart(candidate, other) for other in chosen):
            chosen.append(candidate)
    texts = [
        (p.document_id, p.weight, _plain(p.text)) for p in group.passages if p.language is language
    ]
    found: list[tuple[str, int]] = []
    for candidate in chosen:
        forms = sorted({form.lower() for form in candidate.forms}, key=lambda f: (-len(f), f))
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
        documents: dict[str, int] = {}
        for document, weight, text in texts:
            # Most texts hold none: finding that out is ten times faster than the pattern.
            if any(form in text for form in forms) and pattern.search(text):
                documents[document] = max(weight, documents.get(document, 0))
        # What one person said is nobody's "most often".
        if (said := sum(documents.values())) >= SAID_BY:
            found.append((candidate.shown, said))
    return sorted(found, key=lambda pair: -pair[1])


def _count(
    group: Group,
    voice: Voice | None,
    language: Language,
    known: Mapping[str, int] | None,
    name: Name | None,
) -> tuple[list[int], list[tuple[str, str]]]:
    """Documents (all, English, French, other, too short to tell) and the evidence, each with its
    number as text."""
    counted = _documents(group)
    # What each language adds up to among the passages that were given.
    sample = counted.get(language, 0)
    total = counted[None]
    if known is not None:
        total = sum(known.values())
        counted = {Language(code): n for code, n in known.items()}
    english, french = counted.get(Language.EN, 0), counted.get(Language.FR, 0)
    spell = format_en if language is Language.EN else format_fr
    said = []
    for shown, n in _evidence(group, voice, language, name) if voice else []:
        n = min(n, counted.get(language, n))
        if sample and sample < counted.get(language, 0) * 0.99:
            percent = max(1, round(100 * n / sample))
            said.append((shown, f"{percent}%" if language is Language.EN else f"{percent}\u00a0%"))
        else:
            said.append((shown, spell(n)))
    unclear = counted.get(Language.UNDETERMINED, 0)
    return [total, english, french, total - english - french - unclear, unclear], said


def _list(parts: Sequence[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + last + parts[-1]


def sentence_en(
    group: Group, voice: Voice | None, known: Mapping[str, int] | None, name: Name | None
) -> str:
    (n, english, french, rest, short), said = _count(group, voice, Language.EN, known, name)
    head = f"{format_en(n)} comment" + ("s" if n != 1 else "")
    kinds = [
        (english, "in English"),
        (french, "in French"),
        (rest, "in another language"),
        (short, "too short to tell the language"),
    ]
    spoken = [(c, w) for c, w in kinds if c]
    if len(spoken) == 1:
        head += f", {'all ' if n > 1 else ''}{spoken[0][1]}"
    elif spoken:
        head += ", " + _list([f"{format_en(c)} {w}" for c, w in spoken], " and ")
    if not said:
        return head + "."
    things = _list([f"“{shown}” ({c})" for shown, c in said], " and ")
    return f"{head}; {'' if n == english else 'in English, '}most often about {things}."


def sentence_fr(
    group: Group, voice: Voice | None, known: Mapping[str, int] | None, name: Name | None
) -> str:
    (n, english, french, rest, short), said = _count(group, voice, Language.FR, known, name)
    head = f"{format_fr(n)} commentaire" + ("s" if n > 1 else "")
    kinds = [
        (french, "en français"),
        (english, "en anglais"),
        (rest, "dans une autre langue"),
        (short, f"trop court{'s' if short > 1 else ''} pour en connaître la langue"),
    ]
    spoken = [(c, w) for c, w in kinds if c]
    if len(spoken) == 1:
        head += f", {'tous ' if n > 1 else ''}{spoken[0][1]}"
    elif spoken:
        head += ", dont " + _list([f"{format_fr(c)} {w}" for c, w in spoken], " et ")
    if not said:
        return head + "."
    # A colon and not "question de": whether "de" elides before an h only a dictionary knows.
    things = _list([f"«\u00a0{shown}\u00a0» ({c})" for shown, c in said], " et ")
    return f"{head}; {'' if n == french else 'en français, '}on y relève surtout\u00a0: {things}."


def format_en(count: int) -> str:
    return f"{count:,}"


def format_fr(count: int) -> str:
    return f"{count:,}".replace(",", "\u00a0")
