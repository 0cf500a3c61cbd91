"""Which parts of themes are shown: those with a name that covers half of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from .mixed import HALF

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.pipeline.grouping.themes import Themes
    from analysis.pipeline.types import Covered

    from .named import NamedThemes

T = TypeVar("T")


def parts_with_a_name(themes: Themes, named: NamedThemes) -> tuple[Themes, NamedThemes]:
    """``themes`` and their words without the parts that even the best name covers less than half
    of, counted over both languages; what is in them is in the whole. A whole that keeps fewer than
    two parts keeps none.

    Readers found few of such names acceptable (``docs/method.md``): whoever reads one looks for a
    subject that is not there. The codes of the others do not move. Themes are left as they are
    where nothing was held against their names.
    """
    gone = {
        item.code
        for item in named.descriptions
        if themes.parent_of[item.code] is not None and item.covered and _share(item.covered) < HALF
    }
    if not gone:
        return themes, named
    kept = Counter(
        parent
        for code, parent in themes.parent_of.items()
        if parent is not None and code not in gone
    )
    gone |= {
        code for code, parent in themes.parent_of.items() if parent is not None and kept[parent] < 2
    }
    return (
        replace(
            themes,
            code_of_leaf={
                leaf: (themes.parent_of[code] or code) if code in gone else code
                for leaf, code in themes.code_of_leaf.items()
            },
            parent_of=_without(themes.parent_of, gone),
            stability_of=_without(themes.stability_of, gone),
            members=_without(themes.members, gone),
            likeness_of=_without(themes.likeness_of, gone),
        ),
        replace(
            named,
            descriptions=[item for item in named.descriptions if item.code not in gone],
            alike={
                code: _without(others, gone) for code, others in _without(named.alike, gone).items()
            },
            nearest={
                code: other
                for code, other in _without(named.nearest, gone).items()
                if other not in gone
            },
        ),
    )


def _without(by_code: Mapping[str, T], gone: Collection[str]) -> dict[str, T]:
    return {code: value for code, value in by_code.items() if code not in gone}


def _share(covered: Sequence[Covered]) -> float:
    return sum(each.says for each in covered) / sum(each.of for each in covered)
