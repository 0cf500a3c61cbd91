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

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from .checkpoint import Stage, StageStore
from .config import Config
from .grouped import Grouped, count_languages
from .grouping import layout, neighbours
from .judging import cautions, judge
from .prepared import LANGUAGES, Prepared, Progress
from .reading.normalise import count_words
from .types import (
    Caution,
    Confidence,
    Description,
    Document,
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
from .vectors.cache import VectorCache
from .vectors.embedder import Embedder


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
    Reason.NOT_PROCESSED and stand in ``Result.set_aside``, as do those too long to be an answer,
    which carry Reason.TOO_LONG.

    Raises DocumentError when two documents share an id, EmbedderError when the encoder cannot be
    used. Every document is in a theme or carries a reason in ``Result.assignments``.
    """
    config = config or Config()
    with threadpool_limits(limits=1):
        return Run(documents, config, progress, store, embedder, cache, set_aside).result()


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
        return Prepared(documents, config, progress, store, embedder, None, set_aside).to_embed()


class Run(Grouped):
    """One execution, to its result."""

    def result(self) -> Result:
        """Everything there is to say, after all stages."""
        return self._assemble(*self.judged())

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
                languages=count_languages(self.languages[i] for i in group),
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
                language=LANGUAGES[self.passages.language[row]],
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
        languages = count_languages(self.languages[i] for i in documents)
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
                    languages=count_languages(self.languages[i] for i in documents.tolist()),
                    border=float(np.mean(self.border[members])) if len(members) else 0.0,
                    stability=self.stability_of[code],
                    nearest=stage.values["nearest"].get(code),
                )
            )
        described = {code: _description(item) for code, item in words.items()}
        overall = count_languages(self.languages[i] for i in self.analysed)
        return cautions.cautions(facts, described, stage.values["alike"], overall)

    def _assignments(self) -> tuple[PassageAssignment, ...]:
        rows = self.passages
        edges = np.searchsorted(rows.document, np.arange(len(self.documents) + 1)).tolist()
        assigned: list[PassageAssignment] = []
        nothing = self.group_values["none"] is not None
        other = LANGUAGES.index(Language.OTHER)
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
                        if reason in (Reason.NOT_PROCESSED, Reason.TOO_LONG)
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
                        language=LANGUAGES[rows.language[row]],
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
        mine = [row for row in rows if self.leaf_of[row] >= 0]
        # First the theme, then the part of it.
        for labels in (self.top_of, self.leaf_of):
            spoken: Counter[int] = Counter()
            for row in mine:
                length = count_words(self.passage_text[row])
                spoken[int(labels[row])] += round(1000 * length * (0.5 + self.score[row]))
            most = max(spoken, key=lambda theme: (spoken[theme], -theme), default=-1)
            mine = [row for row in mine if labels[row] == most]
        return max(mine, key=lambda row: (self.score[row], -row), default=None)


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
