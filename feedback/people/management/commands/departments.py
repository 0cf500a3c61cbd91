"""`manage.py departments`: the directory of departments out to a file, and in from one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from feedback.bilingual import Language
from feedback.people.departments.directory import (
    LONGEST,
    DirectoryRefused,
    Fault,
    Plan,
    directory_apply,
    directory_export,
    directory_read,
)
from feedback.people.models import User


class Command(BaseCommand):
    help = (
        "Writes all departments to a CSV file, or shows what a file would change; with --write it "
        "is written. What is wrong is said row by row, in both languages."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("direction", choices=["export", "import"])
        parser.add_argument("file")
        parser.add_argument("--write", action="store_true", help="write what the file says")
        parser.add_argument("--as", dest="name", help="the administrator who writes it")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if options["direction"] == "export":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                directory_export(file)
            return
        actor = _administrator(options["name"]) if options["write"] else None
        try:
            with path.open("rb") as source:
                raw = source.read(LONGEST + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        plan = _plan(raw)
        self._show(plan)
        if actor is None:
            self.stdout.write("Nothing was written: --write --as NAME writes it.")
            return
        try:
            directory_apply(raw, digest=plan.digest, actor=actor)
        except DirectoryRefused as refusal:
            raise CommandError("A department has changed meanwhile. Try again.") from refusal
        self.stdout.write(f"Written: {len(plan.entries)}.")

    def _show(self, plan: Plan) -> None:
        for entry in plan.entries:
            self.stdout.write(f"{entry.code}{' (new)' if entry.is_new else ''}")
            for difference in entry.differences:
                self.stdout.write(
                    f"  {difference.column}: {difference.before!r} -> {difference.after!r}"
                )
        self.stdout.write(f"The same as now: {plan.unchanged}.")


def _plan(raw: bytes) -> Plan:
    """Raises CommandError with what is wrong, in both languages."""
    lines = []
    plan = Plan()
    for language in Language.values:
        with translation.override(language):
            plan = directory_read(raw)
            lines += [_said(fault) for fault in plan.faults]
    if lines:
        raise CommandError("\n".join(lines))
    return plan


def _said(fault: Fault) -> str:
    where = _("line {line}").format(line=fault.line) if fault.line else ""
    return " ".join(filter(None, (where, fault.column, fault.says)))


def _administrator(name: str | None) -> User:
    found = User.objects.filter(username=name or "", is_superuser=True, is_active=True).first()
    if found is None:
        raise CommandError(f"--as names an administrator; {name or 'nobody'} is none.")
    return found
