"""Pages on which a hub decides a referral: what it has met before, then the decision of one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.audit.operations import record_sight
from saferhub.casework import access
from saferhub.casework.forms import cases_deciding as forms
from saferhub.casework.models import DecisionKind, Referral
from saferhub.casework.operations import cases_deciding as operations
from saferhub.casework.operations.opening import Share
from saferhub.casework.queries import referral_clock
from saferhub.casework.queries.cases_attaching import cases_to_attach
from saferhub.casework.queries.cases_offered import referral_lines
from saferhub.casework.queries.cases_people import in_matter
from saferhub.casework.queries.cases_repeats import Met, repeats
from saferhub.casework.queries.cases_sharing import Candidate, Candidates, candidates
from saferhub.casework.queries.scoring import of_referral
from saferhub.casework.rules import cases_deciding as rules
from saferhub.casework.rules.referrals import CHILDREN
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.known_days import is_provisional
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.access.matters import sees_in_emergency
from saferhub.sharing.models import Sensitivity
from saferhub.sharing.queries.matters import hubs_by_code

SECTION = "referrals"
MARKING = "OFFICIAL-SENSITIVE"
MOST_CASES = 40
FEW_CASES = 8
_FORMS = {
    DecisionKind.ADOPT: forms.AdoptForm,
    DecisionKind.ATTACH: forms.AttachForm,
    DecisionKind.REDIRECT: forms.RedirectForm,
    DecisionKind.SIGNPOST: forms.SignpostForm,
    DecisionKind.ASK: forms.AskForm,
    DecisionKind.SAFEGUARDING: forms.PassOnForm,
    DecisionKind.MARAC: forms.PassOnForm,
}


@dataclass(frozen=True)
class _Deciding:
    """One referral before whoever decides it. `met` is what the hub has met before."""

    actor: Actor
    referral: Referral
    met: list[Met]
    words: str = ""  # by which the cases on offer are narrowed

    @property
    def public_id(self) -> str:
        return str(self.referral.matter.public_id)

    @property
    def hub(self) -> Any:
        return self.referral.hub or self.referral.to_hub


def _loaded(request: HttpRequest, public_id: str) -> _Deciding:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = access.get_referral(actor, public_id)
    access.check_can_decide(actor, referral)
    words = request.GET.get("words", "").strip()[:200]
    return _Deciding(actor, referral, repeats(actor, referral.matter), words)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the hub has met before, the tests of adoption, and which decision it is to be."""
    at = _loaded(request, public_id)
    form = forms.KindForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect("referral-decide-kind", public_id, form.cleaned_data["kind"])
    actor, referral = at.actor, at.referral
    stands = referral_clock.stands(referral, referral_clock.moves_of(referral), actor.on)
    emergency = sees_in_emergency(actor, referral.matter)
    record_sight(
        "referral.deciding_seen",
        referral.matter,
        by=actor,
        purpose=referral.matter.purpose,
        emergency=emergency or None,
    )
    return page(
        request,
        "casework/cases/decide.html",
        section=SECTION,
        marking=MARKING,
        referral=referral,
        matter=referral.matter,
        form=form,
        met=at.met,
        clock=stands,
        is_provisional=is_provisional(referral.due_on),
        clock_used=(stands.length + stands.late_by if stands.late_by else stands.used) if stands else 0,
        people=in_matter(actor, referral.matter),
        children=dict(CHILDREN).get(referral.children, "Not said"),
        scored=next(iter(reversed(of_referral(actor, referral))), None),
        tests=in_force.entries(actor.partnership, "adoption_tests", actor.on),
        is_waiting=not rules.decision_refusals(
            status=referral.status, kind=DecisionKind.DECLINE, reason="-", told="+"
        ),
        back_url=reverse("referral", args=[public_id]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide_kind(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """The decision of one kind, and what the referrer is told."""
    if kind not in DecisionKind.values:
        raise Http404
    at = _loaded(request, public_id)
    chosen = DecisionKind(kind)
    once = Once(request)
    if once.answer:
        return once.answer
    options, act = _KINDS[chosen](at, chosen)
    form = _FORMS.get(chosen, forms.DecisionForm)(
        request.POST if request.method == "POST" else None,
        initial={
            "told": rules.first_words(chosen, hub=at.hub.name),
            "title": at.referral.matter.title,
            "from_referral": referral_lines(at.referral) if chosen == DecisionKind.ADOPT else "",
            "restricted": "yes" if at.referral.sensitivity != Sensitivity.NORMAL else "no",
        },
        **options,
    )
    if form.is_bound and form.is_valid():
        try:
            answer, said = act(form.cleaned_data)
        except Refusal as refusal:
            field = forms.FIELD_OF.get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            messages.success(request, said)
            return once.done(answer)
    return page(
        request,
        "casework/cases/decide_kind.html",
        section=SECTION,
        marking=MARKING,
        referral=at.referral,
        matter=at.referral.matter,
        kind=chosen,
        met=at.met,
        form=once.within(form),
        filter_form=_filter(request, form) if chosen == DecisionKind.ATTACH else None,
        back_url=reverse("referral-decide", args=[public_id]),
    )


def _filter(request: HttpRequest, form: Any) -> Any:
    """The filter above the cases on offer; none where they are few and all of them are shown."""
    if not request.GET.get("words") and len(form.fields["case"].choices) < FEW_CASES:
        return None
    return forms.CasesFilter(request.GET)


Act = Callable[[dict[str, Any]], tuple[Any, str]]


def _after(at: _Deciding) -> Any:
    """Where the decider goes: the referral's page while she sees it."""
    seen = access.referrals_visible_to(at.actor).filter(pk=at.referral.pk).exists()
    return redirect("referral", at.public_id) if seen else redirect("home")


def _plain(at: _Deciding, kind: DecisionKind) -> tuple[dict[str, Any], Act]:
    def act(given: dict[str, Any]) -> tuple[Any, str]:
        words = {"reason": given["reason"], "by": at.actor, "on": at.actor.on}
        if kind == DecisionKind.ASK:
            operations.ask(referral_id=at.public_id, question=given["told"], **words)
            return _after(at), "The referrer is asked. It comes back to you with the answer."
        if kind == DecisionKind.DECLINE:
            operations.decline(referral_id=at.public_id, told=given["told"], **words)
            return _after(at), "The referral is not taken on. The referrer is told."
        sent = f"Sent to {given['sent_to'].strip().rstrip('.')} on {date_in_words(given['sent_on'])}."
        if given["reference"].strip():
            sent += f" Their reference: {given['reference'].strip()}."
        operations.pass_on(referral_id=at.public_id, kind=kind, told=given["told"], sent=sent, **words)
        return _after(at), "Recorded as passed on. The referrer is told."

    return {"today": at.actor.on} if kind in (DecisionKind.SAFEGUARDING, DecisionKind.MARAC) else {}, act


def _signpost(at: _Deciding, kind: DecisionKind) -> tuple[dict[str, Any], Act]:
    # Safeguarding and MARAC are decisions of their own: there the hub sends it, and does not leave that to others.
    found = [
        one
        for one in in_force.entries(at.actor.partnership, "signposts", at.actor.on)
        if one.item.prompt in ("none", "non_emergency")
    ]

    def act(given: dict[str, Any]) -> tuple[Any, str]:
        name = next((str(one.item.name) for one in found if one.code == given["signpost"]), "")
        told = str(given["told"])
        if name and name.lower() not in told.lower():
            told = told.replace("the service named below", name[:1].lower() + name[1:])
            if name.lower() not in told.lower():
                told = f"{told}\n\nTurn to: {name}."
        operations.signpost(
            referral_id=at.public_id, reason=given["reason"], told=told, by=at.actor, on=at.actor.on
        )
        return _after(at), "The referral is signposted. The referrer is told where to turn."

    return {
        "signposts": [(one.code, str(one.item.name)) for one in found],
        "hints": {one.code: str(one.item.words) for one in found},
    }, act


def _redirect(at: _Deciding, kind: DecisionKind) -> tuple[dict[str, Any], Act]:
    hubs = {code: hub for code, hub in hubs_by_code(at.actor.partnership).items() if hub.pk != at.hub.pk}

    def act(given: dict[str, Any]) -> tuple[Any, str]:
        to_hub = hubs[given["to_hub"]]
        operations.redirect(
            referral_id=at.public_id,
            to_hub=to_hub,
            reason=given["reason"],
            told=given["told"],
            by=at.actor,
            on=at.actor.on,
        )
        return redirect(
            "home"
        ), f"{at.referral.matter.reference} is with {to_hub.name} now. You see it for one more day."

    return {"hubs": [(code, hub.name) for code, hub in hubs.items()]}, act


def _attach(at: _Deciding, kind: DecisionKind) -> tuple[dict[str, Any], Act]:
    offered = cases_to_attach(at.actor, at.hub.pk, at.met, at.words, MOST_CASES)

    def act(given: dict[str, Any]) -> tuple[Any, str]:
        case = operations.attach(
            referral_id=at.public_id,
            case_id=given["case"],
            reason=given["reason"],
            told=given["told"],
            by=at.actor,
            on=at.actor.on,
        )
        return redirect(
            "case", case.matter.public_id
        ), "The referral is added to this case. The referrer is told."

    return {
        "cases": [(one.public_id, f"{one.reference} {one.title}") for one in offered],
        "hints": {one.public_id: one.hint for one in offered},
        "is_met": any(one.because for one in offered),
    }, act


def _adopt(at: _Deciding, kind: DecisionKind) -> tuple[dict[str, Any], Act]:
    tests = in_force.entries(at.actor.partnership, "adoption_tests", at.actor.on)
    found = candidates(
        at.actor, purpose=at.referral.matter.purpose, hub=at.hub, referred_by=at.referral.matter.unit
    )

    def act(given: dict[str, Any]) -> tuple[Any, str]:
        lead = found.lead(given["lead"])
        if lead is None:
            raise Refusal("leader_does_not_see", "Choose who leads it from the list.")
        led_by, officer = lead
        shares = _shares(found, led_by, given)
        referrer = at.referral.matter.unit_id
        told = rules.adopted_words(
            given["told"],
            hub=at.hub.name,
            leads=led_by.unit.pk == referrer,
            contributes=any(share.unit.pk == referrer for share in shares),
        )
        case = operations.adopt(
            referral_id=at.public_id,
            title=given["title"],
            why=given["why"],
            wanted=given["wanted"],
            grounds=given["grounds"],
            declared=given["declared"],
            lead_unit=led_by.unit,
            lead=officer,
            shares=shares,
            restricted=given["restricted"] == "yes",
            reason=given["reason"],
            told=told,
            from_referral=given["from_referral"],
            by=at.actor,
            on=at.actor.on,
        )
        return redirect(
            "case", case.matter.public_id
        ), f"{case.matter.reference} is open. The referrer is told."

    return {
        "tests": [(one.code, str(one.item.name)) for one in tests],
        "test_hints": {one.code: str(one.item.words) for one in tests},
        "leads": found.leads(),
        "contributors": found.contributors(),
    }, act


def _shares(found: Candidates, lead: Candidate, given: dict[str, Any]) -> list[Share]:
    """The lead's unit, where it needs an agreement to see the case, and those that contribute."""
    shares = [
        Share(lead.unit, ground.agreement, ground.gateway, "Leads the case") for ground in lead.grounds[:1]
    ]
    for chosen, what in given["contributors"].items():
        one = found.contributor(chosen)
        if one is not None and one[0].pk != lead.unit.pk:
            unit, ground = one
            shares.append(Share(unit, ground.agreement, ground.gateway, what))
    return shares


_KINDS: dict[DecisionKind, Callable[[_Deciding, DecisionKind], tuple[dict[str, Any], Act]]] = {
    DecisionKind.ADOPT: _adopt,
    DecisionKind.ATTACH: _attach,
    DecisionKind.REDIRECT: _redirect,
    DecisionKind.SIGNPOST: _signpost,
    DecisionKind.DECLINE: _plain,
    DecisionKind.ASK: _plain,
    DecisionKind.SAFEGUARDING: _plain,
    DecisionKind.MARAC: _plain,
}
