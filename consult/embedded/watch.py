"""Parts that run side by side, and what happens when one of them dies.

While the whole is being set up nothing may die (`check`); once it runs, what dies is started again
(`revive`), at once the first time, then after a pause that doubles. A part that keeps dying would
only hide what is wrong with it, so it ends the whole, with the end of its log.
"""

import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from consult.embedded.server import Identity, Process, ServerError

# So many deaths of one part within so many seconds, and it is not started again.
MOST_DEATHS: Final = 5
WITHIN_SECONDS: Final = 60.0
# Before the second restart; twice as long before each one after it.
FIRST_PAUSE_SECONDS: Final = 0.5


class Part(Protocol):
    """Something that can be started, also a second time after it died, and stopped."""

    def start(self) -> object: ...

    def stop(self) -> None: ...

    @property
    def process(self) -> Process: ...


class Program:
    """A part that is one program of ours, run as ourselves."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        environment: dict[str, str],
        log: Path,
        folder: Path,
        grace: int,
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._log = log
        self._folder = folder
        self._grace = grace
        self._process: Process | None = None

    @property
    def process(self) -> Process:
        if self._process is None:
            raise ServerError(f"{self.name} is not running.")
        return self._process

    def start(self) -> Process:
        """Start it; its log goes on where it was."""
        self._process = Process(
            self.name,
            self._command,
            identity=Identity(),
            log=self._log,
            stop_signal=signal.SIGTERM,
            kill_signal=signal.SIGKILL,
            grace_seconds=self._grace,
            environment=self._environment,
            folder=self._folder,
        )
        return self._process

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None


@dataclass
class _Watched:
    part: Part
    name: str
    deaths: list[float] = field(default_factory=list)
    """When it died, as `time.monotonic` has it, the last minute only."""
    again_at: float | None = None
    """When it is to be started again; None while it runs."""


class Watch:
    """What runs, in the order it was started."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._watched: list[_Watched] = []

    def add(self, part: Part) -> None:
        """Watch a part that has been started."""
        self._watched.append(_Watched(part, part.process.name))

    def check(self) -> None:
        """Raise ServerError, with the end of its log, if one is not running."""
        for each in self._watched:
            if each.again_at is None and each.part.process.returncode() is not None:
                raise ServerError(f"Stopping the rest: {_how_it_ended(each.part.process)}")

    def revive(self) -> None:
        """Start again what died. Raises ServerError for a part that keeps dying.

        Waits for a server until it answers; for anything else not at all.
        """
        for each in self._watched:
            now = time.monotonic()
            if each.again_at is None:
                if each.part.process.returncode() is None:
                    continue
                self._died(each, now, _how_it_ended(each.part.process))
            if each.again_at is not None and now >= each.again_at:
                self._start_again(each)

    def _start_again(self, each: _Watched) -> None:
        try:
            each.part.start()
        except ServerError as error:
            self._died(each, time.monotonic(), str(error))
        else:
            each.again_at = None
            self._say(f"{each.name} runs again.")

    def _died(self, each: _Watched, now: float, how: str) -> None:
        each.deaths = [*(at for at in each.deaths if now - at < WITHIN_SECONDS), now]
        if len(each.deaths) >= MOST_DEATHS:
            raise ServerError(f"{each.name} has died {MOST_DEATHS} times within a minute. {how}")
        earlier = len(each.deaths) - 1
        each.again_at = now + (FIRST_PAUSE_SECONDS * 2 ** (earlier - 1) if earlier else 0)
        self._say(f"{how.partition(chr(10))[0]} It is started again.")


def _how_it_ended(process: Process) -> str:
    code = process.returncode()
    return (
        f"{process.name} ended by itself ({ending(code or 0)}).\n"
        f"The end of {process.log}:\n{process.tail()}"
    )


def ending(code: int) -> str:
    """A return code in words: "code 3", "killed by SIGKILL"."""
    code = 128 - code if code < 0 else code
    if code > 128:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(code - 128).name}"
    return f"code {code}"
