"""The review desk: what people see and decide. Thin; services decide, selectors read.

Each decision is a form that works without JavaScript: it answers 303 to the desk. htmx sends the
same forms and takes the desk out of the same reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.review.models import AnalysisRun, CandidateTheme, Passage, Theme
from analysis.review.permissions import ReviewAccess, review_access
from analysis.review.selectors.crossings import Crossing, crossings_of
from analysis.review.selectors.desk import details_of, review_for
from analysis.review.selectors.letters import letters_in
from analysis.review.selectors.passages import passages_of
from analysis.review.selectors.questions import questions_to_review
from analysis.review.selectors.quotes import quotes_shown
from analysis.review.selectors.reviewed import NONE, Review
from analysis.review.selectors.runs import run_number, run_report, runs_of
from analysis.review.selectors.splits import desk_splits
from analysis.review.services import codebook as services
from analysis.review.services.runs import RunRefused, addition_request, run_request
from analysis.review.split_pages import level_views, split_view
from analysis.review.templatetags.review_words import language_name
from feedback.asking.enums import Channel
from feedback.people.models import User

View = Callable[..., HttpResponse]

CONFLICT = 409
UNPROCESSABLE = 422
# What a desk's address says beside the group selected: the split asked for, and which passages.
SPLIT = ("by",)
PASSAGES = ("language", "channel", "after")


# What people write about a theme.
WORDS = {
    "name": gettext_lazy("Name"),
    "definition": gettext_lazy("Definition"),
    "includes": gettext_lazy("Includes"),
    "excludes": gettext_lazy("Excludes"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One text of a theme in one language, as somebody else saved it and as it was typed."""

    label: str
    language: str
    theirs: str
    mine: str


class SeeOther(HttpResponseRedirect):
    """303: whatever was sent, what follows is a GET."""

    status_code = 303


def staff_only(view: View) -> View:
    """Send a person who is not signed in to the sign-in page, and back here afterwards.

    htmx would follow a redirect inside the page and find no desk in it: it is told to leave.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if getattr(request, "htmx", False):
            there = redirect_to_login(_desk_path(kwargs) or request.path)
            return HttpResponse(status=204, headers={"HX-Redirect": there.url})
        back = request.get_full_path() if request.method in ("GET", "HEAD") else _desk_path(kwargs)
        return redirect_to_login(back or request.path)

    return guarded


def _desk_path(kwargs: Mapping[str, Any]) -> str:
    if "reference" not in kwargs:
        return ""
    return reverse("review:desk", args=[kwargs["reference"], kwargs["code"]])


# --- Reading -----------------------------------------------------------------------------------


@require_safe
@staff_only
def index(request: HttpRequest) -> HttpResponse:
    """The questions answered in words of the person's departments, and where each stands."""
    return render(request, "review/index.html", {"rows": questions_to_review(request.user)})


