"""The web server itself, started as `make demo` starts it, without a proxy in front."""

import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvicorn

from consult.embedded.server import free_port
from consult.serve import limits
from consult.serve.application import Application, environ_of, failed_checks
from consult.serve.connection import Connection, Keeper
from feedback.asking import conditions
from feedback.asking.life import MOVES

ROOT = Path(__file__).resolve().parents[2]
# Far less than any deadline here, and what a busy machine may take.
AT_ONCE = 5.0


@dataclass
class Site:
    port: int
    process: "subprocess.Popen[bytes]" = field(default=None, repr=False)  # type: ignore[assignment]
    log: Path = Path()
    keeper: Keeper = field(default_factory=Keeper)

    def connect(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def send(self, data: bytes) -> socket.socket:
        """A connection on which so much has been sent, and nothing read."""
        connection = self.connect()
        connection.sendall(data)
        return connection

    def ask(self, data: bytes, *, timeout: float = 10) -> "Answer":
        """One request on a connection of its own, and everything that comes back."""
        with self.connect(timeout) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
            return answer_of(connection)

    def get(self, path: str, *headers: str, timeout: float = 10) -> "Answer":
        return self.ask(request("GET", path, *headers), timeout=timeout)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def request(method: str, path: str, *headers: str, close: bool = True) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    lines += ["Connection: close"] if close else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def answer_of(connection: socket.socket) -> Answer:
    start = time.monotonic()
    received = b""
    while piece := connection.recv(65536):
        received += piece
    seconds = time.monotonic() - start
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Answer(int(first.split()[1]), headers, body, seconds)


def environment(data: Path, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "consult.settings",
        "SECRET_KEY": secrets.token_urlsafe(40),
        "CONSULT_RECEIPT_KEY": secrets.token_urlsafe(40),
        "CONSULT_DATA_DIR": str(data),
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        **more,
    }


@contextlib.contextmanager
def serving(data: Path, *, processes: int = 2, threads: int = 4, **more: str) -> Iterator[Site]:
    port = free_port()
    log = data / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "consult.serve", "--bind", f"127.0.0.1:{port}"),
                *("--processes", str(processes), "--threads", str(threads)),
            ],
            env=environment(data, **more),
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
    site = Site(port, process, log)
    try:
        wait_for(lambda: lives(site), seconds=60)
        yield site
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def lives(site: Site) -> bool:
    assert site.process.poll() is None, site.log.read_text()
    try:
        return site.get("/health/live", timeout=2).status == 200
    except (OSError, IndexError):
        return False


