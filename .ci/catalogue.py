"""For hatchling: compile the catalogue and put it into the wheel, inside `analysis`."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogue(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # A clone compiles what it needs when it is asked to speak.
        sys.path.insert(0, self.root)
        from analysis.catalogue import catalogues_compile

        locale = Path(self.root, "locale")
        catalogues_compile(locale)
        for mo in sorted(locale.glob("*/LC_MESSAGES/django.mo")):
            build_data["force_include"][str(mo)] = f"analysis/locale/{mo.relative_to(locale)}"
