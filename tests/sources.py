"""The program's own source, read as trees: for tests that hold every module to a rule."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("feedback", "analysis", "cms", "consult")


def modules(*, but: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.Module]]:
    """Each module of the four rooms by its path, migrations and the folders named left out."""
    for name, tree in _all():
        if not name.startswith(but):
            yield name, tree


@cache
def _all() -> list[tuple[str, ast.Module]]:
    files = (file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))
    named = ((file.relative_to(ROOT).as_posix(), file) for file in files)
    return [(name, ast.parse(f.read_text())) for name, f in named if "/migrations/" not in name]


def strings(tree: ast.AST) -> set[str]:
    """Every string that stands in it by itself."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
