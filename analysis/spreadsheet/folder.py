"""A folder that is either as it was or complete, whatever happens in between."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.catalogue import gettext_noop as _
from analysis.spreadsheet.errors import SpreadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def complete_folder(out: Path, *, own: Sequence[str] = ()) -> Iterator[Path]:
    """Give an empty folder beside ``out``; when the block ends well, its files become ``out``.

    A new ``out`` appears by one rename. Into an ``out`` that exists, each file replaces the one of
    its name by a rename and other files stay, but for those named ``own`` (``a-folder/file`` too)
    that an earlier run wrote and this one did not: two runs must not be read as one. When the block
    raises (Ctrl-C too), the folder is removed and ``out`` is as it was. Raises SpreadsheetError
    where ``out`` cannot be written.
    """
    if out.exists() and not out.is_dir():
        raise SpreadsheetError(_("{out} is a file; --out must be a folder."), out=out)
    parent = out.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        if out.is_dir() and not os.access(out, os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13))
        work = tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=parent)
    except OSError as error:
        raise SpreadsheetError(
            _("{out} cannot be written ({why})."), out=out, why=error.strerror
        ) from None
    folder = parent / work
    try:
        yield folder
        try:
            # mkdtemp makes it private; the result is as readable as any new folder.
            mask = os.umask(0)
            os.umask(mask)
            folder.chmod(0o777 & ~mask)
            if out.is_dir():
                made = [file.relative_to(folder) for file in folder.rglob("*") if file.is_file()]
                for name in sorted(made):
                    (out / name).parent.mkdir(exist_ok=True)
                    (folder / name).replace(out / name)
                for name in sorted(set(map(Path, own)) - set(made)):
                    _take_away(out, name)
            else:
                folder.rename(out)
        except OSError as error:
            raise SpreadsheetError(
                _("{out} cannot be written ({why})."), out=out, why=error.strerror
            ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take_away(out: Path, name: Path) -> None:
    """Remove the file, and its folder inside ``out`` where that leaves nothing in it."""
    file = out / name
    if not file.exists():
        return
    file.unlink()
    if file.parent != out and not any(file.parent.iterdir()):
        file.parent.rmdir()
