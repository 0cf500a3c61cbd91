"""How well letter campaigns are found, and how fast, beside other ways to find them.

    python benchmarks/letters.py DIR [--copies 25] [--method NAME ...]

DIR holds the evaluation sets. Forty letters are taken from real comments (English and French, 60 to
250 words), copied ``--copies`` times with the edits below, and hidden among 6,000 other real texts.
One JSON line a method:

    level 0  a copy
    level 1  a greeting before it, 2 % of the words replaced
    level 2  a sentence dropped, 6 % replaced
    level 3  the sentences shuffled, 10 % replaced
    level 4  cut to 60 % of its sentences, 20 % replaced

``precision``, ``recall``, ``f1`` are over pairs of texts; ``found`` is the share of the copies of a
level that are with most of their letter; texts a second are of processor time, one process. A last
line has the real comments that hold duplicates: exact copies put together, and the groups found.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from analysis.pipeline import Config
from analysis.pipeline.reading import campaigns
from analysis.pipeline.reading.normalise import key
from analysis.pipeline.reading.splitting import sentences

csv.field_size_limit(10**9)

CHANGED = (0.0, 0.02, 0.06, 0.1, 0.2)
GREETINGS = (
    "To whom it may concern, I am writing to you today as a concerned citizen.",
    "Dear Sir or Madam, please take note of my comments below.",
    "Bonjour, je vous écris aujourd'hui à titre de citoyen.",
    "Madame, Monsieur, voici mon avis sur ce projet.",
)
Groups = Iterable[Iterable[int]]


def read(folder: Path, name: str) -> list[str]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(dict.fromkeys(row["text"] for row in csv.DictReader(file)))


def templates(texts: list[str], wanted: int, taken: list[set[str]]) -> list[list[str]]:
    """Comments of 60 to 250 words and at least four sentences that share little with others."""
    found: list[list[str]] = []
    for text in texts:
        parts = [text[a:b] for a, b in sentences(text)]
        words = key(text).split()
        runs = {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}
        if not 60 <= len(words) <= 250 or len(parts) < 4:
            continue
        if any(len(runs & other) > 0.1 * min(len(runs), len(other)) for other in taken):
            continue
        taken.append(runs)
        found.append(parts)
        if len(found) == wanted:
            break
    return found


def edited(parts: list[str], level: int, vocabulary: list[str], chance: random.Random) -> str:
    kept = list(parts)
    if level == 2:
        kept.pop(chance.randrange(len(kept)))
    if level == 3:
        chance.shuffle(kept)
    if level == 4:
        kept = kept[: max(2, round(len(kept) * 0.6))]
    words = [
        chance.choice(vocabulary) if chance.random() < CHANGED[level] else word
        for word in " ".join(kept).split()
    ]
    greeting = f"{chance.choice(GREETINGS)} " if level == 1 else ""
    return greeting + " ".join(words)


def corpus(folder: Path, copies: int) -> tuple[list[str], list[int], list[int]]:
    """(texts, the letter each came from or -1, its level of edit or -1), shuffled."""
    chance = random.Random(2005)
    english, french = read(folder, "titleix_duplicates"), read(folder, "rua")
    chance.shuffle(english)
    chance.shuffle(french)
    taken: list[set[str]] = []
    letters = templates(english, 20, taken) + templates(french, 20, taken)
    used = {" ".join(parts) for parts in letters}
    hay = [text for text in french if " ".join(text[a:b] for a, b in sentences(text)) not in used]
    for name in ("argkp21", "themefinder", "sib200", "banking77"):
        hay += read(folder, name)
    rows = [(text, -1, -1) for text in hay[:6000]]
    for number, parts in enumerate(letters):
        vocabulary = key(" ".join(" ".join(p) for p in letters[number // 20 * 20 :][:20])).split()
        rows += [
            (edited(parts, copy % 5, vocabulary, chance), number, copy % 5)
            for copy in range(copies)
        ]
    chance.shuffle(rows)
    return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]


# ---- the methods


def ours(texts: list[str]) -> Groups:
    return campaigns.find(texts, Config()).groups


def exact(texts: list[str]) -> Groups:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, text in enumerate(texts):
        groups[key(text)].append(index)
    return [group for group in groups.values() if len(group) > 2]


def runs_of(texts: list[str]) -> Iterator[set[str]]:
    """The three-word runs of each text."""
    for text in texts:
        words = key(text).split(" ")
        yield {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def joined(n: int, pairs: Iterable[tuple[int, int]]) -> Groups:
    """Texts connected by pairs, at least three together."""
    parent = list(range(n))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for a, b in pairs:
        parent[root(a)] = root(b)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(n):
        groups[root(i)].append(i)
    return [group for group in groups.values() if len(group) > 2]


def contained(runs: list[set[str]], pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pairs that share half of the shorter one's runs, of texts with at least eight."""
    for a, b in pairs:
        shorter = min(len(runs[a]), len(runs[b]))
        if shorter >= 8 and len(runs[a] & runs[b]) >= 0.5 * shorter:
            yield a, b


