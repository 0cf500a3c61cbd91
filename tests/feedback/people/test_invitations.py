"""Invitations: by email, for a while, once."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connections
from django.test import Client
from django.utils import timezone

from feedback.outbox.emails import email_send
from feedback.outbox.models import Email
from feedback.people.enums import InvitationState, Role
from feedback.people.invitations import NotOpen, invitation_accept, invitation_send
from feedback.people.models import Invitation, Membership, User
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import make_department, make_superuser, make_user
from tests.journeys.sheet import follow

pytestmark = pytest.mark.django_db

PASSWORD = "a quite different sentence"
TYPED = {
    "first_name": "Zoé",
    "last_name": "Gagnon",
    "language": "fr",
    "password": PASSWORD,
    "again": PASSWORD,
}


def post_all() -> None:
    for email in Email.objects.filter(state="waiting"):
        email_send(email_id=email.pk)


def invite(**other: Any) -> Invitation:
    return invitation_send(
        **{
            "email": "zoe@example.ca",
            "language": "fr",
            "department": make_department(),
            "role": Role.ANALYST,
            "actor": make_superuser(),
            **other,
        }
    )


def link(at: int = -1) -> str:
    return re.search(r"https?://[^/]+(/staff/invitation/\S+)", mail.outbox[at].body)[1]


def test_an_administrator_invites_and_the_person_makes_the_account_once(client) -> None:
    boss, department = make_superuser(), make_department()
    client.force_login(boss)
    sent = {"email": "zoe@example.ca", "language": "fr", "department": department.pk}
    wrong = client.post("/staff/people/invitations/", sent | {"email": "zoe@", "role": "analyst"})
    assert wrong.status_code == 200
    assert 'aria-invalid="true"' in wrong.content.decode()
    client.post("/staff/people/invitations/", sent | {"role": "analyst"})
    post_all()
    assert mail.outbox[0].to == ["zoe@example.ca"]
    assert department.name_fr in mail.outbox[0].subject
    assert department.name_en not in mail.outbox[0].body
    zoe = Client()
    # Looking at it, as programs that read mail do, changes nothing.
    for _ in range(2):
        assert department.name in zoe.get(link()).content.decode()
    assert zoe.post(link(), TYPED | {"again": "other"}).status_code == 200
    weak = TYPED | {"password": "zoe@example.ca", "again": "zoe@example.ca"}
    assert zoe.post(link(), weak).status_code == 200
    assert not User.objects.filter(email="zoe@example.ca").exists()
    assert zoe.post(link(), TYPED)["Location"] == "/staff/sign-in/"
    made = User.objects.get(email="zoe@example.ca")
    assert (made.get_full_name(), made.language) == ("Zoé Gagnon", "fr")
    held = Membership.objects.get(user=made)
    assert (held.department, held.role) == (department, Role.ANALYST)
    assert Invitation.objects.get().accepted_by == made
    assert zoe.post("/staff/sign-in/", {"login": "zoe@example.ca", "password": PASSWORD})
    assert zoe.get("/staff/review/").status_code == 200
    again = Client().post(link(), TYPED)
    assert again.status_code == 410
    assert User.objects.filter(email="zoe@example.ca").count() == 1


def test_the_list_says_in_french_how_each_stands(client) -> None:
    client.force_login(make_superuser())
    client.post("/i18n/set-language/", {"language": "fr"})
    invite()
    listed = client.get("/staff/people/invitations/").content.decode()
    assert "En cours" in listed
    assert "Ouvrir" not in listed


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_link_that_is_not_good_says_why_in_ones_language(client, language) -> None:
    client.post("/i18n/set-language/", {"language": language})
    invite()
    post_all()
    said: set[str] = set()

    def page(status: int, address: str | None = None) -> None:
        answer = client.get(address or link())
        assert answer.status_code == status
        html = answer.content.decode()
        assert f'lang="{language}"' in html
        said.add(re.search(r"<h1>.*?</h1>(.*?)</main>", html, re.S)[1])

    page(404, f"{link()[:-3]}/")
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        page(410)
    Invitation.objects.update(withdrawn_at=timezone.now())
    page(410)
    Invitation.objects.update(withdrawn_at=None, accepted_at=timezone.now())
    page(410)
    assert len(said) == 4


def test_to_a_wrong_address_it_is_withdrawn_and_only_the_newest_is_good(client) -> None:
    boss = make_superuser()
    client.force_login(boss)
    wrong = invite(actor=boss)
    post_all()
    client.post("/staff/people/invitations/", {"withdraw": str(wrong.pk)})
    assert Client().get(link()).status_code == 410
    one = invite(department=wrong.department, actor=boss)
    two = invite(department=wrong.department, actor=boss)
    one.refresh_from_db()
    assert (one.state, two.state) == (InvitationState.WITHDRAWN, InvitationState.OPEN)
    post_all()
    assert [mail_.to for mail_ in mail.outbox[1:]] == [["zoe@example.ca"]]


def test_who_has_an_account_already_is_given_a_role_instead(client) -> None:
    make_user(email="Zoe@example.ca")
    client.force_login(make_superuser())
    sent = {"email": "zoe@example.ca", "language": "fr", "role": "analyst"}
    sent["department"] = str(make_department().pk)
    refused = client.post("/staff/people/invitations/", sent)
    assert refused.status_code == 200
    assert 'aria-invalid="true"' in refused.content.decode()
    assert not Invitation.objects.exists()


def test_a_link_opened_in_somebody_elses_session_ends_that(client) -> None:
    invite()
    post_all()
    client.force_login(make_user(username="amir"))
    assert client.post(link(), TYPED).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_the_account() -> None:
    invitation = invite()
    ready = threading.Barrier(2)
    ended: list[str] = []

    def accept() -> None:
        ready.wait(10)
        typed = {key: value for key, value in TYPED.items() if key != "again"}
        try:
            invitation_accept(invitation=invitation, **typed)
            ended.append("made")
        except NotOpen as error:
            ended.append(error.state)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(ended) == sorted(["made", InvitationState.ACCEPTED])


@pytest.mark.browser
@pytest.mark.parametrize("locale", ["en-CA", "fr-CA"])
def test_invited_and_inviting_on_a_telephone(open_page: Pages, locale) -> None:
    boss = make_superuser()
    make_department()
    page = open_page(locale=locale, viewport=PHONE)
    page.goto("/staff/sign-in/?next=/staff/people/invitations/")
    page.fill("[name=login]", boss.get_username())
    page.fill("[name=password]", "correct horse battery")
    follow(page, page.locator("#sign-in button"))
    assert_accessible(page)
    page.fill("[name=email]", "zoe@example.ca")
    page.select_option("[name=department]", index=1)
    follow(page, page.locator("main form button.btn:not(.link)").first)
    assert_accessible(page)
    post_all()
    follow(page, page.locator(".staff-nav form button"))
    page.goto(link())
    assert_accessible(page)
    follow(page, page.locator("main form button.btn"))
    assert_accessible(page)
    for name, value in TYPED.items():
        if name != "language":
            page.fill(f"[name={name}]", value)
    follow(page, page.locator("main form button.btn"))
    assert page.url.endswith("/staff/sign-in/")
    assert page.locator("[role=status]:visible").count() == 1
    page.goto(link())
    assert_accessible(page)
