"""A codebook: the themes people settled on, and the examples they confirmed, if any."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.types import Language
from analysis.pipeline.vectors.embedder import Vectors


class CodebookError(ValueError):
    """A codebook that cannot be used: no theme, a code twice, a theme without any words."""


@dataclass(frozen=True, slots=True)
class FrameTheme:
    """One theme given beforehand. Names and definitions may be missing in one language.

    ``code`` is what assignments carry. A definition is a sentence or two on what belongs here.
    """

    code: str
    name_en: str = ""
    name_fr: str = ""
    definition_en: str = ""
    definition_fr: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A passage that a person put in a theme. A passage in two themes is two examples."""

    text: str
    theme: str


@dataclass(frozen=True, slots=True)
class Codebook:
    """Themes in the order they are to be shown, and examples of them (none, of some, of all).

    Raises CodebookError when it has no theme, a code is empty or used twice, an example belongs to
    no theme, or a theme has neither a name nor a definition nor an example.
    """

    themes: tuple[FrameTheme, ...]
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        if not self.themes:
            raise CodebookError("A codebook needs at least one theme.")
        codes = [theme.code for theme in self.themes]
        if not all(code.strip() for code in codes):
            raise CodebookError("Every theme of a codebook needs a code.")
        if len(set(codes)) < len(codes):
            twice = sorted({code for code in codes if codes.count(code) > 1})
            raise CodebookError(f"Codes used twice: {', '.join(twice)}.")
        strange = sorted({example.theme for example in self.examples} - set(codes))
        if strange:
            raise CodebookError(f"Examples of themes the codebook lacks: {', '.join(strange)}.")
        shown = {example.theme for example in self.examples if example.text.strip()}
        for theme in self.themes:
            if not any(texts_of(theme)) and theme.code not in shown:
                raise CodebookError(
                    f"Theme {theme.code!r} has neither a name, nor a definition, nor an example."
                )

    @property
    def codes(self) -> tuple[str, ...]:
        """The themes' codes in the codebook's order."""
        return tuple(theme.code for theme in self.themes)

    @property
    def digest(self) -> str:
        """sha256 of everything in it; the order of the examples does not count."""
        plain = [
            [asdict(theme) for theme in self.themes],
            sorted({(example.theme, example.text) for example in self.examples}),
        ]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def texts_of(theme: FrameTheme) -> tuple[str, str]:
    """What the theme is called and means, as one text in English and one in French; may be ""."""
    return (
        _sentence(theme.name_en, theme.definition_en),
        _sentence(theme.name_fr, theme.definition_fr),
    )


def _sentence(name: str, definition: str) -> str:
    return ". ".join(part.strip().rstrip(".") for part in (name, definition) if part.strip())


@dataclass(frozen=True, slots=True)
class Matches:
    """What a matcher says of n passages and k themes.

    ``score`` (n, k) in [0, 1] is the calibrated probability that a person would put the passage in
    the theme; ``fits`` (n, k) says in which themes it is put: none, one or several.
    """

    score: NDArray[np.float64]
    fits: NDArray[np.bool_]


class Matcher(Protocol):
    """Anything that puts passages into the themes of a codebook."""

    @property
    def measured(self) -> Mapping[str, float]:
        """What is known of its quality, by name; empty without examples to measure on."""
        ...

    def match(
        self, texts: Sequence[str], vectors: Vectors, languages: Sequence[Language]
    ) -> Matches:
        """Scores of masked ``texts`` with their raw unit ``vectors`` (n, d)."""
        ...
