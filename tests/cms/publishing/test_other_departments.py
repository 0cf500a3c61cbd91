"""To people of one department, what another writes does not exist: every screen there is, walked.

The screens are not listed here but found, by walking all addresses under ``/cms/`` and ``/staff/``.
An address nobody has classified (`cms.publishing.screens.SCREENS`, or ``ADMINISTRATORS`` below)
fails, and so does a parameter that the walk cannot fill.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    Comment,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    PageLogEntry,
    Revision,
    Site,
    TaskState,
    UploadedFile,
    WorkflowState,
    get_page_models,
)
from wagtail.users.models import UserProfile

from analysis.review.models import Passage
from cms.publishing.forms import PairedPageForm
from cms.publishing.models import PairedPage
from cms.publishing.screens import SCREENS, Names
from cms.publishing.services.files import department_files_ensure
from cms.publishing.services.pairs import pair_create
from cms.reporting.models import FindingsPage, FindingsSnapshot
from feedback.approval.models import DepartmentWorkflow
from feedback.asking.models import Engagement
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Department, Membership
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_run,
    make_site,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db

# Everything the department wrote has both words in it. The first is what a stranger looks for (a
# screen may repeat it); the second is what no stranger is to read.
SOUGHT = "zirconium"
SECRET = "qqsecret"
WORDS = f"{SOUGHT.title()} {SECRET}"

# Screens of Wagtail that only administrators have. A new one is put here, or into SCREENS.
ADMINISTRATORS = {
    "wagtailadmin_error_test",
    "cms_settings_edit",
    # Wagtail's look at its own page for "not found".
    "django.views.generic.base.TemplateView",
    "wagtailadmin_api:pages:find",
    "wagtailadmin_api:pages:action",
    "wagtailadmin_api:documents:listing",
    "wagtailadmin_api:documents:detail",
    "wagtailadmin_api:documents:find",
    "wagtailadmin_api:images:listing",
    "wagtailadmin_api:images:detail",
    "wagtailadmin_api:images:find",
    "wagtailadmin_pages:type_use",
    "wagtailadmin_pages:type_use_results",
    "wagtailadmin_pages:choose_parent",
    "wagtailadmin_pages:convert_alias",
    "wagtailadmin_pages:copy",
    "wagtailadmin_pages:workflow_action",
    "wagtailadmin_pages:collect_workflow_action_data",
    "wagtailadmin_pages:confirm_workflow_cancellation",
    "wagtailadmin_pages:workflow_preview",
    "wagtailadmin_pages:workflow_history",
    "wagtailadmin_pages:workflow_history_detail",
    "wagtailadmin_reports:locked_pages",
    "wagtailadmin_reports:locked_pages_results",
    "wagtailadmin_reports:workflow",
    "wagtailadmin_reports:workflow_results",
    "wagtailadmin_reports:workflow_tasks",
    "wagtailadmin_reports:workflow_tasks_results",
    "wagtailadmin_reports:page_types_usage",
    "wagtailadmin_reports:page_types_usage_results",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
    "wagtailsnippets:index",
}
# Whole rooms of Wagtail's that only administrators have.
ADMINISTRATORS_ROOMS = (
    "wagtailadmin_collections",
    "wagtailadmin_workflows",
    "wagtailsettings",
    "wagtailredirects",
    "simple_translation",
    "wagtailembeds",
    "wagtaillocales",
    "wagtailsites",
    "wagtailusers_users",
    "wagtailusers_groups",
    "departments",
    "memberships",
)
# Doors, not screens; walking through them ends the walk. The last one is Wagtail's "no such page".
DOORS = {"cms-sign-in", "wagtailadmin_login", "wagtailadmin_logout", "account_login"}
DOORS |= {"account_logout", "wagtail.admin.views.home.default"}
# About oneself, or behind a link that is its own secret; or refused whoever it is about
# (tests/consult/test_routes.py).
DOORS |= {"mfa_remove_webauthn", "account_reset_password_from_key", "invitation-accept"}
DOORS |= {"second-factor-remove", "openid_connect_login", "openid_connect_callback"}
DOORS |= {"person-leaving"}


# --- What the department has -----------------------------------------------------------------


@dataclass
class Theirs:
    """A department that has written in every way there is to write."""

    department: Department = field(init=False)

    def __post_init__(self) -> None:
        make_site()
        self.department = make_department()
        self.author = make_user(self.department, Role.AUTHOR)
        self.approver = make_user(self.department, Role.APPROVER)
        self.analyst = make_user(self.department, Role.ANALYST)
        self.engagement = self._engagement()
        self.questionnaire = make_questionnaire(self.engagement)
        self.question = self.questionnaire.questions.get(code="slowed")
        (answer,) = make_comments(self.question, [(WORDS, Language.EN)])
        self.passage = Passage.objects.create(
            answer=answer, start=0, end=len(WORDS), text=WORDS, language="en"
        )
        self.run = make_run(self.question)
        self.live = self._written(make_pages(self.engagement))
        self.draft = self._written(make_pages(self._engagement(), published=False))
        self.findings = self._findings()
        self.pages = [*self.live.pages, *self.draft.pages, *self.findings.pages]
        self._files()
        self._traces()

    def _engagement(self) -> Engagement:
        return make_engagement(
            self.department, title_en=f"{WORDS} asked", title_fr=f"{WORDS} demandé"
        )

    def _written(self, pair: Any) -> Any:
        """Both pages say so, in what readers see and in what is only a draft."""
        for page in pair.pages:
            slug = f"{SOUGHT}-{SECRET}-{page.pk}"
            title = f"{WORDS} {page.language}"
            Page.objects.filter(pk=page.pk).update(title=title, draft_title=title, slug=slug)
            type(page).objects.filter(pk=page.pk).update(short_title=title)
            page = type(page).objects.get(pk=page.pk)
            page.lead = f"{WORDS} lead"
            page.save_revision(user=self.author, log_action=True, clean=False)
        return type(pair)(*(type(p).objects.get(pk=p.pk) for p in pair.pages))

    def _findings(self) -> Any:
        snapshot = FindingsSnapshot.objects.create(
            engagement=self.engagement,
            question=self.question,
            numbers={"theme_codes": []},
            created_by=self.author,
        )
        words = {"lead": WORDS, "snapshot": snapshot}
        return pair_create(
            parent=self.live.english,
            english=FindingsPage(title=f"{WORDS} heard", slug=f"{SECRET}-en", **words),
            french=FindingsPage(title=f"{WORDS} entendu", slug=f"{SECRET}-fr", **words),
            user=self.author,
        )

    def _files(self) -> None:
        self.collection = department_files_ensure(department=self.department).collection
        words = {"title": f"{WORDS} file", "collection": self.collection}
        words["uploaded_by_user"] = self.author
        self.document = get_document_model().objects.create(
            file=ContentFile(b"words", name=f"{SECRET}.txt"), **words
        )
        self.image = get_image_model().objects.create(
            file=get_test_image_file(f"{SECRET}.png"), **words
        )
        for file in (self.document, self.image):
            file.tags.add(f"{SOUGHT}-{SECRET}")
        self.upload = UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(get_document_model()),
            file=ContentFile(b"words", name=f"{SECRET}-2.txt"),
            uploaded_by_user=self.approver,
        )

    def _traces(self) -> None:
        page = self.draft.english
        self.comment = Comment.objects.create(
            page=page, user=self.author, text=WORDS, contentpath="title"
        )
        Page.objects.filter(pk=page.pk).update(
            locked=True, locked_by=self.author, locked_at=timezone.now()
        )
        self.redirect = Redirect.objects.create(
            old_path=f"/{SECRET}", redirect_page=self.live.english, site=Site.objects.get()
        )
        self.workflow = DepartmentWorkflow.objects.get(department=self.department).workflow_ptr
        self.workflow_state = WorkflowState.objects.create(
            workflow=self.workflow,
            base_content_type=ContentType.objects.get_for_model(Page),
            content_type=ContentType.objects.get_for_model(type(page)),
            object_id=str(self.draft.english.pk),
            requested_by=self.author,
        )
        self.task_state = TaskState.objects.create(
            workflow_state=self.workflow_state,
            task=self.workflow.tasks.first(),
            revision=self.draft.english.latest_revision,
            content_type=ContentType.objects.get_for_model(TaskState),
        )
        WorkflowState.objects.update(current_task_state=self.task_state)
        self.session = EditingSession.objects.create(
            user=self.author,
            content_type=ContentType.objects.get_for_model(type(page)),
            object_id=str(page.pk),
            last_seen_at=page.latest_revision_created_at,
        )

    def state(self) -> list[Any]:
        """What no stranger's request may change."""
        return [
            list(Page.objects.order_by("pk").values("pk", "title", "live", "locked", "path")),
            Revision.objects.count(),
            [Comment.objects.count(), WorkflowState.objects.count(), Redirect.objects.count()],
            list(get_document_model().objects.values("pk", "title", "collection")),
            list(get_image_model().objects.values("pk", "title", "collection")),
            list(Engagement.objects.order_by("pk").values("pk", "status", "title_en")),
            [PageLogEntry.objects.count(), UploadedFile.objects.count()],
        ]


