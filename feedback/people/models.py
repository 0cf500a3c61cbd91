"""Departments and the people who work in them, with the roles they hold there."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.bilingual import InCurrentLanguage, Language, in_both_languages
from feedback.people.enums import InvitationState, Role, SmallestCell, WaitingEmails
from feedback.people.querysets import DepartmentQuerySet, OneByOne


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """Somebody who signs in: staff of a department, or an administrator of the whole site.

    Written by administrators. ``language`` is the one we write to the person in; empty: not said.
    ``waiting_emails`` is the person's own choice (`feedback.people.waiting_emails`).
    """

    language = models.CharField(
        _("preferred language"), max_length=2, choices=Language.choices, blank=True
    )
    waiting_emails = models.CharField(
        _("emails about what waits for you"),
        max_length=10,
        choices=WaitingEmails.choices,
        default=WaitingEmails.DAILY,
    )

    class Meta(AbstractUser.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Somebody else signs in with this email address."),
            ),
        ]


class Digest(models.Model):
    """The last day for which somebody's daily email was decided, sent or not needed.

    Written by `feedback.people.waiting_emails` alone, which claims a day by it: so there is one a
    day, however many workers there are.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.user} · {self.day}"


# Who a request comes from.
Anyone = User | AnonymousUser


class Department(models.Model):
    """An organisation that asks. Written by administrators; never deleted once it has asked.

    ``code`` is the organisation's short name in URLs and exports and does not change. ``name_en``
    and ``name_fr`` are today's, since ``named_since`` (empty: as long as we know); those before are
    `FormerName`. One that has a ``successor`` has merged: it asks nothing new, and who works in the
    successor, which has none itself, answers for it. Both by `departments.history`.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_fr = models.CharField(_("name (French)"), max_length=200)
    email = models.EmailField(_("public email address"), blank=True)
    phone = models.CharField(_("public telephone number"), max_length=40, blank=True)
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$")],
        help_text=_("Six hexadecimal digits, for example #0a6a62. Empty: the site's own colour."),
    )
    smallest_cell = models.PositiveSmallIntegerField(
        _("smallest count published"),
        choices=SmallestCell.choices,
        default=SmallestCell.TEN,
        help_text=_(
            "No report shows a group of fewer people, nor a number from which one could be worked "
            "out. It is fixed in a report when the report is drafted."
        ),
    )

    named_since = models.DateField(_("called so since"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("went into"),
    )
    merged_on = models.DateField(_("merged on"), null=True, blank=True)

    name = InCurrentLanguage("name", _("Name"))
    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]
        constraints = [
            in_both_languages(
                "name", "department_named_in_both_languages", _("Write the name in both languages.")
            ),
            models.CheckConstraint(
                condition=models.Q(smallest_cell__in=SmallestCell.values),
                name="department_smallest_cell_is_one_of_the_list",
            ),
            models.CheckConstraint(
                condition=models.Q(successor=None, merged_on=None)
                | models.Q(successor__isnull=False, merged_on__isnull=False),
                name="department_merges_on_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(successor=models.F("id")),
                name="department_is_not_its_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """What a department was called until a day, and no longer on it. Written by
    `departments.history.department_rename`; never changed."""

    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="former_names"
    )
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_fr = models.CharField(_("name (French)"), max_length=200)
    until = models.DateField()

    name = InCurrentLanguage("name")

    class Meta:
        ordering = ["-until"]
        constraints = [
            models.UniqueConstraint(fields=["department", "until"], name="former_name_ends_once"),
            in_both_languages("name", "former_name_in_both_languages"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.until})"


class Membership(models.Model):
    """One person's role in one department. Written by administrators; deleting it takes it away.

    With an ``engagement``, the role is held there alone, and nothing else of the department exists
    for the person. It is a column here, and no row of the room of engagements, so that who holds
    what stands in one table: the second factor, the audit log, Wagtail's groups and the emails ask
    it whichever way a role is held. This room knows no more of it than its number; that it is the
    department's own is told by the room it belongs to.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("department"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    engagement = models.ForeignKey(
        "asking.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in this engagement only"),
    )

    objects = OneByOne["Membership"].as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=models.Q(engagement=None),
                name="membership_unique",
                violation_error_message=_("The person has this role already."),
            ),
            models.UniqueConstraint(
                fields=["user", "department", "role", "engagement"],
                condition=models.Q(engagement__isnull=False),
                name="membership_in_an_engagement_unique",
                violation_error_message=_("The person has this role already."),
            ),
        ]

    def __str__(self) -> str:
        where = f"{self.user} · {self.department} · {self.get_role_display()}"
        return f"{where} · {self.engagement}" if self.engagement_id else where


class Invitation(models.Model):
    """That somebody is to work in a department: sent to an email address, good once, for a while.

    Written by `feedback.people.invitations`; kept, so that it is known who let whom in.
    """

    email = models.EmailField(_("email address"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    engagement = models.ForeignKey(
        "asking.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in this engagement only"),
    )
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitation"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
                name="invitation_is_not_taken_up_once_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.department}"

    @property
    def role_said(self) -> str:
        """The role, and in which engagement alone it is held."""
        role = self.get_role_display()
        if self.engagement is None:
            return role
        return _("{role}, for “{engagement}” only").format(role=role, engagement=self.engagement)

    @property
    def state(self) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        if timezone.now() >= self.expires_at:
            return InvitationState.EXPIRED
        return InvitationState.OPEN


class Attempts(models.Model):
    """How often somebody guessed, in one bucket of `feedback.people.sign_in.attempts`.

    ``key`` is a keyed digest: neither whose account nor which network can be read from it. Written
    by that module alone; purged a day after the last try.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.failures}"
