"""What a group is mixed of, where no name covers half of it."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.types import Group, Language

from .coverage import SAYS
from .name import AGREE, TWO_SUBJECTS, Name, Subject
from .voices import Voice, apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A name that covers less is given up for a list of what the group is mixed of, in at most one of so
# many groups.
HALF, MIXED_ONE_IN, MIXED_OF = 0.5, 5, 3
# A list says of itself that it is one: it may cover this little less than the name would.
NO_WORSE = 0.8


_MIXED = {Language.EN: "Mixed: ", Language.FR: "Divers\u00a0: "}


def mixed_names(
    groups: Sequence[Group],
    voices: Mapping[str, Mapping[Language, Voice]],
    names: Mapping[str, Mapping[Language, Name]],
    single: Mapping[str, Mapping[Language, Sequence[Subject]]],
) -> dict[str, dict[Language, Name]]:
    """Lists of subjects for the groups whose names cover least, where a list covers more."""
    heard = {
        group.code: {lang: len(voice.weights) for lang, voice in voices[group.code].items()}
        for group in groups
    }

    def covered(code: str, found: Mapping[Language, Name]) -> float:
        named = [(name.covers, heard[code][lang]) for lang, name in sorted(found.items())]
        # A language without a name is covered by nothing.
        return sum(share * n for share, n in named) / (sum(heard[code].values()) or 1)

    poor = [(covered(g.code, names.get(g.code, {})), g.code) for g in groups if single[g.code]]
    out: dict[str, dict[Language, Name]] = {}
    for share, code in sorted(poor):
        if share >= HALF or len(out) >= len(groups) // MIXED_ONE_IN:
            break
        within = [names[g.code] for g in groups if g.parent == code and g.code in names]
        parts = _of_parts(single[code], within)
        listed = _list_of(single[code] if parts is None else parts, heard[code])
        if listed and covered(code, listed) >= share * NO_WORSE:
            out[code] = listed
    return out


def _of_parts(
    single: Mapping[Language, Sequence[Subject]], parts: Sequence[Mapping[Language, Name]]
) -> dict[Language, list[Subject]] | None:
    """Of the subjects of a whole, those its parts are named after, where enough are."""
    found = {
        lang: [
            x
            for x in own
            if any(x.candidate.words in named[lang].parts for named in parts if lang in named)
        ]
        for lang, own in single.items()
    }
    return found if all(len(own) >= MIXED_OF for own in found.values()) else None


def _list_of(
    single: Mapping[Language, Sequence[Subject]], heard: Mapping[Language, int]
) -> dict[Language, Name]:
    """What a group is mixed of, the same subjects in each language, each for what it adds."""
    if not all(single.values()):
        return {}
    languages = sorted(single)
    left = {lang: np.ones(len(single[lang][0].says)) for lang in languages}
    chosen: dict[Language, list[Subject]] = {lang: [] for lang in languages}

    def gain(lang: Language, subject: Subject) -> float:
        if not subject.telling or not all(
            apart(subject.candidate, other.candidate) for other in chosen[lang]
        ):
            return 0.0
        return heard[lang] * float((subject.says * left[lang]).mean()) * sqrt(subject.worth)

    while len(chosen[languages[0]]) < MIXED_OF:
        gains = [np.asarray([gain(lang, x) for x in single[lang]]) for lang in languages]
        if len(languages) == 1:
            best: tuple[int, ...] = (int(np.argmax(np.round(gains[0], 9))),)
            most = gains[0][best[0]]
        else:
            meant = [[x.candidate.vector for x in single[lang]] for lang in languages]
            if any(v is None for row in meant for v in row):
                return {}
            like = np.asarray(meant[0]) @ np.asarray(meant[1]).T
            both = np.sqrt(np.outer(*gains)) * np.where(like >= TWO_SUBJECTS, AGREE + like, 0.0)
            best = tuple(map(int, np.unravel_index(int(np.argmax(np.round(both, 9))), both.shape)))
            most = both[best]
        if most <= 0:
            break
        for lang, at in zip(languages, best, strict=True):
            subject = single[lang][at]
            chosen[lang].append(subject)
            left[lang] = left[lang] * (1 - subject.says)
    if len(chosen[languages[0]]) < 2:
        return {}
    return {
        lang: Name(
            _MIXED[lang] + ", ".join(x.candidate.shown for x in found),
            tuple(x.candidate.words for x in found),
            1.0,
            telling=True,
            lead=found[0].candidate,
            subjects=tuple(x.candidate.shown for x in found),
            covers=float((np.max([x.says for x in found], axis=0) >= SAYS).mean()),
            mixed=True,
        )
        for lang, found in chosen.items()
    }
