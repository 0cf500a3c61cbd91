"""The closed lists of this room, named once. Values are stored; labels are shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EngagementKind(TextChoices):
    """What an engagement is: a policy question put to the public, or a service being rated."""

    CONSULTATION = "consultation", _("Consultation")
    SURVEY = "survey", _("Service survey")


class EngagementStatus(TextChoices):
    """What people decided about an engagement. Open and closed are not here: the clock says."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    OUTCOME_PUBLISHED = "outcome_published", _("Outcome published")
    NO_REPORT_EXPECTED = "no_report_expected", _("No report expected")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    def label_for(self, kind: str) -> str:
        """The label, as said of a consultation or of a survey: French tells them apart."""
        of_surveys = SURVEY_STATUSES if kind == EngagementKind.SURVEY else {}
        return str(of_surveys.get(self, self.label))


SURVEY_STATUSES = {
    EngagementStatus.APPROVED: pgettext_lazy("survey", "Approved"),
    EngagementStatus.WITHDRAWN: pgettext_lazy("survey", "Withdrawn"),
}


class Phase(TextChoices):
    """Where an engagement stands at a given moment: its status and the clock together."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved, no dates yet")
    SCHEDULED = "scheduled", pgettext_lazy("consultation", "Planned")
    OPEN = "open", pgettext_lazy("consultation", "Open")
    CLOSED = "closed", pgettext_lazy("consultation", "Closed, analysis under way")
    OUTCOME_PUBLISHED = (
        "outcome_published",
        pgettext_lazy("consultation", "Closed, report available"),
    )
    NO_REPORT_EXPECTED = (
        "no_report_expected",
        pgettext_lazy("consultation", "Closed, no report expected"),
    )
    WITHDRAWN = "withdrawn", pgettext_lazy("consultation", "Not going forward")

    def label_for(self, kind: str) -> str:
        """The label, as said of a consultation or of a survey: French tells them apart."""
        of_surveys = SURVEY_PHASES if kind == EngagementKind.SURVEY else {}
        return str(of_surveys.get(self, self.label))


SURVEY_PHASES = {
    Phase.APPROVED: pgettext_lazy("survey", "Approved, no dates yet"),
    Phase.SCHEDULED: pgettext_lazy("survey", "Planned"),
    Phase.OPEN: pgettext_lazy("survey", "Open"),
    Phase.CLOSED: pgettext_lazy("survey", "Closed, analysis under way"),
    Phase.OUTCOME_PUBLISHED: pgettext_lazy("survey", "Closed, report available"),
    Phase.NO_REPORT_EXPECTED: pgettext_lazy("survey", "Closed, no report expected"),
    Phase.WITHDRAWN: pgettext_lazy("survey", "Not going forward"),
}


class Sampling(TextChoices):
    """How people came to answer, which decides what may be said of the numbers."""

    OPEN = "open", _("Open to everyone (people choose to take part)")
    INVITED = "invited", _("Random sample of invited people")
    CENSUS = "census", _("Everyone in the group was asked")


class Channel(TextChoices):
    """How a response reached us. Those we take responses by ourselves: ``answering/channels/``."""

    ONLINE = "online", _("Online")
    PHONE = "phone", _("By phone")
    IN_PERSON = "in_person", _("In person")
    MAIL = "mail", _("By mail")
    EMAIL = "email", _("By email")
    OTHER = "other", _("Other")
