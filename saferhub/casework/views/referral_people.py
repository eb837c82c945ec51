"""Who and what stands in a draft: adding, saying as what, changing that, taking out.

Records are looked for before they are made, by the pages of people; those come back here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.audit.operations import record_sight
from saferhub.casework.access import get_referral, parts_readable_by
from saferhub.casework.access.referrals import check_can_place, get_draft, get_involved, get_record
from saferhub.casework.forms.referrals import FIELD_OF, NotInItForm, PartForm, PeopleForm
from saferhub.casework.models import Involved, Referral, ReferralStatus
from saferhub.casework.operations.referral_people import change_part, put_in, take_out_of_draft
from saferhub.casework.queries import referral_page as queries
from saferhub.casework.queries.referral_people import roles, standing_in
from saferhub.casework.queries.referral_places import known_places
from saferhub.casework.queries.referral_written import written_of
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed, Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.people.access import persons_visible_to
from saferhub.people.forms.search import PlaceSearchForm
from saferhub.people.models import Person, Place
from saferhub.people.operations import search
from saferhub.people.rules.search import Typed

from .referral_steps import MARKING, SECTION, frame, sight


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everybody and every place in it, and what is missing."""
    actor = _actor(request)
    found = get_draft(actor, public_id)
    written = written_of(actor, found)
    form = PeopleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        lacks = [one for one in rules.missing(written) if one.step == "people"]
        if not lacks or request.POST.get("then") in ("leave", *rules.STEPS):
            return redirect(_onward(request, found))
        form.is_valid()
        for one in lacks:
            form.refuse(None, one.sentence)
    else:
        sight(actor, found)
    standing = standing_in(actor, found)
    return page(
        request,
        "casework/referrals/people.html",
        **frame(actor, found, "people", written),
        form=form,
        caption=f"{found.matter.reference} {found.matter.title}",
        standing=[one for one in standing if one.involved],
        unplaced=[one for one in standing if not one.involved],
        needs_person=found.subject_kind in rules.NEEDS_PERSON,
    )


def _onward(request: HttpRequest, found: Referral) -> str:
    if request.POST.get("then") == "leave":
        return reverse("referral-drafts")
    if request.POST.get("then") in rules.STEPS:
        return queries.step_url(found, request.POST["then"])
    if request.GET.get("from") == "check":
        return queries.step_url(found, "check")
    return queries.step_url(found, "happening")


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, public_id: str, what: str, record: str) -> HttpResponse:
    """As what a person or place stands in it. Chosen before, it is changed."""
    actor = _actor(request)
    found = get_referral(actor, public_id)
    one = get_record(actor, found, what, record)
    if not allows(check_can_place, actor, found):
        # Of a referral that was sent its referrer says no more; what she recorded has its own page.
        return redirect("known-person" if what == "person" else "place", record)
    stands = (
        parts_readable_by(actor, Involved)
        .filter(matter=found.matter_id, ended_on__isnull=True, **{what: one})
        .order_by("id")
        .first()
    )
    form = PartForm(
        request.POST if request.method == "POST" else None,
        initial={"role": stands.role, "is_subject": stands.is_subject} if stands else None,
        roles=roles(actor),
        what=what,
        name=one.name,
    )
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {
            what: one,
            "role": form.cleaned_data.get("role", ""),
            "is_subject": form.cleaned_data["is_subject"],
        }
        try:
            if stands is None:
                put_in(referral_id=public_id, **given, by=actor, on=actor.on)
            else:
                change_part(referral_id=public_id, involved=stands, **given, by=actor, on=actor.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            if FIELD_OF.get(refusal.code) not in form.fields:
                raise
            form.refuse(FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, f"{one.name} is in the referral.")
            return redirect(_after(request, actor, found, one))
    if request.method != "POST":
        sight(actor, found)
    return page(
        request,
        "casework/referrals/part.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        caption=f"{found.matter.reference} {found.matter.title}",
        name=one.name,
        what=what,
        is_change=stands is not None,
        back_url=_people_url(found),
    )


def _people_url(found: Referral) -> str:
    if found.status == ReferralStatus.DRAFT:
        return queries.step_url(found, "people")
    return reverse("referral", args=[found.matter.public_id])


def _after(request: HttpRequest, actor: Actor, found: Referral, one: Person | Place) -> str:
    """Back to everybody in it; before that to the comparison with the record that she said is the same person."""
    like = request.GET.get("like", "")
    if like and isinstance(one, Person) and persons_visible_to(actor).filter(public_id=like).exists():
        return reverse("known-person-compare", args=[one.public_id, like])
    return _people_url(found)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether a place is known to her unit, before a new record is made. What was typed stays out of addresses."""
    actor = _actor(request)
    found = get_draft(actor, public_id)
    form = PlaceSearchForm(request.POST if request.method == "POST" else None)
    matches: list[Place] = []
    is_searched = request.method == "POST" and form.is_valid()
    if is_searched:
        typed = Typed(address=form.cleaned_data["words"], postcode=form.cleaned_data["postcode"])
        number = search.note(kind="place", purpose="", fields=typed.fields, asks=False, by=actor)
        record_sight("people.searched_places", ("search", str(number)), by=actor)
        matches = known_places(actor, form.cleaned_data["words"], form.cleaned_data["postcode"])
    return page(
        request,
        "casework/referrals/place.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        referral=found,
        caption=f"{found.matter.reference} {found.matter.title}",
        matches=matches,
        is_searched=is_searched,
        back_url=queries.step_url(found, "people"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def not_in_it(request: HttpRequest, public_id: str, involved: str) -> HttpResponse:
    """Take somebody out of it again, with a reason."""
    actor = _actor(request)
    found = get_draft(actor, public_id)
    entry = get_involved(actor, found, involved)
    one = entry.person or entry.place
    form = NotInItForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        take_out_of_draft(
            referral_id=public_id, involved=entry, reason=form.cleaned_data["reason"], by=actor, on=actor.on
        )
        messages.success(request, f"{one.name if one else 'It'} is no longer in the referral.")
        return redirect(queries.step_url(found, "people"))
    return page(
        request,
        "casework/referrals/not_in_it.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        caption=f"{found.matter.reference} {found.matter.title}",
        name=one.name if one else "",
        back_url=queries.step_url(found, "people"),
    )
