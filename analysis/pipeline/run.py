"""The stages put together: from documents to a result.

The result depends on the set of documents, the configuration and the versions of the parts;
never on the order of the documents, the number of processes, or on having been interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from .assigning.assignments import assignments
from .assigning.state import ThemeState, keep_state
from .checkpoint import StageStore
from .config import Config
from .grouping.clusters import Measures, cluster_passages, ungrouped
from .grouping.likeness import by_likeness
from .grouping.passage_map import draw_map
from .grouping.themes import Themes, themes_of
from .judging.judgement import Judgement, judge_themes
from .judging.proposals import propose_themes
from .naming.named import name_themes
from .naming.proposed import Namer
from .reading.campaigns import Letters
from .reading.documents import corpus_of
from .reading.letters import find_letters, repeats_of
from .reading.passages import Passages, cut_passages
from .reading.pieces import PassageToEmbed, passages_with_places
from .reading.prepare import ReadDocuments, read_documents
from .types import Document, Reason, Result, ThemeProposal
from .vectors.cache import VectorCache
from .vectors.context import in_context
from .vectors.embedder import Embedder, NoEmbedder
from .vectors.embedding import embed_passages, embedder_named
from .vectors.second import counts_beside, side_by_side
from .vectors.translations import Links, letter_campaigns, link_letters
from .walk import Progress, Walk, run_digest, versions


def analyse(
    documents: Iterable[Document | str],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
    namer: Namer | None = None,
) -> Result:
    """Group what the documents say into themes across both languages.

    A document may be its text alone, such as each value of a pandas column: its id is then its
    number from 0, and a missing value is an empty answer.

    ``progress(stage, fraction of the whole run)`` is called often. With a ``store``, each stage is
    saved as it ends and a later call with the same documents and configuration goes on from the
    last one, to an identical result. ``embedder`` replaces the one the configuration names;
    ``cache`` holds vectors made before, by this run or another.

    ``set_aside`` names documents (id: why) that no stage may touch, because each try at them
    failed. A document on which reading or cutting fails is set aside by the run itself. Both carry
    Reason.NOT_PROCESSED and stand in ``Result.set_aside``, as do those too long to be an answer,
    which carry Reason.TOO_LONG.

    ``namer`` is a language model that may propose names (``naming.proposed``); it is then part of
    the result's configuration. Where the configuration names one and none is given, the names are
    people's words, and the result says that it was not asked.

    Raises DocumentError when two documents share an id, EmbedderError when the encoder cannot be
    used. Every document is in a theme or carries a reason in ``Result.assignments``.
    """
    with threadpool_limits(limits=1):
        run = begun(
            documents, config or Config(), progress, store, embedder, set_aside, namer=namer
        )
        return _only_read(run) if is_only_read(run) else _analysed(run, cache)[0]


def analyse_and_keep(
    documents: Iterable[Document | str],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
    namer: Namer | None = None,
) -> tuple[Result, ThemeState | None]:
    """``analyse``, and the state new answers will need; None where there was not enough to group.

    Costs a second or two more than ``analyse`` whatever the size. Arguments and errors are the
    same.
    """
    with threadpool_limits(limits=1):
        run = begun(
            documents, config or Config(), progress, store, embedder, set_aside, namer=namer
        )
        if is_only_read(run):
            return _only_read(run), None
        result, themes, vectors = _analysed(run, cache)
        if not result.themes:
            return result, None
        return result, keep_state(
            run.read,
            run.letters,
            run.passages,
            vectors,
            themes,
            run.config,
            embedder=run.embedder,
            corpus_digest=run.corpus_digest,
        )


def passages_to_embed(
    documents: Iterable[Document | str],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> list[PassageToEmbed]:
    """The distinct passages ``analyse`` will want vectors of, in its order.

    Runs the stages before embedding. With a ``store``, ``analyse`` on the same documents,
    configuration and ``set_aside`` goes on from them; with its ``cache`` filled by
    ``embed_cached``, anywhere and in any pieces, it embeds nothing itself.
    """
    with threadpool_limits(limits=1):
        run = begun(documents, config or Config(), progress, store, embedder, set_aside)
        return passages_with_places(run.read, run.passages)


def texts_to_embed(
    documents: Iterable[Document | str],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> list[str]:
    """The words of ``passages_to_embed``, personal information masked."""
    with threadpool_limits(limits=1):
        run = begun(documents, config or Config(), progress, store, embedder, set_aside)
        return list(run.passages.distinct.text)


@dataclass(frozen=True, slots=True)
class Begun:
    """A run whose documents are read and cut, with what the stages after that go on from."""

    config: Config
    embedder: Embedder
    corpus_digest: str
    walk: Walk
    read: ReadDocuments
    letters: Letters
    passages: Passages
    namer: Namer | None = None


def begun(
    documents: Iterable[Document | str],
    config: Config,
    progress: Progress | None,
    store: StageStore | None,
    embedder: Embedder | None,
    set_aside: Mapping[str, str] | None,
    themes: str = "",
    namer: Namer | None = None,
) -> Begun:
    """A run up to its passages. ``themes`` is the digest of those given beforehand, or ""."""
    corpus = corpus_of(documents)
    embedder = embedder or embedder_named(config.embedder)
    if namer is not None:
        config = replace(config, namer=namer.model)
    known = corpus.known(set_aside)
    parts = versions(embedder, config)
    walk = Walk(run_digest(corpus.digest, config, parts, known, themes), progress, store)
    read = read_documents(corpus, config, set_aside=known, step=walk.step("prepare"))
    letters = find_letters(read, config, step=walk.step("campaigns"))
    read, passages = cut_passages(read, letters, config, step=walk.step("passages"))
    return Begun(config, embedder, corpus.digest, walk, read, letters, passages, namer)


def embedded(run: Begun, cache: VectorCache | None) -> tuple[NDArray[np.float16], Links]:
    """The vectors of the run's distinct passages, and its letters that are translations."""
    vectors = embed_passages(
        run.passages.distinct,
        run.embedder,
        cache=cache,
        processes=run.config.processes,
        # A cache keeps the vectors better than a checkpoint of a gigabyte does.
        step=run.walk.step("embed", kept=cache is None),
    )
    return vectors, link_letters(run.read, run.letters, run.passages, vectors, run.config)