def datasketch(texts: list[str], checked: bool = False) -> Groups:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(params=(32, 2), num_perm=64)
    runs = list(runs_of(texts))
    hashes = MinHash.bulk([[run.encode() for run in own] for own in runs], num_perm=64)
    pairs: list[tuple[int, int]] = []
    for index, value in enumerate(hashes):
        if runs[index]:
            near = lsh.query(value)
            pairs += [
                (index, other) for other in near if checked or value.jaccard(hashes[other]) >= 0.3
            ]
            lsh.insert(index, value)
    return joined(len(texts), contained(runs, pairs) if checked else pairs)


def datasketch_containment(texts: list[str]) -> Groups:
    return datasketch(texts, checked=True)


def rensa(texts: list[str], checked: bool = False) -> Groups:
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=0.3, num_perm=64, num_bands=32)
    runs = list(runs_of(texts))
    pairs: list[tuple[int, int]] = []
    hashes = RMinHash.from_token_sets([list(own) for own in runs], num_perm=64, seed=42)
    for index, value in enumerate(hashes):
        if runs[index]:
            near = lsh.query(value)
            pairs += [
                (index, other) for other in near if checked or value.jaccard(hashes[other]) >= 0.3
            ]
            lsh.insert(index, value)
    return joined(len(texts), contained(runs, pairs) if checked else pairs)


def rensa_containment(texts: list[str]) -> Groups:
    return rensa(texts, checked=True)


def sklearn_containment(texts: list[str]) -> Groups:
    """Every pair compared: a product of the matrix of runs, no candidates needed."""
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(
        ngram_range=(3, 3), binary=True, preprocessor=key, tokenizer=str.split, token_pattern=None
    )
    matrix = counter.fit_transform(texts).tocsr().astype("float32")
    sizes = matrix.getnnz(axis=1)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(texts), 1000):
        block = (matrix[start : start + 1000] @ matrix.T).tocoo()
        for a, b, shared in zip(block.row, block.col, block.data, strict=True):
            shorter = min(sizes[start + a], sizes[b])
            if start + a < b and shorter >= 8 and shared >= 0.5 * shorter:
                pairs.append((int(start + a), int(b)))
    return joined(len(texts), pairs)


METHODS: dict[str, Callable[[list[str]], Groups]] = {
    "ours": ours,
    "exact": exact,
    "datasketch": datasketch,
    "datasketch_containment": datasketch_containment,
    "rensa": rensa,
    "rensa_containment": rensa_containment,
    "sklearn_containment": sklearn_containment,
}


# ---- the figures


def agreement(groups: list[list[int]], truth: list[int]) -> dict[str, float]:
    def pairs(counts: Iterable[int]) -> int:
        return sum(n * (n - 1) // 2 for n in counts)

    both = sum(pairs(Counter(truth[i] for i in g if truth[i] >= 0).values()) for g in groups)
    said = pairs(len(g) for g in groups)
    real = pairs(Counter(t for t in truth if t >= 0).values())
    precision, recall = both / said if said else 0.0, both / real
    f1 = 2 * both / (said + real)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def found_by_level(groups: list[list[int]], truth: list[int], levels: list[int]) -> list[float]:
    group_of = {i: g for g, group in enumerate(groups) for i in group}
    most: dict[int, int] = {}
    for letter in set(truth) - {-1}:
        own = Counter(group_of[i] for i, t in enumerate(truth) if t == letter and i in group_of)
        most[letter] = own.most_common(1)[0][0] if own else -2
    hits: Counter[int] = Counter()
    for i, letter in enumerate(truth):
        if letter >= 0 and group_of.get(i, -3) == most[letter]:
            hits[levels[i]] += 1
    total = Counter(level for level in levels if level >= 0)
    return [round(hits[level] / total[level], 3) for level in sorted(total)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=25)
    parser.add_argument("--method", choices=METHODS, action="append")
    options = parser.parse_args()
    texts, truth, levels = corpus(options.folder, options.copies)
    for name in options.method or METHODS:
        try:
            METHODS[name](texts[:50])  # imports are not counted
        except ImportError as error:
            print(json.dumps({"method": name, "skipped": str(error)}))
            continue
        began = time.process_time()
        groups = [list(group) for group in METHODS[name](texts)]
        seconds = time.process_time() - began
        print(
            json.dumps(
                {
                    "method": name,
                    **agreement(groups, truth),
                    "found": found_by_level(groups, truth, levels),
                    "texts": len(texts),
                    "words": round(sum(len(t.split()) for t in texts) / len(texts), 1),
                    "texts_per_second": round(len(texts) / seconds),
                }
            ),
            flush=True,
        )
    with (options.folder / "titleix_duplicates.csv").open(encoding="utf-8", newline="") as file:
        real = [row["text"] for row in csv.DictReader(file)]
    copies = Counter(key(text) for text in real)
    together = [list(group) for group in ours(real)]
    inside = {i for group in together for i in group}
    sent = [i for i, text in enumerate(real) if copies[key(text)] >= Config().campaign_minimum_size]
    print(
        json.dumps(
            {
                "real": "titleix_duplicates",
                "texts": len(real),
                "exact_duplicates": len(real) - len(copies),
                "campaigns": len(together),
                "in_campaigns": len(inside),
                "exact_copies_found": round(sum(i in inside for i in sent) / len(sent), 4),
                "largest": [len(group) for group in together[:8]],
            }
        )
    )


if __name__ == "__main__":
    main()
