"""Pages of search.

Names and births must not stand in addresses, where logs, histories and referrers would keep them. So a search is
sent in the body of a request and answered by a redirect to a page with a random key; what was typed is sealed in
the session. That page can be read again and gone back to while the session lasts, and what it shows is found
afresh each time, under the reader's sight of that moment. Pointers are asked for once, when the search is sent.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.people.access import search as access
from saferhub.people.forms.search import (
    BoxForm,
    DetailsForm,
    PersonSearchForm,
    PlaceSearchForm,
    ReferenceForm,
)
from saferhub.people.operations import search as operations
from saferhub.people.queries import search as queries
from saferhub.people.rules.search import Typed, reference_in
from saferhub.sharing.access import check_can_enclose, get_matter, matters_visible_to
from saferhub.sharing.access.matters import can_pass_on
from saferhub.sharing.queries.requests import purpose_names, purposes
from saferhub.sharing.queries.requests_kept import keep, kept
from saferhub.sharing.registries import record_route, written_with

PER_PAGE = 10
MOST_WRITTEN = 25  # of each kind of thing that was written
SECTION = "search"
MARKING = "OFFICIAL-SENSITIVE"


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": reverse(name), "current": name == current, "count": None}
        for label, name in (("Person", "search"), ("Place", "search-places"), ("Matter", "search-matters"))
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search for a person: the purpose first. The box in the header sends `q` here, a reference or a name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_search(actor)
    offered = purposes(actor)
    beside: dict[str, Any] = {}
    if request.method == "POST" and "q" in request.POST:
        text = request.POST["q"].strip()[:200]
        if reference_in(text):
            return _by_reference(request, reference_in(text))
        form = PersonSearchForm(initial={"name": text}, purposes=offered, today=actor.on)
        if text:
            # She reads all of it without being asked for a purpose, so it may be looked through before one is chosen.
            beside = _words_found(actor, text, most=5)
    else:
        form = PersonSearchForm(
            request.POST if request.method == "POST" else None, purposes=offered, today=actor.on
        )
        if request.method == "POST" and form.is_valid():
            return redirect(
                "search-results",
                _searched(request, form.typed(), form.cleaned_data["purpose"], kind="search"),
            )
    return page(
        request,
        "people/search.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        box=BoxForm(initial={"q": beside.get("words", "")}),
        tabs=_tabs("search"),
        **beside,
    )


def _searched(request: HttpRequest, typed: Typed, purpose: str, *, kind: str, matter: str = "") -> str:
    """Note the search, ask once for pointers, and keep it; its page finds, and says how much. Returns the page's
    key."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asks = operations.asks_for_pointers(typed, purpose, actor)
    number = operations.note(kind=kind, purpose=purpose, fields=typed.fields, asks=asks, by=actor)
    pointers = operations.point(typed, purpose=purpose, by=actor) if asks else []
    record_sight("people.searched", ("search", str(number)), by=actor, purpose=purpose, kind=kind)
    if asks:
        operations.finished(number, hits=len(pointers), by=actor)
    return keep(
        request.session,
        {
            "number": number,
            "kind": kind,
            "purpose": purpose,
            "matter": matter,
            "typed": queries.typed_to_keep(typed),
            "asked": asks,
            "pointers": [
                {
                    "token": one.token,
                    "hub": one.hub,
                    "contact": one.contact,
                    "contacts": [[person.name, person.reach] for person in one.contacts],
                    "likely": one.likely,
                }
                for one in pointers
            ],
        },
    )


@require_safe
def search_results(request: HttpRequest, key: str) -> HttpResponse:
    """What a search found among what one may see now, and the pointers it gave."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_search(actor)
    found = kept(request.session, key)
    if found is None or found.get("kind") != "search":
        raise Http404
    return page(
        request,
        "people/search_results.html",
        section=SECTION,
        marking=MARKING,
        tabs=_tabs("search"),
        again_url=reverse("search-again", args=[key]),
        **_shown(request, key, found),
    )


def _shown(request: HttpRequest, key: str, found: dict[str, Any]) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    typed = queries.typed_from(found["typed"])
    numbers = access.person_numbers(typed)
    if not found.get("counted"):
        operations.finished(found["number"], seen=len(numbers), by=actor)
        keep(request.session, {**found, "counted": True}, key)
    shown = Paginator(numbers, PER_PAGE).get_page(request.GET.get("page"))
    matches = queries.matches(actor, typed, access.persons(actor, shown.object_list))
    if matches:
        record_sight(
            "people.results_seen",
            ("search", str(found["number"])),
            by=actor,
            purpose=found["purpose"],
            persons=[match.person.public_id for match in matches],
        )
    return {
        "typed": found["typed"],
        "purpose": purpose_names(actor).get(found["purpose"], found["purpose"]),
        "pointers": found["pointers"],
        "asked": found["asked"],
        "page": shown,
        "matches": matches,
        "is_capped": shown.paginator.count >= access.MOST,
    }


@require_safe
def search_again(request: HttpRequest, key: str) -> HttpResponse:
    """The search form once more with what was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_search(actor)
    found = kept(request.session, key)
    if found is None:
        raise Http404
    form = PersonSearchForm(
        initial={**_initial(found), "purpose": found["purpose"]}, purposes=purposes(actor), today=actor.on
    )
    return page(
        request, "people/search.html", section=SECTION, marking=MARKING, form=form, tabs=_tabs("search"),
        action=reverse("search"),
    )  # fmt: skip


def _initial(found: dict[str, Any]) -> dict[str, Any]:
    return {**found["typed"], "born": queries.typed_from(found["typed"]).born}


