"""The documents of a table: which column is what, and what each row is called."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.catalogue import Message
from analysis.catalogue import gettext_noop as _
from analysis.figures.splits import MOST_VALUES, NotClosed, Value, values_of
from analysis.pipeline.reading.privacy import find
from analysis.pipeline.reading.word_lists import listed
from analysis.pipeline.types import OFFICIAL_LANGUAGES, Document, Language
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.mending import is_damaged, letters_mended, without_markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.spreadsheet.reading import Table

_ENGLISH = frozenset({"en", "e", "eng", "english", "anglais", "anglaise", "ang", "a", "inglese"})
# What else stands in such a column for "neither".
_ALSO = ("other", "autre", "mandarin", "cantonese", "cantonais", "tagalog", "inuktitut", "cree")
_FRENCH = frozenset({"fr", "f", "fra", "fre", "french", "francais", "francaise", "fran"})
# Cells that name a language, for each that names something else: below this it is another column.
_LANGUAGES = 0.1
# Ids looked at for personal information, and the share of them that makes their column personal:
# one of thousands may look like a telephone number by chance. Answers to split by are few.
_LOOKED_AT, _PRIVATE = 200, 0.1
# Without a header that tells: the share of full names ("Marie Tremblay"), and of names of any kind
# ("Marie", which a town or a riding may be called too), that makes a column one of people.
_NAMED, _MOSTLY_NAMED = 0.2, 0.6
# What the header of a column of places says, and of a column of people.
_PLACES = listed(
    """
    town towns city cities village municipality place location region regions province provinces
    territory district county riding constituency ward borough neighbourhood neighborhood office
    offices branch site school schools college university campus hospital clinic library station
    airport park street building area zone counter centre center
    ville villes municipalite lieu endroit emplacement territoire comte circonscription
    arrondissement quartier secteur bureau bureaux succursale ecole ecoles cegep universite hopital
    clinique bibliotheque gare aeroport parc rue edifice comptoir mrc
    """
)
_NAMES = listed("name names surname lastname firstname fullname nom noms prenom prenoms")
_PEOPLE = _NAMES | listed(
    """
    respondent author person people user username contact client agent officer employee clerk staff
    caseworker reviewer analyst manager worker signed participant applicant assignee owner
    repondant repondante auteur autrice personne personnes utilisateur utilisatrice cliente agente
    employe commis intervenant intervenante analyste gestionnaire signataire participante demandeur
    demandeuse responsable
    """
)
# What may stand beside those in a header of people: "agent satisfaction" is none.
_BESIDE = listed(
    "full first last family of to the by assigned de du la d l famille complet complete par votre "
    "your"
)
# Comments with lost letters, and the share of all, from which a file is refused.
_DAMAGED, _MUCH_DAMAGED = 3, 0.1


def language_of(value: str) -> Language | None:
    """The language a cell names: ``EN``, ``English``, ``anglais``, ``fr-CA``, ``Français``.

    OTHER for a third one, by its code or its name in English or French (``de``, ``Spanish``,
    ``espagnol``). None when the cell is empty or names something else; the text then decides.
    """
    first = next(iter(_words(value)), "")
    if first in _ENGLISH:
        return Language.EN
    if first in _FRENCH:
        return Language.FR
    return Language.OTHER if first in _others() else None


@lru_cache(maxsize=1)
def _others() -> frozenset[str]:
    """Codes and names of the world's other languages, folded, each by its first word."""
    from babel import Locale

    names = [*_ALSO]
    for ours in ("en", "fr"):
        for code, name in Locale(ours).languages.items():
            if len(code) == 2:
                names += [code, name]
    firsts = {next(iter(_words(name)), "") for name in names}
    # "No" is an answer before it is Norwegian.
    return frozenset(firsts - _ENGLISH - _FRENCH - {"", "no"})


@dataclass(frozen=True, slots=True)
class Column:
    """A closed question: the answer of each document that gave one, and what could be answered."""

    name: str
    answers: dict[str, str]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """The documents of a table in its order, and what the reader noticed."""

    documents: tuple[Document, ...]
    notes: tuple[Message, ...]
    form: str
    by: tuple[Column, ...] = ()
    column: str = ""  # the heading of the texts


def _some(values: Sequence[str], most: int = 5) -> str:
    return ", ".join(values[:most]) + (", …" if len(values) > most else "")


def documents_of(
    table: Table,
    *,
    text: str | int,
    language: str | None = None,
    identifier: str | None = None,
    by: Sequence[str] = (),
) -> Input:
    """One document for each row that is not blank, of the column ``text`` (a name or an index).

    The id is the cell of column ``identifier``, or the number of the row from 1 under the header.
    ``by`` names columns to split the themes by. Raises SpreadsheetError: no such column, an id
    missing or used twice, no text at all, a column of languages that names neither of ours, a
    column to split by that is no closed question.
    """
    text_at = text if isinstance(text, int) else table.column(text, "--text")
    by_at = list(dict.fromkeys(table.column(name, "--by") for name in by))
    language_at = table.column(language, "--lang") if language is not None else None
    id_at = table.column(identifier, "--id") if identifier is not None else None
    if not table.rows:
        raise SpreadsheetError(_("The file has a header and no rows."))
    ids = [str(n) for n in table.numbers]
    if id_at is not None:
        ids = [row[id_at].strip() for row in table.rows]
        _check_ids(ids, table, identifier or "")
        _check_private(ids, table.columns[id_at], "--id", _PRIVATE)
    texts, mending = _mended(table, text_at)
    unknown: Counter[str] = Counter()
    documents = []
    for name, row, words in zip(ids, table.rows, texts, strict=True):
        spoken = None
        if language_at is not None:
            spoken = language_of(row[language_at])
            if spoken not in OFFICIAL_LANGUAGES and row[language_at].strip():
                unknown[row[language_at].strip()] += 1
        documents.append(Document(name, words, spoken))
    if not any(any(c.isalpha() for c in d.text) for d in documents):
        raise SpreadsheetError(
            _("No row has any text in column “{column}”."), column=table.columns[text_at]
        )
    known = sum(d.language is not None for d in documents)
    if language_at is not None and known <= _LANGUAGES * (len(documents) - known):
        name = table.columns[language_at]
        raise SpreadsheetError(_("Column “{name}” names no language (--lang)."), name=name)
    notes = [*table.notes, *mending]
    if unknown:
        names = _some([value for value, _ in sorted(unknown.items())])
        n = sum(unknown.values())
        notes.append(
            Message(
                _(
                    "Rows that name a language other than English or French: {n} ({names}); "
                    "they are read only where their text is clearly in one of these."
                ),
                {"n": n, "names": names},
            )
        )
    columns = tuple(_closed(table, at, ids) for at in by_at)
    return Input(
        tuple(documents), tuple(notes), table.form, columns, table.headings.in_full(text_at)
    )


