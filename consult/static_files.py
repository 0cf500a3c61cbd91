"""Styles and scripts by their hashed names, and a page without them rather than none at all."""

from typing import Any

import structlog
from whitenoise.storage import CompressedManifestStaticFilesStorage

log = structlog.stdlib.get_logger("consult.static_files")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # Untyped.
    """WhiteNoise's, except for a file that `collectstatic` has not seen: a plain page can be read
    and its form sent, while the error that Django would raise is a 500 on every page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._missing: set[str] = set()

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
