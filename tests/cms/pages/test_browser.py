"""The public pages of this room in a real browser: axe, reflow, dark, forced colours, no script."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.models import Page, Site

from analysis.review.models import Passage
from feedback.people.enums import Role
from tests.browser import DESKTOP, PHONE, assert_accessible
from tests.cms.conftest import Reviewed
from tests.factories import (
    make_engagement,
    make_pages,
    make_questionnaire,
    make_site,
    make_user,
)
from tests.journeys.sheet import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def addresses(live_server):
    """Every kind of page, in both languages."""
    reviewed = Reviewed()
    report = reviewed.published()
    engagement = make_engagement(reviewed.department)
    make_questionnaire(engagement)
    open_pair = make_pages(engagement)
    Site.objects.update(hostname="localhost", port=int(live_server.url.rsplit(":", 1)[1]))
    Site.clear_site_root_paths_cache()
    found = ["/en/", "/fr/"]
    for pair in (open_pair, reviewed.pages, report):
        found += [page.relative_url(Site.objects.get()) for page in pair.pages]
    found += [page.relative_url(Site.objects.get()) + "questions/" for page in open_pair.pages]
    return found


@pytest.mark.parametrize("media", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_every_public_page_is_accessible(open_page, addresses, media):
    page = open_page(viewport=DESKTOP)
    page.emulate_media(**media)
    for address in addresses:
        page.goto(address)
        for details in page.locator("summary").all():
            details.click()
        assert_accessible(page)


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_a_draft_and_the_comparison_are_accessible(open_page, live_server, locale):
    reviewed = Reviewed()
    pair = reviewed.drafts()
    draft = pair.french.get_latest_revision_as_object()
    draft.themes[0].value["heading"] = ""
    draft.save_revision(clean=False)
    page = open_page(locale=locale, viewport=PHONE)
    sign_in(page, reviewed.approver, f"/staff/findings/{pair.english.pk}/")
    expect(page.locator("section.draft")).to_be_visible()
    assert_accessible(page)
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        page.goto(f"/cms/pair/{pair.english.pk}/")
        assert page.locator("table.sides .wrong").count() == 1
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_public_page_fits_a_small_phone(open_page, addresses):
    page = open_page(viewport={**PHONE, "width": 320}, javascript=False)
    for address in addresses:
        page.goto(address)
        size = page.locator("html").bounding_box()
        assert size is not None
        assert size["width"] <= 320, address
        assert page.locator("html").evaluate("e => e.scrollWidth") <= 320, address
        for table in page.locator("details:has(> .scroll caption)").all():
            # What is beside the edge of a table is scrolled to; what the table is about is read.
            table.locator("> summary").click()
            box = table.locator("caption").first.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= 320, address


def test_toggle_goes_there_and_back(open_page, addresses):
    page = open_page(javascript=False)
    for address in addresses:
        page.goto(address)
        page.locator("nav.lang a").click()
        page.locator("nav.lang a").click()
        assert page.url.endswith(address)


class SlowDrafts:
    """Holds the replies to drafts that Wagtail keeps as one types, until they are let go."""

    def __init__(self, page):
        self.page = page
        self.held = []
        self.is_holding = True
        page.route("**/cms/pages/**", self._hold)

    def _hold(self, route):
        request = route.request
        is_draft = request.headers.get("accept") == "application/json"
        if self.is_holding and request.method == "POST" and is_draft:
            self.held.append((route, route.fetch()))
        else:
            route.continue_()

    def keep(self):
        """What Wagtail does when it has seen a change, which it looks for some seconds apart."""
        self.page.locator("#page-edit-form").dispatch_event("w-unsaved:add")
        for _ in range(100):
            if self.held:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("no draft was kept")

    def let_go(self):
        self.is_holding = False
        for route, response in self.held:
            route.fulfill(response=response)


@pytest.mark.parametrize("begins", [False, True], ids=["goes on", "begins"])
def test_a_button_pressed_while_the_draft_is_kept_waits_for_it(open_page, live_server, begins):
    engagement = make_engagement()
    make_questionnaire(engagement)
    author = make_user(engagement.department, Role.AUTHOR)
    if begins:
        make_site()
        above = Page.objects.get(locale__language_code="en", depth=2)
        where = reverse("wagtailadmin_pages:add", args=["pages", "consultationpage", above.pk])
    else:
        where = reverse("wagtailadmin_pages:edit", args=[make_pages(engagement).english.pk])
    page = open_page()
    sign_in(page, author, where)
    if begins:
        page.locator("[name=engagement]").select_option(str(engagement.pk))
    slow = SlowDrafts(page)
    page.locator("[name=title]").press_sequentially("Seals ")
    # The address follows the title.
    page.keyboard.press("Tab")
    slow.keep()
    page.locator("[name=lead]").fill("Typed at the last moment.")
    page.get_by_role("button", name="Save draft").click()
    slow.let_go()
    page.locator(".messages .success").wait_for()
    drafts = [each.get_latest_revision_as_object() for each in Page.objects.all().specific()]
    kept = [each for each in drafts if "Seals" in each.title and each.locale.language_code == "en"]
    assert [each.lead for each in kept] == ["Typed at the last moment."]


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_a_quote_is_picked_by_keyboard(open_page, live_server, locale):
    reviewed = Reviewed()
    pair = reviewed.drafts()
    own = pair.of(locale[:2])
    code = own.themes[0].value["code"]
    free = (
        Passage.objects.filter(assignments__theme__code=code)
        .exclude(pk__in=[quote["passage"] for quote in own.themes[0].value["quotes"]])
        .order_by("-pk")[0]
    )
    free.text = "The lights flickered all afternoon."
    free.save()
    page = open_page(locale=locale, viewport=DESKTOP)
    sign_in(page, reviewed.author, f"/cms/pages/{own.pk}/edit/")
    chooser = page.locator(".chooser").first
    chooser.locator(".chosen button").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    choices = page.locator(".modal [data-chooser-modal-choice]")
    choices.first.wait_for()
    page.locator(".modal input[name=q]").focus()
    page.keyboard.insert_text("flickered")
    page.wait_for_function(
        "document.querySelectorAll('.modal [data-chooser-modal-choice]').length === 1"
    )
    for _ in range(5):
        if page.evaluate("document.activeElement.innerText") != free.text:
            page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == free.text
    page.keyboard.press("Enter")
    page.locator(".modal").wait_for(state="hidden")
    assert free.text in chooser.inner_text()
    save = page.locator("[data-edit-form] button.action-save").first
    save.focus()
    page.keyboard.press("Enter")
    page.locator(".messages .success").wait_for()
    page.goto("/staff/")
    draft = type(own).objects.get(pk=own.pk).get_latest_revision_as_object()
    assert draft.themes[0].value["quotes"][0]["passage"] == free.pk