def _mended(table: Table, at: int) -> tuple[list[str], list[Message]]:
    """The texts of a column as they were before an export, and what was done to them.

    Raises SpreadsheetError where letters of many are lost: what is left is nobody's words.
    """
    found: list[str] = []
    dressed = misread = filled = 0
    damaged: list[str] = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        given = row[at]
        plain = without_markup(given)
        text = letters_mended(plain)
        dressed += plain != given
        misread += text != plain
        filled += bool(text.strip())
        if is_damaged(text):
            damaged.append(str(number))
        found.append(text)
    if len(damaged) >= _DAMAGED and len(damaged) > _MUCH_DAMAGED * filled:
        raise SpreadsheetError(
            _(
                "{n} comments have letters that were lost before this file was saved (row "
                "numbers: {rows}). Export it again as CSV in UTF-8 or as XLSX."
            ),
            n=len(damaged),
            rows=_some(damaged),
        )
    notes = []
    if dressed:
        notes.append(Message(_("Comments from which HTML was taken away: {n}."), {"n": dressed}))
    if misread:
        notes.append(
            Message(
                _("Comments whose accented letters had been read wrongly and were mended: {n}."),
                {"n": misread},
            )
        )
    return found, notes


def _closed(table: Table, at: int, ids: Sequence[str]) -> Column:
    name = table.columns[at]
    cells = [" ".join(row[at].split()) for row in table.rows]
    try:
        values = values_of(cells)
    except NotClosed:
        n = len({cell for cell in cells if cell})
        raise SpreadsheetError(
            _("Column “{name}” (--by) has {n} different answers; 2 to {most} can be compared."),
            name=name,
            n=n,
            most=MOST_VALUES,
        ) from None
    _check_private(sorted(set(cells)), name, "--by")
    # One text for each value, not for each row.
    same = {cell: cell for cell in cells}
    return Column(name, {i: same[c] for i, c in zip(ids, cells, strict=True) if c}, values)


def _check_private(cells: Sequence[str], column: str, option: str, share: float = 0.0) -> None:
    """Ids and answers to split by stand in every file as they are: they may name nobody."""
    # Figures alone are the number of a row or a reply as often as they are a telephone's.
    told = [c for c in cells if "@" in c] or [c for c in cells if c and not c.isdigit()]
    some = told[:: max(1, len(told) // _LOOKED_AT)]
    if _is_private(some, column, share):
        raise SpreadsheetError(
            _(
                "Column “{column}” holds personal information, which would stand in the "
                "report ({option}). Choose another column, or leave the option out."
            ),
            column=column,
            option=option,
        )


def _is_private(cells: Sequence[str], column: str, share: float) -> bool:
    """Whether a column holds people's numbers, addresses or names.

    Towns, schools and offices are called after people, so names alone say little: the header
    decides where it speaks of places or of people, else how many cells are names.
    """
    header = set(_words(column))
    numbers = full = single = 0
    of_people = bool(header & _PEOPLE) and header <= _PEOPLE | _BESIDE
    for cell in cells:
        # After a cue also names are found that no list has.
        told = f"Name: {cell}" if of_people and header & _NAMES else cell
        found = find(told)
        names = [item for item in found if item.kind == "name"]
        numbers += len(names) < len(found)
        # "Jean-Talon" is a street's or a school's spelling, "Marie-Ève" a given name's.
        full += any(" " in told[item.start : item.end] for item in names)
        single += bool(names)
    if numbers > share * len(cells):
        return True
    if of_people:
        return single > share * len(cells)
    if header & _PLACES and not header & (_PEOPLE - _NAMES):  # "office manager" is a person
        return False
    return full > max(share, _NAMED) * len(cells) or single >= _MOSTLY_NAMED * max(2, len(cells))


def _words(text: str) -> list[str]:
    """The words of ``text`` folded: small letters, no accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return "".join(c if c.isalpha() else " " for c in plain).split()


def _check_ids(ids: Sequence[str], table: Table, column: str) -> None:
    missing = [str(n) for name, n in zip(ids, table.numbers, strict=True) if not name]
    if missing:
        raise SpreadsheetError(
            _("Rows without an id in column “{column}”: {n} (row numbers: {rows})."),
            column=column,
            n=len(missing),
            rows=_some(missing),
        )
    twice = sorted(name for name, n in Counter(ids).items() if n > 1)
    if twice:
        raise SpreadsheetError(
            _(
                "Column “{column}” has the same id more than once: {ids}. Without --id, the "
                "row number is used."
            ),
            column=column,
            ids=_some(twice),
        )
