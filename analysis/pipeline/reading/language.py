"""Which language a text is written in: English, French, another one, or not to be known.

Three witnesses, cheapest first:

1. **Letters and little words.** A text of five words or more nearly always holds articles,
   pronouns and prepositions. Those of English and French are counted, and those of languages that
   share them with French (Spanish, Portuguese, Italian) or that no detector on the shelf knows
   (Haitian Creole, Punjabi and Hindi in Latin letters, Inuktitut, Cree, Innu). Where one language
   leads clearly the answer is certain and costs microseconds.
2. **lingua** (n-gram models that come in the wheel), on English and French alone, for the rest;
   on a dozen widely spoken languages more when neither language's little words are there.
3. **The page's language**, for texts too short for either ("Bon service", "Parking").

The page's language is a prior, never the verdict: people answer in French on English pages, and
some answers are half in each, which ``runs`` takes apart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analysis.pipeline.config import Config
from analysis.pipeline.types import Language

from .normalise import WORD, clean, fold, listed

Span = tuple[int, int]

# Little words of one language that are not words of the other (accents folded). Words that both
# have ("on", "a", "me", "son", "but", "or", "pour", "plus") are left out on purpose.
_EN = listed(
    """
    the and of to is it that this was for you are with be have not they were from your which would
    there their been has had when who will what if we can my our should could how than them then
    these those she he his her its just because about into over after more most very some any all
    only where why do does did don doesn didn isn wasn aren won wouldn shouldn couldn i'm i've im
    ive an at by so as i up out being also too much many every each need needs want wants people
    get got make made website page please thank thanks no yes good bad time wait waiting
    through while during without within between before again never always really other another
    against same own such both few her him us you're it's that's there's nobody nothing someone
    something anyone everyone in still off like dont cant isnt wasnt doesnt didnt wont youre theyre
    pls u ur
    """
)
_FR = listed(
    """
    le la les des du un une et est que qui dans pour sur avec pas je il elle nous vous ils elles
    ce cette ces cet au aux ne se sa ses mes mon ma leur leurs notre votre nos vos etait etaient
    sont etre avoir ete fait faire peut peuvent tres trop aussi mais ou donc car ni comme si tout
    tous toute toutes plus moins bien meme quand parce sans sous entre vers chez depuis pendant
    apres avant encore toujours jamais rien personne beaucoup peu j'ai c'est n'est qu'il jai cest
    ca cela celui celle ceux dont afin ainsi alors aucun aucune autre autres autant chaque d'un
    d'une faut doit doivent devrait devraient serait seraient veut veux gens oui non bon bonne
    merci attente temps service aide lors puis y en de leurs lui moi toi eux voir dire suis sommes
    etes ont avons avez avait avaient aller quoi quel quelle quels quelles lorsque puisque
    pourquoi comment combien pis ben faque chu chus jsuis icitte pantoute sont assez svp nulle
    """
)
_SHARED = _EN & _FR | frozenset(
    ("me", "on", "a", "son", "but", "or", "plus", "service", "no", "si")
)
# One-letter elisions count as French little words: l'accueil, d'attente, qu'on.
_ELIDED = frozenset(("l", "d", "j", "qu", "n", "c"))
# French words that English takes over in names: the Régie du logement, Rivière-du-Loup.
_IN_NAMES = listed("de la le les du des l d et saint ste un une")
_FRENCH_LETTERS = frozenset("éèêëàâçîïôùûœÉÈÊËÀÂÇÎÏÔÙÛŒ")

# Little words of other languages, those they share with French included: a Spanish text has "la",
# "de" and "que", and more Spanish words than French ones.
_OTHER = (
    listed(  # Spanish
        """
        el la los las un una unos y o de del que en a al por con para es son esta estan muy pero
        mas como este ese lo le les su sus se me mi nos no ni hay fue ser si ya tambien porque
        cuando donde nadie nada gracias tengo tiene hace desde hasta sin sobre todo toda favor
        """
    ),
    listed(  # Portuguese
        """
        o a os as um uma e de do da dos das que em no na nos nas por com para ao nao mais mas como
        se eu meu minha seu sua ele ela foi ser muito tem tenho ja quando onde ninguem nada obrigado
        obrigada isso esta este pelo pela sem sobre tudo
        """
    ),
    listed(  # Italian
        """
        il lo la i gli le un uno una e di del della dei delle che in a al alla per con non piu ma
        come si mi ci ho ha hanno sono sei e' stato stati questo questa mio mia nel nella molto
        quando dove nessuno niente grazie da dal sul anche tutto
        """
    ),
    listed(  # Haitian Creole
        """
        mwen nou yo li ou pa nan ki gen pou epi sou ak anpil tout te ap pral ka tann plis la an yon
        sa se kote men mesi tanpri moun fe pale bezwen konprann lekol dokte depi piti pitit lan tre
        """
    ),
    listed(  # Punjabi, Hindi and Urdu in Latin letters
        """
        da de di nu nun te vich vic hai hain han ji mainu sanu tuhada sada saade kita kiti karo
        karna karni kise koi nahi nai bahut bohat ne ki ka ke ko se mein mujhe yeh woh aur par hum
        aap ho hona tha thi raha kar kya kyun kahan sab lai naal bhi tak aaya samajh madad
        """
    ),
    listed(  # Vietnamese without its accents
        """
        toi khong ai cua va cho la co nay mot nhung duoc chung voi trong rat nhieu da hon o den
        nguoi cam lam phai dien hieu tra loi
        """
    ),
    listed(  # German and Dutch
        """
        der die das und ist nicht ich wir sie es ein eine einen mit auf fur von zu zum bei der den
        dem im auch sehr mir mich uns haben habe wurde kann bitte danke nur oder aber het een de en
        van ik niet dat op te aan met voor zijn naar wij meer geen
        """
    ),
    listed(  # Malay and Indonesian, Tagalog
        """
        saya tidak yang dan di ke dari itu ini dengan untuk kami lebih ada akan ang ng sa mga na ako
        ko namin hindi po ay at para kami natin ninyo kailangan
        """
    ),
    listed(  # Croatian, Serbian, Bosnian, Polish, Czech
        """
        sam je od se nije da i u na za su ali mi nitko niko vise do nie jest w z sie ze jak ale moj
        moim mnie nikt bardzo jsem nebo jsou ktery
        """
    ),
    listed(  # Cree, Innu, Ojibwe, Mi'kmaq and Mohawk in Latin letters
        """
        namoya oma ekwa kiya niya tanisi ohci ota kahkiyaw mina apu anite tshe tshetshi ninan nui
        mak eshpish eukuan ute nitshi miigwech gaawiin omaa gii mii dash niin giin teli ne
        onkwehonwe niawen tsi kati
        """
    ),
)


def _witnesses() -> dict[str, tuple[int, ...]]:
    """For each little word the places in the count of the languages that have it.

    The last place counts words that neither English nor French has.
    """
    places: dict[str, list[int]] = {}
    others = (words - _EN - _SHARED for words in _OTHER)
    for place, words in enumerate((_EN - _SHARED, (_FR - _SHARED) | _ELIDED, *others)):
        for word in words:
            places.setdefault(word, []).append(place)
    for found in places.values():
        if found[0] > 1:
            found.append(_LANGUAGES)
    return {word: tuple(found) for word, found in places.items()}


_LANGUAGES = 2 + len(_OTHER)
_WITNESSES = _witnesses()
# Words in which nothing can be heard, and words that are the same in both languages.
_NEUTRAL = listed("ok okay na covid wifi email gps pdf faq app web http https www")
_BOTH = listed(
    """
    parking service services excellent long internet transport transports information informations
    communication communications important simple patience super cool education culture tourisme
    transparence danger urgent national regional social stress distance budget taxes taxe cout
    """
)
# Spellings that neither language has: q without u, doubled a, i and u, hk, tsh, glottal stops...
_STRANGE = re.compile(
    r"q(?!u)|aa|ii|uu|jj|kk|hk|wk|tsh|iyi|uiu|iau|[bcdfghjklmnpqrstvwxz]{6}|[^\W\d_]:[^\W\d_]|"
    r"[^\W\d_]{2}'[^\W\d_]{3}|nhk|nkw"
)
# Latin letters that neither language writes; one may be in a name.
_ALIEN = re.compile("[áãåäìíòóõøöúñßýþð\u0100-\u0151\u0154-\u024f\u1e00-\u1eff]")
_ENDINGS = re.compile(
    r"(?:tions?|ments?|ness|ings?|able|ible|[ae]nces?|iques?|aires?|eurs?|euses?|ites?|ity|ism|"
    r"isme|ives?|ifs?|als?|elles?|ed|ers?|es|ez|ly|ous|ages?|ologie|ogy)$"
)
# A letter of a script that is not the Latin one.
_FOREIGN = re.compile("[^\\W\\d_\uff21-\uff5a\u0000-\u024f\u02b0-\u02ff\u1d00-\u1dbf\u1e00-\u1eff]")
# Where an answer may change language: the end of a sentence or line, a slash, a bar, a dash.
# A row of stops is looked at once, from its beginning.
_PIECE = re.compile(r"(?<![.!?…])[.!?…]+[\"'»)\]]*\s+|\n+|\s[/|–—-]{1,2}\s|;\s")

# Languages asked about when neither English nor French little words are there. The first dozen of
# Canada's other home languages that lingua knows and that are written in Latin letters; the others
# (Chinese, Punjabi, Arabic, Tamil, Inuktitut syllabics...) are told by their script.
_ASKED = (
    "SPANISH",
    "PORTUGUESE",
    "ITALIAN",
    "GERMAN",
    "DUTCH",
    "POLISH",
    "TAGALOG",
    "VIETNAMESE",
    "SOMALI",
    "ROMANIAN",
    "TURKISH",
    "LATIN",
)


@dataclass(frozen=True, slots=True)
class Detected:
    """The language and how sure we are, in [0, 1]."""

    language: Language
    confidence: float


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the little words say. ``other`` is the most that one other language has of them,
    ``foreign`` counts those that are neither English nor French.
    """

    tokens: list[str]
    english: int
    french: int
    other: int
    foreign: int

    @property
    def is_english_with_names(self) -> bool:
        """English little words, and no French one but those that are in names."""
        if self.english < 2:
            return False
        names = sum(token in _IN_NAMES for token in self.tokens)
        return self.french - names <= 0

    @property
    def certain(self) -> Language | None:
        """The language when it needs no model, else None."""
        n, best = len(self.tokens), max(self.english, self.french)
        if self.foreign and self.other > max(best, 1) and n >= 3 and self.other >= 0.2 * n:
            return Language.OTHER
        if n < 3 or abs(self.english - self.french) < 2 or best <= self.other:
            return None
        least = min(self.english, self.french)
        if best < 3 * least:
            return None
        # Certain when little words are as frequent as they are in running text, or fewer but of
        # this language alone.
        if best < 0.3 * n and (best < 3 or best < 0.12 * n or least or best < self.other + 2):
            return None
        return Language.EN if self.english > self.french else Language.FR


