"""What anyone can send costs processor time in proportion to its length, whatever it is made of.

The one timed test there is. Processor time, not the clock on the wall; best of three; a text ten
times as long may cost fifteen times as much. A rule that is quadratic shows a hundred.

To add a rule that reads people's words: a line in ``READERS``. To add a text that hurt one: a line
in ``HOSTILE``; every reader meets every text.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from analysis.pipeline import privacy

# What reads people's words, each called with one text. Its result is not looked at.
READERS: dict[str, Callable[[str], object]] = {
    "masking": privacy.find,
}

_CUES = (
    "client", "file number", "dossier no", "my name is", "je m'appelle", "born on", "née le",
    "SIN", "NAS", "passport", "health card", "licence plate", "call me at", "12 rue", "12 main",
    "P.O. Box", "Regards,", "Cordialement,", "Mme", "Dr.", "my son", "mon fils", "I'm", "Je suis",
    "+1", "tel:", "a@b.", "jo at", "1-800", "45, boul. de la", "January", "le 3 mars",
)  # fmt: skip


def _of(unit: str) -> Callable[[int], str]:
    """A text of n characters that repeats ``unit``."""
    return lambda n: (unit * (n // len(unit) + 1))[:n]


def _after(cue: str, unit: str) -> Callable[[int], str]:
    """A cue, n characters of ``unit``, and something that looks like what was promised."""
    return lambda n: cue + _of(unit)(n) + "x1"


# A text of about n characters for each n.
HOSTILE: dict[str, Callable[[int], str]] = {
    "blanks": _of(" "),
    "no-break blanks": _of("\u00a0"),
    "new lines": _of("\n"),
    "digits": _of("7"),
    "digits and blanks": _of("7 "),
    "digits and dashes": _of("416-"),
    "digits and stops": _of("1."),
    "letters": _of("a"),
    "capitals": _of("A"),
    "letters and digits": _of("a1"),
    "accents": _of("é"),
    "brackets": _of("("),
    "brackets and digits": _of("(4"),
    "square brackets": _of("["),
    "guillemets": _of("«"),
    "guillemets and stops": _of("« a. "),
    "stops": _of("."),
    "dashes": _of("-"),
    "commas": _of(","),
    "apostrophes": _of("'"),
    "elisions": _of("l'"),
    "at signs": _of("@"),
    "at signs and letters": _of("a@"),
    "ends of sentences": _of("a. "),
    "single letters": _of("a "),
    "names": _of("Anne Roy "),
    "hyphens": _of("a-"),
    "combining marks": _of("\u0301"),
    "combining marks out of order": lambda n: "a" + "\u0301" * (n // 2) + "\u0323" * (n // 2),
    "letters with marks": _of("e\u0301"),
    "joiners": _of("\u200d"),
    "two languages": _of("le the "),
} | {
    f"{cue} and {name}": _after(cue, unit)
    for cue in _CUES
    for name, unit in (("blanks", " "), ("digits", "1 "), ("letters", "x "), ("itself", f"{cue} "))
}

_SIZES = (1_000, 10_000, 100_000)
_MOST = 15.0


def _seconds(reader: Callable[[str], object], text: str) -> float:
    """Processor time of reading ``text`` once."""
    start = time.process_time()
    reader(text)
    return time.process_time() - start


def _growth(reader: Callable[[str], object], hostile: Callable[[int], str]) -> list[float]:
    """Cost of each size over that of the size before; ends where it is too much.

    The best of three for the smaller text; the larger is tried again only where it looks slow,
    which gives the same verdict as its best of three.
    """
    found: list[float] = []
    reader(hostile(_SIZES[0]))  # tables that are filled at first use
    before = min(_seconds(reader, hostile(_SIZES[0])) for _ in range(3))
    for size in _SIZES[1:]:
        text = hostile(size)
        now = _seconds(reader, text)
        for _ in range(2):
            if now < _MOST * before:
                break
            now = min(now, _seconds(reader, text))
        found.append(now / before)
        if found[-1] >= _MOST:
            break
        before = now
    return found


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_ten_times_as_long_costs_no_more_than_fifteen_times(reader: str, text: str) -> None:
    gc.disable()
    try:
        growth = _growth(READERS[reader], HOSTILE[text])
    finally:
        gc.enable()
    assert max(growth) < _MOST, growth
