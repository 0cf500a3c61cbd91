"""Run one server for as long as the process that asked for it lives, as someone who is not root.

A script, run by path with `python -I -S`: it imports nothing of ours, so it is there in
milliseconds. Its standard input is a pipe held open by the parent; when the parent ends, however
it ends, the pipe ends, and the server is told to stop, then made to. Should this script be
killed itself, the kernel tells the server (Linux).

    launch.py STOP_SIGNAL KILL_SIGNAL GRACE_SECONDS UID GID CAPABILITY -- program argument…

UID and GID -1: stay who we are. CAPABILITY -1: none; otherwise the one capability the server
keeps, so that it can walk through folders that only root may enter, without opening them to all.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
from typing import Any

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522


def become(uid: int, gid: int, capability: int) -> None:
    """Change from root to `uid`, for good, keeping at most one capability across exec."""
    if uid < 0:
        return
    libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if capability >= 0:
        # Keeps capabilities across setuid (all but one are given up below), and lets access(2)
        # honour them afterwards: initdb asks it whether it may run its own programs.
        _call(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if capability >= 0:
        header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
        bit, word = 1 << (capability % 32), capability // 32
        data = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; low word, high word
        for kind in range(3):
            data[word * 3 + kind] = bit
        _call(libc.capset(ctypes.byref(header), ctypes.byref(data)))
        _call(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))


def _call(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _die_with(parent: int, stop_signal: int) -> None:
    """Ask the kernel for a signal when `parent` dies; after become(), which would undo it."""
    if sys.platform == "linux":
        _call(ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0))
        if os.getppid() != parent:
            os._exit(1)


def main(arguments: list[str]) -> int:
    split = arguments.index("--")
    stop, kill, grace, uid, gid, capability = (int(value) for value in arguments[:split])
    program = arguments[split + 1 :]

    launcher = os.getpid()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)

    child = os.fork()
    if child == 0:
        try:
            os.setsid()  # A group of its own, so that what it starts can be ended with it.
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            # A server that a program without a terminal started must still be able to say things.
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            become(uid, gid, capability)
            _die_with(launcher, stop)
            os.umask(0o077)
            os.execv(program[0], program)  # noqa: S606
        except BaseException as error:
            os.write(2, f"could not start {program[0]}: {error}\n".encode())
        os._exit(127)

    stopping = False
    deadline = float("inf")
    watched = [0, woken]
    while True:
        timeout = None if deadline == float("inf") else max(0.0, deadline - time.monotonic())
        readable, _, _ = select.select(watched, [], [], timeout)
        signals = os.read(woken, 512) if woken in readable else b""
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        asked = any(value in signals for value in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
        if 0 in readable and not os.read(0, 512):
            watched.remove(0)
            asked = True
        if asked and not stopping:
            stopping = True
            deadline = time.monotonic() + grace
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, stop)
        elif time.monotonic() >= deadline:
            deadline = float("inf")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, kill)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
