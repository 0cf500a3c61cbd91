"""What a name is, and what could stand in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from .voices import Candidate

# How much more two names count in a pair the more alike they mean: this and their likeness. Under
# the likeness after it they are two subjects.
AGREE, TWO_SUBJECTS = 0.1, 0.4


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a group in one language.

    ``parts`` are the stems of each of its parts. ``telling`` is false where the name is as true of
    other groups.
    """

    text: str
    parts: tuple[frozenset[str], ...]
    worth: float
    telling: bool
    lead: Candidate | None = None
    vector: NDArray[np.float32] | None = None
    # Its parts as they stand in it, the share of the group that says one of them, and whether the
    # group is said to be mixed of them.
    subjects: tuple[str, ...] = ()
    covers: float = 0.0
    mixed: bool = False
    # (parts, d): what each part means; how surely each passage that speaks for the group in this
    # language says one of them.
    meant: NDArray[np.float32] | None = None
    says: NDArray[np.float64] | None = None

    @property
    def words(self) -> frozenset[str]:
        return frozenset().union(*self.parts)


@dataclass(frozen=True, slots=True)
class Subject:
    """What could name a group by itself. ``says``: how surely each of its passages says it."""

    candidate: Candidate
    worth: float
    covered: float  # the share of the group that holds its words
    telling: bool
    says: NDArray[np.float64]
    apart: float  # in [0, 1]: how much less it is said outside the group
