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
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.pipeline.normalise import clean
from analysis.pipeline.phrases import Key, Phrases, lexicon
from analysis.pipeline.quotes import choose_quotes
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Description, Group, GroupPassage, Language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.config import Config
    from analysis.pipeline.embedders import Embedder

    Floats = NDArray[np.floating]

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
CONSIDERED = 12
CENTRAL = 12
# How much of its sisters' middle is taken from a group's own.
OTHERS = 0.9
# Texts up to which a word that only one of them holds is looked at.
FEW = 200
# Candidates of a group that are kept by words alone, before their meaning is looked at.
LISTED = 30

# A phrase is taken for one of its words when it is worth at least this share of the word
# and said in this share of the texts that hold the word.
LONGER_WORTH = 0.4
LONGER_SAID = 0.2
# What one word beside a phrase is worth; and from what likeness on a second part says less.
ONE_BESIDE = 0.5
ALIKE = 0.3

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
    vectors: Sequence[NDArray[np.floating]] | None = None,
) -> tuple[Description, ...]:
    """Describe each group, in the order given, one ``Description`` for one ``Group``.

    Groups of the first level (``parent`` is None) are set against each other; parts of a group are
    set against their sisters. Names are unique among all groups in each language. The result
    depends on the passages alone: neither their order, nor the order of the groups, nor the hash
    seed changes a word. Passages in other languages are counted but not quoted.

    With an ``embedder`` the candidates for a name are also weighed by their nearness in meaning to
    the middle of the group, as against the middles of its sisters, and the English and the French
    name are chosen together so that they say the same thing where people did. Without one, words
    alone decide. ``vectors`` gives, for each group, the embedder's vectors of its passages, one row
    each in their order; without them the passages nearest the middle are embedded here.

    ``languages`` gives the documents of each group by language where the caller knows better than
    the passages do (they may be a sample); what a description says is then a share of the sample.

    Cost is linear in the passages kept (at most 400 of each group and language).
    """
    corpora = {language: _Corpus(groups, language) for language in OFFICIAL_LANGUAGES}
    voices: dict[str, dict[Language, _Voice]] = {group.code: {} for group in groups}
    for language, corpus in corpora.items():
        for code, voice in corpus.voices(corpora[_OTHER[language]]).items():
            voices[code][language] = voice
    if embedder is not None:
        _weigh_by_meaning(groups, voices, embedder, vectors)
    names: dict[Language, dict[str, str]] = {}
    general: dict[Language, set[str]] = {}
    for language in OFFICIAL_LANGUAGES:
        names[language], general[language] = _names(groups, voices, language)
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
                unnamed=tuple(lang for lang in OFFICIAL_LANGUAGES if not name[lang]),
                generic=all(group.code in general[lang] for lang in name if name[lang]),
            )
        )
    return tuple(out)


# What each group says.


