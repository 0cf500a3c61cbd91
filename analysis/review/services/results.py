"""What the pipeline found, as rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from analysis.review.enums import RunStatus, SetAsideReason, Source, ThemeStatus
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    CandidateTheme,
    Passage,
    RunState,
    SetAsideAnswer,
    Theme,
)
from analysis.review.models.themes import EMERGENT
from analysis.review.selectors.members import by_language, written_languages
from analysis.review.selectors.resemblance import resemblances
from analysis.review.services.chunks import run_clear
from analysis.review.services.leases import LeaseLost, run_held
from feedback.answering.selectors.answers import corpus_ids
from feedback.asking.models import Question

if TYPE_CHECKING:
    from analysis.pipeline import (
        Extension,
        LetterCampaign,
        PassageAssignment,
        Result,
        ThemeProposal,
        ThemeState,
    )

    Place = tuple[str, int, int]

BATCH = 2_000
NAME_LENGTH = 120


def run_store_result(*, run: AnalysisRun, result: Result, state: ThemeState | None = None) -> None:
    """Write everything a run found in one transaction, and end it as succeeded.

    ``run`` is as this worker claimed it. What was withdrawn while the run worked is left out. No
    theme and no assignment made by people is touched. ``state`` is what new answers will need.
    Raises LeaseLost where the run is no longer this worker's; then nothing is written.
    """
    _in_one_transaction(partial(_store, run, result, state))


def addition_store_result(*, run: AnalysisRun, extension: Extension) -> None:
    """Write where new answers belong among the themes of the run they are added to, as above.

    What the machine says becomes rows of that run, marked with the one that added them; what fits
    no theme may make new proposals. A passage that falls into a proposal people accepted joins the
    theme it became, as if it had been there then.
    """
    _in_one_transaction(partial(_store_addition, run, extension))


def _in_one_transaction(write: Callable[[], None]) -> None:
    for attempt in range(3):
        try:
            with transaction.atomic():
                write()
        except IntegrityError as error:
            # An answer was withdrawn between our reading and our commit. Read again.
            if "answering_answer" not in str(error) or attempt == 2:
                raise
        else:
            return


def _store(run: AnalysisRun, result: Result, state: ThemeState | None) -> None:
    if run_held(run).select_for_update().first() is None:
        raise LeaseLost
    standing = {str(answer) for answer in corpus_ids(run.question)}
    # What was not grouped is read in the order of its likeness: rows are read in the order written.
    at = {answer: place for place, answer in enumerate(result.order)}
    rows = [row for row in result.assignments if row.document_id in standing]
    rows.sort(key=lambda row: at.get(row.document_id, len(at)))
    passages = _passages(rows)
    candidates = {
        proposal.code: _candidate(run, rank, proposal, passages)
        for rank, proposal in enumerate(result.themes)
    }
    CandidateTheme.objects.bulk_create(candidates.values(), batch_size=BATCH)

    Assignment.objects.bulk_create(_assignments(run, rows, passages, candidates), batch_size=BATCH)
    for candidate, (theme, index) in resemblances(run).items():
        CandidateTheme.objects.filter(pk=candidate).update(resembles=theme, resemblance=index)

    if state is not None:
        RunState.objects.filter(run__question=run.question_id).delete()
        RunState.objects.create(run=run, payload=state.to_bytes())
    _end(
        run,
        rows,
        standing,
        result,
        metrics=result.metrics,
        campaigns=[_campaign(campaign.code, campaign) for campaign in result.campaigns],
        confidence=result.confidence.to_values(),
        repeats=[list(map(int, repeat.document_ids)) for repeat in result.repeats],
        naming=[{"why": asdict(why)} for why in result.naming],
    )


def _store_addition(run: AnalysisRun, extension: Extension) -> None:
    base = run.extends
    if base is None or run_held(run).select_for_update().first() is None:
        raise LeaseLost
    # Reviewers of the question and we take turns; see services.codebook.
    Question.objects.select_for_update(no_key=True).get(pk=run.question_id)
    standing = {str(answer) for answer in corpus_ids(run.question)}
    rows = [row for row in extension.assignments if row.document_id in standing]
    passages = _passages(rows)
    known = {candidate.code: candidate for candidate in base.candidates.select_related("theme")}
    met = sum(code.startswith(EMERGENT) for code in known)
    emergent = {
        proposal.code: _candidate(
            base, len(known) + rank, proposal, passages, f"{EMERGENT}{met + rank}"
        )
        for rank, proposal in enumerate(extension.emergent, start=1)
    }
    CandidateTheme.objects.bulk_create(emergent.values(), batch_size=BATCH)
    said = _assignments(base, rows, passages, known | emergent, run)
    Assignment.objects.bulk_create(said, batch_size=BATCH)
    placed = _place(said, known)
    letters: dict[str, list[int]] = {}
    for answer, code in extension.joined.items():
        if answer in standing:
            letters.setdefault(code, []).append(int(answer))
    _end(
        run,
        rows,
        standing,
        extension,
        metrics={
            **extension.metrics,
            "passages_placed": placed,
            "emergent": len(emergent),
            "letters_joined": sum(map(len, letters.values())),
        },
        # A letter the run knew keeps its code; one among the new answers gets one of its own.
        campaigns=[{"code": code, "answers": answers} for code, answers in letters.items()]
        + [
            _campaign(f"{run.pk}{campaign.code}", campaign)
            for campaign in extension.campaigns
            if not set(campaign.document_ids) <= extension.joined.keys()
        ],
    )


def _place(said: list[Assignment], known: Mapping[str, CandidateTheme]) -> int:
    """Put new passages into the themes their proposals became; returns how many. One the codebook
    has already stays where people left it."""
    themes: dict[int, Theme] = {}
    for candidate in known.values():
        theme = candidate.theme
        above = known.get(candidate.parent_code)
        if above is not None and (theme is None or theme.status == ThemeStatus.DISMISSED):
            # The passages of a part that is not a theme are those of the theme it is a part of.
            theme = above.theme
        if theme is not None:
            themes[candidate.pk] = theme
    there = set(
        Assignment.objects.in_codebook()
        .filter(passage__in=[row.passage for row in said])
        .values_list("passage_id", flat=True)
    )
    new = [
        Assignment(
            passage=row.passage,
            theme=themes[row.candidate_id],
            run=row.run,
            addition=row.addition,
            source=Source.MACHINE,
            is_main=row.is_main,
            score=row.score,
        )
        for row in said
        if row.candidate_id in themes and row.passage.pk not in there
    ]
    Assignment.objects.bulk_create(new, batch_size=BATCH)
    return len(new)


def _passages(rows: Iterable[PassageAssignment]) -> dict[Place, Passage]:
    """The passages of these rows, written or found where another run has cut the same."""
    passages = {
        (row.document_id, row.start, row.end): Passage(
            answer_id=int(row.document_id),
            start=row.start,
            end=row.end,
            text=row.text,
            language=row.language,
        )
        for row in rows
    }
    Passage.objects.bulk_create(
        passages.values(),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["answer", "start", "end"],
        update_fields=["text", "language"],
    )
    return passages


def _assignments(
    run: AnalysisRun,
    rows: Iterable[PassageAssignment],
    passages: Mapping[Place, Passage],
    candidates: Mapping[str, CandidateTheme],
    addition: AnalysisRun | None = None,
) -> list[Assignment]:
    assignments = {}
    for row in rows:
        key = (row.document_id, row.start, row.end)
        assignments[key] = Assignment(
            passage=passages[key],
            run=run,
            addition=addition,
            candidate=candidates[row.theme] if row.theme is not None else None,
            source=Source.MACHINE,
            is_main=row.main,
            score=min(max(row.score, 0.0), 1.0),
            reason=row.reason or "",
        )
    return list(assignments.values())


def _end(
    run: AnalysisRun,
    rows: Iterable[PassageAssignment],
    standing: set[str],
    found: Result | Extension,
    **fields: Any,
) -> None:
    """Say that the run has succeeded, over what, and what it could not process."""
    met = {int(row.document_id) for row in rows}
    run_held(run).update(
        status=RunStatus.SUCCEEDED,
        finished_at=timezone.now(),
        stage="",
        progress=1.0,
        config=dict(found.config),
        corpus_digest=found.corpus_digest,
        document_count=len(met),
        documents_by_language=by_language(met, written_languages(run.question, met)),
        versions=dict(found.versions),
        timings=dict(found.timings),
        masked=dict(found.masked),
        **fields,
    )
    SetAsideAnswer.objects.bulk_create(
        (
            SetAsideAnswer(
                run=run,
                answer_id=int(answer),
                reason=_why(why),
                detail="" if why == SetAsideReason.TOO_LONG else why[:100],
            )
            for answer, why in found.set_aside.items()
            # Set aside by the run itself: what a chunk found has its row and its reason.
            if (why == SetAsideReason.TOO_LONG or why not in SetAsideReason.values)
            and answer in standing
        ),
        ignore_conflicts=True,
    )
    run_clear(run.pk)


def _campaign(code: str, campaign: LetterCampaign) -> dict[str, Any]:
    return {
        "code": code,
        "representative": int(campaign.representative),
        "answers": [int(answer) for answer in campaign.document_ids],
        "languages": campaign.languages,
        "linked": campaign.linked,
        "link_score": campaign.link_score,
    }


def _candidate(
    run: AnalysisRun,
    rank: int,
    proposal: ThemeProposal,
    passages: Mapping[Place, Passage],
    code: str = "",
) -> CandidateTheme:
    return CandidateTheme(
        run=run,
        code=code or proposal.code,
        parent_code=proposal.parent or "",
        rank=rank,
        name_en=_clipped(proposal.name_en),
        name_fr=_clipped(proposal.name_fr),
        description_en=proposal.description_en,
        description_fr=proposal.description_fr,
        keywords_en=list(proposal.keywords_en),
        keywords_fr=list(proposal.keywords_fr),
        size=proposal.size,
        passage_count=proposal.passages,
        languages=dict(proposal.languages),
        confidence=proposal.confidence.to_values(),
        warnings=[caution.to_values() for caution in proposal.warnings],
        unnamed=[language.value for language in proposal.unnamed],
        covered=[each.to_values() for each in proposal.covered],
        named_by=proposal.named_by,
        quotes=[
            {
                "passage": passages[place].pk,
                "border": quote.border,
                "at_random": quote.at_random,
            }
            for quote in proposal.quotes
            if (place := (quote.document_id, quote.start, quote.end)) in passages
        ],
    )


def _clipped(name: str) -> str:
    if len(name) <= NAME_LENGTH:
        return name
    start = name[: NAME_LENGTH - 1]
    return (start.rpartition(" ")[0] or start).rstrip() + "…"


def _why(why: str) -> SetAsideReason:
    """The reason of an answer that the run itself set aside: the name of an error, or its own."""
    if why == SetAsideReason.TOO_LONG:
        return SetAsideReason.TOO_LONG
    return SetAsideReason.OUT_OF_MEMORY if why == MemoryError.__name__ else SetAsideReason.RAISED
