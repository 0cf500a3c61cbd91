"""Who signs in: one person an email address, in a language of their own."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from feedback.people.models import User
from tests.factories import make_superuser, make_user

pytestmark = pytest.mark.django_db

NEW = {
    "username": "elise",
    "email": "Elise.Tremblay@example.ca",
    "first_name": "Élise",
    "last_name": "Tremblay",
    "language": "fr",
    "password1": "correct horse battery",
    "password2": "correct horse battery",
}
REFUSED = {
    "en": "Somebody else signs in with this email address.",
    "fr": "Une autre personne ouvre une session avec cette adresse courriel.",
}


@pytest.fixture
def administrator(client):
    user = make_superuser()
    client.force_login(user)
    return user


def speak(user: User, language: str) -> None:
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


def test_administrators_write_and_read_whom_we_write_to_and_in_which_language(
    client, administrator
) -> None:
    assert client.post("/cms/users/new/", NEW).status_code == 302
    made = User.objects.get(username="elise")
    assert (made.email, made.language) == (NEW["email"], "fr")
    edit = f"/cms/users/edit/{made.pk}/"
    html = client.get(edit).content.decode()
    assert '<option value="fr" selected>' in html
    assert NEW["email"] in html
    changed = NEW | {"language": "en", "is_active": "on", "password1": "", "password2": ""}
    assert client.post(edit, changed).status_code == 302
    made.refresh_from_db()
    assert made.language == "en"
    shown = client.get("/cms/users/").content.decode()
    assert NEW["email"] in shown
    assert "Preferred language" in shown


@pytest.mark.parametrize("language", ["en", "fr"])
def test_two_people_cannot_share_an_address_in_other_capitals(
    client, administrator, language
) -> None:
    make_user(username="first", email="elise.tremblay@EXAMPLE.ca")
    speak(administrator, language)
    reply = client.post("/cms/users/new/", NEW)
    assert reply.status_code == 200
    assert REFUSED[language] in reply.content.decode().replace("&#x27;", "'")
    assert not User.objects.filter(username="elise").exists()
    # Nor by any other way.
    with pytest.raises(IntegrityError, match="user_email_unique"), transaction.atomic():
        make_user(email="ELISE.tremblay@example.CA")


def test_any_number_of_people_have_no_address() -> None:
    assert not make_user().email
    assert not make_user().email
