"""Reports and the numbers frozen in them."""

from cms.reporting.models.findings import FindingsPage
from cms.reporting.models.snapshots import FindingsSnapshot

__all__ = ["FindingsPage", "FindingsSnapshot"]