@pytest.fixture
def theirs() -> Theirs:
    return Theirs()


def widest_rights(user: Any) -> None:
    """All that Wagtail's groups can give: every permission, on every page, in every collection."""
    group, made = Group.objects.get_or_create(name="Everything")
    if made:
        group.permissions.set(Permission.objects.all())
        pages = Permission.objects.filter(content_type__model="page")
        files = Permission.objects.filter(content_type__model__in=("document", "image"))
        root = Collection.get_first_root_node()
        for permission in pages:
            GroupPagePermission.objects.create(
                group=group, page=Page.get_first_root_node(), permission=permission
            )
        for permission in files:
            GroupCollectionPermission.objects.create(
                group=group, collection=root, permission=permission
            )
    user.groups.add(group)


def speak(user: Any, language: str) -> None:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})


# --- The walk ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Screen:
    """One address pattern: its name and how it is written, with its parameters open."""

    name: str
    route: str
    parameters: tuple[str, ...]

    @property
    def is_listed(self) -> bool:
        return self.name in SCREENS


def screens(
    under: str = "", resolver: Any = None, route: str = "", space: str = ""
) -> list[Screen]:
    """All addresses that begin with ``under``."""
    found: list[Screen] = []
    for each in (resolver or get_resolver()).url_patterns:
        whole = route + str(each.pattern).lstrip("^")
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            found += screens(under, each, whole, inner)
        elif isinstance(each, URLPattern) and whole.startswith(under):
            name = f"{space}{each.name}" if each.name else each.lookup_str
            groups = each.pattern.regex.groups if not each.pattern.converters else 0
            names = tuple(each.pattern.converters) or tuple(map(str, range(groups)))
            found.append(Screen(name, whole, tuple(_open(whole)) or names))
    return found


