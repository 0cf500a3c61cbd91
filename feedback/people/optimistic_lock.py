"""Optimistic locking of the admin's forms: the second of two people erases nothing.

A form carries, signed, what it showed when it was opened. Saving compares that with what is stored
now, under a lock, column by column and row by row, so that it does not matter how the change came
about. Where they differ nothing is saved (409): the page shows what was saved meanwhile beside
what was typed, and the form keeps what was typed. What only the other person changed is taken into
the form; where both changed the same thing, a person decides. All without JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

# The field that carries what the form showed.
OPENED = "opened"
_SALT = "feedback.people.optimistic_lock"
# Plain values by path: ``title_en``, ``questions/12/text_fr``, ``questions/12/choices/7/value``.
State = dict[str, str]
# What formsets need for themselves.
_MACHINERY = {"id", "DELETE", "ORDER"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a form or of a row in it: where, what it is called, what it holds."""

    path: str
    label: str
    name: str
    field: forms.Field
    initial: Any
    value: str
    shown: str
    language: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that someone else changed meanwhile. ``is_taken``: the form has theirs now."""

    label: str
    opened: str
    theirs: str
    mine: str
    language: str
    is_taken: bool


# --- Reading a form ----------------------------------------------------------------------------


def cells_of(form: Any, prefix: str = "", called: str = "") -> Iterator[Cell]:
    """Every field that can be changed, with what is stored in an unbound form and what was typed
    in a bound one; then those of its rows, the ones to be deleted left out."""
    for name, field in form.fields.items():
        if (
            name in _MACHINERY
            or field.disabled
            or isinstance(field, forms.models.InlineForeignKeyField)
        ):
            continue
        initial = form.get_initial_for_field(field, name)
        given = _typed(form, field, name) if form.is_bound else initial
        label = force_str(field.label or name)
        yield Cell(
            path=prefix + name,
            label=_("%(where)s: %(what)s") % {"where": called, "what": label} if called else label,
            name=form.add_prefix(name),
            field=field,
            initial=initial,
            value=_plain(given),
            shown=_shown(field, given),
            language=name[-2:] if name.endswith(("_en", "_fr")) else "",
        )
    for name, formset in getattr(form, "formsets", {}).items():
        for number, row in enumerate(_rows_of(formset)):
            key = row.instance.pk or f"new-{number}"
            code = getattr(row.instance, "code", "")
            here = " › ".join(filter(None, (called, code)))
            yield from cells_of(row, f"{prefix}{name}/{key}/", here)


def _rows_of(formset: Any) -> list[Any]:
    rows = [row for row in formset.forms if row.is_bound or row.instance.pk]
    return [row for row in rows if not _is_deleted(row)]


def _is_deleted(row: Any) -> bool:
    # As typed: a row that is wrong otherwise may still be one to be deleted.
    field = row.fields.get("DELETE")
    return bool(
        row.is_bound
        and field is not None
        and field.widget.value_from_datadict(row.data, row.files, row.add_prefix("DELETE"))
    )


def state_of(form: Any) -> State:
    """What a form holds, as plain values by path, and the order of its rows."""
    state = {cell.path: cell.value for cell in cells_of(form)}
    state.update(_orders(form))
    return state


def _orders(form: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, formset in getattr(form, "formsets", {}).items():
        rows = _rows_of(formset)
        if formset.is_bound and formset.can_order:
            rows = sorted(rows, key=lambda row: _place(row))
        yield f"{prefix}{name}", ",".join(str(row.instance.pk) for row in rows if row.instance.pk)
        for row in rows:
            yield from _orders(row, f"{prefix}{name}/{row.instance.pk}/")


def _place(row: Any) -> int:
    typed = str(row.data.get(row.add_prefix("ORDER"), ""))
    return int(typed) if typed.isdecimal() and len(typed) < 9 else 0


def _typed(form: Any, field: forms.Field, name: str) -> Any:
    raw = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    try:
        return field.clean(raw)
    except ValidationError:
        return raw


def _plain(value: Any) -> str:
    """The same for two values that a form cannot tell apart."""
    if value is None or value is False:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, QuerySet | list | tuple | set):
        return ",".join(sorted(_plain(each) for each in value))
    return force_str(value).replace("\r\n", "\n").strip()


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ModelChoiceField) and value not in (None, ""):
        chosen = value if isinstance(value, QuerySet | list | tuple) else [value]
        return ", ".join(_labelled(field, each) for each in chosen)
    if isinstance(field, forms.ChoiceField):
        labels: dict[Any, Any] = dict(field.choices)  # type: ignore[arg-type]
        return str(labels.get(value, value or ""))
    if isinstance(field, forms.BooleanField):
        return "✓" if value else ""
    if isinstance(value, datetime):
        return force_str(field.widget.format_value(field.prepare_value(value)))
    return force_str(value if value is not None else "").strip()


def _as_shown(field: forms.Field, plain: str) -> str:
    """What ``_plain`` made of a value, as a person reads it."""
    value: Any = plain
    if isinstance(field, forms.ModelMultipleChoiceField):
        value = plain.split(",") if plain else []
    elif isinstance(field, forms.DateTimeField) and plain:
        value = datetime.fromisoformat(plain)
    return _shown(field, value)


def _labelled(field: forms.ModelChoiceField, value: Any) -> str:  # type: ignore[type-arg]
    if not isinstance(value, Model):
        value = field.queryset.filter(pk=value).first() if field.queryset is not None else None
    return field.label_from_instance(value) if value is not None else ""


# --- What the form showed ----------------------------------------------------------------------


def sealed(state: State, row: Model) -> str:
    """The state as the form carries it, bound to one row by our signature."""
    return signing.dumps([row._meta.label, str(row.pk), state], salt=_SALT, compress=True)


def unsealed(token: str, row: Model) -> State | None:
    """None for what is not ours, or was shown by another form."""
    try:
        label, pk, state = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return state if (label, pk) == (row._meta.label, str(row.pk)) else None


# --- Bringing two people's work together -------------------------------------------------------


def differences_of(opened: State | None, theirs: Any, mine: Any) -> list[Difference]:
    """What was changed meanwhile, in the order of the form. ``opened`` None: everything that is
    not as typed, because nobody can say what was there."""
    mine_at = {cell.path: cell for cell in cells_of(mine)}
    found, seen = [], set()
    for cell in cells_of(theirs):
        seen.add(cell.path)
        typed = mine_at.get(cell.path)
        was = opened.get(cell.path) if opened is not None else None
        if cell.value == (was if opened is not None else typed.value if typed else None):
            continue
        if typed is None and not cell.value:
            continue  # An empty field of a row that they added.
        is_taken = opened is not None and typed is not None and typed.value == was
        found.append(
            Difference(
                label=cell.label,
                opened=_as_shown(cell.field, was or ""),
                theirs=cell.shown,
                mine="" if typed is None else typed.shown,
                language=cell.language,
                is_taken=is_taken,
            )
        )
    for path, cell in mine_at.items():
        # Of a row that they removed.
        if opened is not None and path in opened and path not in seen and cell.value:
            found.append(
                Difference(
                    cell.label,
                    _as_shown(cell.field, opened[path]),
                    "",
                    cell.shown,
                    cell.language,
                    is_taken=False,
                )
            )
    return found


def taken_over(data: QueryDict, opened: State, theirs: Any, mine: Any) -> QueryDict:
    """What was typed, with theirs in every field that only they changed."""
    merged = data.copy()
    mine_at = {cell.path: cell for cell in cells_of(mine)}
    for cell in cells_of(theirs):
        typed, was = mine_at.get(cell.path), opened.get(cell.path)
        if typed is None or typed.value != was or cell.value == was:
            continue
        merged.setlist(typed.name, _as_posted(cell))
    return merged


def _as_posted(cell: Cell) -> list[str]:
    value = cell.field.prepare_value(cell.initial)
    if isinstance(cell.field, forms.BooleanField):
        return ["on"] if value else []
    if isinstance(value, QuerySet | list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return [_shown(cell.field, value)]
    return [_plain(value)]


def without_vanished(data: QueryDict, theirs: Any) -> QueryDict:
    """What was typed, with the rows that someone else removed meanwhile as rows to be added."""
    kept = data.copy()
    for name, formset in getattr(theirs, "formsets", {}).items():
        _keep_rows(kept, name, [row for row in formset.forms if row.instance.pk])
    return kept


def _keep_rows(data: QueryDict, prefix: str, stored: list[Any]) -> None:
    there = {str(row.instance.pk): row for row in stored}
    rows = [_row(data, f"{prefix}-{n}-") for n in range(_count(data, prefix, "TOTAL_FORMS"))]
    ids = [(row.get("id") or [""])[-1] for row in rows]
    vanished = {n for n, pk in enumerate(ids) if pk and pk not in there}
    if vanished:
        order = [n for n, pk in enumerate(ids) if pk and n not in vanished]
        initial = len(order)
        order += [n for n, pk in enumerate(ids) if not pk or n in vanished]
        for key in [key for key in data if _is_in_row(key, prefix)]:
            del data[key]
        for place, n in enumerate(order):
            row = _as_new(rows[n]) if n in vanished else rows[n]
            for suffix, values in row.items():
                data.setlist(f"{prefix}-{place}-{suffix}", values)
        data[f"{prefix}-INITIAL_FORMS"] = str(initial)
        ids = [ids[n] if n not in vanished else "" for n in order]
    for place, pk in enumerate(ids):
        if pk in there:
            for name, formset in getattr(there[pk], "formsets", {}).items():
                _keep_rows(
                    data, f"{prefix}-{place}-{name}", [r for r in formset.forms if r.instance.pk]
                )


def _row(data: QueryDict, prefix: str) -> dict[str, list[Any]]:
    return {key[len(prefix) :]: values for key, values in data.lists() if key.startswith(prefix)}


def _is_in_row(key: str, prefix: str) -> bool:
    rest = key[len(prefix) + 1 :] if key.startswith(f"{prefix}-") else ""
    return rest.split("-", 1)[0].isdecimal()


def _as_new(row: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """A row and the rows in it without what made them stored ones."""
    fresh = {}
    for suffix, values in row.items():
        last = suffix.rsplit("-", 1)[-1]
        fresh[suffix] = [""] if last == "id" else ["0"] if last == "INITIAL_FORMS" else values
    return fresh


def _count(data: QueryDict, prefix: str, what: str) -> int:
    typed = str(data.get(f"{prefix}-{what}", ""))
    return int(typed) if typed.isdecimal() and len(typed) < 5 else 0


# --- In a view ---------------------------------------------------------------------------------


class RefusesStaleSaves:
    """For every EditView of the admin: what someone else saved meanwhile is not overwritten.

    Its template is ``people/admin/edit.html`` or includes ``people/admin/opened.html`` in the
    form and ``people/admin/conflict.html`` before it.
    """

    differences: list[Difference] | None = None
    _opened = ""

    request: HttpRequest
    object: Any
    form: Any

    def hold(self) -> None:
        """Keep others from saving the same until the end of the transaction."""
        list(type(self.object)._base_manager.select_for_update().filter(pk=self.object.pk))

    def unbound_form(self) -> Any:
        """The form as it would be opened now."""
        kwargs: dict[str, Any] = self.get_form_kwargs()  # type: ignore[attr-defined]
        kwargs.pop("data", None)
        kwargs.pop("files", None)
        fresh = type(self.object)._base_manager.get(pk=self.object.pk)
        return self.get_form_class()(**kwargs | {"instance": fresh})  # type: ignore[attr-defined]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()  # type: ignore[attr-defined]
        with transaction.atomic():
            self.hold()
            self.object = self.get_object()  # type: ignore[attr-defined]
            theirs = self.unbound_form()
            token = str(request.POST.get(OPENED, ""))
            opened = unsealed(token, self.object)
            if opened != state_of(theirs):
                return self.conflict(opened, theirs)
            self._opened = token
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
            return response

    def conflict(self, opened: State | None, theirs: Any, *, status: int = 409) -> HttpResponse:
        """Nothing is saved; both are shown, and the form has what was typed."""
        kwargs: dict[str, Any] = self.get_form_kwargs()  # type: ignore[attr-defined]
        form_class = self.get_form_class()  # type: ignore[attr-defined]
        instance = type(self.object)._base_manager

        def bound(data: QueryDict) -> Any:
            fresh = instance.get(pk=self.object.pk)
            return form_class(**kwargs | {"data": data, "instance": fresh})

        data = without_vanished(kwargs["data"], theirs)
        mine = bound(data)
        self.differences = differences_of(opened, theirs, mine)
        self.form = bound(taken_over(data, opened, theirs, mine)) if opened is not None else mine
        self._opened = sealed(state_of(theirs), self.object)
        context = self.get_context_data(form=self.form)
        response: HttpResponse = self.render_to_response(context, status=status)  # type: ignore[attr-defined]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context["opened"] = self._opened or sealed(state_of(self.unbound_form()), self.object)
        context["opened_field"] = OPENED
        context["differences"] = self.differences
        if self.differences is not None:
            context["last_saved"] = self.get_last_updated_info()  # type: ignore[attr-defined]
        return context
