"""Which answers of a group say the same: copies of a letter, and what several people wrote in the
same words. One is shown for all, says how many it stands for, and can be opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from analysis.review.models import AnalysisRun, Assignment, Passage
from analysis.review.selectors.letters import campaigns_of, repeats_of


@dataclass(frozen=True, slots=True)
class Same:
    """Answers of a group that say the same; the first is shown. Of copies of a letter
    (``is_letter``) only the passages word for word alike are told once: people add to letters."""

    answers: tuple[int, ...]
    is_letter: bool

    @property
    def shown(self) -> int:
        """The answer that stands for all."""
        return self.answers[0]

    @property
    def copies(self) -> tuple[int, ...]:
        """The answers it stands for, beside itself."""
        return self.answers[1:]


def same_in(run: AnalysisRun | None, rows: QuerySet[Assignment]) -> list[Same]:
    """What is said more than once in the passages of a group; withdrawn answers are not there."""
    said = [Same(tuple(ids), True) for ids in campaigns_of(run).values()]
    said += [Same(tuple(ids), False) for ids in repeats_of(run)]
    named = {answer for each in said for answer in each.answers}
    if not named:
        return []
    there = set(
        rows.order_by()
        .filter(passage__answer_id__in=_ids(named))
        .values_list("passage__answer_id", flat=True)
    )
    found = (Same(tuple(a for a in s.answers if a in there), s.is_letter) for s in said)
    return [each for each in found if len(each.answers) > 1]


def once(rows: QuerySet[Assignment], same: Sequence[Same]) -> QuerySet[Assignment]:
    """The rows without those that another one stands for."""
    for is_letter in (True, False):
        some = [each for each in same if each.is_letter == is_letter]
        copies = [answer for each in some for answer in each.copies]
        if not copies:
            continue
        if is_letter:
            shown = rows.filter(passage__answer_id__in=_ids(each.shown for each in some))
            rows = rows.exclude(
                passage__answer_id__in=_ids(copies),
                passage__text__in=shown.order_by().values("passage__text"),
            )
        else:
            rows = rows.exclude(passage__answer_id__in=_ids(copies))
    return rows


def those_like(
    rows: QuerySet[Assignment], same: Iterable[Same], passage: Passage
) -> QuerySet[Assignment]:
    """The rows one passage stands for, its own among them."""
    for each in same:
        if passage.answer_id in each.answers:
            found = rows.filter(passage__answer_id__in=_ids(each.answers))
            return found.filter(passage__text=passage.text) if each.is_letter else found
    return rows.filter(passage=passage)


def stood_for(
    run: AnalysisRun | None, rows: QuerySet[Assignment], passages: Collection[Passage]
) -> list[Passage]:
    """The passages of a group that these stand for, themselves among them."""
    same = same_in(run, rows)
    many = {answer for each in same for answer in each.answers}
    found = {passage.pk: passage for passage in passages}
    for passage in passages:
        if passage.answer_id not in many:
            continue
        alike = [
            row.passage for row in those_like(rows, same, passage).select_related("passage__answer")
        ]
        place = _places(alike)
        own = place.get(passage.pk, 0)
        found |= {each.pk: each for each in alike if place[each.pk] == own}
    return list(found.values())


def _ids(numbers: Iterable[int]) -> RawSQL:
    """Numbers as one value: of a hundred thousand copies each would be one in the query else."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(numbers)])


def _places(passages: Iterable[Passage]) -> dict[int, int]:
    """Which of its answer's passages each is: people who wrote the same are cut the same."""
    by_answer: dict[int, list[Passage]] = {}
    for passage in passages:
        by_answer.setdefault(passage.answer_id, []).append(passage)
    return {
        passage.pk: at
        for some in by_answer.values()
        for at, passage in enumerate(sorted(some, key=lambda each: each.start))
    }
