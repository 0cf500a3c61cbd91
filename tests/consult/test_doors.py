"""The doors of the site: its bare address, signing in and out, and the pages for when it fails."""

import re
from html.parser import HTMLParser

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from consult.urls import urlpatterns as site_addresses
from feedback.people.enums import Role
from feedback.people.models import Membership, User
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


@pytest.fixture
def author() -> User:
    user = User.objects.create_user("author", password=PASSWORD)
    Membership.objects.create(user=user, department=make_department(), role=Role.AUTHOR)
    return user


class _Languages(HTMLParser):
    """The language of the page, and of its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.page = ""
        self.parts: list[str] = []

    def handle_starttag(self, tag, attrs):
        language = dict(attrs).get("lang")
        if language and tag == "html":
            self.page = language
        elif language:
            self.parts.append(language)


def language_of(response: HttpResponse) -> str:
    parser = _Languages()
    parser.feed(response.content.decode())
    return parser.page


# --- The bare address ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr-CA,fr;q=0.9,en;q=0.5", "/fr/"), ("en-CA", "/en/"), ("de", "/en/"), ("", "/en/")],
)
def test_the_bare_address_leads_to_the_readers_language(client, asked, given):
    response = client.get("/", headers={"accept-language": asked})
    assert (response.status_code, response["Location"]) == (302, given)
    assert "Accept-Language" in response["Vary"]
    assert "Cookie" in response["Vary"]


def test_a_choice_made_before_wins_over_the_browser(client):
    client.post("/i18n/set-language/", {"language": "fr", "next": "/"})
    assert client.get("/", headers={"accept-language": "en"})["Location"] == "/fr/"


def test_the_language_is_not_changed_by_following_a_link(client):
    assert client.get("/i18n/set-language/?language=fr").status_code == 302
    assert client.get("/", headers={"accept-language": "en"})["Location"] == "/en/"


# --- Signing in and out ----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("door", ["/cms/", "/cms/login/?next=/cms/pages/"])
def test_every_door_for_staff_leads_to_the_one_sign_in(client, door, language):
    response = client.get(door, headers={"accept-language": language}, follow=True)
    assert response.request["PATH_INFO"] == "/staff/sign-in/"
    assert "next=" in response.request["QUERY_STRING"]
    assert language_of(response) == language


def test_signing_in_leads_to_where_one_wanted_to_go(client, author):
    response = client.post(
        "/staff/sign-in/", {"login": "author", "password": PASSWORD, "next": "/cms/pages/"}
    )
    assert (response.status_code, response["Location"]) == (302, "/cms/pages/")
    assert client.get("/cms/pages/").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"]
)
def test_signing_in_never_leads_elsewhere(client, author, elsewhere):
    response = client.post(
        "/staff/sign-in/", {"login": "author", "password": PASSWORD, "next": elsewhere}
    )
    assert response["Location"] == "/staff/"


def test_all_staff_have_one_home_whatever_they_may_do(client, author):
    assert client.get("/staff/")["Location"].startswith("/staff/sign-in/")
    for user in (
        author,
        make_user(make_department(), Role.ANALYST),
        User.objects.create_superuser("boss"),
    ):
        client.force_login(user)
        assert client.get("/staff/").status_code == 200
        # Wagtail's own is not another one.
        assert client.get("/cms/")["Location"] == "/staff/"
    assert client.post("/staff/").status_code == 405


def test_a_new_session_begins_at_sign_in_and_nothing_is_left_after(client, author, settings):
    client.get("/staff/sign-in/")
    client.post("/staff/sign-in/", {"login": "author", "password": PASSWORD})
    assert client.session.get_expiry_age() <= 8 * 60 * 60
    response = client.post("/staff/sign-out/")
    assert response.status_code == 302
    assert "cache" in response["Clear-Site-Data"]
    assert client.get("/cms/pages/").status_code == 302


def test_nobody_is_signed_out_by_a_link(client, author):
    client.force_login(author)
    assert client.get("/staff/sign-out/").status_code == 405
    assert client.get("/cms/pages/").status_code == 200


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_wrong_password_is_said_in_ones_language_and_keeps_the_name(client, author, language):
    response = client.post(
        "/staff/sign-in/",
        {"login": "author", "password": "wrong"},
        headers={"accept-language": language},
    )
    assert (response.status_code, language_of(response)) == (200, language)
    page = response.content.decode()
    assert 'role="alert"' in page
    assert 'value="author"' in page
    assert "wrong" not in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_may_not_edit_pages_is_told_which_role_it_takes(client, language):
    said = {"en": ("Author", "Translator", "Approver")}
    said["fr"] = ("Rédaction", "Traduction", "Approbation")
    for person in (make_user(), make_user(make_department(), Role.ANALYST, Role.VIEWER)):
        client.force_login(person)
        response = client.get("/cms/pages/", headers={"accept-language": language})
        assert (response.status_code, language_of(response)) == (403, language)
        assert all(role in response.content.decode() for role in said[language])
        # Nothing is kept for the next page.
        assert "messages" not in client.session


def test_what_staff_see_is_kept_in_no_cache(client, author):
    client.force_login(author)
    for address in ("/cms/pages/", "/staff/", "/staff/sign-in/"):
        assert "no-store" in client.get(address)["Cache-Control"]


# --- Headers ---------------------------------------------------------------------------------


def policy(response: HttpResponse) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split(";")
    return dict(part.strip().partition(" ")[::2] for part in directives)


@pytest.mark.parametrize("address", ["/en/", "/fr/", "/staff/sign-in/", "/health/live", "/"])
def test_everywhere_but_in_the_cms_nothing_inline_and_nothing_from_elsewhere(client, address):
    response = client.get(address)
    directives = policy(response)
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert directives["form-action"] == "'self'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in response["Permissions-Policy"]


def test_the_cms_gets_no_more_than_it_needs(client, author):
    client.force_login(author)
    directives = policy(client.get("/cms/pages/"))
    assert directives["default-src"] == "'none'"
    assert "http" not in "".join(directives.values())


# --- When something is wrong -----------------------------------------------------------------


def _denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret-detail")


def _too_big(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


def _no_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to db.internal refused")


def _posted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


failing = [
    path("denied/", _denied),
    path("broken/", _broken),
    path("big/", _too_big),
    path("no-database/", _no_database),
    path("posted/", _posted),
]
urlpatterns = [
    path("en/fails/", include(failing)),
    path("fr/fails/", include(failing)),
    *site_addresses,
]
handler400 = "consult.errors.bad_request"
handler403 = "consult.errors.forbidden"
handler404 = "consult.errors.not_found"
handler500 = "consult.errors.server_error"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("denied/", 403),
        ("not-there/", 404),
        ("big/", 413),
        ("broken/", 500),
        ("no-database/", 503),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_has_a_page_in_the_language_of_the_address(address, status, language):
    other = "fr" if language == "en" else "en"
    client = Client(raise_request_exception=False)
    response = client.get(f"/{language}/fails/{address}", headers={"accept-language": other})
    assert response.status_code == status
    assert language_of(response) == language
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    assert "<h1>" in page
    assert "secret-detail" not in page
    assert "internal" not in page


@override_settings(ROOT_URLCONF=__name__)
def test_the_pages_that_stand_alone_speak_both_languages_the_readers_first():
    client = Client(raise_request_exception=False)
    for address, status in (("broken", 500), ("no-database", 503)):
        for first, second in (("en", "fr"), ("fr", "en")):
            response = client.get(f"/{first}/fails/{address}/")
            parser = _Languages()
            parser.feed(response.content.decode())
            assert (response.status_code, parser.parts) == (status, [first, second])


@override_settings(ROOT_URLCONF=__name__)
def test_a_database_that_is_down_says_when_to_come_back():
    response = Client(raise_request_exception=False).get("/en/fails/no-database/")
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("language", ["en", "fr"])
@override_settings(ROOT_URLCONF=__name__)
def test_an_old_form_is_refused_with_a_page_that_says_what_to_do(language):
    client = Client(enforce_csrf_checks=True)
    response = client.post(f"/{language}/fails/posted/", {"text": "x"})
    assert (response.status_code, language_of(response)) == (403, language)


def test_what_is_not_there_for_one_person_stays_not_there(client, author):
    """No redirect to /en/staff/…, where Wagtail would look for a page of that name."""
    client.force_login(author)
    assert client.get("/staff/no/such/thing/").status_code == 404
    assert client.get("/no-such-page/").status_code == 404


def test_uploads_and_error_details_are_not_served_by_default(client):
    assert client.get("/media/secret.csv").status_code == 404
