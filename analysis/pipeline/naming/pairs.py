"""The English and the French name of one group, chosen together so that they name one subject.

Two names are one subject where they mean the same and where the same answers say them: over what
people wrote in both languages, each held against the answers of the other language by its meaning.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.types import OFFICIAL_LANGUAGES, Language

from .name import AGREE, TWO_SUBJECTS, Name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .voices import Voice

# Pairs that are held against the answers, best first, and the answers it takes to judge one.
HELD, ENOUGH = 24, 20


def best_names(
    offers: Mapping[Language, Sequence[Name]],
    weight: Mapping[Language, float],
    voices: Mapping[Language, Voice],
) -> dict[Language, Name]:
    """The best name of the one language, or the best pair of names of two.

    Where no two are one subject, the language that weighs less has no name.
    """
    if len(offers) < 2:
        return {
            language: min(names, key=lambda n: (-round(n.worth, 9), n.text))
            for language, names in offers.items()
        }
    english, french = (sorted(offers[lang], key=lambda n: n.text) for lang in OFFICIAL_LANGUAGES)
    share_en = weight[Language.EN] / (weight[Language.EN] + weight[Language.FR])
    # Both must be well supported: a geometric mean.
    worth = np.asarray([n.worth for n in english])[:, None] ** share_en
    worth = worth * np.asarray([n.worth for n in french])[None, :] ** (1 - share_en)
    like = np.ones(worth.shape)
    if all(n.vector is not None for n in (*english, *french)):
        meant = [np.asarray([n.vector for n in names]) for names in (english, french)]
        like = meant[0] @ meant[1].T
        worth = worth * (AGREE + np.maximum(like, 0.0)) ** 1.5
    order = np.argsort(-np.round(worth, 9), axis=None, kind="stable").tolist()
    known: dict[str, NDArray[np.float64] | None] = {}
    for i, j in islice((divmod(at, len(french)) for at in order), HELD):
        if like[i, j] < TWO_SUBJECTS:
            continue
        for language, name in ((Language.EN, english[i]), (Language.FR, french[j])):
            if (key := f"{language} {name.text}") not in known:
                known[key] = _said(name, language, voices)
        pair = [known[f"en {english[i].text}"], known[f"fr {french[j].text}"]]
        if _together(*pair):
            return {Language.EN: english[i], Language.FR: french[j]}
    i, j = divmod(order[0], len(french))
    return {Language.EN: english[i]} if share_en >= 0.5 else {Language.FR: french[j]}


def _said(
    name: Name, language: Language, voices: Mapping[Language, Voice]
) -> NDArray[np.float64] | None:
    """How surely each answer says the name: those in English first, then those in French."""
    found = []
    for spoken in OFFICIAL_LANGUAGES:
        heard = voices[spoken].heard
        if heard is None or name.says is None or name.meant is None:
            return None
        own = name.says if spoken is language else heard.meant(name.meant).max(axis=0)
        found.append(own)
    return np.concatenate(found)


def _together(one: NDArray[np.float64] | None, other: NDArray[np.float64] | None) -> bool:
    """Whether the answers that say one say the other more than those that do not, or none knows."""
    if one is None or other is None or len(one) < ENOUGH:
        return True
    spread = float(one.std() * other.std())
    return spread == 0 or float(((one - one.mean()) * (other - other.mean())).mean()) > 0
