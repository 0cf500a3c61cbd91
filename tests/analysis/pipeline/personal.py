"""A seeded corpus of sentences with and without personal information, to measure masking by.

Fictional throughout. Two halves that share neither templates nor names, streets or numbers: the
rules were made with ``Half.SEEN`` at hand, ``Half.HELD_OUT`` was written apart. ``hard_sentences``
and ``apart_sentences`` are single ones, written by hand; the second before seeing what the
rules do with them. All have been mended on since.

In a template ``{kind}`` stands for a value that is personal, ``{~name}`` for a name that nothing
announces, ``{_place}`` and the like for values that are not personal.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from stdnum import luhn

from analysis.pipeline.reading import privacy

SEED = 20261128
_HERE = Path(__file__).resolve().parent


class Half(Enum):
    SEEN = "seen"
    HELD_OUT = "held out"


class Case(Enum):
    WRITTEN = "as written"
    LOWER = "small letters"
    UPPER = "capitals"
    BARE = "accents dropped"


@dataclass(frozen=True, slots=True)
class Mark:
    """One personal stretch; ``cued`` where words beside it say what it is."""

    start: int
    end: int
    kind: str
    cued: bool = True


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    marks: tuple[Mark, ...]
    language: str
    case: Case
    half: str


# ---- values

_NAMES = {
    Half.SEEN: """
        Sarah Thompson|Julie Bouchard|Amandeep Gill|Jean-Marc Tremblay|Fatima Hassan|Mei Ling Chen
        Siobhan O'Connor|Kwame Mensah|Lars Lindqvist|Nguyen Thi Hoa|Réjean Gagné|Marie-Ève Côté
        Priya Sharma|Wojciech Nowak|Olga Kovalenko|Étienne Lavoie|Gurpreet Singh|Carlos Mendoza
        Yasmin Khoury|Thomas MacKenzie|Geneviève Pelletier|Hassan Ali|Linda Cardinal|André Roy
        Chloé Desrosiers|Robert McLeod|Aïcha Diallo|Ken Nakamura|Patricia Flett|Luc d'Amours
    """,
    Half.HELD_OUT: """
        Thandeka Mokoena|Bronwyn Pritchard|Ghislaine Archambault|Tuguldur Ganbold|Makwa Kinew
        Ksenija Vukovic|Normand Bellefleur|Oluwatobi Adekunle|Hortense Quesnel|Declan Mulroney
        Parvaneh Daneshvar|Zacharie Lafrenière|Mairéad Gallagher|Jagtar Uppal|Eluned Griffiths
        Rosaline Petit-Frère|Tenzin Dolkar|Agnieszka Zielińska|Fulgence Kabeya|Maxime L'Heureux
        Nanuk Akavak|Corazon Villaflor|Svend Rasmussen|Hélène Vadeboncoeur|Demetrios Pappas
        Ismaël Benkirane|Wilhelmina Van den Berg|Cédrick Bolduc|Latoya Braithwaite|Yevhen Hrytsenko
    """,
}
_STREETS = {
    Half.SEEN: (
        "Main Street|King St. W.|Maple Avenue|5th Ave|Lakeshore Road|Elm Crescent|Bank St",
        "rue Principale|boul. René-Lévesque Est|avenue du Parc|chemin du Lac|rue des Pins|rang 3",
    ),
    Half.HELD_OUT: (
        "Ravenscrag Drive|Old Quarry Rd|Osprey Lane|Cartwright Blvd|12th Street NW|Fundy Court",
        "rue de la Falaise|boulevard des Hauteurs|ch. du Vieux-Moulin|av. Cardinal-Bégin|rue Bélair",
    ),
}
_MONTHS = (
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
)


class Values:
    """Values of each kind, drawn with one generator."""

    def __init__(self, half: Half, language: str, draw: random.Random) -> None:
        self.half, self.french, self.draw = half, language == "fr", draw
        self.names = [n.strip() for n in re.split(r"[|\n]", _NAMES[half]) if n.strip()]

    def of(self, kind: str) -> str:
        return str(getattr(self, kind.strip("~_"))())

    def digits(self, n: int, first: str = "123456789") -> str:
        return self.draw.choice(first) + "".join(self.draw.choices("0123456789", k=n - 1))

    def letters(self, n: int, among: str = "ABCEGHJKLMNPRSTVXY") -> str:
        return "".join(self.draw.choices(among, k=n))

    def pick(self, *values: str) -> str:
        return self.draw.choice(values)

    def name(self) -> str:
        return self.draw.choice(self.names)

    def given(self) -> str:
        return self.name().split()[0]

    def family(self) -> str:
        return self.name().split()[-1]

    def initials(self) -> str:
        given, *rest = self.name().split()
        return f"{given[0]}. {rest[-1]}"

    def sin(self) -> str:
        digits = self.digits(8, "1234567")
        digits += luhn.calc_check_digit(digits)
        if self.draw.random() < 0.3:  # one figure wrong
            digits = digits[:4] + str((int(digits[4]) + 1) % 10) + digits[5:]
        gap = self.pick(
            "", " ", "-", " - ", "\u00a0", "\u2009", "\u2012", "\u2013", "\u2011", ".", "\u202f"
        )
        return gap.join((digits[:3], digits[3:6], digits[6:]))

    def phone(self) -> str:
        area = self.pick("613", "514", "416", "902", "819", "604", "780", "204", "506", "709")
        a, b = "555", f"01{self.draw.randrange(100):02}"
        form = self.pick(
            "{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "{} {} {}", "1-{}-{}-{}", "+1 {} {} {}", "({}){}-{}",
            "{} {}-{}", "{}-{}-{} ext. 12", "{} {}-{}, poste 204", "{}{}{}", "{}\u2011{}\u2011{}",
        )  # fmt: skip
        return form.format(area, a, b)

    def short_phone(self) -> str:
        return self.pick("555-{}", "555 {}", "555.{}", "555{}").format(
            f"01{self.draw.randrange(100):02}"
        )

    def email(self) -> str:
        user = self.pick("jo", "m.tremblay", "green_thumb", "p-k", "tom+gov", "ana99").lower()
        host = self.pick("example", "courriel", "mailbox")
        if self.half is Half.HELD_OUT:
            user, host = (
                self.pick("quarry.r", "zl_2", "hortense", "tq77"),
                self.pick("gmail", "poste", "northmail"),
            )
        plain = self.pick("{}@{}.ca", "{}@{}.com", "{}@mail.{}.org")
        if self.draw.random() < 0.5:
            plain = (
                self.pick("{} arobase {} point ca", "{} (arobase) {} (point) com", "{}@{} . ca")
                if self.french
                else self.pick("{} at {} dot com", "{} (at) {} (dot) ca", "{}[at]{}[dot]org")
            )
        return plain.format(user, host)

    def postal_code(self) -> str:
        first, second = self.letters(1), self.letters(2)
        d = self.digits(3)
        gap = self.pick(" ", "", "-", "\u00a0")
        return f"{first}{d[0]}{second[0]}{gap}{d[1]}{second[1]}{d[2]}"

    def address(self) -> str:
        street = self.draw.choice(_STREETS[self.half][self.french].split("|"))
        number = self.pick(
            self.digits(2),
            self.digits(3),
            self.digits(4, "345678"),
            f"{self.digits(1)}-{self.digits(3)}",
        )
        unit = self.pick(
            "",
            "",
            ", app. 4" if self.french else ", apt 4",
            " app 12" if self.french else " unit 7",
        )
        return number + (self.pick(", ", " ") if self.french else " ") + street + unit

    def box(self) -> str:
        n = self.digits(3)
        if self.french:
            return self.pick(f"C.P. {n}", f"case postale {n}", f"B.P. {n}")
        return self.pick(f"P.O. Box {n}", f"PO Box {n}", f"RR {n[0]}", f"R.R. #{n[0]}")

    def birth_date(self) -> str:
        y, m, d = (
            self.draw.randrange(1931, 2016),
            self.draw.randrange(12),
            self.draw.randrange(1, 29),
        )
        month = _MONTHS[self.french][m]
        if self.french:
            day = "1er" if d == 1 else str(d)
            return self.pick(
                f"{day} {month} {y}",
                f"{y}-{m + 1:02}-{d:02}",
                f"{d:02}/{m + 1:02}/{y}",
                f"{day} {month} mille neuf cent soixante-deux",
            )
        return self.pick(
            f"{month} {d}, {y}", f"{d} {month} {y}", f"{y}-{m + 1:02}-{d:02}", f"{month[:3]}. {d} {y}",
            f"{month} {d}th, {y}", f"{d:02}/{m + 1:02}/{y % 100:02}", f"{month} fourth nineteen sixty-two",
        )  # fmt: skip

    def ramq(self) -> str:
        m, d = self.draw.choice([*range(1, 13), *range(51, 63)]), self.draw.randrange(1, 29)
        gap = self.pick(" ", "", "-")
        return f"{self.letters(4)}{gap}{self.digits(2)}{m:02}{gap}{d:02}{self.digits(2)}"

    def health(self) -> str:
        d = self.digits(10, "9")
        return self.pick(
            f"{d[:4]} {d[4:7]} {d[7:]}", f"{d[:4]}-{d[4:7]}-{d[7:]}-{self.letters(2)}", d, f"{d[:3]} {d[3:6]} {d[6:9]}",
            d[:9], f"{d[:5]}-{d[5:9]}",
        )  # fmt: skip

    def passport(self) -> str:
        return self.pick(
            f"{self.letters(2)}{self.digits(6)}",
            f"{self.letters(2)} {self.digits(6)}",
            f"{self.letters(1)}{self.digits(6)}{self.letters(2)}",
        )

    def driver_licence(self) -> str:
        return self.pick(
            f"{self.letters(1)}{self.digits(4)}-{self.digits(5)}-{self.digits(5)}",
            f"{self.letters(1)}{self.digits(4)}-{self.digits(6)}-{self.digits(2)}", self.digits(7), f"{self.digits(6)}-{self.digits(3)}",
        )  # fmt: skip

    def plate(self) -> str:
        return self.pick(
            f"{self.letters(4)} {self.digits(3)}", f"{self.letters(3)} {self.digits(3)}", f"{self.letters(1)}{self.digits(2)} {self.letters(3)}",
            f"{self.letters(3)}-{self.digits(4)}", f"{self.digits(3)} {self.letters(3)}", f"{self.letters(4)}{self.digits(3)}",
        )  # fmt: skip

    def card(self) -> str:
        d = self.digits(15, "45")
        d += luhn.calc_check_digit(d)
        return self.pick(" ", "-", "").join((d[:4], d[4:8], d[8:12], d[12:]))

    def bank_account(self) -> str:
        return self.pick(
            self.digits(7),
            f"{self.digits(5)}-{self.digits(7)}",
            f"{self.digits(3)}-{self.digits(5)}-{self.digits(7)}",
        )

    def file_number(self) -> str:
        return self.pick(
            self.digits(8), f"{self.letters(1)}{self.digits(9)}", f"{self.digits(2)}-{self.digits(4)}-{self.digits(4)}",
            f"{self.letters(3)}-{self.digits(6)}", f"{self.digits(4)} {self.digits(4)}",
        )  # fmt: skip

    def ip_address(self) -> str:
        return ".".join(str(self.draw.randrange(11, 250)) for _ in range(4))

    def account(self) -> str:
        return self.pick("@quiet_otter", "@nordique.77", "@lac_bleu")

    # what is not personal

    def year(self) -> str:
        return str(self.draw.randrange(1995, 2027))

    def place(self) -> str:
        if self.half is Half.SEEN:
            return self.pick("Ottawa", "Thunder Bay", "Trois-Rivières", "Moose Jaw", "Gatineau")
        return self.pick(
            "Medicine Hat", "Val-d'Or", "Corner Brook", "Rivière-du-Loup", "Prince Albert"
        )

    def public_street(self) -> str:
        if self.french:
            return self.pick("rue King", "rue Sherbrooke", "avenue Cartier", "rue Wellington")
        return self.pick(
            "King Street", "Queen Street", "Bay Street", "Wellington Street", "Portage Avenue"
        )

    def organization(self) -> str:
        if self.half is Half.SEEN:
            return self.pick("Service Canada", "Hydro-Québec", "Tim Hortons", "Canada Post")
        return self.pick("Statistics Canada", "Revenu Québec", "Health Canada", "Parcs Canada")

    def amount(self) -> str:
        n = self.draw.randrange(100, 999)
        return f"{n} 000 $" if self.french else f"${n},000"

    def law(self) -> str:
        return (
            self.pick("C-11", "C-21", "S-203", "96")
            if self.half is Half.SEEN
            else self.pick("C-15", "21", "C-69")
        )


# Which method draws it, and of which kind it is.
_KINDS = {
    "name": "name", "given": "name", "family": "name", "initials": "name", "sin": "sin", "phone": "phone",
    "short_phone": "phone", "email": "email", "postal_code": "postal_code", "address": "address",
    "box": "address", "birth_date": "birth_date", "ramq": "health_card", "health": "health_card",
    "passport": "passport", "driver_licence": "driver_licence", "plate": "licence_plate", "card": "card",
    "bank_account": "bank_account", "file_number": "file_number", "ip_address": "ip_address",
    "account": "account",
}  # fmt: skip


def _templates(half: Half) -> dict[str, dict[str, list[str]]]:
    """Templates by language, then by "personal", "alone" (names nothing announces), "innocent"."""
    found: dict[str, dict[str, list[str]]] = {}
    name = "seen" if half is Half.SEEN else "held_out"
    part: list[str] = []
    for line in (_HERE / "data" / f"personal_{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            language, role = line[1:-1].split()
            part = found.setdefault(language, {}).setdefault(role, [])
        elif line and not line.startswith("#"):
            part.append(line.replace("\\n", "\n"))
    return found


_SLOT = re.compile(r"\{([~_]?\w+)\}")


def _filled(template: str, values: Values) -> tuple[str, tuple[Mark, ...]]:
    text, at = "", 0
    marks: list[Mark] = []
    for match in _SLOT.finditer(template):
        text += template[at : match.start()]
        slot = match.group(1)
        value = values.of(slot)
        if not slot.startswith("_"):
            kind = _KINDS[slot.strip("~")]
            marks.append(Mark(len(text), len(text) + len(value), kind, not slot.startswith("~")))
        text += value
        at = match.end()
    return text + template[at:], tuple(marks)


def _bare(text: str) -> str:
    """Without accents, length kept."""
    return "".join(unicodedata.normalize("NFD", c)[0] for c in text)


_CASED: dict[Case, Callable[[str], str]] = {
    Case.WRITTEN: str,
    Case.LOWER: lambda text: "".join(c.lower() if len(c.lower()) == 1 else c for c in text),
    Case.UPPER: lambda text: "".join(c.upper() if len(c.upper()) == 1 else c for c in text),
    Case.BARE: _bare,
}
_SHARES = {Case.WRITTEN: 0.58, Case.LOWER: 0.16, Case.UPPER: 0.1, Case.BARE: 0.16}


def sentences(half: Half, *, each: int = 3, seed: int = SEED) -> Iterator[Sentence]:
    """Every template of that half ``each`` times, with values and cases drawn anew."""
    draw = random.Random(f"{seed} {half.value}")
    for language, roles in _templates(half).items():
        values = Values(half, language, draw)
        for templates in roles.values():
            for template in templates:
                # One without a slot says the same each time.
                for _ in range(each if "{" in template else 1):
                    case = draw.choices([*_SHARES], weights=[*_SHARES.values()])[0]
                    text, marks = _filled(template, values)
                    yield Sentence(_CASED[case](text), marks, language, case, half.value)


_MARK = re.compile(r"«([a-z_]+)(~?):([^»]*)»")


def hard_sentences() -> Iterator[Sentence]:
    """Sentences written one by one, to be hard."""
    return _marked("hard")


def apart_sentences() -> Iterator[Sentence]:
    """Sentences written one by one, before seeing what the rules do with them."""
    return _marked("apart")


def _marked(half: str) -> Iterator[Sentence]:
    """``«kind:value»`` is personal, with ``~`` where nothing announces it."""
    language = ""
    for line in (_HERE / "data" / f"personal_{half}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            language = line[1:-1]
        elif line and not line.startswith("#"):
            line, text, at = line.replace("\\n", "\n"), "", 0
            marks = []
            for match in _MARK.finditer(line):
                text += line[at : match.start()]
                end = len(text) + len(match.group(3))
                marks.append(Mark(len(text), end, match.group(1), not match.group(2)))
                text += match.group(3)
                at = match.end()
            yield Sentence(text + line[at:], tuple(marks), language, Case.WRITTEN, half)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What masking did with one sentence: each mark with whether all of it is hidden, and each find
    with whether it touches a mark."""

    sentence: Sentence
    hidden: tuple[bool, ...]
    finds: tuple[tuple[privacy.Found, bool], ...]


def outcome(sentence: Sentence) -> Outcome:
    """A mark is hidden when each letter and figure of it is, under whatever kind: half a telephone
    number is one that got through."""
    found = privacy.find(sentence.text)
    covered = {i for item in found for i in range(item.start, item.end)}
    return Outcome(
        sentence,
        tuple(
            all(i in covered for i in range(m.start, m.end) if sentence.text[i].isalnum())
            for m in sentence.marks
        ),
        tuple(
            (item, any(item.start < m.end and m.start < item.end for m in sentence.marks))
            for item in found
        ),
    )