@require_http_methods(["GET", "HEAD", "POST"])
def search_places(request: HttpRequest) -> HttpResponse:
    """Search for a place by name or address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_search(actor)
    form = PlaceSearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = Typed(
            address=form.cleaned_data["words"].strip(), postcode=form.cleaned_data["postcode"].strip()
        )
        number = operations.note(kind="place", purpose="", fields=typed.fields, asks=False, by=actor)
        record_sight("people.searched_places", ("search", str(number)), by=actor)
        key = keep(
            request.session, {"number": number, "kind": "place", "typed": queries.typed_to_keep(typed)}
        )
        return redirect("search-place-results", key)
    return page(
        request,
        "people/search_places.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        tabs=_tabs("search-places"),
    )


@require_safe
def search_place_results(request: HttpRequest, key: str) -> HttpResponse:
    """The places that one may see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_search(actor)
    found = kept(request.session, key)
    if found is None or found.get("kind") != "place":
        raise Http404
    typed = queries.typed_from(found["typed"])
    numbers = access.place_numbers(typed.address, typed.address_key)
    shown = Paginator(numbers, 25).get_page(request.GET.get("page"))
    matches = queries.place_matches(actor, access.places(actor, shown.object_list))
    if matches:
        record_sight(
            "people.results_seen",
            ("search", str(found["number"])),
            by=actor,
            places=[match.place.public_id for match in matches],
        )
    return page(
        request,
        "people/search_place_results.html",
        section=SECTION,
        marking=MARKING,
        tabs=_tabs("search-places"),
        typed=found["typed"],
        page=shown,
        matches=matches,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def search_matters(request: HttpRequest) -> HttpResponse:
    """A matter by its reference, or by words of its title."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_search(actor)
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if reference := form.reference_typed():
            return _by_reference(request, reference)
        return page(
            request, "people/search_matters.html", section=SECTION, marking=MARKING, form=form,
            tabs=_tabs("search-matters"), most=MOST_WRITTEN,
            **_words_found(actor, form.cleaned_data["reference"].strip(), most=MOST_WRITTEN),
        )  # fmt: skip
    return page(
        request, "people/search_matters.html", section=SECTION, marking=MARKING, form=form,
        tabs=_tabs("search-matters"),
    )  # fmt: skip


def _words_found(actor: Actor, text: str, *, most: int) -> dict[str, Any]:
    """Matters whose title these words are of, and what was written with them: noted, then found."""
    number = operations.note(kind="words", purpose="", fields={"words": text.lower()}, asks=False, by=actor)
    record_sight("people.searched_words", ("search", str(number)), by=actor)
    matters = queries.matters_found(actor, text, most=most)
    written = written_with(actor, text, most)
    operations.finished(number, seen=len(matters) + len(written), by=actor)
    if matters or written:
        seen = [*(one.matter.public_id for one in matters), *(one.matter.public_id for one in written)]
        record_sight(
            "people.results_seen", ("search", str(number)), by=actor, matters=list(dict.fromkeys(seen))
        )
    kinds = [one.what for one in written]
    return {
        "words": text,
        "matters": matters,
        "written": written,
        "has_more": len(matters) == most or any(kinds.count(kind) == most for kind in set(kinds)),
    }


def _note_matters(actor: Actor, text: str) -> None:
    number = operations.note(kind="matter", purpose="", fields={"matter": text.lower()}, asks=False, by=actor)
    record_sight("people.searched_matters", ("search", str(number)), by=actor)


def _by_reference(request: HttpRequest, reference: str) -> HttpResponse:
    """Straight to the matter; the same words for a hidden reference and for one that does not exist."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    _note_matters(actor, reference)
    matter = matters_visible_to(actor).filter(reference=reference).first()
    if matter is not None:
        return redirect("matter", matter.public_id)
    form = ReferenceForm(initial={"reference": reference})
    return page(
        request,
        "people/search_matters.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        tabs=_tabs("search-matters"),
        missing=reference,
        action=reverse("search-matters"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def before_create(request: HttpRequest, public_id: str) -> HttpResponse:
    """Before a new record in a matter: what is known of the person?"""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    matter = get_matter(actor, public_id)
    check_can_enclose(actor, matter)
    found = kept(request.session, request.GET.get("typed", ""))
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(found) if found else None,
        today=actor.on,
    )
    if request.method == "POST" and form.is_valid():
        key = _searched(request, form.typed(), matter.purpose, kind="create", matter=matter.public_id)
        return redirect("search-before-create-known", matter.public_id, key)
    return page(
        request,
        "people/search_before_create.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        matter=matter,
        back_url=reverse("matter", args=[matter.public_id]),
    )


@require_safe
def before_create_known(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Is one of these the person? Nothing is chosen beforehand; "No, someone else" leads to a new record."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    matter = get_matter(actor, public_id)
    check_can_enclose(actor, matter)
    found = kept(request.session, key)
    if found is None or found.get("kind") != "create" or found.get("matter") != matter.public_id:
        raise Http404
    shown = _shown(request, key, found)
    return page(
        request,
        "people/search_known.html",
        section=SECTION,
        marking=MARKING,
        matter=matter,
        new_url=_new_record(matter.public_id, key),
        change_url=f"{reverse('search-before-create', args=[matter.public_id])}?typed={key}",
        here={match.person.public_id for match in shown["matches"] if matter in match.matters},
        onward=record_route(matter),
        ours={
            match.person.public_id
            for match in shown["matches"]
            if record_route(matter) and can_pass_on(actor, match.person.folder)
        },
        **shown,
    )


def _new_record(matter_id: str, key: str) -> str:
    """The form of a new record, told by a random key where what was typed is kept."""
    try:
        return f"{reverse('known-person-new', args=[matter_id])}?typed={key}"
    except NoReverseMatch:
        return ""
