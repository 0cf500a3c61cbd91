"""Which of Wagtail's screens there are for people of departments, and what each is asked about.

Administrators have all of Wagtail. Everybody else has the screens listed here, by the name of
their address; one that is not listed does not exist for them, so a screen that a later Wagtail
or an extension adds is closed until somebody has looked at it. Beside each screen stands which of
its parameters names a page, a file or what is asked: another department's is not there (404),
whoever asks and in whatever way. Whoever sees it and may do there nothing of what a screen is for
(`ACTIONS`) is refused (403); what a person may do with one page, Wagtail asks of its permissions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from wagtail.admin.views.pages.search import page_filter_search
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.publishing import views
from cms.publishing.policies import asked_by, exists_for, is_colleagues, pages_visible_to
from feedback.asking.models import Engagement, Questionnaire
from feedback.people.models import Anyone
from feedback.people.permissions import RoleMissing, actions_of, is_administrator
from feedback.people.table import Action


class Names(Enum):
    """What a parameter of an address names."""

    PAGE = "page"
    DOCUMENT = "document"
    IMAGE = "image"
    ENGAGEMENT = "engagement"
    QUESTIONNAIRE = "questionnaire"
    # Asked with the page it belongs to, or by its own screen, which knows whose it is.
    CHECKED_THERE = "checked there"
    # A kind of page, a format, an action: no row.
    WORD = "word"


PAGE, DOCUMENT, IMAGE = Names.PAGE, Names.DOCUMENT, Names.IMAGE
ENGAGEMENT, QUESTIONNAIRE = Names.ENGAGEMENT, Names.QUESTIONNAIRE
CHECKED_THERE, WORD = Names.CHECKED_THERE, Names.WORD

Parameters = Mapping[str, Names]
NOTHING: Parameters = {}
ONE_PAGE: Parameters = {"page_id": PAGE}
PARENT: Parameters = {"parent_page_id": PAGE}
MOVED: Parameters = {"page_to_move_id": PAGE}
REVISION: Parameters = {"page_id": PAGE, "revision_id": CHECKED_THERE}
NEW_PAGE: Parameters = {
    "content_type_app_name": WORD,
    "content_type_model_name": WORD,
    "parent_page_id": PAGE,
}
ASKED: Parameters = {"pk": ENGAGEMENT}
QUESTIONS: Parameters = {"pk": QUESTIONNAIRE}

SCREENS: dict[str, Parameters] = {
    # The frame.
    "cms-sign-in": NOTHING,
    "wagtailadmin_login": NOTHING,
    "wagtailadmin_logout": NOTHING,
    # The home of staff stands before Wagtail's.
    "cms-home": NOTHING,
    "wagtailadmin_home": NOTHING,
    "wagtailadmin_account": NOTHING,
    "wagtailadmin_dismissibles": NOTHING,
    "wagtailadmin_sprite": NOTHING,
    "wagtailadmin_javascript_catalog": NOTHING,
    "wagtailadmin_block_preview": NOTHING,
    "wagtailadmin_editing_sessions:ping": {
        "app_label": WORD,
        "model_name": WORD,
        "object_id": PAGE,
        "session_id": CHECKED_THERE,
    },
    "wagtailadmin_editing_sessions:release": {"session_id": CHECKED_THERE},
    "wagtailadmin_tag_autocomplete": NOTHING,
    "wagtailadmin_tag_model_autocomplete": {"app_name": WORD, "model_name": WORD},
    # Finding pages.
    "wagtailadmin_api:pages:listing": NOTHING,
    "wagtailadmin_api:pages:detail": {"pk": PAGE},
    "wagtailadmin_explore_root": NOTHING,
    "wagtailadmin_explore": PARENT,
    "wagtailadmin_explore_results": PARENT,
    "wagtailadmin_pages:search": NOTHING,
    "wagtailadmin_pages:search_results": NOTHING,
    "wagtailadmin_choose_page": NOTHING,
    "wagtailadmin_choose_page_child": PARENT,
    "wagtailadmin_choose_page_search": NOTHING,
    "wagtailadmin_choose_page_chosen_multiple": {"id": PAGE},
    "wagtailadmin_choose_page_external_link": NOTHING,
    "wagtailadmin_choose_page_email_link": NOTHING,
    "wagtailadmin_choose_page_phone_link": NOTHING,
    "wagtailadmin_choose_page_anchor_link": NOTHING,
    # Writing them.
    "cms_pair": ONE_PAGE,
    "cms_quotes_choose": ONE_PAGE,
    "cms_quotes_results": ONE_PAGE,
    "cms_quotes_chosen": {**ONE_PAGE, "passage_id": CHECKED_THERE},
    "wagtailadmin_pages:add": NEW_PAGE,
    "wagtailadmin_pages:preview_on_add": NEW_PAGE,
    "wagtailadmin_pages:add_subpage": PARENT,
    "wagtailadmin_pages:edit": ONE_PAGE,
    "wagtailadmin_pages:preview_on_edit": ONE_PAGE,
    "wagtailadmin_pages:view_draft": ONE_PAGE,
    "wagtailadmin_pages:usage": ONE_PAGE,
    "wagtailadmin_pages:delete": ONE_PAGE,
    "wagtailadmin_pages:unpublish": ONE_PAGE,
    "wagtailadmin_pages:move": MOVED,
    "wagtailadmin_pages:move_confirm": {**MOVED, "destination_id": PAGE},
    "wagtailadmin_pages:set_page_position": MOVED,
    "wagtailadmin_pages:set_privacy": ONE_PAGE,
    "wagtailadmin_pages:lock": ONE_PAGE,
    "wagtailadmin_pages:unlock": ONE_PAGE,
    "wagtailadmin_pages:revisions_index": ONE_PAGE,
    "wagtailadmin_pages:revisions_view": REVISION,
    "wagtailadmin_pages:revisions_revert": REVISION,
    "wagtailadmin_pages:revisions_unschedule": REVISION,
    # Its parameters have no names, only places.
    "wagtailadmin_pages:revisions_compare": {"0": PAGE, "1": CHECKED_THERE, "2": CHECKED_THERE},
    "wagtailadmin_pages:history": ONE_PAGE,
    "wagtailadmin_pages:history_results": ONE_PAGE,
    "wagtail_bulk_action": {"app_label": WORD, "model_name": WORD, "action": WORD},
    # What happened, within one's own pages.
    "wagtailadmin_reports:site_history": NOTHING,
    "wagtailadmin_reports:site_history_results": NOTHING,
    "wagtailadmin_reports:aging_pages": NOTHING,
    "wagtailadmin_reports:aging_pages_results": NOTHING,
    # Files.
    "wagtaildocs:index": NOTHING,
    "wagtaildocs:index_results": NOTHING,
    "wagtaildocs:add": NOTHING,
    "wagtaildocs:edit": {"document_id": DOCUMENT},
    "wagtaildocs:delete": {"document_id": DOCUMENT},
    "wagtaildocs:document_usage": {"document_id": DOCUMENT},
    "wagtaildocs:add_multiple": NOTHING,
    "wagtaildocs:edit_multiple": {"doc_id": DOCUMENT},
    "wagtaildocs:delete_multiple": {"doc_id": DOCUMENT},
    "wagtaildocs:create_multiple_from_uploaded_document": {"uploaded_file_id": CHECKED_THERE},
    "wagtaildocs:delete_upload_multiple": {"uploaded_file_id": CHECKED_THERE},
    "wagtaildocs_chooser:choose": NOTHING,
    "wagtaildocs_chooser:choose_results": NOTHING,
    "wagtaildocs_chooser:chosen": {"pk": DOCUMENT},
    "wagtaildocs_chooser:chosen_multiple": {"id": DOCUMENT},
    "wagtaildocs_chooser:create": NOTHING,
    "wagtailimages:index": NOTHING,
    "wagtailimages:index_results": NOTHING,
    "wagtailimages:add": NOTHING,
    "wagtailimages:edit": {"image_id": IMAGE},
    "wagtailimages:delete": {"image_id": IMAGE},
    "wagtailimages:url_generator": {"image_id": IMAGE},
    "wagtailimages:url_generator_output": {"image_id": IMAGE},
    "wagtailimages:preview": {"image_id": IMAGE, "filter_spec": WORD},
    "wagtailimages:image_usage": {"image_id": IMAGE},
    "wagtailimages:add_multiple": NOTHING,
    "wagtailimages:edit_multiple": {"image_id": IMAGE},
    "wagtailimages:delete_multiple": {"image_id": IMAGE},
    "wagtailimages:create_multiple_from_uploaded_image": {"uploaded_file_id": CHECKED_THERE},
    "wagtailimages:delete_upload_multiple": {"uploaded_file_id": CHECKED_THERE},
    "wagtailimages_chooser:choose": NOTHING,
    "wagtailimages_chooser:choose_results": NOTHING,
    "wagtailimages_chooser:chosen": {"pk": IMAGE},
    "wagtailimages_chooser:chosen_multiple": {"id": IMAGE},
    "wagtailimages_chooser:create": NOTHING,
    "wagtailimages_chooser:select_format": {"image_id": IMAGE},
    # What is asked: `feedback.asking.viewsets` looks at the department itself.
    "engagements:index": NOTHING,
    "engagements:index_results": NOTHING,
    "engagements:add": NOTHING,
    "engagements:edit": ASKED,
    "engagements:delete": ASKED,
    "engagements:history": ASKED,
    "engagements:history_results": ASKED,
    "engagements:usage": ASKED,
    "questionnaires:index": NOTHING,
    "questionnaires:index_results": NOTHING,
    "questionnaires:add": NOTHING,
    "questionnaires:edit": QUESTIONS,
    "questionnaires:delete": QUESTIONS,
    "questionnaires:history": QUESTIONS,
    "questionnaires:history_results": QUESTIONS,
    "questionnaires:usage": QUESTIONS,
}

# What one must be allowed to do somewhere to find a screen at all; to write pages, if not said.
ACTIONS: dict[str, Action] = {
    **dict.fromkeys(
        (
            "wagtailadmin_pages:add",
            "wagtailadmin_pages:preview_on_add",
            "wagtailadmin_pages:add_subpage",
            "wagtailadmin_pages:delete",
            "wagtailadmin_pages:move",
            "wagtailadmin_pages:move_confirm",
        ),
        Action.BEGIN_PAGE,
    ),
    **dict.fromkeys(
        (
            "wagtailadmin_pages:unpublish",
            "wagtailadmin_pages:set_page_position",
            "wagtailadmin_pages:set_privacy",
            "wagtailadmin_pages:revisions_unschedule",
        ),
        Action.PUBLISH_PAGE,
    ),
    **dict.fromkeys(
        ("engagements:add", "questionnaires:add"),
        Action.BEGIN,
    ),
    **dict.fromkeys(
        ("engagements:delete", "questionnaires:delete"),
        Action.ADMINISTER,
    ),
}


def action_of(screen: str) -> Action:
    """What the screen of this name is for."""
    return ACTIONS.get(screen, Action.WRITE_PAGE)


# Parameters that name a page in whichever screen they are sent to, in the query or in a form.
ANYWHERE: Parameters = {
    "childOf": PAGE,
    "parent_page_id": PAGE,
    "target_pages[]": PAGE,
    "new_parent_page": PAGE,
    "chooser": PAGE,
}

# Screens of which there is one of our own.
OURS: dict[str, Callable[..., HttpResponse]] = {
    "wagtailadmin_tag_autocomplete": views.own_tags,
    "wagtailadmin_tag_model_autocomplete": views.own_tags,
}

EVERYTHING = "all"
# What Wagtail asks of whoever comes to its admin; our groups give it to the roles that write.
ACCESS = "wagtailadmin.access_admin"
# Ways in and out.
DOORS = frozenset({"cms-home", "cms-sign-in", "wagtailadmin_login", "wagtailadmin_logout"})


def exists(user: Anyone, address: str) -> bool:
    """Whether the screen at this address is there for the person at all."""
    if is_administrator(user):
        return True
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        # Not ours to judge: an address elsewhere.
        return True
    if not is_in_admin(address):
        return True
    return match.view_name in SCREENS and action_of(match.view_name) in actions_of(user)


def is_in_admin(path: str) -> bool:
    return path.startswith(f"/{settings.CMS_PATH}")


def exists_or_404(user: Anyone, model: type[Model], pk: Any) -> bool:
    """Whether the person may find it in a screen. Raises Http404 where it does not exist for her;
    a file of her department she may see the name of, and choose in another role."""
    if exists_for(user, model, pk):
        return True
    if not is_colleagues(user, model, pk):
        raise Http404
    return False


class OwnDepartmentsMiddleware:
    """What another department wrote is not there, in any screen of Wagtail's admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_in_admin(request.path_info):
            return self.get_response(request)
        with asked_by(request.user):
            return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        user = request.user
        match = request.resolver_match
        if match is None or not is_in_admin(request.path_info) or is_administrator(user):
            return None
        if not user.is_authenticated or match.view_name in DOORS:
            # Wagtail sends them to the sign-in page, whatever the address.
            return None
        may_use = all(exists_or_404(user, model, pk) for model, pk in _named(request, match))
        action = action_of(match.view_name)
        if not may_use or action not in actions_of(user) or not user.has_perm(ACCESS):
            raise RoleMissing(action)
        if match.view_name == "wagtail_bulk_action" and EVERYTHING in request.GET.getlist("id"):
            _spell_out_everything(request, kwargs)
        if match.view_name == "wagtailadmin_choose_page":
            # Wagtail would begin at the page above all those of the kind that is asked for, and
            # that may be another department's.
            kwargs["parent_page_id"] = Page.get_first_root_node().pk
        ours = OURS.get(match.view_name)
        return ours(request, **kwargs) if ours is not None else None


