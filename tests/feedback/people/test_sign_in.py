import pytest
from playwright.sync_api import expect
from wagtail.models import Locale

from feedback.people.models import User
from tests.browser import PHONE, Pages, assert_accessible

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_sign_in_and_its_error_have_no_barrier_axe_can_find(open_page: Pages, locale, viewport):
    page = open_page(locale=locale, viewport=viewport)
    page.goto("/staff/sign-in/")
    assert page.locator("html").get_attribute("lang") == locale[:2]
    assert_accessible(page)
    page.fill("[name=login]", "nobody")
    page.fill("[name=password]", "wrong")
    page.click("main button")
    expect(page.locator("[role=alert]")).to_be_visible()
    assert page.input_value("[name=login]") == "nobody"
    assert_accessible(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_toggle_changes_the_language_of_pages_without_one_in_the_address(
    open_page: Pages, javascript
):
    page = open_page(locale="en-CA", javascript=javascript)
    page.goto("/staff/sign-in/?next=/cms/")
    page.click("nav.lang button")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.url.endswith("/staff/sign-in/?next=/cms/")


def test_a_commit_in_one_test_leaves_the_migrated_rows_for_the_next(open_page: Pages):
    User.objects.create_user("left-behind")
    assert Locale.objects.exists()


def test_a_commit_in_one_test_is_not_seen_by_the_next(open_page: Pages):
    assert not User.objects.filter(username="left-behind").exists()
    assert Locale.objects.exists()
