"""A folder that is either as it was or complete, whatever happens in between."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.catalogue import gettext_noop as _
from analysis.spreadsheet.errors import SpreadsheetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@contextmanager
def complete_folder(out: Path, *, own: Sequence[str] = ()) -> Iterator[Path]:
    """Give an empty folder beside ``out``; when the block ends well, its files become ``out``.

    A new ``out`` appears by one rename. Into an ``out`` that exists, each file replaces the one of
    its name by a rename and other files stay, but for those named ``own`` that an earlier run
    wrote and this one did not: two runs must not be read as one. When the block raises (Ctrl-C
    too), the folder is removed and ``out`` is as it was. Raises SpreadsheetError where ``out``
    cannot be written.
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
                made = sorted(folder.iterdir())
                for file in made:
                    file.replace(out / file.name)
                for name in set(own) - {file.name for file in made}:
                    (out / name).unlink(missing_ok=True)
            else:
                folder.rename(out)
        except OSError as error:
            raise SpreadsheetError(
                _("{out} cannot be written ({why})."), out=out, why=error.strerror
            ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
