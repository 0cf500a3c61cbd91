"""A result as text, for comparing and keeping."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from .types import Result


def result_to_json(result: Result) -> str:
    """The result as text that is equal, byte for byte, when the results are.

    Keys sorted, numbers rounded to six places, timings and the number of processes left out.
    """
    plain = asdict(result)
    plain.pop("timings")
    plain["config"] = {k: v for k, v in plain["config"].items() if k != "processes"}
    return json.dumps(_rounded(plain), ensure_ascii=False, sort_keys=True, indent=1)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
