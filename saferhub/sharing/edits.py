"""Two people edit one record at once: the second is shown both versions, field by field, and chooses.

A form that edits a record carries, hidden, `seen`: the version it was drawn from. The operation compares it
with the newest (`operations.folders.check_seen`) and raises Conflict `changed_meanwhile`. Then a page shows
for every field in which the two differ what stands now, who changed it and when, and what the editor wrote.
Everything she typed travels along hidden, so that nothing is lost should a third person save meanwhile.

`edit` is all that most views call; it needs no JavaScript.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict

from saferhub.foundation.forms import ConfirmField, Form, HiddenField, LongTextField, RadiosField, YesNoField
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.models import Revision

CHANGED = "changed_meanwhile"
MYSELF = "You, in another window"
THEIRS, MINE, BOTH = "theirs", "mine", "both"
_MARK = "both_versions"
_CHOICE = "choice-"


class SeenForm(Form):
    """A form that edits a record with a version. `seen` is the version it was drawn from."""

    seen = HiddenField(required=False)

    def seen_version(self) -> int:
        """That version; 0, which no record has, where the mark is missing or was tampered with."""
        text = str(self.cleaned_data.get("seen", ""))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def values(self) -> dict[str, Any]:
        """What was entered, without the mark."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def from_kept(self, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """What history keeps of a version, by field of this form; for a form whose fields are other ones."""
        return kept


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the two versions differ, in words, with the choice between them."""

    label: str
    now: str
    mine: str
    changed_by: str
    changed_at: datetime | None
    choice: Any


@dataclass(frozen=True, slots=True)
class BothVersions:
    """What the page shows. `kept` is all that was typed, to be sent along once more."""

    differences: list[Difference]
    changed_by: str
    changed_at: datetime | None
    form: Form
    kept: list[tuple[str, str]]


def edit(
    request: HttpRequest,
    *,
    load: Callable[[], Any],
    values_of: Callable[[Any], Mapping[str, Any]],
    form_class: type[SeenForm],
    save: Callable[[dict[str, Any], int], Any],
    done: Callable[[Any], HttpResponse],
    template: str,
    back_url: str,
    field_of: Mapping[str, str] | None = None,
    form_options: Mapping[str, Any] | None = None,
    **context: Any,
) -> HttpResponse:
    """The whole of an edit page: draw the form, save, or show both versions.

    `load` gets the record through access (and is called afresh after a conflict), `values_of` its values by
    field of the form, `save(values, seen)` calls the operation, `done(result)` answers. `field_of` says
    beside which field a refusal's code belongs; others are raised. The template finds `record` and `form`.
    """
    record = load()
    values = values_of(record)
    options = dict(form_options or {})
    sent: QueryDict | None = request.POST if request.method == "POST" else None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if sent is not None and _MARK in sent:
        both = both_versions(
            sent, record=record, values=values, form=form_class(sent, **options), actor=actor
        )
        # A third person may have saved meanwhile; then her choices were made over another text.
        is_newest = sent.get(_prefixed(form_class, options, "seen")) == str(record.version)
        if not is_newest or not both.form.is_valid():
            return _both(request, both, record, back_url, context)
        sent = _merged(sent, form_class(sent, **options), values, both.form.cleaned_data)
    form = form_class(sent, initial={**values, "seen": str(record.version)}, **options)
    if sent is not None and form.is_valid():
        try:
            result = save(form.values(), form.seen_version())
        except Conflict as refusal:
            if refusal.code != CHANGED:
                raise
            record = load()
            typed = form_class(request.POST, **options)
            both = both_versions(
                request.POST, record=record, values=values_of(record), form=typed, actor=actor
            )
            return _both(request, both, record, back_url, context)
        except Refusal as refusal:
            field = (field_of or {}).get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            return done(result)
    return page(request, template, record=record, form=form, back_url=back_url, **context)