class _Corpus:
    """What all groups say in one language, counted once: texts by words and by phrases."""

    def __init__(self, groups: Sequence[Group], language: Language) -> None:
        self.language = language
        kept: dict[str, list[GroupPassage]] = {}
        for group in groups:
            passages = [p for p in group.passages if p.language is language]
            passages.sort(key=lambda p: (-p.centrality, p.document_id, p.start))
            if passages:
                kept[group.code] = passages[:SPEAKERS]
        unique = {(p.document_id, p.start, p.end): p for ps in kept.values() for p in ps}
        places = sorted(unique)
        where = {place: i for i, place in enumerate(places)}
        self.phrases = Phrases([unique[place].text for place in places], language)
        self.size = len(places)
        self.codes = list(kept)
        weights = sparse.lil_matrix((len(kept), self.size))
        for g, passages in enumerate(kept.values()):
            for p in passages:
                # A letter sent by many counts more than one comment, but not as much as all.
                weight = (0.4 + 0.6 * p.centrality) * (1 + log(p.weight))
                weights[g, where[p.document_id, p.start, p.end]] = weight
        self.weights = weights.tocsr()
        self._parent = {group.code: group.parent for group in groups if group.code in kept}

    def share(self, low: str) -> float:
        """The share of the texts in which a word is written."""
        return self.phrases.holding.get(low, 0) / self.size if self.size else 0.0

    def _foreign(self, low: str, other: _Corpus) -> bool:
        """Whether a word belongs to the other language: "français" in an English comment.

        A word both languages have ("service", "parking") is used about as often in either.
        """
        closed = lexicon(_OTHER[self.language]).function
        return low in closed or other.share(low) > FOREIGN * self.share(low)

    def _against(self, g: int) -> Floats:
        """The weights of the texts that group ``g`` is set against."""
        code = self.codes[g]
        parent = self._parent[code]
        sisters = [i for i, c in enumerate(self.codes) if self._parent[c] == parent and i != g] or [
            # An only child, or the only group: set it against everything else there is.
            i
            for i, c in enumerate(self.codes)
            if c not in (code, parent) and self._parent[c] != code
        ]
        if not sisters:
            return np.zeros(self.size)
        rest = np.asarray(self.weights[sisters].max(axis=0).todense()).ravel()
        rest[self.weights[g].indices] = 0.0
        return rest

    def voices(self, other: _Corpus) -> dict[str, _Voice]:
        """What each group that has text in this language says in it."""
        if not self.codes:
            return {}
        phrases = self.phrases
        # What one text holds of many can name nothing.
        least = 2 if self.size > FEW else 1
        roots = [root for root, held in sorted(phrases.words.items()) if len(held) >= least]
        known = set(roots)
        keys = sorted(key for key in phrases.phrases if known.issuperset(key))
        by_word = _incidence([phrases.words[root] for root in roots], self.size)
        by_phrase = _incidence([phrases.phrases[key].texts for key in keys], self.size)
        place = {root: i for i, root in enumerate(roots)}
        forms = [phrases.form(root) for root in roots]
        weak = np.asarray([phrases.is_weak(form.lower()) for form in forms], dtype=bool)
        nouns = np.asarray([phrases.is_noun(form.lower()) for form in forms], dtype=bool)
        # "Hold", "form", "passe": as a name alone, half a verb says half as much.
        halves = phrases.lexicon.ambiguous
        sure = np.asarray([0.5 if form.lower() in halves else 1.0 for form in forms])
        barred = np.asarray(
            [
                self._foreign(form.lower(), other) or phrases.is_rare_name(root, fewer=NAMES_FROM)
                for root, form in zip(roots, forms, strict=True)
            ],
            dtype=bool,
        )
        texts_of = np.asarray([len(phrases.words[root]) for root in roots])
        made_of = sparse.csc_matrix(
            (
                np.ones(sum(map(len, keys))),
                [place[root] for key in keys for root in key],
                np.cumsum([0, *map(len, keys)]),
            ),
            shape=(len(roots), len(keys)),
        )
        length = np.asarray([len(key) for key in keys], dtype=float)
        meant = made_of.copy()
        meant.data = np.where(weak[made_of.indices], 0.35, 1.0) if len(keys) else meant.data
        strong = np.asarray(made_of.T @ ~weak).ravel() > 0 if len(keys) else np.zeros(0, bool)
        quality = np.asarray([phrases.phrases[key].quality for key in keys])
        glue = np.asarray([0.3 + 0.7 * phrases.association(key) for key in keys])
        counts = {
            "word": (self.weights > 0).astype(float) @ by_word,
            "phrase": (self.weights > 0).astype(float) @ by_phrase,
        }
        shares = {"word": self.weights @ by_word, "phrase": self.weights @ by_phrase}
        out: dict[str, _Voice] = {}
        for g, code in enumerate(self.codes):
            here = self.weights[g]
            rest = self._against(g)
            total, others = float(here.sum()), float(rest.sum())
            in_words = np.asarray(shares["word"][g].todense()).ravel() / total
            in_phrases = np.asarray(shares["phrase"][g].todense()).ravel() / total
            out_words = by_word.T @ rest / (others or 1.0)
            out_phrases = by_phrase.T @ rest / (others or 1.0)
            held = np.asarray(counts["word"][g].todense()).ravel()
            said = np.asarray(counts["phrase"][g].todense()).ravel()
            mine = frozenset(here.indices.tolist())
            needed = min(here.nnz, max(SAID_BY, round(here.nnz * 0.02)))
            names: list[_Candidate] = []
            words = np.zeros(len(roots))
            for least in (needed, 1):
                # What one person said is used only where nobody said anything twice, and then only
                # words that others use elsewhere: never somebody's name.
                usable = (held >= least) & ~barred & ((least >= needed) | (texts_of >= 3))
                words = np.where(usable, _weigh(in_words, out_words, others), 0.0)
                whole = np.asarray(made_of.T @ usable).ravel() == length
                chosen = np.flatnonzero(whole & strong & (said >= least))
                telling = _lift(in_phrases[chosen], out_phrases[chosen])
                scores = (
                    (words @ meant[:, chosen])
                    / (length[chosen] + 0.4)
                    * quality[chosen]
                    * glue[chosen]
                    * in_phrases[chosen] ** 0.3
                    * (0.04 + 0.96 * telling)
                )
                best = np.lexsort((chosen, -np.round(scores, 12)))[:LISTED].tolist()
                names = [
                    _Candidate(
                        keys[chosen[i]],
                        phrases.phrases[keys[chosen[i]]].shown,
                        float(scores[i]),
                        phrases.phrases[keys[chosen[i]]].texts & mine,
                        phrases.phrases[keys[chosen[i]]].forms,
                        float(telling[i]),
                    )
                    for i in best
                ]
                alone = np.flatnonzero(usable & nouns & ~weak)
                telling = _lift(in_words[alone], out_words[alone])
                # One word says less than two: it must be said by many more to win.
                scores = (
                    0.26
                    * sure[alone]
                    * words[alone]
                    * in_words[alone] ** 0.3
                    * (0.04 + 0.96 * telling)
                )
                best = np.lexsort((alone, -np.round(scores, 12)))[:LISTED].tolist()
                names += [
                    _Candidate(
                        (roots[alone[i]],),
                        forms[alone[i]],
                        float(scores[i]),
                        mine.intersection(phrases.words[roots[alone[i]]].tolist()),
                        phrases.forms(roots[alone[i]]),
                        float(telling[i]),
                    )
                    for i in best
                ]
                if names or needed == 1:
                    break
            names.sort(key=lambda c: (-c.score, c.shown, c.key))
            kept = {roots[i]: float(words[i]) for i in np.flatnonzero(words).tolist()}
            if len(kept) < KEYWORDS:
                # Few texts: what one of them says of what others talk about too; never a name.
                spare = (held >= 1) & ~barred & (texts_of >= NAMES_FROM)
                less = np.where(spare, 0.5 * _weigh(in_words, out_words, others), 0.0)
                told = {roots[i]: float(less[i]) for i in np.flatnonzero(less).tolist()} | kept
            else:
                told = kept
            keywords = _keywords(phrases, told)
            out[code] = _Voice(
                dict(zip(here.indices.tolist(), here.data.tolist(), strict=True)),
                kept,
                names,
                keywords,
                tuple(
                    k
                    for k in _keywords(phrases, kept)
                    if phrases.can_start(k.lower()) and phrases.can_end(k.lower())
                ),
            )
        return out


