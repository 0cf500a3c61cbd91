"""A full disk: nothing is acknowledged that is not kept, and all is well once there is room."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.full_disk import REFUSED_IN_A_ROW
from tests.faults.ledger import none_of
from tests.servers import ROOT

MOUNTS = "mount -t tmpfs none /mnt"


def namespace() -> list[str]:
    """What runs a command where it may mount a disk of its own; nothing where nobody may."""
    for command in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        try:
            tried = subprocess.run([*command, "sh", "-c", MOUNTS], capture_output=True, timeout=30)
        except FileNotFoundError:
            return []
        if tried.returncode == 0:
            return command
    return []


@pytest.mark.parametrize("how", ["tmpfs", "injected"])
def test_a_full_disk_loses_nothing_and_acknowledges_nothing(stack_home: Path, how: str):
    alone = namespace() if how == "tmpfs" else []
    ended = subprocess.run(
        [
            *alone,
            *(sys.executable, "-m", "tests.faults.full_disk"),
            *(str(stack_home), "tmpfs" if alone else "injected"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    assert all(found["before"])
    assert found["refused"] == REFUSED_IN_A_ROW
    # Told so in a page of ours, with her words in it.
    assert set(found["statuses"]) == {503}
    assert all(found["given_back"])
    assert found["taken_again"] == REFUSED_IN_A_ROW
    assert found["faults"] == none_of(found["faults"])
