"""Letters: answers that share most of their words, put together and counted.

An organised letter is sent a thousand times, with a greeting added, a sentence dropped, paragraphs
moved. One copy is analysed and carries the weight of all; what people added of their own is kept.

Two texts are the same letter when enough of the shorter one's runs of three words are in the other:
containment, as Yang and Callan 2005 do for rule-making comments, because Jaccard similarity loses
the people who added most. Runs that one text alone has are left out first: they cannot join two
texts, and in most answers they leave nothing to compare. Candidates come from MinHash (Broder 1997)
of the others; every candidate pair is then checked on all its runs. Groups are stars: each copy is
compared with the centre of its group, never only with another copy, so that a chain of half-similar
letters does not become one letter.

What many texts share may be no letter but its frame: a title and a name, thanks for the chance to
write. A letter is nearly all of what its centre says; of a frame's centre most is its own.

Answers too short to be letters are copies only when they are the same, courtesies aside:
``repeats`` of one answer, which weigh once like the copies of a letter.

All texts are read at once as one array of characters: words and runs are numbers from the start,
which makes this faster than MinHash libraries that want a set of strings for each text
(``benchmarks/letters.py``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.pipeline.config import Config

from .normalise import WORD, clean, composed, fold

Hashes = NDArray[np.uint64]
Integers = NDArray[np.int64]

# Texts are read in blocks of about this many characters: arrays that fit the processor's cache.
_BLOCK = 200_000
# A run of words is a number of this many bits; its text's place in the block is above them.
_RUN_BITS = 44
_ODD = np.uint64(0x9E3779B97F4A7C15)
_ODD_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
# Longer ones are letters as soon as three people sent them.
_LONGEST_REPEAT = 300
# Words of an answer, and letters of a word of it, in which a slip of a key is looked for.
_FEWEST_WITH_SLIP, _MOST_WITH_SLIP, _LEAST_WITH_SLIP = 4, 12, 5
_COURTESY = re.compile(
    r"^(?:(?:hello|hi|dear sir or madam|bonjour|please) )+"
    r"|(?: (?:please|pls|thanks?|thank you|thank you very much|merci|merci beaucoup|merci d avance"
    r"|svp|s il vous plait))+$"
)
# How much of what a letter's centre says the others say too, for few of them (each changed it) and
# for many, and what two texts share of the longer one to be copies where less is.
_COVERED, _COVERED_BY = (0.6, 0.85), (2, 10)
_COPIES = 0.85
_ALL_PAIRS = 400  # rows of a frame
# The same address pasted under different comments does not make them one letter.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")


@dataclass(frozen=True, slots=True)
class Letters:
    """Groups of indices, largest first, then by their centre's text. Each has its centre first.

    ``repeats`` are answers in no letter that several people gave in the same words.
    """

    groups: tuple[tuple[int, ...], ...]
    repeats: tuple[tuple[int, ...], ...] = ()

    @property
    def centre_of(self) -> dict[int, int]:
        """The centre of each copy, and the first of each answer that is repeated."""
        return {copy: group[0] for group in (*self.groups, *self.repeats) for copy in group[1:]}


def find(texts: Sequence[str], config: Config) -> Letters:
    """Letters among ``texts`` (masked or not), as groups of indices of at least
    ``campaign_minimum_size``.

    The order of ``texts`` does not change who is with whom as long as it is the same set. Texts of
    fewer than ``campaign_minimum_shingles`` runs are in no letter.
    """
    copies, names, sizes, runs = _distinct(texts, config)
    weights = np.asarray([len(own) for own in copies], dtype=np.int64)
    groups: list[tuple[int, ...]] = []
    for star in _stars(_Rows(names, weights, sizes, runs), config):
        members = [index for row in star for index in copies[row]]
        if len(members) >= config.campaign_minimum_size:
            centre = copies[star[0]][0]
            groups.append((centre, *sorted(index for index in members if index != centre)))
    groups.sort(key=lambda group: (-len(group), texts[group[0]]))
    return Letters(tuple(groups))


def find_repeats(
    texts: Sequence[str], languages: Sequence[str], letters: Letters
) -> tuple[tuple[int, ...], ...]:
    """Groups of indices of texts in no letter that are the same in one language, as ``Letters``
    has them. A few words that several gave are the same with a slip of a key in one of them.
    """
    taken = {index for group in letters.groups for index in group}
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, (text, language) in enumerate(zip(texts, languages, strict=True)):
        if index not in taken and len(text) <= _LONGEST_REPEAT:
            same[_said(text), language].append(index)
    _with_slips(same)
    groups = [tuple(group) for (said, _), group in same.items() if said and len(group) > 1]
    return tuple(sorted(groups, key=lambda group: (-len(group), texts[group[0]], group[0])))


def _with_slips(same: dict[tuple[str, str], list[int]]) -> None:
    """Put what differs from words that several gave by a slip of a key with those words."""
    several = sorted(
        (key for key, own in same.items() if len(own) > 1), key=lambda k: -len(same[k])
    )
    but_one: dict[tuple[object, ...], list[tuple[str, str]]] = defaultdict(list)
    for said, language in several:
        for gap, _word in _gaps(said):
            but_one[language, *gap].append((said, language))
    if not but_one:
        return
    for said, language in sorted(same):
        own = same[said, language]
        into = [
            known
            for gap, word in _gaps(said)
            for known in but_one.get((language, *gap), ())
            if len(same[known]) > len(own) and is_slip(word, known[0].split()[gap[0]])
        ]
        if into:
            # Towards what most wrote; chains end there.
            most = max(into, key=lambda known: (len(same[known]), known))
            same[most] = sorted([*same[most], *own])
            same[said, language] = []


def _gaps(said: str) -> Iterator[tuple[tuple[int, str, str], str]]:
    """Each longer word of a few, by its place and the words before and after it."""
    words = said.split()
    if _FEWEST_WITH_SLIP <= len(words) <= _MOST_WITH_SLIP:
        for at, word in enumerate(words):
            if len(word) >= _LEAST_WITH_SLIP:
                yield (at, " ".join(words[:at]), " ".join(words[at + 1 :])), word


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter, or by two that changed places, but not the first."""
    if one == other or one[0] != other[0] or abs(len(one) - len(other)) > 1:
        return False
    if one.isdigit() or other.isdigit():
        return False
    low, high = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), len(low))
    if len(low) < len(high):
        return low[at:] == high[at + 1 :]
    swapped = low[at + 1 : at + 2] + low[at : at + 1] + low[at + 2 :]
    return low[at + 1 :] == high[at + 1 :] or swapped == high[at:]


