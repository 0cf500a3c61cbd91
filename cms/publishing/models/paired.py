"""What every page of ours has in common: it exists in English and in French, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, WorkflowState
from wagtail.models.pages import PagePermissionTester

from cms.publishing.parity import Problem, other_language

if TYPE_CHECKING:
    from analysis.review.selectors.quotes import QuoteView
    from feedback.asking.models import Engagement
    from feedback.people.models import Anyone, Department

ASCII_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Press:
    """What publishes and takes down both languages of a page: services above this model."""

    publish: Callable[..., object]
    publish_due: Callable[..., object]
    unpublish: Callable[..., object]


class PairedPage(Page):  # type: ignore[misc]
    """One of two pages that say the same in two languages, joined by ``translation_key``.

    Written by authors as drafts, one language at a time; what readers see changes only through
    `cms.publishing.services.pairs`, both languages in one transaction (`cms.publishing.gate`
    refuses any other way). A new one is a draft until it is published with its counterpart.

    Wagtail asks a page who may do what, by which form it is edited, what its template shows, and
    tells it to publish itself. A model knows none of these: the rooms' `apps.py` give them when
    the site starts (``base_form_class``, ``permission_tester``, ``press``, ``shown``).
    """

    permission_tester: ClassVar[type[PagePermissionTester]]
    press: ClassVar[Press]
    # What a template is given beside the page, by name: read when the page is shown.
    shown: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}

    # What the parity rules compare, in the order of the page.
    parity_fields: ClassVar[tuple[str, ...]] = ("title", "slug", "search_description")
    # Whether the page above must be live before this one is.
    needs_live_parent: ClassVar[bool] = True
    # From the page to its engagement; empty: everybody's. A kind of page that does not say is seen
    # by administrators alone (`cms.publishing.policies`).
    engagement_path: ClassVar[str | None] = None

    show_in_menus_default = False
    # Set by the staff preview: the toggle leads from draft to draft.
    preview_counterpart_address = ""

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("live", False)
        super().__init__(*args, **kwargs)

    @property
    def language(self) -> str:
        """``en`` or ``fr``."""
        code: str = self.locale.language_code
        return code[:2]

    # --- Review: one for both languages, kept with the English page --------------------------

    @cached_property
    def leading_number(self) -> int | None:
        """The number of the English page; its own where there is none; None before it is saved."""
        counterpart = self.counterpart if self.pk and self.language == "fr" else None
        number: int | None = counterpart.pk if counterpart is not None else self.pk
        return number

    @property
    def workflow_states(self) -> Any:
        """Wagtail's states of reviews of this page and its counterpart."""
        return WorkflowState.objects.filter(
            base_content_type=self.get_base_content_type(), object_id=str(self.leading_number)
        )

    @property
    def current_workflow_state(self) -> WorkflowState | None:
        """The review under way; asked anew, since lists fetch that of one language alone."""
        found: WorkflowState | None = (
            self.workflow_states.active().select_related("current_task_state__task").first()
        )
        return found

    @property
    def workflow_in_progress(self) -> bool:
        return bool(self.workflow_states.filter(status=WorkflowState.STATUS_IN_PROGRESS).exists())

    @property
    def has_workflow(self) -> bool:
        """Not by Wagtail's own buttons, which know one page: a review is sent from the screen that
        shows both languages."""
        return False

    def get_workflow(self) -> None:
        return None

    @property
    def counterpart(self) -> Self | None:
        """The same page in the other language, live or not; asked anew each time."""
        found: Self | None = (
            type(self)
            ._default_manager.filter(
                translation_key=self.translation_key,
                locale__language_code=other_language(self.language),
            )
            .first()
        )
        return found

    @cached_property
    def live_counterpart(self) -> Self | None:
        """The counterpart a reader may be sent to."""
        counterpart = self.counterpart
        return counterpart if counterpart is not None and counterpart.live else None

    def counterpart_address(self, request: HttpRequest | None = None) -> str:
        """Where the language toggle leads: this page in the other language, same part of it."""
        if self.preview_counterpart_address:
            return self.preview_counterpart_address
        counterpart = self.live_counterpart or (None if self.live else self.counterpart)
        if counterpart is None:
            return ""
        address: str = counterpart.get_url(request) or ""
        return address + self.part_of(request) if address else ""

    def part_of(self, request: HttpRequest | None) -> str:
        """The part of the page being read, as the rest of its address (``questions/``)."""
        return ""

    @property
    def above(self) -> list[tuple[str, str]]:
        """The pages above, from the front page down, as (address, title)."""
        return [
            (each.url or "", getattr(each, "short_title", "") or each.title)
            for each in self.get_ancestors().live().specific()
            if each.depth > 1
        ]

    @property
    def department(self) -> Department | None:
        """Whose page this is; None for the home page, which is everybody's."""
        return None

    @property
    def asked_by(self) -> str:
        """What the department is called on this page; empty for the home page."""
        return self.department.name if self.department is not None else ""

    @property
    def engagement_shown(self) -> Engagement | None:
        """The engagement this page is about; None for the home page."""
        return None

    def desk_address(self) -> str:
        """Where what the page reports is reviewed; empty for a page that reports nothing."""
        return ""

    def draft_address(self) -> str:
        """Where the draft is seen as readers would see it; empty where there is no such place."""
        return ""

    def quoted(self) -> dict[tuple[str, int], QuoteView]:
        """The passages it quotes, as they stand, by the code of their block and their number."""
        return {}

    def numbers_in_words(self, code: str) -> str:
        """What the machine says in the block with this code, in the active language."""
        return ""

    @property
    def description(self) -> str:
        """What search engines show: written for them, or else the page's own first words."""
        own_words: str = getattr(self, "lead", "") or getattr(self, "introduction", "")
        written: str = self.search_description
        return written or own_words

    def pair_problems(self, other: PairedPage) -> list[Problem]:
        """What this kind of page asks beyond the common rules. Asked of the English draft."""
        return []

    def clean(self) -> None:
        super().clean()
        if self.slug and not ASCII_SLUG.fullmatch(self.slug):
            raise ValidationError(
                {"slug": _("Use lower-case letters without accents, digits and hyphens.")}
            )

    def permissions_for_user(self, user: Anyone) -> Any:
        return self.permission_tester(user, self)

    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """`revision.publish()` of one page publishes both, or raises ``ParityError``."""
        if log_action == "wagtail.publish.scheduled":
            self.press.publish_due(page=self)
            return
        self.press.publish(
            page=self,
            user=user,
            revision=revision,
            checks_permission=user is not None and not skip_permission_checks,
        )

    def unpublish(
        self,
        set_expired: bool = False,
        commit: bool = True,
        user: Any = None,
        log_action: bool | str = True,
    ) -> None:
        self.press.unpublish(page=self, user=user, has_expired=set_expired)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context |= {name: read(self) for name, read in self.shown.items()}
        counterpart = self.live_counterpart
        alternates = [(self.language, self.get_full_url(request) or "")]
        if counterpart is not None:
            alternates.append((counterpart.language, counterpart.get_full_url(request) or ""))
        part = self.part_of(request)
        context["alternates"] = [(code, url + part) for code, url in sorted(alternates)]
        context["counterpart_address"] = self.counterpart_address(request)
        return context
