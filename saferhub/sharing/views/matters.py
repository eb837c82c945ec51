"""Pages of matters: the list, one matter, its history, opening, changing, closing, records put in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access import get_matter, matters_visible_to
from saferhub.sharing.access import matters as access
from saferhub.sharing.access.emergencies import without_emergency_sight
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.edits import edit as edit_page
from saferhub.sharing.forms.matters import (
    FIELD_OF,
    EditMatterForm,
    MatterFilterForm,
    OpenMatterForm,
    PutInForm,
    ReasonForm,
)
from saferhub.sharing.models import Matter, Sensitivity
from saferhub.sharing.operations import interests_given as sharing_operations
from saferhub.sharing.operations import matters as operations
from saferhub.sharing.queries import matters as queries
from saferhub.sharing.queries.long_lists import LongList
from saferhub.sharing.queries.packs_in_words import pack_words
from saferhub.sharing.queries.sights import page_of_sights, sights_of
from saferhub.sharing.queries.tabs import beside_matters
from saferhub.sharing.queries.who_can_see import who_can_see
from saferhub.sharing.registries import MATTER_SECTIONS, check_export, kind_of, kind_words

SECTION = "matters"
MARKING = "OFFICIAL-SENSITIVE"


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """The list."""
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    form = MatterFilterForm(request.GET, choices=queries.filter_choices(actor))
    filters = form.filters(request.GET.get("sort", ""))
    found = queries.matters(actor, filters)
    paginator = LongList(found, queries.PER_PAGE, most=queries.MOST_COUNTED, load=queries.rows_of)
    shown = paginator.get_page(request.GET.get("page"))
    return page(
        request,
        "sharing/matters/list.html",
        section=SECTION,
        marking=MARKING,
        form=None,
        filter_form=form,
        filters=filters,
        shown=shown,
        rows=[{"matter": row, "kind": kind_words(row.kind)} for row in shown.object_list],
        is_capped=paginator.is_capped,
        tabs=beside_matters(actor, "matters"),
        most=queries.MOST_COUNTED,
        export_url=f"{reverse('matters-csv')}{_query(request)}",
    )


def _query(request: HttpRequest) -> str:
    values = request.GET.copy()
    values.pop("page", None)
    return f"?{values.urlencode()}" if values else ""


@require_safe
def matters_csv(request: HttpRequest) -> HttpResponse:
    """The filtered list as a file. What leaves is recorded."""
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    form = MatterFilterForm(request.GET, choices=queries.filter_choices(actor))
    found = without_emergency_sight(actor, queries.matters(actor, form.filters(request.GET.get("sort", ""))))
    lines = list(queries.list_lines(found, pack_words(actor.partnership, actor.on)))
    held = check_export(lines)
    record_sight("matter.exported", ("matters", "list"), by=actor, rows=len(lines) - 1, **held)
    return csv_answer(f"matters-{actor.on.isoformat()}.csv", lines)


@require_safe
def matter(request: HttpRequest, public_id: str) -> HttpResponse:
    """One matter: what, who is in it, who can see it and why, who has seen it."""
    actor = actor_of(request)
    found = get_matter(actor, public_id)
    kind = kind_of(found)
    if kind is not None:
        return redirect(kind.url(public_id))
    sections = [section for provider in MATTER_SECTIONS if (section := provider(actor, found)) is not None]
    sights = sights_of([found], actor)
    _seen(actor, found, "matter.seen")
    words = pack_words(found.partnership, actor.on)
    return page(
        request,
        "sharing/matters/matter.html",
        section=SECTION,
        marking=MARKING,
        matter=found,
        purpose=words.purpose(found.purpose),
        kind=kind_words(found.kind),
        sections=sections,
        seen_by=who_can_see(actor, found),
        sights=sights,
        sights_url=reverse("matter-sights", args=[public_id]),
        can=access.available_operations(actor, found),
        is_restricted=found.sensitivity != Sensitivity.NORMAL,
        handed_over=queries.last_handover(actor, found),
    )


def _seen(actor: Actor, found: Matter, event: str) -> None:
    """Record the sight, and that it was in an emergency where it was."""
    emergency = access.sees_in_emergency(actor, found)
    record_sight(event, found, by=actor, purpose=found.purpose, emergency=emergency or None)


@require_safe
def matter_sights(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everybody who has seen it."""
    actor = actor_of(request)
    found = get_matter(actor, public_id)
    shown, sights = page_of_sights([found], actor, request.GET.get("page"))
    _seen(actor, found, "matter.sights_seen")
    return page(
        request,
        "sharing/all_sights.html",
        section=SECTION,
        marking=MARKING,
        heading=f"{found.reference} {found.title}",
        back_url=reverse("matter", args=[public_id]),
        back_words=found.reference,
        shown=shown,
        sights=sights,
    )


@require_safe
def matter_history(request: HttpRequest, public_id: str) -> HttpResponse:
    """How it was changed, by whom and why."""
    actor = actor_of(request)
    found = get_matter(actor, public_id)
    _seen(actor, found, "matter.history_seen")
    return page(
        request,
        "sharing/matters/history.html",
        section=SECTION,
        marking=MARKING,
        matter=found,
        history=queries.history(actor, found),
        ended=who_can_see(actor, found).ended,
        back_url=reverse("matter", args=[public_id]),
    )


def _purposes(actor: Actor) -> list[tuple[str, str]]:
    """The purposes in force, the emergency, which is seldom the purpose of a matter, last."""
    found = pack_words(actor.partnership, actor.on).purposes.items()
    return [(code, str(item.name)) for code, item in sorted(found, key=lambda one: one[0] == "emergency")]


