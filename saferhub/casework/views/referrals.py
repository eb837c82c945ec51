"""Pages of a referral that was sent: the referrer's, the hub's, the receipt, answering and withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.access import check_can_decide, get_referral
from saferhub.casework.access.referrals import can_write, get_own_referral, works_on
from saferhub.casework.forms.referrals import FIELD_OF, AnswerForm, WithdrawForm
from saferhub.casework.models import DECIDED, WAITING, Referral, ReferralStatus
from saferhub.casework.operations import referrals as operations
from saferhub.casework.queries import referral_clock
from saferhub.casework.queries import referral_page as queries
from saferhub.casework.queries.referral_people import standing_in
from saferhub.casework.queries.referral_written import written_of
from saferhub.casework.registries import REFERRAL_BLOCKS, Block
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.known_days import is_provisional
from saferhub.sharing.access.matters import sees_in_emergency
from saferhub.sharing.edits import edit
from saferhub.sharing.queries.packs_in_words import pack_words
from saferhub.sharing.queries.requests import contacts_of
from saferhub.sharing.queries.who_can_see import who_can_see

SECTION = "referrals"
MARKING = "OFFICIAL-SENSITIVE"


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def referral(request: HttpRequest, public_id: str) -> HttpResponse:
    """One referral: a draft goes on where it was left; the hub gets its page, everybody else the referrer's."""
    actor = _actor(request)
    found = get_referral(actor, public_id)
    if found.status == ReferralStatus.DRAFT:
        return redirect(_first_open_step(actor, found))
    emergency = sees_in_emergency(actor, found.matter)
    record_sight(
        "referral.seen", found.matter, by=actor, purpose=found.matter.purpose, emergency=emergency or None
    )
    for_hub = works_on(actor, found)
    queries.read_ahead(actor, found)
    moves = referral_clock.moves_of(found)
    words = pack_words(found.partnership, actor.on)
    blocks = [block for provider in REFERRAL_BLOCKS if (block := provider(actor, found))] if for_hub else []
    case = queries.case_of(actor, found)
    return page(
        request,
        "casework/referrals/for_hub.html" if for_hub else "casework/referrals/for_referrer.html",
        section=SECTION,
        marking=MARKING,
        referral=found,
        matter=found.matter,
        tone=queries.tone(found),
        stands=queries.where_it_stands(found, case),
        clock=referral_clock.stands(found, moves, actor.on),
        is_provisional=is_provisional(found.due_on),
        parts=[part for part in queries.answers(found, words) if part.step != "kind"],
        about=found.get_subject_kind_display(),
        standing=standing_in(actor, found),
        history=queries.history(found, moves),
        purpose=words.purpose(found.matter.purpose),
        gateway=words.gateway(found.gateway) if found.gateway else "",
        seen_by=who_can_see(actor, found.matter),
        contacts=contacts_of(found.to_hub, actor.on),
        case=case,
        main_blocks=_drawn(request, found, blocks, "main"),
        aside_blocks=_drawn(request, found, blocks, "aside"),
        buttons=_buttons(actor, found) if for_hub else [],
        can_answer=found.status == ReferralStatus.ASKED and can_write(actor, found),
        can_withdraw=found.status in WAITING and can_write(actor, found),
        is_decided=found.status in DECIDED,
        today=actor.on,
    )


def _drawn(request: HttpRequest, found: Referral, blocks: list[Block], place: str) -> list[str]:
    """What other subjects say of it on the hub's page."""
    return [
        render_to_string(
            block.template, {**block.context, "referral": found, "matter": found.matter}, request
        )
        for block in blocks
        if block.place == place
    ]


def _first_open_step(actor: Actor, found: Referral) -> str:
    """Where a draft goes on: its first step that is not done, or the check of its answers."""
    written = written_of(actor, found)
    lacks = rules.missing(written)
    passed = rules.steps_done(written, lacks)
    if not any(one.step == "people" for one in lacks):
        # Nobody need be named, so nobody holds it up.
        passed = passed | {"people"}
    return queries.step_url(found, next((step for step in rules.STEPS if step not in passed), "check"))


def _buttons(actor: Actor, found: Referral) -> list[tuple[str, str]]:
    """What the hub does next with it, for whoever may."""
    offered = []
    if found.status in WAITING and allows(check_can_decide, actor, found):
        offered.append(("Decide", "referral-decide"))
    if found.status in WAITING:
        offered.append(("Score", "referral-score"))
    buttons = []
    for words, name in offered:
        try:
            buttons.append((words, reverse(name, args=[found.matter.public_id])))
        except NoReverseMatch:
            continue
    return buttons


@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """What happens next, who does it and by when; for whoever has just sent it."""
    actor = _actor(request)
    found = get_own_referral(actor, public_id)
    if found.status == ReferralStatus.DRAFT:
        return redirect("referral", public_id)
    return page(
        request,
        "casework/referrals/receipt.html",
        section=SECTION,
        marking=MARKING,
        referral=found,
        matter=found.matter,
        contacts=contacts_of(found.to_hub, actor.on),
        is_provisional=is_provisional(found.due_on),
        prompts=queries.prompts(actor.partnership, actor.on, "emergency", "non_emergency"),
        today=actor.on,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer what the hub asked."""
    actor = _actor(request)
    found = get_own_referral(actor, public_id)
    back = reverse("referral", args=[public_id])
    if request.method != "POST" and found.status != ReferralStatus.ASKED:
        raise Refusal(
            "nothing_asked", "The hub asks nothing of you now.", link=back, link_text="See the referral"
        )

    def done(answered: Referral) -> HttpResponse:
        messages.success(
            request, f"Your answer is sent. {answered.to_hub.name} decides by {answered.due_on:%-d %B}."
            if answered.due_on else "Your answer is sent."
        )  # fmt: skip
        return redirect("referral", public_id)

    return edit(
        request,
        load=lambda: get_own_referral(actor, public_id),
        values_of=lambda one: {"reply": ""},
        form_class=AnswerForm,
        save=lambda values, seen: operations.answer_question(
            referral_id=public_id, **values, seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="casework/referrals/answer.html",
        back_url=back,
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        caption=f"{found.matter.reference} {found.matter.title}",
        question=found.answer,
        hub=found.to_hub,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take it back, a draft or one that waits."""
    actor = _actor(request)
    found = get_own_referral(actor, public_id)
    was_draft = found.status == ReferralStatus.DRAFT
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if was_draft:
        form.fields["reason"].label = "Why is it not needed?"
    if request.method == "POST" and form.is_valid():
        try:
            operations.withdraw_referral(
                referral_id=public_id, reason=form.cleaned_data["reason"], by=actor, on=actor.on
            )
        except Refusal as refusal:
            if refusal.status != 409 or refusal.code != "reason_missing":
                raise
            form.refuse("reason", refusal.sentence)
        else:
            messages.success(request, f"{found.matter.reference} is withdrawn.")
            return redirect(
                "referral-drafts" if was_draft else "referral", *([] if was_draft else [public_id])
            )
    return page(
        request,
        "casework/referrals/withdraw.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        caption=f"{found.matter.reference} {found.matter.title}",
        was_draft=was_draft,
        hub=found.to_hub,
        can=found.status in (ReferralStatus.DRAFT, *WAITING),
        back_url=_back(found),
    )


def _back(found: Referral) -> Any:
    if found.status == ReferralStatus.DRAFT:
        return reverse("referral-drafts")
    return reverse("referral", args=[found.matter.public_id])
