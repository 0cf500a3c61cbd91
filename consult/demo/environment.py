"""The file by which a second terminal finds the running demo."""

import os
from collections.abc import Mapping
from pathlib import Path


def demo_environment(path: Path) -> dict[str, str]:
    """NAME=value lines; nothing is interpreted. Empty if the file cannot be read."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def demo_environment_write(path: Path, values: Mapping[str, str]) -> None:
    """Readable by us alone: there are passwords in it."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
