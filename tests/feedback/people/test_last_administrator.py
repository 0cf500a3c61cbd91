"""There is always somebody who can let people in, and nothing typed is lost with a role."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.test import Client

from feedback.people.enums import Role
from feedback.people.models import Membership, User
from tests.factories import (
    make_department,
    make_engagement,
    make_questionnaire,
    make_superuser,
    make_user,
)
from tests.feedback.asking.test_staff import admin, opened, posted, signed_in

both = pytest.mark.parametrize("language", ["en", "fr"])


def demoted(user: User) -> dict[str, str]:
    """The form of a user as sent without the tick that makes an administrator."""
    return {
        "username": user.username,
        "email": f"{user.username}@example.ca",
        "first_name": "Ann",
        "last_name": "Roy",
        "language": "en",
    }


def demote(client: Client, user: User) -> int:
    return client.post(f"/cms/users/edit/{user.pk}/", demoted(user)).status_code


@pytest.mark.django_db
@both
def test_the_last_administrator_is_not_taken_away(language) -> None:
    last = make_superuser("last")
    clerk = make_superuser("clerk")
    client = signed_in(clerk, language)
    assert demote(client, last) == 302
    last.refresh_from_db()
    assert not last.is_superuser
    # Nobody takes it from herself: the form has no such field.
    assert demote(client, clerk) == 302
    clerk.refresh_from_db()
    assert clerk.is_superuser
    said = {"en": "last administrator", "fr": "dernière personne"}[language]
    gone = client.get(f"/cms/users/delete/{clerk.pk}/", follow=True)
    assert said in gone.content.decode()
    assert client.post(f"/cms/users/delete/{clerk.pk}/").status_code == 302
    for action in ("delete", "set_active_state", "assign_role"):
        address = f"/cms/bulk/people/user/{action}/?id={clerk.pk}&next=/cms/users/"
        client.post(address, {"mark_as_active": "False"})
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.is_superuser) == (True, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_demote_each_other_one_stays() -> None:
    people = [make_superuser(f"boss-{n}") for n in range(2)]
    clients = [signed_in(person) for person in people]
    for client, person in zip(clients, people, strict=True):
        assert client.get(f"/cms/users/edit/{person.pk}/").status_code == 200
    start, statuses = threading.Barrier(2), []

    def other(mine: int) -> None:
        try:
            start.wait()
            statuses.append(demote(clients[mine], people[1 - mine]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=other, args=[n]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    # The other is told, or was no administrator any more when she asked.
    assert sorted(statuses) in ([200, 302], [302, 403], [302, 404])


@pytest.mark.django_db
@both
@pytest.mark.parametrize("left", [None, Role.ANALYST])
def test_a_role_taken_away_while_somebody_writes_costs_no_words(language, left) -> None:
    draft = make_questionnaire(make_engagement(make_department(), status="draft")).engagement
    author = make_user(draft.department, Role.AUTHOR)
    client = signed_in(author, language)
    where = admin("questionnaires:edit", draft.questionnaire.pk)
    data = posted(draft) | {"opened": opened(client, where)}
    words = "Ce que j'ai mis une heure à écrire <vraiment>"
    data |= {"questions-0-text_fr": words, "password": "not for a page"}
    Membership.objects.get(user=author).delete()
    if left is not None:
        Membership.objects.create(user=author, department=draft.department, role=left)
    reply = client.post(where, data)
    assert reply.status_code == (404 if left is None else 403)
    html = reply.content.decode()
    assert "une heure à écrire &lt;vraiment&gt;</textarea>" in html
    assert "not for a page" not in html
    assert data["opened"] not in html
    assert not draft.questionnaire.questions.filter(text_fr=words).exists()
    # Nobody's words are on a page that nobody signed in sent.
    assert "<textarea" not in Client().post("/en/nowhere/", data).content.decode()
