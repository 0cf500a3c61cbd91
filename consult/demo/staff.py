"""The demo's staff: one person for each role, with a password made on this machine."""

import secrets
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt
from django.db import transaction

from feedback.people.enums import Role
from feedback.people.models import Department, Membership, User
from feedback.people.sign_in.second_factor import code_now, factor_is_required


@dataclass(frozen=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    # None: an administrator, who holds every role everywhere.
    role: Role | None


PEOPLE: Final = (
    DemoPerson("author", "Élise", "Tremblay", Role.AUTHOR),
    DemoPerson("translator", "Théo", "Lavoie", Role.TRANSLATOR),
    DemoPerson("approver", "Paula", "Nowak", Role.APPROVER),
    DemoPerson("clerk", "Carmen", "Ruiz", Role.INTAKE_CLERK),
    DemoPerson("moderator", "Malik", "Diallo", Role.MODERATOR),
    DemoPerson("analyst", "Amir", "Chaudhry", Role.ANALYST),
    DemoPerson("privacy", "Priya", "Nair", Role.PRIVACY_OFFICER),
    DemoPerson("viewer", "Victor", "Chen", Role.VIEWER),
    DemoPerson("auditor", "Odile", "Gagnon", Role.AUDITOR),
    DemoPerson("administrator", "Annie", "Sark", None),
)

# Short words, for a password that can be read from one screen and typed on another.
_WORDS: Final = (
    "amber birch cedar cliff cloud coast comet coral delta ember fjord flint frost grove harbour "
    "heron island juniper lake lantern lichen maple marsh meadow mist moss north otter pebble "
    "pine prairie quartz raven ridge river sable shore slate spruce stone summit thistle tide "
    "tundra violet willow wind winter"
)


def password_make() -> str:
    """About 45 bits: plenty behind a sign-in on a loopback address."""
    words = [secrets.choice(_WORDS.split()) for _ in range(5)]
    return f"{'-'.join(words)}-{secrets.randbelow(9000) + 1000}"


@transaction.atomic
def staff_ensure(*, password: str) -> None:
    """Each person exists, signs in with `password`, and holds their role in every department.

    Who must have a second step has an authenticator app set up, whose codes `demo_codes` says.

    Run at each start: a department made since then gets its people too.
    """
    for person in PEOPLE:
        user, _made = User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.first_name,
                "last_name": person.last_name,
                "email": f"{person.username}@demo.example",
            },
        )
        if not user.check_password(password):
            user.set_password(password)
        user.is_active = True
        user.is_superuser = user.is_staff = person.role is None
        user.save(update_fields=["password", "is_active", "is_superuser", "is_staff"])
    roles_ensure()
    for user in User.objects.filter(username__in=[person.username for person in PEOPLE]):
        if factor_is_required(user):
            Authenticator.objects.get_or_create(
                user=user,
                type=Authenticator.Type.TOTP,
                defaults={"data": {"secret": encrypt(generate_totp_secret())}},
            )


def roles_ensure() -> None:
    """Each person holds their role in every department there is."""
    users = {user.username: user for user in User.objects.all()}
    for person in PEOPLE:
        if person.role is None or person.username not in users:
            continue
        for department in Department.objects.all():
            Membership.objects.get_or_create(
                user=users[person.username], department=department, role=person.role
            )


def demo_codes() -> dict[str, str]:
    """What the authenticator app of each of the demo's people shows now, by user name."""
    apps = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__username__in=[person.username for person in PEOPLE]
    )
    return {
        app.user.get_username(): code_now(app)
        for app in apps.select_related("user").order_by("user__username")
    }
