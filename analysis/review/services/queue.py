"""Putting runs in the queue: a person at the desk asks, or the clock does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun, RunState, Theme
from analysis.review.models.runs import READ_ONLY
from analysis.review.selectors.runs import answers_new, run_shown
from analysis.review.services.messages import run_tell
from feedback.answering.selectors.answers import corpus_for
from feedback.asking.models import Engagement, Question
from feedback.people.models import User

# New answers join the themes people settled on at most this often.
ADD_EVERY = timedelta(hours=1)


class RunRefused(Exception):  # noqa: N818 (named for what happened)
    """The run cannot be requested; the message is for the person who asked."""


def run_request(
    *,
    question: Question,
    user: User | None,
    seed: int = 0,
    config: Mapping[str, Any] | None = None,
) -> AnalysisRun:
    """Queue a run. Raises RunRefused where one is under way or the run makes no sense.

    ``config`` holds the settings that differ from the pipeline's own and the site's; the run keeps
    all of them once it has ended. A broker that does not answer does not matter: the reaper tells
    a worker later.
    """
    if not question.is_text:
        raise RunRefused(_("Only answers in people's own words are grouped into themes."))
    if not any(True for _document in corpus_for(question)):
        raise RunRefused(_("No one has answered this question in words yet."))
    return _queue(
        question=question,
        requested_by=user,
        seed=seed,
        config={**_of_the_site(), **(config or {}), "seed": seed},
    )


def _of_the_site() -> dict[str, Any]:
    """The settings of a run that the site decides."""
    decided: dict[str, Any] = {"embedder": settings.CONSULT_EMBEDDER}
    if settings.CONSULT_SECOND_EMBEDDER:
        decided["second_embedder"] = settings.CONSULT_SECOND_EMBEDDER
        decided["second_share"] = settings.CONSULT_SECOND_SHARE
    if settings.CONSULT_NAMER_URL:
        decided["namer"] = settings.CONSULT_NAMER_MODEL
    return decided


def addition_request(*, question: Question, user: User | None) -> AnalysisRun:
    """Queue the adding of the answers that came after the newest run to its themes.

    Raises RunRefused where there are none, or no themes they could be added to.
    """
    base = run_shown(question)
    if base is None or not RunState.objects.filter(run=base).exists():
        raise RunRefused(
            _(
                "There are no themes that new answers can be added to. Run the analysis again "
                "instead."
            )
        )
    if not answers_new(base):
        raise RunRefused(_("No answer has arrived since the last run."))
    return _queue(
        question=question, requested_by=user, seed=base.seed, config=base.config, extends=base
    )


def reading_request(*, question: Question, user: User | None) -> AnalysisRun:
    """Queue the reading of the answers no run has read, for people to put into themes by hand.

    Personal information is masked and long answers are cut; nothing is grouped, and no language
    model is needed. Raises RunRefused where there are none.
    """
    base = run_shown(question)
    if base is None:
        return run_request(question=question, user=user, config=READ_ONLY)
    if not answers_new(base):
        raise RunRefused(_("No answer has arrived since the last run."))
    return _queue(
        question=question,
        requested_by=user,
        seed=base.seed,
        config={**base.config, **READ_ONLY},
        extends=base,
    )


def _queue(**fields: Any) -> AnalysisRun:
    try:
        with transaction.atomic():
            run = AnalysisRun.objects.create(**fields)
            transaction.on_commit(partial(run_tell, run.pk), robust=True)
    except IntegrityError as error:
        if "run_one_at_a_time_per_question" not in str(error):
            raise
        raise RunRefused(
            _("A run of this question is already waiting or running. Wait until it has ended.")
        ) from error
    return run


def questionnaires_closed_analyse() -> list[int]:
    """Request the first run of every closed question of a kind that is analysed when closed.

    Returns the runs' ids.

    After the grace in which a form that was open may still be sent. Questions nobody answered, and
    questions whose answers a run was asked to group before, are left alone: a second run is a
    person's decision.
    """
    grouped = AnalysisRun.objects.filter(question=OuterRef("pk")).exclude(
        config__embedder=READ_ONLY["embedder"]
    )
    closed = Engagement.objects.awaiting_outcome(
        at=timezone.now() - timedelta(minutes=settings.CONSULT_GRACE_MINUTES)
    )
    requested = []
    for question in Question.objects.analysed_when_closed().filter(
        ~Exists(grouped), questionnaire__engagement__in=closed
    ):
        try:
            requested.append(run_request(question=question, user=None).pk)
        except RunRefused:
            continue
    return requested


def questions_answered_add() -> list[int]:
    """Request the adding of new answers where people have settled on themes. Returns the runs' ids.

    At most once in ADD_EVERY a question, so that many answers a day are not as many runs.
    """
    lately = AnalysisRun.objects.filter(
        question=OuterRef("pk"), requested_at__gt=timezone.now() - ADD_EVERY
    )
    reviewed = Question.objects.filter(
        Exists(Theme.objects.filter(question=OuterRef("pk"), status=ThemeStatus.ACCEPTED)),
        ~Exists(lately),
        runs__state__isnull=False,
    )
    requested = []
    for question in reviewed.distinct():
        try:
            requested.append(addition_request(question=question, user=None).pk)
        except RunRefused:
            continue
    return requested
