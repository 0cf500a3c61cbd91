"""Names that nothing announces: what the lists know, and what only people do."""

from __future__ import annotations

from . import lists
from .written import Written


class Alone(Written):
    """Names by themselves."""

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
        ):
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
        if parts > 1 and self._is_settlement(i, end):
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

    def _is_settlement(self, i: int, end: int) -> bool:
        """ "Maple Junction", "in Ferris Mills": a place called after somebody's, and no person."""
        if self.words[end] in lists.PLACE_ENDS:
            return True
        before = self.words[i - 1] if i and self.tokens.gap(i - 1) == " " else ""
        return self.words[end] in lists.PLACE_ENDS_TOO and before in lists.BEFORE_PLACE

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
            or self.words[i] in lists.PLACE_ENDS
            # "the Bellerive counter", "au comptoir de …": where it is, not who stands there.
            or (i and self.tokens.gap(i - 1) == " " and self.words[i - 1] in lists.BEFORE_PLACE)
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
        if any(self.words[i] in known for known in (lists.WORDS_TOO, lists.NOUNS_TOO, self.common)):
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
        if self.words[i] in lists.NOUNS_TOO and not self._does(end):
            return None  # "basil pepper soup"
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
