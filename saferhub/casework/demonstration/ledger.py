"""What many kinds of step have in common when they are written as rows: folders, records, versions, entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import models

from saferhub.casework.models import Involved
from saferhub.foundation import clock
from saferhub.partnership.models import Hub
from saferhub.people.models import Address, Name, Person
from saferhub.people.rules import keys
from saferhub.sharing.models import Enclosure, Folder, Matter, MatterMove, Revision

from . import steps
from .facts import Facts, Worker
from .rows import Row, Tables, shape_of

MORNING = time(10, 0)


@dataclass(slots=True)
class So:
    """How far a story has come, as rows that may still change."""

    hub: Hub
    purpose: str = ""
    referral: Row = field(default_factory=dict)
    matter: Row = field(default_factory=dict)
    folder: Row = field(default_factory=dict)
    work: Row | None = None
    scored: Row | None = None
    case: Row | None = None
    case_matter: Row = field(default_factory=dict)
    case_folder: Row = field(default_factory=dict)
    persons: dict[str, Row] = field(default_factory=dict)
    involved: list[Row] = field(default_factory=list)
    in_case: list[Row] = field(default_factory=list)
    scores: list[Row] = field(default_factory=list)
    moves: list[tuple[str, date]] = field(default_factory=list)
    actions: dict[str, Row] = field(default_factory=dict)
    uses: dict[str, Row] = field(default_factory=dict)
    reached: list[date] = field(default_factory=list)
    taken_on: date | None = None
    endings: int = 0
    leader: Worker | None = None


class Ledger:
    """Rows of one world."""

    def __init__(self, tables: Tables, facts: Facts) -> None:
        self.tables, self.facts = tables, facts
        self.zone = clock.now().tzinfo
        self.partnership = facts.partnership.pk
        self._mornings: dict[date, datetime] = {}

    def at(self, day: date) -> datetime:
        """The business time that stands on what happened on a day."""
        found = self._mornings.get(day)
        if found is None:
            found = self._mornings[day] = datetime.combine(day, MORNING, tzinfo=self.zone)
        return found

    def record(
        self, event: str, model: type[models.Model], row: Row, by: Worker, purpose: str, **codes: Any
    ) -> None:
        self.tables.record(
            event, (shape_of(model).kind, row["public_id"]), actor=by.user.public_id, agency=by.agency.code,
            partnership=self.facts.partnership.code, purpose=purpose, codes=codes,
        )  # fmt: skip

    def revise(
        self, model: type[models.Model], row: Row, folder: Row, values: Row, by: Worker, day: date
    ) -> None:
        self.keep(folder, shape_of(model).kind, row["public_id"], row["version"], values, by, day)

    def keep(
        self, folder: Row, kind: str, subject: str, number: int, values: Row, by: Worker, day: date
    ) -> None:
        self.tables.add(
            Revision, partnership_id=self.partnership, folder_id=folder["id"], kind=kind, subject=subject,
            number=number, values=values, by=by.user.public_id, agency=by.agency.code, at=self.at(day),
        )  # fmt: skip

    def folder(self, kind: str, by: Worker, hub: Hub | None = None) -> Row:
        return self.tables.add(
            Folder,
            partnership_id=self.partnership,
            hub_id=hub.pk if hub else None,
            unit_id=by.unit.pk,
            kind=kind,
        )

    def enclose(self, inner: Row, outer: Row, by: Worker) -> None:
        self.tables.add(Enclosure, inner_id=inner["id"], outer_id=outer["id"], by=by.user.public_id)
        self.record("sharing.enclosed", Folder, inner, by, "", matter=outer["public_id"])

    def move(self, model: type[models.Model], link: str, of: Row, before: str, after: str, by: Worker, day: date,
             reason: str = "") -> None:  # fmt: skip
        """One dated move of a status."""
        self.tables.add(
            model, partnership_id=self.partnership, folder_id=of["folder_id"], **{link: of["id"]},
            from_status=before, to_status=after, on=day, by=by.user.public_id, reason=reason,
        )  # fmt: skip

    def begin_matter(
        self, kind: str, title: str, purpose: str, by: Worker, day: date, *, hub: Hub | None, named_for: Hub,
        leads: bool,
    ) -> tuple[Row, Row]:  # fmt: skip
        """A matter in a folder of its own."""
        folder = self.folder("matter", by, hub)
        matter = self.tables.add(
            Matter, partnership_id=self.partnership, folder_id=folder["id"], hub_id=folder["hub_id"],
            unit_id=by.unit.pk, reference=self.tables.reference(named_for.prefix), kind=kind, title=title,
            purpose=purpose, opened_on=day, lead_id=by.user.pk if leads else None, opened_by=by.user.public_id,
        )  # fmt: skip
        self.move(MatterMove, "matter_id", matter, "", "open", by, day)
        self.revise_matter(matter, folder, by, day, by if leads else None)
        return folder, matter

    def revise_matter(self, matter: Row, folder: Row, by: Worker, day: date, lead: Worker | None) -> None:
        values = {
            "title": matter["title"],
            "about": matter["about"],
            "purpose": matter["purpose"],
            "lead": lead.user.public_id if lead else "",
        }
        self.revise(Matter, matter, folder, values, by, day)

    def set_status(self, matter: Row, target: str, reason: str, by: Worker, day: date) -> None:
        before, matter["status"] = matter["status"], target
        matter["closed_on"] = day if target == "closed" else None
        self.move(MatterMove, "matter_id", matter, before, target, by, day, reason)

    def person(self, known: steps.Known, matter: Row, outer: Row, by: Worker, day: date) -> tuple[Row, Row]:
        """A person as this agency knows her, with name and address. Returns her folder and her record."""
        folder = self.folder("person", by)
        self.enclose(folder, outer, by)
        precision = "exact" if known.born_on else "unknown"
        born = known.born_on.isoformat() if known.born_on else None
        row = self.tables.add(
            Person, partnership_id=self.partnership, folder_id=folder["id"], agency=by.agency.code,
            name=f"{known.given} {known.family}".strip(), born_on=known.born_on, born_precision=precision,
            given_on=day, given_by=by.user.public_id,
        )  # fmt: skip
        kept = {"born_on": born, "born_precision": precision, "died_on": None, "sex": "", "language": ""}
        self.revise(Person, row, folder, kept, by, day)
        self.record("people.person_recorded", Person, row, by, matter["purpose"], matter=matter["public_id"])
        name = {"kind": "known_as", "given": known.given, "family": known.family, "is_main": True}
        self._part(Name, "name", name, row, folder, by, day)
        if known.address.strip():
            code = keys.postcode(known.postcode)
            lines = known.address.strip()
            address = {"kind": "home", "lines": lines, "postcode": code, "uprn": "", "is_protected": False}
            self._part(Address, "address", address, row, folder, by, day, key=keys.address_key(lines, code))
        return folder, row

    def _part(
        self, model: type[models.Model], slug: str, values: Row, person: Row, folder: Row, by: Worker, day: date,
        **more: Any,
    ) -> None:  # fmt: skip
        part = self.tables.add(
            model, partnership_id=self.partnership, folder_id=folder["id"], person_id=person["id"],
            by=by.user.public_id, **values, **more,
        )  # fmt: skip
        self.revise(model, part, folder, {**values, "valid_from": None, "valid_until": None}, by, day)
        self.record("people.part_added", Person, person, by, "", part=slug, of=part["public_id"])

    def involve(self, matter: Row, person: Row, role: str, is_subject: bool, by: Worker, day: date) -> Row:
        row = self.tables.add(
            Involved, partnership_id=self.partnership, folder_id=matter["folder_id"], matter_id=matter["id"],
            person_id=person["id"], role=role, is_subject=is_subject, by=by.user.public_id, on=day,
        )  # fmt: skip
        self.record(
            "casework.involved", Matter, matter, by, matter["purpose"], record=person["public_id"], role=role,
            is_subject=is_subject or None,
        )  # fmt: skip
        return row
