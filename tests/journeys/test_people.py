"""People, each in a browser of their own: invited, let in, at work together, one of them gone.

The administrator and the translator work in English, author, approver and auditor in French.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import translation
from playwright.sync_api import Page, expect
from wagtail.documents import get_document_model

from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry
from feedback.audit.services.chain import audit_chain
from feedback.outbox.emails import emails_send_due
from feedback.people.enums import Role
from tests.browser import PHONE, Pages
from tests.factories import make_engagement, make_pages, make_superuser
from tests.journeys.conftest import Look, Town
from tests.journeys.sheet import follow

pytestmark = pytest.mark.browser

HERS = "correct horse battery"
PASSWORD = "a quite different sentence"
COMMENT = "« Nous devons choisir » : dites qui choisit."
LEAD = "Le ministère choisit les services à offrir d'abord en ligne."
# What the department's auditor finds in the log, oldest first, and by whom.
ALICE, TOM, PIA, AUDE = (f"{name}@example.ca" for name in ("alice", "tom", "pia", "aude"))
TOLD = (
    *((Act.INVITATION_SENT, "ada"),) * 4,
    (Act.INVITATION_ACCEPTED, ALICE),
    (Act.SIGNED_IN, ALICE),
    (Act.INVITATION_ACCEPTED, TOM),
    (Act.ROLE_GIVEN, "ada"),
    (Act.INVITATION_ACCEPTED, PIA),
    (Act.SIGNED_IN, PIA),
    (Act.INVITATION_ACCEPTED, AUDE),
    (Act.FACTOR_ADDED, PIA),
    (Act.REFUSED, TOM),
    (Act.REVIEW_SENT, ALICE),
    (Act.REVIEW_TRANSLATED, TOM),
    (Act.REVIEW_RETURNED, PIA),
    (Act.PAGE_EDITED, ALICE),
    (Act.REVIEW_SENT, ALICE),
    (Act.REVIEW_TRANSLATED, TOM),
    (Act.RECOVERY_CODE_USED, PIA),
    (Act.SIGNED_IN, PIA),
    (Act.PAGE_PUBLISHED, PIA),
    (Act.REVIEW_APPROVED, PIA),
    (Act.WORK_HANDED_OVER, "ada"),
    (Act.USER_LEFT, "ada"),
    (Act.FACTOR_REMOVED, "ada"),
    (Act.SESSIONS_ENDED, "ada"),
    (Act.ROLE_TAKEN_AWAY, "ada"),
)


@dataclass
class Person:
    """Somebody with a browser."""

    page: Page
    email: str
    password: str
    secret: str = ""
    recovery_codes: tuple[str, ...] = ()

    def gives_password(self, page: Page | None = None) -> None:
        page = page or self.page
        page.goto("/staff/")
        assert "/staff/sign-in/" in page.url
        page.fill("[name=login]", self.email)
        page.fill("[name=password]", self.password)
        follow(page, page.locator("#sign-in button"))

    def gives_code(self, code: str, page: Page | None = None) -> None:
        page = page or self.page
        assert page.url.endswith("/staff/sign-in/code/")
        page.fill("[name=code]", code)
        press(page)
        assert page.url.endswith("/staff/")

    def sets_up_an_app(self) -> None:
        """Led there by the site, the key read off the page."""
        page = self.page
        assert page.url.endswith("/staff/security/")
        follow(page, page.locator('a[href="/staff/security/app/"]'))
        self.secret = page.locator("code.key").inner_text()
        page.fill("[name=code]", self.shown())
        press(page)
        self.recovery_codes = tuple(page.locator("ul.codes code").all_inner_texts())
        assert len(self.recovery_codes) == 10

    def shown(self, *, later: int = 0) -> str:
        """What the app shows in so many seconds."""
        return format_hotp_value(hotp_value(self.secret, int(time.time() + later) // 30))


def letter_to(address: str) -> Any:
    """The newest of what was sent there; what waits is sent first."""
    emails_send_due()
    return [sent for sent in mail.outbox if sent.to == [address]][-1]


def link_in(letter: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.body)
    assert found is not None, letter.body
    return found[1]


def press(page: Page) -> None:
    """The button that the screen is for."""
    follow(page, page.locator("main form button.btn:not(.link, .quiet)"))


def opens_from_home(page: Page, address: str) -> None:
    """What waits is found on the home of staff."""
    page.goto("/staff/")
    follow(page, page.locator(f'main a[href^="{address}"]'))


def read_to_the_end(page: Page) -> list[str]:
    """The log's entries as they stand there, oldest first."""
    entries: list[str] = []
    older = page.locator("a[href*='before=']")
    while True:
        entries += page.locator("ol.events > li").all_inner_texts()
        if not older.count():
            return entries[::-1]
        follow(page, older)


def act(page: Page, deed: str) -> None:
    follow(page, page.locator(f'#review button[value="{deed}"]'))