def _open(route: str) -> Iterator[str]:
    """The names in ``<int:page_id>``."""
    for part in route.split("<")[1:]:
        yield part.split(">")[0].rpartition(":")[2]


def addresses(screen: Screen, theirs: Theirs) -> list[str]:
    """The screen, asked about what is theirs."""
    if screen.name == "wagtailadmin_pages:revisions_compare":
        return [
            f"/{settings.CMS_PATH}pages/{page.pk}/revisions/compare/{one}...{two}/"
            for page in (theirs.live.english, theirs.draft.french)
            for one, two in (("earliest", "latest"), (page.latest_revision_id, "live"))
        ]
    filled = [""]
    rest = screen.route
    while "<" in rest:
        before, _, rest = rest.partition("<")
        name, _, rest = rest.partition(">")
        values = values_of(screen, name.rpartition(":")[2], theirs)
        filled = [f"{begun}{before}{value}" for begun in filled for value in values]
    return [f"/{begun}{rest}" for begun in filled]


def values_of(screen: Screen, name: str, theirs: Theirs) -> list[Any]:
    """What is filled in for one parameter of one address."""
    pages = [theirs.live.english.pk, theirs.draft.french.pk]
    by_name: dict[str, list[Any]] = {
        "page_id": pages,
        "parent_page_id": pages,
        "page_to_move_id": pages,
        "destination_id": pages,
        "page_pk": pages[1:],
        "object_id": pages[1:],
        "revision_id": [theirs.draft.french.latest_revision_id],
        "task_state_id": [theirs.task_state.pk],
        "task_id": [theirs.task_state.task_id],
        "workflow_state_id": [theirs.workflow_state.pk],
        "workflow_pk": [theirs.workflow.pk],
        "session_id": [theirs.session.pk],
        "collection_id": [theirs.collection.pk],
        "redirect_id": [theirs.redirect.pk],
        "document_id": [theirs.document.pk],
        "doc_id": [theirs.document.pk],
        "image_id": [theirs.image.pk],
        "uploaded_file_id": [theirs.upload.pk],
        "filter_spec": ["width-100"],
        "format": ["html"],
        "reference": [theirs.engagement.reference_number],
        "code": [theirs.question.code],
        "question_id": [theirs.question.pk],
        "passage_id": [theirs.passage.pk],
        "uidb64": ["MQ"],
        "token": ["set-password"],
        "content_type_app_name": ["pages"],
        "app_name": ["pages"],
        "content_type_model_name": ["consultationpage"],
        "app_label": ["wagtailcore"],
        "model_name": ["page"],
        "action": ["publish", "unpublish", "move", "delete"],
        "action_name": ["publish"],
    }
    # Ours stands in front of Wagtail's own screen for the site's settings.
    is_settings = screen.name == "cms_settings_edit"
    space = "wagtailsettings" if is_settings else screen.name.partition(":")[0]
    if name == "app_name" and space == "wagtailadmin_tag_model_autocomplete":
        return ["taggit"]
    if name in ("app_name", "model_name") and space in ("wagtailsettings",):
        return ["pages" if name == "app_name" else "sitesettings"]
    if name in ("app_label", "model_name") and screen.name == "wagtailadmin_pages:choose_parent":
        return ["pages" if name == "app_label" else "consultationpage"]
    if name == "model_name" and screen.name == "wagtailadmin_tag_model_autocomplete":
        return ["tag"]
    if name == "pk":
        by_space: dict[str, list[Any]] = {
            "wagtailadmin_api:pages": pages,
            "wagtailadmin_api:documents": [theirs.document.pk],
            "wagtailadmin_api:images": [theirs.image.pk],
            "wagtaildocs_chooser": [theirs.document.pk],
            "wagtailimages_chooser": [theirs.image.pk],
            "engagements": [theirs.engagement.pk],
            "questionnaires": [theirs.questionnaire.pk],
            "departments": [theirs.department.pk],
            "memberships": [Membership.objects.filter(department=theirs.department).first().pk],
            "wagtailadmin_collections": [theirs.collection.pk],
            "wagtailadmin_workflows": [theirs.workflow.pk],
            "wagtailsettings": [1],
            "simple_translation": pages[:1],
            "wagtaillocales": [Locale.objects.first().pk],
            "wagtailsites": [Site.objects.get().pk],
            "wagtailusers_users": [theirs.author.pk],
            "wagtailusers_groups": [Group.objects.first().pk],
            "review": [theirs.run.pk],
        }
        whole = screen.name.rpartition(":")[0]
        found = by_space.get(whole) or by_space.get(space)
        if found is not None:
            return found
    elif name in by_name:
        return by_name[name]
    return pytest.fail(f"{screen.name}: say in `values_of` what “{name}” names")


