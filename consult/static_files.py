"""Styles and scripts by their hashed names, and a page without them rather than none at all.

A stylesheet may be a list of others, one a component: ``@import "components/cards.css";``. It is
never sent as that: a browser would ask for each. `collectstatic` makes one file of it, without
comments; so does the finder, where nothing was collected.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

log = structlog.stdlib.get_logger("consult.static_files")

# Where a file is before it is collected: its storage, and its name there.
Sources = Mapping[str, tuple[Any, str]]

IMPORT = re.compile(r'@import "([^":?]+\.css)";\n?')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def sheet_in_one(name: str, read: Callable[[str], str]) -> str:
    """A stylesheet with those it imports in their place, as ``read`` gives them by name.

    What is imported refers to no file: an address in it would be read from where this one stands.
    """
    folder = posixpath.dirname(name)

    def imported(found: re.Match[str]) -> str:
        return sheet_in_one(posixpath.normpath(posixpath.join(folder, found[1])), read)

    return IMPORT.sub(imported, COMMENT.sub("", read(name)))


def is_list(text: str) -> bool:
    """Whether a stylesheet is made of others."""
    return IMPORT.match(COMMENT.sub("", text)) is not None


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="consult-styles-"))


class Finder(AppDirectoriesFinder):
    """The apps' files; of a stylesheet that is a list, one file made of it."""

    def find(self, path: str, *args: Any, **kwargs: Any) -> Any:
        found = super().find(path, *args, **kwargs)
        if not isinstance(found, str) or not path.endswith(".css") or not is_list(_text(found)):
            return found

        def read(name: str) -> str:
            return _text(super(Finder, self).find(name) or name)

        text = sheet_in_one(path, read)
        made = _folder() / f"{hashlib.sha256(text.encode()).hexdigest()}.css"
        if not made.exists():
            made.write_text(text, "utf-8")
        return str(made)


def _text(path: str) -> str:
    return Path(path).read_text("utf-8")


class _Made:
    """Stands for the storage that a file comes from, with what was made of it."""

    def __init__(self, content: str) -> None:
        self._content = content.encode("utf-8")

    def open(self, name: str) -> File[bytes]:
        return ContentFile(self._content, name)


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # Untyped.
    """WhiteNoise's, except for a file that `collectstatic` has not seen: a plain page can be read
    and its form sent, while the error that Django would raise is a 500 on every page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._missing: set[str] = set()

    def post_process(
        self, paths: Sources, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                text: str = file.read().decode("utf-8")
            return text

        made = {
            name: (_Made(sheet_in_one(name, read)), name)
            for name in paths
            if name.endswith(".css") and is_list(read(name))
        }
        yield from super().post_process({**paths, **made}, dry_run, **options)

    def stored_name(self, name: str) -> str:
        try:
            stored: str = super().stored_name(name)
        except ValueError:
            # Once each, not once a page.
            if name not in self._missing:
                self._missing.add(name)
                log.error("static_file_not_collected", file=name, remedy="manage.py collectstatic")
            return name
        return stored
