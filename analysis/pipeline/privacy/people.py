"""Names of people: after a word that announces one, and by themselves where the lists know them.

A word is taken for a name on three grounds: what announces it, how it is written, and whether the
lists of names have it. The less there is of one, the more is asked of the others. Offices, and what
is called after somebody (streets, schools, laws), are no names.
"""

from __future__ import annotations

from . import lists
from .tokens import Tokens

_MOST_PARTS = 5
# A name and the next word: no sentence ends between them.
_SPACE = frozenset((" ", "  "))
_ELIDED = frozenset(("d", "l", "o", "n", "m"))
_SUFFIXES = frozenset(("jr", "sr", "iii", "ii", "phd", "md", "esq"))
# How people, not names, end: what one is or does ("Canadian", "retraitée").
_QUALITIES = (
    "ian", "ien", "ienne", "ish", "ese", "ois", "oise", "ais", "aise", "aine", "ist", "iste", "ing",
    "ed", "ly", "ment", "tion", "sion", "ness", "able", "ible", "ful", "less", "ous", "eux", "euse",
    "ive", "if", "ique", "phone", "aire", "ologue", "icien", "icienne", "ee", "ees", "ance", "ence",
    "ity", "ite", "ation", "ism", "isme", "ic", "al", "ale", "ent", "ente", "ant", "ante",
)  # fmt: skip


# Of those the ones that family names do not have as well (Sohal, Leavitt, Dubois).
_WEAK_SIGN_OFFS = frozenset(("from", "best", "love", "peace", "yours"))
_SURE_QUALITIES = (
    "ienne", "tion", "sion", "ness", "able", "ible", "phone", "ologue", "ing", "ment", "ences",
    "ismes", "isme", "ique", "iques", "euse", "ful", "less", "ees",
)  # fmt: skip


