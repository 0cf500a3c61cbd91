"""Django's command, with the page of the spreadsheet tool among the sources.

That one is Jinja's, in which `{{ p._("…") }}` stands where a template of ours has `translate`.
"""

from typing import Any

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        options["extensions"] = options["extensions"] or ["html", "txt", "py", "jinja"]
        super().handle(*args, **options)
