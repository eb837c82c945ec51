"""Pages of places: the list, the record, its history."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.members import agency_names
from saferhub.people import access
from saferhub.people.forms.records import NewPlaceForm, PlaceForm, PlacesFilter
from saferhub.people.models import Place
from saferhub.people.operations import places as operations
from saferhub.people.operations.persons import matter_to_record_in
from saferhub.people.queries import details as detail_queries
from saferhub.people.queries import household, lists, protecting
from saferhub.people.queries.person_page import sight_codes
from saferhub.people.queries.seers import seers
from saferhub.people.queries.words import pack_words
from saferhub.sharing.access.matters import can_pass_on
from saferhub.sharing.edits import edit
from saferhub.sharing.queries.long_lists import NumberedList
from saferhub.sharing.queries.sights import page_of_sights, sights_of
from saferhub.sharing.registries import record_route

from .persons import MARKING, PER_PAGE, list_tabs


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The places the reader may see, with their matters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.check(Permission.WORK_ON_MATTERS)
    words = pack_words(actor)
    form = PlacesFilter(
        request.GET, agencies=lists.agencies_on_offer(actor), kinds=words.choices("place_kinds")
    )
    found = lists.places(
        agency=form.chosen("agency"), kind=form.chosen("kind"), sort=request.GET.get("sort", "")
    )
    paginator = NumberedList(
        found, PER_PAGE, most=lists.MOST_COUNTED, load=partial(lists.places_by_number, actor)
    )
    shown = paginator.get_page(request.GET.get("page"))
    rows = lists.rows_of(actor, shown.object_list, dict(words.choices("place_kinds")))
    record_sight("people.places_seen", ("people.place", "list"), by=actor, rows=len(rows))
    return page(
        request,
        "people/places.html",
        marking=MARKING,
        filter_form=form,
        rows=rows,
        shown=shown,
        tabs=list_tabs("places"),
        is_capped=paginator.is_capped,
        most=lists.MOST_COUNTED,
    )


@require_safe
def place(request: HttpRequest, public_id: str) -> HttpResponse:
    """One place: addresses over time, its matters, who is recorded at the same address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_place(actor, public_id)
    words = pack_words(actor)
    around = access.around_each(actor, [found])[found.folder_id]
    matters = around.matters
    sights = sights_of([found], actor, through=around.ever)
    record_sight("people.place_seen", found, by=actor, **sight_codes(actor, found, matters))
    there = lists.at_the_same_address(actor, found)
    tags = protecting.tags_of(actor, {one.person_id for one in there if one.person_id is not None})
    agencies = agency_names([found.agency, *[(one.person or one.place).agency for one in there]], actor)
    return page(
        request,
        "people/place.html",
        marking=MARKING,
        place=found,
        kind=words.name("place_kinds", found.kind),
        agency=agencies.get(found.agency, found.agency),
        groups=detail_queries.part_groups(actor, found, words),
        matters=matters,
        seers=seers(actor, matters, words, [found.folder_id]),
        there=[
            (one, agencies.get((one.person or one.place).agency, ""), tags.get(one.person_id or 0, ()))
            for one in there
        ],
        near_risks=household.risks_at(actor, found, words),
        sights=sights,
        can_edit=access.can_edit_record(actor, found),
        can_pass_on=can_pass_on(actor, found.folder),
    )


@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was edited, and who has seen it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_place(actor, public_id)
    around = access.around_each(actor, [found])[found.folder_id]
    shown, sights = page_of_sights([found], actor, request.GET.get("page"), through=around.ever)
    record_sight("people.history_seen", found, by=actor, **sight_codes(actor, found, around.matters))
    return page(
        request,
        "people/place_history.html",
        marking=MARKING,
        place=found,
        revisions=detail_queries.history(actor, found),
        shown=shown,
        sights=sights,
        back_url=reverse("place", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a place in a matter."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    matter = matter_to_record_in(public_id, actor)
    once = Once(request)
    if once.answer:
        return once.answer
    form = NewPlaceForm(request.POST if request.method == "POST" else None, words=pack_words(actor))
    if request.method == "POST" and form.is_valid():
        try:
            found = operations.record_place(
                matter_id=public_id, values=form.facts(), address=form.address(), by=actor, on=actor.on
            )
        except Refusal as refusal:
            if form.FIELD_OF.get(refusal.code) is None:
                raise
            form.refuse(form.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, f"{found.name} is recorded in {matter.reference}.")
            if onward := record_route(matter):
                return once.done(redirect(onward, public_id, "place", found.public_id))
            return once.done(redirect("place", found.public_id))
    return page(
        request,
        "people/place_new.html",
        marking=MARKING,
        matter=matter,
        form=once.within(form),
        back_url=reverse("matter", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct name, kind or description of a place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_edit_record(actor, access.get_place(actor, public_id))

    def done(found: Place) -> HttpResponse:
        messages.success(request, "Corrected. What stood before is in the history.")
        return redirect("place", public_id)

    return edit(
        request,
        load=partial(access.get_place, actor, public_id),
        values_of=operations.kept_of_place,
        form_class=PlaceForm,
        save=lambda values, seen: operations.correct_place(
            place_id=public_id, values=values, seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="people/correct.html",
        back_url=reverse("place", args=[public_id]),
        field_of=operations.FIELD_OF,
        form_options={"words": pack_words(actor)},
        marking=MARKING,
        heading="Correct the place",
    )