class People:
    """The names in one text."""

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

    # ---- what a word is

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
        return word in self.common or (word.endswith(_QUALITIES) and not self.known(i))

    def is_said_of_many(self, i: int) -> bool:
        """Whether an unknown word beside another with a capital is an ordinary one."""
        word = self.words[i]
        return word in self.common or (word.endswith(_SURE_QUALITIES) and not self.known(i))

    # ---- where a name ends

    def capitals(self, first: int, parts: int = _MOST_PARTS) -> tuple[int, int] | None:
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
            last, parts = self._go_on(first + 1, _MOST_PARTS)
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
            return self._go_on(first, _MOST_PARTS - 1)
        if first + 1 < self.n and len(self.words[first]) == 1 and self.tokens.is_capital(first):
            if self.tokens.gap(first) in (". ", ".") and self.is_part(first + 1):
                last, parts = self._go_on(first + 1, _MOST_PARTS - 2)
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

    # ---- what announces one

    def after(self, first: int, last: int, announced: str) -> tuple[int, int] | None:
        """First and last token of the name after the cue from ``first`` to ``last``."""
        if announced == "is named":
            return self._named(last)
        if announced == "self":
            return self._self(last)
        if announced == "sign-off":
            return self._signed(last, single=first == last)
        return self._towards(last)

    def _between(self, last: int, allowed: str = " :,-'\"(*_\n.") -> bool:
        gap = self.tokens.gap(last)
        return set(gap) <= set(allowed) and last + 1 < self.n

    def _skip_title(self, at: int) -> int:
        """Past "Mrs." in "my name is Mrs. Roy": the title stays."""
        if (
            at + 1 < self.n
            and self.words[at] in lists.TITLES
            and self.tokens.gap(at) in (" ", ". ")
        ) and (self.words[at] != "m" or len(self.words[at + 1]) > 1):
            return at + 1
        return at

    def _named(self, last: int) -> tuple[int, int] | None:
        gap = self.tokens.gap(last)
        if self.words[last] in ("certain", "certaine") and not (
            last + 1 < self.n and self.capital(last + 1) and not self.quality(last + 1)
        ):
            return None  # "un certain âge"
        if self.words[last] == "nomme" and last and self.words[last - 1] == "on":
            if last + 1 >= self.n or not self.known(last + 1):
                return None  # "on nomme Directeurs…"
        alone = self.words[last] in (
            "name",
            "nom",
            "prenom",
            "surname",
            "named",
            "signed",
            "signe",
            "signee",
        )
        if not self._between(last) or (gap.startswith(".") and gap != ". "):
            return None
        if self.words[last] in lists.LABELS and not set(gap) & set(":=-(\n"):
            if not self._is_filled_in(last):
                return None
        at = self._skip_title(last + 1)
        if at < self.n and self.words[at] in ("is", "est", "c", "mr", "etait") and at + 1 < self.n:
            at += 1
        if at >= self.n:
            return None
        cased = self.capitals(at)
        if cased is not None and not self.shouted:
            end, parts = cased
            if (
                parts > 1
                or self.known(at)
                or not self.is_said_of_many(at)
                or self.words[at] in self.given_weak
            ) and not (
                parts == 1
                and self.words[at] in self.common
                and self.words[at] not in self.given_weak
            ):
                return at, self._given_after_comma(last, end)
        listed = self.small(at)
        if listed is not None:
            end, parts = listed
            # An unknown family name after a known given one.
            if (
                parts == 1
                and end + 1 < self.n
                and self.tokens.gap(end) == " "
                and self._may_be_unknown(end + 1)
                and self._stops(end + 1)
            ):
                end += 1
            return at, end
        if self.words[at] in self.given_weak and at + 1 < self.n and self.tokens.gap(at) == " ":
            if self.known(at + 1):
                following = self.small(at + 1)
                return at, following[0] if following else at + 1
        if (
            self.words[at] in self.given_weak
            and self.words[at] not in self.stop
            and self._stops(at)
        ) and (
            not alone
            and self.words[at] not in lists.THINGS
            and not self.words[at].endswith(_QUALITIES)
        ):
            return at, at
        # Names nobody listed: one to three words nobody uses otherwise, and then a stop.
        end = at
        for _ in range(3):
            if not self.unlisted(end):
                return None
            if self._stops(end):
                if end == at and not self.capital(at) and self.quality(at):
                    return None
                return (at, end) if not alone or end > at or self.capital(at) else None
            if self.tokens.gap(end) not in (" ", "-", "'") or end + 1 >= self.n:
                return None
            end += 1
        return None

    def _is_filled_in(self, last: int) -> bool:
        """ "First name Ebony": a form's label without a colon, and what fills it in."""
        word, at = self.words[last], last + 1
        of_a_part = word in ("prenom", "surname", "nom") or (
            word == "name" and last > 0 and self.words[last - 1] in ("first", "last", "maiden")
        )
        return (
            of_a_part
            and self.tokens.gap(last) == " "
            and self.capital(at)
            and (self.known(at) or self.words[at] in self.given_weak or self.unlisted(at))
            and not (self.quality(at) and self.words[at] not in self.given_weak)
        )

    def _given_after_comma(self, label: int, end: int) -> int:
        """The last token of "NGUYEN, Van Tho" after a label, where ``end`` is that of "NGUYEN"."""
        at = end + 1
        if (
            self.words[label] not in lists.LABELS
            or at >= self.n
            or self.tokens.gap(end) != ", "
            or not self.is_part(at)
            or not (self.known(at) or self.words[at] in self.given_weak)
        ):
            return end
        return self._go_on(at, 3)[0]

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

    def _self(self, last: int) -> tuple[int, int] | None:
        at = last + 1
        if at >= self.n or self.tokens.gap(last) not in (" ", "  ", ": "):
            return None
        if (
            (
                self.words[at] in lists.TITLES
                and at + 1 < self.n
                and self.tokens.gap(at) in (" ", ". ")
            )
            and self.words[at] in lists.SHORT_TITLES
            and self.words[at] != "me"
        ):
            return None  # titles find it
        if self.words[last] == "its" and self.words[at] not in self.given:
            return None  # "its Moon Impact Probe"
        cased = self.capitals(at)
        is_person = self.words[last] in ("m", "am", "suis", "im", "chui", "chuis", "jsuis")
        if cased is not None and not self.shouted:
            end, parts = cased
            if self._is_thing(at, end):
                return None
            if self.known(at) and self.words[at] in self.given:
                return at, end
            known = any(self.known(k) for k in range(at, end + 1))
            if parts > 1 and (
                known or not any(self.is_said_of_many(k) for k in range(at, end + 1))
            ):
                return (at, end) if is_person or known or parts == 2 else None
            if parts > 1 and self.words[at] in self.given_weak:
                return at, end
            if parts == 1 and is_person and not self.quality(at) and not self._is_place(at):
                if self._stops(at) and self.words[at] not in lists.OFFICES:
                    return at, end
            if parts == 1 and is_person and self.words[at] in self.given_weak and self._stops(at):
                if self.words[at] not in self.common:
                    return at, end
            return None
        listed = self.small(at)
        if listed is None or self._is_thing(at, listed[0]):
            if (
                self.words[at] in self.given_weak
                and at + 1 < self.n
                and self.tokens.gap(at) == " "
                and self.words[at + 1] in self.family
                and not self.refused(at)
            ):
                return at, at + 1
            return None
        end, parts = listed
        if self.words[at] not in self.given:
            return None
        if parts > 1:
            return at, end
        if not self._stops(end) and not (
            end + 1 < self.n and self._may_be_unknown(end + 1) and self._stops(end + 1)
        ):
            return None
        if self._stops(end):
            return (at, end) if is_person or self.tokens.gap(end)[:1] not in ("",) else None
        return at, end + 1

    def _signed(self, last: int, *, single: bool) -> tuple[int, int] | None:
        """A name after a sign-off: to the end of the text or of the line, or before a comma."""
        gap = self.tokens.gap(last)
        if last + 1 >= self.n or not set(gap) <= set(" ,.-!\n:;*_~()\"'"):
            return None
        parted = bool(gap.strip(" ")) or "\n" in gap
        at = last + 1
        if self.words[at] in lists.SHORT_TITLES or self.words[at] == "me":
            at = self._skip_title(at)
        cased = self.capitals(at)
        if cased is not None and not self.shouted:
            end, parts = cased
            partner = self._partner(end)
            if partner is not None:
                end, parts = partner, parts + 1
            closes = self._closes(end)
            sure = self.known(at) or any(self.known(k) for k in range(at, end + 1))
            if self._is_thing(at, end):
                return None
            if sure and (closes or parted) and self.words[at] not in self.common:
                if self.words[at] in self.given or parts > 1 or closes:
                    return at, end
            weak = self.words[at] in self.given_weak
            if (
                (
                    closes
                    and parted
                    and (weak or not self.quality(at) or (parts > 1 and not self.quality(end)))
                )
                and not (parts == 1 and self.words[at] in self.common and not weak)
                and (
                    not single
                    or self.words[last] not in _WEAK_SIGN_OFFS
                    or sure
                    or parts > 1
                    or weak
                )
            ):
                return at, end
            if closes and weak and (parts > 1 or self.words[at] not in self.common):
                return at, end
            if closes and not parted and parts == 1 and not self.quality(at) and end == self.n - 1:
                if not single or self.words[last] not in _WEAK_SIGN_OFFS:
                    return at, end
            return None
        listed = self.small(at)
        if listed is not None:
            end, parts = listed
            if (
                parts == 1
                and end + 1 < self.n
                and self.tokens.gap(end) == " "
                and self._may_be_unknown(end + 1)
                and self._closes(end + 1)
            ):
                return at, end + 1
            if self._closes(end) and (parted or parts > 1):
                if self.words[at] in self.given or parts > 1 or parted:
                    return at, end
        if (
            parted
            and at < self.n
            and self.words[at] in self.given_weak
            and self.words[at] not in self.stop
        ):
            end = at
            if (
                end + 1 < self.n
                and self.tokens.gap(end) == " "
                and (self.words[end + 1] in self.family or self._may_be_unknown(end + 1))
            ):
                end += 1
            if self._closes(end) and (end > at or self.words[at] not in self.common):
                return at, end
        return self._unknown_line(at, gap) if parted else None

    def _partner(self, end: int) -> int | None:
        """The last token of "& Sue" after token ``end``."""
        at = end + 1
        if self.word_is(at, "and") or self.word_is(at, "et"):
            if self.tokens.gap(end) != " " or self.tokens.gap(at) != " ":
                return None
            at += 1
        elif self.tokens.gap(end) not in (" & ", "&", " + ", " / "):
            return None
        if at >= self.n or not self.is_part(at):
            return None
        return (
            self._go_on(at, 3)[0]
            if (self.words[at] in self.given or self.words[at] in self.given_weak)
            else None
        )

    def _unknown_line(self, at: int, gap: str) -> tuple[int, int] | None:
        """Two or three words unknown to any list that stand by themselves at an end; on a line of
        its own also one."""
        end = at
        while end < self.n and end - at < 4 and self._may_be_unknown(end):
            if self._closes(end):
                return (at, end) if end > at or "\n" in gap else None
            if self.tokens.gap(end) not in (" ", "-", "'"):
                return None
            end += 1
        return None

    def dashed(self, i: int) -> tuple[int, int] | None:
        """The name at the end of the text after a dash, "… — Jean Roy", or on a line of its own."""
        if i + 5 < self.n or i == 0:
            return None
        gap = self.tokens.gap(i - 1)
        if (gap == " - " or "\n" in gap) and (self.known(i) and self.words[i] not in self.common):
            listed = self.small(i)
            if listed is not None:
                end = self._partner(listed[0]) or listed[0]
                if end == self.n - 1 and not self._is_thing(i, end):
                    return i, end
        if "\n" in gap and not self.shouted:
            cased = self.capitals(i)
            if cased is not None and cased[0] == self.n - 1 and not self._is_thing(i, cased[0]):
                unlike = (k for k in range(i, self.n) if len(self.words[k]) > 1)
                if all(self.known(k) or self._signs(k, gap) for k in unlike):
                    return i, cased[0]
        if (
            "-" not in gap
            or gap.strip(" ")[:1] not in (".", "!", "?", "\n", ")", '"', "-")
            or (gap.strip(" -") == "" and "\n" not in gap and "--" not in gap)
        ):
            return None
        return self._signed(i - 1, single=False)

    def _signs(self, at: int, gap: str) -> bool:
        """Whether a word of the last line may be a name: nothing else has it, or, after the comma
        of a sign-off, it is one too ("…,\\nGrace")."""
        if gap.startswith(",") and self.words[at] in self.given_weak:
            return True
        return self._may_be_unknown(at) and not self.quality(at)

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

    def _towards(self, last: int) -> tuple[int, int] | None:
        at = last + 1
        if at >= self.n or self.tokens.gap(last) not in (" ", ": ", ", ", "  "):
            return None
        if self.words[last] in ("s", "o") and self.tokens.gap(last - 1) != "/":
            return None  # "c/o", but "à s'améliorer"
        titled = self._skip_title(at)
        if titled > at:
            return None  # titles find it
        if self.shouted or not self.tokens.is_capital(at):
            return self._small_pair(at)
        cased = self.capitals(at)
        if cased is None:
            return None
        end, parts = cased
        if self._is_thing(at, end) or self.words[at] in lists.OFFICES:
            return None
        if self.words[at] in self.given:
            return at, end
        sure = any(self.known(k) for k in range(at, end + 1))
        if (
            parts > 1
            and (sure or self.words[at] in self.given_weak)
            and self.words[at] not in lists.THINGS
        ) and not (self.words[at] in self.common and self.words[end] in self.common):
            return at, end
        if parts > 1 and not any(self.is_said_of_many(k) for k in range(at, end + 1)):
            return at, end
        if parts == 1 and self.words[at] in self.given_weak and self.words[at] not in lists.PLACES:
            return None if self._is_place(at) else (at, end)
        if parts == 1 and self.words[last] != "attention" and not self.is_said_of_many(at):
            greeting = self.words[last] in lists.GREETINGS
            if len(self.words[at]) > 3 and (
                not greeting or self.tokens.gap(end)[:1] in (",", "\n", "!", "-", ".")
            ):
                return at, end
        return None

    def _small_pair(self, at: int) -> tuple[int, int] | None:
        listed = self.small(at)
        if listed is None:
            alone = (
                self._may_be_unknown(at)
                and not self.quality(at)
                and len(self.words[at]) > 3
                and (
                    at + 1 >= self.n
                    or self._closes(at)
                    or (self.tokens.gap(at) == " " and self.words[at + 1] in self.stop)
                )
            )
            return self._two_unlisted(at) or ((at, at) if alone else None)
        end, parts = self._with_unlisted(listed)
        if self._is_thing(at, end) or self.words[at] not in self.given:
            return None
        return (at, end) if parts > 1 or len(self.words[at]) > 3 else None

    # ---- titles, relations, roles

    def titled(self, i: int) -> tuple[int, int] | None:
        """The name after the title that is token ``i``."""
        word, gap, at = self.words[i], self.tokens.gap(i), i + 1
        if at >= self.n or gap not in (" ", ". ", ".", "  "):
            return None
        if word in ("m", "mm") and not gap.startswith("."):
            return None
        if word == "me" and not self._is_maitre(i):
            return None
        if gap.startswith(".") and len(word) > 4 and word != "const":
            return None
        if self.words[at] in lists.OFFICES or (
            self.words[at] in ("la", "le", "l", "les")
            and at + 1 < self.n
            and (
                self.words[at + 1] in lists.OFFICES
                or not self.tokens.is_capital(at + 1)
                or not self.tokens.is_capital(at)
            )
        ):
            return None
        short = word in lists.SHORT_TITLES or word == "m" or word == "me"
        if word == "ms" and self._is_program(i):
            return None
        if short and word not in ("me", "miss"):
            name = self._with_particles(at) or self._called_as_a_town(at)
            if name is not None:
                return name
        cased = self.capitals(at)
        if cased is not None and not self.shouted:
            end, parts = cased
            if self.words[at] in lists.ANYBODY or self._is_thing(at, end):
                return None
            if short and (word != "me" or self.known(at) or parts > 1):
                return at, end
            if self.tokens.is_capital(i) or word in lists.ROLES or word in lists.RELATIONS:
                if self.known(at) or any(self.known(k) for k in range(at, end + 1)):
                    return at, end
                named = word in lists.ROLES or word in lists.RANKS
                if named and self.words[at] in self.family_weak:
                    return at, end  # "l'agente Roy", "Officer Young"
                if not self.quality(at) and word not in (
                    "sir",
                    "dame",
                    "lady",
                    "madam",
                    "brother",
                    "sister",
                    "sour",
                    "principal",
                ):
                    return at, end
            elif self.known(at) or (
                word in lists.RANKS and (not self.quality(at) or self.words[at] in self.family_weak)
            ):
                return at, end
            return None
        if not short or word in ("m", "me"):
            if not self.shouted or word == "m" or word == "me":
                if not (gap == ". " and word == "m"):
                    return None
        listed = self.small(at)
        if listed is not None and not self._is_thing(at, listed[0]):
            return at, self._with_unlisted(listed)[0]
        if (
            short
            and self._may_be_unknown(at)
            and word not in ("me", "m", "miss", "madame", "monsieur")
        ):
            return at, at
        if (
            short
            and self.words[at] in self.family_weak
            and not self.refused(at)
            and word not in ("miss", "me", "m")
        ):
            return (at, at) if self.words[at] not in self.stop else None
        return None

    def _is_program(self, i: int) -> bool:
        """ "MS Excel", "ms sql": a firm's program. "MS" in capitals beside small letters is a
        title only before a name the lists have, or one in capitals too."""
        at = i + 1
        if self.words[at] in lists.PROGRAMS:
            return True
        if self.tokens.written(i) != "MS" or self.shouted or self.known(at):
            return False
        return not self.tokens.written(at).isupper() or len(self.words[at]) < 4

    def _with_particles(self, at: int) -> tuple[int, int] | None:
        """ "van der Berg", "de la Durantaye": particles in small letters, then a name."""
        name = at
        while name - at < 3 and name + 1 < self.n and self.tokens.gap(name) in (" ", "'"):
            word = self.words[name]
            if word not in lists.PARTICLES or (
                name == at and (word in ("la", "le", "st", "saint") or self.tokens.is_capital(at))
            ):
                break
            name += 1
        if name == at or self.shouted or not self.is_part(name) or self._is_thing(name, name):
            return None
        return at, self._go_on(name, _MOST_PARTS)[0]

    def _called_as_a_town(self, at: int) -> tuple[int, int] | None:
        """ "Mrs. London", "Mme Sherbrooke-Roy", "Ms. Two-Axe"."""
        if not self.capital(at) or self.words[at] in lists.ANYBODY:
            return None
        joined = self.tokens.gap(at) == "-" and self._may_be_joined(at + 1)
        if self.words[at] not in lists.PLACES and not joined:
            return None
        if self.words[at] in lists.OFFICES:
            return None
        return at, self._go_on(at, _MOST_PARTS)[0]

    def _is_maitre(self, i: int) -> bool:
        """ "Me Lavoie" is a notary; "Me" of "me, myself" is not."""
        at = i + 1
        return (
            self.tokens.is_capital(i)
            and not self.shouted
            and self.tokens.written(i) == "Me"
            and self.is_part(at)
            and (self.known(at) or (at + 1 < self.n and self.is_part(at + 1)))
        )

    def related(self, i: int) -> tuple[int, int] | None:
        """The name after "my son" and the like, token ``i`` being the relation."""
        if i == 0 or self.words[i - 1] not in lists.OWNERS or self.tokens.gap(i - 1) != " ":
            if not (
                i >= 2
                and self.words[i - 2] in lists.OWNERS
                and self.tokens.gap(i - 1) in (" ", "-")
                and self.tokens.gap(i - 2) in (" ", "-")
            ):
                return None
        return self._apposed(i, family=True)

    def employed(self, i: int) -> tuple[int, int] | None:
        """The name after a role: "the clerk Sarah", "your agent, Mr. …"."""
        return self._apposed(i, family=False)

    def _apposed(self, i: int, *, family: bool) -> tuple[int, int] | None:
        if family and self.word_is(i + 1, "in") and self.word_is(i + 2, "law"):
            i += 2  # "brother-in-law"
        at, gap = i + 1, self.tokens.gap(i)
        if at >= self.n or gap not in (" ", ", ", " (", ": ", " - ", ' "', ", '"):
            return None
        titled = self._skip_title(at)
        if titled > at and self.words[at] in lists.SHORT_TITLES:
            return None
        if (
            self.words[at] in ("named", "called", "nomme", "nommee", "prenomme", "prenommee")
            and at + 1 < self.n
        ):
            at += 1
        cased = self.capitals(at) if not self.shouted else None
        if cased is not None:
            end, parts = cased
            if self._is_thing(at, end) or self.words[at] in lists.OFFICES:
                return None
            if self.words[at] in self.given:
                return at, end
            sure = any(self.known(k) for k in range(at, end + 1))
            holds_office = self.words[i] in lists.OFFICES or self.words[i] == "secretary"
            if sure and (parts > 1 or family or (gap == " " and not holds_office)):
                return at, end
            if self.words[at] in self.given_weak and (family or parts > 1):
                return at, end
            if family and not self.quality(at):
                return at, end
            if parts > 1 and not any(self.is_said_of_many(k) for k in range(at, end + 1)):
                return at, end
            return None
        listed = self.small(at)
        if listed is None:
            apart = gap in (", ", " (") and self.unlisted(at) and self._closes(at) and family
            return (at, at) if apart else self._two_unlisted(at)
        if self._is_thing(at, listed[0]):
            return None
        end, parts = self._with_unlisted(listed)
        if self.words[at] not in self.given:
            return (at, end) if parts > 1 and family else None
        if parts > 1 or family:
            return at, end
        return (at, end) if self.given_is_common(at) else None

    def _with_unlisted(self, listed: tuple[int, int]) -> tuple[int, int]:
        """A known name with the unlisted one after it."""
        end, parts = listed
        if parts == 1 and end + 1 < self.n and self.tokens.gap(end) == " ":
            if self.unlisted(end + 1) and not self.known(end + 1):
                return end + 1, 2
        return listed

    def word_is(self, i: int, word: str) -> bool:
        return i < self.n and self.words[i] == word

    def given_is_common(self, at: int) -> bool:
        return self.words[at] in self.given and len(self.words[at]) > 3

    # ---- nothing announces it

    def goes_on(self, i: int) -> bool:
        """Whether a name may begin with token ``i`` though no capital follows: "J. de la Cruz"."""
        return i + 1 < self.n and (
            self.words[i + 1] in lists.PARTICLES or self.tokens.gap(i)[:1] in ("-", "'")
        )

    def alone(self, i: int) -> tuple[int, int] | None:
        """The name that begins with token ``i``, without anything that announces it."""
        word = self.words[i]
        if self.shouted or not self.tokens.is_capital(i):
            return self._small_full(i) or self._small_acting(i)
        if (
            i
            and self.tokens.gap(i - 1) in ("-", "'")
            and self.words[i - 1] not in ("d", "l", "qu", "n", "s", "c")
        ):
            return None
        if i and self.tokens.gap(i - 1) == " " and self.words[i - 1] in lists.OFFICES:
            return None
        if i > 1 and self.words[i - 2] in lists.OFFICES and self.words[i - 1] in self.given:
            return None  # "Premier John Howard"
        if (
            word in ("l", "d")
            and self.tokens.gap(i) == "'"
            and (i + 1 >= self.n or not self.known(i + 1))
        ):
            return None
        if (
            i
            and self.tokens.gap(i - 1) in (" ", "-", ". ")
            and self.words[i - 1] in lists.PLACE_BEFORE
        ) and not (self.words[i - 1] in ("affaire", "mount", "st", "operation") and False):
            return None
        if (
            i > 1
            and self.words[i - 1] in ("de", "la", "du", "des", "l", "d")
            and (self.words[i - 2] in lists.PLACE_BEFORE)
        ):
            return None
        if word == "la" or (
            word == "le" and (i + 1 >= self.n or self.words[i + 1] not in self.given)
        ):
            return None  # an article rather than the family
        if word in lists.PLACE_BEFORE and word not in self.given:
            return None
        cased = self.capitals(i)
        if cased is None:
            return None
        end, parts = cased
        if self._is_thing(i, end):
            return None
        if parts > 1 and self._introduces(end):
            return i, end
        if parts == 1:
            if i and self.words[i - 1] == "the" and self.tokens.gap(i - 1) == " ":
                return None  # "the Jane and Finch area"
            if word in lists.VOICES or word in lists.TITLES:
                return None
            written = self.tokens.written(i)
            if word in self.given and len(word) > 2 and not self._is_place_said(i):
                # Four capitals are rather a department than Anna.
                return None if written.isupper() and len(word) < 6 else (i, end)
            return None
        others = range(i + 1, end + 1)
        if word in self.given:
            return i, end
        if (
            len(word) == 1
            and self.words[end] in self.family_weak
            and parts == 2
            and self.tokens.gap(i).startswith(".")
        ):
            # "J. Smith"; but "A. Young people" is a point of a list.
            said = i > 0 and self.tokens.gap(i - 1) == " "
            return (i, end) if said or self._does(end) or end == self.n - 1 else None
        if word in self.given_weak:
            if any(self.known(k) for k in others) and not self._begins_sentence_as_word(i):
                return i, end
            if not self._does(end) or self.words[end + 1] in ("and", "or", "et", "ou"):
                return None
            if self._is_place(i) or self._begins_sentence_as_word(i):
                return None
            if parts == 2 and self.words[end] in self.family_weak and end == i + 1:
                return i, end
            return None if any(self.is_said_of_many(k) for k in others) else (i, end)
        # "Nguyen Thi Hoa", "TREMBLAY Jean"; "Zsófia Tremblay".
        if word in self.family and any(self.words[k] in self.given for k in others):
            return i, end
        if any(self.known(k) for k in others) and not self.quality(i) and not self._is_place(i):
            if any(self.words[k] in self.family for k in others) and word not in self.common:
                return i, end
        if not any(self.is_said_of_many(k) for k in (i, *others)):
            if self._does(end) or (i and parts == 2 and self._follows_verb(i)):
                return i, end
        return None

    def _introduces(self, end: int) -> bool:
        """Whether the writer is who is named: "… here, third time writing"."""
        at = end + 1
        if at >= self.n or self.tokens.gap(end) != " ":
            return False
        speaks = self.words[at] in ("here", "speaking", "ici")
        return speaks and self._closes(at) and not self.is_said_of_many(end)

    def _follows_verb(self, i: int) -> bool:
        """Whether a name may follow the word before, and no place, thing or title of one."""
        before = self.words[i - 1]
        return (
            self.tokens.gap(i - 1) == " "
            and not self.tokens.is_capital(i - 1)
            and before not in lists.BEFORE_THINGS
            and not before.isdigit()
        )

    def at_the_desk(self, i: int) -> tuple[int, int] | None:
        """ "Parvaneh at the front desk": an unknown name where somebody works."""
        if (
            not (self.capital(i) or self.words[i] in self.given)
            or self.refused(i)
            or self.is_said_of_many(i)
            or len(self.words[i]) < 3
        ):
            return None
        at = i + 1
        for _ in range(4):
            if at >= self.n or self.tokens.gap(at - 1) not in (" ", "'"):
                return None
            if self.words[at] in lists.DESKS:
                return i, i
            if self.words[at] not in lists.TO_DESKS:
                return None
            at += 1
        return None

    def _begins_sentence_as_word(self, i: int) -> bool:
        """ "Will Smith be…", "May Tremblay…": a capital that only begins the sentence."""
        if self.words[i] not in (
            "will",
            "may",
            "can",
            "do",
            "see",
            "grant",
            "mark",
            "sue",
            "hope",
            "bill",
            "said",
            "les",
            "an",
        ):
            return False
        before = self.tokens.gap(i - 1).strip(" ") if i else "."
        return before != "" and self.words[i] in ("will", "may", "can", "do", "see", "les", "an")

    def _small_acting(self, i: int) -> tuple[int, int] | None:
        """ "sarah told me", "MICHEL AU COMPTOIR": capitals say nothing, what she does does."""
        if self.words[i] not in self.given or len(self.words[i]) < 4 or self._is_participle(i):
            return None
        if i + 2 < self.n and self.tokens.gap(i) == " ":
            pair = self.words[i + 1], self.words[i + 2]
            if pair[0] in ("m", "nous", "lui") and pair[1] == "a":
                return i, i
        if self.words[i] in lists.WORDS_TOO or self.words[i] in self.common:
            return self.at_the_desk(i)
        before = self.words[i - 1] if i and self.tokens.gap(i - 1) == " " else ""
        says = self.tokens.gap(i) == " " and (
            self.tokens.word(i + 1) in lists.SAYS
            or (self.tokens.word(i + 1) == "a" and self.tokens.word(i + 2) in lists.SAYS)
        )
        owned = (
            len(self.words[i]) > 4
            and before.isalpha()
            and i > 1
            and self.words[i - 2] in lists.OWNERS
        )
        if before in lists.BEFORE_PERSON or says or (owned and self.tokens.gap(i - 2) == " "):
            return (i, i) if not self._is_thing(i, i) else None
        return self.at_the_desk(i)

    def _small_full(self, i: int) -> tuple[int, int] | None:
        """A given and a family name in small letters (or all in capitals), both nothing else."""
        if i + 1 >= self.n or self._is_participle(i):
            return None
        if self.words[i] not in self.given:
            return self._family_first(i)
        listed = self.small(i)
        if listed is None:
            return None
        end, parts = self._with_unlisted(listed)
        if parts < 2 or self._is_thing(i, end):
            return None
        if i and self.words[i - 1] in lists.PLACE_BEFORE:
            return None
        if end > listed[0]:
            if i and self.words[i - 1] in ("la", "une", "le", "un", "the", "a", "des", "les"):
                return None
            return (i, end) if len(self.words[i]) > 3 else None
        if not any(self.words[k] in self.family for k in range(i + 1, end + 1)):
            return None
        return i, end

    def _family_first(self, i: int) -> tuple[int, int] | None:
        """ "nguyen thi hoa"."""
        if self.words[i] not in self.family or i + 2 >= self.n:
            return None
        two = all(self.tokens.gap(k) == " " and self.words[k + 1] in self.given for k in (i, i + 1))
        return (i, i + 2) if two else None

    def _does(self, end: int) -> bool:
        if end + 1 >= self.n or self.tokens.gap(end) not in (" ", "'"):
            return False
        word = self.words[end + 1]
        return word in lists.DOES or (len(word) > 4 and word.endswith("ed"))

    def _is_place(self, i: int) -> bool:
        return self.words[i] in lists.THINGS

    def _is_place_said(self, i: int) -> bool:
        """Whether a place is meant: "in Jordan", "à Victoria"."""
        if not i or self.tokens.gap(i - 1) != " ":
            return False
        return self.words[i - 1] in (
            "in",
            "near",
            "en",
            "downtown",
            "north",
            "south",
            "east",
            "west",
            "old",
            "vieux",
        )

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
