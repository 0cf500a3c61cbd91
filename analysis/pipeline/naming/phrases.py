"""Noun phrases of a set of texts, found without a part-of-speech tagger.

No tagger for both languages can be had offline, so a phrase is recognised by its company, counted
over all texts of the language: nouns follow articles and prepositions, verbs follow pronouns and
auxiliaries; a French noun phrase is preceded by an article, an English one is followed by the end
of the group. Words are grouped by Snowball stem (Porter 2001) and always shown in the written form
people used most, so accents, gender and elisions are theirs.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.reading.normalise import fold
from analysis.pipeline.reading.word_lists import listed
from analysis.pipeline.types import Language

from .lexicon import Segment, Token, lexicon, segments, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

Key = tuple[str, ...]

MAX_TOKENS = 7  # "accès à l'aide médicale à mourir" with its articles
BONDED = 4  # times that two words are said together before they are one thing
MAX_CONTENT = 4  # words that mean something; more is a sentence

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# "faut-il", "est-ce", "dit-on", "celui-là": verb or pronoun with its own pronoun.
_INVERSION = re.compile(r"-(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous|là|ci|même|mêmes)$")
_KEEPS_HYPHEN = frozenset({"rendez-vous"})


_CONNECTORS = {
    Language.EN: listed("of for in on to at by with without from the a an between against"),
    Language.FR: listed(
        "de d du des la le les l à au aux en sur pour par sans dans contre entre avec chez "
        "vers sous"
    ),
}
# What a name may not stand on between two nouns when it is an article alone: in "the state the law"
# two phrases meet by chance.
_ARTICLES = {
    Language.EN: listed("the a an"),
    Language.FR: listed("la le les l un une leur leurs"),
}
_NOUN_COMPANY = {
    Language.EN: listed(
        "a an the this these those my our your his her their its some any no each every more "
        "less fewer most all of for in with by on from about without between against"
    ),
    Language.FR: listed(
        "le la l les un une des du de d au aux ce cet cette ces mon ma mes notre nos votre vos "
        "leur leurs son sa ses quelques plusieurs chaque aucun aucune sans par en sous toute "
        "tout toutes tous certains certaines"
    ),
}
_VERB_COMPANY = {
    Language.EN: listed(
        "to i you we they he she it who will would can could should must may might not don't "
        "doesn't didn't won't can't cannot never always please let's and is are was were be "
        "been being have has had having get gets got"
    ),
    Language.FR: listed(
        "je j tu il elle on nous vous ils elles qui ne n se s me m te t y peut peuvent doit "
        "doivent faut"
    ),
}
_FR_ARTICLE = listed(
    "le la l les un une des du au aux ce cet cette ces mon ma mes notre nos votre vos son "
    "sa ses leur leurs"
)
# Those that cannot be a pronoun before a verb, as "le" and "les" can.
_FR_DETERMINER = _FR_ARTICLE - listed("le la l les leur")
# Nouns in -ment are many; adverbs are made from a feminine adjective, or end in -amment, -emment.
_FR_ADVERB = re.compile(
    r"(?:amment|emment|[aeiouéèê](?:l|ll|r|s|t|tt|v|x|bl|qu|d|ch|n|nn)ement|ément|iment|ument)$"
)
_FR_NOT_ADVERB = re.compile(
    r"(?:logement|gouvernement|paiement|traitement|changement|développement|enseignement|"
    r"environnement|jugement|financement|fonctionnement|versement|abonnement|établissement|"
    r"enregistrement|licenciement|médicament|appartement|document|élément|département|"
    r"complément|événement|évènement|comportement|investissement|déplacement|accompagnement|"
    r"stationnement|règlement|équipement|allongement|engagement|hébergement|recrutement|rendement|"
    r"remboursement|prélèvement|mouvement|ment(?:s))$"
)
_FR_BOUND = listed("compte place charge cause jour partie fin face mise prise")
_FR_PAST = re.compile(r"(?:é|ée|és|ées|i|u)$")
_FR_INFINITIVE = re.compile(r"(?:er|ir|oir|dre|tre|ire|vre|pre)$")
_FR_PARTICIPLE = re.compile(r"ants?$")
_AND = listed("and or et ou")
_EN_DETERMINER = listed("a an the this these those my our your his her their its them")
_EN_MODIFIED = listed("a an the this these those my our your his her their its any no every")
_EN_ADVERB = re.compile(r"(?<!p)(?<!fami)(?<!mono)(?<!assemb)(?<!earth)ly$")
_EN_ADJECTIVE = re.compile(
    r"(?:ic|al|ous|ive|ble|ful|less|ary|ish|ed|an|ent|ant|er|est|ern|ible|y)$"
)
_EN_PAST = re.compile(r"[^e]ed$")
# "Reliant", "dependent", not "grant" or "punishment".
_EN_NO_THING = re.compile(r"\w{4}(?:ant|(?<!m)ent)$")
# Adjectives that look like nothing else; "cash withdrawal" and "fair trial" do not.
_EN_NO_NOUN = re.compile(r"(?:(?:ic|ous|ive|ble|ful|less|ish)|[^vwsi]al)$")


@dataclass(slots=True)
class _Seen:
    """What was counted about one phrase over all texts of its language."""

    texts: set[int] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)
    count: int = 0
    left: int = 0  # times something that is no content word stood before it
    right: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as people wrote it. ``texts`` are the indices of the texts that hold it.

    ``quality`` in [0, 1] says how much it behaves like a whole noun phrase.
    """

    key: Key
    shown: str
    texts: frozenset[int]
    quality: float
    forms: tuple[str, ...] = ()


