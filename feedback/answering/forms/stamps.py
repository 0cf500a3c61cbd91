"""When a form was opened, proven by our signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.core.signing import BadSignature, Signer

from feedback.asking.models import Engagement


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was opened and in which version, proven by our signature."""

    engagement_id: int
    version: int
    opened_at: datetime

    def signed(self, token: UUID) -> str:
        """Bound to one token: it cannot be carried over to another sending."""
        milliseconds = int(self.opened_at.timestamp() * 1000)
        content = f"{self.engagement_id}.{self.version}.{milliseconds}.{token.hex}"
        return Signer(salt="feedback.sheet").sign(content)

    @classmethod
    def read(cls, signed: str, token: UUID, engagement: Engagement) -> Stamp | None:
        """None for one that is not ours, or of another form."""
        try:
            content = Signer(salt="feedback.sheet").unsign(signed)
            engagement_id, version, milliseconds, token_hex = content.split(".")
            opened_at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
        except (BadSignature, ValueError, OverflowError):
            return None
        if token_hex != token.hex or int(engagement_id) != engagement.pk:
            return None
        return cls(engagement.pk, int(version), opened_at)
