"""`manage.py demo_code`: the second step of the demo's staff, without their telephones."""

from typing import Any

from django.core.management.base import BaseCommand

from consult.demo.staff import demo_codes


class Command(BaseCommand):
    help = "Say which codes the authenticator apps of the demo's staff would show now."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, code in demo_codes().items():
            self.stdout.write(f"{name:<15} {code}")