@require_http_methods(["GET", "HEAD", "POST"])
def open_matter(request: HttpRequest) -> HttpResponse:
    """Open a matter, with a hub or for one's own unit."""
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    once = Once(request)
    if once.answer:
        return once.answer
    hubs = queries.hubs_by_code(actor.partnership)
    form = OpenMatterForm(
        request.POST if request.method == "POST" else None,
        purposes=_purposes(actor),
        hubs=[(code, hub.name) for code, hub in hubs.items()],
    )
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        hub = hubs.get(given.pop("hub"))
        try:
            made = operations.open_matter(**given, hub=hub, by=actor, on=actor.on)
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, f"{made.reference} is open.")
            return once.done(redirect("matter", made.public_id))
    return page(
        request,
        "sharing/matters/open.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        back_url=reverse("matters"),
    )


def _place(form: Any, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about, or raise it."""
    field = FIELD_OF.get(refusal.code)
    if refusal.status != 409 or field not in form.fields:
        raise refusal
    form.refuse(field, refusal.sentence)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what a matter says and who leads it."""
    actor = actor_of(request)
    found = get_matter(actor, public_id)
    access.check_can_edit(actor, found)
    people = [
        (seer.user.public_id, f"{seer.user.name}, {seer.unit.agency.name}") for seer in seers_of(found.folder)
    ]
    if found.lead is not None and found.lead.public_id not in dict(people):
        people.append((found.lead.public_id, found.lead.name))
    purposes = _purposes(actor)
    if found.purpose not in dict(purposes):
        purposes.append((found.purpose, found.purpose))

    def done(changed: Matter) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("matter", public_id)

    return edit_page(
        request,
        load=lambda: get_matter(actor, public_id),
        values_of=operations.values_of,
        form_class=EditMatterForm,
        form_options={"purposes": purposes, "people": people},
        save=lambda values, seen: operations.edit_matter(
            matter_id=public_id, **values, seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="sharing/matters/edit.html",
        back_url=reverse("matter", args=[public_id]),
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        caption=f"{found.reference} {found.title}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close it, with a reason."""
    return with_reason(
        request,
        public_id,
        check=access.check_can_edit,
        act=lambda reason, actor: operations.close_matter(
            matter_id=public_id, reason=reason, by=actor, on=actor.on
        ),
        heading="Close this matter",
        consequence="Nobody’s sight changes. It can be opened again with a reason.",
        verb="Close matter",
        said="The matter is closed.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open it again, with a reason."""
    return with_reason(
        request,
        public_id,
        check=access.check_can_edit,
        act=lambda reason, actor: operations.reopen_matter(
            matter_id=public_id, reason=reason, by=actor, on=actor.on
        ),
        heading="Open this matter again",
        consequence="",
        verb="Open again",
        said="The matter is open again.",
    )


def with_reason(
    request: HttpRequest,
    public_id: str,
    *,
    check: Any,
    act: Any,
    heading: str,
    consequence: str,
    verb: str,
    said: str,
    label: str = "Why?",
    danger: bool = False,
) -> HttpResponse:
    """A page that asks for a reason and then does one thing to a matter."""
    actor = actor_of(request)
    found = get_matter(actor, public_id)
    check(actor, found)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].label = label
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data["reason"], actor)
        except Refusal as refusal:
            _place(form, refusal)
        else:
            messages.success(request, said)
            still = matters_visible_to(actor).filter(public_id=public_id).exists()
            return redirect("matter", public_id) if still else redirect("matters")
    return page(
        request,
        "sharing/matters/reason.html",
        section=SECTION,
        marking=MARKING,
        matter=found,
        form=form,
        heading=heading,
        consequence=consequence,
        verb=verb,
        danger=danger,
        back_url=reverse("matter", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def put_in(request: HttpRequest, folder: str) -> HttpResponse:
    """Put the record of a person or place into a matter, named by its reference."""
    actor = actor_of(request)
    record = access.get_readable_folder(actor, folder)
    actor.check(Permission.WORK_ON_MATTERS)
    form = PutInForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        reference = form.cleaned_data["reference"].strip().upper()
        target = matters_visible_to(actor).filter(reference=reference).first()
        if target is None:
            form.refuse("reference", "No matter that you see has this reference. Check it and enter it again")
        else:
            try:
                sharing_operations.put_in(matter_id=target.public_id, folder_id=folder, by=actor, on=actor.on)
            except Refusal as refusal:
                _place(form, refusal)
            else:
                messages.success(request, f"The record lies in {target.reference} now.")
                return redirect("matter", target.public_id)
    return page(
        request,
        "sharing/matters/put_in.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        kind=record.kind,
        is_own=access.holds_record(actor, record),
        back_url=reverse("matters"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest, public_id: str, folder: str) -> HttpResponse:
    """Take a record out of a matter, with a reason."""
    actor = actor_of(request)
    enclosure = access.get_enclosure(actor, get_matter(actor, public_id), folder)
    return with_reason(
        request,
        public_id,
        check=lambda who, found: access.check_can_take_out(who, found, enclosure),
        act=lambda reason, who: sharing_operations.take_out_of(
            matter_id=public_id, folder_id=folder, reason=reason, by=who, on=who.on
        ),
        heading=f"Take a {enclosure.inner.kind}’s record out of this matter",
        consequence="Whoever sees the record only because it lies in this matter sees it no longer."
        + (
            " It is restricted with this matter; taken out, it is open to the whole unit that gave it, with "
            "everything written in it since."
            if enclosure.inner.sensitivity != Sensitivity.NORMAL
            else ""
        ),
        verb="Take out",
        said="The record no longer lies in this matter.",
        label="Why does it not belong in it?",
    )