def test_from_the_invitation_to_the_last_day_and_the_log_tells_it(
    town: Town, open_page: Pages, look: Look, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CONSULT_SECOND_FACTOR_REQUIRED = ["administrator", "approver"]
    engagement = make_engagement(town.department, reference_number="bsc-2026-people")
    pair = make_pages(engagement, published=False)
    both = f"/cms/pair/{pair.english.pk}/"
    make_superuser("ada")

    # --- Invite, sign in ---------------------------------------------------------------------
    ada = Person(open_page(), "ada", HERS)
    ada.gives_password()
    ada.page.goto("/staff/people/invitations/")
    ada.sets_up_an_app()
    ada.page.goto("/staff/people/invitations/")
    invited = {
        Role.AUTHOR: (ALICE, "fr"),
        Role.TRANSLATOR: (TOM, "en"),
        Role.APPROVER: (PIA, "fr"),
        Role.AUDITOR: (AUDE, "fr"),
    }
    people = []
    for role, (address, language) in invited.items():
        ada.page.fill("[name=email]", address)
        ada.page.select_option("select[name=language]", language)
        ada.page.select_option("[name=department]", str(town.department.pk))
        ada.page.select_option("[name=role]", role)
        press(ada.page)
        expect(ada.page.get_by_role("button", name=address)).to_be_visible()
    for address, language in invited.values():
        letter = letter_to(address)
        with translation.override(language):
            assert town.department.name in letter.subject
        person = Person(open_page(locale=f"{language}-CA"), address, PASSWORD)
        people.append(person)
        person.page.goto(link_in(letter))
        person.page.fill("[name=first_name]", address.partition("@")[0].title())
        person.page.fill("[name=last_name]", "Roy")
        for field in ("password", "again"):
            person.page.fill(f"[name={field}]", PASSWORD)
        press(person.page)
        person.gives_password()
    alice, tom, pia, aude = people
    pia.sets_up_an_app()
    # Where one has no business.
    refused = tom.page.goto("/staff/audit/")
    assert refused is not None
    assert refused.status == 403

    # --- Review, refuse, recover, approve ----------------------------------------------------
    pia.page.goto("/cms/documents/multiple/add/")
    pia.page.set_input_files(
        "input[type=file]",
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Le plan."},
    )
    expect(pia.page.locator("[name$=-title]")).to_be_visible()

    # One is written to at once, the others look at what waits for them.
    tom.page.goto("/staff/emails/")
    tom.page.get_by_label("At once").check()
    press(tom.page)
    alice.page.goto(both)
    act(alice.page, "send")
    tom.page.goto(link_in(letter_to(tom.email)))
    act(tom.page, "agree")
    opens_from_home(pia.page, both)
    pia.page.fill("#review-comment", COMMENT)
    act(pia.page, "ask")
    opens_from_home(alice.page, both)
    expect(alice.page.locator("#review")).to_contain_text(COMMENT)
    alice.page.goto(f"/cms/pages/{pair.french.pk}/edit/")
    alice.page.fill("[name=lead]", LEAD)
    follow(alice.page, alice.page.get_by_role("button", name="Enregistrer le brouillon"))
    alice.page.goto(both)
    act(alice.page, "send")
    tom.page.goto(both)
    expect(tom.page.locator(".pair")).to_contain_text(LEAD)
    act(tom.page, "agree")

    # Her telephone is at home: another device, a code from the paper.
    device = open_page(locale="fr-CA", viewport=PHONE)
    pia.gives_password(device)
    pia.gives_code(pia.recovery_codes[3], device)
    opens_from_home(device, both)
    act(device, "agree")
    reader = open_page(locale="fr-CA")
    reader.goto(str(pair.french.url))
    expect(reader.locator("main")).to_contain_text(LEAD)

    # --- Leave, hand over --------------------------------------------------------------------
    follow(ada.page, ada.page.locator(".staff-nav form button"))
    ada.gives_password()
    ada.gives_code(ada.shown(later=30))
    ada.page.goto("/cms/users/")
    ada.page.locator("main").get_by_role("link", name="Pia Roy").first.click()
    follow(ada.page, ada.page.locator('a[href$="/leaving/"]'))
    expect(ada.page.locator("main")).to_contain_text("plan")
    look(ada.page, "leaving-en")
    ada.page.select_option("main select", label="Alice Roy")
    follow(ada.page, ada.page.locator('button[value="leave"]'))
    expect(ada.page.locator("main")).to_contain_text("can no longer sign in")
    for page in (pia.page, device):
        page.goto(both)
        assert "/staff/sign-in/" in page.url
    pia.gives_password()
    expect(pia.page.locator("[role=alert]")).to_be_visible()
    assert "Pia Roy" in letter_to(alice.email).subject
    assert get_document_model().objects.get().uploaded_by_user.email == ALICE

    # --- The log tells it, and verifies ------------------------------------------------------
    audit_chain()
    follow(aude.page, aude.page.locator('.staff-nav a[href="/staff/audit/"]'))
    look(aude.page, "log-fr")
    entries = iter(read_to_the_end(aude.page))
    for done, by in TOLD:
        with translation.override("fr"):
            label = str(done.label)
        # Each after the one before.
        found = any(entry.startswith(f"{label} ·") and f", {by}" in entry for entry in entries)
        assert found, f"{label}, {by}: not in the log, or not in its place"
    call_command("audit_verify")
    assert "entries hold" in capsys.readouterr().out
    returned = AuditEntry.objects.get(act=Act.REVIEW_RETURNED)
    with transaction.atomic(), connection.cursor() as cursor:
        # As somebody who owns the tables.
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditentry SET after = '{}' WHERE id = %s", [returned.pk])
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")
    found_at = rf"place {returned.place} \(number {returned.pk}\) is not as it was written"
    with pytest.raises(CommandError, match=found_at):
        call_command("audit_verify")