def looks(screen: Screen, theirs: Theirs) -> list[str]:
    """Query strings that look for what is theirs: by its words everywhere, by its number where a
    screen takes one."""
    home, parent = make_site().english.pk, theirs.live.english.pk
    page, report = theirs.draft.english.pk, theirs.findings.french.pk
    words = urlencode({"q": SOUGHT, "search": SOUGHT, "term": SOUGHT, "label": SOUGHT})
    numbers: dict[str, list[str]] = {
        "wagtailadmin_api:pages:listing": [
            f"search={SOUGHT}",
            f"for_explorer=1&child_of={home}",
            f"child_of={parent}",
            f"descendant_of={home}",
            f"ancestor_of={report}",
            f"translation_of={page}",
            f"id={page}",
        ],
        "wagtailadmin_explore_root": ["ordering=ord&q=&has_child_pages=true"],
        "wagtailadmin_choose_page": [
            "page_type=cms.findingspage",
            f"user_perms=move_to&target_pages[]={page}",
        ],
        "wagtailadmin_choose_page_search": [f"q={SOUGHT}&page_type=cms.findingspage"],
        "wagtailadmin_choose_page_chosen_multiple": [f"id={page}&id={report}"],
        "wagtailadmin_choose_page_external_link": [f"parent_page_id={page}"],
        "wagtaildocs_chooser:chosen_multiple": [f"id={theirs.document.pk}"],
        "wagtailimages_chooser:chosen_multiple": [f"id={theirs.image.pk}"],
        "wagtailadmin_reports:site_history": ["export=csv"],
        "wagtailadmin_reports:aging_pages": ["export=csv"],
        "wagtail_bulk_action": [
            f"id={page}&id={report}",
            f"id=all&childOf={home}",
            f"id=all&childOf={home}&q={SOUGHT}",
            f"id=all&childOf={parent}",
            "id=all",
        ],
    }
    return [words, *numbers.get(screen.name, [])]


