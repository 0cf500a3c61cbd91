"""What can be wrong with a spreadsheet, said in one line in the analyst's language."""

from __future__ import annotations

from analysis.catalogue import Message


class SpreadsheetError(Exception):
    """Something the person at the keyboard can put right: a message, and what stands in it."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = Message(message, values)
        super().__init__(message, values)

    def __str__(self) -> str:
        return self.said_in("en")

    def said_in(self, language: str) -> str:
        """The message on one line, whatever a file name or a header brought with it."""
        text = self.message.said_in(language, typed=True)
        return " ".join("".join(c if c.isprintable() else " " for c in text).split(" "))