def _said(text: str) -> str:
    """The words of an answer as it is compared with others: folded, without courtesies around."""
    words = " ".join(WORD.findall(fold(clean(text))))
    if not words:
        return " ".join(text.split())  # a picture
    return _COURTESY.sub("", words) or words


def shingles(text: str, n: int) -> frozenset[int]:
    """The n-word runs of ``text``, as numbers; empty when it has fewer than n words.

    A number is the same in every process and for every n of the same words.
    """
    return shingles_of([text], n)[0]


def shingles_of(texts: Sequence[str], n: int) -> list[frozenset[int]]:
    """``shingles`` of many short texts, read at once."""
    runs, sizes = _runs(*_reader().words(texts), n)
    ends = np.cumsum(sizes).tolist()
    plain = runs.tolist()
    return [
        frozenset(plain[end - size : end]) for end, size in zip(ends, sizes.tolist(), strict=True)
    ]


# ---- words and runs of words as numbers


class _Reader:
    """Turns texts into hashes of their words. Remembers which characters are in words."""

    def __init__(self) -> None:
        self.in_word = np.full(0x110000, -1, dtype=np.int8)
        self.powers = self.inverse = np.ones(1, dtype=np.uint64)

    def words(self, texts: Sequence[str]) -> tuple[Hashes, Integers]:
        """The hash of every word in order, and how many words each text has.

        A word is a run of letters and digits, compatibility forms and case folded. Its hash is a
        polynomial of its characters, taken from sums over the whole block.
        """
        joined = "\n".join(map(_plain, texts))
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        if len(codes) == 0:
            return np.zeros(0, dtype=np.uint64), np.zeros(len(texts), dtype=np.int64)
        inside = self.in_word[codes]
        if inside.min() < 0:
            new = np.unique(codes[inside < 0])
            self.in_word[new] = [chr(code).isalnum() for code in new.tolist()]
            inside = self.in_word[codes]
        change = np.flatnonzero(np.diff(inside, prepend=0, append=0))
        begin, end = change[::2], change[1::2]
        if len(self.powers) <= len(codes):
            self.powers = _powers(_ODD, 2 * len(codes))
            self.inverse = _powers(_ODD_INVERSE, 2 * len(codes))
        sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum((codes + np.uint32(1)) * self.powers[: len(codes)], out=sums[1:])
        hashes = _mixed((sums[end] - sums[begin]) * self.inverse[begin])
        breaks = np.flatnonzero(codes == ord("\n"))
        bounds = np.searchsorted(begin, np.concatenate([[0], breaks, [len(codes)]]))
        return hashes, np.diff(bounds)


