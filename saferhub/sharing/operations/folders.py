"""Folders, and what opens them: every write that changes who may see something goes through here.

The caller has checked that the actor may do it; these functions hold what must be true whoever asks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.models import (
    Agreement,
    AgreementParty,
    Because,
    Enclosure,
    Folder,
    Interest,
    Revision,
    Sensitivity,
)
from saferhub.sharing.rules import interests as rules


@transaction.atomic
def open_folder(*, kind: str, by: Actor, hub: Hub | None = None, unit: Unit | None = None) -> Folder:
    """A new folder of the actor's own unit (or of one above it), in a hub or in none.

    Raises Refusal `no_unit` for somebody who stands for no unit, and `other_partnership` for a hub elsewhere.
    """
    unit = unit or by.unit
    if unit is None or by.partnership is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")
    if hub is not None and hub.partnership_id != by.partnership.pk:
        raise Refusal("other_partnership", "That hub belongs to another partnership.")
    return Folder.objects.create(partnership=by.partnership, hub=hub, unit=unit, kind=kind)


@transaction.atomic
def give_interest(
    *,
    folder: Folder,
    by: Actor,
    purpose: str,
    because: Because,
    gateway: str = "",
    agreement: Agreement | None = None,
    unit: Unit | None = None,
    user: User | None = None,
    until: datetime | None = None,
    opens: int | None = None,
) -> Interest:
    """Let a unit, or one named person, see a folder. Given twice on the same terms, it is the same interest.

    `until`: business time; None leaves it open. `opens`: the most sensitive folder that a named person's
    interest opens, where the folder is about to become so; else the folder's own. Raises Refusal when the
    agreement does not carry it: not in force, the agency no party to it, another purpose or gateway; when
    the folder is more sensitive than a unit may hold; and `sees_already` where the holder sees it without an
    end for the same purpose: another gateway or an earlier last day would be a promise that nothing keeps.
    """
    now = clock.now()
    agency = unit.agency if unit else None
    refuse_if(
        rules.interest_refusals(
            is_named=user is not None,
            sensitivity=folder.sensitivity,
            because=because,
            purpose=purpose,
            gateway=gateway,
            carried=rules.Carried.of(agreement, clock.today()) if agreement else None,
            is_party=agreement is not None
            and agency is not None
            and AgreementParty.objects.filter(agreement=agreement, agency=agency)
            .signed_on_day(clock.today())
            .exists(),
            until=until,
            now=now,
        )
    )
    holder = unit.pk if unit else -user.pk  # type: ignore[union-attr]
    level = (folder.sensitivity if opens is None else opens) if user is not None else Sensitivity.NORMAL
    held = Interest.objects.filter(folder=folder, holder=holder, purpose=purpose, agreement=agreement)
    same = held.filter(valid_until=until)
    # Whoever is named in a restriction keeps the ground on which she sees it already.
    existing = (same if opens is not None else same.filter(gateway=gateway)).first()
    if existing is not None:
        _raise(existing, level, by=by)
        return existing
    # One handed over has a day of its own: an open interest may be about to end.
    standing = held.filter(valid_until__isnull=True).first() if because != Because.HANDED_OVER else None
    if standing is not None:
        raise Refusal("sees_already", _sees_already(standing, gateway))
    interest = Interest.objects.create(
        folder=folder,
        unit=unit,
        user=user,
        sensitivity=level,
        purpose=purpose,
        gateway=gateway,
        agreement=agreement,
        because=because,
        valid_from=now,
        valid_until=until,
        given_by=by.public_id,
    )
    audit.record(
        "sharing.interest_given",
        folder,
        by=by,
        purpose=purpose,
        interest=interest.public_id,
        agency=agency.code if agency else "",
        account=user.public_id if user else "",
        agreement=agreement.code if agreement else "",
        gateway=gateway,
        because=str(because.value),
    )
    return interest


def _raise(interest: Interest, level: int, *, by: Actor) -> None:
    """Let a named person's interest open a more sensitive folder than before. Never the other way."""
    if interest.sensitivity >= level:
        return
    interest.sensitivity = level
    interest.save(update_fields=["sensitivity"])
    audit.record(
        "sharing.interest_raised",
        interest.folder,
        by=by,
        purpose=interest.purpose,
        interest=interest.public_id,
        account=interest.user.public_id if interest.user else "",
        opens=Sensitivity(level).name.lower(),
    )


