"""Giving and ending another agency's sight of a matter, narrowing it to named people, opening it up again,
and putting records into it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing import access
from saferhub.sharing.access.matters import check_can_put_in, check_can_take_out, get_enclosure, get_interest
from saferhub.sharing.access.seers import Seer, seers_of
from saferhub.sharing.models import (
    Agreement,
    Because,
    Enclosure,
    Folder,
    Interest,
    Matter,
    Revision,
    Sensitivity,
)
from saferhub.sharing.queries.fitting import fit_of, gateways_reaching
from saferhub.sharing.rules import interests_given as rules
from saferhub.sharing.rules import matters as matter_rules
from saferhub.sharing.rules.interests import fit_refusals

from .folders import enclose, end_interest, give_interest, take_out
from .matters import drop_lost_lead
from .restricting import follow, parts_follow


def end_of(day: date | None) -> datetime | None:
    """The moment at which an interest ends whose last day this is; none: open."""
    if day is None:
        return None
    return datetime.combine(day, time(23, 59, 59), tzinfo=clock.now().tzinfo)


@transaction.atomic
def give_sight(
    *,
    matter_id: str,
    agreement: Agreement | None,
    purpose: str,
    gateway: str,
    reason: str,
    by: Actor,
    on: date,
    unit: Unit | None = None,
    user: User | None = None,
    until: date | None = None,
    because: Because = Because.CONTRIBUTES,
) -> Interest:
    """Let another agency's unit, or one named person, see a matter. `until`: the last day, inclusive.

    A named person of the agency whose matter it is needs no agreement. Raises NotAllowed unless the actor
    decides who sees it; Refusal where the agreement does not carry it.
    """
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_decide_sharing(by, matter)
    refuse_if(matter_rules.reason_refusals(reason, "Say why they need to see it."))
    named_unit = _unit_of(user, matter, on) if user is not None else unit
    if named_unit is None or named_unit.agency.partnership_id != matter.partnership_id:
        raise Refusal("no_holder", "Choose a unit or a person of this partnership.")
    own = user is not None and named_unit.agency_id == matter.unit.agency_id
    if agreement is not None:
        refuse_if(
            fit_refusals(
                fit_of(
                    agreement=agreement,
                    matter=matter,
                    recipient=named_unit.agency,
                    purpose=purpose,
                    gateway=gateway,
                    on=on,
                )
            )
        )
    elif not own:
        raise Refusal("no_agreement", "Name the sharing agreement that this rests on.")
    interest = give_interest(
        folder=matter.folder,
        by=by,
        purpose=purpose,
        because=because if agreement is not None else Because.NAMED,
        gateway=gateway,
        agreement=agreement,
        unit=None if user is not None else unit,
        user=user,
        until=end_of(until),
    )
    keep_reason(interest, reason, by)
    if matter.sensitivity != Sensitivity.NORMAL:
        follow(matter, by=by, reason=reason)
    return interest


def gateways_serving(
    agreement: Agreement, purpose: str, on: date, *, reaching: Agency | None = None
) -> list[str]:
    """The gateways of an agreement that serve this purpose, in the packs' order; with an agency, those on
    which it may be told something. Three queries at most."""
    entry = in_force.entry(agreement.partnership, "purposes", purpose, on)
    found = [code for code in (entry.item.gateways if entry else ()) if code in agreement.gateways]
    return found if reaching is None else gateways_reaching(reaching, found, on)


def _unit_of(user: User, matter: Matter, on: date) -> Unit | None:
    from saferhub.partnership.access import actor_for

    return actor_for(user, on=on).unit


def keep_reason(interest: Interest, reason: str, by: Actor) -> None:
    """Why it was given, in the matter's folder, so that disposal erases it with the matter."""
    if Revision.objects.filter(
        folder=interest.folder, kind=rules.REASON_KIND, subject=interest.public_id
    ).exists():
        return
    Revision.objects.create(
        partnership_id=interest.folder.partnership_id,
        folder=interest.folder,
        kind=rules.REASON_KIND,
        subject=interest.public_id,
        number=1,
        values={"reason": reason},
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )


@transaction.atomic
def end_sight(*, matter_id: str, interest_id: str, reason: str, by: Actor, on: date) -> None:
    """End one interest in a matter now. Raises Refusal without a reason, or for the last person named."""
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_decide_sharing(by, matter)
    interest = get_interest(by, matter, interest_id)
    if matter.sensitivity != Sensitivity.NORMAL and interest.user_id == (by.user.pk if by.user else None):
        raise Refusal(
            "own_name",
            "You are named in this restricted matter and decide about it. Lift the restriction, or let another "
            "who decides end your sight.",
        )
    end_interest(interest=interest, by=by, reason=reason)
    if matter.sensitivity != Sensitivity.NORMAL:
        follow(matter, by=by, reason=reason)
    else:
        parts_follow(matter, by=by, reason=reason)
    drop_lost_lead(matter, by=by)


