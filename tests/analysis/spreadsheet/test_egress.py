"""Nothing that people wrote leaves the machine: the whole run, on a machine with no network.

Where the system lets us, the command runs in a network namespace that has no interface. Everywhere,
also where it does not, every attempt to reach an address is refused and written down.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.analysis.spreadsheet.conftest import ROOT, rows, write_csv

# Python imports this before anything else, in every process it starts. An audit hook cannot be
# taken away again.
REFUSES = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        target = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        target = arguments[1]
        if isinstance(target, (str, bytes)) or target is None:
            return  # Between processes of this machine.
    else:
        return
    with open(os.environ["ATTEMPTS"], "a") as file:
        file.write(f"{event} {target!r}\\n")
    raise PermissionError(f"{event} to {target!r}")

sys.addaudithook(refuse)
"""


def namespace() -> list[str]:
    """What runs a command where there is no network; nothing where we may not have that."""
    for command in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        try:
            if subprocess.run([*command, "true"], capture_output=True, timeout=30).returncode == 0:
                return command
        except FileNotFoundError:
            return []
    return []


@pytest.fixture
def no_network(tmp_path: Path) -> dict[str, str]:
    """The environment of processes that may reach nothing."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(REFUSES)
    (tmp_path / "attempts").touch()
    return {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "hook"),
        "ATTEMPTS": str(tmp_path / "attempts"),
        "LC_ALL": "C.UTF-8",
    }


def test_a_run_without_a_network_makes_the_same_files_and_reaches_for_nothing(
    made: Path, tmp_path: Path, no_network: dict[str, str]
) -> None:
    path = write_csv(tmp_path / "comments.csv", [["ref", "comment", "lang"], *rows()])
    out = tmp_path / "out"
    asked = ["--text", "comment", "--lang", "lang", "--id", "ref", "--out", str(out)]
    done = subprocess.run(
        [*namespace(), sys.executable, "-m", "analysis", str(path), *asked],
        cwd=ROOT,
        env=no_network,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "attempts").read_text() == ""
    for name in ("themes.json", "assignments.csv"):
        assert (out / name).read_bytes() == (made / name).read_bytes()
    assert (out / "report.html").stat().st_size > 1_000


CONNECTS = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)"


def test_a_process_that_reaches_for_the_network_would_be_noticed(
    tmp_path: Path, no_network: dict[str, str]
) -> None:
    """The test above can fail: the same set-up stops a connection that works without it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, "-c", CONNECTS, str(server.getsockname()[1])]
        assert subprocess.run(command, timeout=60, check=False).returncode == 0
        refused = subprocess.run(
            command, env=no_network, capture_output=True, timeout=60, check=False
        )
        assert refused.returncode != 0
        assert "127.0.0.1" in (tmp_path / "attempts").read_text()
        if alone := namespace():
            cut_off = subprocess.run([*alone, *command], capture_output=True, timeout=60)
            assert cut_off.returncode != 0, "a namespace without an interface reaches nothing"
