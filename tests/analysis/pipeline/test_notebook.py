"""``docs/pipeline.md`` holds: what it shows runs, and the stages take and give what it says."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.analysis.pipeline import corpus

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "pipeline.md").read_text(encoding="utf-8")
FOLDERS = Path(__file__).resolve().parents[3] / "analysis" / "pipeline"
ROWS = re.findall(r"^\| (\w+) \| `(\w+)` \| ([\w, ]+) \| (.+) \|$", PAGE, re.M)


def test_the_notebook_runs_from_top_to_bottom() -> None:
    found: dict[str, object] = {"texts": [document.text for document in corpus.documents()]}
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    assert len(blocks) >= 7
    for block in blocks:
        exec(compile(block, "docs/pipeline.md", "exec"), found)  # noqa: S102 - our own page
    assert found["proposed"]


@pytest.mark.parametrize(("stage", "name", "needs", "gives"), ROWS, ids=[row[1] for row in ROWS])
def test_a_stage_needs_and_gives_what_the_page_says(
    stage: str, name: str, needs: str, gives: str
) -> None:
    function = getattr(import_module(f"analysis.pipeline.{stage}"), name)
    signature = inspect.signature(function)
    positional = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]
    assert positional == needs.split(", ")
    for value in re.findall(r"`(\w+)`", gives):
        assert re.search(rf"\b{value}\b", str(signature.return_annotation))


def test_every_folder_is_a_stage_of_the_page_and_every_file_it_names_is_there() -> None:
    stages = {path.name for path in FOLDERS.iterdir() if (path / "__init__.py").is_file()}
    assert {row[0] for row in ROWS} == stages
    for path in re.findall(
        r"`((?:reading|vectors|grouping|naming|judging|assigning)/[\w/.]*)`", PAGE
    ):
        assert (FOLDERS / path).exists(), path