class Phrases:
    """All words and phrases of the texts of one language.

    ``words`` and ``phrases`` map a key of stems to what was counted. Texts are given once, in an
    order that does not matter: ties are broken by spelling, never by position.
    """

    def __init__(self, texts: Sequence[str], language: Language) -> None:
        self.language = language
        self.lexicon = lexicon(language)
        self.size = len(texts)
        self._nouns: Counter[str] = Counter()
        self._articles: Counter[str] = Counter()
        self._determined: Counter[str] = Counter()
        self._alone: Counter[str] = Counter()
        self._verbs: Counter[str] = Counter()
        self._objects: Counter[str] = Counter()
        self._closed: Counter[str] = Counter()
        self._last: Counter[str] = Counter()
        self._bound: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._cases: dict[str, Counter[str]] = defaultdict(Counter)
        self._lone_cases: dict[str, Counter[str]] = defaultdict(Counter)
        cut = [segments(text, language) for text in texts]
        vocabulary, text_of, word_of = self._learn(cut)
        self._roots = {low: stem(low, language) for low in vocabulary if self._content(low)}
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        for low, root in self._roots.items():
            self._forms[root][low] = self._counts[low]
        self._stem_counts = {root: f.total() for root, f in self._forms.items()}
        self._stem_total = sum(self._stem_counts.values())
        self._family: dict[str, tuple[int, int]] = {
            root: (sum(self._nouns[low] for low in f), sum(self._verbs[low] for low in f))
            for root, f in self._forms.items()
        }
        self.holding, self.words = self._held(vocabulary, text_of, word_of)
        self._kinds: dict[str, tuple[bool, bool, bool]] = {}
        for low in self._roots:
            self._kinds[low] = (self.can_start(low), self.can_end(low), self._verbal(low))
        # No phrase goes on with a verb: "policy presents risks".
        self._breaks = self.lexicon.verb | {
            low
            for low, (_start, _end, verbal) in self._kinds.items()
            if verbal and low[-1] == "s" and language is Language.EN
        }
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._links: Counter[tuple[str, str]] = Counter()
        chains = [
            (i, piece, chain)
            for i, pieces in enumerate(cut)
            for piece in pieces
            if (chain := self._chain(piece))
        ]
        seen: dict[Key, _Seen] = defaultdict(_Seen)
        for i, piece, chain in chains:
            self._collect(i, piece, chain, seen)
        self.phrases: dict[Key, Phrase] = {}
        longer = self._longest(seen)
        for key, found in seen.items():
            quality = self._quality(key, found, longer.get(key, 0))
            if quality > 0:
                # Between two forms used alike, the one in small letters.
                shown = max(found.forms, key=lambda form: (found.forms[form], form))
                shown = _WORD.sub(lambda m: self._spelled(m.group()), shown)
                self.phrases[key] = Phrase(
                    key, shown, frozenset(found.texts), quality, tuple(sorted(found.forms))
                )

    # What a word is.

    def _content(self, low: str) -> bool:
        if low in self.lexicon.function or not any(c.isalpha() for c in low):
            return False
        if self.language is Language.FR and low not in _KEEPS_HYPHEN and _INVERSION.search(low):
            return False
        return len(low) > 1 and (low[0].isalpha() or sum(c.isalpha() for c in low) > 3)

    def is_content(self, low: str) -> bool:
        """A word that means something: neither closed-class nor a number nor a letter alone."""
        return low in self._roots or self._content(low)

    def is_weak(self, low: str) -> bool:
        """Too general to name or to be a keyword by itself."""
        return (
            low in self.lexicon.weak
            or low in self.lexicon.verb
            or (len(low) < 3 and low.isalpha() and low not in self._acronyms)
        )

    def _learn(self, cut: Sequence[Sequence[Segment]]) -> tuple[list[str], Numbers, Numbers]:
        """Count the company and the capitals of each word over all texts.

        Returns the words there are, and of each word of each text in turn the number of the text
        and of the word.
        """
        number: dict[str, int] = {"": 0}
        ids: list[int] = [0]
        texts: list[int] = [-1]
        capitals: Counter[str] = Counter()
        lone: Counter[str] = Counter()
        for i, pieces in enumerate(cut):
            for _text, tokens, shouted in pieces:
                for token in tokens:
                    low = token[0]
                    ids.append(number.setdefault(low, len(number)))
                    if not shouted and token[1] != low and not token[4]:
                        capitals[token[1]] += 1
                ids.append(0)
                texts.extend([i] * len(tokens))
                texts.append(-1)
                if shouted:
                    continue
                capital_before = False
                for k, token in enumerate(tokens):
                    # The capital of "World War" is not one of "war".
                    capital = token[1] != token[0]
                    if capital and not capital_before and not token[4]:
                        last = k + 1 == len(tokens)
                        if last or tokens[k + 1].written == tokens[k + 1].low:
                            lone[token[1]] += 1
                    capital_before = capital
        vocabulary = list(number)
        words = np.asarray(ids)
        before, here, after = words[:-2], words[1:-1], words[2:]

        def among(company: frozenset[str]) -> NDArray[np.bool_]:
            return np.fromiter((low in company for low in vocabulary), bool, len(vocabulary))

        def count(where: NDArray[np.bool_]) -> Counter[str]:
            found = np.bincount(here[where], minlength=len(vocabulary))
            found[0] = 0
            return Counter({vocabulary[n]: int(found[n]) for n in np.flatnonzero(found).tolist()})

        nouns = among(_NOUN_COMPANY[self.language])
        ends = among(self.lexicon.function - _AND)
        nothing = among(frozenset({""}))
        self._counts = count(here > 0)
        self._nouns = count(nouns[before])
        self._verbs = count(among(_VERB_COMPANY[self.language])[before])
        # "for parents to", "a refund.": a noun by itself, on both sides; not "legal and".
        self._alone = count((nouns | nothing)[before] & (ends | nothing)[after])
        if self.language is Language.FR:
            self._articles = count(among(_FR_ARTICLE)[before])
            self._last = count(nothing[after])
            self._bound = count(among(frozenset({"en"}))[before])
            self._determined = count(among(_FR_DETERMINER)[before])
        else:
            self._objects = count(among(_EN_DETERMINER)[after])
            closing = among(self.lexicon.function - _EN_DETERMINER) | nothing
            self._closed = count(closing[after])
        for written, n in capitals.items():
            self._cases[written.lower()][written] += n
        for written, n in lone.items():
            self._lone_cases[written.lower()][written] += n
        for pieces in cut:
            for _text, tokens, shouted in pieces:
                if not shouted:
                    for token in tokens:
                        if token[0] in self._cases and token[1] == token[0] and not token[4]:
                            self._cases[token[0]][token[0]] += 1
                            self._lone_cases[token[0]][token[0]] += 1
        self._acronyms = {
            low for low, found in self._cases.items() if self._usual(low, found).isupper()
        }
        return vocabulary, np.asarray(texts), words

    def _held(
        self, vocabulary: list[str], text_of: Numbers, word_of: Numbers
    ) -> tuple[dict[str, int], dict[str, Numbers]]:
        """How many texts hold each word, and which texts each stem."""
        real = word_of > 0
        held = np.unique(text_of[real] * len(vocabulary) + word_of[real])
        counts = np.bincount(held % len(vocabulary), minlength=len(vocabulary)).tolist()
        holding = dict(zip(vocabulary, counts, strict=True))
        roots = sorted(self._forms)
        place = {root: n for n, root in enumerate(roots)}
        root_of = np.asarray([place.get(self._roots.get(low, ""), -1) for low in vocabulary])
        root = root_of[held % len(vocabulary)]
        text = held // len(vocabulary)
        pairs = np.unique(root[root >= 0] * self.size + text[root >= 0])
        if not roots:
            return holding, {}
        starts = np.searchsorted(pairs, np.arange(1, len(roots)) * self.size)
        parts = np.split(pairs % self.size, starts)
        return holding, dict(zip(roots, parts, strict=True))

    @staticmethod
    def _usual(low: str, cases: Counter[str]) -> str:
        best = min(cases, key=lambda form: (-cases[form], form))
        # A capital must be the habit, not an accident, to be shown.
        return best if cases[best] > cases.total() * 2 / 3 else low

    def shown(self, low: str) -> str:
        """The word in its usual case: ``Canada``, ``RSA``, ``service``."""
        cases = self._lone_cases.get(low) or self._cases.get(low)
        return self._usual(low, cases) if cases else low

    def form(self, root: str) -> str:
        """The form of a stem that people wrote most, in its usual case."""
        forms = self._forms[root]
        # Between two used alike, the one with accents.
        usual = min(forms, key=lambda form: (-forms[form], form.isascii(), form))
        # "Visas" names a subject, "visa" a thing: the plural, where people use it about as often.
        for plural in (usual + "s", usual + "x", usual + "es"):
            if forms[plural] * 3 >= forms[usual] and self.shown(usual) == usual:
                usual = plural
                break
        return self.shown(usual)

    def _spelled(self, word: str) -> str:
        """The word with the accents that most people gave it: ``français`` for ``francais``."""
        low = word.lower()
        forms: Counter[str] = self._forms.get(self._roots.get(low, ""), Counter())
        alike = [form for form in forms if fold(form) == fold(low)]
        best = min(alike, key=lambda form: (-forms[form], form.isascii(), form), default=low)
        if best == low:
            return word
        return best.upper() if word.isupper() else best.title() if word[0].isupper() else best

    def is_rare_name(self, root: str, *, fewer: int) -> bool:
        """A word with a capital that fewer than so many texts hold: a person's name, perhaps."""
        if len(self.words[root]) >= fewer:
            return False
        low = min(self._forms[root], key=lambda form: (-self._forms[root][form], form))
        if low in self.lexicon.capital:
            return False
        return self.shown(low)[:1].isupper() and low not in self._acronyms

    def forms(self, root: str) -> tuple[str, ...]:
        """Every form of a stem that somebody wrote, in lower case."""
        return tuple(sorted(self._forms[root]))

    def _verbal(self, low: str) -> bool:
        """Whether the word is more a verb (or an adverb) than a noun or an adjective."""
        lex = self.lexicon
        if low in lex.verb:
            return True
        noun, verb = self._nouns[low], self._verbs[low]
        if low in lex.ambiguous:
            return noun <= verb
        if self.language is Language.EN:
            if _EN_ADVERB.search(low):
                return True
            if low.endswith("s") and noun == 0:
                # "It isolates", "punishment serves": a verb, if its other forms are.
                if self._counts[low] >= 4 and self._closed[low] * 3 < self._counts[low]:
                    return True
                nouns, verbs = self._family.get(self._roots.get(low, ""), (0, 0))
                return verbs >= nouns and verb + self._counts[low] > 1
            if low.endswith("ing"):
                # "Entering the priesthood": what takes an object is a verb.
                return verb > noun or self._objects[low] * 4 > self._counts[low]
            return verb > noun and verb >= 2
        if low.endswith("ment") and _FR_ADVERB.search(low) and not _FR_NOT_ADVERB.search(low):
            return self._articles[low] == 0
        if _FR_INFINITIVE.search(low) and self._determined[low] == 0:
            return noun <= verb or self._articles[low] < 3 or low[-2:] in {"er", "ir"}
        if _FR_PARTICIPLE.search(low) and self._articles[low] == 0 and noun <= verb:
            # "Fauteuil roulant." ends there; "enfants vivant dans" does not.
            return self._last[low] * 3 < self._counts[low]
        return verb > noun and verb >= 2

    def can_start(self, low: str) -> bool:
        """Whether a name may begin with the word: a noun, or an English adjective."""
        if not self.is_content(low) or self._verbal(low):
            return False
        if self.language is Language.FR and _FR_PAST.search(low):
            # "généré d'économies": a participle, unless people put an article before it.
            return self._articles[low] > 0
        if self.language is Language.FR:
            # "Accessibles aux personnes", "liées à": a name begins with what articles stand before.
            return self._nouns[low] * 4 >= self._counts[low]
        return True

    def can_end(self, low: str) -> bool:
        if not self.is_content(low) or self._verbal(low):
            return False
        if self.language is Language.FR:
            return True
        if _EN_PAST.search(low) and len(low) > 4:
            return False
        # "Cards available", "clubs reliant": unless people use it as a noun.
        if _EN_NO_THING.search(low) and self._nouns[low] == 0:
            return False
        return self._alone[low] > 0 or not _EN_NO_NOUN.search(low)

    def is_noun(self, low: str) -> bool:
        """Whether the word can stand alone as a name: an adjective cannot."""
        if not self.can_start(low) or not self.can_end(low):
            return False
        count = self._counts[low]
        if self.language is Language.EN:
            # "Parking" stands before lot, meter and space and is a subject; "medical" is not.
            least = 0.3 if _EN_ADJECTIVE.search(low) else 0.05
            return self._alone[low] > count * least
        # "En ligne" is one thing; a line is another.
        bound = self._bound[low] * 2 > self._nouns[low] and low not in self.lexicon.capital
        return self._nouns[low] >= count * 0.4 and not bound

    # Phrases.

    def _chain(self, piece: Segment) -> list[tuple[int, bool]]:
        """Where the content words of ``piece`` stand, and whether each is joined to the next.

        Two are joined by nothing, or by articles and prepositions of which the first is no article:
        in "the state the law" two phrases meet by chance. Counts the joints.
        """
        connectors, articles = _CONNECTORS[self.language], _ARTICLES[self.language]
        breaks, kinds, roots = self._breaks, self._kinds, self._roots
        tokens = piece.tokens
        out: list[tuple[int, bool]] = []
        last, low_before = -1, ""
        open_ = False
        for k, token in enumerate(tokens):
            low = token.low
            if low not in roots:
                if open_ and (
                    low not in connectors
                    or k - last > 3
                    # What comes before "of", "in", "at" is the head of the phrase: a noun.
                    or (k - last == 1 and (low in articles or not kinds[low_before][1]))
                ):
                    open_ = False
                continue
            if last >= 0:
                joined = open_ and low not in breaks
                out.append((last, joined))
                pair = (roots[low_before], roots[low])
                if joined:
                    self._links[pair] += 1
                if k - last == 1:
                    self._pairs[pair] += 1
            last, low_before, open_ = k, low, True
        if last >= 0:
            out.append((last, False))
        return out if len(out) > 1 else []

    def _collect(
        self, index: int, piece: Segment, chain: list[tuple[int, bool]], seen: dict[Key, _Seen]
    ) -> None:
        """Add every stretch of ``piece`` that could be a noun phrase.

        What is said twice is made of pairs that are said twice: no longer stretch is looked at.
        """
        tokens, kinds, roots = piece.tokens, self._kinds, self._roots
        end = len(tokens)
        for c, (i, joined) in enumerate(chain):
            if not joined or not (kinds[tokens[i].low][0] or self._modifies(tokens, i)):
                continue
            key = [roots[tokens[i].low]]
            left: bool | None = None
            at = c
            while chain[at][1] and len(key) < MAX_CONTENT:
                at += 1
                j = chain[at][0]
                low = tokens[j].low
                root = roots[low]
                if j - i >= MAX_TOKENS or self._links[key[-1], root] < 2 or root in key:
                    break
                key.append(root)
                if not kinds[low][1] and not self._bonded(key[-2], root):
                    continue
                if left is None:
                    left = self._opens(tokens, i)
                found = seen[tuple(key)]
                found.count += 1
                found.texts.add(index)
                found.left += left
                follows = tokens[j + 1].low if j + 1 < end else ""
                found.right += follows not in roots or kinds[follows][2]
                found.forms[self._written(piece, i, j)] += 1

    def _bonded(self, root: str, after: str) -> bool:
        """Whether an English word is hardly ever said but before the other: "Apple Pay"."""
        together = self._pairs[root, after]
        return (
            self.language is Language.EN
            and together >= BONDED
            and together >= 0.7 * self._stem_counts[root]
        )

    def _modifies(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a verb's form stands before a noun as an adjective: "my stolen card"."""
        if self.language is Language.FR or i == 0 or tokens[i - 1].low not in _EN_MODIFIED:
            return False
        low = tokens[i].low
        return low.endswith(("ed", "ing", "en")) or low in {"lost", "sold", "hidden", "unpaid"}

    def _opens(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a phrase may begin at ``i`` by what stands before it."""
        if i == 0:
            return True
        before = tokens[i - 1].low
        # "prise en compte des revenus": what follows "en" belongs to what goes before it.
        if self.language is Language.FR:
            if before == "en":
                return False
            # "tenir compte des revenus", "prendre en charge": the noun belongs to its verb.
            if tokens[i].low in _FR_BOUND and before not in _FR_DETERMINER:
                return False
        return before not in self._roots or self._kinds[before][2]

    def _written(self, piece: Segment, i: int, j: int) -> str:
        """The stretch as written, without the capital of a sentence or of a shout."""
        tokens = piece.tokens
        if not piece.shouted and not any(token.first for token in tokens[i : j + 1]):
            return piece.text[tokens[i].start : tokens[j].end]
        out = ""
        for k in range(i, j + 1):
            token = tokens[k]
            if k > i:
                out += piece.text[tokens[k - 1].end : token.start]
            out += self.shown(token.low) if piece.shouted or token.first else token.written
        return out

    @staticmethod
    def _longest(seen: dict[Key, _Seen]) -> dict[Key, int]:
        """For each phrase the largest count of a phrase that holds it and one word more."""
        out: dict[Key, int] = {}
        for key, found in seen.items():
            for part in (key[1:], key[:-1]):
                if len(part) >= 2:
                    out[part] = max(out.get(part, 0), found.count)
        return out

    def _quality(self, key: Key, found: _Seen, longer: int) -> float:
        """How much this is a whole noun phrase and not a piece of one, in [0, 1].

        The product of three shares: it stands alone on the left, on the right, and outside a
        longer phrase that is nearly always meant (the C-value idea, Frantzi et al. 2000).
        """
        if found.count < 2 or (self.language is Language.EN and self._meets(key)):
            return 0.0
        left = (found.left + 0.5) / (found.count + 1)
        right = (found.right + 0.5) / (found.count + 1)
        # Adjectives stand before the noun in English and after it in French.
        weights = (0.3, 1.0) if self.language is Language.EN else (1.0, 0.3)
        whole = left ** weights[0] * right ** weights[1]
        if self.is_weak(self.form(key[-1]).lower()) and not self._pairs[key[-2], key[-1]]:
            # "Certificate on Monday", "service for people": what follows adds nothing.
            whole *= 0.4
        row = all(self._pairs[pair] for pair in itertools.pairwise(key))
        if self.language is Language.EN and len(key) == MAX_CONTENT and row:
            # "Policy presents serious risks": four in a row are as often a sentence.
            whole *= 0.5
        nested = 1.0 - 0.8 * max(0.0, (longer / found.count - 0.4) / 0.6)
        return float(whole * nested)

    def _meets(self, key: Key) -> bool:
        """Whether two nouns only meet: in "rights people have" the second opens a clause."""
        last, before = self.form(key[-1]).lower(), self.form(key[-2]).lower()
        plural = before.endswith("s") and not before.endswith(("ss", "us", "is", "'s"))
        return plural and last in self.lexicon.weak and self._pairs[key[-2], key[-1]] > 0

    def association(self, key: Key) -> float:
        """The weakest normalised pointwise mutual information between neighbours, in [0, 1]."""
        total = max(2, self._stem_total)
        worst = 1.0
        for a, b in itertools.pairwise(key):
            together = self._pairs.get((a, b), 0)
            if not together:
                continue
            expected = self._stem_counts[a] * self._stem_counts[b] / total
            npmi = log(together / expected) / -log(together / total) if together < total else 1.0
            worst = min(worst, max(0.0, float(npmi)))
        return worst
