"""How an entry is worded: its codes in the language of whoever reads it.

Rooms above say at start-up how what they record is worded; a code without words is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from feedback.audit.enums import Act
from feedback.audit.services.entries import ADMINISTRATOR
from feedback.people.enums import InvitationState, Refusal, Role


@dataclass(frozen=True, slots=True)
class Said:
    """One thing before and after, by name; ``language``: of both, where they are in one."""

    label: str
    before: Any
    after: Any
    language: str = ""


Reading = Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable[Said]]

_readings: dict[Act, Reading] = {}
_values: dict[str, Callable[[Any], str]] = {}

LABELS: dict[str, Promise] = {
    "accent_colour": gettext_lazy("accent colour"),
    "code": gettext_lazy("code"),
    "codes_left": gettext_lazy("recovery codes left"),
    "comment": gettext_lazy("comment"),
    "department": gettext_lazy("department"),
    "email": gettext_lazy("email"),
    "factor": gettext_lazy("second step"),
    "holder": gettext_lazy("whose it is"),
    "http": gettext_lazy("answer of the server"),
    "is_active": gettext_lazy("may sign in"),
    "is_superuser": gettext_lazy("administrator"),
    "language": gettext_lazy("language"),
    "merged_on": gettext_lazy("merged on"),
    "method": gettext_lazy("method"),
    "name_en": gettext_lazy("name (English)"),
    "name_fr": gettext_lazy("name (French)"),
    "named_since": gettext_lazy("called so since"),
    "parent": gettext_lazy("page above"),
    "phone": gettext_lazy("public telephone number"),
    "reason": pgettext_lazy("audit", "reason"),
    "revision": pgettext_lazy("audit", "revision"),
    "role": gettext_lazy("role"),
    "sessions": gettext_lazy("sessions"),
    "smallest_cell": gettext_lazy("smallest count published"),
    "status": gettext_lazy("status"),
    "successor": gettext_lazy("went into"),
    "thing": gettext_lazy("what"),
    "times": gettext_lazy("how many times within a day"),
    "title": gettext_lazy("title"),
    "username": gettext_lazy("user name"),
    "why": pgettext_lazy("audit", "reason"),
}
_FACTORS: dict[str, Promise] = {
    "recovery_codes": gettext_lazy("recovery codes"),
    "totp": gettext_lazy("authenticator app"),
    "webauthn": gettext_lazy("passkey"),
}
_WHY = dict(Refusal.choices) | dict(InvitationState.choices)


def register_reading(act: Act, reading: Reading) -> None:
    """``reading(before, after)`` words the entries of this act. For ``AppConfig.ready``."""
    _readings[act] = reading


def register_value(name: str, words: Callable[[Any], str]) -> None:
    """How a value of this name is worded. For ``AppConfig.ready``."""
    _values[name] = words


def said(act: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Said]:
    """What an entry keeps, in words."""
    reading = _readings.get(Act(act), plainly) if act in Act.values else plainly
    return list(reading(before, after))


def plainly(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Said]:
    """Each value by its name."""
    for name in {**before, **after}:
        was, is_now = _value(name, before.get(name)), _value(name, after.get(name))
        yield Said(str(LABELS.get(name, name)), was, is_now)


def _value(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in _values:
        return _values[name](value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name == "role":
        return role_said(str(value))
    if name == "factor":
        return str(_FACTORS.get(value, value))
    if name == "why":
        return str(_WHY.get(value, value))
    return str(value)


def role_said(role: str) -> str:
    """A role in words; one that is no more, as its code."""
    return str(Role(role).label) if role in Role.values else role


def roles_said(roles: Iterable[str]) -> str:
    """What a person held at the time: ``Author (bsc), Viewer (bsc, bsc-2026-01)``."""
    return ", ".join(map(_held, roles))


def _held(held: str) -> str:
    if held == ADMINISTRATOR:
        return pgettext("audit", "Administrator")
    department, _slash, role = held.partition("/")
    role, _slash, engagement = role.partition("/")
    return f"{role_said(role)} ({', '.join(filter(None, (department, engagement)))})"
