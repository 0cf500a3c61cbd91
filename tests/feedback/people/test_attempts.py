"""A thousand wrong passwords slow the attacker, not the owner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from feedback.people.enums import Refusal
from feedback.people.models import Attempts
from feedback.people.sign_in.attempts import (
    ACCOUNT,
    DEVICE,
    NETWORK,
    Bucket,
    TooSoon,
    attempt_begin,
    attempt_succeeded,
    attempts_purge,
)
from feedback.people.signals import sign_in_refused
from tests.factories import make_user
from tests.silence import Silence

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
ATTACKER, OFFICE, HOME = "203.0.113.9", "198.51.100.7", "192.0.2.33"


def sign_in(
    client: Client, name: str, password: str | None = None, *, network: str = OFFICE
) -> Any:
    return client.post(
        "/staff/sign-in/", {"login": name, "password": password or "wrong"}, REMOTE_ADDR=network
    )


def tries_in_a_day(bucket: Bucket) -> int:
    """Of somebody who tries again the moment it is allowed, for ever."""
    looked_at = 0
    with time_machine.travel(timezone.now(), tick=False) as clock:
        until = timezone.now() + timedelta(days=1)
        while timezone.now() < until:
            try:
                attempt_begin([bucket])
                looked_at += 1
            except TooSoon as error:
                clock.shift(error.wait)
    return looked_at


def test_guessing_is_slowed_to_some_hundred_a_day() -> None:
    assert 80 < tries_in_a_day(Bucket(("account",), ACCOUNT)) < 120
    assert tries_in_a_day(Bucket(("device",), DEVICE)) < 320
    assert tries_in_a_day(Bucket(("network",), NETWORK)) < 1_500


def test_the_wait_grows_and_is_said_in_words_and_in_a_header(client) -> None:
    make_user(username="elise")
    for _ in range(ACCOUNT.free):
        assert sign_in(client, "elise").status_code == 200
    refused = sign_in(client, "elise", PASSWORD)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "1"
    assert "1 second" in refused.content.decode()
    # Not even the right one is looked at, and nothing was counted for it.
    assert Attempts.objects.order_by("-failures").first().failures == ACCOUNT.free
    with time_machine.travel(timezone.now() + timedelta(seconds=2)):
        assert sign_in(client, "elise").status_code == 200
        client.post("/i18n/set-language/", {"language": "fr"})
        refused = sign_in(client, "elise")
        assert refused["Retry-After"] == "2"
        assert "2 secondes" in refused.content.decode()


def test_a_thousand_wrong_passwords_from_elsewhere_cost_the_owner_nothing(client) -> None:
    make_user(username="elise")
    guesser = Client()
    refused = sum(sign_in(guesser, "elise", network=ATTACKER).status_code == 429 for _ in range(40))
    assert refused >= 40 - ACCOUNT.free - 2
    # As after the thousandth.
    Attempts.objects.update(failures=1_000, last_at=timezone.now())
    assert sign_in(client, "elise", PASSWORD).status_code == 302


def test_a_known_device_passes_where_its_whole_network_has_to_wait(client) -> None:
    make_user(username="elise")
    stranger = Client()
    assert sign_in(client, "elise", PASSWORD).status_code == 302
    client.post("/staff/sign-out/")
    for _ in range(ACCOUNT.free):
        sign_in(stranger, "elise")
    Attempts.objects.update(failures=1_000, last_at=timezone.now())
    assert sign_in(stranger, "elise", PASSWORD).status_code == 429
    assert sign_in(client, "elise", PASSWORD).status_code == 302
    client.post("/staff/sign-out/")
    # It is known to its owner alone, and is slowed by guesses made on it.
    make_user(username="amir")
    assert sign_in(client, "amir", PASSWORD).status_code == 429
    for _ in range(DEVICE.free):
        assert sign_in(client, "elise", network=HOME).status_code == 200
    assert sign_in(client, "elise", PASSWORD, network=HOME).status_code == 429


def test_a_made_up_device_is_none(client) -> None:
    user = make_user(username="elise")
    client.cookies["device"] = f'[[{user.pk},"mine"]]:forged'
    for _ in range(ACCOUNT.free):
        sign_in(client, "elise")
    assert sign_in(client, "elise", PASSWORD).status_code == 429


def test_other_names_of_an_account_and_other_capitals_are_one_account(client) -> None:
    make_user(username="elise", email="elise@example.ca")
    for name in ("elise", "ELISE", "elise@example.ca", "Elise@Example.CA", " elise "):
        assert sign_in(client, name).status_code == 200
    assert sign_in(client, "elise", PASSWORD).status_code == 429


def test_who_has_an_account_cannot_empty_the_bucket_of_the_network() -> None:
    network = Bucket(("network",), NETWORK)
    own, other = Bucket(("own",), ACCOUNT), Bucket(("other",), ACCOUNT)
    for _ in range(3):
        attempt_begin([other, network])
    attempt_begin([own, network])
    attempt_succeeded([own, network])
    assert Attempts.objects.get(key=network.key).failures == 3
    assert not Attempts.objects.filter(key=own.key).exists()


def test_what_nobody_tried_for_a_day_is_forgotten_and_purged() -> None:
    bucket = Bucket(("account",), ACCOUNT)
    attempt_begin([bucket])
    Attempts.objects.update(failures=50)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        attempt_begin([bucket])
        assert Attempts.objects.get().failures == 1
        assert attempts_purge() == 0
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert attempts_purge() == 1


def test_nothing_kept_tells_whose_account_or_which_network_it_was(client) -> None:
    make_user(username="elise")
    sign_in(client, "elise")
    for row in Attempts.objects.values_list("key", flat=True):
        assert len(row) == 64
        assert "elise" not in row
        assert OFFICE not in row


@pytest.mark.parametrize("proxies", [0, 1])
def test_an_address_one_claims_to_come_from_is_believed_of_proxies_only(
    client, settings, proxies
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    make_user(username="elise")
    codes = [
        client.post(
            "/staff/sign-in/",
            {"login": "elise", "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{n}, {ATTACKER}"},
        ).status_code
        for n in range(ACCOUNT.free + 1)
    ]
    assert codes[-1] == 429


def test_refusals_are_told_to_whoever_keeps_a_record(client) -> None:
    user = make_user(username="elise")
    make_user(username="gone", is_active=False)
    told: list[tuple[Any, Any]] = []

    def listen(user: Any, reason: Any, **_: Any) -> None:
        told.append((user, reason))

    sign_in_refused.connect(listen)
    try:
        sign_in(client, "elise")
        sign_in(client, "nobody")
        there = sign_in(client, "gone", PASSWORD)
        assert there["Location"] == "/staff/sign-in/inactive/"
        assert client.get(there["Location"]).status_code == 200
    finally:
        sign_in_refused.disconnect(listen)
    assert told[:2] == [(user, Refusal.PASSWORD), (None, Refusal.PASSWORD)]
    assert told[2][1] == Refusal.INACTIVE
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("away", ["dead", "silent"])
def test_without_a_cache_people_sign_in_and_guessing_is_slowed_all_the_same(
    client, settings, away
) -> None:
    with Silence() as silence:
        settings.CACHES = {
            "default": {
                "BACKEND": "consult.cache.ExpendableRedisCache",
                "LOCATION": f"redis://127.0.0.1:{silence.port if away == 'silent' else 1}",
                "OPTIONS": {"socket_connect_timeout": 0.2, "socket_timeout": 0.2},
            }
        }
        make_user(username="elise")
        assert sign_in(client, "elise", PASSWORD).status_code == 302
        guesser = Client()
        codes = [
            sign_in(guesser, "elise", network=ATTACKER).status_code for _ in range(ACCOUNT.free + 1)
        ]
        assert codes == [200] * ACCOUNT.free + [429]
