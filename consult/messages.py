"""Compile the catalogues with Babel: a machine with only Python and make has no msgfmt.

Here our own words get the apostrophe of print, in both languages: the French when it is compiled,
and the English by a small catalogue of the messages that have one, made from the French one's ids.
What is put into a message later, a name or a respondent's words, is never touched.
"""

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from analysis import typography
from analysis.typography import typographic_words

# A catalogue that older code compiled is compiled again.
_MADE_BY = (Path(__file__), Path(typography.__file__))


def catalogues_compile(locale: Path) -> int:
    """Write each `django.mo` that is missing or older than its `django.po`; messages compiled."""
    compiled = 0
    for po in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        english_mo = locale / "en" / "LC_MESSAGES" / "django.mo"
        newest = max(path.stat().st_mtime_ns for path in (po, *_MADE_BY))
        if all(made.exists() and made.stat().st_mtime_ns >= newest for made in (mo, english_mo)):
            continue
        with po.open("rb") as file:
            catalogue = read_po(file, locale=po.parent.parent.name, abort_invalid=True)
        # Messages that carry an apostrophe, under the ids they have in the sources.
        english = Catalog(locale="en", fuzzy=False)
        for message in catalogue:
            if not message.id:
                continue
            if typographic_words(message.id) != message.id:
                english.add(message.id, typographic_words(message.id), context=message.context)
            message.string = typographic_words(message.string)
        _write(english, english_mo)
        _write(catalogue, mo)
        compiled += sum(1 for message in catalogue if message.id and message.string)
    return compiled


def _write(catalogue: Catalog, mo: Path) -> None:
    mo.parent.mkdir(parents=True, exist_ok=True)
    part = mo.with_suffix(f".{os.getpid()}")
    with part.open("wb") as file:
        write_mo(file, catalogue)
    part.replace(mo)
