"""What a search says of the referrals and cases that it found."""

from __future__ import annotations

from collections.abc import Sequence

from saferhub.casework import access
from saferhub.partnership.access import Actor
from saferhub.sharing.models import Matter
from saferhub.sharing.registries import MatterFact


def facts(actor: Actor, matters: Sequence[Matter]) -> dict[int, MatterFact]:
    """Status and band of those that are referrals or cases, as far as the actor sees them. Two queries at most."""
    kinds: dict[str, list[int]] = {"case": [], "referral": []}
    for matter in matters:
        if matter.kind in kinds:
            kinds[matter.kind].append(matter.pk)
    found: dict[int, MatterFact] = {}
    if kinds["case"]:
        for case in access.cases_visible_to(actor).filter(matter__in=kinds["case"]):
            band = case.band or ("incomplete" if case.is_open else "")
            found[case.matter_id] = MatterFact(str(case.get_status_display()), band)
    if kinds["referral"]:
        for referral in access.referrals_visible_to(actor).filter(matter__in=kinds["referral"]):
            found[referral.matter_id] = MatterFact(str(referral.get_status_display()))
    return found
