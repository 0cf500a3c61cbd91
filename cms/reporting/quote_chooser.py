"""The editor's side of a report: its themes by name, and the comments of a theme to read and pick.

Built anew for each page, because each report has themes and comments of its own. Numbers stay
hidden in the form; whoever sends others is refused by `FindingsPage.clean`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail import blocks
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.telepath import register
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    ChosenResponseMixin,
)
from wagtail.admin.widgets.chooser import BaseChooser, BaseChooserAdapter

from analysis.review.models import Passage
from analysis.review.selectors.quotes import QuoteView, quotable, quotes_by_id
from cms.publishing.parity import LANGUAGES
from cms.publishing.permissions import page_to_edit
from cms.reporting.blocks import QuoteBlock, ThemeBlock
from cms.reporting.models import FindingsPage
from feedback.asking.enums import Channel

# Characters of a comment in the form. The list has it whole, as the page will quote it.
SHOWN = 400


def blocks_of(page: FindingsPage) -> blocks.StreamBlock:
    """The blocks of this report's themes, with its own themes and comments to choose from."""
    quote = QuoteBlock([("passage", CommentBlock(page, label=_("Comment")))])
    theme = ThemeBlock(
        [
            ("code", blocks.ChoiceBlock(choices=_themes(page), label=_("Theme"))),
            ("quotes", blocks.ListBlock(quote, label=_("Quotes"), default=[])),
        ]
    )
    return blocks.StreamBlock([("theme", theme)], required=False)


def _themes(page: FindingsPage) -> list[tuple[str, str]]:
    """The themes the report may write about, by name; a draft may hold one that is no more."""
    language = "fr" if (get_language() or "en").startswith("fr") else "en"
    numbers = page.numbers
    named = [(code, numbers.name_of(code, language)) for code in numbers.codes]
    gone = {block.value["code"]: block.value["heading"] for block in page.themes}
    return named + [
        (code, gettext("%(heading)s (no longer in this report)") % {"heading": heading})
        for code, heading in gone.items()
        if code not in numbers.codes
    ]


