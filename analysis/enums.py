"""The closed lists of this room, named once."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunStatus(TextChoices):
    """Where a run stands. Only the worker that claimed it moves it on."""

    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")


class RunError(TextChoices):
    """Why a run failed, in words for the person who asked for it. Never anyone's words."""

    NO_TEXT = "no_text", _("No one has answered this question in words.")
    WORKER_LOST = (
        "worker_lost",
        _("The worker stopped three times before the run was done. It may need more memory."),
    )
    OUT_OF_MEMORY = "out_of_memory", _("The worker ran out of memory.")
    OUT_OF_TIME = "out_of_time", _("The run took longer than the longest time allowed.")
    BAD_CONFIG = "bad_config", _("The settings of this run do not fit this version.")
    UNEXPECTED = (
        "unexpected",
        _("Something went wrong that we did not foresee. The details are in the log."),
    )


class ThemeStatus(TextChoices):
    """What people decided about a theme of the codebook."""

    ACCEPTED = "accepted", _("Accepted")
    MERGED = "merged", _("Merged into another theme")
    DISMISSED = "dismissed", _("Dismissed")


class Source(TextChoices):
    """Who put a passage in a theme. Kept for ever."""

    MACHINE = "machine", _("Proposed by the machine")
    HUMAN = "human", _("Decided by a person")


class ReviewAction(TextChoices):
    """What a person did to the codebook."""

    ACCEPT = "accept", _("Accepted")
    RENAME = "rename", _("Renamed")
    DEFINE = "define", _("Defined")
    MERGE = "merge", _("Merged")
    DISMISS = "dismiss", _("Dismissed")
    RESTORE = "restore", _("Restored")
    UPDATE = "update", _("Brought up to date with a run")
    MOVE = "move", _("Passage moved here")
