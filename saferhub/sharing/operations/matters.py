"""Opening, changing, closing and opening again of a matter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation.ids import new_reference
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub
from saferhub.partnership.queries import in_force
from saferhub.sharing import access
from saferhub.sharing.access.matters import purposes_carried_to
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.models import MATTER_LIFECYCLE, Because, Folder, Matter, MatterMove, MatterStatus
from saferhub.sharing.registries import kind_of
from saferhub.sharing.rules import matters as rules

from .folders import check_seen, open_folder, revise

_DRAWS = 5


@transaction.atomic
def open_matter(
    *,
    title: str,
    about: str,
    purpose: str,
    by: Actor,
    on: date,
    hub: Hub | None = None,
) -> Matter:
    """Open a matter of the actor's own unit, with a hub or for the unit alone. The actor leads it at first.

    Raises NotAllowed for a role that works on no matters, and Refusal where no agreement in force lets her
    agency share with that hub for this purpose.
    """
    by.check(Permission.WORK_ON_MATTERS)
    check_carried(purpose=purpose, hub=hub, by=by, on=on)
    matter = begin_matter(
        kind="matter", title=title, about=about, purpose=purpose, by=by, on=on, hub=hub, lead=by.user
    )
    audit.record("matter.opened", matter, by=by, purpose=purpose, hub=hub.code if hub else "")
    return matter


def check_carried(*, purpose: str, hub: Hub | None, by: Actor, on: date) -> None:
    """Raise Refusal unless the purpose is one in force and, with a hub, agreements carry it from the actor's
    agency to that hub (`hub_without_agreement`, `other_purpose`)."""
    if by.agency is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")
    refuse_if(
        rules.opening_refusals(
            purpose=purpose,
            purposes={one.code for one in in_force.entries(by.partnership, "purposes", on)},
            hub=hub.name if hub else "",
            agency=by.agency.name,
            carried=purposes_carried_to(by, hub) if hub else None,
        )
    )


@transaction.atomic
def begin_matter(
    *,
    kind: str,
    title: str,
    purpose: str,
    by: Actor,
    on: date,
    about: str = "",
    hub: Hub | None = None,
    named_for: Hub | None = None,
    lead: User | None = None,
) -> Matter:
    """A matter of this kind in a new folder of the actor's own unit, with its reference, first move and first
    version. The caller has checked that she may (`check_carried`) and writes the audit entry of its kind.

    `named_for`: the hub whose prefix the reference takes where the matter does not lie in it yet.
    """
    if by.agency is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")
    folder = open_folder(kind="matter", by=by, hub=hub)
    named = hub or named_for
    matter = _create(
        folder,
        rules.prefix_of(named.prefix if named else "", by.agency.name),
        kind=kind,
        title=title,
        about=about,
        purpose=purpose,
        opened_on=on,
        lead=lead,
        opened_by=by.public_id,
    )
    _move(matter, "", MatterStatus.OPEN, by=by, on=on)
    revise(matter, folder=folder, values=values_of(matter), by=by)
    return matter


@transaction.atomic
def put_into_hub(matter: Matter, hub: Hub, *, by: Actor) -> Matter:
    """Let a hub have a matter that lay in none: from now on whoever works there sees it. The caller has checked
    that an agreement carries it (`check_carried`) and writes the audit entry."""
    if matter.hub_id is not None or hub.partnership_id != matter.partnership_id:
        raise Refusal("in_a_hub_already", "A hub has this already.")
    Folder.objects.filter(pk=matter.folder_id).update(hub=hub)
    matter.refresh_from_db()
    return matter


@transaction.atomic
def rename_matter(
    matter: Matter, *, title: str, about: str, purpose: str, lead: User | None, by: Actor
) -> None:
    """Change the words of a matter of a kind with its own pages, whose operation has checked everything. The
    version rises and history keeps it; nothing happens where nothing differs."""
    before = values_of(matter)
    matter.title, matter.about, matter.purpose, matter.lead = title, about, purpose, lead
    if values_of(matter) == before:
        return
    matter.version += 1
    matter.save(update_fields=["title", "about", "purpose", "lead", "version"])
    revise(matter, folder=matter.folder, values=values_of(matter), by=by)


@transaction.atomic
def set_status(matter: Matter, target: MatterStatus, *, reason: str, by: Actor, on: date) -> None:
    """Close or open again a matter of a kind with its own pages, whose operation has checked everything."""
    before = MatterStatus(matter.status)
    if before == target:
        return
    MATTER_LIFECYCLE.check(before, target)
    matter.status, matter.closed_on = target, on if target == MatterStatus.CLOSED else None
    matter.save(update_fields=["status", "closed_on"])
    _move(matter, before, target, by=by, on=on, reason=reason)


def _check_plain(matter: Matter) -> None:
    """Raise Refusal for a matter whose kind has its own pages: its operations keep both in step."""
    kind = kind_of(matter)
    if kind is not None:
        raise Refusal(
            "has_its_own_page",
            f"This is a {kind.words.lower()}. Change it on its own page.",
            link=kind.url(matter.public_id),
            link_text=f"Go to the {kind.words.lower()}",
        )


def _create(folder: Folder, prefix: str, **values: Any) -> Matter:
    """The matter with a reference that none other has. A clash tells nothing: the next draw is random too."""
    for draw in range(_DRAWS):
        try:
            with transaction.atomic():
                return Matter.objects.create(
                    partnership=folder.partnership,
                    folder=folder,
                    hub=folder.hub,
                    unit=folder.unit,
                    reference=new_reference(prefix),
                    **values,
                )
        except IntegrityError:
            if draw == _DRAWS - 1:
                raise
    raise AssertionError("unreachable")


def values_of(matter: Matter) -> dict[str, Any]:
    """What an edit may change, by field of its form, as history keeps it."""
    return {
        "title": matter.title,
        "about": matter.about,
        "purpose": matter.purpose,
        "lead": matter.lead.public_id if matter.lead else "",
    }


@transaction.atomic
def edit_matter(
    *, matter_id: str, title: str, about: str, purpose: str, lead: str, seen: int, by: Actor, on: date
) -> Matter:
    """Change a matter's words and who leads it (`lead`: public_id of an account, or none).

    Raises Conflict `changed_meanwhile` unless `seen` is the newest version; Refusal where the matter is
    closed, or where the leader does not see it.
    """
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_edit(by, matter)
    _check_plain(matter)
    refuse_if(rules.edit_refusals(status=matter.status))
    check_seen(matter, seen)
    if purpose != matter.purpose and purpose not in {
        one.code for one in in_force.entries(matter.partnership, "purposes", on)
    }:
        raise Refusal("unknown_purpose", "Choose a purpose from the list.")
    before = values_of(matter)
    matter.title, matter.about, matter.purpose = title, about, purpose
    matter.lead = _leader(matter, lead)
    if values_of(matter) == before:
        return matter
    matter.version += 1
    matter.save(update_fields=["title", "about", "purpose", "lead", "version"])
    revise(matter, folder=matter.folder, values=values_of(matter), by=by)
    changed = sorted(name for name, value in values_of(matter).items() if before[name] != value)
    audit.record("matter.changed", matter, by=by, purpose=purpose, fields=changed, version=matter.version)
    return matter


def _leader(matter: Matter, public_id: str) -> User | None:
    if not public_id:
        return None
    if matter.lead is not None and matter.lead.public_id == public_id:
        return matter.lead
    for seer in seers_of(matter.folder):
        if seer.user.public_id == public_id:
            return seer.user
    raise Refusal("leader_does_not_see", "Choose somebody who sees this matter.")


def drop_lost_lead(matter: Matter, *, by: Actor) -> None:
    """Nobody leads what she does not see: clear a leader who has just lost sight of this matter, or who keeps
    it for a day because she handed it over. The history shows the change."""
    if matter.lead_id is None:
        return
    folder = Folder.objects.select_related("partnership").get(pk=matter.folder_id)
    passing = str(Because.HANDED_OVER.label)
    if any(seer.user.pk == matter.lead_id and seer.why != passing for seer in seers_of(folder)):
        return
    matter.lead = None
    matter.version += 1
    matter.save(update_fields=["lead", "version"])
    revise(matter, folder=folder, values=values_of(matter), by=by)
    audit.record(
        "matter.changed", matter, by=by, purpose=matter.purpose, fields=["lead"], version=matter.version
    )


@transaction.atomic
def close_matter(*, matter_id: str, reason: str, by: Actor, on: date) -> Matter:
    """Close a matter. Sight of it stays as it is; it needs a reason."""
    return _change_status(matter_id, MatterStatus.CLOSED, reason, by, on)


@transaction.atomic
def reopen_matter(*, matter_id: str, reason: str, by: Actor, on: date) -> Matter:
    """Open a closed matter again. It needs a reason."""
    return _change_status(matter_id, MatterStatus.OPEN, reason, by, on)


def _change_status(matter_id: str, target: MatterStatus, reason: str, by: Actor, on: date) -> Matter:
    matter = access.get_matter_for_update(by, matter_id)
    access.check_can_edit(by, matter)
    _check_plain(matter)
    closes = target == MatterStatus.CLOSED
    refuse_if(
        rules.reason_refusals(reason, "Say why it closes." if closes else "Say why it is opened again.")
    )
    MATTER_LIFECYCLE.check(MatterStatus(matter.status), target)
    set_status(matter, target, reason=reason, by=by, on=on)
    audit.record("matter.closed" if closes else "matter.reopened", matter, by=by, purpose=matter.purpose)
    return matter


def _move(matter: Matter, before: str, after: MatterStatus, *, by: Actor, on: date, reason: str = "") -> None:
    move_of(matter, before, after, by=by, on=on, reason=reason).save(force_insert=True)


def move_of(
    matter: Matter, before: str, after: MatterStatus, *, by: Actor, on: date, reason: str = ""
) -> MatterMove:
    """One move of its status, not saved yet."""
    return MatterMove(
        partnership_id=matter.partnership_id,
        folder_id=matter.folder_id,
        matter=matter,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )
