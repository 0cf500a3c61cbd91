"""A process of the web server, and the one that started it."""

import ctypes
import os
import resource
import signal
import sys
from multiprocessing import parent_process
from typing import Any

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Stop when the parent is killed: else this process would keep the port from the next."""
    parent = parent_process()
    if parent is None or sys.platform != "linux":
        return
    libc: Any = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    if os.getppid() != parent.pid:
        sys.exit(1)


def raise_file_limit() -> None:
    """As many descriptors as we may have: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
