"""Which questions stand on which page."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.asking.models import Question


@dataclass(frozen=True, slots=True)
class Page:
    """One page of questions, counted from 1."""

    number: int
    title: str
    questions: tuple[Question, ...]


def pages_of(questions: list[Question], title: str) -> list[Page]:
    """A question with a page title starts a page; ``title`` stands where the first has none."""
    groups: list[list[Question]] = []
    for question in questions:
        if not groups or question.page_title:
            groups.append([])
        groups[-1].append(question)
    return [
        Page(number, group[0].page_title or title, tuple(group))
        for number, group in enumerate(groups, start=1)
    ]
