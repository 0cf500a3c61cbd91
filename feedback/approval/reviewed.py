"""What goes through a review: each room says so of its things, and how.

A review is a workflow of Wagtail's, the same for whatever is reviewed. What it must know of a thing
(whose it is, what its words are, what a yes does) the thing's room answers, in its
``AppConfig.ready``: `reviewed_add`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from feedback.approval.enums import Step
    from feedback.audit.enums import Act
    from feedback.people.permissions import Scope
    from feedback.people.table import Action


class Reviewed(ABC):
    """One kind of thing that is reviewed, both languages at once."""

    # What the table must allow to send one for review and to take it back.
    sending: Action
    # What it must allow to whoever does a step.
    steps: dict[Step, Action]

    @abstractmethod
    def leading(self, thing: Any) -> Any:
        """The row with which the review is kept; of a pair of pages, the English one."""

    @abstractmethod
    def hold(self, thing: Any) -> Any:
        """The leading row read anew, kept still to the end of the transaction."""

    @abstractmethod
    def scope(self, thing: Any) -> Scope:
        """Whose it is, and how it stands."""

    @abstractmethod
    def titles(self, thing: Any) -> dict[str, str]:
        """What it is called, by language."""

    @abstractmethod
    def address(self, thing: Any) -> str:
        """The path of the screen where both languages are read and the review is acted on."""

    @abstractmethod
    def words(self, thing: Any) -> str:
        """Tells the words as they stand from any others: sent with a decision on them."""

    @abstractmethod
    def authors(self, things: list[Any]) -> dict[Any, set[int]]:
        """Of each, who wrote what is reviewed, since somebody last said yes to it; by number."""

    @abstractmethod
    def record(self, act: Act, thing: Any, user: Any, after: dict[str, Any]) -> None:
        """Keep in the audit log what was done."""

    @abstractmethod
    def keep(self, thing: Any, user: Any) -> None:
        """Keep the words as they stand in a revision of Wagtail's, if they are in none."""

    @abstractmethod
    def sent(self, thing: Any, user: Any) -> None:
        """It has gone into review. Raises what keeps it from that."""

    @abstractmethod
    def approved(self, thing: Any, user: Any) -> None:
        """Somebody said yes. Raises what keeps it from going ahead; then the review stays open."""

    @abstractmethod
    def ended(self, thing: Any, user: Any, comment: str) -> None:
        """Changes were asked for, or it was taken back: it is its authors' again."""

    def may_go(self, thing: Any) -> bool:
        """Whether it can go into review as it stands now, whoever asks."""
        return True

    def prefetch(self, things: list[Any]) -> None:  # noqa: B027 (most have nothing to fetch)
        """Fetch what `scope`, `titles` and `address` need of many of them, at once."""


_kinds: dict[type, Reviewed] = {}


def reviewed_add(model: type, kind: Reviewed) -> None:
    """For ``AppConfig.ready``."""
    _kinds[model] = kind


def kind_of(thing: Any) -> Reviewed:
    """What the thing's room says of it."""
    for model, kind in _kinds.items():
        if isinstance(thing, model):
            return kind
    raise ImproperlyConfigured(f"no room says how {type(thing).__name__} is reviewed")


def kinds() -> dict[type, Reviewed]:
    """All of them, by model."""
    return dict(_kinds)


def review_finish(workflow_state: Any, user: Any = None) -> None:
    """Wagtail calls it after the last step (WAGTAIL_FINISH_WORKFLOW_ACTION), in its transaction."""
    thing = workflow_state.content_object
    kind_of(thing).approved(kind_of(thing).leading(thing), user)
