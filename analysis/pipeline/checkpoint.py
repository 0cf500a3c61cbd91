"""A stage's output as bytes: numpy arrays and JSON, never pickle; and the step a stage works in.

A payload carries the digest of what it was made from (documents, configuration, versions); one
made from anything else is ignored, so a checkpoint can be out of date but never wrong.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

# Bumped when the meaning of a checkpoint changes: an old one is then made again.
FORMAT = 12


class StageStore(Protocol):
    """Where finished stages are kept between attempts: a table, a folder, a dictionary."""

    def load(self, stage: str) -> bytes | None:
        """What ``save`` was last given for this stage, or None."""
        ...

    def save(self, stage: str, payload: bytes) -> None:
        """Keep ``payload``; when this returns it survives the death of the process."""
        ...


@dataclass(frozen=True, slots=True)
class Stage:
    """What a finished stage made: arrays by name, and plain values."""

    arrays: Mapping[str, NDArray[Any]]
    values: Mapping[str, Any]


class Step(Protocol):
    """What a stage tells whoever called it while it works."""

    def report(self, share: float) -> None:
        """``share`` of the stage is done, in [0, 1]."""
        ...

    def keep(self, work: Callable[[], Stage]) -> Stage:
        """What ``work`` makes, or what it made before, if that is known."""
        ...


class Alone:
    """A stage called by itself: it reports to nobody and is kept nowhere."""

    def report(self, share: float) -> None:
        pass

    def keep(self, work: Callable[[], Stage]) -> Stage:
        return work()


ALONE: Step = Alone()


def pack(stage: Stage, digest: str) -> bytes:
    """The same stage and digest give the same bytes."""
    buffer = io.BytesIO()
    header = json.dumps(
        {"digest": digest, "values": dict(stage.values)}, ensure_ascii=False, sort_keys=True
    )
    np.savez(
        buffer,
        allow_pickle=False,
        **{f"array_{name}": array for name, array in stage.arrays.items()},
        header=np.frombuffer(header.encode(), dtype=np.uint8),
    )
    return buffer.getvalue()


def unpack(payload: bytes | None, digest: str) -> Stage | None:
    """The stage, or None when there is none, it is damaged, or it was made from other input."""
    if payload is None:
        return None
    try:
        with np.load(io.BytesIO(payload), allow_pickle=False) as file:
            header = json.loads(file["header"].tobytes().decode())
            if header.get("digest") != digest:
                return None
            arrays = {
                name.removeprefix("array_"): file[name]
                for name in file.files
                if name.startswith("array_")
            }
            return Stage(arrays, header["values"])
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, EOFError):
        return None
