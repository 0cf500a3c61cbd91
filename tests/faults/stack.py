"""The whole site as the programs it consists of, which a test may kill.

The same programs as in `make demo`, watched by the same code; PostgreSQL with the settings by
which nothing acknowledged is lost.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from consult.demo import programs
from consult.embedded import Postgres, Valkey
from consult.embedded.postgres import DURABLE
from consult.embedded.server import free_port
from consult.embedded.watch import Part, Watch
from tests.servers import ROOT, migrated_cluster_copy

PARTS = ("web", "worker", "clock", "broker", "database")


class Stack:
    """One site under ``home``, on a port of its own, with one open consultation."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.said: list[str] = []
        self.watch = Watch(self.said.append)
        self.postgres = Postgres(home, options=DURABLE)
        self.valkey = Valkey(home)
        self.parts: dict[str, Part] = {}
        self.reference_number = ""
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Stack:
        with contextlib.ExitStack() as stack:
            self._stack = stack
            self._start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        migrated_cluster_copy(self.home)
        self._run("database", self.postgres)
        self._run("broker", self.valkey)
        made = subprocess.run(
            [sys.executable, "-m", "tests.faults.seed"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        self.reference_number = made.stdout.strip()
        shared: Any = {
            "environment": self.environment,
            "logs": self.home / "log",
            "folder": ROOT,
        }
        self._run("worker", programs.worker(**shared))
        self._run("clock", programs.clock(schedule=self.home / "beat-schedule", **shared))
        self._run("web", programs.web(self.port, **shared))
        self.wait(self.answers, "the web server does not answer")

    def _run(self, name: str, part: Part) -> None:
        part.start()
        self._stack.callback(part.stop)
        self.watch.add(part)
        self.parts[name] = part

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DEBUG": "false",
            "SECRET_KEY": "the-tests-sign-with-this-and-nothing-else-does-0123456789",
            "CONSULT_RECEIPT_KEY": "the-tests-make-receipts-with-this-0123456789",
            "CONSULT_BASE_URL": f"http://localhost:{self.port}",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "CONSULT_DATA_DIR": str(self.home / "data"),
            "CONSULT_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self.postgres.url,
            "BROKER_URL": self.valkey.url,
            "CACHE_URL": self.valkey.url.removesuffix("/0") + "/1",
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
        }

    # --- asking it -----------------------------------------------------------------------------

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.settimeout(2)
                connection.sendall(b"GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return b" 200 " in connection.recv(100)
        except OSError:
            return False

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.postgres.url, connect_timeout=10) as connection:
            return connection.execute(query, parameters).fetchall()  # type: ignore[arg-type]

    def execute(self, statements: str) -> None:
        with psycopg.connect(self.postgres.url, connect_timeout=10) as connection:
            connection.execute(statements)  # type: ignore[call-overload]

    def wait(self, holds: Callable[[], bool], otherwise: str, *, seconds: float = 60) -> None:
        """Until it holds, starting again what dies meanwhile."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"{otherwise}. {self.said}"
            self.watch.revive()
            time.sleep(0.1)

    # --- killing it ----------------------------------------------------------------------------

    def kill(self, name: str) -> None:
        """SIGKILL for every process of a part, all at once; nothing can be tidied up."""
        _kill(self._family(name))

    def kill_one(self, name: str, chance: random.Random) -> None:
        """SIGKILL for one process of a part: a worker of many, or the one that leads them."""
        _kill([chance.choice(self._family(name)[1:])])

    def hang(self, name: str) -> contextlib.AbstractContextManager[None]:
        """Its processes stand still: connections are accepted and nothing is ever answered."""
        return _stopped(self._family(name)[1:])

    def _family(self, name: str) -> list[psutil.Process]:
        """Its launcher and all that came of it."""
        launcher = psutil.Process(self.parts[name].process.pid)
        return [launcher, *launcher.children(recursive=True)]


def _kill(processes: list[psutil.Process]) -> None:
    for number in (signal.SIGSTOP, signal.SIGKILL):  # None may see another one die.
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
    psutil.wait_procs(processes, timeout=10)


@contextlib.contextmanager
def _stopped(processes: list[psutil.Process]) -> Iterator[None]:
    for process in processes:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
