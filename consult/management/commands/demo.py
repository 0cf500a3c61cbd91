"""`manage.py demo`: the whole system on this machine, with fictional content. See `make demo`."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from consult.demo.supervisor import Demo


class Command(BaseCommand):
    help = "Start every part of the site on this machine, filled with fictional consultations."
    # What is wrong with the settings is not of interest before the servers are there.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--reset", action="store_true", help="Remove the demo's data.")

    def handle(self, *args: Any, **options: Any) -> None:
        port = str(options["port"])
        if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
            raise CommandError(f"PORT={port} is not a port; choose one from 1024 to 65535.")
        demo = Demo(
            base=settings.BASE_DIR,
            var=settings.DATA_DIR,
            port=int(port),
            say=self._say,
            complain=self._complain,
            given={
                name: os.environ[name]
                for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL")
                if os.environ.get(name)
            },
        )
        if code := demo.reset() if options["reset"] else demo.run():
            sys.exit(code)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _complain(self, text: str) -> None:
        self.stderr.write(self.style.ERROR(text))
