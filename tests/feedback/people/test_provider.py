"""A department's own sign-in, tried with a provider that is started here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from feedback.people.enums import Refusal
from feedback.people.signals import sign_in_refused
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOGIN = "/staff/sign-in/provider/department/login/"
CALLBACK = f"{LOGIN}callback/"


class Provider:
    """Says of whoever comes what ``claims`` say."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {
            "sub": "e-1",
            "email": "elise@example.ca",
            "email_verified": True,
        }
        self.userinfo: dict[str, Any] = {}
        self.asked: list[dict[str, list[str]]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("openid-configuration"):
                    self._say(provider.configuration)
                elif self.path == "/userinfo":
                    self._say(provider.claims | provider.userinfo)
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                provider.asked.append(parse_qs(self.rfile.read(length).decode()))
                token = provider.claims | {
                    "iss": provider.url,
                    "aud": "consult",
                    "iat": 1,
                    "exp": 9_999_999_999,
                }
                signed = jwt.encode(token, "k" * 40, algorithm="HS256")
                self._say({"access_token": "a", "token_type": "Bearer", "id_token": signed})

            def _say(self, what: dict[str, Any]) -> None:
                body = json.dumps(what).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def configuration(self) -> dict[str, str]:
        paths = ("authorization", "token", "userinfo")
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks",
            **{f"{path}_endpoint": f"{self.url}/{path}" for path in paths},
        }

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    started = Provider()
    settings.CONSULT_OIDC_URL = started.url
    settings.CONSULT_OIDC_NAME = "Example"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "department",
                    "name": "Example",
                    "client_id": "consult",
                    "secret": "shared",
                    "settings": {"server_url": started.url},
                }
            ],
        }
    }
    yield started
    started.close()


def there_and_back(client: Client, *, towards: str = "", **answer: str) -> Any:
    """To the provider, which sends the person back."""
    sent = client.get(LOGIN + (f"?next={towards}" if towards else ""))
    assert sent.status_code == 302, sent.content
    asked = parse_qs(urlsplit(sent["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"][0].endswith(CALLBACK)
    return client.get(CALLBACK, {"state": asked["state"][0], **(answer or {"code": "c"})})


def is_in(client: Client) -> Any:
    return client.session.get("_auth_user_id")


def test_the_account_is_found_by_a_vouched_address_then_by_the_providers_name(
    client, provider
) -> None:
    user = make_user(username="elise", email="Elise@example.ca")
    page = client.get("/staff/sign-in/?next=/staff/engagements/").content.decode()
    assert f'href="{LOGIN}?next=%2Fstaff%2Fengagements%2F"' in page
    assert there_and_back(client, towards="/staff/review/")["Location"] == "/staff/review/"
    assert is_in(client) == str(user.pk)
    assert provider.asked[0]["code_verifier"]
    assert client.cookies["device"].value
    # Her address changed at the provider: she is the same.
    provider.claims["email"] = "elise.tremblay@example.ca"
    again = Client()
    there_and_back(again)
    assert is_in(again) == str(user.pk)
    assert SocialAccount.objects.get().user == user


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nobody_gets_an_account_by_what_a_provider_claims(client, provider, language) -> None:
    elise, amir = make_user(email="elise@example.ca"), make_user(email="amir@example.ca")
    told: list[Any] = []

    def listen(reason: Any, **_: Any) -> None:
        told.append(reason)

    sign_in_refused.connect(listen)
    said: set[str] = set()

    def refused(**claims: Any) -> None:
        provider.claims |= claims
        other = Client()
        other.post("/i18n/set-language/", {"language": language})
        answer = there_and_back(other)
        assert answer.status_code == 403, claims
        assert f'<html lang="{language}"' in answer.content.decode()
        assert not is_in(other)
        said.add(answer.content.decode().split("</h1>")[1].split("</p>")[0])

    try:
        # An address nobody vouches for, and nobody's.
        refused(email_verified=False)
        refused(email_verified=True, email="nobody@example.ca")
        provider.claims["email"] = "elise@example.ca"
        there_and_back(client)
        assert is_in(client) == str(elise.pk)
        # Her address went to another person at the provider.
        refused(sub="e-2")
        # Her name there comes with another's address.
        refused(sub="e-1", email="amir@example.ca")
        # Two answers about two people.
        provider.userinfo = {"sub": "somebody"}
        refused(sub="e-1", email="elise@example.ca")
    finally:
        sign_in_refused.disconnect(listen)
    assert told == [Refusal.PROVIDER] * 5
    assert len(said) == 3
    assert not SocialAccount.objects.filter(user=amir).exists()
    assert make_user().pk == amir.pk + 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_provider_that_is_away_or_gives_nonsense_is_said(client, provider, language) -> None:
    make_user(email="elise@example.ca")
    client.post("/i18n/set-language/", {"language": language})
    sent = client.get(LOGIN)
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    provider.close()
    for answer in (client.get(LOGIN), client.get(CALLBACK, {"state": state, "code": "c"})):
        assert answer.status_code == 503
        assert f'<html lang="{language}"' in answer.content.decode()
    # Nobody asked for this.
    assert client.get(CALLBACK, {"state": "made-up", "code": "c"}).status_code == 503
    assert not is_in(client)


def test_who_goes_back_is_told_that_nothing_happened(client, provider) -> None:
    back = there_and_back(client, error="access_denied")
    assert back.status_code == 200
    assert not is_in(client)


def test_the_second_step_is_asked_for_and_who_left_stays_out(client, provider) -> None:
    user = make_user(email="elise@example.ca")
    Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt("A" * 32)})
    assert there_and_back(client)["Location"] == "/staff/sign-in/code/"
    assert not is_in(client)
    user.is_active = False
    user.save(update_fields=["is_active"])
    gone = Client()
    assert there_and_back(gone)["Location"] == "/staff/sign-in/inactive/"
    assert not is_in(gone)


def test_where_none_is_set_there_is_none(client) -> None:
    assert LOGIN not in client.get("/staff/sign-in/").content.decode()
    assert client.get(LOGIN).status_code == 404
    assert client.get(CALLBACK).status_code == 404
