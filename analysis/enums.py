"""The closed lists of this room, named once."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunStatus(TextChoices):
    """Where a run stands. Only the worker that claimed it moves it on."""

    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")


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
    MERGE = "merge", _("Merged")
    DISMISS = "dismiss", _("Dismissed")
    RESTORE = "restore", _("Restored")
    UPDATE = "update", _("Brought up to date with a run")
