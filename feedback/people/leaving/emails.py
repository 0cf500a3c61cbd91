"""To whoever takes over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from feedback.bilingual import Language
from feedback.outbox.emails import Recipient
from feedback.people.models import User


def handed_over_lookup(about: Mapping[str, Any]) -> Recipient | None:
    user = User.objects.filter(pk=about["user_id"], is_active=True).exclude(email="").first()
    leaver = User.objects.filter(pk=about["from_id"]).first()
    if user is None or leaver is None:
        return None
    said = {
        "name": user.get_full_name() or user.get_username(),
        "leaver": leaver.get_full_name() or leaver.get_username(),
        "things": str(about["things"]),
    }
    return Recipient(
        address=user.email,
        language=user.language,
        values=dict.fromkeys(Language.values, said),
        link=settings.CONSULT_BASE_URL + reverse("staff-home"),
    )