def _named(request: HttpRequest, match: ResolverMatch) -> Iterator[tuple[type[Model], Any]]:
    """The rows that the request names. Raises Http404 for a screen that is not there."""
    parameters = SCREENS.get(match.view_name)
    if parameters is None:
        raise Http404
    given: dict[str, list[Any]] = {
        **{str(place): [value] for place, value in enumerate(match.args)},
        **{name: [value] for name, value in match.kwargs.items()},
    }
    if unknown := given.keys() - parameters.keys():
        # An address that has grown a parameter nobody has looked at.
        raise Http404(", ".join(unknown))
    for sent in (request.GET, request.POST):
        for name in (*parameters.keys() - match.kwargs.keys(), *ANYWHERE):
            given.setdefault(name, []).extend(sent.getlist(name))
    if match.view_name == "wagtail_bulk_action":
        model = _model(match.kwargs)
        yield from ((model, pk) for pk in request.GET.getlist("id") if pk != EVERYTHING)
    if match.view_name == "wagtailadmin_editing_sessions:ping" and _model(match.kwargs) is not Page:
        raise Http404
    for name, values in given.items():
        what = parameters.get(name) or ANYWHERE.get(name)
        for value in values:
            # An empty or made-up number is for the screen itself to say.
            if what in MODELS and str(value).isdecimal():
                yield MODELS[what](), value


