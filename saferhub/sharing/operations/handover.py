"""Handing a matter over to another hub or unit, with every agency's sight decided again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing import access
from saferhub.sharing.access.seers import Bindings, bindings, lead_agency, seers_of
from saferhub.sharing.models import Because, Folder, Handover, Interest, Matter, Sensitivity
from saferhub.sharing.queries.handover import deciding
from saferhub.sharing.rules import handover as rules
from saferhub.sharing.rules import matters as matter_rules

from .folders import end_interest, give_interest
from .matters import drop_lost_lead
from .restricting import follow, parts_follow

LOOK_BACK = timedelta(days=1)


@transaction.atomic
def hand_over(
    *,
    matter_id: str,
    to_hub: Hub | None,
    to_unit: Unit,
    decisions: Mapping[str, str],
    reason: str,
    by: Actor,
    on: date,
) -> Handover:
    """Let another hub (or none) and another unit have a matter from now on.

    `decisions`: by public_id of every live interest, "keep" or "end". The author keeps a day's sight in her
    own name, without which she could not write the row that hides it from her. A leader who does not go along
    leads it no longer. Raises Refusal that names
    the undecided ones, those that cannot be kept, or why it cannot go there.
    """
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_decide_sharing(by, matter)
    refuse_if(matter_rules.reason_refusals(reason, "Say why it is handed over."))
    _check_place(matter, to_hub, to_unit, on)
    interests = deciding(by, matter, to_hub, to_unit)
    standing = [one.standing for one in interests]
    refuse_if(rules.decision_refusals(standing, decisions))
    kept = [one.interest for one in interests if decisions[one.standing.public_id] == rules.KEEP]
    ended = [one.interest for one in interests if decisions[one.standing.public_id] == rules.END]
    refuse_if(
        rules.restricted_refusals(
            is_restricted=matter.sensitivity != Sensitivity.NORMAL,
            is_received=_is_received(matter, to_hub, to_unit, kept),
        )
    )
    from_hub, from_unit = matter.hub, matter.unit
    if by.user is None:
        raise Refusal("nobody", "Somebody must hand it over.")
    give_interest(
        folder=matter.folder,
        by=by,
        purpose=matter.purpose,
        because=Because.HANDED_OVER,
        user=by.user,
        until=clock.now() + LOOK_BACK,
    )
    for interest in ended:
        end_interest(interest=interest, by=by, reason=reason)
    matter.folder.hub, matter.folder.unit = to_hub, to_unit
    matter.folder.save(update_fields=["hub", "unit"])
    # The records in it stay their own units' and lie in it as before; restricted ones follow who is named now.
    if matter.sensitivity != Sensitivity.NORMAL:
        follow(matter, by=by, reason=reason)
    else:
        parts_follow(matter, by=by, reason=reason)
    handover = Handover.objects.create(
        partnership_id=matter.partnership_id,
        folder=matter.folder,
        matter=matter,
        from_hub=from_hub,
        to_hub=to_hub,
        from_unit=from_unit,
        to_unit=to_unit,
        reason=reason,
        by=by.public_id,
        on=on,
        kept=[one.public_id for one in kept],
        ended=[one.public_id for one in ended],
    )
    audit.record(
        "matter.handed_over",
        matter,
        by=by,
        purpose=matter.purpose,
        hub=to_hub.code if to_hub else "",
        unit=to_unit.public_id,
        kept=len(kept),
        ended=len(ended),
    )
    drop_lost_lead(access.get_matter(by, matter_id), by=by)
    return handover


def _check_place(matter: Matter, to_hub: Hub | None, to_unit: Unit, on: date) -> None:
    agency = to_unit.agency
    hub_partnership = to_hub.partnership_id if to_hub else matter.partnership_id
    if agency.partnership_id != matter.partnership_id or hub_partnership != matter.partnership_id:
        raise Refusal("other_partnership", "That belongs to another partnership.")
    bound = bindings(matter.partnership, on)
    refuse_if(
        rules.place_refusals(
            is_same=(to_hub.pk if to_hub else None) == matter.hub_id and to_unit.pk == matter.unit_id,
            hub=to_hub.name if to_hub and agency.pk == matter.unit.agency_id else "",
            receiver=agency.name,
            is_carried=_is_carried(matter, to_hub, to_unit, bound, lead_agency(matter.partnership, on)),
        )
    )


def _is_carried(matter: Matter, to_hub: Hub | None, to_unit: Unit, bound: Bindings, lead: str) -> bool:
    """Whether agreements carry its purpose to the unit, where that is another agency's, and from the unit
    into the hub, where it goes to one."""
    agency, before = to_unit.agency, matter.unit.agency
    to_agency = agency.pk == before.pk or any(
        matter.purpose in one.purposes
        for one in bound.between(before.pk, agency.pk, to_hub.pk if to_hub else None)
    )
    into_hub = (
        to_hub is None
        or agency.code == lead
        or any(matter.purpose in one.purposes for one in bound.opening(agency, to_hub.pk))
    )
    return to_agency and into_hub


def _is_received(matter: Matter, to_hub: Hub | None, to_unit: Unit, kept: list[Interest]) -> bool:
    """Whether somebody who stays named works in the hub or the unit that it goes to."""
    after = Folder(
        pk=matter.folder_id,
        partnership=matter.partnership,
        hub=to_hub,
        unit=to_unit,
        sensitivity=matter.sensitivity,
    )
    named = {one.user_id for one in kept if one.user_id is not None}
    return any(seer.user.pk in named and (seer.works_in_hub or seer.owns) for seer in seers_of(after))
