"""How names are written: which words may be one, where it ends, and what is called after people.

A word is taken for a name on three grounds: what announces it, how it is written, and whether the
lists of names have it. The less there is of one, the more is asked of the others.
"""

from __future__ import annotations

from . import lists
from .tokens import Tokens

MOST_PARTS = 5
# A name and the next word: no sentence ends between them.
_SPACE = frozenset((" ", "  "))
_ELIDED = frozenset(("d", "l", "o", "n", "m"))
_SUFFIXES = frozenset(("jr", "sr", "iii", "ii", "phd", "md", "esq"))
# How people, not names, end: what one is or does ("Canadian", "retraitée").
QUALITIES = (
    "ian", "ien", "ienne", "ish", "ese", "ois", "oise", "ais", "aise", "aine", "ist", "iste", "ing",
    "ed", "ly", "ment", "tion", "sion", "ness", "able", "ible", "ful", "less", "ous", "eux", "euse",
    "ive", "if", "ique", "phone", "aire", "ologue", "icien", "icienne", "ee", "ees", "ance", "ence",
    "ity", "ite", "ation", "ism", "isme", "ic", "al", "ale", "ent", "ente", "ant", "ante",
)  # fmt: skip
# Of those the ones that family names do not have as well (Sohal, Leavitt, Dubois).
_SURE_QUALITIES = (
    "ienne", "tion", "sion", "ness", "able", "ible", "phone", "ologue", "ing", "ment", "ences",
    "ismes", "isme", "ique", "iques", "euse", "ful", "less", "ees",
)  # fmt: skip