MODELS: dict[Names | None, Callable[[], type[Model]]] = {
    PAGE: lambda: Page,
    DOCUMENT: get_document_model,
    IMAGE: get_image_model,
    ENGAGEMENT: lambda: Engagement,
    QUESTIONNAIRE: lambda: Questionnaire,
}


def _model(kwargs: dict[str, Any]) -> type[Model]:
    """The model a screen for several kinds is asked about: pages, documents or images."""
    try:
        model: type[Model] = apps.get_model(kwargs["app_label"], kwargs["model_name"])
    except LookupError as error:
        raise Http404 from error
    if issubclass(model, Page):
        return cast(type[Model], Page)
    files: tuple[type[Model], ...] = (get_document_model(), get_image_model())
    if model not in files:
        raise Http404
    return model


def _spell_out_everything(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """Of pages, everything in the list is everything this person sees there.

    Wagtail reads all rows and lists those it may not touch, with their titles. (Of files it asks
    the policy.)
    """
    if not issubclass(_model(kwargs), Page):
        return
    pages: Any = pages_visible_to(request.user, Page.objects.all())
    words = request.GET.get("q", "")
    above = request.GET.get("childOf", "")
    parent = Page.objects.filter(pk=int(above)).first() if above.isdecimal() else None
    if parent is not None:
        pages = pages.descendant_of(parent) if words else pages.child_of(parent)
    if words:
        pages = page_filter_search(words, pages)[0].results()
    spelt_out = request.GET.copy()
    spelt_out.setlist("id", [str(page.pk) for page in pages])
    request.GET = spelt_out  # type: ignore[assignment]
