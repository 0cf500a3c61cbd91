"""What was found: where, and of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """One stretch of personal information: offsets in the text as given, and its kind."""

    start: int
    end: int
    kind: str


def without_overlap(candidates: Iterable[Found]) -> list[Found]:
    """In order, none over another: where some overlap, their union, of the kind given first."""
    ranked = [(item.start, rank, item) for rank, item in enumerate(candidates)]
    ranked.sort(key=lambda entry: entry[:2])
    kept: list[tuple[int, Found]] = []
    for start, rank, item in ranked:
        if start >= item.end:
            continue
        if kept and start < kept[-1][1].end:
            best, last = kept[-1]
            kind = item.kind if rank < best else last.kind
            kept[-1] = (min(rank, best), Found(last.start, max(last.end, item.end), kind))
        else:
            kept.append((rank, item))
    return [item for _, item in kept]
