"""The seven stages of a run in their order: how far it is, and what each left.

prepare    normalise, language, no-answer bucket, personal information
campaigns  letters that share most of their words
passages   long answers cut into ideas; equal passages become one node with a weight
embed      one vector for each node
group      neighbour graph, communities, scores
describe   names, keywords, quotes
judge      stability, separation, language balance, confidence in words
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version

from .checkpoint import FORMAT, Stage, StageStore, Step, pack, unpack
from .config import Config
from .naming.proposed import ASKED_AS
from .vectors.embedder import Embedder
from .vectors.embedding import embedder_named

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

Progress = Callable[[str, float], None]


class Walk:
    """One run through the stages, the only thing of it that changes while it goes on.

    Each stage is saved in the ``store`` as it ends, under the run's ``digest``; one that is there
    already is not done again. ``timings`` are seconds per stage, as they end.
    """

    def __init__(self, digest: str, progress: Progress | None, store: StageStore | None) -> None:
        self._digest = digest
        self._progress = progress
        self._store = store
        self.timings: dict[str, float] = {}

    def step(self, name: str, *, kept: bool = True) -> Step:
        """What the stage of that name works in; ``kept`` says whether it is saved."""
        return _Step(self, name, self._store if kept else None)

    def report(self, name: str, share: float) -> None:
        """``share`` of the stage is done, in [0, 1]."""
        if self._progress is None:
            return
        done = sum(_SHARE[before] for before in STAGES[: STAGES.index(name)])
        self._progress(name, round(min(1.0, done + _SHARE[name] * share), 4))

    def through(self, name: str, work: Callable[[], Stage], store: StageStore | None) -> Stage:
        """What the stage makes, or what it left in the store when it was done before."""
        began = time.perf_counter()
        self.report(name, 0.0)
        stage = None if store is None else unpack(store.load(name), self._digest)
        if stage is None:
            stage = work()
            if store is not None:
                payload = pack(stage, self._digest)
                store.save(name, payload)
                # What a resumed run would read, so that both go on from the same values.
                stage = unpack(payload, self._digest) or stage
        # Of a stage that is gone through twice, both.
        took = self.timings.get(name, 0.0) + time.perf_counter() - began
        self.timings[name] = round(took, 3)
        self.report(name, 1.0)
        return stage


class _Step:
    def __init__(self, walk: Walk, name: str, store: StageStore | None) -> None:
        self._walk = walk
        self._name = name
        self._store = store

    def report(self, share: float) -> None:
        self._walk.report(self._name, share)

    def keep(self, work: Callable[[], Stage]) -> Stage:
        return self._walk.through(self._name, work, self._store)


def run_digest(
    corpus_digest: str,
    config: Config,
    versions: Mapping[str, str],
    set_aside: Iterable[str],
    themes: str,
) -> str:
    """What says that a checkpoint was made from the same input.

    ``themes`` is the digest of those given beforehand, or "".
    """
    parts = [FORMAT, corpus_digest, config.deciding(), dict(versions), sorted(set_aside)]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
    return hashlib.sha256(f"{digest} {themes}".encode()).hexdigest() if themes else digest


def versions(embedder: Embedder, config: Config) -> Mapping[str, str]:
    """The parts that decide a result, with their versions."""
    parts = ("numpy", "scipy", "scikit-learn", "nltk", "lingua-language-detector")
    found = {part: version(part) for part in parts}
    found["embedder"] = f"{embedder.name} {embedder.version} {embedder.digest}"
    if config.second_embedder:
        second = embedder_named(config.second_embedder)
        found["second_embedder"] = f"{second.name} {second.version} {second.digest}"
    if config.namer:
        found["namer"] = f"{config.namer}, asked as in version {ASKED_AS}"
    return found
