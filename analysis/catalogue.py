"""The catalogue: our words in both languages, for the packages that know nothing of Django too.

English is the msgid and French stands in ``locale/fr/LC_MESSAGES/django.po``. Babel compiles both,
since a machine with only Python and make has no msgfmt, and our own words get the apostrophe of
print on the way: the French ones, and the English ones by a small catalogue of the messages that
have an apostrophe. What is put into a message later, a name or a respondent's words, is never
touched.

    _ = translations("fr").gettext
    _("{n} letters").format(n=3)
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from analysis import typography
from analysis.typography import typographic_words

_HERE = Path(__file__).resolve().parent
# An installed package has it inside, compiled; in a clone it lies beside the rooms.
LOCALE = _HERE / "locale" if (_HERE / "locale").is_dir() else _HERE.parent / "locale"
# A catalogue that older code compiled is compiled again.
_MADE_BY = (Path(__file__), Path(typography.__file__))
_FILE = Path("LC_MESSAGES", "django.mo")


def gettext_noop(message: str) -> str:
    """Mark a message that is looked up where it is said."""
    return message


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence whose language is not known yet, and the values to be put into it.

    A value that is itself a ``Message``, ``Names`` or a ``Pair`` is said in the same language.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said_in(self, language: str, *, typed: bool = False) -> str:
        """The sentence in ``en`` or ``fr``; ``typed`` with the apostrophe that a keyboard has."""
        said = translations(language).gettext(self.text)
        values = {
            name: value.said_in(language, typed=typed)
            if isinstance(value, Message | Names | Pair)
            else value
            for name, value in self.values.items()
        }
        return (as_typed(said) if typed else said).format(**values)

    def in_both(self) -> dict[str, str]:
        """The sentence in each language, by its code."""
        return {language: self.said_in(language) for language in ("en", "fr")}


@dataclass(frozen=True, slots=True)
class Names:
    """Names in the quotation marks of the language, with commas between them."""

    names: tuple[str, ...]

    def said_in(self, language: str, *, typed: bool = False) -> str:
        """``“a”, “b”`` or ``«\u00a0a\u00a0», «\u00a0b\u00a0»``."""
        quoted = Message(gettext_noop("“{name}”"))
        return ", ".join(
            Message(quoted.text, {"name": name}).said_in(language, typed=typed)
            for name in self.names
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """What is there in both languages already: somebody's names of one thing."""

    en: str
    fr: str

    def said_in(self, language: str, *, typed: bool = False) -> str:
        """The one or the other, as it was given."""
        return self.fr if language == "fr" else self.en


def as_typed(text: str) -> str:
    """One of our own sentences with U+0027: not every terminal has the apostrophe of print."""
    return text.replace("\u2019", "'")


@lru_cache(maxsize=2)
def translations(language: str) -> NullTranslations:
    """The messages of ``en`` or ``fr``. What has changed since it was compiled is compiled first.

    Raises FileNotFoundError for a language we do not speak.
    """
    for made in _outdated(LOCALE):
        try:
            made.write(LOCALE)
        except OSError:
            # A clone that may not be written to speaks too; it compiles each time.
            if language in made.files:
                return GNUTranslations(io.BytesIO(made.files[language]))
    with (LOCALE / language / _FILE).open("rb") as file:
        return GNUTranslations(file)


def catalogues_compile(locale: Path) -> int:
    """Write each ``django.mo`` that is missing or older than its source; how many messages."""
    messages = 0
    for made in _outdated(locale):
        made.write(locale)
        messages += made.messages
    return messages


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The files of a ``django.po`` by language, and how many messages it translates."""

    files: Mapping[str, bytes]
    messages: int

    def write(self, locale: Path) -> None:
        for language, data in self.files.items():
            mo = locale / language / _FILE
            mo.parent.mkdir(parents=True, exist_ok=True)
            part = mo.with_suffix(f".{os.getpid()}")
            part.write_bytes(data)
            part.replace(mo)


def _outdated(locale: Path) -> Iterator[_Compiled]:
    """What is to be written for each ``django.po`` that has changed since."""
    for po in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        language = po.parent.parent.name
        newest = max(path.stat().st_mtime_ns for path in (po, *_MADE_BY))
        files = [locale / name / _FILE for name in (language, "en")]
        if not all(mo.exists() and mo.stat().st_mtime_ns >= newest for mo in files):
            yield _compiled(po, language)


def _compiled(po: Path, language: str) -> _Compiled:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        catalogue = read_po(source, locale=language, abort_invalid=True)
    # Messages that carry an apostrophe, under the ids they have in the sources.
    english = Catalog(locale="en", fuzzy=False)
    for message in catalogue:
        if not message.id:
            continue
        if typographic_words(message.id) != message.id:
            english.add(message.id, typographic_words(message.id), context=message.context)
        message.string = typographic_words(message.string)
    files = {}
    for name, messages in ((language, catalogue), ("en", english)):
        file = io.BytesIO()
        write_mo(file, messages)
        files[name] = file.getvalue()
    return _Compiled(files, sum(1 for message in catalogue if message.id and message.string))