@transaction.atomic
def restrict(*, matter_id: str, names: Iterable[str], reason: str, by: Actor, on: date) -> Matter:
    """Restrict a matter, and what lies in it alone, to these people (public_ids of accounts). Whoever leads
    it and is not among them leads it no longer.

    First the named interests, then the folder: a row that hides from its author cannot be written. Each
    named interest rests on what that person's sight rested on before, so that it sleeps when that does.
    """
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_decide_sharing(by, matter)
    refuse_if(matter_rules.reason_refusals(reason, "Say why it must be restricted."))
    if matter.sensitivity != Sensitivity.NORMAL:
        raise Refusal("restricted_already", "It is restricted already.")
    seers = {one.user.public_id: one for one in seers_of(matter.folder)}
    wanted = set(names)
    refuse_if(
        matter_rules.restriction_refusals(
            names=[seers[one].user.pk if one in seers else 0 for one in wanted],
            author=by.user.pk if by.user else -1,
            seers=[one.user.pk for one in seers.values()],
        )
    )
    for public_id in sorted(wanted):
        _name(seers[public_id], matter, by, on)
    _set_sensitivity(matter.folder, Sensitivity.RESTRICTED)
    audit.record("sharing.restricted", matter.folder, by=by, purpose=matter.purpose, people=len(wanted))
    follow(matter, by=by, reason=reason)
    _keep_why(matter, "restricted", reason, by)
    drop_lost_lead(matter, by=by)
    return _fresh(by, matter)


def _name(seer: Seer, matter: Matter, by: Actor, on: date) -> Interest:
    """A named interest of somebody who sees the matter, on the same ground as her sight of it."""
    agreement, purpose, gateway = seer.agreement, seer.purpose or matter.purpose, seer.gateway
    if seer.opening:
        fitting = [one for one in seer.opening if matter.purpose in one.purposes]
        if not fitting:
            raise Refusal(
                "hub_agreement_other_purpose",
                f"{seer.user.name} sees it as one of the hub, and no agreement that opens the hub to "
                f"{seer.unit.agency.name} covers this purpose. Leave the name out.",
            )
        agreement = fitting[0]
        serving = gateways_serving(agreement, matter.purpose, on, reaching=seer.unit.agency)
        gateway = serving[0] if serving else ""
    return give_interest(
        folder=matter.folder,
        by=by,
        purpose=purpose,
        because=Because.NAMED,
        gateway=gateway,
        agreement=agreement,
        user=seer.user,
        opens=Sensitivity.RESTRICTED,
    )


def _set_sensitivity(folder: Folder, level: Sensitivity) -> None:
    folder.sensitivity = level
    folder.save(update_fields=["sensitivity"])


def _keep_why(matter: Matter, kind: str, reason: str, by: Actor) -> None:
    """A line of the matter's history for what is no edit of its words."""
    number = (
        Revision.objects.filter(
            folder=matter.folder, kind=f"sharing.{kind}", subject=matter.public_id
        ).count()
        + 1
    )
    Revision.objects.create(
        partnership_id=matter.partnership_id,
        folder=matter.folder,
        kind=f"sharing.{kind}",
        subject=matter.public_id,
        number=number,
        values={"reason": reason},
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )


def _fresh(by: Actor, matter: Matter) -> Matter:
    """The matter with what the database has copied from its folder."""
    return access.get_matter(by, matter.public_id)


@transaction.atomic
def open_up(*, matter_id: str, reason: str, by: Actor, on: date) -> Matter:
    """Lift a restriction: who saw it before sees it again, and the names given for it end."""
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_decide_sharing(by, matter)
    refuse_if(matter_rules.reason_refusals(reason, "Say why the restriction is lifted."))
    if matter.sensitivity == Sensitivity.NORMAL:
        raise Refusal("not_restricted", "It is not restricted.")
    if matter.sensitivity == Sensitivity.VAULT:
        raise Refusal("vault", "It is kept in the vault, which no page opens.")
    _set_sensitivity(matter.folder, Sensitivity.NORMAL)
    audit.record("sharing.opened_up", matter.folder, by=by, purpose=matter.purpose)
    follow(matter, by=by, reason=reason)
    now = clock.now()
    for interest in Interest.objects.filter(
        access.interests_live_on(now), folder=matter.folder, because=Because.NAMED
    ).order_by("pk"):
        end_interest(interest=interest, by=by, reason=reason)
    _keep_why(matter, "opened_up", reason, by)
    return _fresh(by, matter)


@transaction.atomic
def put_in(*, matter_id: str, folder_id: str, by: Actor, on: date) -> Enclosure:
    """Put the record of a person or place into a matter, and so before all who see it. One that lies nowhere
    else becomes as narrow as the matter.

    Raises Refusal `record_restricted` for one that is restricted with another matter: it lies in that alone.
    """
    matter = access.get_matter_for_update(by, matter_id)
    folder = check_can_put_in(by, matter, folder_id)
    # Locked, so that two matters do not each take it for theirs alone.
    folder = Folder.objects.select_for_update(of=("self",)).get(pk=folder.pk)
    there = Enclosure.objects.filter(inner=folder, outer=matter.folder, ended_at__isnull=True)
    if folder.sensitivity != Sensitivity.NORMAL and not there.exists():
        raise Refusal(
            "record_restricted",
            "This record is restricted with the matter it lies in. Record what the other matter needs anew there, "
            "or lift the restriction first.",
        )
    enclosure = enclose(inner=folder, outer=matter.folder, by=by)
    if matter.sensitivity != Sensitivity.NORMAL:
        follow(matter, by=by, reason="")
    return enclosure


@transaction.atomic
def take_out_of(*, matter_id: str, folder_id: str, reason: str, by: Actor, on: date) -> None:
    """Take a record out of a matter it does not belong in. One that was restricted with it is its own unit's
    again."""
    matter = access.get_matter_for_update(by, matter_id)
    enclosure = get_enclosure(by, matter, folder_id)
    check_can_take_out(by, matter, enclosure)
    take_out(enclosure=enclosure, by=by, reason=reason)
    if matter.sensitivity != Sensitivity.NORMAL:
        follow(matter, by=by, reason=reason)
    else:
        parts_follow(matter, by=by, reason=reason)
