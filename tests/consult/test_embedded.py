"""The embedded servers: alive exactly as long as they should be, and only where they should be."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from consult.embedded import Postgres, ServerError, Valkey, server
from consult.embedded.postgres import FAST
from tests.servers import ROOT

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def closed_folder(tmp_path: Path):
    """A folder only its owner may enter, as a home is, and the modes of all its parents."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    yield home
    for found in home.rglob("postgres.json"):
        Postgres(found.parent).destroy()


def modes_above(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.parents]}


@pytest.mark.django_db
def test_the_tests_run_on_a_real_postgresql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        assert cursor.fetchone()[0] >= 150000


def test_postgres_lives_in_a_closed_folder_and_opens_it_to_nobody(closed_folder: Path):
    before = modes_above(closed_folder)
    postgres = Postgres(closed_folder / "var")
    url = postgres.start()
    try:
        with psycopg.connect(url) as client:
            shown = {
                name: client.execute(f"SHOW {name}").fetchone()[0]
                for name in (
                    *("fsync", "full_page_writes", "synchronous_commit"),
                    *("listen_addresses", "server_encoding"),
                )
            }
            superuser = client.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
            assert superuser.fetchone() == (False,)
    finally:
        postgres.stop()
    assert shown == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "127.0.0.1",
        "server_encoding": "UTF8",
    }
    assert modes_above(closed_folder) == before
    for path in (closed_folder / "var").rglob("*"):
        assert not stat.S_IMODE(path.lstat().st_mode) & 0o022, path
    for secret in ("postgres.json",):
        assert stat.S_IMODE((closed_folder / "var" / secret).stat().st_mode) == 0o600


def test_postgres_keeps_its_data_and_asks_for_a_password(closed_folder: Path):
    postgres = Postgres(closed_folder, options=FAST)
    with psycopg.connect(postgres.start()) as client:
        client.execute("CREATE TABLE kept (words text)")
        client.execute("INSERT INTO kept VALUES ('à bientôt')")
    postgres.stop()

    again = Postgres(closed_folder, options=FAST)
    url = again.start()
    try:
        with psycopg.connect(url) as client:
            assert client.execute("SELECT words FROM kept").fetchone() == ("à bientôt",)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url, password="guessed")
    finally:
        again.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_postgres_does_not_throw_away_data_whose_password_is_lost(closed_folder: Path):
    postgres = Postgres(closed_folder, options=FAST)
    postgres.start()
    postgres.stop()
    (closed_folder / "postgres.json").unlink()
    with pytest.raises(ServerError, match="demo-reset"):
        Postgres(closed_folder, options=FAST).start()
    assert (closed_folder / "postgres" / "cluster" / "PG_VERSION").exists()
    postgres.destroy()
    assert not (closed_folder / "postgres").exists()


def start_in_another_process(home: Path) -> tuple[subprocess.Popen[str], str, int]:
    """A process that starts PostgreSQL and waits; its URL and the number of the server's."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from pathlib import Path\n"
            "from consult.embedded import Postgres\n"
            "print(Postgres(Path(sys.argv[1])).start(), flush=True)\n"
            "time.sleep(600)",
            str(home),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    pid = int((home / "postgres/cluster/postmaster.pid").read_text().split()[0])
    return process, url, pid


def wait_until_gone(pid: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                time.sleep(0.05)
                continue
        return
    raise AssertionError(f"Process {pid} is still there.")


def test_a_server_ends_with_the_process_that_started_it_even_if_that_is_killed(
    closed_folder: Path,
):
    process, _url, pid = start_in_another_process(closed_folder)
    process.kill()
    process.wait()
    wait_until_gone(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="The kernel's part of it is Linux's.")
def test_a_server_ends_when_its_launcher_is_killed(closed_folder: Path):
    process, _url, pid = start_in_another_process(closed_folder)
    launcher = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(launcher, signal.SIGKILL)
    wait_until_gone(pid)
    process.kill()
    process.wait()


def test_postgres_starts_after_it_was_killed_itself(closed_folder: Path):
    process, url, pid = start_in_another_process(closed_folder)
    with psycopg.connect(url) as client:
        client.execute("CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    process.kill()
    process.wait()
    assert (closed_folder / "postgres/cluster/postmaster.pid").exists()
    postgres = Postgres(closed_folder, options=FAST)
    with psycopg.connect(postgres.start()) as client:
        assert client.execute("SELECT one FROM kept").fetchone() == (1,)
    postgres.stop()


def test_postgres_starts_though_its_old_number_belongs_to_another_process(closed_folder: Path):
    postgres = Postgres(closed_folder, options=FAST)
    postgres.start()
    postgres.stop()
    pid_file = closed_folder / "postgres/cluster/postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{closed_folder}\n1\n")
    if AS_ROOT:
        shutil.chown(pid_file, "nobody")
    postgres.start()
    postgres.stop()


def test_postgres_takes_another_port_when_its_own_is_taken(closed_folder: Path):
    postgres = Postgres(closed_folder, options=FAST)
    first = postgres.start()
    postgres.stop()
    port = int(first.rpartition(":")[2].partition("/")[0])
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        second = postgres.start()
        postgres.stop()
    assert f":{port}/" not in second


@pytest.mark.skipif(not AS_ROOT, reason="Only root changes who servers run as.")
def test_as_root_servers_run_as_someone_else_with_at_most_one_capability(closed_folder: Path):
    process, _url, pid = start_in_another_process(closed_folder)
    try:
        status = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if ":\t" in line
        )
        assert "0" not in status["Uid"].split()
        assert int(status["CapEff"], 16).bit_count() <= 1
        assert int(status["CapPrm"], 16).bit_count() <= 1
    finally:
        process.kill()
        process.wait()
    wait_until_gone(pid)


@pytest.mark.skipif(
    not AS_ROOT or shutil.which("setpriv") is None, reason="Needs root, and setpriv to be less."
)
def test_as_root_without_the_means_to_enter_data_moves_to_a_private_folder(closed_folder: Path):
    """A container may withhold the capabilities that our first two ways need."""
    before = modes_above(closed_folder)
    script = (
        "import sys; from pathlib import Path; import psycopg\n"
        "from consult.embedded import Postgres\n"
        "from consult.embedded.postgres import FAST\n"
        "home = Path(sys.argv[1])\n"
        "postgres = Postgres(home, options=FAST)\n"
        "psycopg.connect(postgres.start()).close(); postgres.stop()\n"
        "psycopg.connect(postgres.start()).close(); postgres.stop()\n"
    )
    subprocess.run(
        ["setpriv", "--bounding-set", "-setpcap", sys.executable, "-c", script, closed_folder],
        cwd=ROOT,
        check=True,
    )
    moved = server.moved_home(closed_folder / "postgres")
    assert (moved / "data/cluster/PG_VERSION").exists()
    assert stat.S_IMODE(moved.stat().st_mode) == 0o700
    assert modes_above(closed_folder) == before
    Postgres(closed_folder).destroy()
    assert not moved.exists()


def test_valkey_asks_for_a_password_and_is_gone_after_stop(closed_folder: Path):
    import redis

    valkey = Valkey(closed_folder)
    url = valkey.start()
    client = redis.Redis.from_url(url)
    assert client.ping()
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.Redis.from_url(f"redis://:guessed@{url.partition('@')[2]}").ping()
    client.close()
    valkey.stop()
    with pytest.raises(redis.exceptions.ConnectionError):
        redis.Redis.from_url(url).ping()
