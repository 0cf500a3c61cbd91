"""What the finished stages of a run left behind, kept as rows until the run has ended."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from analysis.review.models import AnalysisRun, RunCheckpoint


@dataclass(frozen=True, slots=True)
class CheckpointStore:
    """The pipeline's stage store over rows of the database, for one run.

    Written outside any transaction, so that a stage once saved outlives the process.
    """

    run: AnalysisRun

    def load(self, stage: str) -> bytes | None:
        """What the stage left behind, if it finished."""
        payload = (
            RunCheckpoint.objects.filter(run=self.run, stage=stage)
            .values_list("payload", flat=True)
            .first()
        )
        return None if payload is None else bytes(payload)

    def save(self, stage: str, payload: bytes) -> None:
        """Keep what the stage produced. Saying it twice keeps the last."""
        RunCheckpoint.objects.update_or_create(
            run=self.run,
            stage=stage,
            defaults={"payload": payload, "saved_at": timezone.now()},
        )
