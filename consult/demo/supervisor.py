"""`make demo`: every part of the real system on one machine, started, watched and stopped.

What runs are the same programs as in production (the web server, a Celery worker, beat,
PostgreSQL, Valkey), each for as long as this process lives (consult.embedded.launch), all on
127.0.0.1; one that dies is started again (consult.embedded.watch). Everything they keep is under
`var/demo/`.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import queue
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from analysis.catalogue import LOCALE, catalogues_compile
from consult.demo import programs
from consult.demo.earlier import made_by_an_earlier_version, migration_digests
from consult.demo.environment import demo_environment_write
from consult.embedded import Postgres, ServerError, Valkey
from consult.embedded.server import tail
from consult.embedded.watch import Program, Watch, ending

Say = Callable[[str], None]

READY_SECONDS: Final = 60
# How long nothing is said before a sign of life.
HEARTBEAT_SECONDS: Final = 10
# What the numeric libraries, each with a name of its own, may use in each process.
BLAS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ONE_THREAD: Final = dict.fromkeys(BLAS, "1")


class DemoError(Exception):
    """The demo cannot go on; the message is for the person at the terminal."""


class Stopped(BaseException):
    """Someone asked us to stop. Not an Exception: nothing on the way may swallow it."""


@dataclass
class Demo:
    base: Path
    var: Path
    port: int
    say: Say
    complain: Say
    given: dict[str, str]
    """DATABASE_URL, BROKER_URL, CACHE_URL as set by the caller; what is set is not started."""
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _start: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._watch = Watch(self._step)

    @property
    def home(self) -> Path:
        return self.var / "demo"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    # --- start, watch, stop ------------------------------------------------------------------

    def run(self) -> int:
        """Until someone stops it (0), or it cannot start or a part of it keeps dying (1)."""
        return self._until_stopped(self._run)

    def reset(self) -> int:
        """Stop a running demo and remove everything it keeps."""
        return self._until_stopped(self._reset)

    def _until_stopped(self, work: Callable[[], None]) -> int:
        with _stoppable(), contextlib.suppress(Stopped), self._stack:
            try:
                work()
            except (DemoError, ServerError) as error:
                # Before what is running is stopped, which takes a moment and says things too.
                self.complain(str(error))
                return 1
        return 0

    def _run(self) -> None:
        self._stack.enter_context(self._locked())
        self._check_port()
        self._stack.callback(self._step, "Stopped. Its data is kept in var/demo.")
        environment = self._start_servers()
        self._prepare(environment)
        self._start_programs(environment)
        self._wait_until_ready()
        self._announce()
        self._keep_running()

    def _reset(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._stack.enter_context(self._locked(take_over=True))
        Postgres(self.home).destroy()
        Valkey(self.home).destroy()
        for path in self.home.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path != self._lock:
                path.unlink()
        shutil.rmtree(self.logs, ignore_errors=True)
        self._step("The demo's data is gone. `make demo` starts anew.")
        if "DATABASE_URL" in self.given:
            self._step("The database of DATABASE_URL was not touched.")

    @property
    def _made_by(self) -> Path:
        return self.home / "made-by"

    # --- one at a time -----------------------------------------------------------------------

    @property
    def _lock(self) -> Path:
        return self.home / "lock"

    @contextlib.contextmanager
    def _locked(self, *, take_over: bool = False) -> Iterator[None]:
        """Hold `var/demo/lock`; in it are our process number and address, for the next one."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.home.chmod(0o700)
        with self._lock.open("a+") as lock:
            deadline = time.monotonic() + 60
            asked = False
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    lock.seek(0)
                    pid, _, address = lock.read().strip().partition(" ")
                    if not take_over:
                        raise DemoError(
                            f"The demo is already running at {address} (process {pid}). "
                            "Stop it with Ctrl-C there, or start over with `make demo-reset`."
                        ) from None
                    if not asked and pid.isdigit():
                        self._step(f"Stopping the demo that runs at {address} (process {pid})…")
                        os.kill(int(pid), signal.SIGTERM)
                        asked = True
                    if time.monotonic() > deadline:
                        raise DemoError(f"Process {pid} does not stop; end it yourself.") from None
                    time.sleep(0.2)
            lock.truncate(0)
            lock.write(f"{os.getpid()} {self.address}\n")
            lock.flush()
            yield
            lock.truncate(0)

    def _check_port(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                reason = "needs more rights" if self.port < 1024 else "is taken"
                raise DemoError(
                    f"Port {self.port} {reason} ({error.strerror}). "
                    f"Choose another: PORT={_next_port(self.port)} make demo"
                ) from None

    # --- the steps ---------------------------------------------------------------------------

    def _start_servers(self) -> dict[str, str]:
        """PostgreSQL and Valkey, unless given; the environment of everything else."""
        kept = self._secrets()
        environment = {
            **os.environ,
            **ONE_THREAD,
            "PYTHONUNBUFFERED": "1",
        }
        ours = {
            "DJANGO_SETTINGS_MODULE": "consult.demo.settings",
            "DEBUG": "false",
            "SECRET_KEY": kept["secret_key"],
            "CONSULT_RECEIPT_KEY": kept["receipt_key"],
            "CONSULT_BASE_URL": self.address,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "CONSULT_DATA_DIR": str(self.var),
            "CONSULT_MEDIA_DIR": str(self.home / "media"),
            "CONSULT_SERVE_MEDIA": "true",
            **self.given,
        }
        if "DATABASE_URL" not in ours:
            self._step("Starting PostgreSQL…")
            postgres = Postgres(self.home)
            ours["DATABASE_URL"] = postgres.start()
            self._stack.callback(postgres.stop)
            if made_by_an_earlier_version(ours["DATABASE_URL"], self._made_by):
                raise DemoError(
                    "The data in var/demo was made by an earlier version, which kept it otherwise. "
                    "Remove it with `make demo-reset`, then start again."
                )
            self._watch.add(postgres)
        if "BROKER_URL" not in ours:
            self._step("Starting Valkey…")
            valkey = Valkey(self.home)
            ours["BROKER_URL"] = valkey.start()
            self._stack.callback(valkey.stop)
            self._watch.add(valkey)
            ours.setdefault("CACHE_URL", ours["BROKER_URL"].removesuffix("/0") + "/1")
        self._stack.callback((self.home / "run.env").unlink, missing_ok=True)
        demo_environment_write(self.home / "run.env", ours)
        return {**environment, **ours}

    def _prepare(self, environment: dict[str, str]) -> None:
        compiled = catalogues_compile(LOCALE)
        if compiled:
            self._step(f"Compiled the French of {compiled} messages.")
        collected = self.var / "static" / ".collected"
        stamp = _static_digest(self.base)
        collecting = None
        if not collected.exists() or collected.read_text() != stamp:
            # Beside the rest: it needs no database, and the rest leaves a core idle.
            self._step("Collecting styles and scripts, meanwhile:")
            collecting = self._begin(environment, "collectstatic", "--no-input", "--clear")
        self._step("Preparing the database…")
        # Before: a demo that is stopped half-way has tables of these migrations and no others.
        if "DATABASE_URL" not in self.given:
            self._made_by.write_text("\n".join(migration_digests().values()))
        self._finish(self._begin(environment, "migrate", "--verbosity", "0"))
        self._step("Filling in the demo…")
        self._finish(self._begin(environment, "demo_seed"))
        if collecting:
            self._finish(collecting, quiet=True)
            collected.write_text(stamp)

    def _start_programs(self, environment: dict[str, str]) -> None:
        """Stopped in the opposite order: first no new requests, then no new work."""
        self._step("Starting the worker, its clock and the web server…")
        shared: Any = {"environment": environment, "logs": self.logs, "folder": self.base}
        for program in (
            programs.worker(**shared),
            programs.clock(schedule=self.home / "beat-schedule", **shared),
            programs.web(self.port, **shared),
        ):
            self._start_program(program)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        url = f"http://127.0.0.1:{self.port}/health/ready"
        state: Any = "no answer"
        while time.monotonic() < deadline:
            self._watch.check()
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    state = json.load(answer)
                if state["status"] == "ok":
                    return
            except urllib.error.HTTPError as error:
                state = error.read(500).decode("utf-8", "replace")
            except (OSError, ValueError):
                pass
            time.sleep(0.2)
        raise DemoError(
            f"The site was not ready after {READY_SECONDS} s: {state}. See {self.logs}."
        )

    def _announce(self) -> None:
        from consult.demo.staff import PEOPLE

        self._step(f"Ready after {time.monotonic() - self._start:.0f} seconds.")
        lines = [
            "",
            f"  English         {self.address}/en/",
            f"  Français        {self.address}/fr/",
            f"  Review desk     {self.address}/staff/",
            f"  Pages (CMS)     {self.address}/cms/",
            "",
            "  Sign in as      with the password",
            *(f"  {person.username:<15} {self._secrets()['password']}" for person in PEOPLE),
            "",
            f"  Emails, and codes for the second step: {self.address}/demo/",
            "",
            f"  Everything in it is fictional. Logs are in {self.logs}.",
            "  Ctrl-C stops it and keeps the data.",
            "",
        ]
        self.say("\n".join(lines))

    def _keep_running(self) -> NoReturn:
        while True:
            self._watch.revive()
            time.sleep(0.5)

    # --- tools -------------------------------------------------------------------------------

    def _secrets(self) -> dict[str, str]:
        """Made at the first start, kept in a file only we can read, so that sessions and receipts
        still hold after the next."""
        from consult.demo.staff import password_make

        path = self.home / "secrets.json"
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, str] = json.loads(path.read_text())
            return found
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "receipt_key": secrets.token_urlsafe(48),
            "password": password_make(),
        }
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            json.dump(made, file)
        return made

    def _step(self, text: str) -> None:
        self.say(f"[{time.monotonic() - self._start:5.1f} s] {text}")

    def _begin(self, environment: dict[str, str], *arguments: str) -> "_Command":
        """Start one management command; it is ended with us, should we be stopped."""
        log = self.logs / f"{arguments[0]}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w") as errors:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, str(self.base / "manage.py"), *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                stdin=subprocess.DEVNULL,
                text=True,
                env={**environment, **self._secret_for(arguments[0])},
                cwd=self.base,
            )
        command = _Command(arguments[0], process, log)
        self._stack.callback(command.end)
        return command

    def _finish(self, command: "_Command", *, quiet: bool = False) -> None:
        """Wait for its end, passing on each line it says as a step, and that it is not stuck."""
        quiet_since = time.monotonic()
        while (line := command.line(timeout=1)) is not None:
            if line and not quiet:
                self._step(f"  {line}")
                quiet_since = time.monotonic()
            elif not line and time.monotonic() - quiet_since > HEARTBEAT_SECONDS:
                self._step("  …")
                quiet_since = time.monotonic()
            self._watch.check()
        if code := command.process.wait():
            raise DemoError(
                f"`manage.py {command.name}` failed ({ending(code)}). "
                f"From {command.log}:\n{tail(command.log)}"
            )

    def _secret_for(self, command: str) -> dict[str, str]:
        """Only the command that makes the demo's people learns their password."""
        if command != "demo_seed":
            return {}
        return {"CONSULT_DEMO_PASSWORD": self._secrets()["password"]}

    def _start_program(self, program: Program) -> None:
        (self.logs / f"{program.name}.log").unlink(missing_ok=True)
        program.start()
        self._stack.callback(program.stop)
        self._watch.add(program)


class _Command:
    """A management command at work; its lines are read as they come."""

    def __init__(self, name: str, process: "subprocess.Popen[str]", log: Path) -> None:
        self.name = name
        self.process = process
        self.log = log
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(ValueError):  # Closed under us, when stopped.
            for line in self.process.stdout or ():
                if line.strip():
                    self._lines.put(line.strip())
        self._lines.put(None)

    def line(self, timeout: float) -> str | None:
        """The next line; empty if there was none in time; None at the end."""
        try:
            return self._lines.get(timeout=timeout)
        except queue.Empty:
            return ""

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C, `kill` and a closed terminal become Stopped, once; then they wait for us."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stopped

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _next_port(port: int) -> int:
    """One that is free now, near the one asked for."""
    for candidate in range(max(port, 7999) + 1, 65536):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", candidate))
                return candidate
    return port


def _static_digest(base: Path) -> str:
    """Changes when a style or script of ours, or a pinned package, does."""
    digest = hashlib.sha256((base / "requirements.txt").read_bytes())
    for room in ("consult", "cms", "analysis", "feedback"):
        for path in sorted((base / room).rglob("static/**/*")):
            if path.is_file():
                digest.update(str(path.relative_to(base)).encode() + path.read_bytes())
    return digest.hexdigest()
