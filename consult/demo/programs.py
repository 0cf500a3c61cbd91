"""The programs of the site as one machine runs them: web server, worker, clock."""

import os
import sys
from pathlib import Path
from typing import Final

from consult.embedded.watch import Program

CELERY: Final = (sys.executable, "-m", "celery", "-A", "consult")


def web(port: int, *, environment: dict[str, str], logs: Path, folder: Path) -> Program:
    """The web server, on 127.0.0.1."""
    return Program(
        "web",
        [
            *(sys.executable, "-m", "consult.serve"),
            *("--bind", f"127.0.0.1:{port}", "--processes", "2", "--threads", "4"),
        ],
        environment=environment,
        log=logs / "web.log",
        folder=folder,
        grace=15,
    )


def worker(*, environment: dict[str, str], logs: Path, folder: Path) -> Program:
    """What does the work that nobody waits for."""
    return Program(
        "worker",
        [
            *CELERY,
            *("worker", "--loglevel", "WARNING", "--concurrency", str(min(2, _cores()))),
            *("--without-gossip", "--without-mingle", "--hostname", "demo@localhost"),
        ],
        environment=environment,
        log=logs / "worker.log",
        folder=folder,
        grace=20,
    )


def clock(*, schedule: Path, environment: dict[str, str], logs: Path, folder: Path) -> Program:
    """What asks for the work that comes by itself."""
    return Program(
        "beat",
        [
            *CELERY,
            *("beat", "--loglevel", "WARNING", "--pidfile="),
            *("--schedule", str(schedule)),
        ],
        environment=environment,
        log=logs / "beat.log",
        folder=folder,
        grace=5,
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
