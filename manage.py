#!/usr/bin/env python
"""Django's command line for Consult."""

import os
import sys
from pathlib import Path


def main() -> None:
    reach_demo()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def reach_demo() -> None:
    """Give the addresses and secrets of a running demo to a command in a second terminal.

    The demo leaves them in a file that only its owner can read. The environment wins over it, and
    a deployment, which names its database there, never looks.
    """
    if "DATABASE_URL" in os.environ or sys.argv[1:2] == ["demo"]:
        return
    from consult.demo.environment import demo_environment

    data = Path(os.environ.get("CONSULT_DATA_DIR") or Path(__file__).resolve().parent / "var")
    for name, value in demo_environment(data / "demo" / "run.env").items():
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    main()