def wait_for(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


LARGE = 3 * 1024 * 1024


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    media = folder / "media"
    media.mkdir()
    (media / "report.txt").write_bytes(b"x" * LARGE)
    with serving(folder, CONSULT_MEDIA_DIR=str(media), CONSULT_SERVE_MEDIA="true") as started:
        yield started


def answers_at_once(site: Site) -> None:
    """Whole requests, more than there are threads, while others keep theirs back."""
    for _ in range(10):
        answer = site.get("/health/live")
        assert answer.status == 200
        assert answer.seconds < AT_ONCE


HALF_BODY = (
    request("POST", "/en/consultations/X-1/answer/", "Content-Length: 5000", close=False) + b"a=1"
)
HALF_CHUNK = (
    request("POST", "/fr/consultations/X-1/repondre/", "Transfer-Encoding: chunked", close=False)
    + b"5\r\nab"
)
HALF_HEAD = b"POST /en/ HTTP/1.1\r\nHost: localhost\r\nContent-Le"


# --- The server as the demo starts it ----------------------------------------------------------


def test_half_sent_requests_keep_nobody_waiting(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for half in (HALF_BODY, HALF_HEAD, HALF_CHUNK, b""):
            for _ in range(40):
                held.enter_context(site.send(half))
        answers_at_once(site)


def test_people_who_read_slowly_keep_nobody_waiting(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(40):
            slow = held.enter_context(socket.socket())
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", site.port))
            slow.sendall(request("GET", "/media/report.txt"))
        time.sleep(0.5)  # Every thread has had one of them by now.
        answers_at_once(site)
        # And the patient one gets it all.
        slow.settimeout(10)
        answer = answer_of(slow)
        assert (answer.status, len(answer.body)) == (200, LARGE)


def test_kept_connections_keep_nobody_waiting(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(250):
            kept = held.enter_context(site.send(request("GET", "/health/live", close=False)))
            assert kept.recv(12) == b"HTTP/1.1 200"
        answers_at_once(site)


def test_a_form_sent_in_chunks_is_read(site: Site) -> None:
    form = b"csrfmiddlewaretoken=" + b"a" * 32 + b"&language=fr&next=/fr/"
    chunks = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (9, form[:9], len(form) - 9, form[9:])
    head = request(
        "POST",
        "/i18n/set-language/",
        "Transfer-Encoding: chunked",
        "Content-Type: application/x-www-form-urlencoded",
        f"Cookie: csrf={'a' * 32}",
    )
    answer = site.ask(head + chunks)
    assert (answer.status, answer.headers["location"]) == (302, "/fr/")


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (400, b"what is this?\r\n\r\n"),
        (400, b"GET /fr/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1x\r\n\r\n"),
        (431, request("GET", "/en/", "X-Long: " + "x" * limits.HEAD_BYTES)),
        (431, request("GET", "/fr/" + "x" * limits.HEAD_BYTES)),
        (413, request("POST", "/en/", f"Content-Length: {limits.BODY_BYTES + 1}")),
    ],
)
def test_what_the_server_itself_refuses_is_said_in_both_languages(
    site: Site, status: int, sent: bytes
) -> None:
    answer = site.ask(sent)
    assert answer.status == status
    page = answer.body.decode()
    assert "Nothing was saved" in page
    assert "Rien n’a été enregistré" in page
    french_first = page.index('lang="fr"') < page.index('lang="en"')
    assert french_first == (b"/fr/" in sent)
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_replies_name_no_server(site: Site) -> None:
    for answer in (site.get("/health/live"), site.get("/nowhere"), site.ask(b"?\r\n\r\n")):
        assert "server" not in answer.headers
        assert not re.search(rb"uvicorn|django|python", answer.body, re.IGNORECASE)


def test_a_head_request_has_the_length_and_no_body(site: Site) -> None:
    answer = site.ask(request("HEAD", "/media/report.txt"))
    assert (answer.status, answer.headers["content-length"], answer.body) == (200, str(LARGE), b"")


def test_what_is_not_modified_is_not_sent(site: Site) -> None:
    since = site.ask(request("HEAD", "/media/report.txt")).headers["last-modified"]
    answer = site.get("/media/report.txt", f"If-Modified-Since: {since}")
    assert (answer.status, answer.body) == (304, b"")


def test_a_long_upload_waits_in_a_file_only_the_site_can_read(site: Site) -> None:
    size = limits.BODY_IN_MEMORY + 100_000
    half = request("POST", "/cms/documents/add/", f"Content-Length: {size + 1}", close=False)
    with site.send(half + b"x" * size):
        wait_for(lambda: bool(nameless_files(site)))
        for found in nameless_files(site):
            assert found.stat().st_mode & 0o777 == 0o600
            assert found.stat().st_nlink == 0
    wait_for(lambda: not nameless_files(site))


def test_a_form_waits_in_memory(site: Site) -> None:
    size = 2_621_440  # The longest a citizen may send.
    half = request("POST", "/en/consultations/X-1/answer/", f"Content-Length: {size}", close=False)
    with site.send(half + b"x" * (size - 1)):
        time.sleep(0.3)
        assert not nameless_files(site)


def nameless_files(site: Site) -> list[Path]:
    folders = [Path(f"/proc/{child.pid}/fd") for child in web_processes(site)]
    return [
        entry
        for folder in folders
        for entry in folder.iterdir()
        if (target := os.readlink(entry)).endswith("(deleted)") and not target.startswith("/dev/")
    ]


def web_processes(site: Site) -> list[psutil.Process]:
    def is_ours(child: psutil.Process) -> bool:
        with contextlib.suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
            return any("spawn_main" in part for part in child.cmdline())
        return False

    return [child for child in psutil.Process(site.process.pid).children() if is_ours(child)]


def test_processes_that_are_killed_are_started_again_and_end_with_their_parent(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as site:
        before = {child.pid for child in web_processes(site)}
        assert len(before) == 2
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: len({c.pid for c in web_processes(site)} - before) == 2, seconds=30)
        wait_for(lambda: lives(site), seconds=60)

        processes = web_processes(site)
        site.process.kill()
        _, alive = psutil.wait_procs(processes, timeout=15)
        assert not alive
        # The port is free for the next.
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", site.port))


def test_a_site_that_cannot_start_is_not_tried_for_ever(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "consult.serve", "--bind", f"127.0.0.1:{free_port()}"],
        env=environment(tmp_path, CONSULT_DB_POOL_MAX="many"),
        cwd=ROOT,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert b"invalid literal for int() with base 10: 'many'" in done.stderr


def test_a_site_with_an_error_that_a_check_finds_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "wrong_settings.py").write_text(
        "from consult.settings import *\nLANGUAGES_BIDI = ['no language']\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "consult.serve", "--bind", f"127.0.0.1:{free_port()}"],
        env=environment(
            tmp_path, DJANGO_SETTINGS_MODULE="wrong_settings", PYTHONPATH=str(tmp_path)
        ),
        cwd=ROOT,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert b"The site does not start." in done.stderr
    assert b"translation.E003" in done.stderr


def test_the_server_tells_of_errors_and_of_nothing_else(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert failed_checks() == []
    monkeypatch.setattr(conditions, "_answers", {})
    asked = [name for move in MOVES for name in move.conditions]
    problems = failed_checks()
    assert len(problems) == len(asked) > 0
    assert all("asking.E001" in problem for problem in problems)
    settings.SILENCED_SYSTEM_CHECKS = ["asking.E001"]
    assert failed_checks() == []


# --- Its limits, made small ---------------------------------------------------------------------


@contextlib.contextmanager
def small(site: Callable[..., Iterable[bytes]], *, threads: int = 2) -> Iterator[Site]:
    """The same server in a thread of this process, around another WSGI application."""

    class Own(Connection):
        keeper = Keeper()

    port = free_port()
    config = uvicorn.Config(
        Application(site, threads=threads),
        port=port,
        http=Own,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started)
        yield Site(port, keeper=Own.keeper)
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode("latin-1"), b" ", body]


def test_headers_and_bodies_that_do_not_end_are_refused_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(limits, "SILENCE_SECONDS", 0.2)
    with small(echo) as site:
        for half in (HALF_HEAD, HALF_BODY, HALF_CHUNK):
            answer = site.ask(half)
            assert answer.status == 408
            assert "408" not in answer.body.decode()
        with site.send(request("GET", "/", close=False)) as kept:
            assert b"200 OK" in kept.recv(4096)
            # Nothing more is asked of it: the deadline of headers is not for it.
            kept.settimeout(1.5)
            with pytest.raises(TimeoutError):
                kept.recv(1)


def test_a_body_that_drips_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.5)
    with small(echo) as site, site.send(HALF_BODY) as dripping:
        dripping.settimeout(0.1)
        received = b""
        deadline = time.monotonic() + 8
        while not received and time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                received = dripping.recv(20)
            dripping.sendall(b"x")
        assert received.startswith(b"HTTP/1.1 408")


def test_an_unread_reply_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNREAD_SECONDS", 0.2)

    def endless(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"x" * 1_000_000] * 20

    with small(endless) as site, site.send(request("GET", "/")) as unread:
        time.sleep(3)
        unread.settimeout(5)
        received = 0
        with contextlib.suppress(ConnectionError):
            while piece := unread.recv(1_000_000):
                received += len(piece)
        assert received < 20_000_000


def test_a_long_body_in_chunks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_BYTES", 10)
    with small(echo) as site:
        head = request("POST", "/", "Transfer-Encoding: chunked")
        assert site.ask(head + b"b\r\n12345678901\r\n0\r\n\r\n").status == 413
        assert site.ask(head + b"a\r\n1234567890\r\n0\r\n\r\n").body == b"/ 1234567890"


def test_two_requests_sent_at_once_are_answered_in_order() -> None:
    both = request("GET", "/one", close=False) + request("GET", "/two")
    with small(echo) as site, site.send(both) as connection:
        answer = answer_of(connection)
    assert answer.body.startswith(b"/one ")
    assert answer.body.endswith(b"/two ")


def test_at_the_limit_of_connections_the_longest_waiting_gives_way() -> None:
    with small(echo) as site, contextlib.ExitStack() as held:
        site.keeper.most = 30
        for half in (HALF_HEAD, HALF_BODY, b"") * 30:
            held.enter_context(site.send(half))
        for _ in range(5):
            assert site.get("/").status == 200
        assert len(site.keeper.everyone) <= 31


def test_half_sent_bodies_give_way_to_whole_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODIES_BYTES", 100_000)
    whole = request("POST", "/", "Content-Length: 30000") + b"w" * 30_000
    half = request("POST", "/", "Content-Length: 30001") + b"h" * 30_000
    with small(echo) as site, contextlib.ExitStack() as held:
        for _ in range(10):
            held.enter_context(site.send(half))
        time.sleep(0.3)
        for _ in range(5):
            assert site.ask(whole).body == b"/ " + b"w" * 30_000


def test_a_body_for_which_there_is_no_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODIES_BYTES", 100)
    with small(echo) as site:
        answer = site.ask(request("POST", "/", "Content-Length: 101") + b"x" * 101)
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")


def test_a_mistake_of_ours_is_a_page_too() -> None:
    def broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("words that must not get out")

    with small(broken) as site:
        answer = site.get("/fr/")
    assert answer.status == 500
    assert b"words that" not in answer.body
    assert b"Une erreur s" in answer.body


def test_who_has_left_is_not_answered_but_what_they_sent_is_done() -> None:
    done: list[str] = []
    busy = threading.Event()

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        done.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/busy":
            busy.wait(10)
        start_response("200 OK", [])
        return [b"."]

    with small(slow, threads=1) as site, site.send(request("GET", "/busy")) as first:
        wait_for(lambda: done == ["/busy"])
        site.send(request("GET", "/left")).close()
        site.send(request("POST", "/sent", "Content-Length: 1") + b"x").close()
        time.sleep(0.3)
        busy.set()
        assert answer_of(first).status == 200
        assert site.get("/next").status == 200
    assert done == ["/busy", "/sent", "/next"]


def test_a_header_with_an_underscore_cannot_pass_for_the_proxys() -> None:
    import io

    scope = {
        "method": "GET",
        "raw_path": b"/%C3%A9t%C3%A9",
        "query_string": b"a=%20",
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 5000),
        "headers": [
            (b"x_forwarded_proto", b"https"),
            (b"content_length", b"5"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
            (b"accept-language", b"fr"),
            (b"content-type", b"text/plain"),
        ],
    }
    environ = environ_of(scope, io.BytesIO(b"abc"))
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/été"
    assert environ["CONTENT_LENGTH"] == "3"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["CONTENT_TYPE"] == "text/plain"
