"""From documents to a result: the seven stages, each kept when it is done.

    prepare    normalise, language, no-answer bucket, personal information
    campaigns  letters that share most of their words
    passages   long answers cut into ideas; equal passages become one node with a weight
    embed      one vector for each node
    group      neighbour graph, communities, scores
    describe   names, keywords, quotes
    judge      stability, separation, language balance, confidence in words

The result depends on the set of documents, the configuration and the versions of the parts;
never on the order of the documents, the number of processes, or on having been interrupted.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from . import (
    campaigns,
    cautions,
    communities,
    judge,
    layout,
    neighbours,
    privacy,
    scale,
    translations,
)
from .cache import VectorCache
from .checkpoint import Stage, StageStore, pack, unpack
from .config import Config
from .embedders import Embedder, embed_cached, embedder_named, unit
from .normalise import count_words, key
from .reading import ToCut, cut_all, read_all
from .types import (
    Caution,
    Confidence,
    Description,
    Document,
    Group,
    GroupPassage,
    Language,
    LetterCampaign,
    Level,
    MapPoint,
    MapTheme,
    PassageAssignment,
    PassageMap,
    Quote,
    Reason,
    Result,
    ThemeProposal,
)

STAGES: tuple[str, ...] = (
    "prepare",
    "campaigns",
    "passages",
    "embed",
    "group",
    "describe",
    "judge",
)

# Share of the whole run each stage takes, measured on 2,000 texts of 54 words.
_SHARE = {
    "prepare": 0.15,
    "campaigns": 0.05,
    "passages": 0.05,
    "embed": 0.4,
    "group": 0.25,
    "describe": 0.07,
    "judge": 0.03,
}
# Bumped when the meaning of a checkpoint changes: an old one is then made again.
_FORMAT = 4
# The describing step reads at most this many passages of a theme, nearest the middle first, so
# that memory does not grow with a million texts.
_DESCRIBED = 4000
# Passages moved towards their answer at a time.
_BLOCK = 8192

_LANGUAGES = tuple(Language)
_REASONS = tuple(Reason)
_KINDS = tuple(privacy.PLACEHOLDERS)

Progress = Callable[[str, float], None]


class DocumentError(ValueError):
    """The documents cannot be analysed as given, for example two share an id."""


def analyse(
    documents: Iterable[Document | str],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    cache: VectorCache | None = None,
    set_aside: Mapping[str, str] | None = None,
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
    Reason.NOT_PROCESSED and stand in ``Result.set_aside``.

    Raises DocumentError when two documents share an id, EmbedderError when the encoder cannot be
    used. Every document is in a theme or carries a reason in ``Result.assignments``.
    """
    config = config or Config()
    with threadpool_limits(limits=1):
        return _Run(documents, config, progress, store, embedder, cache, set_aside).result()


def texts_to_embed(
    documents: Iterable[Document | str],
    config: Config | None = None,
    *,
    progress: Progress | None = None,
    store: StageStore | None = None,
    embedder: Embedder | None = None,
    set_aside: Mapping[str, str] | None = None,
) -> list[str]:
    """The distinct passages, personal information masked, that ``analyse`` will want vectors of.

    Runs the stages before embedding. With a ``store``, ``analyse`` on the same documents,
    configuration and ``set_aside`` goes on from them; with its ``cache`` filled by
    ``embed_cached``, anywhere and in any pieces, it embeds nothing itself.
    """
    config = config or Config()
    with threadpool_limits(limits=1):
        return _Run(documents, config, progress, store, embedder, None, set_aside).to_embed()


@dataclass(slots=True)
class _Passages:
    """Passages of analysed documents, in order of document and start.

    ``copy_of`` is the passage of the letter's representative whose theme this one shares, or -1.
    ``node`` numbers the distinct texts; copies have -1.
    """

    document: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    language: NDArray[np.int64]
    copy_of: NDArray[np.int64]
    node: NDArray[np.int64]


