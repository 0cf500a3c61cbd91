"""In place of Django's command: no gettext needed, and our words are set as in print."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from analysis.catalogue import catalogues_compile


class Command(BaseCommand):
    help = "Compile the catalogues of messages that have changed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for locale in settings.LOCALE_PATHS:
            self.stdout.write(f"{catalogues_compile(locale)} messages compiled in {locale}.")
