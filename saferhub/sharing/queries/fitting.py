"""Whether an agreement carries sharing of a matter with an agency, as the database and the packs have it today."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from saferhub.partnership.models import Agency
from saferhub.partnership.queries import in_force
from saferhub.sharing.models import Agreement, AgreementHub, AgreementParty, Matter
from saferhub.sharing.rules.interests import Carried, Fit


def fit_of(
    *,
    agreement: Agreement,
    matter: Matter,
    recipient: Agency | None,
    purpose: str,
    gateway: str,
    on: date,
) -> Fit:
    """What `rules.interests.fit_refusals` has to know. `recipient` None: nobody that signs. Six queries at most.

    The caller has loaded the matter through access, with its hub and its unit's agency.
    """
    owner = matter.unit.agency
    signed = set(
        AgreementParty.objects.filter(agreement=agreement)
        .signed_on_day(on)
        .values_list("agency_id", flat=True)
    )
    covers = (
        matter.hub_id is None
        or agreement.every_hub
        or AgreementHub.objects.filter(agreement=agreement, hub_id=matter.hub_id).exists()
    )
    serving = in_force.entry(matter.partnership, "purposes", purpose, on)
    ground = in_force.entry(matter.partnership, "gateways", gateway, on)
    return Fit(
        carried=Carried.of(agreement, on),
        covers=covers,
        hub=matter.hub.name if matter.hub else "",
        owner=owner.name,
        owner_signed=owner.pk in signed,
        recipient=recipient.name if recipient else "",
        recipient_kind=kind_of(recipient, on) if recipient else "",
        recipient_signed=recipient is not None and recipient.pk in signed,
        within_owner=recipient is not None and recipient.pk == owner.pk,
        purpose=purpose,
        gateway=gateway,
        gateway_name=ground.item.name if ground else gateway,
        # A gateway that is not law on that day serves no purpose.
        gateways_of_purpose=serving.item.gateways if serving and ground else (),
        reaches=ground.item.reaches if ground else None,
    )


def kind_of(agency: Agency, on: date) -> str:
    """The kind of agency that the packs say it is; empty where they say none that day. One query."""
    found = in_force.entry(agency.partnership, "agencies", agency.code, on)
    return str(found.item.kind) if found else ""


def gateways_reaching(agency: Agency, codes: Collection[str], on: date) -> list[str]:
    """Those of these gateways on which this agency may be told something, in their order. Two queries."""
    kind = kind_of(agency, on)
    known = {one.code: one.item for one in in_force.entries(agency.partnership, "gateways", on)}
    return [
        code
        for code in codes
        if code in known and (known[code].reaches is None or kind in known[code].reaches)
    ]
