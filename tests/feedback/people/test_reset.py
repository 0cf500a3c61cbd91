"""Forgotten passwords: a link by email, good once, in the person's language."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.core import mail
from django.test import Client
from django.utils import timezone

from feedback.outbox.emails import email_send
from feedback.outbox.models import Email
from feedback.people.models import Attempts
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import make_user
from tests.journeys.sheet import follow

pytestmark = pytest.mark.django_db

NEW = "a quite different sentence"
OLD = "correct horse battery"


def post_all() -> None:
    for email in Email.objects.filter(state="waiting"):
        email_send(email_id=email.pk)


def asked(client: Client, address: str) -> Any:
    return client.post("/staff/password/", {"email": address}, follow=True)


def link() -> str:
    return re.search(r"https?://[^/]+(/staff/password/new/\S+)", mail.outbox[-1].body)[1]


@pytest.mark.parametrize(("language", "said"), [("en", "two hours"), ("fr", "deux heures")])
def test_a_link_comes_in_the_persons_language_and_sets_a_new_password_once(
    client, language, said
) -> None:
    user = make_user(username="elise", email="elise@example.ca", language=language)
    signed_in = Client()
    signed_in.post("/staff/sign-in/", {"login": "elise", "password": OLD})
    asked(client, "Elise@Example.ca")
    post_all()
    assert mail.outbox[0].to == ["elise@example.ca"]
    assert said in mail.outbox[0].body
    there = client.get(link(), follow=True)
    form = there.request["PATH_INFO"]
    # The secret is not in the address of the page.
    assert form.endswith("-set-password/")
    assert client.post(form, {"password1": "short", "password2": "short"}).status_code == 200
    done = client.post(form, {"password1": NEW, "password2": NEW})
    assert done["Location"] == "/staff/sign-in/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert signed_in.get("/staff/review/")["Location"].startswith("/staff/sign-in/")
    # Its owner is told, and the link is used up.
    post_all()
    assert len(mail.outbox) == 2
    again = Client().get(re.search(r"(/staff/password/new/\S+)", mail.outbox[0].body)[1])
    assert again.status_code == 410


def test_the_device_is_known_from_then_on(client) -> None:
    make_user(username="elise", email="elise@example.ca")
    asked(client, "elise@example.ca")
    post_all()
    form = client.get(link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW, "password2": NEW})
    stranger = Client()
    for _ in range(6):
        stranger.post("/staff/sign-in/", {"login": "elise", "password": "wrong"})
    Attempts.objects.update(failures=1_000, last_at=timezone.now())
    assert stranger.post("/staff/sign-in/", {"login": "elise", "password": NEW}).status_code == 429
    assert client.post("/staff/sign-in/", {"login": "elise", "password": NEW}).status_code == 302


@pytest.mark.parametrize(("language", "said"), [("en", "no longer good"), ("fr", "plus valide")])
def test_a_link_too_old_or_not_whole_says_so(client, language, said) -> None:
    make_user(username="elise", email="elise@example.ca")
    client.post("/i18n/set-language/", {"language": language})
    asked(client, "elise@example.ca")
    post_all()
    cut = client.get(f"{link()[:-4]}/")
    assert cut.status_code == 410
    assert said in cut.content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=2, seconds=2)):
        assert client.get(link()).status_code == 410


def test_who_has_an_account_is_not_told_to_whoever_asks(client) -> None:
    make_user(email="elise@example.ca")
    make_user(email="gone@example.ca", is_active=False)
    pages = {asked(client, f"{name}@example.ca").content for name in ("elise", "gone", "nobody")}
    assert len({re.sub(rb'value="[^"]{64}"', b"", page) for page in pages}) == 1
    assert [email.about for email in Email.objects.all()] == [
        {"user_id": email.about["user_id"]} for email in Email.objects.all()
    ]
    assert Email.objects.count() == 1


def test_nobody_is_flooded_with_emails_nor_kept_from_a_link(client) -> None:
    make_user(email="elise@example.ca")
    for _ in range(8):
        assert asked(client, "elise@example.ca").status_code == 200
    assert Email.objects.count() == 5
    Attempts.objects.update(failures=1_000, last_at=timezone.now())
    assert asked(client, "elise@example.ca").status_code == 429


def test_the_second_step_is_asked_for_after_a_new_password_too(client) -> None:
    user = make_user(username="elise", email="elise@example.ca")
    Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt("A" * 32)})
    asked(client, "elise@example.ca")
    post_all()
    form = client.get(link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW, "password2": NEW})
    there = client.post("/staff/sign-in/", {"login": "elise", "password": NEW})
    assert there["Location"] == "/staff/sign-in/code/"
    assert "_auth_user_id" not in client.session


def test_without_a_mail_server_nobody_is_sent_there(client, settings) -> None:
    assert "/staff/password/" in client.get("/staff/sign-in/").content.decode()
    settings.CONSULT_EMAIL_ENABLED = False
    assert "/staff/password/" not in client.get("/staff/sign-in/").content.decode()
    assert client.get("/staff/password/").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_a_new_password_without_javascript_on_a_telephone(open_page: Pages, locale) -> None:
    make_user(username="elise", email="elise@example.ca", language=locale[:2])
    page = open_page(locale=locale, viewport=PHONE)
    page.goto("/staff/sign-in/")
    follow(page, page.locator("a[href='/staff/password/']"))
    assert_accessible(page)
    page.fill("[name=email]", "not an address")
    follow(page, page.locator("main form button.btn"))
    assert_accessible(page)
    page.fill("[name=email]", "elise@example.ca")
    follow(page, page.locator("main form button.btn"))
    assert_accessible(page)
    post_all()
    page.goto(link())
    assert_accessible(page)
    page.fill("[name=password1]", NEW)
    page.fill("[name=password2]", NEW)
    follow(page, page.locator("main form button.btn"))
    assert page.url.endswith("/staff/sign-in/")
    page.context.clear_cookies()
    response = page.goto(re.search(r"(/staff/password/new/\S+)", mail.outbox[0].body)[1])
    assert response is not None
    assert response.status == 410
    assert_accessible(page)
