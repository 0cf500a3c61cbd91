"""How well the names of themes cover them, and what is wrong with names.

    python benchmarks/names.py DIR              every CSV file of the folder that has texts
    python benchmarks/names.py FILE.csv [...]   some files
    python benchmarks/names.py --keep VECTORS.sqlite DIR    embed nothing twice, this time or later

A file has the column ``text`` and may have ``lang`` and ``group``; each group is analysed on its
own. One JSON line a file and one for all together; the last also has how far the measure of
coverage agrees with the judgments of ``names_judged.csv``, on those whose texts are in the folder.

Shares are of names, or of themes, or of pairs of an English and a French name:

- ``coverage``: the mean share of a theme's answers that say what its name says; ``under_third`` and
  ``under_half`` are shares of names; ``unmarked`` those under a third without a warning;
- ``two_subjects``: of pairs, those whose parts are unlike (mean of the best matches below 0.35)
  *or* that do not go together over the theme's answers in both languages (correlation below 0)
  where there are twenty or more; ``unlike`` and ``apart`` count each alone;
- ``corpus_subject``: names with a part that a third of all texts hold;
- ``titles``: with what people are addressed by; ``misspelled``: with a word a letter away from one
  eight times as common; ``third_language``; ``lower_initials``: "Tva"; ``cut``: with a part that is
  followed or preceded by the same word nine times in ten.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import cohen_kappa_score

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from themes import Remembering, documents_of

from analysis.pipeline import Config, Language
from analysis.pipeline.grouping import cluster_passages, themes_of
from analysis.pipeline.judging import propose_themes
from analysis.pipeline.naming import name_themes
from analysis.pipeline.naming.coverage import SAYS, Answers, Part, WordVectors, part_of
from analysis.pipeline.naming.lexicon import lexicon, roots, segments
from analysis.pipeline.naming.vocabulary import Vocabulary
from analysis.pipeline.reading import corpus_of, cut_passages, find_letters, read_documents
from analysis.pipeline.types import (
    OFFICIAL_LANGUAGES,
    Level,
    Warning,  # noqa: A004 - the field's word for it
)
from analysis.pipeline.vectors import FileCache, embed_passages, embedder_named, in_context

csv.field_size_limit(10**9)

JUDGED = Path(__file__).resolve().parent / "names_judged.csv"
SAME, ENOUGH, OWN_SUBJECT = 0.35, 20, 1 / 3
THIRD = frozenset(
    {"der", "das", "und", "ist", "nicht", "eine", "oder", "auf", "für", "por", "para"}
)
THIRD |= {"pero", "como", "el", "gli", "della", "che", "het", "een", "voor", "niet", "los", "las"}
_BETWEEN = {
    Language.EN: re.compile(r"^Mixed: |^Against (?:the )?|, | and "),
    Language.FR: re.compile(r"^Divers\s*: |^Contre (?:l'|l[ea]s? )|, | et "),
}


class Run:
    """One analysis: its passages, vectors, themes, names and what is thought of them."""

    def __init__(self, rows: list[dict[str, str]], embedder: Remembering) -> None:
        config = Config()
        self.read = read_documents(corpus_of(documents_of(rows)), config)
        letters = find_letters(self.read, config)
        self.read, self.passages = cut_passages(self.read, letters, config)
        alone = embed_passages(self.passages.distinct, embedder)
        self.vectors = in_context(alone, self.passages, config.context_share)
        clusters = cluster_passages(self.passages, self.vectors, config)
        self.themes = themes_of(clusters, self.passages, config)
        named = name_themes(self.read, self.passages, self.themes, self.vectors, embedder)
        self.proposed = propose_themes(self.read, self.passages, self.themes, named)
        own = (self.passages.copy_of < 0) & (self.passages.node >= 0)
        self.rows = {
            lang: np.flatnonzero(own & (self.passages.language == number))
            for number, lang in enumerate(OFFICIAL_LANGUAGES)
        }
        self.texts = {
            lang: [self.passages.text[r] for r in found.tolist()]
            for lang, found in self.rows.items()
        }

    def answers(self, rows: np.ndarray, language: Language, words: WordVectors) -> Answers:
        """Some passages of a language, ready to hold names against."""
        texts = [self.passages.text[r] for r in rows.tolist()]
        return Answers(texts, language, self.vectors[self.passages.node[rows]], words)


def parts_of(name: str, language: Language) -> list[str]:
    """The subjects of a name: "Mixed: parking, buses" has two."""
    return [part for part in _BETWEEN[language].split(name) if part]


def names_of(run: Run) -> Iterator[tuple[Any, Language, str]]:
    """Each name of each theme that is its own."""
    for theme in run.proposed:
        for language, name in zip(OFFICIAL_LANGUAGES, (theme.name_en, theme.name_fr), strict=True):
            if language not in theme.unnamed:
                yield theme, language, name


@cache
def faults(run: Run) -> Counter[str]:
    """How many names have each fault, and how many names there are."""
    found: Counter[str] = Counter()
    known = {}
    for language, texts in run.texts.items():
        cut = [segments(text, language) for text in texts]
        known[language] = (
            Vocabulary(cut, language),
            [frozenset(roots(text, language)) for text in texts],
            " \n ".join(text.lower() for text in texts),
        )
    for _theme, language, name in names_of(run):
        vocabulary, bags, said = known[language]
        misspelled, lex = vocabulary.misspelled(), lexicon(language)
        parts = parts_of(name, language)
        written = re.findall(r"[^\W_]+(?:-[^\W_]+)*", " ".join(parts))
        low = [word.lower() for word in written]
        stems = [frozenset(roots(part, language)) for part in parts]
        found["names"] += 1
        found["titles"] += any(word in lex.title for word in low)
        found["third_language"] += any(word in THIRD for word in low)
        found["misspelled"] += any(root in misspelled for part in stems for root in part)
        found["lower_initials"] += any(
            word.lower() in lex.initialism and not word.isupper() for word in written
        )
        found["corpus_subject"] += any(
            part and sum(part <= bag for bag in bags) > OWN_SUBJECT * len(bags) for part in stems
        )
        found["cut"] += any(is_cut(part.lower(), said) for part in parts)
    return found


def is_cut(part: str, said: str) -> bool:
    """Whether nine of ten times the same word stands before or after it, with nothing between."""
    if " " not in part:
        return False
    around = re.findall(rf"(\w+ )?(?<!\w){re.escape(part)}(?!\w)( \w+)?", said)
    closed = lexicon(Language.EN).function | lexicon(Language.FR).function
    for side in (0, 1):
        beside = Counter(pair[side].strip() for pair in around)
        word, n = beside.most_common(1)[0] if beside else ("", 0)
        if len(around) >= 4 and word and word not in closed and n >= 0.9 * len(around):
            return True
    return False


@cache
def pairs(run: Run, words: WordVectors) -> list[tuple[float, float | None]]:
    """For each theme named in both languages: how alike the names are, and how they go together."""
    found = []
    for theme in run.proposed:
        if theme.unnamed:
            continue
        members = run.themes.members[theme.code]
        parts = {
            language: [part_of(text, language, words) for text in parts_of(name, language)]
            for language, name in zip(
                OFFICIAL_LANGUAGES, (theme.name_en, theme.name_fr), strict=True
            )
        }
        meant = [np.asarray([part.vector for part in each]) for each in parts.values()]
        like = meant[0] @ meant[1].T
        likeness = float((like.max(axis=0).mean() + like.max(axis=1).mean()) / 2)
        said: dict[Language, list[float]] = defaultdict(list)
        for spoken, rows in run.rows.items():
            own = np.intersect1d(members, rows)[:400]
            if not len(own):
                continue
            answers = run.answers(own, spoken, words)
            for language, each in parts.items():
                # A name's words are looked for in its own language alone, its meaning in both.
                held = each if language is spoken else [Part(frozenset(), p.vector) for p in each]
                said[language].extend(answers.chances(held).max(axis=0).tolist())
        both = [np.asarray(values) for values in said.values()]
        enough = len(both) == 2 and len(both[0]) >= ENOUGH and min(map(np.std, both)) > 0
        found.append((likeness, float(np.corrcoef(*both)[0, 1]) if enough else None))
    return found


def measured(runs: Sequence[Run], words: WordVectors) -> dict[str, float]:
    """The figures of some runs together."""
    counted: Counter[str] = Counter()
    likeness: list[tuple[float, float | None]] = []
    coverage: list[float] = []
    levels: dict[Level, list[float]] = defaultdict(list)
    unmarked = themes = mixed = unnamed = 0
    for run in runs:
        counted += faults(run)
        likeness += pairs(run, words)
        for theme in run.proposed:
            themes += 1
            mixed += theme.name_en.startswith("Mixed: ") or theme.name_fr.startswith("Divers")
            unnamed += len(theme.unnamed) == len(OFFICIAL_LANGUAGES) or any(
                theme.languages.get(lang.value, 0) >= 5 for lang in theme.unnamed
            )
            marked = any(w.kind is Warning.COVERS_LITTLE for w in theme.warnings)
            for each in theme.covered:
                coverage.append(each.says / each.of)
                levels[theme.confidence.level].append(each.says / each.of)
                unmarked += each.says * 3 < each.of and not marked
    names, n = counted.pop("names", 0) or 1, len(coverage) or 1
    unlike = [like < SAME for like, _ in likeness]
    apart = [together is not None and together < 0 for _, together in likeness]
    two = [one or other for one, other in zip(unlike, apart, strict=True)]
    figures = {
        "themes": themes,
        "names": names,
        "coverage": sum(coverage) / n,
        "under_third": sum(share < 1 / 3 for share in coverage) / n,
        "under_half": sum(share < 0.5 for share in coverage) / n,
        "unmarked": unmarked / n,
        "mixed": mixed / (themes or 1),
        "unnamed": unnamed / (themes or 1),
        "pairs": len(likeness),
        "two_subjects": float(np.mean(two)) if two else 0.0,
        "unlike": float(np.mean(unlike)) if unlike else 0.0,
        "apart": float(np.mean(apart)) if apart else 0.0,
    }
    figures |= {f"coverage_{level.value}": float(np.mean(v)) for level, v in sorted(levels.items())}
    return figures | {
        fault: counted[fault] / names
        for fault in (
            "corpus_subject", "titles", "misspelled", "third_language", "lower_initials", "cut",
        )
    }  # fmt: skip


def digest(group: str) -> str:
    return hashlib.sha256(group.encode()).hexdigest()[:8]


def kappa(runs: Mapping[tuple[str, str], Run], words: WordVectors) -> dict[str, float]:
    """How far the measure agrees with the two readings of judged pairs of a name and an answer.

    The readings hold no text of a set: a group is told by a digest, an answer by row and offset.
    Those the measure was fitted on are counted apart from those that only check it.
    """
    told = {(name, digest(group)): run for (name, group), run in runs.items()}
    with JUDGED.open(encoding="utf-8", newline="") as file:
        judged = list(csv.DictReader(file))
    return {
        figure: value
        for use in ("fit", "check")
        for figure, value in _agreed(
            [row for row in judged if row["use"] == use], told, words, use
        ).items()
    }


def _agreed(
    judged: Sequence[Mapping[str, str]],
    told: Mapping[tuple[str, str], Run],
    words: WordVectors,
    use: str,
) -> dict[str, float]:
    cut, first, second, known = [], [], [], {}
    for row in judged:
        run = told.get((row["set"], row["group"]))
        if run is None:
            continue
        language = Language(row["language"])
        key = (row["set"], row["group"], language)
        if key not in known:
            rows = run.rows[language]
            place = {
                (run.read.documents[run.passages.document[r]].id, int(run.passages.start[r])): n
                for n, r in enumerate(rows.tolist())
            }
            known[key] = (run.answers(rows, language, words), place)
        answers, place = known[key]
        at = place.get((row["row"], int(row["start"])))
        if at is None:
            continue
        parts = [part_of(text, language, words) for text in parts_of(row["name"], language)]
        cut.append(bool(answers.chances(parts)[:, at].max() >= SAYS))
        first.append(row["first"] == "yes")
        second.append(row["second"] == "yes")
    if not cut:
        return {}
    return {
        f"{use}_judged": len(cut),
        f"{use}_kappa_readings": cohen_kappa_score(first, second),
        f"{use}_kappa_measure": cohen_kappa_score(first, cut),
        f"{use}_kappa_measure_second": cohen_kappa_score(second, cut),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, help="a file to keep vectors in")
    arguments = parser.parse_args()
    files = [
        path
        for given in arguments.paths
        for path in (sorted(given.glob("*.csv")) if given.is_dir() else [given])
    ]
    kept = FileCache(arguments.keep) if arguments.keep else None
    embedder = Remembering(embedder_named(Config().embedder), kept)
    words = WordVectors(embedder)
    everything: dict[tuple[str, str], Run] = {}
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        if not rows or "text" not in rows[0]:
            continue
        groups: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            groups[row.get("group") or "all"].append(row)
        own = {(path.stem, name): Run(found, embedder) for name, found in groups.items()}
        print(
            json.dumps({"set": path.stem, **rounded(measured(list(own.values()), words))}),
            flush=True,
        )
        everything |= own
    figures = measured(list(everything.values()), words) | kappa(everything, words)
    print(json.dumps({"set": "all", **rounded(figures)}))


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """Three places are more than any of them deserves."""
    return {name: round(value, 3) for name, value in figures.items()}


if __name__ == "__main__":
    main()
