"""Masking measured: recall and precision by kind and language, as one line of JSON.

    python benchmarks/privacy.py [--misses] [--each 3] [--seed N]

The corpus is made anew from its seed (``tests/analysis/pipeline/personal.py``): sentences in both
languages as written, in small letters, in capitals and without accents, and innocent ones that look
alike. Recall: of what is personal, the share of which no letter or figure is left. Precision: of
what was hidden, the share that touches something personal. Each with n and Wilson's 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.figures.intervals import wilson
from tests.analysis.pipeline.personal import (
    SEED,
    Half,
    apart_sentences,
    hard_sentences,
    outcome,
    sentences,
)


def share(hits: list[bool]) -> dict[str, float]:
    if not hits:
        return {"n": 0}
    found = wilson(sum(hits), len(hits))
    low, high = round(found.low, 4), round(found.high, 4)
    return {"n": len(hits), "share": round(found.estimate, 4), "low": low, "high": high}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=3, help="draws from each template")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--misses", action="store_true", help="list what was missed or wrong")
    asked = parser.parse_args()
    said = {}
    parts = {half.value: sentences(half, each=asked.each, seed=asked.seed) for half in Half}
    for name, part in {**parts, "hard": hard_sentences(), "apart": apart_sentences()}.items():
        recall, precision = defaultdict[str, list[bool]](list), defaultdict[str, list[bool]](list)
        n = 0
        for sentence in part:
            n += 1
            done = outcome(sentence)
            for mark, hidden in zip(sentence.marks, done.hidden, strict=True):
                kind = mark.kind if mark.cued else f"{mark.kind} without a cue"
                cue = "with a cue" if mark.cued else "without a cue"
                for key in (cue, kind, f"{kind}, {sentence.language}", sentence.case.value):
                    recall[key].append(hidden)
                if asked.misses and not hidden:
                    print("missed", repr(sentence.text[mark.start : mark.end]), repr(sentence.text))
            for found, right in done.finds:
                for key in ("all", found.kind, f"{found.kind}, {sentence.language}"):
                    precision[key].append(right)
                if asked.misses and not right:
                    print(
                        "wrong", repr(sentence.text[found.start : found.end]), repr(sentence.text)
                    )
        said[name] = {
            "sentences": n,
            "recall": {key: share(hits) for key, hits in sorted(recall.items())},
            "precision": {key: share(hits) for key, hits in sorted(precision.items())},
        }
    print(json.dumps({"seed": asked.seed, **said}, ensure_ascii=False))


if __name__ == "__main__":
    main()
