"""`manage.py demo_seed`: fictional departments, consultations, answers and staff."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from consult.demo.seed import demo_seed
from consult.demo.staff import password_make, staff_ensure


class Command(BaseCommand):
    help = (
        "Fill the database with the demo's content. What is there already stays. The demo's staff "
        "get the password in CONSULT_DEMO_PASSWORD, or a new one that is printed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        given = os.environ.get("CONSULT_DEMO_PASSWORD")
        password = given or password_make()
        staff_ensure(password=password)
        demo_seed(progress=self._say)
        # Once more: departments that the seed has just made have people now.
        staff_ensure(password=password)
        if not given:
            self._say(f"The demo's staff sign in with: {password}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
