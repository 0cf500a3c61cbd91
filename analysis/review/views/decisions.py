"""What people decide about proposals, themes and passages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from analysis.review.models import CandidateTheme, Passage, Theme
from analysis.review.permissions import ReviewAccess, review_access
from analysis.review.selectors.alike import stood_for
from analysis.review.selectors.desk import review_for
from analysis.review.selectors.passages import narrowed, rows_of
from analysis.review.selectors.reviewed import NONE
from analysis.review.selectors.runs import run_shown
from analysis.review.services import codebook
from analysis.review.templatetags.review_words import language_name
from analysis.review.views.desk import Compared, desk_shown
from analysis.review.views.frame import PASSAGES, number, staff_only, to_desk
from feedback.people.permissions import signed_in

CONFLICT = 409
UNPROCESSABLE = 422

# What people write about a theme.
WORDS = {
    "name": gettext_lazy("Name"),
    "definition": gettext_lazy("Definition"),
    "includes": gettext_lazy("Includes"),
    "excludes": gettext_lazy("Excludes"),
}


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
        else offered & {number(value) for value in request.POST.getlist("proposal")}
    )
    if not wanted:
        messages.error(request, _("Tick the proposals to accept first."))
        return to_desk(request, access)
    chosen = CandidateTheme.objects.filter(pk__in=wanted).select_related("run")
    themes = codebook.candidates_accept(candidates=chosen, user=signed_in(request))
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
    return to_desk(request, access, shown)


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
    user = signed_in(request)
    after = _next_key(access, f"c{pk}")
    try:
        if action == "accept":
            theme = codebook.candidate_accept(
                candidate=found,
                user=user,
                name_en=request.POST.get("name_en", ""),
                name_fr=request.POST.get("name_fr", ""),
            )
            message = _("“%(name)s” is now in the codebook.") % {"name": theme.name}
        elif action == "dismiss":
            theme = codebook.candidate_dismiss(candidate=found, user=user)
            message = _("“%(name)s” is set aside. It stays below, and can be restored.") % {
                "name": theme.name
            }
            after = after or f"t{theme.pk}"
        elif action in ("merge", "update"):
            into = _theme_chosen(request, access)
            if action == "merge":
                theme = codebook.candidate_merge(candidate=found, into=into, user=user)
            else:
                theme = codebook.theme_update_from(theme=into, candidate=found, user=user)
            message = _("Its passages are now in “%(name)s”.") % {"name": theme.name}
        else:
            raise Http404
    except codebook.ReviewRefused as refused:
        return _refused(request, access, f"c{pk}", refused)
    messages.success(request, message)
    return to_desk(request, access, after or f"t{theme.pk}")


@require_POST
@staff_only
def theme(request: HttpRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """Decide on one theme, as of the version the person saw."""
    access = review_access(request.user, reference, code, to_review=True)
    found = get_object_or_404(Theme, pk=pk, question=access.question)
    action = request.POST.get("action")
    decision: dict[str, Any] = {
        "theme": found,
        "version": number(request.POST.get("version", "")),
        "user": signed_in(request),
    }
    try:
        if action == "rename":
            changed = codebook.theme_rename(
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
            changed = codebook.theme_define(**decision, **texts)
            message = _("The definition of “%(name)s” is saved.") % {"name": changed.name}
        elif action == "merge":
            changed = codebook.theme_merge(**decision, into=_theme_chosen(request, access))
            message = _("Merged into “%(name)s”.") % {"name": changed.name}
        elif action == "dismiss":
            changed = codebook.theme_dismiss(**decision)
            message = _("“%(name)s” is set aside. It stays below, and can be restored.") % {
                "name": changed.name
            }
        elif action == "delete":
            gone = codebook.theme_delete(**decision)
            messages.success(request, _("“%(name)s” is deleted.") % {"name": gone.name})
            return to_desk(request, access)
        elif action == "restore":
            changed = codebook.theme_restore(**decision)
            message = _("“%(name)s” is back in the codebook.") % {"name": changed.name}
        else:
            raise Http404
    except codebook.ReviewRefused as refused:
        return _refused(request, access, f"t{pk}", refused, form=action or "")
    messages.success(request, message)
    return to_desk(request, access, f"t{changed.pk}")


@require_POST
@staff_only
def themes(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Make a theme by hand, of the passages ticked or of none yet."""
    access = review_access(request.user, reference, code, to_review=True)
    group = request.POST.get("group", "")
    words = {
        f"{kind}_{language}": request.POST.get(f"{kind}_{language}", "")
        for kind in ("name", "definition")
        for language in ("en", "fr")
    }
    try:
        ticked, seen = _ticked(request, access, group)
        made = codebook.theme_create(
            question=access.question,
            user=signed_in(request),
            passages=ticked,
            seen=seen,
            **words,
        )
    except codebook.ReviewRefused as refused:
        return _refused(request, access, group, refused, form="make")
    messages.success(request, _("“%(name)s” is now in the codebook.") % {"name": made.name})
    # Whoever reads down a list goes on reading it; the new theme is among those to choose from.
    return to_desk(request, access, group if ticked else f"t{made.pk}", PASSAGES if ticked else ())