class _Plain(dict[int, str]):
    """Each character in lower case, without accents, an apostrophe as it is typed on a keyboard."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = fold(clean(chr(code)))
        return plain


_PLAIN = _Plain()


def _hear(text: str) -> _Heard:
    plain = text.lower() if text.isascii() else text.translate(_PLAIN)
    tokens = WORD.findall(plain)
    counts = [0] * (_LANGUAGES + 1)
    for token in tokens:
        for place in _WITNESSES.get(token, ()):
            counts[place] += 1
    if len(tokens) < 4 and "'" not in plain:
        # "N/A" is no elision.
        counts[1] -= sum(token in _ELIDED for token in tokens)
    return _Heard(tokens, counts[0], counts[1], max(counts[2:_LANGUAGES]), counts[_LANGUAGES])


def detect(text: str, prior: Language | None = None, *, config: Config | None = None) -> Detected:
    """The language of ``text``.

    ``prior`` is the language of the page it was written on, or None. Never raises; a text without
    letters is UNDETERMINED with confidence 0.
    """
    config = config or Config()
    if not any(map(str.isalpha, text)):
        return Detected(Language.UNDETERMINED, 0.0)
    if _is_foreign_script(text):
        return Detected(Language.OTHER, 1.0)
    heard = _hear(text)
    certain = heard.certain
    n = len(heard.tokens)
    if certain is Language.OTHER:
        return Detected(certain, min(1.0, 0.6 + heard.other / n))
    if certain is not None:
        return Detected(certain, min(1.0, 0.7 + max(heard.english, heard.french) / n))
    official = prior if prior in (Language.EN, Language.FR) else None
    if not _can_be_told(text, heard):
        if official is None:
            return Detected(Language.UNDETERMINED, 0.0)
        return Detected(official, 0.5)
    short = len(text.strip()) < config.language_short_characters or n < 4
    if n >= 3 and _is_unlike_both(text, heard):
        return Detected(Language.OTHER, 0.7)
    # Two English little words and no French one are English; Spanish has French-looking ones.
    english_only = heard.english >= 2 and heard.french == 0
    few = max(heard.english, heard.french) < 0.25 * n and not english_only
    if not short and (few or heard.other >= max(2, heard.english, heard.french)):
        other = _outside(text, n)
        if other is not None:
            return other
    return _of_two(text, heard, official, short, config)


def _of_two(
    text: str, heard: _Heard, official: Language | None, short: bool, config: Config
) -> Detected:
    """English or French, by the models, the little words and, where short, the page."""
    said = min(max(_french_confidence(text), 1e-4), 1 - 1e-4)
    logit = math.log(said / (1 - said)) + 0.9 * (heard.french - heard.english)
    if short and not _FRENCH_LETTERS.isdisjoint(text):
        logit += 1.0
    if heard.is_english_with_names:
        logit -= 0.9 * heard.french + 2.0
    if official is not None:
        page = _PAGE_SHORT if short else _PAGE_LONG
        logit += page if official is Language.FR else -page
    # A thousand little words more of one language: as sure as can be, and no further.
    confidence = 1 / (1 + math.exp(-max(-_SUREST, min(_SUREST, logit))))
    best = Language.FR if confidence >= 0.5 else Language.EN
    sure = max(confidence, 1 - confidence)
    if official is None and sure < config.language_minimum_confidence:
        return Detected(Language.UNDETERMINED, sure)
    return Detected(best, sure)


# How much the page counts beside the models, in logits: four to one for a few words ("Trop
# compliqué" is French on an English page, "Long" is not to be known), two to one for more.
_PAGE_SHORT = 1.4
_PAGE_LONG = 0.7
# Beyond it a number of floating point has no exponential.
_SUREST = 700.0


def _can_be_told(text: str, heard: _Heard) -> bool:
    """False when every word is a code, an acronym, or the same in both languages."""
    if heard.english or heard.french:
        return True
    telling = [
        token
        for token in heard.tokens
        if len(token) > 1 and token.isalpha() and token not in _NEUTRAL and token not in _BOTH
    ]
    if not telling:
        return False
    return not (len(telling) == 1 and len(telling[0]) <= 5 and telling[0].upper() in text)


def load() -> None:
    """Read the models now, so that processes started after this share them."""
    _french_confidence("bonjour")
    _many()


def _is_foreign_script(text: str) -> bool:
    """True when at least half of the letters are not Latin ones."""
    if text.isascii() or _FOREIGN.search(text) is None:
        return False
    letters = sum(map(str.isalpha, text))
    return letters >= 2 and len(_FOREIGN.findall(text)) * 2 >= letters


def _is_unlike_both(text: str, heard: _Heard) -> bool:
    """Words spelled as neither language spells, and (nearly) no little word of either.

    Languages of the land are known to no detector: Inuktitut in Latin letters, Cree, Innu, Mohawk.
    Their words are long and full of letters in an order that English and French do not have.
    """
    n = len(heard.tokens)
    if max(heard.english, heard.french) > 0.15 * n:
        return False
    if n >= 4 and len(_ALIEN.findall(text.lower())) >= 2:
        return True
    # Names of programs ("QTabWidget") are spelled like no word of any language.
    plain = [fold(word) for word in clean(text).split() if word[1:].islower()]
    strange = sum(1 for word in plain if _STRANGE.search(word) is not None)
    if strange >= max(2, 0.3 * len(plain)):
        return True
    long = sum(map(len, heard.tokens)) >= 9 * n
    return long and not any(_ENDINGS.search(token) for token in heard.tokens)


def may_be_mixed(text: str) -> bool:
    """Whether little words of both languages, or of a third one, are there to look at twice."""
    heard = _hear(text)
    both = min(heard.english, heard.french) >= 2
    return both or heard.foreign >= 3 or (not text.isascii() and _FOREIGN.search(text) is not None)


def runs(text: str, pieces: Sequence[Span]) -> list[list[Span]]:
    """``pieces`` (sentences, in order) grouped into stretches of one language each.

    Only a language that needs no model makes a stretch of its own, and only with at least four
    words; whatever cannot be told goes with what is before it. One list when nothing changes. A
    piece that changes language inside, at a line's end or a slash, is cut there. Where
    ``may_be_mixed`` says no there is nothing to find.
    """
    parts: list[tuple[Span, Language | None]] = []
    for start, end in pieces:
        for a, b in _parts(text, start, end):
            part = text[a:b]
            parts.append(((a, b), Language.OTHER if _is_foreign_script(part) else _told(part)))
    told = [language for _, language in parts if language is not None]
    if len(set(told)) < 2:
        return [list(pieces)]
    found: list[list[Span]] = []
    current: Language | None = None
    for span, language in parts:
        if not found or (language is not None and current is not None and language != current):
            found.append([])
        found[-1].append(span)
        current = language or current
    return found


def official_in(text: str) -> Language | None:
    """English or French where a stretch of ``text`` is in it for certain, the longer one first.

    For texts that are mostly in another language: half in Punjabi, half in English.
    """
    if not may_be_mixed(text):
        return None
    found: dict[Language, int] = {}
    for run in runs(text, [(0, len(text))]):
        part = text[run[0][0] : run[-1][1]]
        language = None if _is_foreign_script(part) else _told(part)
        if language is Language.EN or language is Language.FR:
            found[language] = found.get(language, 0) + len(part)
    return max(found, key=lambda language: (found[language], language)) if found else None


def _told(part: str) -> Language | None:
    heard = _hear(part)
    return heard.certain if len(heard.tokens) >= 4 else None


def _parts(text: str, start: int, end: int) -> list[Span]:
    """The stretch cut at every place where a language may change, blanks trimmed."""
    found: list[Span] = []
    at = start
    for match in (*_PIECE.finditer(text, start, end), None):
        stop = end if match is None else match.end()
        piece = text[at:stop]
        if piece.strip():
            begin = at + len(piece) - len(piece.lstrip())
            found.append((begin, begin + len(piece.strip())))
        at = stop
    return found


# ---- lingua


@lru_cache(maxsize=1)
def _two() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.FRENCH).build()


@lru_cache(maxsize=1)
def _many() -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    languages = [getattr(Known, name) for name in ("ENGLISH", "FRENCH", *_ASKED)]
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()


@lru_cache(maxsize=len(_ASKED))
def _three(third: Any) -> Any:
    from lingua import Language as Known
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Known.ENGLISH, Known.FRENCH, third).build()


def _french_confidence(text: str) -> float:
    from lingua import Language as Known

    value: float = _two().compute_language_confidence(text[:1000], Known.FRENCH)
    return value


def _outside(text: str, n: int) -> Detected | None:
    """OTHER when one of a dozen more languages clearly wins, else None.

    Three-letter models of all are asked first: they load at once. They take jargon for a language
    one time in thirty, so the full model of the one they suspect confirms it beside English and
    French: jargon reached .88 there, a sentence of another language .97 and more.
    """
    from lingua import Language as Known

    values = _many().compute_language_confidence_values(text[:600])
    best = values[0]
    official = sum(v.value for v in values if v.language in (Known.ENGLISH, Known.FRENCH))
    if best.language in (Known.ENGLISH, Known.FRENCH) or official >= 0.1:
        return None
    # Names and jargon look foreign: ask for more certainty of a shorter text.
    if best.value < (0.8 if n < 8 else 0.6):
        return None
    sure = float(_three(best.language).compute_language_confidence(text[:600], best.language))
    return Detected(Language.OTHER, sure) if sure >= 0.95 else None
