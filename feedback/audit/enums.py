"""The closed lists of the audit log. Codes are stored; they are worded where they are read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Act(TextChoices):
    """What was done, or refused."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    SIGNED_OUT = "signed_out", _("Signed out")
    SESSIONS_ENDED = "sessions_ended", _("Sessions ended")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PASSWORD_RESET = "password_reset", _("New password by a link sent by email")
    FACTOR_ADDED = "factor_added", _("Second step added")
    FACTOR_REMOVED = "factor_removed", _("Second step removed")
    RECOVERY_CODE_USED = "recovery_code_used", _("Recovery code used")
    REFUSED = "refused", _("Refused, or not there for this person")
    EXPORTED = "exported", _("File downloaded")

    INVITATION_SENT = "invitation_sent", _("Invitation sent")
    INVITATION_WITHDRAWN = "invitation_withdrawn", _("Invitation withdrawn")
    INVITATION_ACCEPTED = "invitation_accepted", _("Invitation taken up")
    INVITATION_REFUSED = "invitation_refused", _("Link of an invitation refused")
    USER_CREATED = "user_created", _("User created")
    USER_CHANGED = "user_changed", _("User changed")
    USER_DELETED = "user_deleted", _("User deleted")
    USER_LEFT = "user_left", _("User deactivated")
    USER_RETURNED = "user_returned", _("User reactivated")
    WORK_HANDED_OVER = "work_handed_over", _("Work handed over")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_CHANGED = "role_changed", _("Role changed")
    ROLE_TAKEN_AWAY = "role_taken_away", _("Role taken away")
    DEPARTMENT_CREATED = "department_created", _("Department created")
    DEPARTMENT_CHANGED = "department_changed", _("Department changed")
    DEPARTMENT_MERGED = "department_merged", _("Department gone into another")
    DEPARTMENT_DELETED = "department_deleted", _("Department deleted")

    ENGAGEMENT_BEGUN = "engagement_begun", _("Engagement begun")
    ENGAGEMENT_CHANGED = "engagement_changed", _("Wording, dates or questions changed")
    ENGAGEMENT_MOVED = "engagement_moved", _("Status changed")
    ENGAGEMENT_DELETED = "engagement_deleted", _("Engagement deleted")

    WORDS_UNMASKED = "words_unmasked", _("Words read with personal information in them")

    REVIEW_SENT = "review_sent", _("Sent for review")
    REVIEW_TRANSLATED = "review_translated", _("Translation found good in review")
    REVIEW_APPROVED = "review_approved", _("Approved in review")
    REVIEW_RETURNED = "review_returned", _("Changes asked for in review")
    REVIEW_TAKEN_BACK = "review_taken_back", _("Taken back from review")

    PAGE_BEGUN = "page_begun", _("Page begun")
    PAGE_EDITED = "page_edited", _("Draft of a page saved")
    PAGE_SCHEDULED = "page_scheduled", _("Page scheduled")
    PAGE_PUBLISHED = "page_published", _("Page published")
    PAGE_TAKEN_DOWN = "page_taken_down", _("Page taken down")
    PAGE_MOVED = "page_moved", _("Page moved")
    PAGE_DELETED = "page_deleted", _("Page deleted")


class About(TextChoices):
    """What kind of thing it was done to."""

    ADDRESS = "address", pgettext_lazy("audit", "Screen")
    USER = "user", pgettext_lazy("audit", "User")
    INVITATION = "invitation", pgettext_lazy("audit", "Invitation")
    DEPARTMENT = "department", pgettext_lazy("audit", "Department")
    ENGAGEMENT = "engagement", pgettext_lazy("audit", "Engagement")
    PASSAGE = "passage", pgettext_lazy("audit", "Passage")
    PAGE = "page", pgettext_lazy("audit", "Page")
