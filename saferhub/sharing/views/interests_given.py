"""Pages that decide who sees a matter: giving sight step by step, ending it, restricting, lifting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from saferhub.accounts.models import User
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.access import get_matter
from saferhub.sharing.access import matters as access
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.forms.interests_given import (
    FIELD_OF,
    AgreementForm,
    GiveSightForm,
    PurposeForm,
    RestrictForm,
    WhoForm,
    people_choices,
    unit_choices,
)
from saferhub.sharing.models import Agreement, Matter, Sensitivity
from saferhub.sharing.operations import interests_given as operations
from saferhub.sharing.queries import interests_given as queries
from saferhub.sharing.queries.fitting import gateways_reaching
from saferhub.sharing.queries.packs_in_words import PackWords, pack_words
from saferhub.sharing.queries.restricting import taken_along
from saferhub.sharing.registries import MATTER_SECTIONS, going_along

from .matters import MARKING, SECTION, actor_of, with_reason

NONE = "none"
STEPS = ("Who", "Agreement", "Purpose", "Gateway and reason")


@dataclass
class _Asked:
    """What has been answered so far, from the address; each answer is checked anew at every step."""

    unit: Unit | None = None
    user: User | None = None
    of: str = ""
    agreement: Agreement | None = None
    has_agreement: bool = False
    purpose: str = ""
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        if self.user is not None:
            return f"{self.user.name}, {self.of}"
        if self.unit is None:
            return ""
        whole = self.unit.is_whole_agency
        return self.unit.agency.name if whole else f"{self.unit.name}, {self.unit.agency.name}"

    @property
    def step(self) -> int:
        if self.unit is None and self.user is None:
            return 1
        if not self.has_agreement:
            return 2
        return 4 if self.purpose else 3


@require_http_methods(["GET", "HEAD", "POST"])
def give_sight(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who, under which agreement, for which purpose, on which gateway: each offered only as far as it fits."""
    actor = actor_of(request)
    matter = get_matter(actor, public_id)
    access.check_can_decide_sharing(actor, matter)
    offer = queries.offer(matter, actor.on)
    words = pack_words(matter.partnership, actor.on)
    asked = _asked(request, matter, offer, words)
    sent = request.POST if request.method == "POST" else None
    form: Any = _form(asked, matter, offer, words, sent, actor)
    if sent is not None and form.is_valid():
        if asked.step < len(STEPS):
            answers = {**asked.answers, **_answer(form.cleaned_data)}
            return redirect(f"{request.path}?{urlencode(answers)}")
        try:
            given = operations.give_sight(
                matter_id=public_id,
                unit=asked.unit,
                user=asked.user,
                agreement=asked.agreement,
                purpose=asked.purpose,
                gateway=form.cleaned_data.get("gateway", ""),
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            if refusal.status != 409:
                raise
            name = FIELD_OF.get(refusal.code)
            form.refuse(name if name in form.fields else None, refusal.sentence)
        else:
            messages.success(request, f"{asked.holder} can see {given.folder.matter.reference} now.")
            return redirect("matter", public_id)
    return page(
        request,
        "sharing/matters/give_sight.html",
        section=SECTION,
        marking=MARKING,
        matter=matter,
        form=form,
        asked=asked,
        step=asked.step,
        steps=STEPS,
        agreement_words=asked.agreement.title if asked.agreement else "None needed",
        purpose_words=words.purpose(asked.purpose) if asked.purpose else "",
        path=request.path,
        who_url=request.path,
        agreement_url=_until(request.path, asked.answers, "who"),
        purpose_url=_until(request.path, asked.answers, "who", "agreement"),
        is_last=asked.step == len(STEPS),
        along=going_along(actor, matter) if asked.step == len(STEPS) else (),
        nothing=asked.step == 1 and not offer.agencies and not offer.people,
        back_url=reverse("matter", args=[public_id]),
    )


def _until(path: str, answers: dict[str, str], *kept: str) -> str:
    return f"{path}?{urlencode({name: value for name, value in answers.items() if name in kept})}"


def _answer(given: dict[str, Any]) -> dict[str, str]:
    if "kind" in given:
        return {"who": f"{given['kind']}.{given['unit'] if given['kind'] == 'unit' else given['person']}"}
    return {name: str(value) for name, value in given.items()}


def _asked(request: HttpRequest, matter: Matter, offer: queries.Offer, words: PackWords) -> _Asked:
    asked = _Asked()
    kind, _, identifier = request.GET.get("who", "").partition(".")
    agency: int | None = None
    if kind == "unit" and matter.sensitivity == Sensitivity.NORMAL:
        asked.unit = offer.unit(identifier)
        agency = asked.unit.agency_id if asked.unit else None
    elif kind == "person":
        person = offer.person(identifier)
        if person is not None:
            asked.user, asked.of, agency = person.user, person.unit.agency.name, person.unit.agency_id
    if agency is None:
        return asked
    asked.answers["who"] = request.GET["who"]
    code = request.GET.get("agreement", "")
    if code == NONE and asked.user is not None and agency == matter.unit.agency_id:
        asked.has_agreement = True
    else:
        asked.agreement = next((one for one in offer.agreements(agency) if one.code == code), None)
        asked.has_agreement = asked.agreement is not None
    if not asked.has_agreement:
        return asked
    asked.answers["agreement"] = code
    purpose = request.GET.get("purpose", "")
    if (
        purpose in (asked.agreement.purposes if asked.agreement else words.purposes)
        and purpose in words.purposes
    ):
        asked.purpose = asked.answers["purpose"] = purpose
    return asked


def _form(
    asked: _Asked, matter: Matter, offer: queries.Offer, words: PackWords, sent: Any, actor: Actor
) -> Any:
    if asked.step == 1:
        return WhoForm(
            sent,
            units=unit_choices(offer.units),
            people=people_choices((p.user.public_id, p.user.name, p.unit.agency.name) for p in offer.people),
            only_named=matter.sensitivity != Sensitivity.NORMAL,
        )
    if asked.step == 2:
        return _agreement_form(asked, matter, offer, sent)
    if asked.step == 3:
        codes = asked.agreement.purposes if asked.agreement else list(words.purposes)
        # What happens seldom stands last.
        known = sorted((code for code in codes if code in words.purposes), key=lambda c: c == "emergency")
        return PurposeForm(
            sent,
            purposes=[(code, words.purpose(code)) for code in known],
            hints={code: str(words.purposes[code].words) for code in known},
            initial={"purpose": matter.purpose if matter.purpose in known else None},
        )
    allowed = asked.agreement.gateways if asked.agreement else ()
    fitting = [
        code for code in words.gateways_for(asked.purpose) if code in allowed and code in words.gateways
    ]
    unit = asked.unit or offer.unit_of(asked.user)
    if unit is not None and unit.agency_id != matter.unit.agency_id:
        fitting = gateways_reaching(unit.agency, fitting, actor.on)
    return GiveSightForm(
        sent,
        gateways=[(code, words.gateway(code)) for code in fitting],
        hints={code: str(words.gateways[code].words) for code in fitting},
        today=actor.on,
    )


def _agreement_form(asked: _Asked, matter: Matter, offer: queries.Offer, sent: Any) -> AgreementForm:
    unit = asked.unit or offer.unit_of(asked.user)
    agency = unit.agency_id if unit else 0
    fitting = offer.agreements(agency)
    choices = [(one.code, one.title) for one in fitting]
    hints = {
        one.code: f"In force until {date_in_words(one.last_day)}"
        if one.last_day
        else "In force until further notice"
        for one in fitting
    }
    if asked.user is not None and agency == matter.unit.agency_id:
        choices.append((NONE, "None"))
        hints[NONE] = f"{asked.user.name} works for {matter.unit.agency.name}, whose matter it is"
    return AgreementForm(sent, agreements=choices, hints=hints)


@require_http_methods(["GET", "HEAD", "POST"])
def end_sight(request: HttpRequest, public_id: str, interest: str) -> HttpResponse:
    """End one interest, with a reason."""
    actor = actor_of(request)
    matter = get_matter(actor, public_id)
    access.check_can_decide_sharing(actor, matter)
    found = access.get_interest(actor, matter, interest)
    if found.unit is not None:
        whole = found.unit.is_whole_agency
        holder = found.unit.agency.name if whole else f"{found.unit.name}, {found.unit.agency.name}"
    else:
        holder = found.user.name if found.user else ""
    return with_reason(
        request,
        public_id,
        check=access.check_can_decide_sharing,
        act=lambda reason, who: operations.end_sight(
            matter_id=public_id, interest_id=interest, reason=reason, by=who, on=who.on
        ),
        heading=f"End sight: {holder}",
        consequence="They stop seeing this matter, and what they see only because of it, at once.",
        verb="End sight",
        said=f"{holder} has lost the sight of this matter that you ended.",
        label="Why do they no longer need to see it?",
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def restrict(request: HttpRequest, public_id: str) -> HttpResponse:
    """Restrict to named people: choose them, read who loses sight, confirm."""
    actor = actor_of(request)
    matter = get_matter(actor, public_id)
    access.check_can_decide_sharing(actor, matter)
    if matter.sensitivity != Sensitivity.NORMAL:
        raise Refusal("restricted_already", "It is restricted already.")
    seers = seers_of(matter.folder)
    form = RestrictForm(
        request.POST if request.method == "POST" else None,
        people=[(one.user.public_id, one.user.name) for one in seers],
        hints={one.user.public_id: f"{one.unit.agency.name}. {one.why}" for one in seers},
        initial={"names": [actor.public_id]},
    )
    losing: list[Any] = []
    along: list[str] = []
    leads_no_longer = confirms = False
    if form.is_bound and form.is_valid():
        names = form.cleaned_data["names"]
        losing = [one for one in seers if one.user.public_id not in names]
        if actor.public_id not in names:
            form.refuse("names", "Name yourself too. Otherwise nobody who decides about it would see it.")
        elif request.POST.get("confirmed") == ",".join(sorted(names)):
            try:
                operations.restrict(matter_id=public_id, **form.cleaned_data, by=actor, on=actor.on)
            except Refusal as refusal:
                name = FIELD_OF.get(refusal.code)
                if refusal.status != 409 or name not in form.fields:
                    raise
                form.refuse(name, refusal.sentence)
            else:
                messages.success(request, "Only the people named see it now.")
                return redirect("matter", public_id)
        else:
            confirms = True
            along = taken_along(matter, [section(actor, matter) for section in MATTER_SECTIONS])
            leads_no_longer = matter.lead is not None and matter.lead.public_id not in names
    return page(
        request,
        "sharing/matters/restrict.html",
        section=SECTION,
        marking=MARKING,
        matter=matter,
        form=form,
        confirms=confirms,
        losing=losing,
        leads_no_longer=leads_no_longer,
        along=along,
        confirmed=",".join(sorted(form.cleaned_data["names"])) if confirms else "",
        back_url=reverse("matter", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lift a restriction, with a reason."""
    return with_reason(
        request,
        public_id,
        check=access.check_can_decide_sharing,
        act=lambda reason, who: operations.open_up(matter_id=public_id, reason=reason, by=who, on=who.on),
        heading="Lift the restriction",
        consequence="The hub, the unit whose it is, and every agency whose sight still holds see it again, and "
        "the records that were restricted with it.",
        verb="Lift restriction",
        said="The restriction is lifted.",
    )
