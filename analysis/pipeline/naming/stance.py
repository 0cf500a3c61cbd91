"""Whether the answers of a theme are against what its name says, where they say so and agree.

Only what is written counts: "against the toll", "the toll should be scrapped", "non au péage", with
the name's own words beside it. A negation turns it round, as often as there are negations: "not
against the toll" and "le péage ne doit pas être aboli" are for it. Where answers are split, or few
say either, the name stays what it is: a subject.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.pipeline.reading.word_lists import listed
from analysis.pipeline.types import Group, Language

from .lexicon import lexicon, segments, stem
from .phrases import MAX_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .lexicon import Segment
    from .name import Name

# The share of the answers in a language that say they are against, at least so many of them, and
# the most that may be for it, beside those against. Of 89 groups of arguments on twelve motions
# seven had a third against; by the key points people gave, those of the two that keep to the last
# number were against in 94 of 100 answers and more, those of the others in 35 to 88.
AGAINST, AT_LEAST, FOR = 1 / 3, 3, 0.1
# Words between a thing, what is demanded of it and what is to be done with it.
_REACH = 4
# An article stands in a name where this share of those before the phrase are that one.
_USUAL = 0.5


@dataclass(frozen=True, slots=True)
class _Words:
    """What people say of a thing before and after naming it, in one language."""

    against: re.Pattern[str]  # "ban" the toll
    support: re.Pattern[str]
    demands: re.Pattern[str]  # the toll "should be"
    undone: re.Pattern[str]  # "banned"
    kept: re.Pattern[str]
    negations: frozenset[str]
    between: frozenset[str]  # what may stand between the first two and the thing


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})\\Z")


_WORDS = {
    Language.EN: _Words(
        _whole(
            # No "-ing": "banning the toll would cost us" is not against the toll; and no "no": "no
            # parking" is mostly said by those who want some.
            r"against|anti|oppos(?:e|es|ed)|opposition|ban|stop|abolish|scrap|prohibit|eliminate"
            r"|cancel|rejects?|forbid|outlaw|abandon"
        ),
        _whole(r"supports?|favou?rs?|keep|allow|adopt|legali[sz]e|protect|preserve|maintain|pro"),
        _whole(r"should|shouldn't|must|mustn't|ought|needs?|has|have|is|isn't|are|aren't"),
        _whole(
            r"banned|abolished|abandoned|stopped|ended|scrapped|prohibited|eliminated|cancelled"
            r"|rejected|forbidden|outlawed|illegal|removed|withdrawn|closed|unacceptable"
        ),
        _whole(
            r"kept|allowed|maintained|legal|legali[sz]ed|adopted|preserved|protected|permitted"
            r"|supported|welcome"
        ),
        listed(
            "not never no don't doesn't didn't shouldn't mustn't isn't aren't can't cannot won't "
            "wouldn't dont shouldnt nobody"
        ),
        listed("the this that these those any all a an our your their my its to of more such"),
    ),
    Language.FR: _Words(
        _whole(
            r"contre|anti|oppos(?:e|ent|er|ons|é|ée|és|ées)|opposition|interdi(?:re|sez|sons|ction)"
            r"|abolir|abolition|supprim(?:er|ez|ons)|suppression|arrêt(?:er|ez|ons)|cess(?:er|ez)"
            r"|rejet(?:er|te|tons)|refus(?:er|e|ons)|abandonn(?:er|ez|ons)|non|stop|halte"
        ),
        _whole(
            r"souten(?:ir|ons)|soutiens|appu(?:yer|ie|yons)|favorables?|faveur|gard(?:er|ez|ons)"
            r"|conserv(?:er|ez|ons)|mainten(?:ir|ez|ons)|autoris(?:er|ez|ons)|protég(?:er|ez)"
            r"|permett(?:re|ez)|pro"
        ),
        _whole(r"doi(?:t|vent)|devrai(?:t|ent)|faut|faudrait|est|sont|soi(?:t|ent)"),
        _whole(
            r"(?:interdit|aboli|supprimé|abandonné|arrêté|retiré|rejeté|refusé|inacceptable"
            r"|illégal)e?s?|illégaux"
        ),
        _whole(r"(?:maintenu|conservé|autorisé|permis|gardé|protégé|légal|adopté)e?s?|légaux"),
        listed("pas jamais aucunement nullement point personne"),
        listed(
            "le la les l un une des du de d ce cet cette ces tout tous toute toutes notre nos "
            "votre vos leur leurs au aux à"
        ),
    ),
}
# The article before a phrase, as it would stand after "against".
_ARTICLES = {
    Language.EN: {"the": "the ", "a": "", "an": ""},
    Language.FR: {
        "le": "le ", "la": "la ", "les": "les ", "l": "l'", "du": "le ", "au": "le ",
        "des": "les ", "aux": "les ",
    },
}  # fmt: skip
_AGAINST = {Language.EN: "Against ", Language.FR: "Contre "}


def with_stance(
    groups: Sequence[Group], names: Mapping[str, Mapping[Language, Name]]
) -> dict[str, dict[Language, Name]]:
    """The names; those of one subject that answers in each language are against say so."""
    out = {}
    for group in groups:
        own = dict(names.get(group.code, {}))
        opposed = {language: _opposed(group, language, name) for language, name in own.items()}
        if own and all(opposed.values()):
            own = {lang: replace(name, text=opposed[lang] or "") for lang, name in own.items()}
        out[group.code] = own
    return out


def _opposed(group: Group, language: Language, name: Name) -> str | None:
    """The name with "against" before it, or None where it does not hold or cannot be said."""
    if name.lead is None or len(name.parts) != 1 or name.mixed:
        return None
    answers: dict[str, int] = {}
    articles: Counter[str] = Counter()
    for passage in group.passages:
        if passage.language is not language:
            continue
        said = answers.setdefault(passage.document_id, 0)
        for way, article in _ways(passage.text, name.lead.key, language):
            said += way
            articles[article] += 1
        answers[passage.document_id] = said
    against = sum(said > 0 for said in answers.values())
    support = sum(said < 0 for said in answers.values())
    if against < max(AT_LEAST, AGAINST * len(answers)) or support > FOR * against:
        return None
    article = max(articles, key=lambda found: (articles[found], found), default="")
    usual = articles[article] >= _USUAL * articles.total()
    if language is Language.FR and not (article and usual):
        # "Contre péage" is no French, and which article it takes nobody wrote.
        articles.pop("", None)
        if not articles:
            return None
        article = max(articles, key=lambda found: (articles[found], found))
    elif not usual:
        article = ""
    shown = name.lead.shown
    return f"{_AGAINST[language]}{article}{shown}"


def _ways(text: str, key: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    """For each time ``text`` names the thing: 1 where it is against it, -1 for it, 0 neither, and
    the article before it.
    """
    for piece in segments(text, language):
        for first, last in _places(piece, key, language):
            low = [token.low for token in piece.tokens]
            before = low[first - 1] if first else ""
            yield _way(low, first, last, _WORDS[language]), _ARTICLES[language].get(before, "")


def _places(piece: Segment, key: Sequence[str], language: Language) -> Iterator[tuple[int, int]]:
    """Where the words of ``key`` stand in their order, with little words alone between them."""
    closed = lexicon(language).function
    roots = ["" if token.low in closed else stem(token.low, language) for token in piece.tokens]
    for first, root in enumerate(roots):
        if root != key[0]:
            continue
        at, left = first, list(key[1:])
        while left and at + 1 < min(len(roots), first + MAX_TOKENS):
            at += 1
            if roots[at] == left[0]:
                left.pop(0)
            elif roots[at]:
                break
        if not left:
            yield first, at


def _way(low: Sequence[str], first: int, last: int, words: _Words) -> int:
    """1 against, -1 for, 0 neither: by what is nearest before the thing, else after it."""
    at = first - 1
    while at >= 0 and low[at] in words.between:
        at -= 1
    if at >= 0:
        way = 1 if words.against.match(low[at]) else -1 if words.support.match(low[at]) else 0
        if way:
            return way * _turned(low, max(0, at - 3), at, words)
    after = range(last + 1, min(len(low), last + 2 + _REACH))
    demanded = next((at for at in after if words.demands.match(low[at])), None)
    if demanded is None:
        return 0
    for at in range(demanded + 1, min(len(low), demanded + 2 + _REACH)):
        way = 1 if words.undone.match(low[at]) else -1 if words.kept.match(low[at]) else 0
        if way:
            return way * _turned(low, demanded, at, words)
    return 0


def _turned(low: Sequence[str], start: int, end: int, words: _Words) -> int:
    """-1 where an odd number of negations stands between, else 1."""
    return -1 if sum(word in words.negations for word in low[start:end]) % 2 else 1