class _Run:
    """One execution; each ``_<stage>`` method gives that stage's arrays and values."""

    def __init__(
        self,
        documents: Iterable[Document | str],
        config: Config,
        progress: Progress | None,
        store: StageStore | None,
        embedder: Embedder | None,
        cache: VectorCache | None = None,
        set_aside: Mapping[str, str] | None = None,
    ) -> None:
        self.config = config
        given = (_document(number, document) for number, document in enumerate(documents))
        self.documents = sorted(map(_readable, given), key=lambda document: document.id)
        for before, after in zip(self.documents, self.documents[1:], strict=False):
            if before.id == after.id:
                raise DocumentError(f"Two documents have the same id: {before.id!r}.")
        self.embedder = embedder or embedder_named(config.embedder)
        self.progress = progress
        self.store = store
        self.cache = cache
        # Known ids only: what was set aside may have been withdrawn since.
        reasons = set_aside or {}
        self.set_aside = {d.id: reasons[d.id] for d in self.documents if d.id in reasons}
        self.timings: dict[str, float] = {}
        self.corpus_digest = corpus_digest(self.documents)
        self.versions = _versions(self.embedder)
        self.digest = hashlib.sha256(
            json.dumps(
                [
                    _FORMAT,
                    self.corpus_digest,
                    _deciding(config),
                    self.versions,
                    sorted(self.set_aside),
                ],
                sort_keys=True,
            ).encode()
        ).hexdigest()
        self.stage = STAGES[0]

    # ---- the walk through the stages

    def to_embed(self) -> list[str]:
        self._prepared(self._do("prepare", self._prepare))
        self._grouped_letters(self._do("campaigns", self._campaigns))
        self._cut(self._do("passages", self._passages))
        return self.node_text

    def result(self) -> Result:
        self.to_embed()
        # A cache keeps the vectors better than a checkpoint of a gigabyte does.
        embedded = self._do("embed", self._embed, kept=self.cache is None)
        self.links = self._links(embedded.arrays["vectors"])
        self.vectors = self._in_context(embedded.arrays["vectors"])
        del embedded
        self._themed(self._do("group", self._group))
        described = self._do("describe", self._describe)
        judged = self._do("judge", self._judge)
        return self._assemble(described, judged)

    def _do(self, name: str, work: Callable[[], Stage], *, kept: bool = True) -> Stage:
        self.stage = name
        began = time.perf_counter()
        self._report(0.0)
        store = self.store if kept else None
        stage = None if store is None else unpack(store.load(name), self.digest)
        if stage is None:
            stage = work()
            if store is not None:
                payload = pack(stage, self.digest)
                store.save(name, payload)
                # What a resumed run would read, so that both go on from the same values.
                stage = unpack(payload, self.digest) or stage
        self.timings[name] = round(time.perf_counter() - began, 3)
        self._report(1.0)
        return stage

    def _report(self, share: float) -> None:
        if self.progress is None:
            return
        done = sum(_SHARE[name] for name in STAGES[: STAGES.index(self.stage)])
        self.progress(self.stage, round(min(1.0, done + _SHARE[self.stage] * share), 4))

    # ---- prepare

    def _prepare(self) -> Stage:
        n = len(self.documents)
        languages = np.full(n, _LANGUAGES.index(Language.UNDETERMINED), dtype=np.int8)
        reasons = np.full(n, _REASONS.index(Reason.NOT_PROCESSED), dtype=np.int8)
        spans: list[tuple[int, int, int, int]] = []
        failed: dict[str, str] = {}
        given = [
            i for i, document in enumerate(self.documents) if document.id not in self.set_aside
        ]
        found = zip(given, read_all([self.documents[i] for i in given], self.config), strict=True)
        for turn, (index, seen) in enumerate(found):
            if isinstance(seen, str):
                failed[self.documents[index].id] = seen
                continue
            language, reason, hidden = seen
            languages[index] = _LANGUAGES.index(language)
            reasons[index] = -1 if reason is None else _REASONS.index(reason)
            spans += [(index, f.start, f.end, _KINDS.index(f.kind)) for f in hidden]
            if turn % 200 == 0:
                self._report(turn / n)
        table = np.asarray(spans, dtype=np.int64).reshape(-1, 4)
        return Stage(
            {"languages": languages, "reasons": reasons, "found": table}, {"failed": failed}
        )

    def _prepared(self, stage: Stage) -> None:
        self.languages = [_LANGUAGES[code] for code in stage.arrays["languages"]]
        self.reasons: list[Reason | None] = [
            None if code < 0 else _REASONS[code] for code in stage.arrays["reasons"]
        ]
        self.found: dict[int, list[privacy.Found]] = defaultdict(list)
        for index, start, end, kind in stage.arrays["found"].tolist():
            self.found[index].append(privacy.Found(start, end, _KINDS[kind]))
        self.set_aside |= stage.values["failed"]
        self.masked = Counter(item.kind for items in self.found.values() for item in items)
        self.analysed = [i for i, reason in enumerate(self.reasons) if reason is None]

    def _masked(self, document: int, start: int, end: int, language: Language) -> str:
        found = self.found.get(document)
        text = self.documents[document].text
        if not found:
            return text[start:end]
        return privacy.apply(text, found, language, start, end)

    # ---- campaigns

    def _campaigns(self) -> Stage:
        texts = [self.documents[i].text for i in self.analysed]
        letters = campaigns.find(texts, self.config)
        return Stage({}, {"groups": [[self.analysed[i] for i in g] for g in letters.groups]})

    def _grouped_letters(self, stage: Stage) -> None:
        self.letters: list[list[int]] = stage.values["groups"]
        self.centre_of = {index: group[0] for group in self.letters for index in group[1:]}
        self.weight = Counter({group[0]: len(group) for group in self.letters})

    # ---- passages

    def _passages(self) -> Stage:
        rows: list[tuple[int, int, int, int]] = []  # document, start, end, language
        copy_of: list[int] = []
        own: dict[int, int] = {}  # the first row of each letter's centre
        # Letters before their copies.
        order = [i for i in self.analysed if i not in self.centre_of]
        order += [i for i in self.analysed if i in self.centre_of]
        centres = set(self.centre_of.values())
        texts = [self._to_cut(index) for index in order]
        failed: dict[str, str] = {}
        found = zip(order, cut_all(texts, self.config), strict=True)
        for turn, (index, pieces) in enumerate(found):
            if isinstance(pieces, str):
                failed[self.documents[index].id] = pieces
                continue
            if index in centres:
                own[index] = len(rows)
            for start, end, language, source in pieces:
                rows.append((index, start, end, _LANGUAGES.index(language)))
                copy_of.append(source if source < 0 else own[self.centre_of[index]] + source)
            if turn % 500 == 0:
                self._report(turn / len(order))
        table = np.asarray(rows, dtype=np.int64).reshape(-1, 4)
        ordered = np.lexsort((table[:, 1], table[:, 0]))
        place = np.empty(len(ordered), dtype=np.int64)
        place[ordered] = np.arange(len(ordered))
        sources = np.asarray(copy_of, dtype=np.int64)[ordered]
        sources = (
            np.where(sources >= 0, place[np.maximum(sources, 0)], -1) if len(place) else sources
        )
        return Stage({"table": table[ordered], "copy_of": sources}, {"failed": failed})

    def _to_cut(self, index: int) -> ToCut:
        centre = self.centre_of.get(index)
        letter = None if centre is None else self.documents[centre].text
        return self.documents[index].text, self.languages[index], letter

    def _cut(self, stage: Stage) -> None:
        self.set_aside |= stage.values["failed"]
        for index in self.analysed:
            if self.documents[index].id in stage.values["failed"]:
                self.reasons[index] = Reason.NOT_PROCESSED
        self.analysed = [i for i, reason in enumerate(self.reasons) if reason is None]
        table = stage.arrays["table"]
        copy_of = stage.arrays["copy_of"]
        self.passage_text = [
            self._masked(d, s, e, _LANGUAGES[code]) for d, s, e, code in table.tolist()
        ]
        # Equal passages are one node. Numbered in order of their normal form, so that the number
        # does not depend on which document came first. The language counts: after a letter that
        # no text holds, which sorts before all others.
        other = _LANGUAGES.index(Language.OTHER)
        own = np.flatnonzero((copy_of < 0) & (table[:, 3] != other)).tolist()
        keys = [key(self.passage_text[row]) for row in own]
        own = [row for row, normal in zip(own, keys, strict=True) if normal]
        keys = [
            f"{normal}\0{table[row, 3]}"
            for row, normal in zip(own, filter(None, keys), strict=True)
        ]
        node = np.full(len(table), -1, dtype=np.int64)
        self.node_row: list[int] = []
        before = ""
        for at in sorted(range(len(keys)), key=keys.__getitem__):
            if keys[at] != before:
                before = keys[at]
                self.node_row.append(own[at])
            node[own[at]] = len(self.node_row) - 1
        self.passages = _Passages(table[:, 0], table[:, 1], table[:, 2], table[:, 3], copy_of, node)
        self.node_text = [self.passage_text[row] for row in self.node_row]
        self.node_language = [_LANGUAGES[table[row, 3]] for row in self.node_row]
        stands_for = np.ones(len(self.documents))
        for document, count in self.weight.items():
            stands_for[document] = count
        weights = np.bincount(
            node[own], weights=stands_for[table[own, 0]], minlength=len(self.node_row)
        )
        self.node_weight = weights

    # ---- embed

    def _embed(self) -> Stage:
        vectors = embed_cached(
            self.node_text,
            self.embedder,
            self.cache,
            processes=self.config.processes,
            progress=self._report,
        )
        return Stage({"vectors": vectors}, {})

    def _links(self, vectors: NDArray[np.float16]) -> dict[int, tuple[int, float]]:
        """For each letter, by its place, the place of its translation and how alike they are."""
        rows = self.passages
        letters: list[translations.LetterVectors] = []
        for group in self.letters:
            first, last = np.searchsorted(rows.document, [group[0], group[0] + 1])
            own = [row for row in range(first, last) if rows.node[row] >= 0]
            letters.append(
                translations.LetterVectors(
                    self.languages[group[0]],
                    unit(vectors[rows.node[own]].astype(np.float32)),
                    np.asarray([count_words(self.passage_text[row]) for row in own], dtype=int),
                )
            )
        links: dict[int, tuple[int, float]] = {}
        for english, french, score in translations.linked(letters, self.config):
            links[english], links[french] = (french, score), (english, score)
        return links

    def _in_context(self, vectors: NDArray[np.float16]) -> NDArray[np.float16]:
        """Vectors of passages moved, in place, towards the mean of their answer.

        A passage that several answers share moves towards the mean of those answers.
        """
        share, rows = self.config.context_share, self.passages
        own = np.flatnonzero(rows.node >= 0)
        counts = np.bincount(rows.document[own], minlength=len(self.documents))
        own = own[counts[rows.document[own]] > 1]
        if share == 0 or len(own) == 0:
            return vectors
        # Passages of one answer stand side by side: whole answers at a time, and the few passages
        # that several answers share when all have been seen.
        shared, place = np.unique(rows.node[own], return_counts=True)
        shared = shared[place > 1]
        around = np.zeros((len(shared), vectors.shape[1]), dtype=np.float32)
        begins = np.flatnonzero(np.diff(rows.document[own], prepend=-1))
        blocks = begins[np.flatnonzero(np.diff(begins // _BLOCK, prepend=-1))]
        for start, stop in zip(blocks, [*blocks[1:], len(own)], strict=True):
            here = own[start:stop]
            nodes = rows.node[here]
            said = vectors[nodes].astype(np.float32)
            length = np.sqrt((rows.end[here] - rows.start[here]).astype(np.float32))
            answer = np.flatnonzero(np.diff(rows.document[here], prepend=-1))
            mean = unit(np.add.reduceat(said * length[:, None], answer, axis=0))
            mean = np.repeat(mean, np.diff([*answer, len(here)]), axis=0)
            at = np.searchsorted(shared, nodes)
            several = np.isin(nodes, shared)
            np.add.at(around, at[several], mean[several])
            alone = ~several
            mixed = (1 - share) * said[alone] + share * mean[alone]
            vectors[nodes[alone]] = unit(mixed).astype(np.float16)
        if len(shared):
            mixed = (1 - share) * vectors[shared].astype(np.float32) + share * unit(around)
            vectors[shared] = unit(mixed).astype(np.float16)
        return vectors

    # ---- group

    def _group(self) -> Stage:
        n = len(self.node_text)
        if n < self.config.minimum_passages:
            return self._nothing(n, judge.not_enough(n, self.config))
        chosen = scale.sample(self.node_language, self.config)
        languages = [self.node_language[i] for i in chosen]
        rows = neighbours.features(
            self.vectors[chosen].astype(np.float32),
            [self.node_text[i] for i in chosen],
            languages,
            self.config,
        )
        self._report(0.15)
        grouping = communities.group(
            rows, self.config, lambda share: self._report(0.15 + 0.7 * share)
        )
        if (
            grouping.top.max(initial=-1) < 1
            or grouping.stability < self.config.minimum_stability
            or (
                grouping.stability < self.config.stability_enough
                and grouping.separation - grouping.by_chance < self.config.minimum_separation
            )
        ):
            return self._nothing(n, judge.not_separate(grouping.stability, self.config))
        meaning = neighbours.centre(self.vectors[chosen].astype(np.float32), languages)
        points, owners = scale.prototypes(meaning, grouping.leaf, self.config.seed)
        means = scale.language_means(self.vectors, self.node_language)
        nearest, best, second = scale.assign_blocks(
            self.vectors, self.node_language, means, points, owners
        )
        leaf = nearest.copy()
        leaf[chosen] = grouping.leaf
        parent = np.zeros(int(grouping.leaf.max()) + 1, dtype=np.int64)
        parent[grouping.leaf[grouping.leaf >= 0]] = grouping.top[grouping.leaf >= 0]
        # In a graph a passage may sit in a theme whose middle is not the nearest to it: that is
        # what a border is.
        margin = np.clip((best - second) * 4, 0, 1)
        agrees = nearest == leaf
        border = np.where(agrees, 1 - margin, 1.0)
        score = np.where(agrees, 0.5 + margin / 2, 0.5 - margin / 2)
        return Stage(
            {
                "leaf": leaf,
                "parent": parent,
                "score": np.round(np.where(leaf >= 0, score, 0.0), 4),
                "border": np.round(border, 4),
                "centrality": np.round(np.clip(best, 0, 1) * np.where(agrees, 1, 0.5), 4),
                "theme_stability": np.asarray(grouping.theme_stability),
            },
            {
                "stability": grouping.stability,
                "separation": grouping.separation,
                "by_chance": grouping.by_chance,
                "fits": grouping.fits,
                "sampled": len(chosen),
                "none": None,
            },
        )

    def _nothing(self, n: int, why: Confidence) -> Stage:
        return Stage(
            {
                "leaf": np.full(n, -1, dtype=np.int64),
                "parent": np.zeros(0, dtype=np.int64),
                "score": np.zeros(n),
                "border": np.zeros(n),
                "centrality": np.zeros(n),
                "theme_stability": np.zeros(0),
            },
            {
                "stability": why.stability or 0.0,
                "separation": 0.0,
                "by_chance": 0.0,
                "fits": 0,
                "sampled": n,
                "none": {**asdict(why), "level": why.level.value},
            },
        )

    def _themed(self, stage: Stage) -> None:
        """Nodes to passages, small themes to their place, codes in order of size."""
        self.group_values = stage.values
        arrays = stage.arrays
        rows = self.passages
        node = rows.node
        leaf_of = np.where(
            node >= 0, arrays["leaf"][np.maximum(node, 0)] if len(arrays["leaf"]) else -1, -1
        )

        def of_passages(name: str) -> NDArray[np.float64]:
            values = arrays[name]
            found = values[np.maximum(node, 0)] if len(values) else np.zeros(len(node))
            result: NDArray[np.float64] = np.where(node >= 0, found, 0.0)
            return result

        self.score = of_passages("score")
        self.border = of_passages("border")
        self.centrality = of_passages("centrality")
        copied = rows.copy_of >= 0
        leaf_of[copied] = leaf_of[rows.copy_of[copied]]
        self.score[copied] = self.score[rows.copy_of[copied]]
        parent = arrays["parent"]

        def sizes(labels: NDArray[np.int64]) -> Counter[int]:
            inside = labels >= 0
            n = len(self.documents)
            pairs = np.unique(labels[inside] * n + rows.document[inside])
            return Counter((pairs // n).tolist())

        top_of = np.where(leaf_of >= 0, parent[np.maximum(leaf_of, 0)] if len(parent) else -1, -1)
        top_size = sizes(top_of)
        small = {t for t, size in top_size.items() if size < self.config.theme_minimum_size}
        if small:
            gone = np.isin(top_of, sorted(small))
            leaf_of[gone] = -1
            top_of[gone] = -1
        leaf_size = sizes(leaf_of)
        self.code_of_leaf: dict[int, str] = {}
        self.parent_of: dict[str, str | None] = {}
        self.stability_of: dict[str, float] = {}
        self.members: dict[str, NDArray[np.int64]] = {}
        ranked = sorted(set(top_of[top_of >= 0].tolist()), key=lambda t: (-top_size[t], t))
        for rank, top in enumerate(ranked, start=1):
            code = f"T{rank}"
            self.parent_of[code] = None
            self.members[code] = np.flatnonzero(top_of == top)
            own = np.flatnonzero(parent == top)
            weights = [leaf_size[x] for x in own.tolist()]
            stable = arrays["theme_stability"][own]
            self.stability_of[code] = float(np.average(stable, weights=weights))
            leaves = [x for x in np.flatnonzero(parent == top).tolist() if leaf_size[x]]
            leaves.sort(key=lambda x: (-leaf_size[x], x))
            if len(leaves) < 2:
                self.code_of_leaf.update(dict.fromkeys(leaves, code))
                continue
            for part, leaf in enumerate(leaves, start=1):
                child = f"{code}.{part}"
                self.code_of_leaf[leaf] = child
                self.parent_of[child] = code
                self.members[child] = np.flatnonzero(leaf_of == leaf)
                self.stability_of[child] = float(arrays["theme_stability"][leaf])
        self.leaf_of, self.top_of = leaf_of, top_of

    # ---- describe

    def _groups(self) -> tuple[list[Group], list[NDArray[np.float16]]]:
        """What speaks for each theme, and the vectors of those passages (zeros where none is)."""
        rows = self.passages
        groups: list[Group] = []
        vectors: list[NDArray[np.float16]] = []
        # How many letters share each passage: those that left it out do not speak for it.
        copies = np.bincount(rows.copy_of[rows.copy_of >= 0], minlength=len(rows.copy_of))
        for code, members in self.members.items():
            own = members[rows.copy_of[members] < 0]
            if len(own) > _DESCRIBED:
                order = np.argsort(-self.centrality[own], kind="stable")
                half = _DESCRIBED * 3 // 4
                edge = order[half:][np.argsort(-self.border[own[order[half:]]], kind="stable")]
                own = np.sort(own[np.concatenate([order[:half], edge[: _DESCRIBED - half]])])
            highest = float(self.centrality[own].max(initial=0.0)) or 1.0
            node = rows.node[own]
            known = self.vectors[np.maximum(node, 0)]
            vectors.append(np.where(node[:, None] >= 0, known, np.float16(0)))
            groups.append(
                Group(
                    code,
                    self.parent_of[code],
                    tuple(
                        GroupPassage(
                            document_id=self.documents[rows.document[r]].id,
                            start=int(rows.start[r]),
                            end=int(rows.end[r]),
                            text=self.passage_text[r],
                            language=_LANGUAGES[rows.language[r]],
                            centrality=round(float(self.centrality[r]) / highest, 4),
                            border=float(self.border[r]),
                            weight=1 + int(copies[r]),
                        )
                        for r in own.tolist()
                    ),
                )
            )
        return groups, vectors

    def _describe(self) -> Stage:
        groups, vectors = self._groups()
        described: Sequence[Description] = ()
        same: dict[str, dict[str, float]] = {}
        nearest: dict[str, str] = {}
        if groups:
            from . import describe

            described = describe.describe_themes(
                groups,
                config=self.config,
                embedder=self.embedder,
                vectors=vectors,
                # The groups may hold a sample of their passages; these are all documents.
                languages={
                    code: _count(
                        self.languages[i]
                        for i in sorted(set(self.passages.document[members].tolist()))
                    )
                    for code, members in self.members.items()
                },
            )
            same = cautions.alike(described, self.embedder)
            nearest = cautions.nearest(groups, vectors)
        return Stage(
            {},
            {
                "descriptions": [asdict(item) for item in described],
                "alike": same,
                "nearest": nearest,
            },
        )

    # ---- judge

    def _judge(self) -> Stage:
        rows, config = self.passages, self.config
        own = rows.copy_of < 0
        texts = [self.passage_text[i] for i in np.flatnonzero(own)]
        labels = self.top_of[own]
        languages = [_LANGUAGES[code] for code in rows.language[own]]
        mixing, chance = judge.language_mixing(labels, languages, config.seed)
        themed = len(set(rows.document[self.top_of >= 0].tolist()))
        unthemed = 1 - themed / len(self.analysed) if self.analysed else 0.0
        metrics: dict[str, float] = {
            "documents": len(self.documents),
            "documents_analysed": len(self.analysed),
            "documents_themed": themed,
            "passages": len(rows.node),
            "passages_distinct": len(self.node_text),
            "campaigns": len(self.letters),
            "documents_in_campaigns": sum(len(group) for group in self.letters),
            "themes": sum(1 for parent in self.parent_of.values() if parent is None),
            "sub_themes": sum(1 for parent in self.parent_of.values() if parent is not None),
            "level_that_fits": self.group_values["fits"],
            "stability": self.group_values["stability"],
            "separation": self.group_values["separation"],
            "separation_by_chance": self.group_values["by_chance"],
            "language_nmi": mixing,
            "language_nmi_chance": chance,
            "share_unthemed": unthemed,
            "sampled_passages": self.group_values["sampled"],
        }
        for reason in Reason:
            metrics[f"documents_{reason.value}"] = sum(r is reason for r in self.reasons)
        for language in (Language.EN, Language.FR):
            here = [i for i, value in enumerate(languages) if value is language][:20_000]
            npmi = judge.coherence([texts[i] for i in here], labels[here])
            if npmi is not None:
                metrics[f"npmi_{language.value}"] = npmi
        none = self.group_values["none"]
        confidence = (
            none
            if none is not None
            else asdict(
                judge.run_confidence(
                    self.group_values["stability"],
                    self.group_values["separation"] - self.group_values["by_chance"],
                    unthemed=unthemed,
                    leak=mixing - chance,
                    passages=len(self.node_text),
                    both_languages=self._both_languages(),
                )
            )
        )
        return Stage(
            {},
            {
                "metrics": {name: round(float(value), 6) for name, value in metrics.items()},
                "confidence": confidence,
            },
        )

    # ---- result

    def _assemble(self, described: Stage, judged: Stage) -> Result:
        words = {item["code"]: item for item in described.values["descriptions"]}
        self.cautions = self._cautions(words, described)
        themes = tuple(self._proposal(code, words[code]) for code in self.members)
        assignments = self._assignments()
        letters = tuple(
            LetterCampaign(
                code=f"C{rank}",
                representative=self.documents[group[0]].id,
                document_ids=tuple(sorted(self.documents[i].id for i in group)),
                languages=_count(self.languages[i] for i in group),
                linked=f"C{self.links[rank - 1][0] + 1}" if rank - 1 in self.links else None,
                link_score=self.links[rank - 1][1] if rank - 1 in self.links else None,
            )
            for rank, group in enumerate(self.letters, start=1)
        )
        confidence = dict(judged.values["confidence"])
        confidence["level"] = Level(confidence["level"])
        return Result(
            themes=themes,
            assignments=assignments,
            campaigns=letters,
            confidence=Confidence(**confidence),
            metrics=judged.values["metrics"],
            config=self.config.to_dict(),
            versions=self.versions,
            corpus_digest=self.corpus_digest,
            masked=dict(sorted(self.masked.items())),
            set_aside=dict(sorted(self.set_aside.items())),
            timings=self.timings,
            map=self._map(),
        )

    def _map(self) -> PassageMap | None:
        """A sample of the distinct passages, laid out by theme; None without themes."""
        rows = np.asarray(self.node_row, dtype=np.int64)
        tops = self.top_of[rows] if len(rows) else rows
        if not (tops >= 0).any():
            return None
        shown = layout.chosen(tops, self.config.seed)
        vectors = neighbours.centre(
            self.vectors[shown].astype(np.float32), [self.node_language[i] for i in shown.tolist()]
        )
        labels, sizes = np.unique(tops[tops >= 0], return_counts=True)
        spots = layout.place(vectors, tops[shown], sizes.astype(np.float64), self.config.seed)
        code = {}
        for row in rows[shown].tolist():
            leaf = self.code_of_leaf[int(self.leaf_of[row])]
            code[int(self.top_of[row])] = self.parent_of[leaf] or leaf
        points = tuple(
            MapPoint(
                document_id=self.documents[self.passages.document[row]].id,
                start=int(self.passages.start[row]),
                language=_LANGUAGES[self.passages.language[row]],
                theme=code[top],
                x=round(x, 4),
                y=round(y, 4),
            )
            for row, top, (x, y) in zip(
                rows[shown].tolist(), tops[shown].tolist(), spots.points.tolist(), strict=True
            )
        )
        themes = [
            MapTheme(code[label], round(x, 4), round(y, 4), round(radius, 4), n)
            for label, n, (x, y), radius in zip(
                labels.tolist(),
                sizes.tolist(),
                spots.centres.tolist(),
                spots.radii.tolist(),
                strict=True,
            )
        ]
        themes.sort(key=lambda theme: (-theme.passages, theme.code))
        return PassageMap(round(spots.height, 4), tuple(themes), points)

    def _proposal(self, code: str, item: dict[str, Any]) -> ThemeProposal:
        rows, members = self.passages, self.members[code]
        documents = sorted(set(rows.document[members].tolist()))
        languages = _count(self.languages[i] for i in documents)
        stability = self.stability_of[code]
        return ThemeProposal(
            code=code,
            name_en=item["name_en"],
            name_fr=item["name_fr"],
            description_en=item["description_en"],
            description_fr=item["description_fr"],
            keywords_en=tuple(item["keywords_en"]),
            keywords_fr=tuple(item["keywords_fr"]),
            size=len(documents),
            passages=len(members),
            languages=languages,
            confidence=judge.theme_confidence(
                len(documents),
                round(stability, 4),
                border=float(np.mean(self.border[members])) if len(members) else 0.0,
                one_language=(
                    next(iter(languages))
                    if set(languages) in ({"en"}, {"fr"}) and self._both_languages()
                    else None
                ),
            ),
            quotes=tuple(
                Quote(**{**quote, "language": Language(quote["language"])})
                for quote in item["quotes"]
            ),
            warnings=self.cautions[code],
            parent=self.parent_of[code],
            unnamed=tuple(Language(code) for code in item["unnamed"]),
        )

    def _both_languages(self) -> bool:
        """Whether each official language has at least a tenth of the analysed texts."""
        counts = Counter(self.languages[i] for i in self.analysed)
        return min(counts[Language.EN], counts[Language.FR]) >= 0.1 * max(1, len(self.analysed))

    def _cautions(
        self, words: dict[str, dict[str, Any]], stage: Stage
    ) -> dict[str, tuple[Caution, ...]]:
        """What a reviewer should look at, by theme."""
        rows = self.passages
        facts = []
        for code, members in self.members.items():
            documents = np.unique(rows.document[members])
            facts.append(
                cautions.Facts(
                    code=code,
                    parent=self.parent_of[code],
                    texts=documents,
                    languages=_count(self.languages[i] for i in documents.tolist()),
                    border=float(np.mean(self.border[members])) if len(members) else 0.0,
                    stability=self.stability_of[code],
                    nearest=stage.values["nearest"].get(code),
                )
            )
        described = {code: _description(item) for code, item in words.items()}
        overall = _count(self.languages[i] for i in self.analysed)
        return cautions.cautions(facts, described, stage.values["alike"], overall)

    def _assignments(self) -> tuple[PassageAssignment, ...]:
        rows = self.passages
        edges = np.searchsorted(rows.document, np.arange(len(self.documents) + 1)).tolist()
        assigned: list[PassageAssignment] = []
        nothing = self.group_values["none"] is not None
        other = _LANGUAGES.index(Language.OTHER)
        for index, document in enumerate(self.documents):
            reason = self.reasons[index]
            own = range(edges[index], edges[index + 1])
            if reason is not None or not own:
                stripped = document.text.strip()
                start = document.text.find(stripped) if stripped else 0
                end = start + len(stripped)
                assigned.append(
                    PassageAssignment(
                        document_id=document.id,
                        start=start,
                        end=end,
                        # What was not read was not searched for personal information either.
                        text=""
                        if reason is Reason.NOT_PROCESSED
                        else self._masked(index, start, end, self.languages[index]),
                        language=self.languages[index],
                        theme=None,
                        main=False,
                        score=0.0,
                        reason=reason or Reason.UNREADABLE,
                    )
                )
                continue
            main = self._main(own)
            for row in own:
                leaf = int(self.leaf_of[row])
                theme = self.code_of_leaf[leaf] if leaf >= 0 else None
                if theme is not None:
                    why = None
                elif rows.language[row] == other:
                    why = Reason.OTHER_LANGUAGE
                else:
                    why = Reason.NOT_ENOUGH if nothing else Reason.FITS_NO_THEME
                assigned.append(
                    PassageAssignment(
                        document_id=document.id,
                        start=int(rows.start[row]),
                        end=int(rows.end[row]),
                        text=self.passage_text[row],
                        language=_LANGUAGES[rows.language[row]],
                        theme=theme,
                        main=row == main,
                        score=float(self.score[row]) if theme is not None else 0.0,
                        reason=why,
                    )
                )
        return tuple(assigned)

    def _main(self, rows: Sequence[int]) -> int | None:
        """The passage that stands for a document's main theme: the one most of its words are on."""
        if len(rows) == 1:
            return rows[0] if self.leaf_of[rows[0]] >= 0 else None
        spoken: Counter[int] = Counter()
        for row in rows:
            if self.leaf_of[row] >= 0:
                length = count_words(self.passage_text[row])
                spoken[int(self.leaf_of[row])] += round(1000 * length * (0.5 + self.score[row]))
        if not spoken:
            return None
        theme = max(spoken, key=lambda leaf: (spoken[leaf], -leaf))
        mine = [row for row in rows if self.leaf_of[row] == theme]
        return max(mine, key=lambda row: (self.score[row], -row))


_SURROGATES = re.compile("[\ud800-\udfff]")


def _description(item: dict[str, Any]) -> Description:
    """The description as it was, without its quotes, from the values of its stage."""
    return Description(
        **{
            **item,
            "keywords_en": tuple(item["keywords_en"]),
            "keywords_fr": tuple(item["keywords_fr"]),
            "quotes": (),
            "unnamed": tuple(Language(code) for code in item["unnamed"]),
        }
    )


def _document(number: int, given: Document | str | float | None) -> Document:
    """What was given as a Document. pandas writes a missing value as a number unlike itself."""
    if isinstance(given, Document):
        return given
    if isinstance(given, str):
        return Document(str(number), given)
    if given is None or given != given:
        return Document(str(number), "")
    raise DocumentError(f"Document {number} is no text but {type(given).__name__}.")


def _readable(document: Document) -> Document:
    """The document with half characters, which no file can hold, replaced one for one."""
    if _SURROGATES.search(document.text) is None:
        return document
    return replace(document, text=_SURROGATES.sub("\ufffd", document.text))


def _count(languages: Iterable[Language]) -> dict[str, int]:
    return dict(sorted(Counter(language.value for language in languages).items()))


def corpus_digest(documents: Sequence[Document]) -> str:
    """sha256 of ids, texts and prior languages, in order of id."""
    digest = hashlib.sha256()
    for document in documents:
        for part in (document.id, document.text, document.language or ""):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()


def _deciding(config: Config) -> dict[str, object]:
    """The settings that can change a result; how many processes share the work cannot."""
    return {name: value for name, value in config.to_dict().items() if name != "processes"}


def _versions(embedder: Embedder) -> dict[str, str]:
    parts = ("numpy", "scipy", "scikit-learn", "nltk", "lingua-language-detector")
    found = {part: version(part) for part in parts}
    found["embedder"] = f"{embedder.name} {embedder.version} {embedder.digest}"
    return found


def result_to_json(result: Result) -> str:
    """The result as text that is equal, byte for byte, when the results are.

    Keys sorted, numbers rounded to six places, timings and the number of processes left out.
    """
    plain = asdict(result)
    plain.pop("timings")
    plain["config"] = {k: v for k, v in plain["config"].items() if k != "processes"}
    return json.dumps(_rounded(plain), ensure_ascii=False, sort_keys=True, indent=1)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6) + 0.0
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