@lru_cache(maxsize=1)
def _reader() -> _Reader:
    return _Reader()


def _plain(text: str) -> str:
    """``text`` on one line, folded; most need nothing but lower case."""
    text = composed(text, "NFKC")
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(" ", text)
    return text.casefold().replace("\n", " ")


def _powers(base: np.uint64, n: int) -> Hashes:
    found = np.full(n, base, dtype=np.uint64)
    found[0] = 1
    return np.multiply.accumulate(found)


def _mixed(values: Hashes) -> Hashes:
    """Every bit of the result depends on every bit of the value (Stafford's mixer)."""
    values = (values ^ (values >> np.uint64(30))) * _MIX
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values


def _runs(hashes: Hashes, counts: Integers, n: int) -> tuple[Hashes, Integers]:
    """The distinct runs of n words of each text of a block, and how many each has."""
    text = np.repeat(np.arange(len(counts)), counts)
    last = len(hashes) - n + 1
    if last < 1:
        return np.zeros(0, dtype=np.uint64), np.zeros(len(counts), dtype=np.int64)
    run = np.zeros(last, dtype=np.uint64)
    for offset in range(n):
        run = run * _ODD + hashes[offset : last + offset]
        run ^= run >> np.uint64(29)
    whole = text[:last] == text[n - 1 :]
    run = _mixed(run[whole]) >> np.uint64(64 - _RUN_BITS)
    run |= text[:last][whole].astype(np.uint64) << np.uint64(_RUN_BITS)
    run.sort()
    run = run[np.diff(run, prepend=run[:1] + np.uint64(1)) != 0]
    sizes = np.bincount((run >> np.uint64(_RUN_BITS)).astype(np.int64), minlength=len(counts))
    return run & np.uint64((1 << _RUN_BITS) - 1), sizes


def _names(hashes: Hashes, counts: Integers) -> Hashes:
    """One number for the words of each text in their order: equal for exact copies only."""
    start = np.cumsum(counts) - counts
    place = np.arange(len(hashes)) - np.repeat(start, counts)
    placed = _mixed(hashes + _mixed((place + 1).astype(np.uint64)))
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(placed, dtype=np.uint64)])
    found: Hashes = sums[start + counts] - sums[start]
    return found


def _blocks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start, length = 0, 0
    for index, text in enumerate(texts):
        length += len(text)
        if length >= _BLOCK:
            yield start, index + 1
            start, length = index + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _distinct(
    texts: Sequence[str], config: Config
) -> tuple[list[list[int]], Hashes, Integers, Hashes]:
    """Texts long enough to be letters, exact copies once: (their indices, a number for the words
    of each, how many distinct runs each has, all those runs).
    """
    reader = _reader()
    row_of: dict[int, int] = {}
    copies: list[list[int]] = []
    sizes: list[Integers] = []
    parts: list[Hashes] = []
    for start, end in _blocks(texts):
        hashes, counts = reader.words(texts[start:end])
        runs, size = _runs(hashes, counts, config.campaign_shingle_words)
        new = np.zeros(end - start, dtype=bool)
        long = size >= config.campaign_minimum_shingles
        names = _names(hashes, counts).tolist()
        for place in np.flatnonzero(long).tolist():
            row = row_of.setdefault(names[place], len(copies))
            if row == len(copies):
                copies.append([])
                new[place] = True
            copies[row].append(start + place)
        sizes.append(size[new])
        parts.append(runs[np.repeat(new, size)])
    empty = np.zeros(0, dtype=np.uint64)
    return (
        copies,
        np.fromiter(row_of, dtype=np.uint64, count=len(row_of)),
        np.concatenate([*sizes, empty.astype(np.int64)]),
        np.concatenate([*parts, empty]),
    )


