"""`manage.py audit_verify`: whether the audit log is as it was written."""

from __future__ import annotations

import argparse
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from feedback.audit.services.chain import Fault, Verdict, audit_verify

SAYS = {
    Fault.MISSING: "the entry at place {place} is missing",
    Fault.CHANGED: "the entry at place {place} (number {entry}) is not as it was written",
    Fault.CUT_OFF: "the entries from place {place} on were taken away",
    Fault.OTHER_HEAD: "the entry at place {place} (number {entry}) has not the seal it had",
}


def _head(text: str) -> tuple[int, str]:
    if re.fullmatch(r"[1-9]\d{0,17}:[0-9a-f]{64}", text) is None:
        raise argparse.ArgumentTypeError("a head is a place, a colon and 64 hexadecimal digits")
    place, _, seal = text.partition(":")
    return int(place), seal


class Command(BaseCommand):
    help = "Say whether the audit log is as it was written; exit with 1 at the first fault."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            type=_head,
            action="append",
            default=[],
            help="a head kept elsewhere, as place:seal; may be given several times",
        )

    def handle(self, *args: Any, head: list[tuple[int, str]], **options: Any) -> None:
        verdict = audit_verify(head)
        if verdict.fault is not None:
            says = SAYS[verdict.fault].format(place=verdict.place, entry=verdict.entry)
            raise CommandError(f"audit log: {says}", returncode=1)
        self.stdout.write(f"audit log: {verdict.place} entries hold")
        if verdict.place:
            self.stdout.write(f"head: {verdict.place}:{verdict.seal}")
        self._say_waiting(verdict)

    def _say_waiting(self, verdict: Verdict) -> None:
        if verdict.waiting_since is not None:
            since = verdict.waiting_since.isoformat(timespec="seconds")
            self.stdout.write(f"not chained yet: {verdict.waiting} entries, the first of {since}")
