"""What the public reads, one module an entity."""

from cms.models.settings import SiteSettings

__all__ = ["SiteSettings"]
