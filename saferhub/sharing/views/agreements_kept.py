"""Pages on which the information governance lead writes agreements and brings them in and out of force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.sharing.access import agreements as access
from saferhub.sharing.edits import edit
from saferhub.sharing.forms.agreements import (
    DraftForm,
    FromPackForm,
    ReasonForm,
    ReviewForm,
    SignatureForm,
    WithdrawalForm,
    terms_from,
    values_of,
)
from saferhub.sharing.models import Agreement, AgreementStatus
from saferhub.sharing.operations import agreements as operations
from saferhub.sharing.operations import agreements_text as texts
from saferhub.sharing.queries import agreements as queries
from saferhub.sharing.queries.agreements_terms import choices, left_in_pack, terms_of

from .agreements import SECTION, about

METHODS = ["GET", "HEAD", "POST"]


def _back(found: Agreement) -> str:
    return reverse("agreement", args=[found.public_id])


def _attempt(form: Any, act: Callable[[], Any], back: str) -> Any:
    """Do it; a refusal about a field goes beside the field, any other becomes a page with a way back."""
    try:
        return act()
    except Refusal as refusal:
        field = form.FIELD_OF.get(refusal.code)
        if field in form.fields:
            form.refuse(field, refusal.sentence)
            return None
        if not refusal.link:
            refusal.link, refusal.link_text = back, "See how it stands"
        raise


# --- what it says ---------------------------------------------------------------------------------


@require_http_methods(METHODS)
def write(request: HttpRequest) -> HttpResponse:
    """Write a draft."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_keep_agreements(actor)
    if actor.partnership is None:
        raise Refusal("no_partnership", "You belong to no partnership, so there is nothing to agree.")
    once = Once(request)
    if once.answer:
        return once.answer
    form = DraftForm(
        request.POST if request.method == "POST" else None, offered=choices(actor.partnership, actor.on)
    )
    back = reverse("agreements")
    if request.method == "POST" and form.is_valid():
        made = _attempt(
            form, lambda: texts.write_draft(terms=terms_from(form.values()), by=actor, on=actor.on), back
        )
        if made:
            messages.success(request, "The draft is kept. Record signatures next, then put it in force.")
            return once.done(redirect("agreement", made.public_id))
    return page(
        request,
        "sharing/agreements/draft.html",
        section=SECTION,
        form=once.within(form),
        back_url=back,
        is_new=True,
    )


@require_http_methods(METHODS)
def edit_draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Edit a draft; the second of two editors sees both versions and chooses."""
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def load() -> Agreement:
        found = access.get_agreement_to_keep(actor, public_id)
        access.check_can_edit_draft(actor, found)
        return found

    found = load()

    def done(result: Agreement) -> HttpResponse:
        messages.success(request, "The draft is changed.")
        return redirect("agreement", result.public_id)

    return edit(
        request,
        load=load,
        values_of=lambda record: values_of(terms_of(record)),
        form_class=DraftForm,
        save=lambda values, seen: texts.edit_draft(
            agreement_id=public_id, terms=terms_from(values), seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="sharing/agreements/draft.html",
        back_url=_back(found),
        field_of=DraftForm.FIELD_OF,
        form_options={"offered": choices(found.partnership, actor.on)},
        section=SECTION,
        caption=found.title,
        signed=sum(party.signed_on is not None for party in found.parties.all()),
    )


@require_http_methods(METHODS)
def from_pack(request: HttpRequest) -> HttpResponse:
    """Take an agreement from the partnership's pack."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_keep_agreements(actor)
    offered = left_in_pack(actor.partnership, actor.on) if actor.partnership else []
    form = FromPackForm(request.POST if request.method == "POST" else None, offered=offered)
    back = reverse("agreements")
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        made = _attempt(form, lambda: texts.take_from_pack(code=code, by=actor, on=actor.on), back)
        if made:
            messages.success(request, "The draft says what the pack says. Check it, then put it in force.")
            return redirect("agreement", made.public_id)
    return page(
        request,
        "sharing/agreements/from_pack.html",
        section=SECTION,
        form=form,
        offered=offered,
        back_url=back,
    )


@require_http_methods(METHODS)
def replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Copy an agreement into a new draft that is to replace it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement_to_keep(actor, public_id)
    access.check_can_replace(actor, found)
    if request.method == "POST":
        made = texts.replace(agreement_id=public_id, by=actor, on=actor.on)
        messages.success(request, "The new draft says what the old agreement says. Give it its days next.")
        return redirect("agreement", made.public_id)
    return page(
        request,
        "sharing/agreements/replace.html",
        section=SECTION,
        back_url=_back(found),
        **about(found, actor),
    )


