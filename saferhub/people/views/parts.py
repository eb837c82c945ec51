"""Pages that add, correct and end a part of a person's or a place's record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.people import access
from saferhub.people.forms.parts import FORMS, EndForm
from saferhub.people.models import Person, Place
from saferhub.people.operations import parts as operations
from saferhub.people.operations.part_kinds import FIELD_OF
from saferhub.people.queries import lists
from saferhub.people.queries.details import part_row
from saferhub.people.queries.words import pack_words
from saferhub.sharing.edits import edit

from .persons import MARKING

Owner = Person | Place
_READ_WRITE = require_http_methods(["GET", "HEAD", "POST"])


def _pages(owner: Owner) -> tuple[str, str]:
    """The record's own page, and the one its parts stand on."""
    if isinstance(owner, Person):
        return reverse("known-person", args=[owner.public_id]), reverse(
            "known-person-details", args=[owner.public_id]
        )
    return (reverse("place", args=[owner.public_id]),) * 2


def _others(actor: Actor, owner: Owner) -> list[tuple[str, str]]:
    """Records in the same matters, to whom a relationship may be recorded."""
    if not isinstance(owner, Person):
        return []
    found: dict[str, str] = {}
    for matter in access.matters_around(actor, owner)[:10]:
        for row in lists.rows_of(actor, lists.persons_in(actor, matter)[:100]):
            if row.record.pk != owner.pk:
                found[row.record.public_id] = f"{row.record.name} ({row.agency})"
    return sorted(found.items(), key=lambda pair: pair[1])


def _options(actor: Actor, owner: Owner, slug: str) -> dict[str, Any]:
    options: dict[str, Any] = {"words": pack_words(actor)}
    if slug == "relationship":
        options["others"] = _others(actor, owner)
    return options


def _add(request: HttpRequest, owner: Owner, slug: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = operations.kind_of(slug, owner)
    access.check_can_edit_record(actor, owner)
    form = FORMS[slug](request.POST if request.method == "POST" else None, **_options(actor, owner, slug))
    back, after = _pages(owner)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_part(owner=owner, slug=slug, values=form.values(), by=actor, on=actor.on)
        except Refusal as refusal:
            if FIELD_OF.get(refusal.code) not in form.fields:
                raise
            form.refuse(FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, "Added.")
            return redirect(back if slug in ("staff-risk", "safe-contact", "relationship") else after)
    return page(
        request,
        "people/part_add.html",
        marking=MARKING,
        owner=owner,
        kind=kind,
        form=form,
        back_url=back,
    )


def _correct(request: HttpRequest, owner: Owner, slug: str, part_id: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = operations.kind_of(slug, owner)
    operations.get_part(kind, owner, part_id, actor)
    access.check_can_edit_record(actor, owner)
    _, after = _pages(owner)
    names = (*kind.fields, "valid_from", "valid_until")

    def values_of(part: Any) -> dict[str, Any]:
        found = {name: getattr(part, name) for name in names if name != "other" and hasattr(part, name)}
        if slug == "relationship":
            sees = not part.other_id or _may_see(actor, part.other_id)
            found["other"] = part.other.public_id if part.other_id and sees else ""
            if not sees:  # The note would say who it is.
                found["note"] = ""
        if slug == "equality":
            found["answered"] = f"{part.characteristic}:{part.answer}"
        return {name: value for name, value in found.items() if name in FORMS[slug].base_fields}

    def save(values: dict[str, Any], seen: int) -> Any:
        part = operations.get_part(kind, owner, part_id, actor)
        if "valid_until" not in values:
            values = {**values, "valid_until": part.valid_until}
        if slug == "relationship" and part.other_id and not _may_see(actor, part.other_id):
            raise Refusal(
                "other_unseen",
                "This relationship is to a record that you may not see, so you cannot change it. End it instead.",
            )
        return operations.correct_part(
            owner=owner, slug=slug, part_id=part_id, values=values, seen=seen, by=actor, on=actor.on
        )

    def done(part: Any) -> HttpResponse:
        messages.success(request, "Corrected. What stood before is in the history.")
        return redirect(after)

    return edit(
        request,
        load=lambda: operations.get_part(kind, owner, part_id, actor),
        values_of=values_of,
        form_class=FORMS[slug],
        save=save,
        done=done,
        template="people/correct.html",
        back_url=after,
        field_of=FIELD_OF,
        form_options=_options(actor, owner, slug),
        marking=MARKING,
        heading=f"Correct {kind.noun}",
        owner=owner,
    )


def _may_see(actor: Actor, number: int) -> bool:
    return access.persons_visible_to(actor).filter(pk=number).exists()


def _end(request: HttpRequest, owner: Owner, slug: str, part_id: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = operations.kind_of(slug, owner)
    part = operations.get_part(kind, owner, part_id, actor)
    access.check_can_edit_record(actor, owner)
    _, after = _pages(owner)
    form = EndForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": str(part.version), "last_day": actor.on},
        on=actor.on,
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_part(
                owner=owner,
                slug=slug,
                part_id=part_id,
                seen=form.seen_version(),
                by=actor,
                on=actor.on,
                **form.values(),
            )
        except Refusal as refusal:
            if EndForm.FIELD_OF.get(refusal.code) is None:
                raise
            form.refuse(EndForm.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, "Ended. It stays in the record with its dates.")
            return redirect(after)
    return page(
        request,
        "people/part_end.html",
        marking=MARKING,
        owner=owner,
        kind=kind,
        row=part_row(actor, kind, part, pack_words(actor)),
        form=form,
        back_url=after,
    )


@_READ_WRITE
def add_to_person(request: HttpRequest, public_id: str, part: str) -> HttpResponse:
    """Add a part to a person's record."""
    return _add(request, access.get_person(request.actor, public_id), part)  # type: ignore[attr-defined]


@_READ_WRITE
def correct_of_person(request: HttpRequest, public_id: str, part: str, part_id: str) -> HttpResponse:
    """Correct a part of a person's record."""
    return _correct(request, access.get_person(request.actor, public_id), part, part_id)  # type: ignore[attr-defined]


@_READ_WRITE
def end_of_person(request: HttpRequest, public_id: str, part: str, part_id: str) -> HttpResponse:
    """End a part of a person's record."""
    return _end(request, access.get_person(request.actor, public_id), part, part_id)  # type: ignore[attr-defined]


@_READ_WRITE
def add_to_place(request: HttpRequest, public_id: str, part: str) -> HttpResponse:
    """Add an address to a place's record."""
    return _add(request, access.get_place(request.actor, public_id), part)  # type: ignore[attr-defined]


@_READ_WRITE
def correct_of_place(request: HttpRequest, public_id: str, part: str, part_id: str) -> HttpResponse:
    """Correct an address of a place's record."""
    return _correct(request, access.get_place(request.actor, public_id), part, part_id)  # type: ignore[attr-defined]


@_READ_WRITE
def end_of_place(request: HttpRequest, public_id: str, part: str, part_id: str) -> HttpResponse:
    """End an address of a place's record."""
    return _end(request, access.get_place(request.actor, public_id), part, part_id)  # type: ignore[attr-defined]
