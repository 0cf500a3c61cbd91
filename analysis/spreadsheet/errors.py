"""What can be wrong with a spreadsheet, said in one line in the analyst's language."""

from __future__ import annotations


class SpreadsheetError(Exception):
    """Something the person at the keyboard can put right. Carries both languages."""

    def __init__(self, en: str, fr: str) -> None:
        super().__init__(en)
        self.en = en
        self.fr = fr

    def said_in(self, language: str) -> str:
        """The message on one line, whatever a file name or a header brought with it."""
        text = self.fr if language == "fr" else self.en
        return " ".join("".join(c if c.isprintable() else " " for c in text).split(" "))
