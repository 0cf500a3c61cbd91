"""The stages put together where the themes are given: a codebook, or those of a finished run.

Everything but the grouping is as in ``run``. What fits no theme is grouped to emergent candidates
where there is enough of it, and is listed otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from .assigning.codebook import Codebook
from .assigning.judgement import as_candidates, judge_assignments, under_codebook
from .assigning.matching import match_passages, matched_themes, matcher_for
from .assigning.state import StateError, ThemeState, copies_of_known_letters, match_state
from .checkpoint import StageStore
from .config import Config
from .judging.judgement import judge_themes
from .judging.proposals import propose_themes
from .naming.named import name_themes
from .run import assembled, begun, embedded
from .types import Document, LetterCampaign, PassageAssignment, Result, ThemeProposal
from .vectors.cache import VectorCache
from .vectors.context import in_context
from .vectors.embedder import Embedder
from .vectors.embedding import embedder_named
from .walk import Progress


def assign_codebook(
    documents: Iterable[Document | str],
    codebook: Codebook,
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> Result:
    """Put what the documents say into the themes of a codebook, in both languages.

    Where every theme has examples a linear model learns from them; otherwise the meaning of names,
    definitions and whatever examples there are decides. Themes come back in the codebook's order
    with its codes and names, also those nobody spoke of (``size`` 0); after them, marked
    ``emergent``, the candidates made of what fits nothing (codes ``E1``, ``E2``, ...). A passage on
    two themes has two rows in ``assignments``, the same stretch with each theme; one that fits
    nothing has the reason ``fits_no_theme``. The other arguments are those of ``analyse``.

    Raises CodebookError, DocumentError and EmbedderError. Every document is in a theme or carries
    a reason.
    """
    config = replace(config or Config(), namer="", second_embedder="")
    embedder = embedder or embedder_named(config.embedder)
    with threadpool_limits(limits=1):
        matcher = matcher_for(codebook, config, embedder)
        run = begun(documents, config, progress, store, embedder, set_aside, codebook.digest)
        read, letters, passages, step = run.read, run.letters, run.passages, run.walk.step
        # The themes are given: what the rest of the answer says cannot help to find them, and it
        # would blur the very ideas the answer was cut into. So vectors are not put in context.
        vectors, links = embedded(run, cache)
        matched = match_passages(
            passages,
            vectors,
            len(codebook.themes),
            lambda: matcher.match(
                passages.distinct.text, vectors.astype(np.float32), passages.distinct.language
            ),
            config,
            step=step("group"),
        )
        themes = matched_themes(matched, passages, codebook.codes, config)
        named = name_themes(
            read, passages, themes, vectors, embedder, seed=config.seed, step=step("describe")
        )
        judgement = judge_assignments(
            read,
            letters,
            passages,
            themes,
            matched.measures,
            codebook,
            matcher.measured,
            config,
            step=step("judge"),
        )
        proposed = under_codebook(
            propose_themes(read, passages, themes, named),
            themes,
            codebook,
            checked="held_out_f1" in matcher.measured,
        )
        return assembled(run, vectors, links, themes, matched.measures, proposed, judgement)


@dataclass(frozen=True, slots=True)
class Extension:
    """What new answers add to a set of themes.

    ``assignments`` hold the codes of the state's themes and of ``emergent`` (``E1``, ...), the
    candidates made of what fits no theme. ``joined`` maps a document to the code of the known
    letter it is a copy of; ``campaigns`` are letters among the new answers themselves.
    ``metrics``, ``config``, ``versions``, ``masked``, ``set_aside`` and ``timings`` are as in
    ``Result``.
    """

    assignments: tuple[PassageAssignment, ...]
    emergent: tuple[ThemeProposal, ...]
    joined: Mapping[str, str]
    campaigns: tuple[LetterCampaign, ...]
    metrics: Mapping[str, float]
    config: Mapping[str, object]
    versions: Mapping[str, str]
    corpus_digest: str
    masked: Mapping[str, int]
    set_aside: Mapping[str, str]
    timings: Mapping[str, float]

    @classmethod
    def of(cls, result: Result, joined: Mapping[str, str] | None = None) -> Extension:
        """What the result of reading the new answers adds; ``joined`` as above."""
        return cls(
            assignments=result.assignments,
            emergent=tuple(theme for theme in result.themes if theme.emergent),
            joined=joined or {},
            campaigns=result.campaigns,
            metrics=result.metrics,
            config=result.config,
            versions=result.versions,
            corpus_digest=result.corpus_digest,
            masked=result.masked,
            set_aside=result.set_aside,
            timings=result.timings,
        )


def extend(
    state: ThemeState,
    documents: Iterable[Document],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> Extension:
    """Place new documents in the themes of a finished run.

    ``config`` replaces the run's own, for instance to use more processes. Documents the run has
    already seen must be left out by the caller. The order of the documents changes nothing.

    Raises StateError when the embedder is not the one the state was made with (name, version and
    weights), DocumentError when two documents share an id, EmbedderError.
    """
    # What is added joins themes by the first encoder, and is named by people's words.
    config = replace(config or state.config, namer="", second_embedder="")
    embedder = embedder or embedder_named(config.embedder)
    ours = (embedder.name, embedder.version, embedder.digest)
    if ours != state.embedder:
        raise StateError(
            "The themes were made with the embedder "
            f"{' '.join(state.embedder[:2])} ({state.embedder[2][:12]}…), not with "
            f"{' '.join(ours[:2])} ({ours[2][:12]}…): their vectors cannot be compared. Run again."
        )
    digest = hashlib.sha256(state.to_bytes()).hexdigest()
    with threadpool_limits(limits=1):
        run = begun(documents, config, progress, store, embedder, set_aside, digest)
        read, letters, passages, step = run.read, run.letters, run.passages, run.walk.step
        vectors, links = embedded(run, cache)
        # The typical points were made of passages that leaned towards their answers.
        vectors = in_context(vectors, passages, config.context_share, copy=False)
        matched = match_passages(
            passages,
            vectors,
            len(state.codes),
            lambda: match_state(state, passages.distinct, vectors),
            config,
            step=step("group"),
        )
        themes = matched_themes(matched, passages, state.codes, config)
        named = name_themes(
            read, passages, themes, vectors, embedder, seed=config.seed, step=step("describe")
        )
        judgement = judge_themes(
            read, letters, passages, themes, matched.measures, config, step=step("judge")
        )
        proposed = as_candidates(propose_themes(read, passages, themes, named), themes)
        result = assembled(run, vectors, links, themes, matched.measures, proposed, judgement)
    return Extension.of(result, copies_of_known_letters(state, read, config))