def _sees_already(standing: Interest, gateway: str) -> str:
    if standing.gateway != gateway:
        return (
            "They see this already for that purpose, without a last day and on another legal gateway. End that "
            "first, then share it again, or leave it as it is."
        )
    return (
        "They see this already for that purpose, without a last day. End that first, then share it again "
        "until the day you choose, or leave it as it is."
    )


@transaction.atomic
def end_interest(*, interest: Interest, by: Actor, reason: str) -> None:
    """End an interest now. One that has ended already stays as it was. Raises Refusal without a reason."""
    # With its folder, which may be out of sight once one's own last interest in it has ended.
    interest = Interest.objects.select_for_update(of=("self",)).select_related("folder").get(pk=interest.pk)
    now = clock.now()
    if interest.valid_until is not None and interest.valid_until <= now:
        return
    if not reason.strip():
        raise Refusal("no_reason", "Say why this agency no longer needs to see it.")
    interest.valid_until = max(now, interest.valid_from)
    interest.ended_by, interest.ended_at, interest.end_reason = by.public_id, clock.real_now(), reason
    interest.save(update_fields=["valid_until", "ended_by", "ended_at", "end_reason"])
    audit.record(
        "sharing.interest_ended",
        interest.folder,
        by=by,
        purpose=interest.purpose,
        interest=interest.public_id,
    )


@transaction.atomic
def limit_interest(*, interest: Interest, until: datetime, by: Actor) -> None:
    """Let an interest end at this moment to come (business time). One that ends sooner stays as it is."""
    interest = Interest.objects.select_for_update(of=("self",)).select_related("folder").get(pk=interest.pk)
    if interest.valid_until is not None and interest.valid_until <= until:
        return
    interest.valid_until = until
    interest.save(update_fields=["valid_until"])
    audit.record(
        "sharing.interest_limited",
        interest.folder,
        by=by,
        purpose=interest.purpose,
        interest=interest.public_id,
        day=until.date(),
    )


@transaction.atomic
def enclose(*, inner: Folder, outer: Folder, by: Actor) -> Enclosure:
    """Put the record of a person or place into a matter. Whoever may see the matter then sees the record."""
    found = Enclosure.objects.filter(inner=inner, outer=outer, ended_at__isnull=True).first()
    if found is not None:
        return found
    enclosure = Enclosure.objects.create(inner=inner, outer=outer, by=by.public_id)
    audit.record("sharing.enclosed", inner, by=by, matter=outer.public_id)
    return enclosure


@transaction.atomic
def take_out(*, enclosure: Enclosure, by: Actor, reason: str) -> None:
    """Take a record out of a matter it does not belong in. Raises Refusal without a reason."""
    if not reason.strip():
        raise Refusal("no_reason", "Say why this record does not belong in the matter.")
    enclosure = Enclosure.objects.select_for_update(of=("self",)).get(pk=enclosure.pk)
    if enclosure.ended_at is not None:
        return
    enclosure.ended_at, enclosure.ended_by, enclosure.end_reason = clock.real_now(), by.public_id, reason
    enclosure.save(update_fields=["ended_at", "ended_by", "end_reason"])
    audit.record("sharing.taken_out", enclosure.inner, by=by, matter=enclosure.outer.public_id)


def revise(
    record: Any, *, folder: Folder, values: dict[str, Any], by: Actor, outer: Folder | None = None
) -> None:
    """Keep what an edit left: every field after it, as version `record.version`. `outer` is the second folder that
    whoever sees the record must see; often the same one."""
    revision_of(record, folder=folder, values=values, by=by, outer=outer).save(force_insert=True)


def revision_of(
    record: Any, *, folder: Folder, values: dict[str, Any], by: Actor, outer: Folder | None = None
) -> Revision:
    """What `revise` keeps, not saved yet: for many at once."""
    return Revision(
        partnership_id=folder.partnership_id,
        folder=folder,
        outer=outer if outer is not None and outer.pk != folder.pk else None,
        kind=record._meta.label_lower,
        subject=record.public_id,
        number=record.version,
        values=values,
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )


def check_seen(record: Any, seen: int) -> None:
    """Raise Conflict `changed_meanwhile` unless the version the editor saw is still the newest.

    The record must be locked. The view then shows both versions and lets the editor choose.
    """
    if record.version != seen:
        raise Conflict("changed_meanwhile", "Somebody else changed this while you were writing.")