def says(response: Any) -> str:
    """All that a response tells: its body, its headers."""
    body = b"".join(response) if response.streaming else response.content
    return body.decode("utf-8", "replace") + "\n".join(f"{k}: {v}" for k, v in response.items())


class Walk:
    """One person's way through every screen, asking each for what is theirs.

    ``leaks`` are the answers that tell the secret, fail, or differ from those about what never
    was.
    """

    def __init__(self, client: Any, theirs: Theirs) -> None:
        self.client = client
        # A screen that breaks is one of the things found.
        client.raise_request_exception = False
        self.theirs = theirs
        self.leaks: list[str] = []
        self.plain: list[str] = []

    def asks(self, address: str, post: dict[str, Any] | None = None) -> int:
        ajax = {"x-requested-with": "XMLHttpRequest"} if "choose" in address else {}
        if post is None:
            response = self.client.get(address, headers=ajax)
        else:
            response = self.client.post(address, post, headers=ajax)
        status: int = response.status_code
        if SECRET in says(response).lower() or status >= 500:
            self.leaks.append(f"{'GET' if post is None else 'POST'} {address}: {status}")
        return status

    def through(self, screen: Screen) -> None:
        post = {
            "new_parent_page": self.theirs.live.english.pk,
            "action": "publish",
            "title": "Renamed",
            "reason": "Because",
        }
        found = addresses(screen, self.theirs)
        if is_closed(screen):
            # Refused by name, whatever it is asked about.
            found = found[:1]
        for address in found:
            asked: list[tuple[str, Any]] = [(address, post)]
            if screen.is_listed and not names_a_row(screen):
                queries = looks(screen, self.theirs)
                asked += [(f"{address}?{query}", None) for query in queries]
                if screen.name == "wagtail_bulk_action":
                    asked += [(f"{address}?{query}", post) for query in queries]
                self.plain.append(address)
            else:
                asked += [(address, None)]
            for at, form in asked:
                status = self.asks(at, form)
                if (names_a_row(screen) or is_closed(screen)) and status != 404:
                    self.leaks.append(f"{'POST' if form else 'GET'} {at}: {status}, not 404")

    def everywhere(self) -> Walk:
        for screen in [*screens(settings.CMS_PATH), *screens("staff/")]:
            if screen.name not in DOORS:
                self.through(screen)
        for address in commons():
            self.asks(address)
        # And the messages kept for the next screen.
        self.asks(f"/{settings.CMS_PATH}")
        return self

    def again(self) -> int:
        """The screens that ask for no row, plainly, in whatever language is spoken now: how many
        are there."""
        return sum(self.asks(address) == 200 for address in [*self.plain, *commons()])


