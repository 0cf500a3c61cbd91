"""Departments there are; and rows of which each change is told by itself."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class OneByOne(QuerySet[Row]):
    """Saved and deleted one by one, as the audit log needs it: statements about many send no
    signals, and a role given so would be in no record."""

    def update(self, **kwargs: Any) -> NoReturn:
        self._refuse()

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError(f"Each {self.model.__name__} is saved by itself: the audit log tells it.")


class DepartmentQuerySet(QuerySet[Any]):
    """Departments, by whether they have merged."""

    def in_use(self) -> DepartmentQuerySet:
        """Those that ask and take people in: they have not gone into another."""
        return self.filter(successor=None)
