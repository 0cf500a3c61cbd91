"""A folder for one stack; gone afterwards, also when the test was killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import session_folder


@pytest.fixture
def stack_home() -> Iterator[Path]:
    with session_folder("faults") as home:
        yield home
