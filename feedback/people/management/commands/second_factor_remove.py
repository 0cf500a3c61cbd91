"""`manage.py second_factor_remove`: when the last administrator lost telephone and codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from feedback.people.models import User
from feedback.people.sign_in.second_factor import second_factor_remove


class Command(BaseCommand):
    help = (
        "Removes the second step of one account and signs it out everywhere; its owner signs in "
        "with the password and sets up a new one. For administrators who lost theirs, where no "
        "other administrator can do it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="user name or email address")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        named = Q(username__iexact=name) | Q(email__iexact=name)
        found = list(User.objects.filter(named)[:2])
        if len(found) != 1:
            raise CommandError(
                f"{'Several accounts are' if found else 'No account is'} called {name}."
            )
        second_factor_remove(user=found[0], actor=None)
        self.stdout.write(f"The second step of {found[0].get_username()} was removed.")
