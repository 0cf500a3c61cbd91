"""The closed lists of this room, named once."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunStatus(TextChoices):
    """Where a run stands. Only the worker that claimed it moves it on; a run that is spread has
    no such worker, and whoever ends its last chunk puts it back in the queue."""

    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    SPREAD = "spread", _("Running, shared out among the workers")
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
    NO_EMBEDDER = (
        "no_embedder",
        _("The language model the site is set to use cannot be loaded on the worker."),
    )
    OTHER_THEMES = (
        "other_themes",
        _("The themes were made with another language model or version. Group all answers again."),
    )
    TOO_MANY = (
        "too_many",
        _("Too many answers could not be processed. The fault is not in the answers."),
    )
    UNEXPECTED = (
        "unexpected",
        _("Something went wrong that we did not foresee. The details are in the log."),
    )


class ChunkStage(TextChoices):
    """What a chunk of a run is for."""

    # Everything that is done to one answer alone before embedding.
    READ = "read", _("Reading answers one by one")
    EMBED = "embed", _("Placing passages by what they mean")


class ChunkStatus(TextChoices):
    """Where a chunk of a run stands."""

    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class SetAsideReason(TextChoices):
    """Why an answer could not be processed, in words for an analyst."""

    RAISED = "raised", _("The software failed on it.")
    KILLED = "killed", _("The worker stopped each time it came to it.")
    OUT_OF_TIME = "out_of_time", _("It took longer than the longest time allowed.")
    OUT_OF_MEMORY = "out_of_memory", _("It took more memory than a worker may use.")
    TOO_LONG = "too_long", _("It is longer than the longest answer that the analysis reads.")


class ThemeStatus(TextChoices):
    """What people decided about a theme of the codebook."""

    ACCEPTED = "accepted", _("Accepted")
    MERGED = "merged", _("Merged into another theme")
    DISMISSED = "dismissed", _("Dismissed")
    # Made by hand and empty again: no list shows it. The row stays, with its history and its code.
    DELETED = "deleted", pgettext_lazy("a theme", "Deleted")


class Source(TextChoices):
    """Who put a passage in a theme, or thought of the theme. Kept for ever."""

    MACHINE = "machine", _("Proposed by the software")
    HUMAN = "human", _("Decided by a person")


class ReviewAction(TextChoices):
    """What a person did to the codebook."""

    ACCEPT = "accept", _("Accepted")
    CREATE = "create", _("Made by hand")
    RENAME = "rename", _("Renamed")
    DEFINE = "define", _("Defined")
    MERGE = "merge", _("Merged")
    DISMISS = "dismiss", _("Dismissed")
    RESTORE = "restore", _("Restored")
    DELETE = "delete", pgettext_lazy("a theme", "Deleted")
    UPDATE = "update", _("Brought up to date with a run")
    MOVE = "move", _("Passage moved here")