# --- in and out of force --------------------------------------------------------------------------


@require_http_methods(METHODS)
def put_in_force(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a draft in force, or say all that it still lacks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement_to_keep(actor, public_id)
    access.check_can_put_in_force(actor, found)
    if request.method == "POST":
        operations.put_in_force(agreement_id=public_id, by=actor, on=actor.on)
        messages.success(request, "The agreement is in force.")
        return redirect("agreement", public_id)
    return page(
        request,
        "sharing/agreements/put_in_force.html",
        section=SECTION,
        back_url=_back(found),
        unmet=operations.unmet_conditions(found, on=actor.on),
        **about(found, actor),
    )


@require_http_methods(METHODS)
def suspend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Suspend it, with a reason, once what stops has been said."""
    return _move(
        request,
        public_id,
        check=lambda actor, found: access.check_can_move(actor, found, AgreementStatus.SUSPENDED),
        operation=operations.suspend,
        template="suspend",
        said="The agreement is suspended. What rests on it is seen no more.",
    )


@require_http_methods(METHODS)
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring it back, with a reason."""
    return _move(
        request,
        public_id,
        check=access.check_can_resume,
        operation=operations.resume,
        template="resume",
        said="The agreement is in force again, and with it all that rested on it.",
    )


@require_http_methods(METHODS)
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End it for good, with a reason."""
    return _move(
        request,
        public_id,
        check=lambda actor, found: access.check_can_move(actor, found, AgreementStatus.ENDED),
        operation=operations.end,
        template="end",
        said="The agreement has ended.",
    )


def _move(
    request: HttpRequest,
    public_id: str,
    *,
    check: Callable[[Actor, Agreement], None],
    operation: Callable[..., Agreement],
    template: str,
    said: str,
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement_to_keep(actor, public_id)
    check(actor, found)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: operation(agreement_id=public_id, reason=reason, by=actor, on=actor.on)  # noqa: E731
        if _attempt(form, act, _back(found)):
            messages.success(request, said)
            return redirect("agreement", public_id)
    return page(
        request,
        f"sharing/agreements/{template}.html",
        section=SECTION,
        form=form,
        back_url=_back(found),
        carried=queries.carried_by([found]).get(found.pk),
        **about(found, actor),
    )


# --- parties and reviews --------------------------------------------------------------------------


@require_http_methods(METHODS)
def sign(request: HttpRequest, public_id: str, party: str) -> HttpResponse:
    """Record that a party has signed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement_to_keep(actor, public_id)
    access.check_can_sign(actor, found)
    one = access.get_party(found, party)
    form = SignatureForm(
        request.POST if request.method == "POST" else None,
        initial={"post": one.signed_post, "day": one.signed_on},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = lambda: operations.record_signature(  # noqa: E731
            agreement_id=public_id, party_id=party, **given, by=actor, on=actor.on
        )
        if _attempt(form, act, _back(found)):
            messages.success(request, f"The signature of {one.agency.name} is recorded.")
            return redirect("agreement", public_id)
    return page(
        request, "sharing/agreements/sign.html", section=SECTION, form=form, party=one, back_url=_back(found),
        **about(found, actor),
    )  # fmt: skip


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, public_id: str, party: str) -> HttpResponse:
    """Record that a party withdraws."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement_to_keep(actor, public_id)
    access.check_can_withdraw(actor, found)
    one = access.get_party(found, party)
    form = WithdrawalForm(request.POST if request.method == "POST" else None, initial={"day": actor.on})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = lambda: operations.record_withdrawal(  # noqa: E731
            agreement_id=public_id, party_id=party, **given, by=actor, on=actor.on
        )
        if _attempt(form, act, _back(found)):
            messages.success(request, f"It is recorded that {one.agency.name} withdraws.")
            return redirect("agreement", public_id)
    return page(
        request,
        "sharing/agreements/withdraw.html",
        section=SECTION,
        form=form,
        party=one,
        back_url=_back(found),
        carried=queries.carried_by([found], party=one).get(found.pk),
        **about(found, actor),
    )


@require_http_methods(METHODS)
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a review."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = access.get_agreement_to_keep(actor, public_id)
    access.check_can_review(actor, found)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = lambda: operations.record_review(  # noqa: E731
            agreement_id=public_id, **given, by=actor, on=actor.on
        )
        if _attempt(form, act, _back(found)):
            messages.success(request, "The review is recorded.")
            return redirect("agreement", public_id)
    return page(
        request, "sharing/agreements/review.html", section=SECTION, form=form, back_url=_back(found),
        **about(found, actor),
    )  # fmt: skip
