"""The words for each group: a name, keywords, one sentence and quotes, in English and in French.

Each language is described from what was said in it, never by translation: the English name comes
from the English passages and the French name from the French ones. Everything shown was written by
somebody (names and keywords in their most frequent form, quotes verbatim) and is counted, so each
claim of a description can be checked.

Words are weighed by class-based tf-idf (Grootendorst 2022, arXiv 2203.05794): how often a word is
used in the group against how often it is used in the others, here with the share of texts instead
of the count of words, so that one long letter does not speak for all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from math import log, log1p, sqrt
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.normalise import clean
from analysis.pipeline.phrases import Key, Phrases, lexicon, segments
from analysis.pipeline.quotes import choose_quotes
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Description, Group, GroupPassage, Language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.config import Config
    from analysis.pipeline.embedders import Embedder

KEYWORDS = 8
# The passages of one language that speak for a group; more of them add time, not words.
SPEAKERS = 400
# A name that touches fewer of the group's texts than this gets a second part: "Parking and buses".
COVERS_ENOUGH = 0.45
COVERS_ALONE = 0.65  # for a name of one word
# A candidate is said by at least this many people, where that many wrote.
SAID_BY = 2
# What a description names is said in at least this share of the comments, where anything is.
EVIDENT = 0.05
# A name leads with something said by at least this share, and clearly more than elsewhere.
SPOKEN = 0.05
# A word with a capital is shown when at least this many texts hold it.
NAMES_FROM = 4
# A word this many times as common in the other language is a word of that language.
FOREIGN = 5.0
# What this share of the other themes says too is the question's own subject.
EVERYWHERE = 0.35
TELLING = 0.2
# Characters of the two parts of a name together: it must fit a bar's label.
LONGEST = 42
# Candidates whose meaning is looked at, and the passages that stand for the middle of a group.
CONSIDERED = 18
CENTRAL = 12

_AND = {Language.EN: " and ", Language.FR: " et "}
_OTHER = {Language.EN: Language.FR, Language.FR: Language.EN}


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: Key
    shown: str
    score: float
    texts: frozenset[int]
    forms: tuple[str, ...] = ()
    lift: float = 1.0
    vector: NDArray[np.float32] | None = None

    def like(self, other: _Candidate) -> float:
        """Nearness in meaning in [0, 1]; 0 where either has no vector."""
        if self.vector is None or other.vector is None:
            return 0.0
        return max(0.0, float(self.vector @ other.vector))


@dataclass(slots=True)
class _Voice:
    """What one group says in one language: indices into the texts of that language."""

    weights: dict[int, float]
    words: dict[str, float]  # stem -> weight by class-based tf-idf
    names: list[_Candidate]
    keywords: tuple[str, ...]
    nouns: tuple[str, ...]  # those keywords that can stand in a name


def describe_themes(
    groups: Sequence[Group],
    *,
    config: Config,
    embedder: Embedder | None = None,
    languages: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[Description, ...]:
    """Describe each group, in the order given, one ``Description`` for one ``Group``.

    Groups of the first level (``parent`` is None) are set against each other; parts of a group are
    set against their sisters. Names are unique among all groups in each language. The result
    depends on the passages alone: neither their order, nor the order of the groups, nor the hash
    seed changes a word. Passages in other languages are counted but not quoted.

    With an ``embedder`` the candidates for a name are also weighed by their nearness in meaning to
    the middle of the group, and the English and the French name are chosen together so that they
    say the same thing where people did. Without one, words alone decide.

    ``languages`` gives the documents of each group by language where the caller knows better than
    the passages do (they may be a sample); what a description says is then a share of the sample.

    Cost is linear in the passages kept (at most 400 of each group and language).
    """
    voices: dict[str, dict[Language, _Voice]] = {group.code: {} for group in groups}
    spread = {language: _spread(groups, language) for language in OFFICIAL_LANGUAGES}
    for language in OFFICIAL_LANGUAGES:
        foreign = _foreign(spread[language], spread[_OTHER[language]], language)
        for code, voice in _voices(groups, language, foreign).items():
            voices[code][language] = voice
    if embedder is not None:
        _weigh_by_meaning(groups, voices, embedder)
    names = {language: _names(groups, voices, language) for language in OFFICIAL_LANGUAGES}
    out = []
    for group in groups:
        name = {lang: names[lang].get(group.code) for lang in OFFICIAL_LANGUAGES}
        said = voices[group.code]
        known = languages.get(group.code) if languages else None
        out.append(
            Description(
                code=group.code,
                name_en=_name_en(name, group.code, spoken=Language.EN in said),
                name_fr=_name_fr(name, group.code, spoken=Language.FR in said),
                description_en=_sentence_en(group, said.get(Language.EN), known),
                description_fr=_sentence_fr(group, said.get(Language.FR), known),
                keywords_en=said[Language.EN].keywords if Language.EN in said else (),
                keywords_fr=said[Language.FR].keywords if Language.FR in said else (),
                quotes=choose_quotes(
                    group.passages,
                    {lang: voice.words for lang, voice in said.items()},
                ),
            )
        )
    return tuple(out)


# What each group says.


def _spread(groups: Sequence[Group], language: Language) -> dict[str, float]:
    """The share of passages of a language in which each word is written."""
    counts: Counter[str] = Counter()
    seen: set[tuple[str, int, int]] = set()
    for group in groups:
        own = sorted(
            (p for p in group.passages if p.language is language),
            key=lambda p: (-p.centrality, p.document_id, p.start),
        )
        for p in own[:SPEAKERS]:
            place = (p.document_id, p.start, p.end)
            if place not in seen:
                seen.add(place)
                counts.update({t.low for s in segments(p.text, language) for t in s.tokens})
    return {word: n / len(seen) for word, n in counts.items()}


def _foreign(
    own: Mapping[str, float], other: Mapping[str, float], language: Language
) -> frozenset[str]:
    """Words that belong to the other language: "français" in an English comment.

    A word both languages have ("service", "parking") is used about as often in either.
    """
    closed = lexicon(_OTHER[language]).function
    return frozenset(
        word
        for word, share in own.items()
        if word in closed or other.get(word, 0.0) > FOREIGN * share
    )


def _voices(
    groups: Sequence[Group], language: Language, foreign: frozenset[str]
) -> dict[str, _Voice]:
    """The words of each group that has text in ``language``."""
    kept: dict[str, list[GroupPassage]] = {}
    for group in groups:
        passages = [p for p in group.passages if p.language is language]
        passages.sort(key=lambda p: (-p.centrality, p.document_id, p.start))
        if passages:
            kept[group.code] = passages[:SPEAKERS]
    where: dict[tuple[str, int, int], int] = {}
    texts: list[str] = []
    unique = {(p.document_id, p.start, p.end): p for ps in kept.values() for p in ps}
    for place in sorted(unique):
        where[place] = len(texts)
        texts.append(unique[place].text)
    phrases = Phrases(texts, language)
    weights = {
        code: {
            # A letter sent by many counts more than one comment, but not as much as all of them.
            where[p.document_id, p.start, p.end]: (0.4 + 0.6 * p.centrality) * (1 + log(p.weight))
            for p in passages
        }
        for code, passages in kept.items()
    }
    by_parent: dict[str | None, list[str]] = defaultdict(list)
    for group in groups:
        if group.code in kept:
            by_parent[group.parent].append(group.code)
    out: dict[str, _Voice] = {}
    for sisters in by_parent.values():
        for code in sisters:
            rest = {i: w for other in sisters if other != code for i, w in weights[other].items()}
            if not rest:
                # An only child, or the only group: set it against everything else there is.
                rest = {
                    i: w
                    for o, ws in weights.items()
                    if o != code
                    for i, w in ws.items()
                    if i not in weights[code]
                }
            out[code] = _voice(phrases, weights[code], rest, foreign)
    return out


def _share(texts: Iterable[int], weights: dict[int, float], total: float) -> float:
    return sum(weights.get(i, 0.0) for i in texts) / total if total else 0.0


def _voice(
    phrases: Phrases, here: dict[int, float], rest: dict[int, float], foreign: frozenset[str]
) -> _Voice:
    total, others = sum(here.values()), sum(rest.values())

    def lift(texts: Collection[int]) -> float:
        """How much of a telling word it is, in [0, 1]: 0 where it is as common elsewhere.

        In the answers to one question its own subject is on every tongue and names no theme.
        """
        inside = _share(texts, here, total)
        outside = _share(texts, rest, others)
        if outside > EVERYWHERE:
            return 0.0
        return min(1.0, max(0.0, log(inside / outside) / log(3))) if outside and inside else 1.0

    def weigh(texts: Collection[int]) -> float:
        """Class-based tf-idf: share here, times the log of how much more than elsewhere."""
        inside = _share(texts, here, total)
        outside = (_share(texts, rest, others) * others + 0.5) / (others + 1.0)
        return sqrt(inside) * log1p(inside / (outside + 0.01)) if inside else 0.0

    needed = min(len(here), max(SAID_BY, round(len(here) * 0.02)))
    for least in (needed, 1):
        words: dict[str, float] = {}
        held: dict[str, frozenset[int]] = {}
        for root, texts in phrases.words.items():
            mine = frozenset(texts & here.keys())
            # What one person said is used only where nobody said anything twice, and then only
            # words that others use elsewhere: never somebody's name.
            if len(mine) < least or (len(texts) < 3 and least < needed):
                continue
            if phrases.form(root).lower() in foreign:
                continue
            if not phrases.is_rare_name(root, fewer=NAMES_FROM):
                words[root] = weigh(texts)
                held[root] = mine
        names = _candidates(phrases, words, held, here, total, least, lift)
        if names or needed == 1:
            break
    keywords = _keywords(phrases, words)
    nouns = tuple(
        k for k in keywords if phrases.can_start(k.lower()) and phrases.can_end(k.lower())
    )
    return _Voice(here, words, names, keywords, nouns)


def _candidates(
    phrases: Phrases,
    words: dict[str, float],
    held: dict[str, frozenset[int]],
    here: dict[int, float],
    total: float,
    needed: int,
    lift: Callable[[Collection[int]], float],
) -> list[_Candidate]:
    """What could name the group, best first."""
    found: list[_Candidate] = []
    weak = {root: phrases.is_weak(phrases.form(root).lower()) for root in words}
    for key, phrase in phrases.phrases.items():
        mine = phrase.texts & here.keys()
        if len(mine) < needed or any(root not in words for root in key):
            continue
        strong = [root for root in key if not weak[root]]
        if not strong:
            continue
        inside = _share(mine, here, total)
        meaning = sum(words[r] * (0.35 if weak[r] else 1.0) for r in key) / (len(key) + 0.4)
        glue = 0.3 + 0.7 * phrases.association(key)
        telling = lift(phrase.texts)
        score = meaning * phrase.quality * glue * inside**0.3 * (0.04 + 0.96 * telling)
        found.append(_Candidate(key, phrase.shown, score, mine, phrase.forms, telling))
    for root, weight in words.items():
        form = phrases.form(root)
        if weak[root] or not phrases.is_noun(form.lower()):
            continue
        inside = _share(held[root], here, total)
        # One word says less than two: it must be said by many more to win.
        telling = lift(phrases.words[root])
        score = 0.26 * weight * inside**0.3 * (0.04 + 0.96 * telling)
        found.append(_Candidate((root,), form, score, held[root], phrases.forms(root), telling))
    return sorted(found, key=lambda c: (-c.score, c.shown, c.key))


def _keywords(phrases: Phrases, words: dict[str, float]) -> tuple[str, ...]:
    """The eight words that tell the group from the others, in their usual form."""
    ranked = sorted(words, key=lambda root: (-words[root], root))
    shown: list[str] = []
    for strict in (True, False):
        for root in ranked:
            form = phrases.form(root)
            if len(shown) == KEYWORDS:
                return tuple(shown)
            if form not in shown and not (strict and phrases.is_weak(form.lower())):
                shown.append(form)
    return tuple(shown)


# Meaning.


def _weigh_by_meaning(
    groups: Sequence[Group], voices: dict[str, dict[Language, _Voice]], embedder: Embedder
) -> None:
    """Reorder the candidates of every voice by nearness to its group, and across languages."""
    wanted: dict[str, None] = {}
    middles: dict[tuple[str, Language], list[str]] = {}
    for group in groups:
        for language, voice in sorted(voices[group.code].items()):
            voice.names = voice.names[:CONSIDERED]
            central = sorted(
                (p for p in group.passages if p.language is language),
                key=lambda p: (-p.centrality, p.document_id, p.start),
            )[:CENTRAL]
            middles[group.code, language] = [p.text for p in central]
            wanted.update(dict.fromkeys(p.text for p in central))
            wanted.update(dict.fromkeys(c.shown for c in voice.names))
    # A fixed order: the same rows in the same block give the same bits.
    texts = sorted(wanted)
    if not texts:
        return
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    for group in groups:
        said = voices[group.code]
        for language, voice in said.items():
            rows = [vectors[text] for text in middles[group.code, language]]
            middle = np.mean(rows, axis=0)
            near = [float(vectors[c.shown] @ middle) for c in voice.names]
            best = max(near, default=0.0)
            voice.names = [
                replace(c, score=c.score * _nearness(n, best), vector=vectors[c.shown])
                for c, n in zip(voice.names, near, strict=True)
            ]
        alone = {language: voice.names for language, voice in said.items()}
        for language, voice in said.items():
            ranked = sorted(alone.get(_OTHER[language], []), key=lambda c: (-c.score, c.shown))
            echoes = ranked[:12]
            if not echoes:
                continue
            top = max(c.score for c in echoes)
            voice.names = [
                replace(
                    c,
                    score=c.score * (0.4 + max(c.like(e) * (e.score / top) ** 0.5 for e in echoes)),
                )
                for c in voice.names
            ]
        for voice in said.values():
            voice.names.sort(key=lambda c: (-round(c.score, 9), c.shown, c.key))


def _nearness(near: float, best: float) -> float:
    return max(0.15, near / best) if best > 0 else 1.0


# Names.


def _names(
    groups: Sequence[Group], voices: dict[str, dict[Language, _Voice]], language: Language
) -> dict[str, str]:
    """One name for each group with text in ``language``, no two alike."""
    order = sorted(
        (g for g in groups if language in voices[g.code]),
        key=lambda g: (g.parent is not None, -len(g.passages), g.code),
    )
    taken: set[frozenset[str]] = set()
    shown: set[str] = set()
    keys: dict[str, frozenset[str]] = {}
    out: dict[str, str] = {}
    for group in order:
        voice = voices[group.code][language]
        text, key = _name(voice, taken, shown, language, keys.get(group.parent or "", frozenset()))
        if text:
            out[group.code] = text
            keys[group.code] = key
            taken.add(key)
            shown.add(text.casefold())
    return out


def _name(
    voice: _Voice,
    taken: set[frozenset[str]],
    shown: set[str],
    language: Language,
    parent: frozenset[str],
) -> tuple[str, frozenset[str]]:
    total = sum(voice.weights.values())

    def free(key: frozenset[str]) -> bool:
        return key not in taken

    # Words of another group's name name that group already.
    spoken = {root for key in taken for root in key}

    def worth(c: _Candidate) -> float:
        known = 0.6 if spoken & set(c.key) else 1.0
        # A part that only repeats a word of the whole says nothing about the part.
        return c.score * known * (0.3 if parent and set(c.key) <= parent else 1.0)

    def common(c: _Candidate) -> bool:
        """Said as much elsewhere, or by next to nobody: a last choice."""
        return c.lift < TELLING or _share(c.texts, voice.weights, total) < SPOKEN

    ranked = sorted(voice.names[:60], key=lambda c: (common(c), -worth(c), c.shown))
    for first in ranked:
        covered = _touched(voice, first)
        enough = COVERS_ENOUGH if len(first.key) > 1 else COVERS_ALONE
        if _share(covered, voice.weights, total) >= enough and free(frozenset(first.key)):
            return _sentence_case(first.shown), frozenset(first.key)
        second = _second(voice, ranked, first, covered, total)
        if second is None:
            if free(frozenset(first.key)):
                return _sentence_case(first.shown), frozenset(first.key)
            continue
        key = frozenset(first.key) | frozenset(second.key)
        text = _sentence_case(first.shown + _AND[language] + second.shown)
        if free(key) and text.casefold() not in shown:
            return text, key
    return _last_resort(voice, taken, shown, language)


def _touched(voice: _Voice, candidate: _Candidate) -> frozenset[int]:
    """The texts that hold the phrase or the strongest of its words."""
    return candidate.texts


def _second(
    voice: _Voice,
    ranked: Sequence[_Candidate],
    first: _Candidate,
    covered: frozenset[int],
    total: float,
) -> _Candidate | None:
    best: tuple[float, str, _Candidate] | None = None
    # One word alone says little: nearly any second part makes it more specific.
    least = 0.08 if len(first.key) == 1 else 0.35
    for candidate in ranked[:25]:
        if candidate.lift < TELLING or not _apart(candidate, first):
            continue
        if candidate.score < first.score * least:
            continue
        if len(first.shown) + len(candidate.shown) > LONGEST:
            continue
        added = _share(candidate.texts - covered, voice.weights, total)
        found = (-candidate.score * sqrt(added), candidate.shown, candidate)
        if added > 0.04 and (best is None or found[:2] < best[:2]):
            best = found
    return best[2] if best else None


def _apart(one: _Candidate, other: _Candidate) -> bool:
    """Whether two candidates share no word, not even in a form the stemmer does not know."""
    if set(one.key) & set(other.key):
        return False
    for a in re.findall(r"\w+", one.shown.lower()):
        for b in re.findall(r"\w+", other.shown.lower()):
            shorter = min(len(a), len(b))
            if shorter >= 4 and a[: max(4, shorter - 1)] == b[: max(4, shorter - 1)]:
                return False
    return True


def _last_resort(
    voice: _Voice, taken: set[frozenset[str]], shown: set[str], language: Language
) -> tuple[str, frozenset[str]]:
    """Keywords put together until nobody else has that name."""
    # Nouns first; a verb only where nothing else is left.
    able = [*voice.nouns, *(k for k in voice.keywords if k not in voice.nouns)]
    for n in range(1, len(able) + 1):
        parts = able[:n]
        text = ", ".join(parts[:-1]) + _AND[language] + parts[-1] if n > 1 else parts[0]
        text = _sentence_case(text)
        if text.casefold() not in shown and frozenset(parts) not in taken:
            return text, frozenset(parts)
    return "", frozenset()


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name_en(name: dict[Language, str | None], code: str, *, spoken: bool) -> str:
    if own := name[Language.EN]:
        return own
    why = "too few comments in English to name it" if spoken else "no comments in English"
    other = name[Language.FR]
    return f"“{other}” ({why})" if other else f"Group {code}"


def _name_fr(name: dict[Language, str | None], code: str, *, spoken: bool) -> str:
    if own := name[Language.FR]:
        return own
    why = "trop peu de commentaires en français pour le nommer"
    if not spoken:
        why = "aucun commentaire en français"
    other = name[Language.EN]
    return f"«\u00a0{other}\u00a0» ({why})" if other else f"Groupe {code}"


# Sentences.


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


def _evidence(group: Group, voice: _Voice, language: Language) -> list[tuple[str, int]]:
    """Up to three things said, none sharing a word, with the documents that say each.

    The count is over all passages of the group, in any written form of the words: a reader who
    searches for them finds as many.
    """
    texts = [
        (p.document_id, p.weight, " ".join(clean(p.text).lower().split()))
        for p in group.passages
        if p.language is language
    ]
    least = max(2.0, EVIDENT * len(texts))
    often = [c for c in voice.names if len(c.texts) >= least]
    seldom = [c for c in voice.names if len(c.texts) < least]
    chosen: list[_Candidate] = []
    for candidate in often + seldom:
        if len(chosen) < 3 and all(_apart(candidate, other) for other in chosen):
            chosen.append(candidate)
    found: list[tuple[str, int]] = []
    for candidate in chosen:
        forms = "|".join(re.escape(f.lower()) for f in sorted(candidate.forms, key=len)[::-1])
        pattern = re.compile(rf"(?<!\w)(?:{forms})(?!\w)")
        documents: dict[str, int] = {}
        for document, weight, text in texts:
            if pattern.search(text):
                documents[document] = max(weight, documents.get(document, 0))
        if documents:
            found.append((candidate.shown, sum(documents.values())))
    return sorted(found, key=lambda pair: -pair[1])


def _count(
    group: Group, voice: _Voice | None, language: Language, known: Mapping[str, int] | None
) -> tuple[list[int], list[tuple[str, str]]]:
    """Documents (all, English, French, other) and the evidence, each with its number as text."""
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
    for shown, n in _evidence(group, voice, language) if voice else []:
        n = min(n, counted.get(language, n))
        if sample and sample < counted.get(language, 0) * 0.99:
            percent = max(1, round(100 * n / sample))
            said.append((shown, f"{percent}%" if language is Language.EN else f"{percent}\u00a0%"))
        else:
            said.append((shown, spell(n)))
    return [total, english, french, total - english - french], said


def _list(parts: Sequence[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + last + parts[-1]


def _sentence_en(group: Group, voice: _Voice | None, known: Mapping[str, int] | None) -> str:
    (n, english, french, rest), said = _count(group, voice, Language.EN, known)
    head = f"{format_en(n)} comment" + ("s" if n != 1 else "")
    kinds = [(english, "in English"), (french, "in French"), (rest, "in another language")]
    spoken = [(c, w) for c, w in kinds if c]
    if len(spoken) == 1:
        head += f", {'all ' if n > 1 else ''}{spoken[0][1]}"
    elif spoken:
        head += ", " + _list([f"{format_en(c)} {w}" for c, w in spoken], " and ")
    if not said:
        return head + "."
    things = _list([f"“{shown}” ({c})" for shown, c in said], " and ")
    return f"{head}; {'' if n == english else 'in English, '}most often about {things}."


def _sentence_fr(group: Group, voice: _Voice | None, known: Mapping[str, int] | None) -> str:
    (n, english, french, rest), said = _count(group, voice, Language.FR, known)
    head = f"{format_fr(n)} commentaire" + ("s" if n > 1 else "")
    kinds = [(english, "en anglais"), (french, "en français"), (rest, "dans une autre langue")]
    spoken = [(c, w) for c, w in kinds if c]
    if len(spoken) == 1:
        head += f", {'tous ' if n > 1 else ''}{spoken[0][1]}"
    elif spoken:
        head += ", dont " + _list([f"{format_fr(c)} {w}" for c, w in spoken], " et ")
    if not said:
        return head + "."
    things = _list([f"«\u00a0{shown}\u00a0» ({c})" for shown, c in said], " et ")
    return f"{head}; {'' if n == french else 'en français, '}il y est surtout question de {things}."


def format_en(count: int) -> str:
    return f"{count:,}"


def format_fr(count: int) -> str:
    return f"{count:,}".replace(",", "\u00a0")
