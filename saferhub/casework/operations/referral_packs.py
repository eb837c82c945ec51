"""Packs of a referral: made for one recipient, read, then let leave by the one way out, or dropped.

A pack is made of what its maker sees and its recipient may have: an agency gets it under an agreement that carries
it, never a record that is restricted to named people; the agency that referred it nothing that is the hub's
own.
What was read is what leaves: where the referral says something else by then, the pack is made anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.access.referral_packs import check_can_give, get_pack
from saferhub.casework.models import Referral, ReferralPack
from saferhub.casework.queries.referral_packs import Wanted, made_again, made_of
from saferhub.casework.rules import referral_packs as rules
from saferhub.foundation import clock
from saferhub.foundation.ids import new_public_id
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.publication.operations import versions
from saferhub.releases.models import Disclosure
from saferhub.releases.operations.ground import check_ground
from saferhub.releases.operations.release import Leaving, Reasons, Recipient, release
from saferhub.releases.rules.documents import parts_of_document
from saferhub.sharing.access.emergencies import check_may_leave

from .cases_work_folder import ensure_work_folder

KIND = "document"
NUMBER = "1.0"  # every pack is a document of its own: what has changed makes another


@transaction.atomic
def make_pack(
    *,
    referral_id: str,
    parts: tuple[str, ...],
    recipient: Recipient,
    reasons: Reasons,
    by: Actor,
    data_items: tuple[str, ...] = (),
) -> ReferralPack:
    """Draft a pack of these parts for this recipient. It leaves nothing yet.

    `data_items`: kinds of data in what was written, beside those that the parts have by nature. Raises NotAllowed
    unless the actor may let something of the referral leave; Refusal `no_parts`, `hubs_own`, and where agreement,
    purpose, gateway, data or necessity do not carry it.
    """
    referral = _locked(by, referral_id)
    refuse_if(rules.part_refusals(parts, to_referrer=_is_referrer(referral, recipient.agency)))
    kept = [code for code in rules.CHOICES if code in parts]
    code = new_public_id()
    wanted = Wanted(kept, recipient.name.strip(), reasons.purpose, reasons.gateway, reasons.agreement)
    items = rules.data_items(kept, data_items)
    made = made_of(by, referral, wanted, pack=code, on=by.on)
    leaving = _leaving(code, referral, made.document, items)
    check_ground(matter=referral.matter, leaving=leaving, recipient=recipient, reasons=reasons, by=by)
    pack = versions.draft_version(
        model=ReferralPack,
        number=NUMBER,
        document=made.document,
        figures=made.figures,
        by=by.public_id,
        at=clock.now(),
        public_id=code,
        partnership_id=referral.partnership_id,
        folder_id=ensure_work_folder(referral, by).pk,
        referral=referral,
        parts=kept,
        recipient=wanted.recipient,
        recipient_agency=recipient.agency,
        purpose=reasons.purpose,
        gateway=reasons.gateway,
        agreement=reasons.agreement,
        data_items=items,
        necessity=reasons.necessity.strip(),
    )
    audit.record(
        "referral.pack_made",
        pack,
        by=by,
        purpose=reasons.purpose,
        matter=referral.matter.public_id,
        parts=kept,
        to=recipient.agency.code if recipient.agency else "",
    )
    return pack


def _locked(by: Actor, referral_id: str) -> Referral:
    """The referral, locked, for whoever gives packs of it. Raises Http404, NotAllowed."""
    access.get_referral_for_update(by, referral_id)
    referral = access.get_referral(by, referral_id)
    check_can_give(by, referral)
    return referral


def _is_referrer(referral: Referral, agency: Agency | None) -> bool:
    return agency is not None and agency.pk == referral.unit.agency_id


def _leaving(code: str, referral: Referral, document: Document, data_items: list[str]) -> Leaving:
    """A pack as the release check takes it."""
    title = f"Pack of referral {referral.matter.reference}"
    return Leaving(KIND, code, title, parts_of_document(document), data_items=data_items)


def _draft(by: Actor, referral: Referral, pack_id: str, seen: str) -> ReferralPack:
    pack = get_pack(by, referral, pack_id)
    if pack.status != VersionStatus.DRAFT:
        raise Refusal(
            "not_a_draft",
            "This pack has left, so it stays as it is."
            if pack.status == VersionStatus.PUBLISHED
            else "This pack was dropped. Make another.",
            link=reverse("referral-pack", args=[referral.matter.public_id, pack.public_id]),
            link_text="See the pack",
        )
    if pack.content_hash != seen:
        raise Conflict("changed_meanwhile", "This is not the pack that you read. Read it again first.")
    return pack


def release_pack(
    *,
    referral_id: str,
    pack_id: str,
    seen: str,
    by: Actor,
    overrides: Mapping[str, str] | None = None,
) -> Disclosure:
    """Let a pack leave as it was read (`seen`: the hash of its content), and freeze it.

    Raises as `make_pack`, Refusal `not_a_draft` or `referral_changed`, Conflict `changed_meanwhile`, otherwise as
    `releases.operations.release.release`. Not one transaction: the trace of a check that stops it stays.
    """
    referral = _locked(by, referral_id)
    pack = _draft(by, referral, pack_id, seen)
    if made_again(by, referral, pack).document != pack.document():
        raise Refusal(
            "referral_changed",
            "The referral, or who stands in it, changed since this pack was made. Drop this one and make another.",
            link=reverse("referral-pack-drop", args=[referral_id, pack_id]),
            link_text="Drop this pack",
        )
    refuse_if(rules.part_refusals(pack.parts, to_referrer=_is_referrer(referral, pack.recipient_agency)))

    def freeze(disclosure: Disclosure) -> None:
        pack.disclosure = disclosure
        pack.save(update_fields=["disclosure"])
        versions.approve_version(version=pack, seen=seen, by=by.public_id, at=disclosure.at)
        versions.publish_version(version=pack, seen=seen, by=by.public_id, at=disclosure.at)
        audit.record(
            "referral.pack_released",
            pack,
            by=by,
            purpose=pack.purpose,
            matter=referral.matter.public_id,
            disclosure=disclosure.public_id,
        )

    return release(
        matter=referral.matter,
        leaving=_leaving(pack.public_id, referral, pack.document(), pack.data_items),
        recipient=Recipient(pack.recipient, agency=pack.recipient_agency),
        reasons=Reasons(pack.purpose, pack.gateway, pack.necessity, pack.agreement),
        by=by,
        overrides=overrides,
        finish=freeze,
    )


@transaction.atomic
def drop_pack(*, referral_id: str, pack_id: str, seen: str, by: Actor) -> ReferralPack:
    """Drop a draft. It stays as dropped, and never leaves. Raises NotAllowed, Refusal `not_a_draft`, Conflict."""
    referral = _locked(by, referral_id)
    pack = versions.withdraw_version(version=_draft(by, referral, pack_id, seen), seen=seen)
    audit.record("referral.pack_dropped", pack, by=by, purpose=pack.purpose, matter=referral.matter.public_id)
    return pack


def released(by: Actor, referral: Referral, pack_id: str) -> ReferralPack:
    """A pack that left, as it is taken away by whoever reads it by more than an emergency.

    Raises Http404, NotAllowed, Refusal `not_released`.
    """
    pack = get_pack(by, referral, pack_id)
    check_may_leave(by, referral.folder)
    if pack.status != VersionStatus.PUBLISHED:
        raise Refusal(
            "not_released",
            "Only a pack that was released can be taken away.",
            link=reverse("referral-pack", args=[referral.matter.public_id, pack_id]),
            link_text="Back to the pack",
        )
    return pack
