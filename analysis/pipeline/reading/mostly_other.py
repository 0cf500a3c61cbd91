"""A corpus mostly in another language, whose few-word texts were taken for ours.

"Parkplätze fehlen" is English to a model that knows two languages. Beside a hundred sentences of
German it is not: what the corpus is in decides, where a text's own little words do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from analysis.pipeline.types import Document, Language, Reason

from .little_words import hear
from .normalise import count_words

# Words from which a text tells its language, texts that do, and the share of them in another one.
_TELLING, _ENOUGH, _MOSTLY = 4, 5, 0.5


def misread(
    documents: Sequence[Document],
    languages: Sequence[Language],
    reasons: Sequence[Reason | None],
) -> list[int]:
    """The numbers of texts to be counted as in another language, ascending.

    Only among texts declared alike: of a bilingual file with a column for the language, that most
    of the undeclared are German says nothing of the French ones.
    """
    alike: dict[Language | None, list[int]] = defaultdict(list)
    for number, reason in enumerate(reasons):
        if reason is None or reason is Reason.OTHER_LANGUAGE:
            alike[documents[number].language].append(number)
    found: list[int] = []
    for numbers in alike.values():
        others = sum(reasons[i] is not None for i in numbers)
        if others < _ENOUGH or others <= 0.2 * len(numbers):
            continue
        told = [i for i in numbers if count_words(documents[i].text) >= _TELLING]
        if sum(reasons[i] is not None for i in told) <= _MOSTLY * len(told):
            continue
        found += [
            i
            for i in numbers
            if reasons[i] is None
            and languages[i] is not Language.OTHER
            and hear(documents[i].text).certain not in (Language.EN, Language.FR)
        ]
    return sorted(found)
