"""The words of a set of texts: what kind each is, by its company, and how it is shown.

No tagger for both languages can be had offline, so a word is known by its company, counted over
all texts of the language: nouns follow articles and prepositions, verbs follow pronouns and
auxiliaries. Words are grouped by Snowball stem (Porter 2001) and always shown in the written form
people used most, so accents, gender and elisions are theirs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.reading.little_words import THIRD
from analysis.pipeline.reading.normalise import fold
from analysis.pipeline.reading.word_lists import listed
from analysis.pipeline.types import Language

from .lexicon import Segment, lexicon, stem

Numbers = NDArray[np.int64]

# "faut-il", "est-ce", "dit-on", "celui-là": verb or pronoun with its own pronoun.
_INVERSION = re.compile(r"-(?:t-)?(?:ils?|elles?|on|ce|je|tu|nous|vous|là|ci|même|mêmes)$")
_KEEPS_HYPHEN = frozenset({"rendez-vous"})
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
FR_DETERMINER = _FR_ARTICLE - listed("le la l les leur")
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
_FR_PAST = re.compile(r"(?:é|ée|és|ées|i|u)$")
_FR_INFINITIVE = re.compile(r"(?:er|ir|oir|dre|tre|ire|vre|pre)$")
_FR_PARTICIPLE = re.compile(r"ants?$")
_AND = listed("and or et ou")
_EN_DETERMINER = listed("a an the this these those my our your his her their its them")
_EN_ADVERB = re.compile(r"(?<!p)(?<!fami)(?<!mono)(?<!assemb)(?<!earth)ly$")
_EN_ADJECTIVE = re.compile(
    r"(?:ic|al|ous|ive|ble|ful|less|ary|ish|ed|an|ent|ant|er|est|ern|ible|y)$"
)
_EN_PAST = re.compile(r"[^e]ed$")
# "Reliant", "dependent", not "grant" or "punishment".
_EN_NO_THING = re.compile(r"\w{4}(?:ant|(?<!m)ent)$")
# Adjectives that look like nothing else; "cash withdrawal" and "fair trial" do not.
_EN_NO_NOUN = re.compile(r"(?:(?:ic|ous|ive|ble|ful|less|ish)|[^vwsi]al)$")
# Letters of a word that may be the initials of others.
_INITIALS = 5
# A word this long, one letter from another that so many times as many texts hold, is misspelled.
_SPELLED, _RARER, _SELDOM = 7, 8, 3


class Vocabulary:
    """All words of the texts of one language, each text cut in segments.

    ``words`` maps a stem to the texts that hold it, ``holding`` a word to how many do; ``roots``
    gives the stem of each word that means something. Texts are given once, in an order that does
    not matter: ties are broken by spelling, never by position.
    """

    def __init__(self, cut: Sequence[Sequence[Segment]], language: Language) -> None:
        self.language = language
        self.lexicon = lexicon(language)
        self.size = len(cut)
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
        self._third = _of_third_languages(cut)
        vocabulary, text_of, word_of = self._learn(cut)
        self.roots = {low: stem(low, language) for low in vocabulary if self._content(low)}
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        for low, root in self.roots.items():
            self._forms[root][low] = self._counts[low]
        self.stem_counts = {root: f.total() for root, f in self._forms.items()}
        self.stem_total = sum(self.stem_counts.values())
        self._family: dict[str, tuple[int, int]] = {
            root: (sum(self._nouns[low] for low in f), sum(self._verbs[low] for low in f))
            for root, f in self._forms.items()
        }
        self.holding, self.words = self._held(vocabulary, text_of, word_of)

    def _content(self, low: str) -> bool:
        if low in self.lexicon.function or low in self._third or not any(c.isalpha() for c in low):
            return False
        if self.language is Language.FR and low not in _KEEPS_HYPHEN and _INVERSION.search(low):
            return False
        return len(low) > 1 and (low[0].isalpha() or sum(c.isalpha() for c in low) > 3)

    def is_content(self, low: str) -> bool:
        """A word that means something: neither closed-class nor a number nor a letter alone."""
        return low in self.roots or self._content(low)

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
            self._determined = count(among(FR_DETERMINER)[before])
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
        root_of = np.asarray([place.get(self.roots.get(low, ""), -1) for low in vocabulary])
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
        capitals = low.upper()
        if len(low) <= _INITIALS and cases[capitals] * 3 >= cases.total() and cases[capitals] > 2:
            # "tva" two times in three is the TVA that others write.
            return capitals
        best = min(cases, key=lambda form: (-cases[form], form))
        # A capital must be the habit, not an accident, to be shown.
        return best if cases[best] > cases.total() * 2 / 3 else low

    def shown(self, low: str) -> str:
        """The word in its usual case: ``Canada``, ``RSA``, ``service``."""
        if low in self.lexicon.initialism:
            return low.upper()
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

    def spelled(self, word: str) -> str:
        """The word with the accents that most people gave it: ``français`` for ``francais``."""
        low = word.lower()
        if low in self.lexicon.initialism:
            return low.upper()
        forms: Counter[str] = self._forms.get(self.roots.get(low, ""), Counter())
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

    def misspelled(self) -> frozenset[str]:
        """Stems of long words that are a letter away from one that far more texts hold."""
        held = {root: len(texts) for root, texts in self.words.items()}
        usual = {
            root: max(self._forms[root], key=lambda f: (self._forms[root][f], f)) for root in held
        }
        often: dict[str, int] = {}
        for root, low in usual.items():
            if held[root] >= _RARER and len(low) >= _SPELLED - 1:
                for near in _without_a_letter(low):
                    often[near] = max(often.get(near, 0), held[root])
        return frozenset(
            root
            for root, low in usual.items()
            if held[root] <= _SELDOM
            and len(low) >= _SPELLED
            and max(often.get(near, 0) for near in _without_a_letter(low)) >= _RARER * held[root]
        )

    def forms(self, root: str) -> tuple[str, ...]:
        """Every form of a stem that somebody wrote, in lower case."""
        return tuple(sorted(self._forms[root]))

    def is_verbal(self, low: str) -> bool:
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
                nouns, verbs = self._family.get(self.roots.get(low, ""), (0, 0))
                if not verbs and self._closed[low] == self._counts[low]:
                    # "Vehicle permits": nothing speaks for a verb, and it takes no object.
                    return False
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
        if not self.is_content(low) or self.is_verbal(low):
            return False
        if self.language is Language.FR and _FR_PAST.search(low):
            # "généré d'économies": a participle, unless people put an article before it.
            return self._articles[low] > 0
        if self.language is Language.FR:
            # "Accessibles aux personnes", "liées à": a name begins with what articles stand before.
            return self._nouns[low] * 4 >= self._counts[low]
        return True

    def can_end(self, low: str) -> bool:
        if not self.is_content(low) or self.is_verbal(low):
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


def _of_third_languages(cut: Sequence[Sequence[Segment]]) -> frozenset[str]:
    """Little words of third languages ("nicht", "para"): half the time among others of theirs.

    "War" and "die" are German, and English where no other German word is in the text.
    """
    held: Counter[str] = Counter()
    among: Counter[str] = Counter()
    for pieces in cut:
        lows = {token.low for piece in pieces for token in piece.tokens}
        found = {low for low in lows if low in THIRD or fold(low) in THIRD}
        held.update(found)
        if len(found) > 1:
            among.update(found)
    return frozenset(low for low, n in held.items() if among[low] * 2 >= n)


def _without_a_letter(word: str) -> set[str]:
    """The word, and the word without each of its letters but the first."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(1, len(word)))}