def is_only_read(run: Begun) -> bool:
    """Whether the run was asked to read the documents and to group nothing."""
    return isinstance(run.embedder, NoEmbedder)


def _only_read(run: Begun) -> Result:
    """What there is to say of documents that are read and not grouped."""
    clusters = ungrouped(run.passages)
    themes = themes_of(clusters, run.passages, run.config)
    judgement = judge_themes(
        run.read,
        run.letters,
        run.passages,
        themes,
        clusters.measures,
        run.config,
        step=run.walk.step("judge"),
    )
    vectors = np.zeros((len(run.passages.distinct.text), 0), dtype=np.float16)
    return assembled(run, vectors, {}, themes, clusters.measures, (), judgement)


def _analysed(run: Begun, cache: VectorCache | None) -> tuple[Result, Themes, NDArray[np.float16]]:
    """The result of a run, with its themes and the vectors they were made of."""
    config, read, letters, passages = run.config, run.read, run.letters, run.passages
    vectors, links = embedded(run, cache)
    vectors = in_context(vectors, passages, config.context_share, copy=False)
    grouped, share = _with_second(run, vectors, cache)
    clusters = cluster_passages(passages, grouped, config, step=run.walk.step("group"))
    del grouped
    themes = themes_of(clusters, passages, config)
    named = name_themes(
        read,
        passages,
        themes,
        vectors,
        run.embedder,
        seed=config.seed,
        model=config.namer,
        namer=run.namer,
        step=run.walk.step("describe"),
    )
    judgement = judge_themes(
        read,
        letters,
        passages,
        themes,
        clusters.measures,
        config,
        step=run.walk.step("judge"),
    )
    is_aid = clusters.measures.aid is not None
    proposed = propose_themes(read, passages, themes, named, is_aid=is_aid)
    result = assembled(run, vectors, links, themes, clusters.measures, proposed, judgement)
    metrics = result.metrics | ({"second_share": share} if config.second_embedder else {})
    result = replace(result, naming=named.said, metrics=metrics)
    if clusters.measures.refusal is not None:
        result = replace(result, order=by_likeness(read, passages, vectors))
    return result, themes, vectors


def _with_second(
    run: Begun, vectors: NDArray[np.float16], cache: VectorCache | None
) -> tuple[NDArray[np.float16], float]:
    """The vectors to group by, and the share in them of the second encoder: 0 without one."""
    config, passages = run.config, run.passages
    share = counts_beside(passages.distinct, config)
    if not share:
        return vectors, share
    second = embed_passages(
        passages.distinct,
        embedder_named(config.second_embedder),
        cache=cache,
        processes=config.processes,
        step=run.walk.step("embed", kept=False),
    )
    second = in_context(second, passages, config.context_share, copy=False)
    return side_by_side(vectors, second, share), share


def assembled(
    run: Begun,
    vectors: NDArray[np.float16],
    links: Links,
    themes: Themes,
    measured: Measures,
    proposed: Sequence[ThemeProposal],
    judgement: Judgement,
) -> Result:
    """Everything there is to say, after all stages."""
    otherwise = Reason.FITS_NO_THEME
    if measured.refusal is not None:
        otherwise = Reason.NOT_GROUPED if is_only_read(run) else Reason.NOT_ENOUGH
    return Result(
        themes=tuple(proposed),
        assignments=assignments(run.read, run.passages, themes, otherwise=otherwise),
        campaigns=letter_campaigns(run.read, run.letters, links),
        confidence=judgement.confidence,
        metrics=dict(judgement.metrics),
        config=run.config.to_dict(),
        versions=dict(versions(run.embedder, run.config)),
        corpus_digest=run.corpus_digest,
        masked=dict(sorted(run.read.masked.items())),
        set_aside=dict(sorted(run.read.set_aside.items())),
        timings=dict(run.walk.timings),
        repeats=repeats_of(run.read, run.letters),
        map=draw_map(run.read, run.passages, vectors, themes, seed=run.config.seed),
    )
