"""Letters that many people sent, as staff see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analysis.review.enums import RunStatus
from analysis.review.models import AnalysisRun, Assignment
from analysis.review.selectors.members import OTHER, written_languages
from feedback.answering.models import Answer

_SHOWN_WORDS = 45


def campaigns_of(run: AnalysisRun | None) -> dict[str, list[int]]:
    """The answers of each letter campaign a run found, and of those added to it since, by its
    code; gone ones included."""
    if run is None:
        return {}
    found: dict[str, list[int]] = {}
    for one in (run, *run.additions.filter(status=RunStatus.SUCCEEDED).order_by("pk")):
        for campaign in one.campaigns:
            found.setdefault(campaign["code"], []).extend(campaign["answers"])
    return found


def repeats_of(run: AnalysisRun | None) -> list[list[int]]:
    """The answers that several people gave in the same words, a list for each; gone ones
    included."""
    return [] if run is None else list(run.repeats)


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter of which at least two copies stand. ``text`` is how one begins, masked; ``linked``
    is the code of a letter in the other language the machine takes for its translation, "" for
    none, and ``percent`` how alike the two are."""

    code: str
    letters: int
    by_language: dict[str, int]
    text: str
    language: str
    linked: str
    percent: int


def letters_in(run: AnalysisRun) -> list[LetterView]:
    """The letters a run found, most sent first; withdrawn copies neither counted nor shown."""
    named = {answer for campaign in run.campaigns for answer in campaign["answers"]}
    standing = Answer.objects.standing().filter(pk__in=named).values_list("pk", flat=True)
    written = written_languages(run.question, named)
    languages = {answer: written.get(answer, OTHER) for answer in standing}
    copies = {c["code"]: [a for a in c["answers"] if a in languages] for c in run.campaigns}
    known = {c["code"]: c for c in run.campaigns if len(copies[c["code"]]) > 1}
    shown = {
        code: c["representative"] if c.get("representative") in languages else copies[code][0]
        for code, c in known.items()
    }
    texts: dict[int, list[str]] = {}
    spoken: dict[int, Counter[str]] = {}
    # What the run said, which is one row a passage; the codebook has rows of its own. What was
    # added to a run stands among that run's.
    for answer, text, language in (
        Assignment.objects.of_machine()
        .filter(run=run.extends_id or run.pk, passage__answer_id__in=shown.values())
        .order_by("passage__answer_id", "passage__start")
        .values_list("passage__answer_id", "passage__text", "passage__language")
    ):
        texts.setdefault(answer, []).extend(text.split())
        spoken.setdefault(answer, Counter())[language] += len(text)
    found: list[LetterView] = []
    for code, campaign in known.items():
        said = texts.get(shown[code], [])
        heard = spoken.get(shown[code], Counter())
        linked = campaign.get("linked") or ""
        found.append(
            LetterView(
                code=code,
                letters=len(copies[code]),
                by_language=dict(Counter(languages[a] for a in copies[code]).most_common()),
                text=" ".join(said[:_SHOWN_WORDS]) + (" …" if len(said) > _SHOWN_WORDS else ""),
                language=heard.most_common(1)[0][0] if heard else "",
                linked=linked if linked in known else "",
                percent=round(100 * (campaign.get("link_score") or 0)),
            )
        )
    return sorted(found, key=lambda letter: (-letter.letters, letter.code))