def commons() -> list[str]:
    """Screens of the pages that are everybody's, under which the others stand."""
    home, root = make_site().french.pk, Page.get_first_root_node().pk
    return [
        reverse("wagtailadmin_explore", args=[home]),
        reverse("wagtailadmin_explore", args=[home]) + f"?q={SOUGHT}",
        reverse("wagtailadmin_explore", args=[home]) + "?ordering=ord",
        reverse("wagtailadmin_explore_results", args=[root]) + f"?q={SOUGHT}",
        reverse("wagtailadmin_choose_page_child", args=[home]),
        reverse("wagtailadmin_api:pages:detail", args=[home]),
        reverse("wagtailadmin_pages:usage", args=[home]),
        reverse("wagtailadmin_pages:add_subpage", args=[home]),
    ]


ROWS = (Names.PAGE, Names.DOCUMENT, Names.IMAGE, Names.ENGAGEMENT, Names.QUESTIONNAIRE)


def is_closed(screen: Screen) -> bool:
    """Whether only administrators have the screen."""
    space = screen.name.partition(":")[0]
    return screen.name in ADMINISTRATORS or space in ADMINISTRATORS_ROOMS


def names_a_row(screen: Screen) -> bool:
    """Whether the address itself names one of their pages or files."""
    listed = SCREENS.get(screen.name, {})
    return any(listed.get(name) in ROWS for name in screen.parameters)


def editor_who_came_from_there(theirs: Theirs) -> Any:
    """Wrote, locked and uploaded what is theirs, before she went to work elsewhere."""
    author = theirs.author
    Membership.objects.filter(user=author).delete()
    Membership.objects.create(user=author, department=make_department(), role=Role.AUTHOR)
    return author


def publisher_with_every_right(theirs: Theirs) -> Any:
    approver = make_user(make_department(), Role.APPROVER)
    widest_rights(approver)
    return approver


def analyst(theirs: Theirs) -> Any:
    return make_user(make_department(), Role.ANALYST)


@pytest.mark.parametrize("who", [editor_who_came_from_there, publisher_with_every_right, analyst])
def test_no_screen_tells_a_stranger_what_another_department_writes(client, theirs, who):
    stranger = who(theirs)
    before = theirs.state()
    client.force_login(stranger)
    speak(stranger, "en")
    walk = Walk(client, theirs).everywhere()
    speak(stranger, "fr")
    there = walk.again()
    assert not walk.leaks, "\n".join(walk.leaks)
    # Walls, not a site that is shut.
    assert there > 25 or who is analyst
    assert theirs.state() == before
    assert not mail.outbox


def test_every_screen_is_somebodys():
    """A new address of the admin fails here until it is listed, or left to administrators."""
    found = screens(settings.CMS_PATH)
    names = {screen.name for screen in found} - DOORS
    closed = {screen.name for screen in found if is_closed(screen)}
    assert names - set(SCREENS) - closed == set(), (
        "say in SCREENS or ADMINISTRATORS whose these are"
    )
    assert not closed & set(SCREENS)
    # Nor is one listed that Wagtail no longer has.
    assert set(SCREENS) - DOORS - names == set()
    for screen in found:
        # A parameter of an address that SCREENS does not know would close the screen to all.
        if screen.is_listed:
            listed = SCREENS[screen.name]
            assert set(screen.parameters) <= set(listed), f"{screen.name}: what do these name?"


