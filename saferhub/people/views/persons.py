"""Pages of persons: the list, the record, its details and history."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.people import access
from saferhub.people.forms.records import NewPersonForm, PersonForm, PersonsFilter, born_initial
from saferhub.people.models import Person
from saferhub.people.operations import persons as operations
from saferhub.people.operations.part_kinds import FIELD_OF
from saferhub.people.queries import details as detail_queries
from saferhub.people.queries import household, lists
from saferhub.people.queries import person_page as queries
from saferhub.people.queries.search import typed_before
from saferhub.people.queries.words import pack_words
from saferhub.sharing.access import check_can_enclose
from saferhub.sharing.access.matters import can_pass_on
from saferhub.sharing.edits import edit
from saferhub.sharing.queries.long_lists import NumberedList
from saferhub.sharing.queries.sights import page_of_sights, sights_of
from saferhub.sharing.registries import record_route

PER_PAGE = 25
MARKING = "OFFICIAL-SENSITIVE"


def tabs_of(person: Person, current: str) -> list[dict[str, Any]]:
    """The pages of one record."""
    return [
        {"label": label, "url": reverse(name, args=[person.public_id]), "current": name == current}
        for label, name in (
            ("Identity", "known-person"),
            ("Details", "known-person-details"),
            ("History and sights", "known-person-history"),
        )
    ]


def list_tabs(current: str) -> list[dict[str, Any]]:
    """The two lists."""
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for label, name in (("People", "known-persons"), ("Places", "places"))
    ]


@require_safe
def known_persons(request: HttpRequest) -> HttpResponse:
    """The persons the reader may see, with their matters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.check(Permission.WORK_ON_MATTERS)
    form = PersonsFilter(request.GET, agencies=lists.agencies_on_offer(actor))
    found = lists.persons(agency=form.chosen("agency"), sort=request.GET.get("sort", ""))
    paginator = NumberedList(
        found, PER_PAGE, most=lists.MOST_COUNTED, load=partial(lists.persons_by_number, actor)
    )
    shown = paginator.get_page(request.GET.get("page"))
    rows = lists.rows_of(actor, shown.object_list)
    record_sight("people.list_seen", ("people.person", "list"), by=actor, rows=len(rows))
    return page(
        request,
        "people/persons.html",
        marking=MARKING,
        filter_form=form,
        rows=rows,
        shown=shown,
        tabs=list_tabs("known-persons"),
        is_capped=paginator.is_capped,
        most=lists.MOST_COUNTED,
    )


@require_safe
def known_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person: what protects staff first, then who she is, how to reach her, and who stands with her."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = access.get_person(actor, public_id)
    found = queries.person_page(actor, person)
    sights = sights_of([person], actor, through=found.around[person.folder_id].ever)
    open_matter = next((one for one in found.matters if one.status == "open"), None)
    # Linked records are on this page too, so each counts as seen.
    for one in found.group:
        matters = found.around[one.folder_id].matters
        record_sight("people.person_seen", one, by=actor, **queries.sight_codes(actor, one, matters))
    return page(
        request,
        "people/person.html",
        marking=MARKING,
        person=person,
        found=found,
        sights=sights,
        near_risks=household.risks_around(actor, found.group, found.words),
        tabs=tabs_of(person, "known-person"),
        can_edit=found.can_edit,
        can_pass_on=can_pass_on(actor, person.folder),
        other_count=len(found.records) - 1,
        new_url=f"{reverse('known-person-new', args=[open_matter.public_id])}?like={person.public_id}"
        if open_matter and allows(check_can_enclose, actor, open_matter)
        else "",
        can_compare=allows(access.check_can_decide_links, actor, person),
    )


@require_safe
def details(request: HttpRequest, public_id: str) -> HttpResponse:
    """The parts of one record, each with its correction."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = access.get_person(actor, public_id)
    show = request.GET.get("show") == "numbers"
    matters = list(access.matters_around(actor, person))
    record_sight(
        "people.person_seen",
        person,
        by=actor,
        numbers_shown=show,
        **queries.sight_codes(actor, person, matters),
    )
    words = pack_words(actor)
    return page(
        request,
        "people/details.html",
        marking=MARKING,
        person=person,
        facts=operations.kept_of_person(person),
        born=queries.births.born_words(person.born_on, person.born_precision),
        groups=detail_queries.part_groups(actor, person, words, show=show),
        show=show,
        tabs=tabs_of(person, "known-person-details"),
        can_edit=access.can_edit_record(actor, person),
    )


@require_safe
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was edited, what was decided, who has seen it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = access.get_person(actor, public_id)
    group, _ = queries.group_of(actor, person)
    around = access.around_each(actor, [person])[person.folder_id]
    shown, sights = page_of_sights([person], actor, request.GET.get("page"), through=around.ever)
    record_sight(
        "people.history_seen", person, by=actor, **queries.sight_codes(actor, person, around.matters)
    )
    return page(
        request,
        "people/history.html",
        marking=MARKING,
        person=person,
        revisions=detail_queries.history(actor, person),
        decisions=queries.decision_rows(actor, queries.all_decisions(actor, group)),
        shown=shown,
        sights=sights,
        tabs=tabs_of(person, "known-person-history"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a person in a matter; `like` names the record that she may be one with."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    matter = operations.matter_to_record_in(public_id, actor)
    once = Once(request)
    if once.answer:
        return once.answer
    like = request.GET.get("like", "")
    known = access.persons_visible_to(actor).filter(public_id=like).first() if like else None
    typed = typed_before(request.session, request.GET.get("typed", ""), public_id)
    typed["born"] = born_initial(typed.get("born"), "exact") if typed.get("born") else None
    form = NewPersonForm(
        request.POST if request.method == "POST" else None, words=pack_words(actor), initial=typed
    )
    if request.method == "POST" and form.is_valid():
        try:
            person = operations.record_person(
                matter_id=public_id, values=form.values(), parts=form.parts(), by=actor, on=actor.on
            )
        except Refusal as refusal:
            if form.FIELD_OF.get(refusal.code) is None:
                raise
            form.refuse(form.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, f"{person.name} is recorded in {matter.reference}.")
            if onward := record_route(matter):
                url = reverse(onward, args=[public_id, "person", person.public_id])
                return once.done(redirect(f"{url}?like={known.public_id}" if known is not None else url))
            if known is not None:
                return once.done(redirect("known-person-compare", person.public_id, known.public_id))
            return once.done(redirect("known-person", person.public_id))
    return page(
        request,
        "people/person_new.html",
        marking=MARKING,
        matter=matter,
        form=once.within(form),
        known=known,
        back_url=reverse("matter", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct birth, death, sex or language."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_edit_record(actor, access.get_person(actor, public_id))

    def done(person: Person) -> HttpResponse:
        messages.success(request, "Corrected. What stood before is in the history.")
        return redirect("known-person-details", public_id)

    return edit(
        request,
        load=lambda: access.get_person(actor, public_id),
        values_of=lambda person: {
            "born": born_initial(person.born_on, person.born_precision),
            "is_about": person.born_precision == "about",
            "died_on": person.died_on,
            "sex": person.sex,
            "language": person.language,
        },
        form_class=PersonForm,
        save=lambda values, seen: operations.correct_person(
            person_id=public_id, values=values, seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="people/correct.html",
        back_url=reverse("known-person-details", args=[public_id]),
        field_of=FIELD_OF,
        marking=MARKING,
        heading="Correct birth and other facts",
    )