def _words(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rpartition(" ")[0] + " …"


def _marked(passage: Passage) -> str:
    """All its words, in the language they are to be read in."""
    if passage.language not in LANGUAGES:
        return passage.text
    return format_html('<span lang="{}">{}</span>', passage.language, passage.text)


def _source(language: str, channel: str) -> str:
    """`French, by phone`, beside a comment."""
    names = {"en": gettext("English"), "fr": gettext("French")}
    return gettext("%(language)s, %(channel)s") % {
        "language": names.get(language, gettext("Another language")),
        "channel": str(Channel(channel).label).lower(),
    }


class CommentChooser(BaseChooser):  # type: ignore[misc]
    """A comment by its words, with a button that opens the list of its theme's."""

    choose_one_text = _("Choose a comment")
    choose_another_text = _("Choose another comment")
    show_edit_link = False
    show_clear_link = False
    icon = "openquote"
    # The list is that of the theme chosen in the same block.
    linked_fields = {"theme": {"match": r"^themes-\d+-value-", "append": "code"}}

    def __init__(self, page: FindingsPage, **kwargs: Any) -> None:
        self.page = page
        super().__init__(**kwargs)

    @cached_property
    def _kept(self) -> dict[int, QuoteView]:
        return {passage: quote for (_, passage), quote in self.page.quoted().items()}

    def get_chooser_modal_url(self) -> str:
        return reverse("cms_quotes_choose", args=[self.page.pk])

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        if not str(value or "").isdigit():
            return None
        number = int(value)
        quote = self._kept.get(number)
        if quote is None:
            # Sent back with a form that was refused.
            quote = quotes_by_id([number], question=self.page.snapshot.question_id).get(number)
        if quote is None:
            return None
        return {"id": number, "title": _words(quote.text), "edit_url": None}


register(BaseChooserAdapter(), CommentChooser)


class CommentBlock(blocks.FieldBlock):  # type: ignore[misc]
    """The number of a comment, chosen by reading."""

    def __init__(self, page: FindingsPage, **kwargs: Any) -> None:
        self.field = forms.IntegerField(min_value=1, widget=CommentChooser(page))
        super().__init__(**kwargs)

    def get_form_state(self, value: Any) -> Any:
        return self.field.widget.get_value_data(value)

    class Meta:
        icon = "openquote"


# --- The list of a theme's comments --------------------------------------------------------------


class CommentFilterForm(BaseFilterForm):  # type: ignore[misc]
    """Words that are in it, and the language it was written in."""

    q = forms.CharField(label=_("Words in the comment"), required=False)
    written_in = forms.ChoiceField(
        label=pgettext_lazy("a comment", "Written in"),
        required=False,
        choices=[("", _("Both languages")), ("en", _("English")), ("fr", _("French"))],
    )

    def filter(self, objects: QuerySet[Passage]) -> QuerySet[Passage]:
        """Already done: the list is asked for with both."""
        self.is_searching = bool(self.cleaned_data["q"])
        self.search_query = self.cleaned_data["q"]
        return objects


class _OfPage:
    """Who may: those who edit the page; for others it is not there, or not theirs to edit."""

    page: FindingsPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        page = FindingsPage.objects.filter(pk=kwargs.pop("page_id")).first()
        self.page = page_to_edit(request.user, page)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class _CommentsView(_OfPage, BaseChooseView):  # type: ignore[misc]
    """The comments of one theme, those that show it best first, twenty to a page."""

    model = Passage
    per_page = 20
    icon = "openquote"
    page_title = _("Choose a comment")
    filter_form_class = CommentFilterForm
    preserve_url_parameters = ["theme"]

    def can_create(self) -> bool:
        return False

    def get_object_list(self) -> QuerySet[Passage]:
        code = self.request.GET.get("theme", "")
        if code not in self.page.numbers.codes:
            return Passage.objects.none()
        form = self.filter_form
        asked = form.cleaned_data if form.is_valid() else {}
        found: QuerySet[Passage] = quotable(
            self.page.snapshot.question,
            code,
            words=asked.get("q", ""),
            language=asked.get("written_in", ""),
        )
        return found

    def get_results_url(self) -> str:
        address = reverse("cms_quotes_results", args=[self.page.pk])
        found: str = self.append_preserved_url_parameters(address)
        return found

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "words",
                label=_("Comment"),
                accessor=_marked,
                get_url=lambda passage: reverse(
                    "cms_quotes_chosen", args=[self.page.pk, passage.pk]
                ),
                link_attrs={"data-chooser-modal-choice": True},
            ),
            Column(
                "source",
                label=_("Source"),
                accessor=lambda passage: _source(passage.language, passage.answer.response.channel),
                width="22%",
            ),
        ]


class ChooseCommentView(ChooseViewMixin, _CommentsView):  # type: ignore[misc]
    """The whole dialogue."""

    create_action_label = ""


class CommentResultsView(ChooseResultsViewMixin, _CommentsView):  # type: ignore[misc]
    """The list alone, when it is searched or leafed through."""


class ChosenCommentView(_OfPage, ChosenResponseMixin, View):  # type: ignore[misc]
    """The comment that was picked."""

    def get(self, request: HttpRequest, passage_id: int) -> HttpResponse:
        quote = quotes_by_id([passage_id], question=self.page.snapshot.question_id).get(passage_id)
        if quote is None:
            raise Http404
        return self.get_chosen_response(quote)  # type: ignore[no-any-return]

    def get_chosen_response_data(self, quote: QuoteView) -> dict[str, Any]:
        return {"id": str(quote.id), "title": _words(quote.text), "edit_url": None}


urls = [
    path("quotes/<int:page_id>/", ChooseCommentView.as_view(), name="cms_quotes_choose"),
    path("quotes/<int:page_id>/results/", CommentResultsView.as_view(), name="cms_quotes_results"),
    path(
        "quotes/<int:page_id>/<int:passage_id>/",
        ChosenCommentView.as_view(),
        name="cms_quotes_chosen",
    ),
]
