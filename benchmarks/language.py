"""How often a text's language is told right, and how fast.

    python benchmarks/language.py [--eval DIR] [--wrong]

Reads the labelled texts of the tests; with ``--eval`` also the sentences and titles of that folder
whose language is known. One JSON line a set: accuracy on texts of five words or more and on shorter
ones, without the page's language, on a page in the text's own language and on a page in the other
one. ``--wrong`` lists the mistakes. Texts a second are of processor time, one process, 30 words.

A page's language is given to every text, one in a third language included. A text with nothing to
tell by ("OK", "CRTC") is right when it is undetermined or takes its page's language.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.pipeline import Language
from analysis.pipeline.reading.language import detect
from analysis.pipeline.reading.normalise import count_words

csv.field_size_limit(10**9)
LABELLED = Path(__file__).resolve().parent.parent / "tests/analysis/pipeline/data/languages.csv"
OTHER_PAGE = {"en": Language.FR, "fr": Language.EN}


def is_right(text: str, language: str, prior: Language | None) -> bool:
    found = detect(text, prior).language
    return found == language or (language == "und" and found in (prior, Language.UNDETERMINED))


def measure(rows: list[tuple[str, str]], name: str, show: bool) -> dict[str, object]:
    line: dict[str, object] = {"set": name, "texts": len(rows)}
    for page in ("none", "own", "other"):
        right: Counter[bool] = Counter()
        total: Counter[bool] = Counter()
        for text, language in rows:
            if page == "none":
                prior = None
            elif page == "own":
                prior = Language.FR if language == "fr" else Language.EN
            else:
                prior = OTHER_PAGE.get(language, Language.FR)
            good = is_right(text, language, prior)
            long = count_words(text) >= 5
            total[long] += 1
            right[long] += good
            if show and not good:
                found = detect(text, prior).language
                print(f"{name} {page} {language}->{found}: {text[:90]}", file=sys.stderr)
        line[f"five_words_{page}"] = round(right[True] / total[True], 4) if total[True] else None
        line[f"shorter_{page}"] = round(right[False] / total[False], 4) if total[False] else None
    return line


def speed(texts: list[str], words: int = 30) -> int:
    """Texts a second, of sentences joined until each text has ``words`` words."""
    long: list[str] = []
    part: list[str] = []
    for text in texts:
        part.append(text)
        if sum(len(p.split()) for p in part) >= words:
            long.append(" ".join(part))
            part = []
    detect(" ".join(texts[:2]))
    began = time.process_time()
    for text in long:
        detect(text)
    return round(len(long) / (time.process_time() - began))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["language"]) for row in csv.DictReader(file)]
    print(json.dumps(measure(rows, "labelled", options.wrong)), flush=True)
    if options.eval is None:
        return
    for path in sorted(options.eval.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found = list(csv.DictReader(file))
        if "lang" in found[0]:
            rows = [(row["text"], row["lang"]) for row in found]
        elif "en" in found[0]:
            rows = [(row[code], code) for row in found for code in ("en", "fr")]
        else:
            continue
        line = measure(rows[:4000], path.stem, options.wrong)
        own = [text for text, language in rows if language in ("en", "fr")]
        print(json.dumps(line | {"texts_per_second": speed(own)}), flush=True)


if __name__ == "__main__":
    main()