def _both(
    request: HttpRequest,
    both: BothVersions,
    record: Any,
    back_url: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    return page(
        request,
        "sharing/both_versions.html",
        status=409,
        **{**context, "record": record, "back_url": back_url, "both": both, "form": both.form},
    )


def both_versions(
    sent: QueryDict, *, record: Any, values: Mapping[str, Any], form: SeenForm, actor: Actor
) -> BothVersions:
    """How what stands now (`values`, of version `record.version`) differs from what was sent."""
    form.is_valid()
    seen = form.seen_version() if "seen" in form.cleaned_data else 0
    # Asked once more, the version first seen still tells who changed what.
    first = sent.get(_MARK, "")
    if first.isascii() and first.isdigit() and len(first) < 10:
        seen = min(int(first), seen)
    history = list(
        Revision.objects.filter(
            kind=record._meta.label_lower, subject=record.public_id, number__gte=seen
        ).order_by("number")
    )
    kept = [(one, form.from_kept(one.values)) for one in history]
    base = next((values_then for one, values_then in kept if one.number == seen), None)
    names = names_of((one.by for one in history), actor)
    names |= {actor.public_id: MYSELF} if actor.public_id else {}
    agencies = agency_names((one.agency for one in history), actor)
    later = [one for one in history if one.number > seen]
    fields: dict[str, forms.Field] = {}
    found: list[tuple[str, str, str, Revision | None]] = []
    for name in form.fields:
        if name == "seen" or name not in values:
            continue
        field = form.fields[name]
        mine = form.cleaned_data.get(name, form[name].data)
        now = _cleaned(field, values[name])
        if _plain(mine) == _plain(now):
            continue
        fields[_CHOICE + name] = _choice(field, name, base, now, mine)
        found.append((name, in_words(field, now), in_words(field, mine), _last_change(name, kept, seen)))
    chooser_class = type("ChooserForm", (Form,), fields)
    is_answer = _MARK in sent and sent.get(form.add_prefix("seen")) == str(record.version)
    chooser: Form = chooser_class(sent if is_answer else None)
    newest = later[-1] if later else None
    return BothVersions(
        differences=[
            Difference(
                label=str(form[name].label),
                now=now,
                mine=mine,
                changed_by=_who(changed, names, agencies),
                changed_at=changed.at if changed else None,
                choice=chooser[_CHOICE + name],
            )
            for name, now, mine, changed in found
        ],
        changed_by=_who(newest, names, agencies),
        changed_at=newest.at if newest else None,
        form=chooser,
        kept=_kept(sent, form.add_prefix("seen"), record.version, seen),
    )


def _choice(
    field: forms.Field, name: str, base: Mapping[str, Any] | None, now: Any, mine: Any
) -> RadiosField:
    """The choice of one field. Where only one of the two changed it, hers is chosen beforehand."""
    choices = [(THEIRS, "Keep what stands now"), (MINE, "Use what you wrote")]
    if isinstance(field, LongTextField) and now and mine:
        choices.append((BOTH, "Keep both, one below the other"))
    initial = None
    if base is not None and name in base:
        changed_by_her, changed_by_me = _plain(base[name]) != _plain(now), _plain(base[name]) != _plain(mine)
        if changed_by_her != changed_by_me:
            initial = THEIRS if changed_by_her else MINE
    label = str(field.label or name.replace("_", " ").capitalize())
    return RadiosField(
        label=f"Which is right for “{label}”?",
        choices=choices,
        initial=initial,
        error_messages={"required": f"Choose what “{label}” is to say"},
    )


def _last_change(name: str, history: list[tuple[Revision, Mapping[str, Any]]], seen: int) -> Revision | None:
    """Who of those that saved after version `seen` changed this field last."""
    found, before = None, None
    for one, values in history:
        if one.number > seen and (before is None or _plain(before.get(name)) != _plain(values.get(name))):
            found = one
        before = values
    return found


def _who(revision: Revision | None, names: Mapping[str, str], agencies: Mapping[str, str]) -> str:
    if revision is None:
        return ""
    name = names.get(revision.by, "Somebody")
    if name == MYSELF:
        return name
    agency = agencies.get(revision.agency, "")
    return f"{name}, {agency}" if agency else name


def _kept(sent: QueryDict, seen: str, version: int, first: int) -> list[tuple[str, str]]:
    """Everything typed, once more, with the version now shown as the one seen, and the one `first` seen."""
    left_out = {"csrfmiddlewaretoken", _MARK, seen}
    typed = [
        (name, value)
        for name, values in sent.lists()
        if name not in left_out and not name.startswith(_CHOICE)
        for value in values
    ]
    return [*typed, (seen, str(version)), (_MARK, str(first))]


def _merged(
    sent: QueryDict, form: SeenForm, values: Mapping[str, Any], chosen: Mapping[str, Any]
) -> QueryDict:
    """What was sent with the choices made: hers as typed, the other's from what stands now."""
    merged = sent.copy()
    for key, choice in chosen.items():
        name = key.removeprefix(_CHOICE)
        if choice == THEIRS:
            _put(merged, form, name, values[name])
        elif choice == BOTH:
            typed = str(merged.get(form.add_prefix(name), "")).replace("\r\n", "\n")
            merged[form.add_prefix(name)] = f"{str(values[name]).rstrip()}\n\n{typed.lstrip()}"
    return merged


def _put(data: QueryDict, form: SeenForm, name: str, value: Any) -> None:
    """Write a value into a form's data as a browser would send it."""
    field, key = form.fields[name], form.add_prefix(name)
    parts = getattr(field.widget, "parts", None)
    if parts:
        texts: tuple[Any, ...] = ("",) * len(parts)
        if isinstance(value, date):
            texts = (value.day, value.month, value.year)
        elif isinstance(value, tuple) and len(value) == len(parts):
            texts = value
        for part, text in zip(parts, texts, strict=True):
            data[f"{key}_{part}"] = str(text)
    elif isinstance(field, ConfirmField):
        data.setlist(key, ["on"] if value else [])
    elif isinstance(value, (list, tuple, set)):
        data.setlist(key, [str(one) for one in value])
    else:
        prepared = field.prepare_value(value)
        data[key] = "" if prepared is None else str(prepared)


def _prefixed(form_class: type[SeenForm], options: Mapping[str, Any], name: str) -> str:
    prefix = options.get("prefix") or form_class.prefix
    return f"{prefix}-{name}" if prefix else name


def _cleaned(field: forms.Field, value: Any) -> Any:
    """A value of `values_of` as the form would clean it. A field of several boxes may stand there in its boxes'
    texts, which compare with nothing that was cleaned."""
    if not isinstance(value, tuple):
        return value
    try:
        return field.clean(value)
    except forms.ValidationError:
        return value


def _plain(value: Any) -> Any:
    """A value as it compares: a form's, a model's and one read back from a revision alike."""
    if value is None or value == "" or value == [] or value == ():
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set)):
        return sorted(str(one) for one in value)
    return str(value).replace("\r\n", "\n").strip()


def in_words(field: forms.Field, value: Any) -> str:
    """A value of a form's field as its reader knows it: the label of a choice, a day in words."""
    if isinstance(field, YesNoField):
        return {True: "Yes", False: "No"}.get(value, "Not answered")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if _plain(value) == "":
        return "Nothing"
    if isinstance(value, date):
        return date_in_words(value)
    # A field whose cleaned value no general rule can read says it itself.
    said = getattr(field, "in_words", None)
    if said is not None:
        return str(said(value))
    labels = _labels(field)
    if isinstance(value, (list, tuple, set)):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    return labels.get(str(value), str(value))


def _labels(field: forms.Field) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in getattr(field, "choices", ()):
        if isinstance(label, (list, tuple)):
            found.update((str(inner), str(words)) for inner, words in label)
        else:
            found[str(value)] = str(label)
    return found