@require_POST
@staff_only
def passages(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Move the passages ticked to another theme, or to none."""
    access = review_access(request.user, reference, code, to_review=True)
    group = request.POST.get("group", "")
    try:
        ticked, seen = _ticked(request, access, group)
        if not ticked:
            raise codebook.ReviewRefused(_("Tick the passages to move first."))
        into = None if request.POST.get("into") == NONE else _theme_chosen(request, access)
        moved = codebook.passages_move(
            passages=ticked, into=into, user=signed_in(request), seen=seen
        )
    except codebook.ReviewRefused as refused:
        return _refused(request, access, group, refused)
    if into is not None:
        said = ngettext(
            "%(n)d passage moved to “%(name)s”.", "%(n)d passages moved to “%(name)s”.", moved
        ) % {"n": moved, "name": into.name}
    else:
        said = ngettext(
            "%(n)d passage is in no theme now.", "%(n)d passages are in no theme now.", moved
        ) % {"n": moved}
    messages.success(request, said)
    return to_desk(request, access, group, PASSAGES)


def _ticked(
    request: HttpRequest, access: ReviewAccess, group: str
) -> tuple[list[Passage], dict[int, int | None]]:
    """The passages ticked with all they stand for, and where the person saw each of those.

    A tick says `passage:theme`, or `passage:none`. Ticks of another question are none.
    """
    marks = dict(tick.partition(":")[::2] for tick in request.POST.getlist("passage"))
    shown = {
        number(pk): None if theme == NONE else number(theme.removeprefix("t"))
        for pk, theme in marks.items()
    }
    found = list(
        Passage.objects.filter(pk__in=shown, answer__question=access.question).select_related(
            "answer"
        )
    )
    if not found or request.GET.get("same"):
        return found, shown
    run = run_shown(access.question)
    rows = rows_of(access.question, run, _group(access, group))
    wanted = narrowed(rows, request.GET.get("language", ""), request.GET.get("channel", ""))
    return stood_for(run, wanted, found), shown


def _group(access: ReviewAccess, key: str) -> Theme | CandidateTheme | None:
    """The theme or proposal whose passages are shown; None for those in no theme."""
    pk = number(key[1:])
    if key.startswith("t"):
        return Theme.objects.filter(pk=pk, question=access.question).first()
    if key.startswith("c"):
        proposals = CandidateTheme.objects.filter(pk=pk, run__question=access.question)
        return proposals.select_related("run").first()
    return None


def _refused(
    request: HttpRequest,
    access: ReviewAccess,
    group: str,
    refused: codebook.ReviewRefused,
    form: str = "",
) -> HttpResponse:
    """The desk as it stands now, with the reason, and what was typed where words were."""
    conflict = isinstance(refused, codebook.ReviewConflict)
    return desk_shown(
        request,
        access,
        group,
        problem=str(refused),
        open_form=form if form in ("rename", "define", "make") else "",
        typed=request.POST.dict(),
        ticked={number(tick.partition(":")[0]) for tick in request.POST.getlist("passage")},
        bad_fields=getattr(refused, "fields", []),
        compared=_compared(group, request.POST) if conflict and form != "make" else [],
        status=CONFLICT if conflict else UNPROCESSABLE,
    )


def _compared(group: str, typed: Mapping[str, str]) -> list[Compared]:
    """What someone else saved of a theme's words beside what was typed, in both languages."""
    theme = Theme.objects.filter(pk=number(group.removeprefix("t"))).first()
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
        pk=number(request.POST.get("into", "")), question=access.question
    ).first()
    if chosen is None:
        raise codebook.ReviewRefused(_("Choose a theme from the list first."))
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
