"""What the parity rules say of the drafts of a pair."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import ValidationError

from cms.publishing.faces import face_of
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import (
    LANGUAGES,
    Code,
    ParityError,
    Problem,
    Verdict,
    face_problems,
    stale_problem,
)
from cms.publishing.selectors import Pair, pair_of


def pair_verdict(*, page: PairedPage) -> Verdict:
    """Whether the newest drafts of this page and its counterpart may be published, or why not."""
    try:
        pair = pair_of(page)
    except ParityError as refusal:
        return Verdict(refusal.problems)
    return verdict_of(pair, {p.language: _draft(p) for p in pair.pages})


def _draft(page: PairedPage) -> PairedPage:
    return cast(PairedPage, page.get_latest_revision_as_object())


def verdict_of(pair: Pair, drafts: dict[str, PairedPage]) -> Verdict:
    english, french = drafts["en"], drafts["fr"]
    problems = [
        *_place_problems(pair),
        *english.pair_problems(french),
        *_invalid(english),
        *_invalid(french),
        *face_problems(face_of(english), face_of(french)),
    ]
    if (english.go_live_at, english.expire_at) != (french.go_live_at, french.expire_at):
        problems.append(Problem(Code.SCHEDULE))
    if pair.english.live:
        problems += stale_problem(
            {p.language: face_of(drafts[p.language]) != face_of(p) for p in pair.pages}
        )
    # A required field left empty is one thing to mend, not two.
    invalid = {(p.language, p.label) for p in problems if p.code == Code.INVALID}
    return Verdict(
        tuple(
            problem
            for problem in dict.fromkeys(problems)
            if problem.code != Code.EMPTY or (problem.language, problem.label) not in invalid
        )
    )


def _place_problems(pair: Pair) -> list[Problem]:
    parents = [page.get_parent().specific for page in pair.pages]
    paired = [parent for parent in parents if isinstance(parent, PairedPage)]
    if not paired and parents[0].pk == parents[1].pk:
        return []
    if len(paired) != 2 or paired[0].translation_key != paired[1].translation_key:
        return [Problem(Code.PARENT)]
    if [parent.language for parent in paired] != list(LANGUAGES):
        return [Problem(Code.PARENT)]
    if pair.english.needs_live_parent and not all(parent.live for parent in paired):
        return [Problem(Code.PARENT_NOT_LIVE)]
    return []


def _invalid(draft: PairedPage) -> list[Problem]:
    """What Wagtail would refuse: required fields left empty while drafting, a slug twice."""
    try:
        draft.full_clean()
    except ValidationError as error:
        return [
            Problem(
                Code.INVALID,
                language=draft.language,
                label=_label(draft, name),
                detail=" ".join(messages),
            )
            for name, messages in error.message_dict.items()
        ]
    return []


def _label(page: PairedPage, name: str) -> str:
    try:
        return str(page._meta.get_field(name).verbose_name)
    except Exception:  # A remark on the page as a whole.
        return str(page.title)
