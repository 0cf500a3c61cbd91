"""Names after a phrase that announces one: "my name is", "je suis", a sign-off, a dash."""

from __future__ import annotations

from . import lists
from .written import QUALITIES, Written

_WEAK_SIGN_OFFS = frozenset(("from", "best", "love", "peace", "yours"))


class Cued(Written):
    """Names that phrases announce."""

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
            if self._unknown_follows(listed) and self._stops(end + 1):
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
            and not self.words[at].endswith(QUALITIES)
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
            if self._unknown_follows(listed) and self._closes(end + 1):
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
        if at >= self.n or not (self.is_part(at) or self.words[at] in self.given):
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