# ---- candidates, pairs, stars


class _Rows:
    """Distinct texts and the runs they share with others.

    ``rows`` are the numbers of the texts that share enough to be in a letter; ``matrix`` has one
    row for each of them and ones where it has a run.
    """

    def __init__(self, names: Hashes, weights: Integers, sizes: Integers, runs: Hashes) -> None:
        self.names, self.weights, self.sizes, self.runs = names, weights, sizes, runs

    def shared(self, least: float) -> tuple[Integers, sparse.csr_matrix]:
        """(rows with at least ``least`` runs that another one has, rows by shared runs)."""
        again = np.sort(self.runs)
        again = again[1:][again[1:] == again[:-1]]
        known = again[np.diff(again, prepend=again[:1] + np.uint64(1)) != 0]
        del again
        if len(known) == 0:
            return np.zeros(0, dtype=np.int64), sparse.csr_matrix((0, 0), dtype=np.float32)
        column = np.empty(len(self.runs), dtype=np.int32)
        kept = np.empty(len(self.runs), dtype=bool)
        for start in range(0, len(self.runs), 1 << 20):
            block = self.runs[start : start + (1 << 20)]
            at = np.minimum(np.searchsorted(known, block), len(known) - 1)
            column[start : start + len(block)] = at
            kept[start : start + len(block)] = known[at] == block
        row = np.repeat(np.arange(len(self.sizes), dtype=np.int32), self.sizes)
        n = np.bincount(row[kept], minlength=len(self.sizes))
        enough = n >= least
        kept &= enough[row]
        rows = np.flatnonzero(enough)
        starts = np.concatenate([[0], np.cumsum(n[rows])])
        column = column[kept]
        ones = np.ones(len(column), dtype=np.float32)
        return rows, sparse.csr_matrix((ones, column, starts), shape=(len(rows), len(known)))


def _stars(texts: _Rows, config: Config) -> list[list[int]]:
    """Groups of rows, each with its centre first; rows alone are groups of one."""
    least = float(needed(np.asarray([config.campaign_minimum_shingles]), config)[0])
    rows, matrix = texts.shared(least)
    alone = np.ones(len(texts.sizes), dtype=bool)
    alone[rows] = False
    stars = [[row] for row in np.flatnonzero(alone).tolist()]
    if len(rows) == 0:
        return stars
    sizes, weights = texts.sizes[rows], texts.weights[rows]
    # What people sent most often, then what has most in common with others and least of its own:
    # likely the letter itself, not somebody's story with the letter below. The names settle ties,
    # so that the order of the texts does not.
    shared = np.diff(matrix.indptr)
    order = np.lexsort((texts.names[rows], sizes - 2 * shared, -weights))
    first, second = _candidates(matrix, order, config)
    same = _overlap(matrix, first, second) >= needed(
        np.minimum(sizes[first], sizes[second]), config
    )
    first, second = first[same], second[same]
    n = len(rows)
    graph = sparse.coo_matrix((np.ones(len(first)), (first, second)), shape=(n, n))
    _, component = sparse.csgraph.connected_components(graph, directed=False)
    # Texts a row speaks for: its own copies and those of the rows next to it.
    voices = (
        weights + np.bincount(first, weights[second], n) + np.bincount(second, weights[first], n)
    )
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    members: dict[int, list[int]] = defaultdict(list)
    for i in np.lexsort((place, -voices)).tolist():
        members[int(component[i])].append(i)
    for group in members.values():
        left = np.asarray(group)
        while len(left):
            centre, others = left[0], left[1:]
            shared = _overlap(matrix, np.full(len(others), centre), others)
            near = shared >= needed(np.minimum(sizes[others], sizes[centre]), config)
            least = np.interp(near.sum(), _COVERED_BY, _COVERED) * sizes[centre]
            if not near.any() or _covered(matrix, centre, others[near]) >= least:
                stars.append(rows[[centre, *others[near]]].tolist())
                left = others[~near]
                continue
            # A frame: what is left of the group are copies of each other, or nobody's letter.
            stars += [rows[star].tolist() for star in _copies(matrix, sizes, left, first, second)]
            break
    return stars


