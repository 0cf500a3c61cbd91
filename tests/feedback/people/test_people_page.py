"""docs/people.md says who may do what, in both languages: as the table has it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from feedback.people.enums import Role
from feedback.people.table import TABLE

TEXT = (Path(settings.BASE_DIR) / "docs" / "people.md").read_text("utf-8")
ENGLISH, FRENCH = TEXT.split('<div lang="fr">')
SCREENS = (
    "Invitations", "Departments", "Memberships", "Audit log", "Open the account again",
    "Have you forgotten your password?",
)  # fmt: skip
ROW = re.compile(r"^\| `([a-z_]+)(?: ([a-z]+))?` \| (\S[^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("fr", FRENCH)])
def test_the_page_says_of_each_row_of_the_table_whose_it_is(language, text) -> None:
    with translation.override(language):
        wanted = [
            (
                row.action.value,
                row.state.value if row.state else "",
                ", ".join(str(role.label) for role in Role if role in row.roles) or "–",
            )
            for row in TABLE
        ]
    found = [(action, state, roles) for action, state, _words, roles in ROW.findall(text)]
    assert found == wanted


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (FRENCH, "fr")])
def test_what_the_page_calls_a_screen_is_what_the_screen_calls_itself(text, language) -> None:
    """In italics, or in French quotation marks: as the catalogue has them."""
    with translation.override(language):
        for message in SCREENS:
            assert translation.gettext(message).replace("\u2019", "'") in text, message