def test_every_kind_of_page_says_whose_it_is_and_takes_no_strangers_link():
    for model in get_page_models():
        if model is not Page:
            assert issubclass(model, PairedPage)
            assert model.engagement_path is not None, model
            assert issubclass(model.base_form_class, PairedPageForm), model


# --- To those who wrote it ---------------------------------------------------------------------


@pytest.mark.parametrize(("role", "language"), [("author", "en"), ("approver", "fr")])
def test_people_of_the_department_find_their_own_on_every_screen(client, theirs, role, language):
    user = getattr(theirs, role)
    speak(user, language)
    client.force_login(user)
    home, page = make_site().english.pk, theirs.live.english
    draft, document = theirs.draft.french.pk, theirs.document.pk
    listing = "/cms/api/main/pages/"
    for address in (
        f"/cms/pages/{home}/",
        f"/cms/pages/{home}/results/?q={SOUGHT}",
        f"/cms/pages/{page.pk}/",
        f"/cms/pages/search/?q={SOUGHT}",
        f"/cms/choose-page/{home}/",
        f"/cms/choose-page/search/?q={SOUGHT}",
        f"/cms/choose-page/chosen-multiple/?id={draft}",
        f"{listing}?for_explorer=1&child_of={home}",
        f"{listing}{draft}/",
        f"/cms/pages/{draft}/edit/",
        f"/cms/pages/{draft}/history/",
        f"/cms/pages/{page.pk}/usage/",
        f"/cms/pages/{page.pk}/view_draft/",
        f"/cms/pages/{page.pk}/revisions/compare/earliest...latest/",
        f"/cms/pages/{page.pk}/revisions/{page.latest_revision_id}/view/",
        f"/cms/pages/{page.pk}/revisions/{page.latest_revision_id}/revert/",
        f"/cms/pair/{draft}/",
        "/cms/reports/site-history/",
        f"/cms/bulk/wagtailcore/page/delete/?id=all&childOf={home}",
        "/cms/documents/",
        "/cms/documents/chooser/",
        f"/cms/documents/chooser/chosen/{document}/",
        f"/cms/tag-autocomplete/?term={SOUGHT}",
        "/cms/images/",
        f"/cms/images/chooser/results/?q={SOUGHT}",
    ):
        response = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        assert response.status_code == 200, address
        assert SECRET in says(response).lower(), address
    if role == "author":
        # Her own uploads, edits and locks, and what is asked.
        own = f"/cms/engagements/edit/{theirs.engagement.pk}/"
        for address in (f"/cms/documents/edit/{document}/", "/cms/engagements/", own):
            assert SECRET in says(client.get(address)), address
    else:
        assert SECRET in says(client.get("/cms/reports/aging-pages/"))
        assert client.get(f"/cms/pages/{page.pk}/unpublish/").status_code == 200


def test_administrators_have_every_screen(client, theirs):
    client.force_login(make_superuser())
    for address in (
        f"/cms/pages/search/?q={SOUGHT}",
        "/cms/documents/",
        "/cms/reports/site-history/",
        "/cms/redirects/",
        f"/cms/tag-autocomplete/?term={SOUGHT}",
        f"/cms/choose-page/search/?q={SOUGHT}",
    ):
        assert SECRET in says(client.get(address)).lower(), address
    for address in ("/cms/users/", "/cms/sites/", "/cms/departments/", "/cms/collections/"):
        assert client.get(address).status_code == 200


# --- By other roads ----------------------------------------------------------------------------


