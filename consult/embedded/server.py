"""Start, watch and stop one embedded server, whoever we are and wherever the checkout is.

PostgreSQL refuses to run as root. As root, servers therefore run as `nobody`, who cannot enter a
home folder. Three ways, tried in this order, none of which changes the mode of a folder that is
not the server's own:

1. `nobody` can reach the data and the programs: nothing to do.
2. Root holds CAP_DAC_READ_SEARCH (or, in a container, CAP_DAC_OVERRIDE): the server keeps that
   one, and walks through closed folders with it.
3. Neither: data and programs go to a private folder in the system's temporary directory.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from consult.embedded import launch

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


class ServerError(Exception):
    """A server did not start, stop or answer; the message is for the person at the terminal."""


@dataclass(frozen=True)
class Identity:
    """Who a server runs as. All -1: as ourselves."""

    uid: int = -1
    gid: int = -1
    capability: int = -1

    def own(self, path: Path) -> None:
        """Give one file or folder, just made by us, to this identity."""
        if self.uid >= 0:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True)
class Place:
    """Where a server keeps its data, where its programs are, and who it is there."""

    identity: Identity
    data: Path
    programs: Path


def place_for(data: Path, program: Path, package: Path) -> Place:
    """Find out, by trying, how `program` of the installed `package` can live in `data`.

    Makes the folder, mode 0700.
    """
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() != 0:
        return Place(Identity(), data, program.parent)
    try:
        nobody = pwd.getpwnam("nobody")
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
        data.chmod(0o700)
        for capability in (-1, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            identity = Identity(nobody.pw_uid, nobody.pw_gid, capability)
            if _can_use(identity, data, program):
                return Place(identity, data, program.parent)
        identity = Identity(nobody.pw_uid, nobody.pw_gid)
        moved_data, moved_program = _move_out(identity, data, program, package)
        if not _can_use(identity, moved_data, moved_program):
            raise ServerError(f"Even in {moved_data}, the user nobody cannot run {program.name}.")
    except (KeyError, OSError) as error:
        raise ServerError(
            f"As root, servers run as the user nobody, and that failed here ({error}). "
            "Run this as an ordinary user, or set DATABASE_URL and BROKER_URL."
        ) from error
    return Place(identity, moved_data, moved_program.parent)


def _can_use(identity: Identity, data: Path, program: Path) -> bool:
    """In a child that becomes `identity`: can it read the program and write in the folder?"""
    child = os.fork()
    if child == 0:
        try:
            launch.become(identity.uid, identity.gid, identity.capability)
            probe = data / ".probe"
            probe.touch()
            probe.unlink()
            if not os.access(program, os.X_OK):
                os._exit(1)
            # Its libraries lie beside the program, and the capability must survive exec.
            nowhere = os.open(os.devnull, os.O_RDWR)
            for descriptor in range(3):
                os.dup2(nowhere, descriptor)
            os.execv(program, [str(program), "--version"])  # noqa: S606
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def moved_home(data: Path) -> Path:
    """Where the data of `data` would be, were it moved out; may not exist."""
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"consult-{name}"


def _move_out(identity: Identity, data: Path, program: Path, package: Path) -> tuple[Path, Path]:
    """Data and program in a private folder of the temporary directory."""
    home = moved_home(data)
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o700)
        os.chown(home, identity.uid, identity.gid)
    found = home.lstat()
    if not home.is_dir() or home.is_symlink() or found.st_uid != identity.uid:
        raise ServerError(f"{home} exists and is not ours. Remove it, or set TMPDIR.")
    moved_data, moved_programs = home / "data", home / "programs"
    if not moved_data.exists():
        moved_data.mkdir(mode=0o700)
        os.chown(moved_data, identity.uid, identity.gid)
    if not moved_programs.exists():
        part = home / f"programs.{os.getpid()}"
        part.mkdir(mode=0o755)
        # Beside a wheel's package lie the libraries it brings; its programs find them there.
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, part / folder.name, symlinks=True)
        part.rename(moved_programs)
    moved_program = moved_programs / program.relative_to(package.parent)
    (data / "MOVED").write_text(f"The data is in {moved_data}.\n")
    return moved_data, moved_program


def free_port(wanted: int = 0) -> int:
    """A port of 127.0.0.1 that nobody listens on; `wanted` if it is one."""
    for candidate in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", candidate))
                return int(probe.getsockname()[1])
    raise ServerError("No free port on 127.0.0.1.")


class Process:
    """One running server. It stops when told to, or when this process ends in whatever way."""

    def __init__(
        self,
        name: str,
        program: list[str],
        *,
        identity: Identity,
        log: Path,
        stop_signal: signal.Signals,
        kill_signal: signal.Signals,
        grace_seconds: int,
        environment: dict[str, str],
        folder: Path = Path("/"),
    ) -> None:
        self.name = name
        self.log = log
        self._grace = grace_seconds
        log.parent.mkdir(parents=True, exist_ok=True)
        options = [stop_signal, kill_signal, grace_seconds]
        options += [identity.uid, identity.gid, identity.capability]
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603
                [
                    *(sys.executable, "-I", "-S", launch.__file__),
                    *(str(int(value)) for value in options),
                    "--",
                    *program,
                ],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                # The terminal's Ctrl-C is for the supervisor, who stops things in order.
                start_new_session=True,
                env=environment,
                cwd=folder,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(self._grace + 10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def tail(self, lines: int = 15) -> str:
        """The end of its log."""
        return tail(self.log, lines)


def tail(log: Path, lines: int = 15) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 20_000))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
