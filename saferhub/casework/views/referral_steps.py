"""Writing a referral: short steps in any order, each saved by itself; the list of drafts; check and send."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.access.referrals import check_can_refer, get_draft, get_own_referral
from saferhub.casework.forms.referrals import FIELD_OF, STEP_FORMS, KindForm, SendForm, StartForm
from saferhub.casework.models import Referral, ReferralStatus
from saferhub.casework.operations import referrals as operations
from saferhub.casework.queries import referral_page as queries
from saferhub.casework.queries.referral_ground import Rests, choices, chosen, on_offer, rests_on
from saferhub.casework.queries.referral_lists import mine
from saferhub.casework.queries.referral_people import standing_in
from saferhub.casework.queries.referral_written import written_of
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.access.organisations import get_hub
from saferhub.sharing.edits import edit
from saferhub.sharing.queries.packs_in_words import pack_words

PER_PAGE = 25
SECTION = "referrals"
MARKING = "OFFICIAL-SENSITIVE"
PROMPTS = ("emergency", "non_emergency", "safeguarding_child", "safeguarding_adult", "marac")


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def sight(actor: Actor, found: Referral) -> None:
    """Record that she opened it."""
    record_sight("referral.seen", found.matter, by=actor, purpose=found.matter.purpose)


def frame(actor: Actor, found: Referral | None, step: str, written: rules.Written | None) -> dict[str, Any]:
    """What every step draws beside its form."""
    done = rules.steps_done(written, rules.missing(written)) if written else set()
    return {
        "section": SECTION,
        "marking": MARKING,
        "referral": found,
        "step": step,
        "step_title": queries.STEP_WORDS[step],
        "steps": queries.steps(found, step, done),
        "step_number": rules.STEPS.index(step) + 1,
        "prompts": queries.prompts(actor.partnership, actor.on, *PROMPTS),
        "back_url": reverse("referral-drafts"),
    }


@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Her unit's referrals: drafts to go on with first, then those that were sent."""
    actor = _actor(request)
    check_can_refer(actor)
    shown = Paginator(mine(actor), PER_PAGE).get_page(request.GET.get("page"))
    record_sight("referral.listed", ("casework.referral", "list"), by=actor, rows=len(shown.object_list))
    return page(
        request,
        "casework/referrals/drafts.html",
        section=SECTION,
        marking=MARKING,
        page=shown,
        rows=[{"referral": one, "tone": queries.tone(one)} for one in shown.object_list],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a referral: what kind it is, what for, and which hub is asked."""
    actor = _actor(request)
    check_can_refer(actor)
    once = Once(request)
    if once.answer:
        return once.answer
    purposes, hubs = choices(actor)
    form = StartForm(request.POST if request.method == "POST" else None, purposes=purposes, hubs=hubs)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        hub = get_hub(actor, given.pop("to_hub"))
        try:
            made = operations.start_referral(to_hub=hub, **given, by=actor, on=actor.on)
        except NotAllowed:
            raise
        except Refusal as refusal:
            if FIELD_OF.get(refusal.code) not in form.fields:
                raise
            form.refuse(FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(
                request, f"{made.matter.reference} is begun. Only your unit sees it until you send it."
            )
            return once.done(_onward(request, made, "kind"))
    return page(
        request,
        "casework/referrals/step.html",
        **frame(actor, None, "kind", None),
        form=once.within(form),
        offers_hubs=bool(hubs),
    )


def _onward(request: HttpRequest, found: Referral, step: str) -> HttpResponseRedirect:
    """Where a saved step leads: the next one, another that was asked for, the answers to check, or away."""
    if request.POST.get("then") == "leave":
        return redirect("referral-drafts")
    if request.POST.get("then") in rules.STEPS:
        return redirect(queries.step_url(found, request.POST["then"]))
    if request.GET.get("from") == "check":
        return redirect("referral-check", found.matter.public_id)
    following = rules.STEPS[rules.STEPS.index(step) + 1]
    return redirect(queries.step_url(found, following))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, public_id: str, part: str) -> HttpResponse:
    """One step of a draft. A colleague's change meanwhile is shown beside hers; nothing is overwritten."""
    actor = _actor(request)
    if part not in rules.FIELDS:
        raise Http404
    found = get_draft(actor, public_id)
    written = written_of(actor, found)
    options: dict[str, Any] = {"written": written}
    if part == "kind":
        purposes, hubs = choices(actor)
        options = {"purposes": _with(purposes, found), "hubs": _with_hub(hubs, found)}
    if request.method != "POST":
        sight(actor, found)

    def done(saved: Referral) -> HttpResponse:
        if request.POST.get("then") == "leave":
            messages.success(request, f"{saved.matter.reference} is saved.")
        return _onward(request, saved, part)

    return edit(
        request,
        load=lambda: get_draft(actor, public_id),
        values_of=lambda one: {
            name: value for name, value in operations.values_of(one).items() if name in rules.FIELDS[part]
        },
        form_class=KindForm if part == "kind" else STEP_FORMS[part],
        form_options=options,
        save=lambda values, seen: operations.save_part(
            referral_id=public_id, values=_plain(values), seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="casework/referrals/step.html",
        field_of=FIELD_OF,
        caption=f"{found.matter.reference} {found.matter.title}",
        offers_hubs=True,
        **frame(actor, found, part, written),
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: bool(value) if name == "urgent" else value for name, value in values.items()}


def _with(purposes: list[tuple[str, str]], found: Referral) -> list[tuple[str, str]]:
    """The purposes on offer and the draft's own, which may have gone out of force."""
    code = found.matter.purpose
    return purposes if code in dict(purposes) else [*purposes, (code, code.replace("_", " ").capitalize())]


def _with_hub(hubs: list[tuple[str, str]], found: Referral) -> list[tuple[str, str]]:
    hub = found.to_hub
    return hubs if hub.code in dict(hubs) else [*hubs, (hub.code, hub.name)]


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything once more, what it rests on, and sending it. Sent twice, it is one referral."""
    actor = _actor(request)
    found = get_own_referral(actor, public_id)
    if found.status != ReferralStatus.DRAFT:
        return redirect("referral", public_id)
    written = written_of(actor, found)
    lacks = rules.missing(written)
    offered = on_offer(rests_on(actor, purpose=found.matter.purpose, hub=found.to_hub))
    form = SendForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": str(found.version)},
        offered=offered,
    )
    if request.method == "POST" and form.is_valid() and not lacks and offered:
        if form.seen_version() != found.version:
            messages.warning(request, "This was changed while you were reading. Read it again, then send it.")
            return redirect("referral-check", public_id)
        rests = _chosen(form, offered)
        operations.send_referral(
            referral_id=public_id, gateway=rests.gateway, agreement=rests.agreement, by=actor, on=actor.on
        )
        return redirect("referral-receipt", public_id)
    sight(actor, found)
    return page(
        request,
        "casework/referrals/check.html",
        **frame(actor, found, "check", written),
        form=form,
        lacks=[
            (one.sentence, f"{queries.step_url(found, one.step)}?from=check#id_{one.field}") for one in lacks
        ],
        parts=queries.answers(
            found,
            pack_words(found.partnership, actor.on),
            changes=True,
            harmed=bool(written.harmed),
            told=rules.asks_whether_told(written),
        ),
        standing=standing_in(actor, found),
        people_url=queries.step_url(found, "people"),
        only=offered[0] if len(offered) == 1 else None,
        offered=offered,
    )


def _chosen(form: SendForm, offered: list[Rests]) -> Rests:
    found = chosen(offered, str(form.cleaned_data.get("rests", "")))
    return found or offered[0]