def _incidence(
    texts: Sequence[Collection[int] | NDArray[np.int64]], size: int
) -> sparse.csc_matrix:
    """(texts, things) with 1 where the text holds the thing."""
    indices = [i for held in texts for i in held]
    starts = np.cumsum([0, *map(len, texts)])
    return sparse.csc_matrix((np.ones(len(indices)), indices, starts), shape=(size, len(texts)))


def _lift(inside: Floats, outside: Floats) -> Floats:
    """How much of a telling word it is, in [0, 1]: 0 where it is as common elsewhere.

    In the answers to one question its own subject is on every tongue and names no theme.
    """
    ratio = np.log(np.maximum(inside, 1e-12) / np.maximum(outside, 1e-12)) / log(3)
    found: Floats = np.where((outside > 0) & (inside > 0), np.clip(ratio, 0.0, 1.0), 1.0)
    found[outside > EVERYWHERE] = 0.0
    return found


def _weigh(inside: Floats, outside: Floats, others: float) -> Floats:
    """Class-based tf-idf: share here, times the log of how much more than elsewhere."""
    smooth = (outside * others + 0.5) / (others + 1.0)
    return np.sqrt(inside) * np.log1p(inside / (smooth + 0.01))


def _share(texts: Iterable[int], weights: dict[int, float], total: float) -> float:
    return sum(weights.get(i, 0.0) for i in texts) / total if total else 0.0


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
    groups: Sequence[Group],
    voices: dict[str, dict[Language, _Voice]],
    embedder: Embedder,
    vectors: Sequence[NDArray[np.floating]] | None,
) -> None:
    """Reorder the candidates of every voice by nearness to its group, and across languages."""
    wanted: dict[str, None] = {}
    for group in groups:
        for voice in voices[group.code].values():
            voice.names = _shortlist(voice)
            wanted.update(dict.fromkeys(c.shown for c in voice.names))
    central: dict[tuple[str, Language], list[str]] = {}
    if vectors is None:
        for group in groups:
            for language in voices[group.code]:
                own = sorted(
                    (p for p in group.passages if p.language is language),
                    key=lambda p: (-p.centrality, p.document_id, p.start),
                )
                central[group.code, language] = [p.text for p in own[:CENTRAL]]
                wanted.update(dict.fromkeys(central[group.code, language]))
    # A fixed order: the same rows in the same block give the same bits.
    texts = sorted(wanted)
    if not texts:
        return
    known = dict(zip(texts, embedder.embed(texts), strict=True))
    middles: dict[tuple[str, Language], Floats] = {}
    for i, group in enumerate(groups):
        for language in voices[group.code]:
            if vectors is None:
                rows = np.asarray([known[text] for text in central[group.code, language]])
            else:
                order = sorted(
                    (k for k, p in enumerate(group.passages) if p.language is language),
                    key=lambda k: (
                        -group.passages[k].centrality,
                        group.passages[k].document_id,
                        group.passages[k].start,
                    ),
                )
                rows = vectors[i][order[:SPEAKERS]].astype(np.float64)
            middles[group.code, language] = rows.mean(axis=0)
    parents = {group.code: group.parent for group in groups}
    for code, said in voices.items():
        for language, voice in said.items():
            middle = middles[code, language]
            sisters = [
                middles[other, language]
                for other, parent in sorted(parents.items())
                if parent == parents[code] and other != code and (other, language) in middles
            ]
            # What the group says that the others do not.
            apart = middle - OTHERS * np.mean(sisters, axis=0) if sisters else middle
            near = [float(known[c.shown] @ apart) for c in voice.names]
            best = max(near, default=0.0)
            voice.names = [
                replace(c, score=c.score * _nearness(n, best), vector=known[c.shown])
                for c, n in zip(voice.names, near, strict=True)
            ]
    for said in voices.values():
        alone = {language: voice.names for language, voice in said.items()}
        for language, voice in said.items():
            ranked = sorted(alone.get(_OTHER[language], []), key=lambda c: (-c.score, c.shown))
            echoes = ranked[:12]
            if not echoes:
                continue
            top = max(c.score for c in echoes) or 1.0
            voice.names = [
                replace(
                    c,
                    score=c.score * (0.4 + max(c.like(e) * (e.score / top) ** 0.5 for e in echoes)),
                )
                for c in voice.names
            ]
        for voice in said.values():
            voice.names.sort(key=lambda c: (-round(c.score, 9), c.shown, c.key))


