"""One process a core for work that is done text by text.

The pieces of work and the order of the results never depend on how many processes there are.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

Piece = TypeVar("Piece")
Done = TypeVar("Done")


def spread(
    work: Callable[[Piece], Done],
    pieces: Sequence[Piece],
    processes: int,
    *,
    afresh: bool = False,
) -> Iterator[Done]:
    """``work`` of each piece, in their order. ``processes`` 0 means one for each core.

    ``work`` is a function of a module. What it needs should be loaded before the call: the
    processes are forks that share it, unless threads are running or the system cannot fork safely;
    then each starts afresh and loads its own. ``afresh`` asks for that: what a fork shares is kept
    twice as soon as either side touches it, and handing on a text touches it.
    """
    wanted = min(processes or cores(), len(pieces))
    # A daemonic process (a Celery prefork worker) may not have children: it works by itself.
    if wanted <= 1 or multiprocessing.current_process().daemon:
        yield from map(work, pieces)
        return
    forked = can_fork() and not afresh
    context = multiprocessing.get_context("fork") if forked else _Afresh()
    with ProcessPoolExecutor(wanted, context, initializer=_begin) as pool:
        # Only so many pieces are under way that memory does not grow with their number.
        waiting = [pool.submit(work, piece) for piece in pieces[: 2 * wanted]]
        for turn in range(len(pieces)):
            done = waiting[turn].result()
            if len(waiting) < len(pieces):
                waiting.append(pool.submit(work, pieces[len(waiting)]))
            waiting[turn] = None  # type: ignore[call-overload]
            yield done


class _ProcessAfresh(SpawnProcess):
    """A process that begins with nothing of the program that asked for it.

    Python would run the asking program's file once more in each new process, for functions that
    might be defined there: a script that calls us without asking whether it is ``__main__`` would
    be done again from its first line, and one read from standard input could not be found. Ours are
    in modules, so the new process is not told of the file.
    """

    @staticmethod
    def _Popen(process: Any) -> Any:  # noqa: N802 - the standard library's name for it
        asking = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process)
        finally:
            sys.modules["__main__"] = asking


class _Afresh(SpawnContext):
    Process = _ProcessAfresh


def can_fork() -> bool:
    """Whether a process can be started in no time: where the system forks and no thread runs.

    Otherwise each takes about five seconds of a core to begin, so less work is worth sharing.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def spread_where_cheap(
    work: Callable[[Piece], Done], pieces: Sequence[Piece], processes: int, *, enough: bool
) -> Iterator[Done]:
    """``spread`` of a second or two of work: shared only where there is ``enough`` of it and
    processes start in no time.
    """
    return spread(work, pieces, processes if enough and can_fork() else 1)


def cores() -> int:
    """Cores this process may use, which can be fewer than the machine has."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of prctl(2)


def _begin() -> None:
    # Stopping is for the process that shares out the work; when that one is killed, so is this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_WHEN_PARENT_DIES, signal.SIGKILL)
    threadpool_limits(limits=1)
    # Looking for garbage among what is shared would make each process a copy of all of it.
    gc.freeze()
