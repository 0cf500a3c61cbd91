"""A run against themes that exist: everything but the grouping is as in ``analyse``.

Each passage goes to the theme it fits best, and to others that it fits as well; what fits none is
grouped, where there is enough of it, to emergent candidates. An answer of several ideas has several
passages, so it has one main theme and may have others.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from .assigning.codebook import Codebook, FrameTheme, Matcher, texts_of
from .assigning.examples import ExampleMatcher
from .assigning.frames import FrameMatcher
from .checkpoint import Stage, StageStore
from .config import Config
from .prepared import Progress
from .run import Run
from .types import Confidence, Document, Level, PassageAssignment, Result, ThemeProposal
from .vectors.cache import VectorCache
from .vectors.embedder import Embedder
from .vectors.embedding import embedder_named


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
    config = config or Config()
    embedder = embedder or embedder_named(config.embedder)
    with threadpool_limits(limits=1):
        matcher = matcher_for(codebook, config, embedder)
        run = _CodebookRun(
            documents, config, progress, store, embedder, cache, set_aside, codebook, matcher
        )
        return run.result()


# Examples of each theme from which they say more than names and definitions do: on news sentences
# in both languages definitions alone put .74 in the right subject, three examples .66, ten .74.
_TAUGHT_FROM = 3


def matcher_for(codebook: Codebook, config: Config, embedder: Embedder) -> Matcher:
    """The trained model where every theme has examples, else the one that reads definitions.

    A few examples teach only where some theme has nothing else.
    """
    shown = Counter(example.theme for example in codebook.examples)
    fewest = min(shown[code] for code in codebook.codes)
    worded = all(any(texts_of(theme)) for theme in codebook.themes)
    if len(codebook.themes) > 1 and fewest >= (_TAUGHT_FROM if worded else 1):
        return ExampleMatcher(config, embedder=embedder).fit(codebook)
    return FrameMatcher(config, embedder=embedder).fit(codebook)


class MatchedRun(Run):
    """A run whose grouping is a matcher. ``digest`` says which, for the checkpoints."""

    def __init__(
        self,
        documents: Iterable[Document | str],
        config: Config,
        progress: Progress | None,
        store: StageStore | None,
        embedder: Embedder,
        cache: VectorCache | None,
        set_aside: Mapping[str, str] | None,
        codes: Sequence[str],
        digest: str,
    ) -> None:
        super().__init__(documents, config, progress, store, embedder, cache, set_aside)
        self.digest = hashlib.sha256(f"{self.digest} {digest}".encode()).hexdigest()
        self.codes = tuple(codes)
        self.also: dict[tuple[str, int], list[tuple[str, float]]] = {}

    def match(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """(n, themes) scores of the nodes in [0, 1], and which themes each node is put in."""
        raise NotImplementedError

    def _in_context(self, vectors: NDArray[np.float16]) -> NDArray[np.float16]:
        # The themes are given: what the rest of the answer says cannot help to find them, and it
        # would blur the very ideas the answer was cut into.
        return vectors

    # ---- group

    def _group(self) -> Stage:
        n, k = len(self.node_text), len(self.codes)
        score, fits = self.match() if n else (np.zeros((0, k)), np.zeros((0, k), dtype=bool))
        self._report(0.5)
        held = np.where(fits, score, -1.0)
        leaf = np.where(fits.any(axis=1), held.argmax(axis=1), -1).astype(np.int64)
        ranked = np.sort(score, axis=1)
        best = ranked[:, -1] if k else np.zeros(n)
        margin = best - ranked[:, -2] if k > 1 else best
        also = fits.copy()
        also[np.arange(n), np.maximum(leaf, 0)] = False
        also_node, also_theme = np.nonzero(also)
        left = np.flatnonzero(leaf < 0)
        emergent = self._emergent(left)
        leaf[left] = np.where(emergent >= 0, k + emergent, -1)
        shown = np.where(leaf >= k, 0.5, best)
        return Stage(
            {
                "leaf": leaf,
                "score": np.round(np.where(leaf >= 0, shown, 0.0), 4),
                "border": np.round(np.clip(1 - margin, 0, 1), 4),
                "centrality": np.round(np.clip(best, 0, 1), 4),
                "nearest": np.round(best, 4),
                "also_node": also_node,
                "also_theme": also_theme,
                "also_score": np.round(score[also_node, also_theme], 4),
            },
            {
                "none": None,
                "fits": 1,
                "stability": 0.0,
                "separation": 0.0,
                "by_chance": 0.0,
                "sampled": n,
            },
        )

    def _emergent(self, nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Group numbers of ``nodes`` by the same rules as a whole run, -1 where there is none."""
        part = copy.copy(self)
        part.progress = None
        part.node_text = [self.node_text[i] for i in nodes.tolist()]
        part.node_language = [self.node_language[i] for i in nodes.tolist()]
        part.vectors = self.vectors[nodes]
        stage = Run._group(part)
        leaf = np.asarray(stage.arrays["leaf"])
        if stage.values["none"] is not None or not len(leaf):
            return np.full(len(nodes), -1, dtype=np.int64)
        top = np.where(leaf >= 0, stage.arrays["parent"][np.maximum(leaf, 0)], -1)
        return top.astype(np.int64)

    def _themed(self, stage: Stage) -> None:
        self.group_values = stage.values
        arrays, rows, k = stage.arrays, self.passages, len(self.codes)
        source = np.where(rows.copy_of >= 0, rows.copy_of, np.arange(len(rows.node)))
        node = rows.node[source]

        def of_passages(name: str) -> NDArray[np.float64]:
            values = arrays[name]
            found = values[np.maximum(node, 0)] if len(values) else np.zeros(len(node))
            result: NDArray[np.float64] = np.where(node >= 0, found, 0.0)
            return result

        leaf = arrays["leaf"][np.maximum(node, 0)] if len(arrays["leaf"]) else node
        leaf_of = np.where(node >= 0, leaf, -1)
        self.score, self.border = of_passages("score"), of_passages("border")
        self.centrality, self.nearest = of_passages("centrality"), of_passages("nearest")
        pairs = np.unique(np.column_stack([leaf_of, rows.document]), axis=0)
        size = Counter(pairs[pairs[:, 0] >= k, 0].tolist())
        small = [new for new, count in size.items() if count < self.config.theme_minimum_size]
        gone = np.isin(leaf_of, small)
        leaf_of[gone] = -1
        self.score[gone] = 0.0
        new = sorted(set(size) - set(small), key=lambda number: (-size[number], number))
        prefix = emergent_prefix(self.codes)
        self.emergent = tuple(f"{prefix}{rank}" for rank in range(1, len(new) + 1))
        self.code_of_leaf = dict(enumerate(self.codes)) | dict(zip(new, self.emergent, strict=True))
        others: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for number, theme, score in zip(
            arrays["also_node"].tolist(),
            arrays["also_theme"].tolist(),
            arrays["also_score"].tolist(),
            strict=True,
        ):
            others[number].append((theme, score))
        extra: dict[int, list[int]] = defaultdict(list)
        if others:
            for row, number in enumerate(node.tolist()):
                for theme, score in others.get(number, ()):
                    extra[theme].append(row)
                    place = (self.documents[int(rows.document[row])].id, int(rows.start[row]))
                    self.also.setdefault(place, []).append((self.codes[theme], score))
        self.members: dict[str, NDArray[np.int64]] = {}
        for number, code in self.code_of_leaf.items():
            own = np.union1d(np.flatnonzero(leaf_of == number), extra.get(number, []))
            if len(own):
                self.members[code] = own.astype(np.int64)
        self.parent_of = dict.fromkeys(self.members)
        self.stability_of = dict.fromkeys(self.members, 1.0)
        self.leaf_of = self.top_of = leaf_of

    # ---- result

    def _assignments(self) -> tuple[PassageAssignment, ...]:
        rows: list[PassageAssignment] = []
        for row in super()._assignments():
            rows.append(row)
            for code, score in self.also.get((row.document_id, row.start), ()):
                rows.append(replace(row, theme=code, main=False, score=score, reason=None))
        return tuple(rows)

    def _proposal(self, code: str, item: dict[str, Any]) -> ThemeProposal:
        proposal = super()._proposal(code, item)
        if code not in self.emergent:
            return proposal
        return replace(proposal, emergent=True, confidence=_candidate(proposal.size))


