"""`python -m consult.serve`: the web server, for the demo and for production alike."""

from __future__ import annotations

import argparse
import errno
import logging.config
import os
import socket
import sys
import time

from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors import Multiprocess

from consult.logs import logging_config
from consult.serve import limits
from consult.serve.process import raise_file_limit

# The port of a server that was killed is free a moment later.
BIND_SECONDS = 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m consult.serve", description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4, help="of each process")
    options = parser.parse_args(arguments)
    host, _, port = options.bind.rpartition(":")
    if not host or not port.isdigit() or options.processes < 1 or options.threads < 1:
        parser.error("give --bind HOST:PORT, and one or more --processes and --threads")
    raise_file_limit()
    logging.config.dictConfig(
        logging_config(
            level=os.environ.get("CONSULT_LOG_LEVEL") or "INFO",
            as_json=os.environ.get("CONSULT_LOG_JSON", "true").lower() == "true",
        )
    )
    # To the processes, which get nothing else from us.
    os.environ["CONSULT_WEB_THREADS"] = str(options.threads)
    try:
        listener = listen(host.strip("[]"), int(port))
    except OSError as error:
        print(f"Cannot listen on {options.bind}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    supervisor = Multiprocess(
        Config(
            "consult.serve.application:load",
            factory=True,
            http="consult.serve.connection:Connection",
            ws="none",
            lifespan="off",
            interface="asgi3",
            workers=options.processes,
            # Of the settings, once the process has read them.
            log_config=None,
            access_log=False,
            # Django decides whom to believe: CONSULT_BEHIND_PROXY.
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=limits.IDLE_SECONDS,
            timeout_graceful_shutdown=limits.GRACE_SECONDS,
            timeout_worker_healthcheck=limits.PROCESS_SILENCE_SECONDS,
        ),
        sockets=[listener],
    )
    supervisor.run()
    failed = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    return STARTUP_FAILURE if failed else 0


def listen(host: str, port: int) -> socket.socket:
    """One socket, from which every process takes connections as it has time."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Headers and page go out in two writes.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    deadline = time.monotonic() + BIND_SECONDS
    while True:
        try:
            listener.bind((host, port))
            return listener
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                listener.close()
                raise
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
