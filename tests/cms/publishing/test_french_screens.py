"""Wagtail's screens in French: no word of theirs is left in English, none is said to nobody."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from feedback.people.enums import Role
from tests.cms.publishing.test_other_departments import speak
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db

# Seen in English on these screens once, or what they would say if a label lost its French.
ENGLISH = {
    "Add", "Admin", "Alt text", "Any", "Body", "Choice", "Choices", "Created", "Delete",
    "Department", "Edit", "Email address", "Help", "Image is decorative", "Link text", "Live",
    "Locked", "Phone number", "Published", "Reports", "Role", "Root", "Save", "Search",
    "Status", "Subject", "Title", "Unlocked", "Updated", "User",
}  # fmt: skip


class Said(HTMLParser):
    """What a person reads or hears: texts, labels, buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._is_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_code = tag in ("script", "style")
        given = dict(attrs)
        for name in ("title", "aria-label", "placeholder"):
            self.found.add(given.get(name) or "")
        if tag == "input" and given.get("type") == "submit":
            self.found.add(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._is_code = False

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self.found.add(" ".join(data.split()))


def html_of(response: object) -> str:
    """Screens in a window come as HTML within JSON."""
    kind = response.headers["Content-Type"]  # type: ignore[attr-defined]
    if kind.startswith("application/json"):
        return str(response.json().get("html", ""))  # type: ignore[attr-defined]
    return str(response.content.decode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["author", "administrator"])
def test_the_screens_of_wagtail_are_french_in_french(client, who) -> None:
    department = make_department()
    engagement = make_engagement(department)
    questionnaire = make_questionnaire(engagement)
    page = make_pages(engagement).french
    user = make_superuser() if who == "administrator" else make_user(department, Role.AUTHOR)
    speak(user, "fr")
    client.force_login(user)
    client.post("/i18n/set-language/", {"language": "fr"})
    addresses = [
        "/cms/pages/",
        f"/cms/pages/{page.get_parent().pk}/",
        f"/cms/pages/{page.pk}/edit/",
        f"/cms/pages/{page.pk}/history/",
        f"/cms/pages/{page.pk}/usage/",
        f"/cms/pair/{page.pk}/",
        "/cms/pages/search/?q=x",
        "/cms/choose-external-link/",
        "/cms/choose-email-link/",
        "/cms/choose-phone-link/",
        "/cms/choose-anchor-link/",
        "/cms/images/",
        "/cms/images/chooser/",
        "/cms/documents/",
        "/cms/documents/chooser/",
        "/cms/engagements/",
        f"/cms/engagements/edit/{engagement.pk}/",
        "/cms/questionnaires/",
        "/cms/questionnaires/new/",
        f"/cms/questionnaires/edit/{questionnaire.pk}/",
        f"/cms/questionnaires/history/{questionnaire.pk}/",
    ]
    if who == "administrator":
        addresses += [
            "/cms/users/",
            "/cms/users/new/",
            "/cms/memberships/",
            "/cms/memberships/new/",
        ]
    left: set[str] = set()
    for address in addresses:
        response = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert response.status_code == 200, address
        said = Said(html_of(response)).found
        left |= {f"{address}: {words}" for words in said & ENGLISH}
        left |= {
            f"{address}: {words}" for words in said if re.search(r"\w\((?:e|le|tte|ve)\)", words)
        }
        if "questionnaires/new" in address:
            assert "Ajouter une question" in said
    assert not left
