"""Ways of contact that would put somebody in danger, and who learns that one was used all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from saferhub.casework.access import parts_readable_by
from saferhub.casework.access.coordinating import hubs_coordinated_by
from saferhub.casework.models import Case, Note, NoteKind
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person

from .cases_people import in_matter, safe_contacts

MOST_WORK = 20
# So long it stands in Your work: what somebody else may have learned does not show at once.
SHOWN = timedelta(days=14)


def unsafe_ways(actor: Actor, case: Case, person: Person) -> dict[str, str]:
    """Of the ways of contact, those that what is recorded of this person forbids, with what it says. Empty where
    nothing is recorded. About six queries, two where nothing is."""
    rows = [row for row in in_matter(actor, case.matter) if row.is_person and row.record.pk == person.pk]
    never = {code for one in safe_contacts(actor, rows) for code in one.safe.never}
    if not never:
        return {}
    names = {
        one.code: str(one.item.name)
        for one in in_force.entries(actor.partnership, "safe_contact_never", actor.on)
    }
    found: dict[str, str] = {}
    for way in in_force.entries(actor.partnership, "contact_ways", actor.on):
        hit = [code for code in way.item.unsafe_with if code in never]
        if hit:
            found[way.code] = ", ".join(names.get(code, code) for code in hit).lower()
    return found


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Contacts made in a way that was not safe, for whoever leads the case and for the hub's co-ordinator."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    hubs = hubs_coordinated_by(actor)
    whose = Q(matter__lead=actor.user) | Q(matter__hub__in=hubs)
    rows = (
        parts_readable_by(actor, Note)
        .filter(whose, kind=NoteKind.CONTACT, on__gt=actor.on - SHOWN, withdrawn_at__isnull=True)
        .exclude(unsafe_why="")
        .exclude(by=actor.public_id)
        .select_related("matter", "person")
        .order_by("on", "id")[:MOST_WORK]
    )
    for note in rows:
        url = reverse("case-update", args=[note.matter.public_id, note.public_id])
        assert note.person is not None  # a contact is with somebody
        yield WorkItem(
            kind="unsafe_contact",
            kind_words="Contacts that were not safe",
            title=f"{note.person.name} was contacted in a way that is not safe: {note.matter.title}",
            url=url,
            why="Somebody may be in danger now. Find out whether they are safe, and agree what to do",
            due_on=note.on,
            step="Read",
            step_url=url,
            reference=note.matter.reference,
            rank=0,
        )
