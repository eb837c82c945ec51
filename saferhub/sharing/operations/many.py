"""Many matters and records at once, for a sheet of thousands: what `folders` and `matters` do one by one, in one
statement for each table.

Nothing is checked here: the caller has checked each of them, and records the entries that these give back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction

from saferhub.accounts.models import User
from saferhub.audit.operations import Change
from saferhub.foundation.ids import new_reference
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.models import Enclosure, Folder, Matter, MatterMove, MatterStatus, Revision
from saferhub.sharing.rules.matters import prefix_of

from .folders import revision_of
from .matters import move_of, values_of

_DRAWS = 5


def open_folders(count: int, *, kind: str, by: Actor) -> list[Folder]:
    """So many new folders of the actor's own unit, in no hub. Raises Refusal `no_unit`."""
    if by.unit is None or by.partnership is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")
    return Folder.objects.bulk_create(
        Folder(partnership=by.partnership, hub=None, unit=by.unit, kind=kind) for _ in range(count)
    )


@transaction.atomic
def begin_matters(
    titles: Sequence[str], *, kind: str, purpose: str, by: Actor, on: date, named_for: Hub, lead: User | None
) -> list[Matter]:
    """A matter for each title, as `matters.begin_matter` makes one. Six queries."""
    if by.agency is None:
        raise Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")
    folders = open_folders(len(titles), kind="matter", by=by)
    matters = [
        Matter(
            partnership=folder.partnership,
            folder=folder,
            hub=None,
            unit=folder.unit,
            kind=kind,
            title=title,
            purpose=purpose,
            opened_on=on,
            lead=lead,
            opened_by=by.public_id,
        )
        for folder, title in zip(folders, titles, strict=True)
    ]
    _save_with_references(matters, prefix_of(named_for.prefix, by.agency.name))
    MatterMove.objects.bulk_create(move_of(one, "", MatterStatus.OPEN, by=by, on=on) for one in matters)
    keep_revisions(revision_of(one, folder=one.folder, values=values_of(one), by=by) for one in matters)
    return matters


def _save_with_references(matters: list[Matter], prefix: str) -> None:
    """Under references that none other has; see `matters` for why a clash is only drawn again."""
    for draw in range(_DRAWS):
        references: set[str] = set()
        while len(references) < len(matters):
            references.add(new_reference(prefix))
        for one, reference in zip(matters, references, strict=True):
            one.reference = reference
        try:
            with transaction.atomic():
                Matter.objects.bulk_create(matters)
                return
        except IntegrityError:
            if draw == _DRAWS - 1:
                raise


def renamed(matter: Matter, title: str, *, by: Actor) -> Revision | None:
    """Give a matter another title, as `matters.rename_matter` does: its next version for history, neither saved yet;
    None where it is called so already."""
    if matter.title == title:
        return None
    matter.title = title
    matter.version += 1
    return revision_of(matter, folder=matter.folder, values=values_of(matter), by=by)


def save_renamed(matters: Sequence[Matter]) -> None:
    """Save those that `renamed` has changed. One query."""
    Matter.objects.bulk_update(matters, ["title", "version"])


def put_all_into_hub(matters: Sequence[Matter], hub: Hub) -> None:
    """As `matters.put_into_hub`, for matters that were begun just now. One query."""
    Folder.objects.filter(pk__in=[one.folder_id for one in matters]).update(hub=hub)
    for one in matters:
        one.hub = one.folder.hub = hub


def enclose_all(pairs: Iterable[tuple[Folder, Folder]], *, by: Actor) -> list[Change]:
    """Put each new record (first) into its matter's folder (second). One query; the entries to be recorded."""
    made = Enclosure.objects.bulk_create(
        Enclosure(inner=inner, outer=outer, by=by.public_id) for inner, outer in pairs
    )
    return [Change("sharing.enclosed", one.inner, codes={"matter": one.outer.public_id}) for one in made]


def keep_revisions(revisions: Iterable[Revision]) -> None:
    """Save what `folders.revision_of` has made. One query."""
    Revision.objects.bulk_create(revisions)
