"""From author by translator to approver, each in a browser of their own, one side in French."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from feedback.asking.life import EngagementStatus
from feedback.asking.models import Engagement
from feedback.people.enums import Role
from tests.browser import Pages
from tests.factories import make_engagement, make_pages, make_questionnaire, make_user
from tests.journeys.conftest import Look, Town
from tests.journeys.sheet import follow, sign_in

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 780}
COMMENT = "Le titre français ne dit pas « partagez »."


def person(town: Town, role: Role, name: str, language: str) -> Any:
    return make_user(
        town.department, role, username=name, first_name=name.title(), language=language
    )


def act(page: Page, deed: str) -> None:
    follow(page, page.locator(f'#review button[value="{deed}"]'))


def test_a_questionnaire_and_its_pages_go_from_author_to_translator_to_approver(
    town: Town, open_page: Pages, look: Look
) -> None:
    engagement = make_engagement(town.department, status=EngagementStatus.DRAFT)
    make_questionnaire(engagement)
    pair = make_pages(engagement, published=False)
    where = f"/staff/engagements/{engagement.reference_number}/"
    both = f"/cms/pair/{pair.english.pk}/"
    ada = person(town, Role.AUTHOR, "ada", "en")
    théo = person(town, Role.TRANSLATOR, "théo", "fr")
    pia = person(town, Role.APPROVER, "pia", "fr")

    author = open_page()
    sign_in(author, ada, where)
    look(author, "to-send-en")
    act(author, "send")
    expect(author.locator("#review")).to_contain_text("Théo")
    look(author, "sent-en")

    translator = open_page(locale="fr-CA", viewport=PHONE)
    sign_in(translator, théo, "/staff/")
    look(translator, "waits-fr-phone")
    follow(translator, translator.locator(f'main a[href^="{where}"]'))
    look(translator, "translate-fr-phone")
    translator.locator("#review-comment").fill(COMMENT)
    act(translator, "ask")

    author.goto(where)
    expect(author.locator("#review")).to_contain_text(COMMENT)
    look(author, "returned-en")
    act(author, "send")
    translator.goto(where)
    act(translator, "agree")

    approver = open_page(locale="fr-CA")
    sign_in(approver, pia, "/staff/")
    follow(approver, approver.locator(f'main a[href^="{where}"]'))
    look(approver, "approve-fr")
    act(approver, "agree")
    assert Engagement.objects.get(pk=engagement.pk).status == EngagementStatus.APPROVED

    # Its pages, on the screen that compares both.
    author.goto(both)
    picture(author, look, "pages-to-send-en")
    act(author, "send")
    translator.goto(both)
    picture(translator, look, "pages-translate-fr-phone")
    act(translator, "agree")
    approver.goto(both)
    picture(approver, look, "pages-approve-fr")
    # Two windows: the second is told.
    second = approver.context.new_page()
    second.goto(both)
    act(approver, "agree")
    follow(second, second.locator('#review button[value="agree"]'), status=422)
    expect(second.locator("#review [role=alert]")).to_be_visible()
    for language in ("en", "fr"):
        page = type(pair.english).objects.get(pk=pair.of(language).pk)
        assert page.live


def picture(page: Page, look: Look, name: str) -> None:
    """Wagtail's own frame is Wagtail's; our part of it is looked at."""
    expect(page.locator("#review")).to_be_visible()
    look(page, name)
