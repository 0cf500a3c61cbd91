"""What an attacker works out of a table, by the bounds of linear programming."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Row:
    """One group of people by column. ``total`` is what is published of their number, None where
    nothing is; ``may_show`` is False for a row of which no count is to be published."""

    cells: tuple[int, ...]
    total: int | None
    may_show: bool = True


@dataclass(frozen=True, slots=True)
class Audit:
    """What an attacker works out of a table, by the bounds of linear programming."""

    rows: Sequence[Row]
    everyone: Sequence[int]
    rest: Sequence[int]
    whole: Sequence[int | None]
    smallest: int
    is_small: Callable[[int], bool]
    # Hiding more only leaves more to guess: whoever was safe once needs no second look.
    safe: set[tuple[str, int, int]] = field(default_factory=set)

    def first_pinned(self, shown: Sequence[Sequence[int | None]]) -> tuple[int, int] | None:
        """(row, column) of a small group with fewer than ``smallest`` possible sizes; row -1 is
        those in no row. None where there is none."""
        # A fifth of a second and some forty megabytes, which no page of the site has to wait for.
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        width = len(self.everyone)
        names: dict[tuple[str, int, int], int] = {}

        def variable(kind: str, i: int, j: int) -> int:
            return names.setdefault((kind, i, j), len(names))

        equations: list[tuple[dict[int, float], float]] = []
        people = sum(self.everyone)
        columns: list[dict[int, float]] = [{} for _ in range(width)]
        sums = [0.0] * width
        for i, (row, cells) in enumerate(zip(self.rows, shown, strict=True)):
            mine = {}
            for j, n in enumerate(cells):
                if n is None:
                    mine[variable("x", i, j)] = 1.0
                    columns[j][variable("x", i, j)] = 1.0
                else:
                    sums[j] += n
            if mine and row.total is not None:
                equations.append((mine, row.total - sum(n for n in cells if n is not None)))
        over = [
            sum(row.cells[j] for row in self.rows) + self.rest[j] - self.everyone[j]
            for j in range(width)
        ]
        for j in range(width):
            columns[j][variable("rest", 0, j)] = 1.0
            columns[j][variable("over", 0, j)] = -1.0
            if self.whole[j] is None:
                columns[j][variable("all", 0, j)] = -1.0
                equations.append((columns[j], -sums[j]))
            else:
                equations.append((columns[j], self.everyone[j] - sums[j]))
        totals = {"all": people - sum(n for n in self.whole if n is not None)}
        if all(row.total is not None for row in self.rows):
            totals |= {"rest": sum(self.rest), "over": sum(over)}
        for kind, total in totals.items():
            mine = {at: 1.0 for (name, _, _), at in names.items() if name == kind}
            if mine:
                equations.append((mine, total))
        matrix = csr_array(
            (
                [factor for terms, _ in equations for factor in terms.values()],
                (
                    [line for line, (terms, _) in enumerate(equations) for _ in terms],
                    [at for terms, _ in equations for at in terms],
                ),
            ),
            shape=(len(equations), len(names)),
        )
        right = [value for _, value in equations]
        bounds = [(0.0, None if kind == "over" else float(self._top(j))) for kind, _, j in names]
        for target in self._targets(shown):
            if target in self.safe or self._can_move(target, shown, over):
                continue
            kind, i, j = target
            ends = []
            for sign in (1.0, -1.0):
                cost = [0.0] * len(names)
                cost[names[target]] = sign
                found = linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
                if found.x is None:
                    raise ArithmeticError("a table contradicts itself")
                ends.append(float(found.x[names[target]]))
            low, high = ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)
            if high - low + 1 < self.smallest:
                return (-1 if kind == "rest" else i), j
            self.safe.add(target)
        return None

    def _can_move(
        self, target: tuple[str, int, int], shown: Sequence[Sequence[int | None]], over: list[int]
    ) -> bool:
        """Whether a hidden count can be seen to have enough possible values without solving for
        them: so many people go over to other hidden counts of the row, and in these columns those
        counted twice, those in no row, or the hidden counts of all make up for it. Nearly all of a
        large table is so, and solving takes seconds there."""
        kind, i, j = target
        if kind != "x" or self.rows[i].total is None:
            return False
        cells, rest, top = self.rows[i].cells, self.rest, self._top
        others = [k for k, n in enumerate(shown[i]) if n is None and k != j]
        loose = [k for k in others if self.whole[j] is None and self.whole[k] is None]
        up = max(
            sum(min(cells[k], over[k]) for k in others),
            min(sum(cells[k] for k in loose), top(j) - self.everyone[j]),
            max((min(cells[k], rest[j], top(k) - rest[k]) for k in others), default=0),
        )
        down = max(
            min(sum(top(k) - cells[k] for k in others), over[j]),
            max((min(top(k) - cells[k], top(k) - self.everyone[k]) for k in loose), default=0),
            max((min(top(k) - cells[k], rest[k], top(j) - rest[j]) for k in others), default=0),
        )
        return min(up, top(j) - cells[j]) + min(down, cells[j]) + 1 >= self.smallest

    def _top(self, column: int) -> int:
        known = self.whole[column]
        if known is not None:
            return known
        return sum(self.everyone) - sum(n for n in self.whole if n is not None)

    def _targets(self, shown: Sequence[Sequence[int | None]]) -> Iterable[tuple[str, int, int]]:
        for j, n in enumerate(self.rest):
            if 0 < n < self.smallest:
                yield "rest", 0, j
        for i, (row, cells) in enumerate(zip(self.rows, shown, strict=True)):
            for j, n in enumerate(row.cells):
                if cells[j] is None and (self.is_small(n) or self.is_small(self.everyone[j] - n)):
                    yield "x", i, j
