"""`manage.py bounces_read`: note which emails came back, from the mailbox of CONSULT_EMAIL_FROM."""

from __future__ import annotations

import mailbox
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.outbox.emails.bounces import LONGEST, bounces_note


class Command(BaseCommand):
    help = (
        "Reads delivery status notifications (RFC 3464) and notes which of our emails came back. "
        "Messages are left where they are; reading them again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "mailbox",
            nargs="?",
            default="-",
            help="an mbox file, a Maildir folder, or - for one message on standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tally = bounces_note(_messages(options["mailbox"]))
        self.stdout.write(f"messages read: {tally.read}; emails that came back: {tally.noted}")


def _messages(name: str) -> Iterator[bytes]:
    if name == "-":
        yield sys.stdin.buffer.read(LONGEST)
        return
    path = Path(name)
    box: mailbox.Mailbox[Any]
    if (path / "new").is_dir() and (path / "cur").is_dir():
        box = mailbox.Maildir(path, create=False)
    elif path.is_file():
        box = mailbox.mbox(path, create=False)
    else:
        raise CommandError(f"There is no mbox file and no Maildir folder at {name}.")
    for key in box.iterkeys():
        with box.get_file(key) as file:
            yield file.read(LONGEST)