def test_menus_offer_only_screens_that_are_there(client, theirs):
    widest_rights(stranger := make_user(make_department(), Role.AUTHOR))
    client.force_login(stranger)
    html = client.get("/cms/pages/").content.decode()
    for address in ("/cms/redirects/", "/cms/users/", "/cms/reports/", "/cms/whats-new"):
        assert address not in html
    for address in ("/cms/documents/", "/cms/images/", "/cms/engagements/"):
        assert address in html


@pytest.mark.parametrize("way", ["edit", "preview"])
@pytest.mark.parametrize("named", ["link to a page", "link to a file", "file"])
def test_a_form_that_names_what_is_theirs_is_answered_as_if_it_were_not_there(
    client, theirs, named, way
):
    ours = make_pages(make_engagement(make_department()), published=False).english
    department = ours.engagement.department
    client.force_login(make_user(department, Role.AUTHOR))
    mine = get_document_model().objects.create(
        title="Ours",
        file=ContentFile(b"x", name="ours.txt"),
        collection=department_files_ensure(department=department).collection,
    )
    address = f"/cms/pages/{ours.pk}/edit/" + ("preview/" if way == "preview" else "")
    own = {"page": ours.pk, "file": mine.pk}
    foreign = {"page": theirs.draft.french.pk, "file": theirs.document.pk}
    for rows, statuses in ((foreign, {404}), (own, {200, 302})):
        data = _form(ours)
        if named == "link to a page":
            data["why"] = _linked("LINK", rows["page"])
        elif named == "link to a file":
            data["contact"] = _linked("DOCUMENT", rows["file"])
        else:
            data |= {
                "documents-count": 1,
                "documents-0-deleted": "",
                "documents-0-order": "0",
                "documents-0-type": "document",
                "documents-0-id": "",
                # Nothing else filled in: the form is shown again.
                "documents-0-value-title": "",
                "documents-0-value-document": rows["file"],
                "documents-0-value-note": "",
            }
        response = client.post(address, data)
        assert response.status_code in statuses
        assert SECRET not in says(response)


def _linked(kind: str, pk: int) -> str:
    """What the rich text editor sends for a word that is a link."""
    return json.dumps(
        {
            "blocks": [
                {
                    "key": "a",
                    "text": "Words",
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [],
                    "entityRanges": [{"offset": 0, "length": 5, "key": 0}],
                }
            ],
            "entityMap": {
                "0": {"type": kind, "mutability": "MUTABLE", "data": {"id": pk, "url": "/x/"}}
            },
        }
    )


def _form(page: Any) -> dict[str, Any]:
    words = {name: getattr(page, name) for name in ("title", "slug", "short_title", "lead")}
    rich = '{"blocks": [], "entityMap": {}}'
    return {
        **words,
        **dict.fromkeys(("why", "how_used", "other_ways", "contact"), rich),
        "who_decides": page.who_decides,
        "engagement": page.engagement_id,
        "next_steps-count": 0,
        "documents-count": 0,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }


def test_files_go_where_only_the_department_sees_them(client, theirs):
    """An upload has one place to go to; another department's is no choice."""
    department = make_department()
    author = make_user(department, Role.AUTHOR)
    client.force_login(author)
    own = department_files_ensure(department=department).collection
    for collection in (theirs.collection.pk, own.pk):
        response = client.post(
            "/cms/documents/add/",
            {"title": "Ours", "file": ContentFile(b"x", name="a.txt"), "collection": collection},
        )
        assert SECRET not in says(response).lower()
    documents = get_document_model().objects.filter(uploaded_by_user=author)
    assert {each.collection for each in documents} == {own}


def test_a_renamed_department_renames_its_collection(theirs):
    make_department(name_en="Middle")
    for name in ("Zoo", "Aviary", "Newly named"):
        theirs.department.name_en = name
        theirs.department.save()
    make_department(name_en="Nearby")
    assert not any(Collection.find_problems())
    theirs.collection.refresh_from_db()
    assert "Newly named" in theirs.collection.name
    assert theirs.department.name_fr in theirs.collection.name
