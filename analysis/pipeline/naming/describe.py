"""The words for each group: a name, keywords, one sentence and quotes, in English and in French.

Each language is described from what was said in it, never by translation: the English name comes
from the English passages and the French name from the French ones. Everything shown was written by
somebody (names and keywords in their most frequent form, quotes verbatim) and is counted, so each
claim of a description can be checked. A name that a language model proposed is marked as such.

``voices`` counts what is said and ``meaning`` weighs it; ``names``, ``stance``, ``sentences`` and
``quotes`` choose what is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.pipeline.types import OFFICIAL_LANGUAGES, Description, Group, Language

from .coverage import WordVectors
from .meaning import weighed_by_meaning
from .names import choose_names, stand_in
from .quotes import choose_quotes
from .sentences import sentence_en, sentence_fr
from .stance import with_stance
from .voices import OTHER_LANGUAGE, Corpus, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from analysis.pipeline.types import Covered
    from analysis.pipeline.vectors.embedder import Embedder

    from .name import Name
    from .proposed import Advisor

    # The parts of the names of each group by language, to how many answers say one of them.
    Cover = Callable[
        [Mapping[str, Mapping[Language, Sequence[str]]], WordVectors],
        Mapping[str, tuple[Covered, ...]],
    ]


def describe_themes(
    groups: Sequence[Group],
    *,
    embedder: Embedder | None = None,
    languages: Mapping[str, Mapping[str, int]] | None = None,
    vectors: Sequence[NDArray[np.floating]] | None = None,
    seed: int = 0,
    cover: Cover | None = None,
    advisor: Advisor | None = None,
) -> tuple[Description, ...]:
    """Describe each group, in the order given, one ``Description`` for one ``Group``.

    Groups of the first level (``parent`` is None) are set against each other; parts of a group are
    set against their sisters. Names are unique among all groups in each language. The result
    depends on the passages alone: neither their order, nor the order of the groups, nor the hash
    seed changes a word. Passages in other languages are counted but not quoted.

    With an ``embedder`` the candidates for a name are also weighed by their nearness in meaning to
    the middle of the group, as against the middles of its sisters, and the English and the French
    name are chosen together so that they say the same thing where people did. Without one, words
    alone decide. ``vectors`` gives, for each group, the embedder's vectors of its passages, one row
    each in their order; without them the passages nearest the middle are embedded here.

    ``cover`` counts the answers that say what the names say, once they are chosen.

    ``advisor`` asks a language model, and takes names of its that cover more.

    ``languages`` gives the documents of each group by language where the caller knows better than
    the passages do (they may be a sample); what a description says is then a share of the sample.

    Cost is linear in the passages kept (at most 400 of each group and language).
    """
    corpora = {language: Corpus(groups, language) for language in OFFICIAL_LANGUAGES}
    voices: dict[str, dict[Language, Voice]] = {group.code: {} for group in groups}
    for language, corpus in corpora.items():
        for code, voice in corpus.voices(corpora[OTHER_LANGUAGE[language]]).items():
            voices[code][language] = voice
    meanings = WordVectors(embedder) if embedder is not None else None
    if embedder is not None and meanings is not None:
        voices = weighed_by_meaning(groups, voices, embedder, vectors, meanings)
    names: Mapping[str, Mapping[Language, Name]] = with_stance(groups, choose_names(groups, voices))
    covered: Mapping[str, tuple[Covered, ...]] = {}
    taken: Collection[str] = ()
    if cover is not None and meanings is not None:
        parts = {
            code: {lang: name.subjects for lang, name in own.items()} for code, own in names.items()
        }
        covered = cover(parts, meanings)
        if advisor is not None and vectors is not None:
            names, covered, taken = advisor.better(
                groups,
                voices,
                vectors,
                names,
                covered,
                lambda parts: cover(parts, meanings),
                meanings,
            )
    out = []
    heard = {lang for said in voices.values() for lang in said}
    for group in groups:
        named, said = names[group.code], voices[group.code]
        known = languages.get(group.code) if languages else None
        called = {
            lang: named[lang].text
            if lang in named
            else stand_in(named, lang, group.code, spoken=lang in said, alone=lang not in heard)
            for lang in OFFICIAL_LANGUAGES
        }
        out.append(
            Description(
                code=group.code,
                name_en=called[Language.EN],
                name_fr=called[Language.FR],
                description_en=sentence_en(
                    group, said.get(Language.EN), known, named.get(Language.EN)
                ),
                description_fr=sentence_fr(
                    group, said.get(Language.FR), known, named.get(Language.FR)
                ),
                keywords_en=said[Language.EN].keywords if Language.EN in said else (),
                keywords_fr=said[Language.FR].keywords if Language.FR in said else (),
                quotes=choose_quotes(group.passages, said, named, seed=seed),
                unnamed=tuple(lang for lang in OFFICIAL_LANGUAGES if lang not in named),
                covered=covered.get(group.code, ()),
                named_by=advisor.namer.model if advisor and group.code in taken else "",
                generic=not any(name.telling for name in named.values()),
            )
        )
    return tuple(out)