def _covered(matrix: sparse.csr_matrix, centre: int, others: Integers) -> int:
    """How many runs of the centre another one has."""
    said = np.asarray(matrix[others].sum(axis=0)).ravel()
    return int((said[matrix[centre].indices] > 0).sum())


def _copies(
    matrix: sparse.csr_matrix, sizes: Integers, group: Integers, first: Integers, second: Integers
) -> list[Integers]:
    """The rows of ``group`` in groups that share nearly all they say.

    Of a large one only the candidate pairs are looked at.
    """
    if len(group) <= _ALL_PAIRS:
        above, below = np.triu_indices(len(group), 1)
        first, second = group[above], group[below]
    else:
        inside = np.zeros(len(sizes), dtype=bool)
        inside[group] = True
        both = inside[first] & inside[second]
        first, second = first[both], second[both]
    longer = np.maximum(sizes[first], sizes[second])
    near = _overlap(matrix, first, second) >= _COPIES * longer
    graph = sparse.coo_matrix(
        (np.ones(int(near.sum())), (first[near], second[near])), shape=(len(sizes), len(sizes))
    )
    _, component = sparse.csgraph.connected_components(graph, directed=False)
    found: dict[int, list[int]] = defaultdict(list)
    for row in group.tolist():
        found[int(component[row])].append(row)
    return [np.asarray(rows) for rows in found.values()]


def needed(shorter: Integers, config: Config) -> NDArray[np.float64]:
    """Runs two texts must share, from the number of runs of the shorter one.

    Four fifths of the shortest ones, because people who answer the same short question use the same
    few words; half at twenty runs; ``campaign_containment`` from fifty on, where nothing is shared
    by chance. A changed word breaks three runs: two fifths of the runs are three quarters of the
    words.
    """
    least = config.campaign_minimum_shingles
    share = config.campaign_containment
    curve = np.interp(shorter, (least, least + 12, least + 42), (0.8, max(0.5, share), share))
    needed: NDArray[np.float64] = np.maximum(curve, share) * shorter
    return needed


def _candidates(
    matrix: sparse.csr_matrix, order: Integers, config: Config
) -> tuple[Integers, Integers]:
    """Pairs of rows that agree in two MinHash values, each pair once, the earlier in ``order``
    first.

    Of all rows that agree in a value, each is paired with the first in order, so that a letter of a
    thousand copies makes thousands of pairs, not a million. One value alone agrees by chance.
    """
    n, known = matrix.shape
    generator = np.random.default_rng(2005)
    runs = _mixed(np.arange(known, dtype=np.uint64))
    found: list[Integers] = []
    for factor in generator.integers(1, 1 << 63, config.campaign_permutations).tolist():
        permuted = (_mixed(runs * np.uint64(factor | 1)) >> np.uint64(32)).astype(np.uint32)
        least = np.minimum.reduceat(permuted[matrix.indices], matrix.indptr[:-1])
        # Value above, place in order below: one sort puts rows that agree together, first first.
        keyed = (least[order].astype(np.uint64) << np.uint64(32)) | np.arange(n, dtype=np.uint64)
        keyed.sort()
        place = (keyed & np.uint64(0xFFFFFFFF)).astype(np.int64)
        starts = np.diff(keyed >> np.uint64(32), prepend=np.uint64(1 << 40)) != 0
        head = np.maximum.accumulate(np.where(starts, np.arange(n), 0))
        found.append((place[head] * n + place)[~starts])
    pairs = np.concatenate(found)
    del found
    pairs.sort()
    # Kept where a pair ends that began at least once before: agreement in two values or more.
    pairs = pairs[1:][(pairs[1:] == pairs[:-1]) & np.append(pairs[2:] != pairs[1:-1], True)]
    return order[pairs // n], order[pairs % n]


def _overlap(matrix: sparse.csr_matrix, first: Integers, second: Integers) -> NDArray[np.float64]:
    """Runs shared by each pair of rows, in blocks so that memory stays flat."""
    parts = [
        np.asarray(
            matrix[first[start : start + 20_000]]
            .multiply(matrix[second[start : start + 20_000]])
            .sum(axis=1)
        ).ravel()
        for start in range(0, len(first), 20_000)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)
