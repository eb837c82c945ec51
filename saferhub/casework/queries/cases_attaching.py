"""The open cases of a hub to which a referral may be added, told apart by what a decider knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saferhub.casework import access
from saferhub.casework.models import OPEN_STATUSES, Case, Involved, Note, NoteKind
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people.access import places_visible_to
from saferhub.sharing.models import Sensitivity

from .cases_repeats import Met
from .oversight_lists import by_words


@dataclass(frozen=True, slots=True)
class Offered:
    """One case. `because`: whom or what it is also about; `hint`: how it stands, in one line."""

    public_id: str
    reference: str
    title: str
    because: str
    hint: str


def cases_to_attach(actor: Actor, hub: int, met: Sequence[Met], words: str, most: int) -> list[Offered]:
    """Those about the same people or places first, then the newest, `most` at most; by words of the title or a
    reference where some are given. Six queries at most."""
    because = {one.public_id: one.because for one in met if one.is_open_case}
    can_take = access.cases_visible_to(actor).filter(hub=hub, sensitivity=Sensitivity.NORMAL)
    can_take = can_take.filter(status__in=OPEN_STATUSES).select_related("matter__lead", "lead_unit__agency")
    same = list(can_take.filter(matter__public_id__in=because).order_by("-adopted_on", "-id"))
    others = by_words(can_take, words) if words else can_take
    others = others.exclude(pk__in=[row.pk for row in same]).order_by("-adopted_on", "-id")
    rows = [*same, *others[:most]]
    places, contacts = _places(actor, rows), _contacts(actor, rows)
    return [
        Offered(
            row.matter.public_id,
            row.matter.reference,
            row.matter.title,
            because.get(row.matter.public_id, ""),
            _hint(row, because.get(row.matter.public_id, ""), places, contacts),
        )
        for row in rows
    ]


def _hint(row: Case, because: str, places: dict[int, list[str]], contacts: dict[int, str]) -> str:
    lead = row.matter.lead.name if row.matter.lead else row.lead_unit.agency.name
    band = RISK_BANDS.get(row.band, (row.band, 0))[0] if row.band else "Not scored"
    said = [
        f"Also about {because}" if because else "",
        ", ".join([row.get_subject_kind_display(), *places.get(row.matter_id, [])]),
        f"{row.get_status_display()}, risk: {band.lower()}",
        f"adopted {date_in_words(row.adopted_on)}",
        f"last contact {contacts[row.matter_id]}" if row.matter_id in contacts else "",
        f"led by {lead}",
    ]
    return ". ".join(one[:1].upper() + one[1:] for one in said if one)


def _places(actor: Actor, rows: Sequence[Case]) -> dict[int, list[str]]:
    """By number of the matter: the names of the places in it that the actor may read."""
    inside = access.parts_readable_by(actor, Involved).filter(
        matter__in=[row.matter_id for row in rows], place__isnull=False, ended_on__isnull=True
    )
    pairs = [(matter, place) for matter, place in inside.values_list("matter_id", "place_id") if place]
    names = dict(
        places_visible_to(actor).filter(pk__in={place for _, place in pairs}).values_list("pk", "name")
    )
    found: dict[int, list[str]] = {}
    for matter, place in pairs:
        if place in names and names[place] not in found.setdefault(matter, []):
            found[matter].append(names[place])
    return found


def _contacts(actor: Actor, rows: Sequence[Case]) -> dict[int, str]:
    """By number of the matter: the day of the newest contact that the actor may read, in words."""
    notes = access.parts_readable_by(actor, Note).filter(
        matter__in=[row.matter_id for row in rows], kind=NoteKind.CONTACT, withdrawn_at__isnull=True
    )
    return {
        matter: date_in_words(day)
        for matter, day in notes.order_by("on", "id").values_list("matter_id", "on")
    }
