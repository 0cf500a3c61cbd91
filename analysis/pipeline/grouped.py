"""The stages from distinct passages to themes with words and a judgement.

embed      one vector for each node
group      neighbour graph, communities, scores
describe   names, keywords, quotes
judge      stability, separation, language balance, confidence in words
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from .checkpoint import Stage
from .grouping import communities, neighbours, scale
from .judging import cautions, judge
from .prepared import LANGUAGES, Prepared
from .reading.normalise import count_words
from .types import (
    Confidence,
    Description,
    Group,
    GroupPassage,
    Language,
    Reason,
)
from .vectors import translations
from .vectors.embedder import unit
from .vectors.embedding import embed_cached

# The describing step reads at most this many passages of a theme, nearest the middle first, so
# that memory does not grow with a million texts.
_DESCRIBED = 4000
# Passages moved towards their answer at a time.
_BLOCK = 8192


class Grouped(Prepared):
    """A run up to its judgement."""

    def judged(self) -> tuple[Stage, Stage]:
        """The words for each theme, and what is to be thought of them all."""
        self.to_embed()
        # A cache keeps the vectors better than a checkpoint of a gigabyte does.
        embedded = self._do("embed", self._embed, kept=self.cache is None)
        self.links = self._links(embedded.arrays["vectors"])
        self.vectors = self._in_context(embedded.arrays["vectors"])
        del embedded
        self._themed(self._do("group", self._group))
        return self._do("describe", self._describe), self._do("judge", self._judge)

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
            rows,
            self.config,
            lambda share: self._report(0.15 + 0.7 * share),
            answers=self.passages.document[np.asarray(self.node_row)[chosen]],
        )
        if (
            grouping.top.max(initial=-1) < 1
            or grouping.stability < self.config.minimum_stability
            or (
                grouping.stability + grouping.modularity < self.config.cohesion_enough
                and grouping.separation - grouping.by_chance < self.config.minimum_separation
            )
        ):
            groups = int(grouping.top.max(initial=-1)) + 1
            why = judge.not_separate(grouping.stability, self.config, groups=groups)
            return self._nothing(n, why, grouping)
        meaning = neighbours.centre(self.vectors[chosen].astype(np.float32), languages)
        points, owners = scale.prototypes(meaning, grouping.leaf)
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
                "leaf_stability": np.asarray(grouping.leaf_stability),
                "top_stability": np.asarray(grouping.top_stability),
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

    def _nothing(
        self, n: int, why: Confidence, measured: communities.Grouping | None = None
    ) -> Stage:
        return Stage(
            {
                "leaf": np.full(n, -1, dtype=np.int64),
                "parent": np.zeros(0, dtype=np.int64),
                "score": np.zeros(n),
                "border": np.zeros(n),
                "centrality": np.zeros(n),
                "leaf_stability": np.zeros(0),
                "top_stability": np.zeros(0),
            },
            {
                "stability": why.stability or 0.0,
                "separation": measured.separation if measured else 0.0,
                "by_chance": measured.by_chance if measured else 0.0,
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
            self.stability_of[code] = float(arrays["top_stability"][top])
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
                self.stability_of[child] = float(arrays["leaf_stability"][leaf])
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
                            language=LANGUAGES[rows.language[r]],
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
            from .naming import describe

            described = describe.describe_themes(
                groups,
                config=self.config,
                embedder=self.embedder,
                vectors=vectors,
                # The groups may hold a sample of their passages; these are all documents.
                languages={
                    code: count_languages(
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
        languages = [LANGUAGES[code] for code in rows.language[own]]
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

    def _both_languages(self) -> bool:
        """Whether each official language has at least a tenth of the analysed texts."""
        counts = Counter(self.languages[i] for i in self.analysed)
        return min(counts[Language.EN], counts[Language.FR]) >= 0.1 * max(1, len(self.analysed))


def count_languages(languages: Iterable[Language]) -> dict[str, int]:
    return dict(sorted(Counter(language.value for language in languages).items()))