@require_safe
@staff_only
def desk(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """The codebook, the passages of one group, the words for it."""
    access = review_access(request.user, reference, code, to_review=False)
    return _desk(request, access, request.GET.get("group", ""))


def _desk(
    request: HttpRequest,
    access: ReviewAccess,
    group: str,
    *,
    problem: str = "",
    open_form: str = "",
    typed: Mapping[str, str] | None = None,
    bad_fields: list[str] | None = None,
    compared: list[Compared] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The desk with ``group`` selected; with ``problem``, what was typed is still there."""
    options = crossings_of(access.question)
    chosen = _crossing(options, request.GET.get("by", ""))
    review = review_for(access.question)
    node = review.node(group) if group else None
    if node is None and group != NONE:
        node = review.node(review.first_key)
    details = details_of(review, node) if node is not None else None
    key = node.key if node is not None else NONE
    language = request.GET.get("language", "")
    channel = request.GET.get("channel", "")
    page = passages_of(
        access.question,
        review.run,
        details.theme or details.candidate if details is not None else None,
        language=language,
        channel=channel,
        after=request.GET.get("after", ""),
    )
    htmx: Any = getattr(request, "htmx", None)
    part = bool(htmx and not htmx.history_restore_request)
    context = {
        **_frame(access),
        "review": review,
        "options": options,
        "chosen": chosen,
        "split": split_view(review, options, chosen, node.key) if node is not None else None,
        "by": _by(options, chosen),
        "kept": _kept(request, *SPLIT),
        "kept_here": _kept(request, *SPLIT, *PASSAGES),
        "node": node,
        "key": key,
        "details": details,
        "quotes": quotes_shown(review, details),
        "page": page,
        "language": language,
        "channel": channel,
        "channel_names": dict(Channel.choices),
        "is_later_page": bool(request.GET.get("after")),
        "problem": problem,
        "open_form": open_form,
        "typed": typed or {},
        "bad_fields": bad_fields or [],
        "compared": compared or [],
        "findings_draft": _findings_draft(access, review),
        "is_part": part,
    }
    response = render(
        request, "review/desk_part.html" if part else "review/desk.html", context, status=status
    )
    if part and status != 200:
        # The address of a form that was refused is not one to come back to.
        response.headers["HX-Push-Url"] = "false"
    return response


def _crossing(options: list[Crossing], code: str) -> Crossing:
    """What was asked for, the first where nothing was. Raises Http404 for what is not there."""
    if not code:
        return options[0]
    chosen = next((option for option in options if option.code == code), None)
    if chosen is None:
        raise Http404
    return chosen


def _by(options: list[Crossing], chosen: Crossing) -> str:
    """What keeps a link on the question asked for; nothing where it is the one shown anyway."""
    return "" if chosen.code == options[0].code else f"&by={chosen.code}"


def _kept(request: HttpRequest, *names: str) -> str:
    """The query that a form of the desk sends along, so that what follows shows the same."""
    kept = {name: value for name in names if (value := request.GET.get(name, ""))}
    return f"?{urlencode(kept)}" if kept else ""


@require_safe
@staff_only
def splits(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """All themes and proposals beside one closed question, or the language people wrote in."""
    access = review_access(request.user, reference, code, to_review=False)
    options = crossings_of(access.question)
    chosen = _crossing(options, request.GET.get("by", ""))
    found = desk_splits(review_for(access.question), options, chosen)
    context = {
        **_frame(access),
        "options": options,
        "chosen": chosen,
        "by": _by(options, chosen),
        "levels": level_views(found),
    }
    return render(request, "review/splits.html", context)


def _frame(access: ReviewAccess) -> dict[str, Any]:
    """What every page about a question shows."""
    return {
        "engagement": access.engagement,
        "question": access.question,
        "reference": access.engagement.reference_number,
        "may_review": access.may_review,
        "may_report": access.may_report,
        "desk_path": reverse(
            "review:desk", args=[access.engagement.reference_number, access.question.code]
        ),
    }


def _findings_draft(access: ReviewAccess, review: Review) -> str:
    """Where the report on these themes is drafted; empty where there is nothing to report, the
    person may not, or the room that publishes is not there."""
    if not review.themes or not access.may_report:
        return ""
    try:
        return reverse("reporting:findings_draft", args=[access.question.pk])
    except NoReverseMatch:
        return ""


# --- Runs --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def runs(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """All runs of the question; POST asks for one more, of all answers or of the new ones."""
    asked = request.method == "POST"
    access = review_access(request.user, reference, code, to_review=asked)
    if not asked:
        rows = [(run_number(run), run) for run in runs_of(access.question)]
        return render(request, "review/runs.html", {**_frame(access), "rows": rows})
    seed, config = 0, {}
    if repeated := request.POST.get("repeat", ""):
        pattern = get_object_or_404(AnalysisRun, pk=_number(repeated), question=access.question)
        seed, config = pattern.seed, {k: v for k, v in pattern.config.items() if k != "seed"}
    try:
        if request.POST.get("add"):
            addition_request(question=access.question, user=_person(request))
            message = _("The new answers are being added to the themes. You can go on reviewing.")
        else:
            run_request(question=access.question, user=_person(request), seed=seed, config=config)
            message = _("The answers are being grouped. You can go on reviewing.")
    except RunRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, message)
    return _to(request, access)


@require_safe
@staff_only
def run(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """One run: what it was asked, what it found, how to do it again."""
    access = review_access(request.user, reference, code, to_review=False)
    found = get_object_or_404(
        AnalysisRun.objects.select_related("requested_by"), pk=pk, question=access.question
    )
    context = {
        **_frame(access),
        "run": found,
        "report": run_report(found),
        "letters": letters_in(found),
    }
    return render(request, "review/run.html", context)


@require_safe
@staff_only
def run_state(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """How far the run under way is; asked every two seconds by a desk that is open.

    Once the run has ended, an empty desk fills itself; one that people work on is only told.
    """
    access = review_access(request.user, reference, code, to_review=False)
    newest = runs_of(access.question).first()
    context = {
        **_frame(access),
        "active": newest if newest and newest.is_under_way else None,
        "newest": newest,
        "kept": _kept(request, *SPLIT),
    }
    response = render(request, "review/run_state.html", context)
    if context["active"] is None and request.GET.get("empty"):
        response.headers["HX-Refresh"] = "true"
    return response


# --- Deciding ----------------------------------------------------------------------------------


@require_POST
@staff_only
def accept(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Accept the proposals ticked, or all that are new."""
    access = review_access(request.user, reference, code, to_review=True)
    review = review_for(access.question)
    offered = {node.pk for node in review.proposals}
    wanted = (
        offered
        if request.POST.get("all")
        else offered & {_number(value) for value in request.POST.getlist("proposal")}
    )
    if not wanted:
        messages.error(request, _("Tick the proposals to accept first."))
        return _to(request, access)
    chosen = CandidateTheme.objects.filter(pk__in=wanted).select_related("run")
    themes = services.candidates_accept(candidates=chosen, user=_person(request))
    if themes:
        messages.success(
            request,
            ngettext(
                "%(n)d theme is now in the codebook.",
                "%(n)d themes are now in the codebook.",
                len(themes),
            )
            % {"n": len(themes)},
        )
    left = [candidate for candidate in chosen if candidate.unnamed]
    if left:
        messages.warning(
            request,
            ngettext(
                "%(n)d proposal is left: the software found no name for it in one of the "
                "languages. Open it to give it that name: %(names)s.",
                "%(n)d proposals are left: the software found no name for them in one of the "
                "languages. Open each to give it that name: %(names)s.",
                len(left),
            )
            % {"n": len(left), "names": "; ".join(map(_unnamed, left))},
        )
    shown = f"t{themes[0].pk}" if themes else f"c{left[0].pk}" if left else ""
    return _to(request, access, shown)


@require_POST
@staff_only
def candidate(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """Accept, merge or dismiss one proposal, or bring a theme up to date with it."""
    access = review_access(request.user, reference, code, to_review=True)
    found = get_object_or_404(
        CandidateTheme.objects.select_related("run", "resembles"),
        pk=pk,
        run__question=access.question,
    )
    action = request.POST.get("action")
    user = _person(request)
    after = _next_key(access, f"c{pk}")
    try:
        if action == "accept":
            theme = services.candidate_accept(
                candidate=found,
                user=user,
                name_en=request.POST.get("name_en", ""),
                name_fr=request.POST.get("name_fr", ""),
            )
            message = _("“%(name)s” is now in the codebook.") % {"name": theme.name}
        elif action == "dismiss":
            theme = services.candidate_dismiss(candidate=found, user=user)
            message = _("“%(name)s” is set aside. It stays below, and can be restored.") % {
                "name": theme.name
            }
            after = after or f"t{theme.pk}"
        elif action in ("merge", "update"):
            into = _theme_chosen(request, access)
            if action == "merge":
                theme = services.candidate_merge(candidate=found, into=into, user=user)
            else:
                theme = services.theme_update_from(theme=into, candidate=found, user=user)
            message = _("Its passages are now in “%(name)s”.") % {"name": theme.name}
        else:
            raise Http404
    except services.ReviewRefused as refused:
        return _refused(request, access, f"c{pk}", refused)
    messages.success(request, message)
    return _to(request, access, after or f"t{theme.pk}")


@require_POST
@staff_only
def theme(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """Rename, define, merge, dismiss or restore one theme, as of the version the person saw."""
    access = review_access(request.user, reference, code, to_review=True)
    found = get_object_or_404(Theme, pk=pk, question=access.question)
    action = request.POST.get("action")
    decision: dict[str, Any] = {
        "theme": found,
        "version": _number(request.POST.get("version", "")),
        "user": _person(request),
    }
    try:
        if action == "rename":
            changed = services.theme_rename(
                **decision,
                name_en=request.POST.get("name_en", ""),
                name_fr=request.POST.get("name_fr", ""),
            )
            message = _("Renamed “%(name)s”.") % {"name": changed.name}
        elif action == "define":
            texts: dict[str, Any] = {
                f"{kind}_{language}": request.POST.get(f"{kind}_{language}", "")
                for kind in ("definition", "includes", "excludes")
                for language in ("en", "fr")
            }
            changed = services.theme_define(**decision, **texts)
            message = _("The definition of “%(name)s” is saved.") % {"name": changed.name}
        elif action == "merge":
            changed = services.theme_merge(**decision, into=_theme_chosen(request, access))
            message = _("Merged into “%(name)s”.") % {"name": changed.name}
        elif action == "dismiss":
            changed = services.theme_dismiss(**decision)
            message = _("“%(name)s” is set aside. It stays below, and can be restored.") % {
                "name": changed.name
            }
        elif action == "restore":
            changed = services.theme_restore(**decision)
            message = _("“%(name)s” is back in the codebook.") % {"name": changed.name}
        else:
            raise Http404
    except services.ReviewRefused as refused:
        return _refused(request, access, f"t{pk}", refused, form=action or "")
    messages.success(request, message)
    return _to(request, access, f"t{changed.pk}")


@require_POST
@staff_only
def passage(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """Move one passage to another theme, or to none."""
    access = review_access(request.user, reference, code, to_review=True)
    found = get_object_or_404(
        Passage.objects.select_related("answer"), pk=pk, answer__question=access.question
    )
    group = request.POST.get("group", "")
    try:
        into = None if request.POST.get("into") == NONE else _theme_chosen(request, access)
        services.passage_move(passage=found, into=into, user=_person(request))
    except services.ReviewRefused as refused:
        return _refused(request, access, group, refused)
    messages.success(
        request,
        _("Passage moved to “%(name)s”.") % {"name": into.name}
        if into is not None
        else _("The passage is in no theme now."),
    )
    return _to(request, access, group, PASSAGES)


def _refused(
    request: HttpRequest,
    access: ReviewAccess,
    group: str,
    refused: services.ReviewRefused,
    form: str = "",
) -> HttpResponse:
    """The desk as it stands now, with the reason, and what was typed where words were."""
    conflict = isinstance(refused, services.ReviewConflict)
    return _desk(
        request,
        access,
        group,
        problem=str(refused),
        open_form=form if form in ("rename", "define") else "",
        typed=request.POST.dict(),
        bad_fields=getattr(refused, "fields", []),
        compared=_compared(group, request.POST) if conflict else [],
        status=CONFLICT if conflict else UNPROCESSABLE,
    )


def _compared(group: str, typed: Mapping[str, str]) -> list[Compared]:
    """What someone else saved of a theme's words beside what was typed, in both languages."""
    theme = Theme.objects.filter(pk=_number(group.removeprefix("t"))).first()
    if theme is None:
        return []
    return [
        Compared(str(label), language, getattr(theme, f"{column}_{language}"), mine)
        for column, label in WORDS.items()
        for language in ("en", "fr")
        if (mine := typed.get(f"{column}_{language}")) is not None
        and mine.strip() != getattr(theme, f"{column}_{language}")
    ]


def _unnamed(candidate: CandidateTheme) -> str:
    """The name a proposal has, and the language in which it has none: `South shore (French)`."""
    has = [code for code in ("en", "fr") if code not in candidate.unnamed]
    name = getattr(candidate, f"name_{has[0]}") if has else candidate.name
    return f"{name} ({', '.join(map(language_name, candidate.unnamed))})"


def _theme_chosen(request: HttpRequest, access: ReviewAccess) -> Theme:
    chosen = Theme.objects.filter(
        pk=_number(request.POST.get("into", "")), question=access.question
    ).first()
    if chosen is None:
        raise services.ReviewRefused(_("Choose a theme from the list first."))
    return chosen


def _next_key(access: ReviewAccess, key: str) -> str:
    """The proposal after this one, for a reviewer who goes down the list; empty at the end."""
    review = review_for(access.question)
    for nodes in (review.proposals, review.known, review.dismissed_before):
        keys = [node.key for node in nodes]
        if key in keys:
            at = keys.index(key)
            rest = [*keys[at + 1 :], *keys[:at]]
            return rest[0] if rest else ""
    return ""


def _to(
    request: HttpRequest, access: ReviewAccess, group: str = "", kept: tuple[str, ...] = ()
) -> HttpResponse:
    """The desk with ``group`` selected, beside the question the person had chosen."""
    query = {"group": group, **{name: request.GET.get(name, "") for name in (*SPLIT, *kept)}}
    shown = urlencode({name: value for name, value in query.items() if value})
    return SeeOther(_frame(access)["desk_path"] + (f"?{shown}" if shown else ""))


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _number(value: str) -> int:
    """A number somebody sent; 0, which no row has, for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
