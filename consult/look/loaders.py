"""Templates are indented for whoever reads them; what is sent is not."""

from __future__ import annotations

import os
import re

from django.conf import settings
from django.template import Origin
from django.template.loaders import app_directories

_OURS = tuple(
    f"{settings.BASE_DIR / room}{os.sep}" for room in ("analysis", "cms", "consult", "feedback")
)
_INDENTATION = re.compile(r"\n[ \t]+")


class Loader(app_directories.Loader):
    """The templates of the apps; the HTML of our own rooms without its indentation.

    A line's end stays, so that words stay apart and errors keep their line. Nothing of ours has
    several lines where blanks are shown (``pre``, ``textarea``); a test looks.
    """

    def get_contents(self, origin: Origin) -> str:
        contents: str = super().get_contents(origin)
        name = str(origin.name)
        if name.startswith(_OURS) and name.endswith(".html"):
            return _INDENTATION.sub("\n", contents)
        return contents