def _shortlist(voice: _Voice) -> list[_Candidate]:
    """The candidates whose meaning is looked at: phrases first, some words alone."""
    phrases = [c for c in voice.names if len(c.key) > 1][: CONSIDERED - CONSIDERED // 3]
    words = [c for c in voice.names if len(c.key) == 1][: CONSIDERED - len(phrases)]
    return sorted(phrases + words, key=lambda c: (-c.score, c.shown, c.key))


def _nearness(near: float, best: float) -> float:
    return float(max(0.05, near / best) ** 1.5) if best > 0 else 1.0


# Names.


def _names(
    groups: Sequence[Group], voices: dict[str, dict[Language, _Voice]], language: Language
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
    voice: _Voice,
    taken: set[frozenset[str]],
    shown: set[str],
    language: Language,
    parent: frozenset[str],
) -> tuple[str, frozenset[str], bool]:
    """The name, its words, and whether it tells the group from the others."""
    total = sum(voice.weights.values())
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
    for found in ranked:
        first = _longer(voice, ranked, found)
        enough = COVERS_ENOUGH if len(first.key) > 1 else COVERS_ALONE
        second = None
        if _share(first.texts, voice.weights, total) < enough:
            second = _second(voice, ranked, first, total)
        for other in (second, None) if second else (None,):
            key = frozenset(first.key) | frozenset(other.key if other else ())
            text = _sentence_case(first.shown + (_AND[language] + other.shown if other else ""))
            if key not in taken and text.casefold() not in shown:
                return text, key, not common(found)
    return (*_last_resort(voice, taken, shown, language), False)


def _longer(voice: _Voice, ranked: Sequence[_Candidate], word: _Candidate) -> _Candidate:
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
    voice: _Voice, ranked: Sequence[_Candidate], first: _Candidate, total: float
) -> _Candidate | None:
    """What to name beside ``first``: something else that others in the group said."""
    best: tuple[float, str, _Candidate] | None = None
    # One word alone says little: nearly any second part makes it more specific.
    least = 0.08 if len(first.key) == 1 else 0.35
    for candidate in ranked[:25]:
        if candidate.lift < TELLING or not _apart(candidate, first):
            continue
        candidate = _longer(voice, ranked, candidate)
        # One word is put beside a phrase only where much speaks for it.
        worth = candidate.score * (1.0 if len(candidate.key) >= len(first.key) else ONE_BESIDE)
        if worth < first.score * least or not _apart(candidate, first):
            continue
        if len(first.shown) + len(candidate.shown) > LONGEST:
            continue
        added = _share(candidate.texts - first.texts, voice.weights, total)
        # "Call and phone" says one thing twice.
        new = 1.0 - max(0.0, candidate.like(first) - ALIKE) / (1.0 - ALIKE)
        found = (-worth * sqrt(added) * new, candidate.shown, candidate)
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
    """Nouns among the keywords put together until nobody else has that name, or nothing."""
    for n in range(1, len(voice.nouns) + 1):
        parts = voice.nouns[:n]
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


@lru_cache(maxsize=16_384)
def _plain(text: str) -> str:
    return " ".join(clean(text).lower().split())


def _evidence(group: Group, voice: _Voice, language: Language) -> list[tuple[str, int]]:
    """Up to three things said, none sharing a word, with the documents that say each.

    The count is over all passages of the group, in any written form of the words: a reader who
    searches for them finds as many.
    """
    texts = [
        (p.document_id, p.weight, _plain(p.text)) for p in group.passages if p.language is language
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
        # What one person said is nobody's "most often".
        if (said := sum(documents.values())) >= SAID_BY:
            found.append((candidate.shown, said))
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
