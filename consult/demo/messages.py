"""Compile the catalogues with Babel: a machine with only Python and make has no msgfmt."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def catalogues_compile(locale: Path) -> int:
    """Write each `django.mo` that is missing or older than its `django.po`; messages compiled."""
    compiled = 0
    for po in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        with po.open("rb") as file:
            catalogue = read_po(file, locale=po.parent.parent.name, abort_invalid=True)
        part = mo.with_suffix(f".{os.getpid()}")
        with part.open("wb") as file:
            write_mo(file, catalogue)
        part.replace(mo)
        compiled += sum(1 for message in catalogue if message.id and message.string)
    return compiled
