"""The second step: who must have one, codes, passkeys, and what helps who lost them."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from feedback.people.enums import Role
from feedback.people.sign_in.attempts import ACCOUNT, CODES
from feedback.people.signals import second_factor_removed
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import make_department, make_superuser, make_user
from tests.journeys.sheet import follow

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
DEFAULT = ["approver", "privacy_officer", "analyst", "administrator"]


@pytest.fixture(autouse=True)
def _required(settings) -> None:
    settings.CONSULT_SECOND_FACTOR_REQUIRED = DEFAULT


def code(secret: str = SECRET, *, later: int = 0) -> str:
    """What the app shows, whose clock is so many seconds fast."""
    return format_hotp_value(hotp_value(secret, int(time.time() + later) // 30))


def analyst(**fields: Any) -> Any:
    return make_user(make_department(), Role.ANALYST, **fields)


def with_app(user: Any) -> Any:
    Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt(SECRET)})
    return user


def password(client: Client, user: Any, **more: Any) -> Any:
    return client.post(
        "/staff/sign-in/", {"login": user.get_username(), "password": PASSWORD, **more}
    )


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- Who must --------------------------------------------------------------------------------


def test_who_must_have_one_is_led_to_set_it_up_before_anything_else(client) -> None:
    department = make_department()
    for user in (
        make_user(department, Role.ANALYST),
        make_user(department, Role.APPROVER),
        make_superuser(),
    ):
        client = Client()
        password(client, user)
        for address in ("/staff/", "/staff/review/", "/cms/", "/documents/1/x.pdf"):
            assert client.get(address)["Location"] == "/staff/security/", address
        sent_on = client.get("/staff/review/", headers={"HX-Request": "true"})
        assert sent_on.headers["HX-Redirect"] == "/staff/security/"
        assert client.get("/staff/security/").status_code == 200
        assert client.post("/staff/review/").status_code == 302
        assert client.get("/en/").status_code in (200, 404)
        assert client.post("/staff/sign-out/").status_code == 302


def test_who_need_not_is_asked_for_nothing_but_may(client, settings) -> None:
    author = make_user(make_department(), Role.AUTHOR)
    password(client, author)
    assert client.get("/staff/review/").status_code == 200
    assert client.get("/staff/security/app/").status_code == 200
    settings.CONSULT_SECOND_FACTOR_REQUIRED = []
    client = Client()
    password(client, analyst())
    assert client.get("/staff/review/").status_code == 200


def test_the_last_factor_of_who_must_have_one_stays(client) -> None:
    user = with_app(analyst())
    password(client, user)
    client.post("/staff/sign-in/code/", {"code": code()})
    assert b"<button" in client.get("/staff/security/app/remove/").content
    client.post("/staff/security/app/remove/")
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    user.memberships.all().delete()
    client.post("/staff/security/app/remove/")
    assert not Authenticator.objects.filter(user=user).exists()


# --- Codes -----------------------------------------------------------------------------------


def test_setting_up_an_app_gives_recovery_codes_and_ends_older_sessions(
    client, django_capture_on_commit_callbacks
) -> None:
    user = analyst()
    elsewhere = Client()
    password(elsewhere, user)
    password(client, user)
    page = client.get("/staff/security/app/").content.decode()
    secret = re.search(r'class="key">(\w+)<', page)[1]
    assert 'src="data:image/svg+xml;base64,' in page
    wrong = client.post("/staff/security/app/", {"code": "000000"})
    assert wrong.status_code == 200
    assert secret in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/staff/security/app/", {"code": code(secret)}, follow=True)
    assert done.request["PATH_INFO"] == "/staff/security/codes/"
    assert len(re.findall(r"<code>\d{8}</code>", done.content.decode())) == 10
    assert client.get("/staff/review/").status_code == 200
    assert not UserSession.objects.filter(session_key=elsewhere.cookies["session"].value).exists()
    assert elsewhere.get("/staff/review/")["Location"].startswith("/staff/sign-in/")


def test_the_password_alone_opens_nothing_and_the_code_leads_where_one_wanted_to_go(client) -> None:
    user = with_app(analyst())
    asked = password(client, user, next="/staff/engagements/")
    assert asked["Location"] == "/staff/sign-in/code/"
    assert not is_in(client)
    assert client.get("/staff/review/")["Location"].startswith("/staff/sign-in/")
    assert client.get("/staff/sign-in/code/").status_code == 200
    there = client.post("/staff/sign-in/code/", {"code": code()})
    assert there["Location"] == "/staff/engagements/"
    assert is_in(client)
    # Without the password first, there is nothing here.
    assert Client().get("/staff/sign-in/code/")["Location"] == "/staff/sign-in/"


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_clock_two_minutes_off_is_tolerated(client, minutes) -> None:
    user = with_app(analyst())
    password(client, user)
    client.post("/staff/sign-in/code/", {"code": code(later=60 * minutes)})
    assert is_in(client)


@pytest.mark.parametrize(("language", "said"), [("en", "clock"), ("fr", "horloge")])
def test_a_clock_far_off_is_told_what_to_do(client, language, said) -> None:
    user = with_app(analyst())
    client.post("/i18n/set-language/", {"language": language})
    password(client, user)
    refused = client.post("/staff/sign-in/code/", {"code": code(later=600)})
    assert refused.status_code == 200
    assert said in refused.content.decode()
    assert not is_in(client)


def test_a_code_is_good_once_even_while_the_cache_is_away(client, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "consult.cache.ExpendableRedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }
    user = with_app(analyst())
    shown = code()
    password(client, user)
    client.post("/staff/sign-in/code/", {"code": f"{shown[:3]} {shown[3:]}"})
    assert is_in(client)
    over_the_shoulder = Client()
    password(over_the_shoulder, user)
    refused = over_the_shoulder.post("/staff/sign-in/code/", {"code": shown})
    assert refused.status_code == 200
    assert not is_in(over_the_shoulder)
    over_the_shoulder.post("/staff/sign-in/code/", {"code": code(later=30)})
    assert is_in(over_the_shoulder)


def test_a_recovery_code_is_good_once(client) -> None:
    user = with_app(analyst())
    codes = Authenticator.objects.create(
        user=user, type="recovery_codes", data={"seed": encrypt("5" * 80), "used_mask": 0}
    )
    one = codes.wrap().generate_codes()[3]
    for opens in (True, False):
        client = Client()
        password(client, user)
        client.post("/staff/sign-in/code/", {"code": one})
        assert is_in(client) is opens


def test_guessing_codes_is_slowed_and_the_owner_on_a_known_device_is_not(client) -> None:
    user = with_app(analyst())
    password(client, user)
    client.post("/staff/sign-in/code/", {"code": code()})
    client.post("/staff/sign-out/")
    thief = Client(REMOTE_ADDR="203.0.113.9")
    password(thief, user)
    # However slow the machine: a wait is not over while it is being tried.
    with time_machine.travel(timezone.now(), tick=False):
        answers = [
            thief.post("/staff/sign-in/code/", {"code": "000000"}).status_code
            for _ in range(ACCOUNT.free + 1)
        ]
        assert answers[-1] == 429
        # From many networks at once, too.
        for n in range(CODES.free):
            other = Client(REMOTE_ADDR=f"192.0.2.{n}")
            password(other, user)
            last = other.post("/staff/sign-in/code/", {"code": "000000"}).status_code
        assert last == 429
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        password(client, user)
        client.post("/staff/sign-in/code/", {"code": code()})
        assert is_in(client)


@pytest.mark.parametrize(("language", "said"), [("en", "can no longer"), ("fr", "ne peut plus")])
def test_the_secrets_are_not_in_the_database_and_open_nothing_under_another_key(
    client, settings, language, said, django_capture_on_commit_callbacks
) -> None:
    user = analyst(language=language)
    password(client, user)
    secret = re.search(r'class="key">(\w+)<', client.get("/staff/security/app/").content.decode())[
        1
    ]
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/staff/security/app/", {"code": code(secret)})
    app = Authenticator.objects.get(user=user, type="totp")
    codes = Authenticator.objects.get(user=user, type="recovery_codes")
    assert secret not in str(app.data)
    assert not re.search(r"[0-9a-f]{40}", codes.data["seed"])
    assert len(codes.wrap().generate_codes()) == 10
    one = codes.wrap().generate_codes()[0]
    settings.CONSULT_RECEIPT_KEY = "quite-another-key-0123456789-0123456789"
    again = Client()
    again.post("/i18n/set-language/", {"language": language})
    password(again, user)
    for typed in (code(secret, later=30), one, "000000"):
        refused = again.post("/staff/sign-in/code/", {"code": typed})
        assert refused.status_code == 200
        assert said in refused.content.decode()
        assert not is_in(again)
    # Whoever is still in finds no codes, and may make new ones.
    assert client.get("/staff/security/").status_code == 200
    assert client.get("/staff/security/codes/").status_code == 404
    assert client.get("/staff/security/codes/new/").status_code == 200
    # What lies there in the clear was not written by us.
    app.data["secret"] = secret
    app.save()
    again.post("/staff/sign-in/code/", {"code": code(secret, later=60)})
    assert not is_in(again)


# --- Lost ------------------------------------------------------------------------------------


def test_an_administrator_removes_it_for_who_lost_it_and_it_is_told(client) -> None:
    user, boss = with_app(analyst()), with_app(make_superuser())
    signed_in = Client()
    password(signed_in, user)
    signed_in.post("/staff/sign-in/code/", {"code": code()})
    told: list[Any] = []

    def listen(**what: Any) -> None:
        told.append((what["user"], what["actor"]))

    second_factor_removed.connect(listen)
    try:
        client.force_login(boss)
        address = f"/staff/people/{user.pk}/second-step/"
        assert address in client.get(f"/cms/users/edit/{user.pk}/").content.decode()
        assert client.get(address).status_code == 200
        assert Authenticator.objects.filter(user=user).exists()
        assert client.post(address).status_code == 302
    finally:
        second_factor_removed.disconnect(listen)
    assert told == [(user, boss)]
    assert not Authenticator.objects.filter(user=user).exists()
    assert signed_in.get("/staff/review/")["Location"].startswith("/staff/sign-in/")
    again = Client()
    password(again, user)
    assert again.get("/staff/review/")["Location"] == "/staff/security/"


def test_the_last_administrator_is_helped_at_the_command_line(capsys) -> None:
    boss = with_app(make_superuser())
    call_command("second_factor_remove", boss.get_username().upper())
    assert not Authenticator.objects.filter(user=boss).exists()
    assert boss.get_username() in capsys.readouterr().out
    with pytest.raises(CommandError, match="nobody"):
        call_command("second_factor_remove", "nobody")


# --- Sessions --------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_ones_own_only(client, settings) -> None:
    settings.CONSULT_SECOND_FACTOR_REQUIRED = []
    user, other = analyst(), analyst()
    second, third, theirs = Client(), Client(), Client()
    for each in (client, second, third):
        password(each, user)
    password(theirs, other)
    page = client.get("/staff/security/sessions/").content.decode()
    assert page.count("127.0.0.1") == 3
    foreign = UserSession.objects.get(user=other)
    client.post("/staff/security/sessions/", {"session": str(foreign.pk)})
    assert theirs.get("/staff/review/").status_code == 200
    row = UserSession.objects.get(session_key=second.cookies["session"].value)
    client.post("/staff/security/sessions/", {"session": str(row.pk)})
    assert second.get("/staff/review/").status_code == 302
    client.post("/staff/security/sessions/", {"session": "others"})
    assert third.get("/staff/review/").status_code == 302
    assert client.get("/staff/review/").status_code == 200


def test_changing_the_password_asks_for_the_present_one_and_ends_other_sessions(client) -> None:
    user = make_user(username="elise")
    elsewhere = Client()
    for each in (client, elsewhere):
        password(each, user)
    new = "a quite different sentence"
    sent = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert client.post("/staff/security/password/", sent).status_code == 200
    sent["oldpassword"] = PASSWORD
    assert client.post("/staff/security/password/", sent | {"password2": "x"}).status_code == 200
    short = sent | {"password1": "short", "password2": "short"}
    assert client.post("/staff/security/password/", short).status_code == 200
    assert client.post("/staff/security/password/", sent)["Location"] == "/staff/security/"
    assert client.get("/staff/security/").status_code == 200
    assert elsewhere.get("/staff/review/")["Location"].startswith("/staff/sign-in/")
    user.refresh_from_db()
    assert user.check_password(new)


# --- Headers ---------------------------------------------------------------------------------


def test_passkeys_may_be_asked_for_where_one_signs_in_and_nowhere_else(client) -> None:
    user = analyst()
    password(client, user)
    for address, opened in (
        ("/staff/sign-in/", True),
        ("/staff/security/passkeys/add/", True),
        ("/staff/security/", False),
        ("/en/", False),
        ("/cms/", False),
    ):
        policy = client.get(address).headers["Permissions-Policy"]
        for feature in ("publickey-credentials-create", "publickey-credentials-get"):
            assert (f"{feature}=(self)" in policy) is opened, address
            assert (f"{feature}=()" in policy) is not opened, address
        assert "camera=()" in policy


# --- In a browser ----------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_a_passkey_is_added_and_signs_in_as_second_step_and_alone(open_page: Pages, locale) -> None:
    user = analyst()
    page = open_page(locale=locale, viewport=PHONE if locale == "fr-CA" else None)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def sign_in() -> None:
        page.fill("[name=login]", user.get_username())
        page.fill("[name=password]", PASSWORD)
        follow(page, page.locator("#sign-in button"))

    page.goto("/staff/sign-in/")
    sign_in()
    assert page.url.endswith("/staff/security/")
    assert_accessible(page)
    follow(page, page.locator("a[href$='/passkeys/add/']"))
    assert_accessible(page)
    page.check("[name=passwordless]")
    with page.expect_navigation():
        page.click("#passkey-add")
    assert page.url.endswith("/staff/security/codes/")
    assert_accessible(page)
    page.goto("/staff/security/")
    assert_accessible(page)
    sign_out = page.locator(".staff-nav form button")
    follow(page, sign_out)
    sign_in()
    assert page.url.endswith("/staff/sign-in/code/")
    assert_accessible(page)
    with page.expect_navigation():
        page.click("#passkey-authenticate")
    page.goto("/staff/review/")
    follow(page, sign_out)
    with page.expect_navigation(url="**/staff/"):
        page.click("#passkey-login")
    # One that is not given is said on the page.
    follow(page, sign_out)
    page.evaluate(
        "() => { navigator.credentials.get = "
        "() => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.click("#passkey-login")
    expect(page.locator("#passkey-refused")).to_be_visible()
    assert_accessible(page)


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_an_app_is_set_up_without_javascript_on_a_telephone(open_page: Pages, locale) -> None:
    user = analyst()
    page = open_page(locale=locale, viewport=PHONE, javascript=False)
    page.goto("/staff/sign-in/")
    page.fill("[name=login]", user.get_username())
    page.fill("[name=password]", PASSWORD)
    follow(page, page.locator("#sign-in button"))
    follow(page, page.locator("a[href$='/security/app/']"))
    secret = page.locator("code.key").inner_text()
    page.fill("[name=code]", code(secret, later=-60))
    follow(page, page.locator("main form button.btn:not(.link)").first)
    assert page.url.endswith("/staff/security/codes/")
    assert page.locator("ul.codes li").count() == 10
    follow(page, page.locator("main a.btn"))
    follow(page, page.locator(".staff-nav form button"))
    page.fill("[name=login]", user.get_username())
    page.fill("[name=password]", PASSWORD)
    follow(page, page.locator("#sign-in button"))
    page.fill("[name=code]", code(secret))
    follow(page, page.locator("main form button.btn:not(.link)").first)
    assert page.url.endswith("/staff/")
