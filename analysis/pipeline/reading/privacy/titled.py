"""Names after a title ("Mme", "Sgt"), a relation ("my son") or a role ("the clerk")."""

from __future__ import annotations

from . import lists
from .written import MOST_PARTS, Written


class Titled(Written):
    """Names that say what somebody is, before who."""

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
        return at, self._go_on(name, MOST_PARTS)[0]

    def _called_as_a_town(self, at: int) -> tuple[int, int] | None:
        """ "Mrs. London", "Mme Sherbrooke-Roy", "Ms. Two-Axe"."""
        if not self.capital(at) or self.words[at] in lists.ANYBODY:
            return None
        joined = self.tokens.gap(at) == "-" and self._may_be_joined(at + 1)
        if self.words[at] not in lists.PLACES and not joined:
            return None
        if self.words[at] in lists.OFFICES:
            return None
        return at, self._go_on(at, MOST_PARTS)[0]

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

    def given_is_common(self, at: int) -> bool:
        return self.words[at] in self.given and len(self.words[at]) > 3