class _CodebookRun(MatchedRun):
    def __init__(
        self,
        documents: Iterable[Document | str],
        config: Config,
        progress: Progress | None,
        store: StageStore | None,
        embedder: Embedder,
        cache: VectorCache | None,
        set_aside: Mapping[str, str] | None,
        codebook: Codebook,
        matcher: Matcher,
    ) -> None:
        super().__init__(
            documents,
            config,
            progress,
            store,
            embedder,
            cache,
            set_aside,
            codebook.codes,
            codebook.digest,
        )
        self.codebook = codebook
        self.matcher = matcher

    def match(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        matches = self.matcher.match(
            self.node_text, self.vectors.astype(np.float32), self.node_language
        )
        return matches.score, matches.fits

    def _judge(self) -> Stage:
        stage = super()._judge()
        metrics = {
            name: value
            for name, value in stage.values["metrics"].items()
            if name not in ("stability", "separation", "separation_by_chance", "sampled_passages")
        }
        metrics["themes"] = len(self.codebook.themes)
        metrics["emergent_themes"] = len(self.emergent)
        metrics["examples"] = len(self.codebook.examples)
        metrics |= {name: round(value, 6) for name, value in self.matcher.measured.items()}
        # The documents in which no passage fits a theme of the codebook.
        inside = np.isin(self.leaf_of, np.arange(len(self.codes)))
        fitting = len(set(self.passages.document[inside].tolist()))
        unfit = len(self.analysed) - fitting
        metrics["documents_fits_no_theme"] = unfit
        return Stage(
            {},
            {
                "metrics": metrics,
                "confidence": asdict(
                    _confidence(metrics, unfit / len(self.analysed) if self.analysed else 0.0)
                ),
            },
        )

    def _proposal(self, code: str, item: dict[str, Any]) -> ThemeProposal:
        proposal = super()._proposal(code, item)
        if proposal.emergent:
            return proposal
        own = self.score[self.leaf_of == self.codes.index(code)]
        sure = float(own.mean()) if len(own) else 0.0
        checked = "held_out_f1" in self.matcher.measured
        return replace(proposal, confidence=_theme_confidence(proposal.size, sure, checked=checked))

    def _assemble(self, described: Stage, judged: Stage) -> Result:
        result = super()._assemble(described, judged)
        found = {theme.code: theme for theme in result.themes}
        named = [_named(theme, found.get(theme.code)) for theme in self.codebook.themes]
        emergent = [found[code] for code in self.emergent]
        return replace(result, themes=(*named, *emergent))


def _named(theme: FrameTheme, found: ThemeProposal | None) -> ThemeProposal:
    """What was found of a theme, under the names and definitions of the codebook."""
    name_en = theme.name_en or theme.name_fr or (found.name_en if found else theme.code)
    name_fr = theme.name_fr or theme.name_en or (found.name_fr if found else theme.code)
    if found is None:
        return ThemeProposal(
            code=theme.code,
            name_en=name_en,
            name_fr=name_fr,
            description_en=theme.definition_en,
            description_fr=theme.definition_fr,
            keywords_en=(),
            keywords_fr=(),
            size=0,
            passages=0,
            languages={},
            confidence=Confidence(
                Level.NONE,
                "Nobody spoke of this.",
                "Personne n'en a parlé.",
            ),
            quotes=(),
        )
    return replace(
        found,
        name_en=name_en,
        name_fr=name_fr,
        description_en=theme.definition_en or found.description_en,
        description_fr=theme.definition_fr or found.description_fr,
    )


def emergent_prefix(codes: Iterable[str]) -> str:
    """What emergent codes begin with, so that none is a code of the codebook."""
    prefix = "E"
    while any(re.fullmatch(rf"{prefix}\d+", code) for code in codes):
        prefix += "E"
    return prefix


def _candidate(size: int) -> Confidence:
    return Confidence(
        Level.LOW,
        f"A candidate: {size} texts that fit no theme and resemble each other. Read them before "
        "making it a theme.",
        f"Thème hors grille\u00a0: {size} textes qui ne correspondent à aucun thème et qui se "
        "ressemblent. Lisez-les avant d'en faire un thème.",
    )


def _theme_confidence(size: int, sure: float, *, checked: bool) -> Confidence:
    """Confidence in what was put in a theme, from its size and the mean probability in [0, 1].

    Without examples to check against (``checked``) probabilities come from other corpora, where
    they were off by 0.1 to 0.2: that is never worth a "high".
    """
    if size < 5:
        return Confidence(
            Level.LOW,
            f"Only {size} texts: too few to say more than that the subject was raised.",
            f"Seulement {size} textes\u00a0: on peut dire que le sujet a été soulevé, rien de "
            "plus.",
        )
    level = Level.LOW
    if sure >= 0.5:
        level = Level.HIGH if sure >= 0.7 and checked else Level.MODERATE
    share = round(100 * sure)
    return Confidence(
        level,
        f"{size} texts; on average the chance that a person would put them here is estimated at "
        f"{share}%.",
        f"{size} textes; la probabilité qu'une personne les classe ici est estimée en moyenne à "
        f"{share}\u00a0%.",
    )


def _confidence(metrics: dict[str, float], unfit: float) -> Confidence:
    share = round(100 * unfit)
    agreement = metrics.get("held_out_f1")
    if unfit > 0.3:
        return Confidence(
            Level.LOW,
            f"{share}% of the texts fit no theme of the codebook: read them before concluding.",
            f"{share}\u00a0% des textes ne correspondent à aucun thème de la grille\u00a0: "
            "lisez-les avant de conclure.",
        )
    if agreement is None:
        return Confidence(
            Level.LOW,
            "Assigned by the meaning of names and definitions, without enough examples to check "
            "against: read the quotes of each theme, or confirm some examples and run it again.",
            "Classement d'après le sens des noms et des définitions, sans assez d'exemples pour le "
            "vérifier\u00a0: lisez les citations de chaque thème, ou confirmez quelques exemples "
            "et relancez l'analyse.",
        )
    percent = round(100 * agreement)
    level = Level.HIGH if agreement >= 0.75 else Level.MODERATE if agreement >= 0.5 else Level.LOW
    count = round(metrics["examples"])
    return Confidence(
        level,
        f"Examples left out of training were put where people put them with an F1 of {percent}% "
        f"({count} examples); two people agree at about 75%.",
        f"Les exemples mis de côté lors de l'apprentissage ont été classés comme l'avaient fait "
        f"les personnes, avec une mesure F1 de {percent}\u00a0% ({count} exemples); deux personnes "
        "s'accordent à environ 75\u00a0%.",
    )
