"""Pages of packs: make one of a referral, read it, let it leave or drop it, take it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.access import get_referral
from saferhub.casework.access.referral_packs import can_give, check_can_give, get_pack
from saferhub.casework.forms.referral_packs import FIELD_OF, DropPackForm, LetPackLeaveForm, PackForm
from saferhub.casework.models import Referral, ReferralPack
from saferhub.casework.operations import referral_packs as operations
from saferhub.casework.queries import referral_packs as queries
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor
from saferhub.publication.drawing.files import FORMATS, file_of
from saferhub.publication.models import VersionStatus
from saferhub.publication.rules.numbering import number
from saferhub.releases.operations.release import Reasons, Recipient, ReleaseRefused
from saferhub.releases.queries.letters import agreement_chosen
from saferhub.releases.rules.check import Finding

SECTION = "referrals"
MARKING = "OFFICIAL-SENSITIVE"


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _back(referral: Referral) -> str:
    return reverse("referral", args=[referral.matter.public_id])


def _pack_url(referral: Referral, pack_id: str) -> str:
    return reverse("referral-pack", args=[referral.matter.public_id, pack_id])


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say for whom a pack is, what goes in it and on what that rests."""
    actor = _actor(request)
    referral = get_referral(actor, public_id)
    check_can_give(actor, referral)
    once = Once(request)
    if once.answer:
        return once.answer
    form = PackForm(
        request.POST if request.method == "POST" else None,
        choices=queries.choices(actor, referral.matter),
        initial={
            "purpose": referral.matter.purpose,
            "gateway": referral.gateway,
            "agreement": referral.agreement.code if referral.agreement else "",
        },
    )
    if form.is_bound and form.is_valid():
        try:
            made = _made(form, actor, referral)
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            return once.done(redirect(_pack_url(referral, made.public_id)))
    return page(
        request,
        "casework/referrals/pack_new.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        matter=referral.matter,
        back_url=_back(referral),
    )


def _made(form: PackForm, actor: Actor, referral: Referral) -> ReferralPack:
    values = form.cleaned_data
    agency = queries.agency_chosen(actor, values["agency"]) if form.is_for_agency() else None
    return operations.make_pack(
        referral_id=referral.matter.public_id,
        parts=tuple(values["parts"]),
        recipient=Recipient(agency.name, agency=agency) if agency else Recipient(values["recipient"]),
        reasons=Reasons(
            values["purpose"],
            values["gateway"],
            values["necessity"],
            agreement_chosen(referral.matter, values.get("agreement") or ""),
        ),
        data_items=tuple(values.get("data_items") or ()),
        by=actor,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HttpRequest, public_id: str, pack_id: str) -> HttpResponse:
    """A pack to be read: a draft with what the check finds in it and the way to let it leave; one that left with its
    files."""
    actor = _actor(request)
    referral = get_referral(actor, public_id)
    found = get_pack(actor, referral, pack_id)
    if request.method == "POST":
        check_can_give(actor, referral)
    gives = found.status == VersionStatus.DRAFT and can_give(actor, referral)
    findings = queries.findings_of(actor, referral, found) if gives else []
    stopped: list[Finding] = []
    form = LetPackLeaveForm(
        request.POST if request.method == "POST" else None, initial={"seen": found.content_hash}
    )
    form.ask_reasons(findings)
    if form.is_bound and form.is_valid():
        try:
            operations.release_pack(
                referral_id=public_id,
                pack_id=pack_id,
                seen=form.cleaned_data["seen"],
                overrides=form.overrides(),
                by=actor,
            )
        except ReleaseRefused as refusal:
            # Answered with a page, not raised: so the run of the check stays.
            stopped = list(refusal.findings)
            form.refuse_found(refusal.findings, refusal.sentence)
        except Conflict as refusal:
            form.refuse(None, refusal.sentence)
        else:
            messages.success(request, "The pack is released. Give it to nobody but its recipient.")
            return redirect(_pack_url(referral, pack_id))
    record_sight("referral.pack_seen", found, by=actor, purpose=found.purpose, matter=public_id)
    shown = stopped or findings
    return page(
        request,
        "casework/referrals/pack.html",
        status=409 if stopped else 200,
        section=SECTION,
        marking=MARKING,
        pack=found,
        matter=referral.matter,
        document=number(queries.as_it_stands(found)),
        is_draft=found.status == VersionStatus.DRAFT,
        gives=gives,
        form=form,
        findings=[{"finding": one, "url": ""} for one in shown],
        strict=sum(1 for one in shown if not one.overridable),
        files=[
            (reverse("referral-pack-file", args=[public_id, pack_id, code]), one.words)
            for code, one in FORMATS.items()
        ]
        if found.status == VersionStatus.PUBLISHED
        else [],
        back_url=_back(referral),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, public_id: str, pack_id: str) -> HttpResponse:
    """Drop a pack that has not left."""
    actor = _actor(request)
    referral = get_referral(actor, public_id)
    found = get_pack(actor, referral, pack_id)
    check_can_give(actor, referral)
    form = DropPackForm(
        request.POST if request.method == "POST" else None, initial={"seen": found.content_hash}
    )
    if form.is_bound and form.is_valid():
        operations.drop_pack(referral_id=public_id, pack_id=pack_id, seen=form.cleaned_data["seen"], by=actor)
        messages.success(request, "The pack was dropped. It has not left.")
        return redirect(_back(referral))
    if found.status != VersionStatus.DRAFT:
        raise Refusal(
            "not_a_draft",
            "This pack is no draft any more, so it cannot be dropped.",
            link=_pack_url(referral, pack_id),
            link_text="See the pack",
        )
    return page(
        request,
        "layouts/confirm.html",
        section=SECTION,
        marking=MARKING,
        heading="Drop this pack",
        consequence="It never leaves. You can make another of the same referral.",
        verb="Drop the pack",
        danger=True,
        form=form,
        back_url=_pack_url(referral, pack_id),
    )


@require_safe
def file(request: HttpRequest, public_id: str, pack_id: str, ending: str) -> HttpResponse:
    """A released pack as a Word file or a PDF."""
    if ending not in FORMATS:
        raise Http404
    actor = _actor(request)
    found = operations.released(actor, get_referral(actor, public_id), pack_id)
    codes: dict[str, Any] = {"matter": public_id, "format": ending}
    record_sight("referral.pack_seen", found, by=actor, purpose=found.purpose, **codes)
    made = file_of(found.document(), ending)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.name)
    return answer
