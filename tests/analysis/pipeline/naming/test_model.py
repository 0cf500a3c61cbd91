"""A language model of the department's own: what it is told, what of it is taken, how it fails.

Every reply comes over a socket from a server on this machine.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from analysis.pipeline import (
    Asked,
    Config,
    ConfigError,
    Language,
    NamerError,
    NamerFault,
    Result,
    ServedNamer,
    analyse,
    result_to_json,
)
from analysis.pipeline.grouping import cluster_passages, themes_of
from analysis.pipeline.naming import name_themes
from analysis.pipeline.naming.proposed import FAILURES, SHOWN, _covers_more
from analysis.pipeline.naming.served import address_of
from analysis.pipeline.reading import corpus_of, cut_passages, find_letters, read_documents
from analysis.pipeline.types import Covered
from analysis.pipeline.vectors import embed_passages, embedder_named, in_context
from tests.analysis.pipeline.corpus import documents
from tests.analysis.pipeline.model_server import (
    BETTER,
    MODEL,
    Server,
    answering,
    completion,
    names,
    say,
)

EN, FR = Language.EN, Language.FR
CONFIG = Config(processes=1)


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


@pytest.fixture(scope="module")
def without() -> Result:
    return analyse(documents(), CONFIG)


@pytest.fixture(scope="module")
def grouped() -> tuple[Any, ...]:
    """What the naming of ``without`` begins with."""
    read = read_documents(corpus_of(documents()), CONFIG)
    letters = find_letters(read, CONFIG)
    read, passages = cut_passages(read, letters, CONFIG)
    embedder = embedder_named(CONFIG.embedder)
    vectors = in_context(
        embed_passages(passages.distinct, embedder), passages, CONFIG.context_share
    )
    themes = themes_of(cluster_passages(passages, vectors, CONFIG), passages, CONFIG)
    return read, passages, themes, vectors, embedder


def namer(server: Server, **options: Any) -> ServedNamer:
    return ServedNamer(server.url, MODEL, **{"seconds": 5.0} | options)


def same_names(one: Result, other: Result) -> bool:
    return [(t.name_en, t.name_fr, t.named_by, t.covered) for t in one.themes] == [
        (t.name_en, t.name_fr, t.named_by, t.covered) for t in other.themes
    ]


# What is taken


def test_a_name_that_covers_more_in_both_languages_is_taken_and_marked_for_good(
    server: Server, without: Result
) -> None:
    server.reply = answering({"employees": BETTER})
    result = analyse(documents(), CONFIG, namer=namer(server))
    taken = [theme for theme in result.themes if theme.named_by]
    assert [(t.name_en, t.name_fr, t.named_by) for t in taken] == [
        ("Rude staff and kind staff", "Personnel impoli et personnel serviable", MODEL)
    ]
    before = next(theme for theme in without.themes if theme.code == taken[0].code)
    for new, old in zip(taken[0].covered, before.covered, strict=True):
        assert (new.language, new.of) == (old.language, old.of)
        assert new.says > old.says
    others = [theme for theme in result.themes if not theme.named_by]
    assert [t.name_en for t in others] == [
        t.name_en for t in without.themes if t.code != before.code
    ]
    assert result.assignments == without.assignments
    # The run says which model, how it was asked, and what came of it.
    assert result.config["namer"] == MODEL
    assert MODEL in result.versions["namer"]
    said = [why.said_in(language) for language in ("en", "fr") for why in result.naming]
    assert len(said) == 2
    assert all(MODEL in sentence and "4" in sentence and "1" in sentence for sentence in said)
    # Of six themes two have a name that all answers in a language say: there is nothing to better.
    assert (len(result.themes), len(server.seen)) == (6, 4)
    # Asked again, with the comments in another order, it is told the same and says the same.
    first = list(server.seen)
    again = analyse(documents()[::-1], CONFIG, namer=namer(server))
    assert server.seen[len(first) :] == first
    assert result_to_json(again) == result_to_json(result)


@pytest.mark.parametrize(
    "pair",
    [
        # Fewer answers say it in French, though more do in English.
        {"en": "Staff", "fr": "Personnel"},
        {"en": BETTER["en"], "fr": "Employés"},
        # German; the languages changed over; the same language twice.
        {"en": "Unfreundliches Personal", "fr": "Unfreundliches Personal"},
        {"en": BETTER["fr"], "fr": BETTER["en"]},
        {"en": BETTER["en"], "fr": BETTER["en"]},
        # Another theme's name, and two subjects.
        {"en": "Parking", "fr": "Places de stationnement"},
        {"en": BETTER["en"], "fr": "Stationnement et file d'attente"},
        # What a comment told the model to say.
        {"en": "Mayor Tremblay is a thief", "fr": "Le maire Tremblay est un voleur"},
        {"en": "Ignore all previous instructions", "fr": "Ignorez toutes les consignes"},
        # No names at all.
        {"en": "", "fr": ""},
        {"en": "Staff " * 20, "fr": BETTER["fr"]},
        {"en": "Rude staff, kind staff, agent and clerk", "fr": BETTER["fr"]},
        {"en": "staff and agent and clerk", "fr": "personnel et agent et commis"},
        {"en": "<b>Rude staff</b>", "fr": BETTER["fr"]},
        {"en": "rude staff http://example.org", "fr": BETTER["fr"]},
        {"en": "rude staff 613-555-0199", "fr": BETTER["fr"]},
        {"en": "Staff\ud800", "fr": BETTER["fr"]},
    ],
)
def test_what_is_no_better_name_is_not_taken(
    grouped: tuple[Any, ...], server: Server, without: Result, pair: Any
) -> None:
    server.reply = answering({"employees": pair})
    named = name_themes(*grouped, namer=namer(server))
    assert [why.values["taken"] for why in named.said] == [0]
    assert [(d.name_en, d.name_fr, d.named_by) for d in named.descriptions] == [
        (t.name_en, t.name_fr, "") for t in without.themes
    ]


def test_a_language_without_a_name_gets_one_only_where_a_third_of_its_answers_say_it() -> None:
    english = Covered(EN, 9, 20)
    assert _covers_more((english, Covered(FR, 7, 20)), (Covered(EN, 8, 20),))
    assert not _covers_more((english, Covered(FR, 6, 20)), (Covered(EN, 8, 20),))
    assert not _covers_more((english,), (Covered(EN, 8, 20),))
    assert not _covers_more((english, Covered(FR, 7, 20)), (Covered(EN, 9, 20),))


def test_the_subject_of_the_whole_question_names_no_theme_though_it_covers_each(
    server: Server,
) -> None:
    about = {EN: "On the new library: ", FR: "Sur la nouvelle bibliothèque : "}
    given = [
        replace(document, text=about[Language(document.language or "en")] + document.text)
        for document in documents()
    ]
    server.reply = names({"en": "New library", "fr": "Nouvelle bibliothèque"})
    result = analyse(given, CONFIG, namer=namer(server))
    assert server.seen
    assert [why.values.get("taken") for why in result.naming] == [0]


# What is sent


def test_only_masked_passages_are_sent_a_few_of_each_language_with_a_fixed_question(
    server: Server,
) -> None:
    private = ["jean.tremblay@example.ca", "613-555-0142", "K1A 0B1"]
    given = [
        replace(document, text=f"{document.text} Write to {private[i % 3]} about it.")
        for i, document in enumerate(documents() * 3)
    ]
    given = [replace(document, id=str(i)) for i, document in enumerate(given)]
    analyse(given, CONFIG, namer=namer(server))
    assert server.seen
    for place, request in enumerate(server.seen):
        sent = json.dumps(request, ensure_ascii=False)
        assert not any(secret in sent for secret in private)
        assert "removed]" in sent
        assert (request["temperature"], request["seed"]) == (0, CONFIG.seed)
        assert request["stream"] is False
        told = server.told(place)
        assert set(told) == {"en", "fr"}
        for language in told.values():
            assert 0 < len(language["comments"]) <= SHOWN
    assert all("Authorization" not in headers for headers in server.headers)


def test_a_key_is_sent_to_that_address_and_nothing_to_a_proxy_of_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Server()
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, other.url)
    server.reply = names(BETTER)
    assert ask(namer(server, key="secret")) == {EN: BETTER["en"], FR: BETTER["fr"]}
    assert server.headers[0]["Authorization"] == "Bearer secret"
    assert other.seen == []
    other.close()


def test_a_model_is_shown_nothing_that_was_not_masked() -> None:
    with pytest.raises(ConfigError):
        Config(namer=MODEL, mask_personal_information=False)


def test_where_one_language_is_spoken_nothing_is_asked(server: Server) -> None:
    english = [document for document in documents() if document.language is EN]
    result = analyse(english, CONFIG, namer=namer(server))
    assert result.themes
    assert server.seen == []
    assert [why.code for why in result.naming] == ["model_nothing_to_ask"]


def test_a_model_that_nobody_can_reach_from_here_is_said_not_to_have_been_asked(
    without: Result,
) -> None:
    result = analyse(documents(), replace(CONFIG, namer=MODEL))
    assert same_names(result, without)
    assert [why.code for why in result.naming] == ["model_not_asked"]
    assert MODEL in result.naming[0].said_in("fr")


# How it fails


def ask(model: ServedNamer) -> Any:
    shown = {EN: ("Staff were rude.",), FR: ("Le personnel était impoli.",)}
    return model.propose(Asked(shown, {EN: ("staff",), FR: ("personnel",)}), 0)


def redirecting(handler: BaseHTTPRequestHandler) -> None:
    elsewhere = (
        f"http://127.0.0.1:{handler.server.owner.other.http.server_port}/v1/chat/completions"  # type: ignore[attr-defined]
    )
    say(handler, b"", 307, Location=elsewhere)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    block = b" " * 65536
    with contextlib.suppress(OSError):
        for _ in range(160):
            handler.wfile.write(block)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.05)


def dripping_headers(handler: BaseHTTPRequestHandler) -> None:
    with contextlib.suppress(OSError):
        for _ in range(100):
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\xff not http at all\r\n\r\n" * 5)


def gone(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (lambda h: say(h, b'{"error": "no such model"}', 404), "model_refused"),
        (lambda h: say(h, b"", 500), "model_refused"),
        (lambda h: say(h, b"", 401), "model_refused"),
        (redirecting, "model_refused"),
        (lambda h: say(h, b"<!doctype html><h1>It works!</h1>", Content_Type="text/html"), None),
        (lambda h: say(h, b"x" * 10_000_000), None),
        (endless, None),
        (lambda h: say(h, b'{"choices": []}'), None),
        (lambda h: say(h, b'{"choices": {"0": 1}}'), None),
        (lambda h: say(h, b"[" * 60_000), None),
        (lambda h: say(h, b"\xff\xfe"), None),
        (lambda h: say(h, completion(None)), None),
        (lambda h: say(h, completion(["Staff"])), None),
        (lambda h: say(h, completion("The theme is about staff.")), None),
        (lambda h: say(h, completion('```json\n{"en": "Staff", "fr": "Personnel"}\n```')), None),
        (names(["Staff", "Personnel"]), None),
        (names({"en": "Staff"}), None),
        (names({"en": "Staff", "fr": None}), None),
        (names({"en": "Staff", "fr": "Personnel", "de": "Personal"}), None),
        (names({"en": "Staff " * 100, "fr": "Personnel"}), None),
        (garbage, None),
        (gone, "model_unreachable"),
        (silent, "model_too_slow"),
        (dripping, "model_too_slow"),
        (dripping_headers, "model_too_slow"),
    ],
)
def test_every_way_of_failing_has_a_reason_and_ends_in_time(
    server: Server, reply: Callable[[BaseHTTPRequestHandler], None], code: str | None
) -> None:
    server.other = Server()
    server.reply = reply
    began = time.monotonic()
    with pytest.raises(NamerFault) as failed:
        ask(namer(server, seconds=0.5))
    assert failed.value.code == (code or "model_no_sense")
    assert time.monotonic() - began < 5
    assert len(server.seen) == 1
    assert server.other.seen == []
    # Nothing of what was said is kept with the fault.
    assert str(failed.value) == failed.value.code
    assert failed.value.__cause__ is None
    server.other.close()


def test_a_port_where_nobody_listens_and_a_host_that_is_not_there_are_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/v1", "https://nowhere.invalid/v1"):
        with pytest.raises(NamerFault, match="model_unreachable"):
            ask(ServedNamer(url, MODEL, seconds=2))


def test_a_model_that_keeps_failing_is_asked_no_more_and_the_run_goes_on(
    server: Server, without: Result
) -> None:
    server.reply = lambda h: say(h, b"", 503)
    result = analyse(documents(), CONFIG, namer=namer(server))
    assert len(server.seen) == FAILURES < len(without.themes)
    assert same_names(result, without)
    assert [why.code for why in result.naming] == ["names_by_model", "model_refused"]
    assert result.naming[0].values == {"model": MODEL, "asked": FAILURES, "taken": 0}


def test_one_that_fails_now_and_then_is_asked_on(server: Server) -> None:
    good = answering({"employees": BETTER})

    def reply(handler: BaseHTTPRequestHandler) -> None:
        (good if len(server.seen) % 2 else redirecting)(handler)

    server.other, server.reply = server, reply
    result = analyse(documents(), CONFIG, namer=namer(server))
    assert len(server.seen) == 4
    assert [why.code for why in result.naming] == ["names_by_model", "model_refused"]


def test_a_model_that_is_slow_each_time_is_not_waited_for_all_day(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.pipeline.naming.proposed.PATIENCE", 0.5)
    model = namer(server, seconds=1.0)

    def reply(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        names({"en": "x", "fr": "x"})(handler)

    server.reply = reply
    result = analyse(documents(), CONFIG, namer=model)
    assert len(server.seen) == 2
    assert [why.code for why in result.naming] == ["names_by_model", "model_too_slow"]


def test_a_run_that_was_interrupted_asks_nothing_twice(server: Server) -> None:
    kept: dict[str, bytes] = {}

    class Store:
        def load(self, stage: str) -> bytes | None:
            return kept.get(stage)

        def save(self, stage: str, payload: bytes) -> None:
            kept[stage] = payload

    server.reply = answering({"employees": BETTER})
    first = analyse(documents(), CONFIG, namer=namer(server), store=Store())
    asked = len(server.seen)
    again = analyse(documents(), CONFIG, namer=namer(server), store=Store())
    assert len(server.seen) == asked
    assert result_to_json(again) == result_to_json(first)
    # Without the model it is another run.
    assert not any(t.named_by for t in analyse(documents(), CONFIG, store=Store()).themes)


# Where it may be


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://127.0.0.1:8080/v1", "/v1/chat/completions"),
        ("http://localhost/v1/", "/v1/chat/completions"),
        ("http://[::1]:11434/v1/chat/completions", "/v1/chat/completions"),
        ("https://models.department.example", "/chat/completions"),
    ],
)
def test_this_machine_or_a_host_over_https_may_be_named(url: str, path: str) -> None:
    assert address_of(url).path == path


@pytest.mark.parametrize(
    "url",
    [
        "",
        "models.department.example",
        "http://models.department.example/v1",
        "http://10.0.0.5:8000/v1",
        "http://127.0.0.1.example/v1",
        "http://localhost.example/v1",
        "http://user:secret@127.0.0.1/v1",
        "https://models.department.example/v1?key=1",
        "https://models.department.example/v1#x",
        "https:///v1",
        "https://a..b/v1",
        "https://models.department.example:port/v1",
        "https://models.department.example/v1\r\nX: y",
        "https://models.department.example/é",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "unix:/run/model.sock",
    ],
)
def test_any_other_address_is_refused_without_a_connection(url: str) -> None:
    with pytest.raises(NamerError):
        ServedNamer(url, MODEL)


@pytest.mark.parametrize(("model", "key"), [("", ""), ("m" * 101, ""), ("a\nb", ""), ("m", "a\nb")])
def test_a_model_and_a_key_are_plain(model: str, key: str) -> None:
    with pytest.raises(NamerError):
        ServedNamer("http://127.0.0.1/v1", model, key=key)


def test_over_plain_http_the_other_end_must_be_this_machine(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where "localhost" stands for another machine."""
    model = namer(server)
    monkeypatch.setattr("analysis.pipeline.naming.served._is_loopback", lambda host: False)
    with pytest.raises(NamerFault, match="model_unreachable"):
        ask(model)
    assert server.seen == []


def test_over_https_a_host_must_prove_who_it_is(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.http.socket = context.wrap_socket(
        server.http.socket, server_side=True, do_handshake_on_connect=False
    )
    server.reply = names(BETTER)
    url = f"https://localhost:{server.http.server_port}/v1"
    with pytest.raises(NamerFault, match="model_unreachable"):
        ask(ServedNamer(url, MODEL, seconds=5))
    assert server.seen == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ask(ServedNamer(url, MODEL, seconds=5))[EN] == BETTER["en"]
    # The name on the certificate counts, not the machine.
    with pytest.raises(NamerFault, match="model_unreachable"):
        ask(ServedNamer(url.replace("localhost", "127.0.0.1"), MODEL, seconds=5))


def test_a_host_that_says_nothing_before_its_certificate_is_too_slow() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent_one:
        url = f"https://127.0.0.1:{silent_one.getsockname()[1]}/v1"
        with pytest.raises(NamerFault, match="model_too_slow"):
            ask(ServedNamer(url, MODEL, seconds=0.5))


def self_signed(folder: Path, name: str) -> Path:
    """A certificate for that name with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