class Written:
    """The words of one text as names or parts of names."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.words = tokens.words
        self.n = len(tokens)
        self.shouted = tokens.is_shouted
        self.given = lists.given_names()
        self.given_weak = lists.given_names_or_words()
        self.family = lists.family_names()
        self.family_weak = lists.family_names_or_words()
        self.common = lists.common_words()
        self.stop = lists.stop_words()

    def capital(self, i: int) -> bool:
        return not self.shouted and self.tokens.is_capital(i)

    def known(self, i: int) -> bool:
        """Whether the lists have it as a name and as nothing else."""
        word = self.words[i]
        return (word in self.given or word in self.family) and not self._is_participle(i)

    def refused(self, i: int) -> bool:
        word = self.words[i]
        return (
            word in self.stop
            or (word == "marie" and self._is_participle(i))
            or word in lists.SHORT_TITLES
            or word in lists.PLACES
            or word in ("dre", "drs", "me")
            or (word in lists.THINGS and word not in self.given)
            or word in lists.MONTHS
            or word.isdigit()
        )

    def _is_participle(self, i: int) -> bool:
        """ "marié" is no Marie, where accents are written."""
        written = self.tokens.written(i)
        if written[-1] not in "éÉ" or self.words[i] == "marie":
            return written[-1] in "éÉ"
        return written[0].islower() and self.words[i] not in (
            "jose",
            "andre",
            "rene",
            "zoe",
            "chloe",
            "noe",
            "dorothee",
            "salome",
            "timothee",
        )

    def is_part(self, i: int) -> bool:
        """Whether token ``i`` may be part of a name that is written with capitals."""
        return self.tokens.is_capital(i) and not self.refused(i)

    def quality(self, i: int) -> bool:
        """Whether it says what somebody is rather than who."""
        word = self.words[i]
        return word in self.common or (word.endswith(QUALITIES) and not self.known(i))

    def is_said_of_many(self, i: int) -> bool:
        """Whether an unknown word beside another with a capital is an ordinary one."""
        word = self.words[i]
        return word in self.common or (word.endswith(_SURE_QUALITIES) and not self.known(i))

    def capitals(self, first: int, parts: int = MOST_PARTS) -> tuple[int, int] | None:
        """Last token and number of parts of the capitalised name that begins with ``first``."""
        if first >= self.n:
            return None
        if len(self.words[first]) == 1 or not self.is_part(first):
            return self._initials(first)
        return self._go_on(first, parts)

    def _initials(self, first: int) -> tuple[int, int] | None:
        """ "J. Smith", "M.-A. Roy", "d'Amours"."""
        if first + 1 >= self.n:
            return None
        word, gap = self.words[first], self.tokens.gap(first)
        if gap == "'" and word in ("l", "d") and self._is_acronym(first + 1):
            return None
        if len(word) == 1 and self.tokens.is_capital(first) and gap in (". ", ".", ".-", "-", "'"):
            following = self.capitals_or_initial(first + 1)
            if following is not None:
                return following[0], following[1] + 1
        if (
            word in lists.PARTICLES
            and gap in (" ", "'")
            and self.is_part(first + 1)
            and (self.tokens.is_capital(first) or gap == "'")
        ):
            last, parts = self._go_on(first + 1, MOST_PARTS)
            return last, parts
        return None

    def _is_acronym(self, at: int) -> bool:
        """ "L'AAH", "d'IRCC": four capitals or so after an elision, and no name."""
        written = self.tokens.written(at)
        return (
            len(written) > 1
            and written.isupper()
            and len(written) < 8
            and not self.shouted
            and not self.known(at)
            and f"{self.words[at - 1]}{written.lower()}" not in lists.ELIDED_NAMES
        )

    def capitals_or_initial(self, first: int) -> tuple[int, int] | None:
        if first < self.n and self.is_part(first) and len(self.words[first]) > 1:
            return self._go_on(first, MOST_PARTS - 1)
        if first + 1 < self.n and len(self.words[first]) == 1 and self.tokens.is_capital(first):
            if self.tokens.gap(first) in (". ", ".") and self.is_part(first + 1):
                last, parts = self._go_on(first + 1, MOST_PARTS - 2)
                return last, parts + 1
        return None

    def _go_on(self, first: int, most: int) -> tuple[int, int]:
        last, parts = first, 1
        while parts < most and last + 1 < self.n:
            gap, at = self.tokens.gap(last), last + 1
            if gap in _SPACE:
                if self.words[at] == "le" and self.capital(at) and not self._begins_name(at + 1):
                    return at, parts + 1  # "Anh Tuan Le": in capitals no article
                skip = at
                while (
                    skip + 1 < self.n
                    and skip - at < 3
                    and self.words[skip] in lists.PARTICLES
                    and self.tokens.gap(skip) in (" ", "'", "-", ". ")
                ):
                    skip += 1
                if skip > at and self.is_part(skip) and len(self.words[skip]) > 1:
                    # "Anne de la Durantaye"; but "Marie le Canadien" and "Roy du Québec" end.
                    last, parts = skip, parts + 1
                    continue
                if skip > at and self.words[at] not in ("le", "la", "des", "du", "de"):
                    if self.tokens.is_capital(at):
                        last, parts = at, parts + 1
                        continue
                if (
                    self.words[at] in _ELIDED
                    and self.tokens.gap(at) == "'"
                    and at + 1 < self.n
                    and self.is_part(at + 1)
                ):
                    last, parts = at + 1, parts + 1  # "Luc d'Amours"
                    continue
                if not self._is_next(at):
                    if self.given.intersection(self.words[first : last + 1]) and (
                        self._is_surname_too(at) and (parts == 1 or self.words[at] != "day")
                    ):
                        return at, parts + 1
                    break
                last, parts = at, parts + 1
                if len(self.words[at]) == 1 and self.tokens.gap(at).startswith("."):
                    following = at + 1
                    if self.tokens.gap(at) in (". ", ".") and following < self.n:
                        if self.is_part(following) and len(self.words[following]) > 1:
                            last, parts = following, parts + 1
                            continue
                    break
            elif (gap == "-" and self._may_be_joined(at)) or (
                gap == "'"
                and self.words[last] in ("o", "d", "l", "n", "m", "prud")
                and self.is_part(at)
            ):
                last = at
            elif gap in (". ", ".") and self.words[last] in ("st", "ste", "jr", "mc"):
                if not self.is_part(at):
                    break
                last, parts = at, parts + 1
            elif gap == ", " and self.words[at] in _SUFFIXES:
                return at, parts
            else:
                break
        return last, parts

    def _begins_name(self, at: int) -> bool:
        return at < self.n and self.tokens.gap(at - 1) in _SPACE and self.is_part(at)

    def _is_surname_too(self, at: int) -> bool:
        """ "Stephen King", "Kevin Ottawa": a thing or a town by itself, a family name after a
        given one."""
        return self.tokens.is_capital(at) and (
            self.words[at] in lists.SURNAMES_TOO or self.words[at] in lists.PLACES
        )

    def _may_be_joined(self, at: int) -> bool:
        if at >= self.n or self.words[at].isdigit():
            return False
        return self.tokens.is_capital(at) or self.words[at] in self.given

    def _is_next(self, at: int) -> bool:
        """Whether a further word of the name: capital and no other thing, or an initial."""
        word = self.words[at]
        if not self.tokens.is_capital(at):
            return False
        if len(word) == 1:
            return word not in ("i", "a", "y") or self.tokens.gap(at).startswith(".")
        if word in _SUFFIXES:
            return True
        return not self.refused(at)

    def small(self, first: int, *, most: int = 4) -> tuple[int, int] | None:
        """The name of known words that begins with ``first``, whatever its capitals."""
        last, parts = None, 0
        at = first
        if (
            at + 1 < self.n
            and len(self.words[at]) == 1
            and self.words[at].isalpha()
            and self.tokens.gap(at) in (". ", ".")
            and (self.known(at + 1) or self._may_be_unknown(at + 1))
        ):
            return at + 1, 2  # "j. uppal"
        while at < self.n and parts < most:
            if at > first and self.tokens.gap(at - 1) not in (" ", "-", "'", ". "):
                break
            word = self.words[at]
            if (
                (word in lists.PARTICLES or word in ("o", "d", "l"))
                and at + 1 < self.n
                and (
                    (self.known(at + 1) and self.tokens.gap(at) in (" ", "'", "-"))
                    or (
                        parts
                        and word in _ELIDED
                        and self.tokens.gap(at) == "'"
                        and f"{word}{self.words[at + 1]}" in lists.ELIDED_NAMES
                    )
                )
            ):
                at += 1
                continue
            joined = at > first and self.tokens.gap(at - 1) == "-"
            if self.known(at) or (
                parts
                and not self.refused(at)
                and (word in self.family_weak or joined)
                and (joined or word not in self.stop)
                and not self._begins_clause(at)
            ):
                last, parts = at, parts + 1
            elif parts and len(word) == 1 and word not in self.stop and word.isalpha():
                last = at
            else:
                break
            at += 1
        return None if last is None else (last, parts)

    def _begins_clause(self, at: int) -> bool:
        return self.words[at] in lists.DOES

    def _skip_title(self, at: int) -> int:
        """Past "Mrs." in "my name is Mrs. Roy": the title stays."""
        if (
            at + 1 < self.n
            and self.words[at] in lists.TITLES
            and self.tokens.gap(at) in (" ", ". ")
        ) and (self.words[at] != "m" or len(self.words[at + 1]) > 1):
            return at + 1
        return at

    def _may_be_unknown(self, at: int) -> bool:
        word = self.words[at]
        return (
            word.isalpha()
            and len(word) > 1
            and not self.refused(at)
            and not self.is_said_of_many(at)
            and word not in lists.DOES
        )

    def unlisted(self, at: int) -> bool:
        """Whether no list of words or names has it."""
        word = self.words[at]
        return (
            len(word) > 2
            and word.isalpha()
            and not self.refused(at)
            and word not in self.common
            and word not in lists.DOES
            and word not in lists.OFFICES
        )

    def _two_unlisted(self, at: int) -> tuple[int, int] | None:
        """ "tuguldur ganbold", in small letters or all in capitals."""
        if at + 1 >= self.n or self.tokens.gap(at) not in (" ", "-"):
            return None
        both = self._may_be_unknown(at) and self._may_be_unknown(at + 1)
        long = min(len(self.words[at]), len(self.words[at + 1])) > 2
        return (at, at + 1) if both and long and not self._is_thing(at, at + 1) else None

    def _stops(self, at: int) -> bool:
        """Whether what follows token ``at`` ends a name: a sign, the end, "and", "from"…"""
        if at + 1 >= self.n:
            return True
        gap = self.tokens.gap(at)
        return (
            gap.strip(" -'") != ""
            or "\n" in gap
            or self.words[at + 1]
            in (
                "and",
                "et",
                "from",
                "de",
                "du",
                "des",
                "d",
                "i",
                "je",
                "j",
                "of",
                "in",
                "at",
                "a",
                "my",
                "with",
                "but",
                "mais",
                "who",
                "qui",
                "here",
                "speaking",
                "writing",
                "as",
                "avec",
                "au",
                "on",
                "the",
            )
        )

    def _closes(self, at: int) -> bool:
        """Whether nothing of the sentence is left after token ``at``."""
        if at + 1 >= self.n:
            return True
        gap = self.tokens.gap(at)
        return (
            gap[:1] in ("\n", ",", ".", "!", "-", "(", ";", "|", ")", "/")
            or "\n" in gap
            or " - " in gap
        )

    def _with_unlisted(self, listed: tuple[int, int]) -> tuple[int, int]:
        """A known name with the unlisted one after it."""
        end, parts = listed
        if parts == 1 and end + 1 < self.n and self.tokens.gap(end) == " ":
            if self.unlisted(end + 1) and not self.known(end + 1):
                return end + 1, 2
        return listed

    def _unknown_follows(self, listed: tuple[int, int]) -> bool:
        """Whether an unknown word that may be a family name stands after one known name."""
        end, parts = listed
        return (
            parts == 1
            and end + 1 < self.n
            and self.tokens.gap(end) == " "
            and self._may_be_unknown(end + 1)
        )

    def word_is(self, i: int, word: str) -> bool:
        return i < self.n and self.words[i] == word

    def _is_place(self, i: int) -> bool:
        return self.words[i] in lists.THINGS

    def _is_thing(self, first: int, last: int) -> bool:
        """Whether what is so called is a place, a law, a school or a firm."""
        if last + 1 < self.n:
            gap, word = self.tokens.gap(last), self.words[last + 1]
            if first == last and gap == " " and word in lists.COMPOUNDS.get(self.words[last], ()):
                return True
            if (
                gap in (" ", "-")
                and word in lists.THINGS
                and word not in ("is", "day", "north", "may", "en", "est", "saint", "all")
            ) and (
                gap == "-"
                or (self.tokens.is_capital(last + 1) and not self.shouted)
                or word
                in (
                    "street",
                    "avenue",
                    "road",
                    "bridge",
                    "airport",
                    "park",
                    "school",
                    "hospital",
                    "library",
                    "centre",
                    "center",
                    "arena",
                    "university",
                    "college",
                    "highway",
                    "foundation",
                    "drive",
                    "boulevard",
                    "inc",
                    "ltd",
                    "river",
                    "lake",
                    "act",
                    "law",
                    "station",
                    "building",
                )
            ):
                return True
            if (
                gap == "'"
                and word == "s"
                and last + 2 < self.n
                and self.tokens.is_capital(last + 2)
            ) and self.words[last + 2] in lists.THINGS:
                return True
            if gap == " " and word == "day" and last > first and self.capital(last + 1):
                return True  # "Martin Luther King Day"
            if gap == "-" and not self.words[last + 1].isdigit():
                return True
        if first and self.tokens.gap(first - 1) in (" ", "-", "'", ". "):
            before = self.words[first - 1]
            if before in lists.PLACE_BEFORE and not (
                before == "fort"
                and self.tokens.gap(first - 1) == " "
                and not self.tokens.is_capital(first - 1)
            ):
                return True
            if (
                first > 1
                and before in ("de", "la", "du", "des", "l", "d")
                and self.words[first - 2] in lists.PLACE_BEFORE
            ):
                return True
        return False
