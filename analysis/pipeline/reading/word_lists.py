"""Lists of words kept in text files: a file holds sections, a section words or phrases."""

from __future__ import annotations

from pathlib import Path


def sections(path: Path) -> dict[str, str]:
    """What stands under each ``[heading]`` of a file; "" is what stands before the first.

    Lines that begin with # say why, and are left out.
    """
    found: dict[str, list[str]] = {"": []}
    own = found[""]
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("["):
            own = found.setdefault(line.strip("[] "), [])
        else:
            own.append(line)
    return {heading: "\n".join(lines) for heading, lines in found.items()}


def listed(text: str) -> frozenset[str]:
    """The words of a list written as running text, one space or line between two."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """Phrases, one a line or parted by a bar."""
    return tuple(p.strip() for p in text.replace("\n", "|").split("|") if p.strip())
