"""Random small worlds, what they show by each wall, and the rule in ten plain lines.

A world has four accounts with random memberships, some agreements, six folders with a row of every
protected model in each, interests and enclosures. It is written by the owner, who is not bound, into a
database of its own; everything is read as the application's role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, ProgrammingError, connections, models, transaction
from hypothesis import strategies as st

from saferhub.accounts.models import Kind, Status, User
from saferhub.foundation import clock, grants, walls
from saferhub.partnership.access import actor_for
from saferhub.partnership.models import Agency, Hub, Membership, Partnership, Unit
from saferhub.publication.models import FrozenDocument
from saferhub.sharing.access.loaders import all_loaders
from saferhub.sharing.access.sight import listed_by_unit_or_interest, listed_in_hubs_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import (
    Agreement,
    AgreementHub,
    AgreementParty,
    Enclosure,
    Folder,
    Interest,
    Matter,
    PointerHit,
    Revision,
)

from . import worlds_meetings

USERS, FOLDERS = 4, 6
KEYS = 2  # accounts beyond those, of other systems: they have a key and no membership
WORKING = {"partner", "hub_coordinator", "meeting_chair", "minute_taker", "partnership_manager"}
IN_HUBS = WORKING - {"partner"}
DECIDING = {"hub_coordinator", "partnership_manager"}
ROLES = [*sorted(WORKING), "information_governance", "analyst", "system_administrator"]


@dataclass
class Ground:
    """What stays from world to world: two partnerships with agencies, units, hubs; the accounts."""

    day: date
    partnerships: list[int]
    units: dict[int, tuple[int, int | None, int]]  # unit → agency, parent, partnership
    hubs: dict[int, int]  # hub → partnership
    lead_agencies: set[int]
    users: list[User]
    kinds: dict[int, str]  # agency → its kind
    reaches: dict[str, list[str]]  # gateway → the kinds of agency that it names
    models: list[type[models.Model]] = field(default_factory=list)
    # What rows of casework rest on and is open to all: partnership → a mapping, a version of an instrument.
    mappings: dict[int, Any] = field(default_factory=dict)
    instrument_versions: dict[int, Any] = field(default_factory=dict)
    # Partnership → a meeting, which is no secret there.
    meetings: dict[int, Any] = field(default_factory=dict)


def protected_models() -> list[type[models.Model]]:
    """Every model with a wall, but the one that nobody but the gate may read."""
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    return [by_table[table] for table in sorted(walls.declared()) if by_table[table] is not PointerHit]


def ground() -> Ground:
    """Take a little of each partnership of the demonstration, and make four accounts of our own."""
    units: dict[int, tuple[int, int | None, int]] = {}
    lead_agencies: set[int] = set()
    partnerships = list(Partnership.objects.using("owner").order_by("code"))
    hubs: dict[int, int] = {}
    kinds: dict[int, str] = {}
    kind_of = {(row.entry.partnership_id, row.entry.code): row.payload["kind"] for row in _said("agencies")}
    for partnership in partnerships:
        agencies = list(Agency.objects.using("owner").filter(partnership=partnership).order_by("code"))
        lead_code = {"north_yorkshire": "north_yorkshire_county_council"}.get(partnership.code)
        lead = next((a for a in agencies if a.code == lead_code), agencies[0])
        entry = (
            apps.get_model("partnership", "EntryVersion")
            .objects.using("owner")
            .live()
            .filter(entry__partnership=partnership, entry__section="partnership")
        )
        leads = {version.payload["lead_agency"] for version in entry}
        others = [a for a in agencies if a != lead]
        others.sort(
            key=lambda a: kind_of.get((partnership.pk, a.code)) != "voluntary"
        )  # one that few gateways reach
        for agency in [lead, *others[:1], *others[-2:]]:
            kinds[agency.pk] = kind_of.get((partnership.pk, agency.code), "")
            if agency.code in leads:
                lead_agencies.add(agency.pk)
            for unit in Unit.objects.using("owner").filter(agency=agency):
                units[unit.pk] = (agency.pk, unit.parent_id, partnership.pk)
        for hub in Hub.objects.using("owner").filter(partnership=partnership).order_by("code")[:2]:
            hubs[hub.pk] = partnership.pk
    users = [
        User.objects.using("owner").create(
            email=f"walls.{n}@demo.invalid", username=f"walls.{n}", name=f"Walls {n}", status=Status.ACTIVE
        )
        for n in range(USERS)
    ]
    users += [
        User.objects.using("owner").create(
            email=f"walls.key.{n}@demo.invalid",
            username=f"walls.key.{n}",
            name=f"Walls key {n}",
            kind=Kind.TOKEN,
            password="!",
            status=Status.ACTIVE,
        )
        for n in range(KEYS)
    ]
    found = Ground(
        clock.today(),
        [p.pk for p in partnerships],
        units,
        hubs,
        lead_agencies,
        users,
        kinds,
        {row.entry.code: row.payload.get("reaches") or [] for row in _said("gateways")},
        protected_models(),
    )
    for partnership in partnerships:
        unit = next(pk for pk, (_, _, where) in units.items() if where == partnership.pk)
        found.mappings[partnership.pk] = (
            apps.get_model("casework", "ColumnMapping")
            .objects.using("owner")
            .create(partnership=partnership, unit_id=unit, name="Worlds", made_by="x")
        )
        instrument = (
            apps.get_model("casework", "Instrument")
            .objects.using("owner")
            .create(partnership=partnership, code="worlds", name="Worlds")
        )
        found.instrument_versions[partnership.pk] = (
            apps.get_model("casework", "InstrumentVersion")
            .objects.using("owner")
            .create(instrument=instrument, number=1, definition={})
        )
        found.meetings[partnership.pk] = worlds_meetings.a_meeting(partnership, found.day)
    return found


def _said(section: str) -> Any:
    """What the packs say today in this section."""
    versions = apps.get_model("partnership", "EntryVersion").objects.using("owner")
    return versions.in_force_on(clock.today()).filter(entry__section=section).select_related("entry")


# --- Drawing ------------------------------------------------------------------------------------------


@st.composite
def worlds(draw: st.DrawFn, ground: Ground) -> dict[str, Any]:
    """A world as plain values. Days and hours are counted from now."""
    units = sorted(ground.units)
    main = ground.partnerships[0]
    here = [u for u in units if ground.units[u][2] == main]

    def unit() -> int:
        # Mostly in one partnership, so that sight meets folders often enough.
        return draw(st.sampled_from(here) if draw(st.integers(0, 5)) else st.sampled_from(units))

    def hub_of(partnership: int) -> int | None:
        return draw(st.sampled_from([None, *[h for h, p in ground.hubs.items() if p == partnership]]))

    memberships = []
    for user in range(USERS):
        base = unit()
        for _ in range(draw(st.integers(1, 2))):
            where = base if draw(st.integers(0, 4)) else unit()
            memberships.append(
                {
                    "user": user,
                    "unit": where,
                    "role": draw(st.sampled_from(ROLES)),
                    "hub": hub_of(ground.units[where][2]),
                    "from": draw(st.sampled_from([-400, -30, 0, 1])),
                    "until": draw(st.sampled_from([None, None, -1, 0, 5])),
                    "at_once": draw(st.booleans()),
                }
            )
    keys = [
        {
            "user": USERS + n,
            "unit": unit(),
            "made": draw(st.sampled_from([-30, 0, 1])),
            "expires": draw(st.sampled_from([5, 5, 1, 0, -1])),
            "ended": draw(st.integers(0, 3)) == 0,
        }
        for n in range(KEYS)
    ]
    agreements = [
        {
            "partnership": draw(st.sampled_from(ground.partnerships))
            if not draw(st.integers(0, 5))
            else main,
            "status": draw(
                st.sampled_from(["in_force", "in_force", "in_force", "suspended", "draft", "ended"])
            ),
            "first": draw(st.sampled_from([-300, 0, 1])),
            "last": draw(st.sampled_from([None, -1, 0, 90])),
            "opens": draw(st.booleans()),
            "every": draw(st.booleans()),
            "gateways": draw(
                st.sampled_from(
                    [
                        ["crime_and_disorder"],
                        ["council_functions", "crime_and_disorder"],
                        ["victims_services"],
                        ["council_functions"],
                    ]
                )
            ),
            "hubs": draw(st.sets(st.sampled_from(sorted(ground.hubs)), max_size=2)),
            "parties": {
                agency: (
                    draw(st.sampled_from([None, -20, 0, 1])),
                    draw(st.sampled_from([None, None, -1, 0, 1])),
                )
                for agency in sorted({a for a, _, _ in ground.units.values()})
                if draw(st.booleans())
            },
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    folders = []
    for _ in range(draw(st.integers(2, FOLDERS))):
        where = unit()
        folders.append(
            {
                "unit": where,
                "partnership": ground.units[where][2],
                "hub": hub_of(ground.units[where][2]),
                "kind": draw(st.sampled_from(["matter", "matter", "work"])),
                "sensitivity": draw(st.sampled_from([0, 0, 0, 1, 2])),
            }
        )
    place = st.integers(0, len(folders) - 1)
    interests = []
    for _ in range(draw(st.integers(0, 8))):
        named = draw(st.booleans())
        agreement = (
            draw(st.integers(-1, len(agreements) - 1)) if named else draw(st.integers(0, len(agreements) - 1))
        )
        interests.append(
            {
                "folder": draw(place),
                "unit": None if named else unit(),
                "user": draw(st.integers(0, USERS + KEYS - 1)) if named else None,
                "sensitivity": draw(st.sampled_from([0, 1, 2])) if named else 0,
                "agreement": None if agreement < 0 else agreement,
                "from": draw(st.sampled_from([-48, -1, 1])),
                "until": draw(st.sampled_from([None, None, -1, 4])),
            }
        )
    enclosures = [
        {"inner": inner, "outer": outer, "ended": draw(st.integers(0, 4)) == 0}
        for inner, outer in draw(st.sets(st.tuples(place, place), max_size=5))
        if inner != outer
    ]
    return {
        "memberships": memberships,
        "keys": keys,
        "agreements": agreements,
        "folders": folders,
        "interests": interests,
        "enclosures": enclosures,
    }


# --- Writing, as the owner ------------------------------------------------------------------------------


def plain_row(model: type[models.Model], **given: Any) -> models.Model:
    """A row of `model` that its constraints accept, with these values; the rest is the least there is."""
    values: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        if column.primary_key or column.name == "public_id" or isinstance(column, models.GeneratedField):
            continue
        if column.name in given:
            value = given[column.name]
            values[column.attname] = value.pk if isinstance(value, models.Model) else value
        elif column.has_default() or column.null or column.blank or getattr(column, "auto_now_add", False):
            continue
        elif isinstance(column, models.ForeignKey):
            key = column.name.split("_")[-1]
            values[column.attname] = given[f"any_{column.related_model._meta.model_name}"] if key else None
        elif isinstance(column, models.DateTimeField):
            values[column.name] = clock.now()
        elif isinstance(column, models.DateField):
            values[column.name] = clock.today()
        elif isinstance(column, models.BooleanField):
            values[column.name] = False
        elif isinstance(column, models.IntegerField):
            values[column.name] = 1
        elif isinstance(column, models.JSONField):
            values[column.name] = {}
        elif column.choices:
            values[column.name] = column.choices[0][0]
        elif isinstance(column, models.CharField):
            values[column.name] = "x"
    return model(**values)


# What a model's constraints want beyond the least.
WANTED: dict[str, dict[str, Any]] = {
    **worlds_meetings.WANTED,
    "Relationship": {"other_name": "x", "group": "family"},
    "EmergencyReason": {"danger": "adult"},
    "Name": {"given": "Quill", "family": "Worlds"},
    "Place": {"name": "Worlds Green"},
    "Matter": {"title": "Worlds Green"},
    "Case": {"why": "A lantern in Worlds Green"},
    "Referral": {"happened": "A lantern in Worlds Green"},
    "Action": {"words": "Lanterns to Worlds Green"},
    "Note": {"words": "The lantern in Worlds Green"},
    "Letter": {"status": "draft"},
    "ReleaseCheck": {"passed": False},
    "Decision": {"reason": "x"},
    "ReferralPack": worlds_meetings.DRAFT,
    "PromptAnswer": {"words": "x"},
}
COUNTER = iter(range(1, 10**9))


def write(ground: Ground, drawn: dict[str, Any]) -> dict[str, Any]:
    """Put the world into the database, in the place of the last one. Returns ids of what was drawn."""
    with transaction.atomic(using="owner"):
        clear(ground)
        return _write(ground, drawn)


def clear(ground: Ground) -> None:
    """Take the last world out. Only a test's owner may: nothing in the product deletes these rows."""
    with connections["owner"].cursor() as cursor:
        tables = [m._meta.db_table for m in ground.models if m not in (Folder, Interest)]
        for table in (m._meta.db_table for m in ground.models if issubclass(m, FrozenDocument)):
            # The demonstration's are approved.
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER frozen_version')
        cursor.execute(worlds_meetings.LETS_GO)
        for _ in range(2):  # parts before wholes, whatever their order
            for table in ("people_link_decision", "releases_disclosure", *sorted(tables, key=_depth)):
                cursor.execute(f'DELETE FROM "{table}"')
        for table in ("sharing_interest", "sharing_enclosure", "sharing_pointer_hit", "sharing_folder"):
            cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("ALTER TABLE sharing_agreement_party DISABLE TRIGGER keep_when_in_force")
        cursor.execute("ALTER TABLE sharing_agreement_hub DISABLE TRIGGER keep_when_in_force")
        for table in ("party", "hub", "move", "review"):
            cursor.execute(f"DELETE FROM sharing_agreement_{table}")
        cursor.execute("DELETE FROM sharing_agreement")
        cursor.execute("DELETE FROM casework_api_token")
        cursor.execute(
            "DELETE FROM partnership_membership WHERE user_id = ANY (%s)", [[u.pk for u in ground.users]]
        )


def _depth(table: str) -> tuple[int, str]:
    """Tables that others point at come last."""
    last = {
        "people_person": 1,
        "people_place": 1,
        "releases_check": 1,
        "casework_action": 1,
        "casework_assessment": 1,
        "casework_intervention": 1,
        "casework_sheet_import": 1,
        "casework_note": 1,
        "casework_referral": 1,
        "casework_case": 2,
        **worlds_meetings.LAST,
        "sharing_matter": 3,
    }
    return last.get(table, 0), table


def _write(ground: Ground, drawn: dict[str, Any]) -> dict[str, Any]:
    day, now = ground.day, clock.now()

    def on(days: int | None) -> date | None:
        return None if days is None else day + timedelta(days=days)

    for m in drawn["memberships"]:
        until = on(m["until"])
        if until is not None and until < on(m["from"]):  # type: ignore[operator]
            until = on(m["from"])
        at_once = m["at_once"] and until is not None
        m["real_until"], m["real_at_once"] = until, at_once
        m["id"] = (
            Membership.objects.using("owner")
            .create(
                user_id=ground.users[m["user"]].pk,
                partnership_id=ground.units[m["unit"]][2],
                unit_id=m["unit"],
                role=m["role"],
                hub_id=m["hub"],
                valid_from=on(m["from"]),
                valid_until=until,
                **(
                    {"ended_at_once": True, "ended_by": "x", "end_reason": "x", "ended_at": now}
                    if at_once
                    else {}
                ),
            )
            .pk
            if not _same_open(drawn, m, until)
            else None
        )
    for k in drawn["keys"]:
        apps.get_model("casework", "ApiToken").objects.using("owner").create(
            partnership_id=ground.units[k["unit"]][2],
            unit_id=k["unit"],
            account_id=ground.users[k["user"]].pk,
            label="Worlds",
            token_hash=f"worlds-{next(COUNTER)}",
            expires_on=on(k["expires"]),
            made_by="x",
            made_on=on(k["made"]),
            **({"ended_at": now, "ended_by": "x"} if k["ended"] else {}),
        )
    agreements = []
    for number, a in enumerate(drawn["agreements"]):
        last = on(a["last"])
        if last is not None and last < on(a["first"]):  # type: ignore[operator]
            last = on(a["first"])
        a["real_last"] = last
        row = Agreement.objects.using("owner").create(
            partnership_id=a["partnership"],
            code=f"drawn_{next(COUNTER)}_{number}",
            title="x",
            status=a["status"],
            first_day=on(a["first"]),
            last_day=last,
            opens_hubs=a["opens"],
            every_hub=a["every"],
            gateways=a["gateways"],
        )
        AgreementHub.objects.using("owner").bulk_create(
            AgreementHub(agreement_id=row.pk, hub_id=h) for h in a["hubs"]
        )
        for agency, (signed, withdrawn) in a["parties"].items():
            a["parties"][agency] = (signed, withdrawn if signed is not None else None)
            AgreementParty.objects.using("owner").create(
                agreement_id=row.pk,
                agency_id=agency,
                signed_on=on(signed),
                signed_post="x" if signed is not None else "",
                withdrawn_on=on(withdrawn) if signed is not None else None,
                withdrawn_reason="x" if signed is not None and withdrawn is not None else "",
            )
        agreements.append(row.pk)
    folders = Folder.objects.using("owner").bulk_create(
        Folder(
            partnership_id=f["partnership"],
            hub_id=f["hub"],
            unit_id=f["unit"],
            kind=f["kind"],
            sensitivity=f["sensitivity"],
        )
        for f in drawn["folders"]
    )
    ids: dict[str, Any] = {"folders": [f.pk for f in folders], "agreements": agreements, "rows": {}}
    _rows_in(ground, folders, agreements, ids)
    seen: set[tuple[Any, ...]] = set()
    for i in drawn["interests"]:
        key = (i["folder"], i["unit"], i["user"], i["agreement"])
        i["id"] = None
        if i["until"] is None and key in seen:
            continue
        if i["until"] is None:
            seen.add(key)
        begins = now + timedelta(hours=i["from"])
        ends = None if i["until"] is None else max(begins, now + timedelta(hours=i["until"]))
        i["ends"] = ends
        i["id"] = (
            Interest.objects.using("owner")
            .create(
                folder_id=ids["folders"][i["folder"]],
                unit_id=i["unit"],
                user_id=None if i["user"] is None else ground.users[i["user"]].pk,
                sensitivity=i["sensitivity"],
                purpose="x",
                agreement_id=None if i["agreement"] is None else agreements[i["agreement"]],
                because="contributes",
                valid_from=begins,
                valid_until=ends,
            )
            .pk
        )
    for e in drawn["enclosures"]:
        e["id"] = (
            Enclosure.objects.using("owner")
            .create(
                inner_id=ids["folders"][e["inner"]],
                outer_id=ids["folders"][e["outer"]],
                **({"ended_at": now, "ended_by": "x"} if e["ended"] else {}),
            )
            .pk
        )
    return ids


def _same_open(drawn: dict[str, Any], m: dict[str, Any], until: date | None) -> bool:
    """Whether an open membership like this one was written before; the database takes one."""
    if until is not None:
        return False
    keys = ("user", "unit", "role", "hub")
    return any(
        other is not m
        and other.get("id")
        and other["real_until"] is None
        and all(other[k] == m[k] for k in keys)
        for other in drawn["memberships"]
    )


def hub_in(ground: Ground, folder: Folder) -> int:
    """A hub of the folder's partnership, for what was asked of one."""
    return next(hub for hub, partnership in ground.hubs.items() if partnership == folder.partnership_id)


def given_for(
    ground: Ground,
    model: type[models.Model],
    folder: Folder,
    made: dict[str, dict[int, Any]],
    agreements: list[int],
    anybody: User,
    ids: dict[str, Any],
) -> dict[str, Any]:
    """What a row of `model` in this folder points at."""
    given: dict[str, Any] = {
        "folder": folder,
        "partnership_id": folder.partnership_id,
        "partnership": Partnership(pk=folder.partnership_id),
        "hub": None,
        "unit": Unit(pk=folder.unit_id),
        "from_unit": Unit(pk=folder.unit_id),
        "to_unit": Unit(pk=folder.unit_id),
        "sensitivity": folder.sensitivity,
        "reference": f"X{next(COUNTER)}",
        "opened": folder,
        "user": anybody,
        "asked_by": anybody,
        "any_user": anybody.pk,
        "any_agreement": agreements[0],
        "to_hub": Hub(pk=hub_in(ground, folder)),
        "hub_from": Hub(pk=hub_in(ground, folder)),
        **{name: Unit(pk=folder.unit_id) for name in ("lead_unit", "owner_unit", "used_by")},
        "mapping": ground.mappings.get(folder.partnership_id),
        "instrument_version": ground.instrument_versions.get(folder.partnership_id),
        **_elsewhere(folder, made),
        **{name: rows[folder.pk] for name, rows in made.items() if folder.pk in rows},
        **worlds_meetings.given_for(model, ground.meetings[folder.partnership_id], ground.units, folder),
        **WANTED.get(model.__name__, {}),
    }
    if model.__name__ == "Handover":
        given |= {"from_hub": None, "to_hub": None}
    if model.__name__ == "AccessRequest":
        given.pop("opened")
    if model.__name__ in ("Address", "Involved"):
        given["place"] = None
    if model.__name__ == "SheetRow":
        given["last_import"] = ids["rows"]["SheetImport"][folder.pk]
    if model.__name__ == "DemandEvent" and folder.kind != "work":
        given["referral"] = None
    if model.__name__ == "PromptAnswer":
        given["assessment"] = ids["rows"]["Assessment"][folder.pk]
    if model.__name__ == "Disclosure":
        given["checked"] = ids["rows"]["ReleaseCheck"][folder.pk]
    if model.__name__ == "EmergencyReason":
        given["emergency"] = ids["rows"]["Emergency"][folder.pk]
    return given


# What a hub writes for itself, in a folder that is its alone, about a referral that lies elsewhere.
OF_THE_HUB = {"Decision", "Assessment", "PromptAnswer", "DemandEvent", "ReferralPack"}


def _elsewhere(folder: Folder, made: dict[str, dict[int, Any]]) -> dict[str, Any]:
    """For a folder that is a hub's alone: a referral of the same partnership, and its matter."""
    if folder.kind != "work":
        return {}
    return {
        name: row
        for name in ("matter", "referral")
        for row in made[name].values()
        if row.partnership_id == folder.partnership_id
    }


def may_lie_in(model: type[models.Model], folder: Folder, made: dict[str, dict[int, Any]]) -> bool:
    """Whether the product could put a row of `model` there: a folder that is a hub's alone holds no row of a listed
    table (the database refuses it), nor what needs one in the same folder."""
    if folder.kind != "work":
        return True
    if model.__name__ in OF_THE_HUB:
        return bool(_elsewhere(folder, made))
    return model.__name__ not in LISTED and not any(
        isinstance(one, models.ForeignKey) and not one.null and one.related_model.__name__ in LISTED
        for one in model._meta.concrete_fields
    )


def _rows_in(ground: Ground, folders: list[Folder], agreements: list[int], ids: dict[str, Any]) -> None:
    """One row of every other protected model in each folder that may hold one; persons, places and matters first."""
    anybody = ground.users[0]
    wholes = {
        "matter": Matter,
        **{n: apps.get_model("people", n) for n in ("person", "place")},
        **{n: apps.get_model("casework", n) for n in ("referral", "case", "action", "intervention")},
        "item": apps.get_model("meetings", "item"),
    }
    made: dict[str, dict[int, Any]] = {name: {} for name in wholes}
    special = {Folder, Interest, Enclosure, apps.get_model("people", "LinkDecision"), *_between_two()}
    order = [*wholes.values(), *[m for m in ground.models if m not in special and m not in wholes.values()]]
    # A disclosure refers to the check it passed, and a reason to its emergency.
    order.sort(
        key=lambda model: model.__name__ in ("Disclosure", "EmergencyReason", "PromptAnswer", "SheetRow")
    )
    for model in order:
        rows = {
            folder.pk: plain_row(model, **given_for(ground, model, folder, made, agreements, anybody, ids))
            for folder in folders
            if may_lie_in(model, folder, made)
        }
        model._default_manager.using("owner").bulk_create(rows.values())
        ids["rows"][model.__name__] = rows
        for name, whole in wholes.items():
            if model is whole:
                made[name] = rows
    ids["made"] = made
    link = apps.get_model("people", "LinkDecision")
    persons = made["person"]
    pairs = [(a, b) for a in folders for b in folders if a.pk < b.pk and a.partnership_id == b.partnership_id]
    links = [
        link(
            partnership_id=a.partnership_id,
            a_id=persons[a.pk].pk,
            b_id=persons[b.pk].pk,
            a_folder_id=a.pk,
            b_folder_id=b.pk,
            verdict="same",
            reason="x",
            by="x",
            agency="x",
            on=ground.day,
        )
        for a, b in pairs
    ]
    link.objects.using("owner").bulk_create(links)
    ids["links"] = {(a.pk, b.pk): r.pk for (a, b), r in zip(pairs, links, strict=True)}
    ids["pairs"] = {
        model.__name__: _rows_between(ground, model, folders, made, agreements, anybody, ids)
        for model in _between_two()
    }


def _between_two() -> list[type[models.Model]]:
    """Models whose rows are seen by whoever may read two folders."""
    return [Revision, *(apps.get_model("casework", name) for name in ("CaseLink", "Note", "Attachment"))]


def _pair(model: type[models.Model], a: Folder, b: Folder, made: dict[str, dict[int, Any]]) -> dict[str, Any]:
    """What a row of `model` says of the two folders that it needs."""
    if model.__name__ == "CaseLink":
        cases = made["case"]
        return {"a": cases[a.pk], "b": cases[b.pk], "a_folder": a, "b_folder": b}
    if model is Revision:  # of what lies in one folder, or needs sight of a second
        return {"outer": None if a == b else b, "subject": f"x{next(COUNTER)}"}
    return {
        "matter_folder": b,
        "matter": made["matter"][b.pk],
        "person": None,
        "note": None,
        "sharing": "all" if a == b else "own",
        "stored": f"x{next(COUNTER)}",
    }


def _may_join(model: type[models.Model], a: Folder, b: Folder) -> bool:
    """Whether the product could write a row of `model` for these two folders."""
    if model.__name__ == "CaseLink":
        return a.pk < b.pk and "work" not in (a.kind, b.kind)
    return model is Revision or b.kind != "work"


def _rows_between(
    ground: Ground,
    model: type[models.Model],
    folders: list[Folder],
    made: dict[str, dict[int, Any]],
    agreements: list[int],
    anybody: User,
    ids: dict[str, Any],
) -> dict[tuple[int, int], int]:
    """A row of `model` for every two folders of one partnership: the two → its number. A note lies in the first
    and is about the second's matter; the two may be one. So does what its edits left."""
    rows: dict[tuple[int, int], models.Model] = {}
    for a in folders:
        for b in folders:
            if a.partnership_id != b.partnership_id or not _may_join(model, a, b):
                continue
            given = given_for(ground, model, a, made, agreements, anybody, ids)
            rows[a.pk, b.pk] = plain_row(model, **(given | _pair(model, a, b, made)))
    model._default_manager.using("owner").bulk_create(rows.values())
    return {pair: row.pk for pair, row in rows.items()}


# --- The rule, plainly ----------------------------------------------------------------------------------


def truth(ground: Ground, drawn: dict[str, Any], ids: dict[str, Any], user: int) -> dict[str, set[int]]:
    """What this account may see, said as plainly as Python can: model name → ids."""
    day = ground.day
    mine = [
        m
        for m in drawn["memberships"]
        if m["user"] == user
        and m["id"]
        and m["from"] <= 0
        and (
            m["real_until"] is None
            or m["real_until"] > day
            or (m["real_until"] == day and not m["real_at_once"])
        )
    ]
    mine.sort(key=lambda m: (m["from"], m["id"]))
    mine = [m for m in mine if m["unit"] == mine[0]["unit"]] if mine else []
    roles = {m["role"] for m in mine}
    works = bool(roles & WORKING)
    unit = mine[0]["unit"] if mine else None
    for k in drawn[
        "keys"
    ]:  # another system: as its unit, in no hub and without a role, while its key is live
        if k["user"] == user and k["made"] <= 0 <= k["expires"] and not k["ended"]:
            works, unit = True, k["unit"]
    agency, _, partnership = ground.units[unit] if unit else (0, None, 0)
    units = set()
    while works and unit:
        units.add(unit)
        unit = ground.units[unit][1]
    binding = {
        n
        for n, a in enumerate(drawn["agreements"])
        if works
        and a["status"] == "in_force"
        and a["first"] <= 0
        and (a["real_last"] is None or a["real_last"] >= day)
        for signed, withdrawn in [a["parties"].get(agency, (None, None))]
        if signed is not None and signed <= 0 and (withdrawn is None or withdrawn > 0)
    }
    hubs = {
        h
        for m in mine
        if m["role"] in IN_HUBS
        for h, p in [*ground.hubs.items()]
        if p == partnership and m["hub"] in (None, h)
        if agency in ground.lead_agencies
        or any(
            drawn["agreements"][n]["opens"]
            and any(ground.kinds[agency] in ground.reaches[g] for g in drawn["agreements"][n]["gateways"])
            and (drawn["agreements"][n]["every"] or h in drawn["agreements"][n]["hubs"])
            for n in binding
        )
    }
    deciding = {h for m in mine if m["role"] in DECIDING for h in hubs if m["hub"] in (None, h)}
    live = [
        i
        for i in drawn["interests"]
        if i["id"]
        and works
        and (i["user"] == user or i["unit"] in units)
        and (i["agreement"] is None or i["agreement"] in binding)
        and i["from"] < 0
        and (i["until"] is None or i["until"] > 0)
    ]
    folders = list(enumerate(drawn["folders"]))
    # The four arms. What a hub keeps for itself is no unit's own.
    visible = {
        n
        for n, f in folders
        if (f["sensitivity"] == 0 and (f["hub"] in hubs or (f["unit"] in units and f["kind"] != "work")))
        or any(i["folder"] == n and i["sensitivity"] >= f["sensitivity"] for i in live)
    }
    readable = visible | {
        e["inner"]
        for e in drawn["enclosures"]
        if not e["ended"] and e["outer"] in visible and drawn["folders"][e["inner"]]["sensitivity"] == 0
    }
    governs = partnership if "information_governance" in roles else None
    ids.setdefault("acts_in", {})[user] = partnership
    at = ids["folders"]
    seen: dict[str, set[int]] = {
        "Folder": {at[n] for n in readable},
        "Interest": {
            i["id"]
            for i in drawn["interests"]
            if i["id"] and works and (i["user"] == user or i["unit"] in units)
        }
        | {i["id"] for i in drawn["interests"] if i["id"] and i["folder"] in visible},
        "Enclosure": {e["id"] for e in drawn["enclosures"] if e["outer"] in visible},
        "LinkDecision": {pk for (a, b), pk in ids["links"].items() if {a, b} <= {at[n] for n in readable}},
    }
    searches = ids["rows"]["Search"]  # all of them made by the first account
    seen["Search"] = {
        searches[at[n]].pk for n, f in folders if (user == 0 and mine) or f["partnership"] == governs
    }
    reasons = ids["rows"]["EmergencyReason"]  # the first account opened them all
    seen["EmergencyReason"] = {
        reasons[at[n]].pk
        for n, f in folders
        if (n in readable and (user == 0 or f["hub"] in deciding)) or f["partnership"] == governs
    }
    for name, between in ids["pairs"].items():
        seen[name] = {pk for (a, b), pk in between.items() if {a, b} <= {at[n] for n in readable}}
    for name, rows in ids["rows"].items():
        if name in ("Search", "EmergencyReason"):
            continue
        wide = visible if name in LISTED else readable
        seen[name] = {
            rows[at[n]].pk
            for n, f in folders
            if at[n] in rows and (n in wide or (name in GOVERNED and f["partnership"] == governs))
        }
    return seen


# A table that long lists are read from is not seen by way of an enclosure.
LISTED = {"Matter", "Referral", "Case", "Action", "Intervention"}
GOVERNED = {"Emergency", "Disclosure", "ReleaseCheck"}


def abroad(drawn: dict[str, Any], ids: dict[str, Any], name: str, user: int) -> set[int]:
    """Rows of partnerships other than the one she acts in. The walls let nobody share or enclose those; the worlds
    do it all the same, and a list, which is of one partnership, leaves them out."""
    rows = ids["rows"][name]
    return {
        rows[ids["folders"][n]].pk
        for n, f in enumerate(drawn["folders"])
        if f["partnership"] != ids["acts_in"][user]
    }


# --- Reading --------------------------------------------------------------------------------------------


def by_database(ground: Ground, user: User | None, *, using: str = "default") -> dict[str, set[int]]:
    """What the database shows this account when nobody filters: one query over every table."""
    query = " UNION ALL ".join(
        f"SELECT '{model.__name__}' AS name, id FROM {model._meta.db_table}" for model in ground.models
    )
    found: dict[str, set[int]] = {model.__name__: set() for model in ground.models}
    with entered(user, using=using), connections[using].cursor() as cursor:
        cursor.execute(query)
        for name, number in cursor.fetchall():
            found[name].add(number)
    return found


# The gate's search functions, asked for what every row of their kind is called.
SEARCHES = {
    "Person": "SELECT gate.find_persons('Quill', 'Worlds', NULL, '', '', '', '')",
    "Place": "SELECT gate.find_places('Worlds Green', '')",
    "Matter": "SELECT gate.find_matters('Worlds Green')",
    **{
        model: f"SELECT number FROM gate.find_written(ARRAY['casework_{model.lower()}'], 'lantern worlds', 1000)"
        for model in ("Case", "Referral", "Action", "Note")
    },
}


# Its functions that list, each way round.
LISTS = {
    "Person": "SELECT gate.list_persons('', 'name', false, 1000)",
    "Place": "SELECT gate.list_places('', '', 'recorded', true, 1000)",
}


def by_search(ground: Ground, user: User | None, asked: Mapping[str, str] = SEARCHES) -> dict[str, set[int]]:
    """What the search functions give this account, which run past the wall and repeat its rule."""
    found: dict[str, set[int]] = {}
    with entered(user), connections["default"].cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(query)
            found[name] = {number for (number,) in cursor.fetchall()}
    return found


def by_list(ground: Ground, user: User | None) -> dict[str, set[int]]:
    """What the functions give this account that long lists are read from: they repeat the rule too."""
    return by_search(ground, user, LISTS)


def by_loaders(ground: Ground, user: User) -> dict[str, set[int]]:
    """What the access loaders show this account, run on the application's own connection."""
    found: dict[str, set[int]] = {}
    with entered(user):
        actor = actor_for(user)
        for model, loader in all_loaders().items():
            found[model.__name__] = set(loader(actor).values_list("pk", flat=True))
    return found


def by_loaders_alone(ground: Ground, user: User, turn: int) -> dict[str, set[int]]:
    """What the loaders show where the database holds nothing back: run as the steward, who sees every row.

    Tables of which nothing but their folder decides are loaded in one way, and are most of all tables: of those a third
    is asked in each world, by `turn`, which halves the time of the worlds.
    """
    actor, declared, plain = actor_for(user), walls.declared(), walls.in_folder().read
    found: dict[str, set[int]] = {}
    for place, (model, loader) in enumerate(sorted(all_loaders().items(), key=lambda one: one[0].__name__)):
        if declared[model._meta.db_table].read != plain or place % SHARES == turn % SHARES:
            found[model.__name__] = _as_steward(loader(actor))
    return found


def by_ways_alone(ground: Ground, user: User) -> dict[str, set[int]]:
    """The same of listed tables, gathered from each way of seeing by itself."""
    actor, declared = actor_for(user), walls.declared()
    found: dict[str, set[int]] = {}
    for model in ground.models:
        if declared[model._meta.db_table].copies_folder:
            rows = model._default_manager.all()
            ways = [listed_in_hubs_of(actor, rows), *(listed_by_unit_or_interest(actor, rows) or [])]
            found[model.__name__] = set[int]().union(*(_as_steward(way) for way in ways))
    return found


def _as_steward(rows: models.QuerySet[Any]) -> set[int]:
    try:
        query, parameters = rows.values_list("pk", flat=True).order_by().query.sql_with_params()
    except EmptyResultSet:  # Django knows that there is nothing, and asks nobody
        return set()
    with connections["steward"].cursor() as cursor:
        cursor.execute(query, parameters)
        return {number for (number,) in cursor.fetchall()}


def wrong_writes(ground: Ground, drawn: dict[str, Any], ids: dict[str, Any], number: int) -> list[str]:
    """What the database lets this account write where it should not, in words: rows changed that she may not
    read, and rows put into a folder that she may not read."""
    user, wanted = ground.users[number], truth(ground, drawn, ids, number)
    folders = {f.pk: f for f in Folder.objects.using("owner").filter(pk__in=ids["folders"])}
    everything_hidden = [f for pk, f in folders.items() if pk not in wanted["Folder"]]
    granted = grants.declared()
    wrong: list[str] = []
    with entered(user), connections["default"].cursor() as cursor:
        for model in ground.models:
            table, name = model._meta.db_table, model.__name__
            if "U" in granted[table].app:
                column = "given_by" if name == "Interest" else "public_id"
                cursor.execute(f'UPDATE "{table}" SET "{column}" = "{column}" RETURNING id') if any(
                    f.name == column for f in model._meta.concrete_fields
                ) else cursor.execute(f'UPDATE "{table}" SET id = id RETURNING id')
                changed = {pk for (pk,) in cursor.fetchall()}
                if changed - wanted.get(name, set()):
                    wrong.append(f"{user.username} may change {name} that she may not read")
            hidden = [f for f in everything_hidden if may_lie_in(model, f, ids["made"])]
            if "I" not in granted[table].app or not hidden or name in ("LinkDecision", "Search"):
                continue
            if name == "Enclosure":
                row: models.Model = Enclosure(inner_id=hidden[0].pk, outer_id=hidden[-1].pk)
                if len(hidden) < 2:
                    continue
            elif name == "Folder":
                # Another's unit, and another's partnership.
                row = Folder(
                    partnership_id=hidden[0].partnership_id, unit_id=hidden[0].unit_id, kind="matter"
                )
                row.sensitivity = hidden[0].sensitivity or 1
            elif name == "Interest":
                row = Interest(
                    folder_id=hidden[0].pk, user_id=user.pk, purpose="y", because="named", valid_from=clock.now(),
                    sensitivity=2,
                )  # fmt: skip
            else:
                given = given_for(
                    ground, model, hidden[0], ids["made"], ids["agreements"], ground.users[0], ids
                )
                if model in _between_two():
                    # The first folder hers, where she has one that fits; the second one she may not read.
                    hers = [
                        f
                        for pk, f in folders.items()
                        if pk in wanted["Folder"] and f.partnership_id == hidden[0].partnership_id
                        and may_lie_in(model, f, ids["made"])
                    ]  # fmt: skip
                    first = hers[0] if hers else hidden[0]
                    given |= {"folder": first, **_pair(model, first, hidden[0], ids["made"])}
                row = plain_row(model, **given)
            try:
                with transaction.atomic():
                    # Without RETURNING, which would ask the policy for reading too.
                    columns = [
                        f
                        for f in model._meta.concrete_fields
                        if not f.primary_key and not isinstance(f, models.GeneratedField)
                    ]
                    model._base_manager._insert([row], fields=columns, using="default")  # type: ignore[attr-defined]
                    wrong.append(f"{user.username} may add {name} to a folder that she may not read")
            except ProgrammingError as refused:
                if "row-level security" not in str(refused):
                    raise
            except IntegrityError:
                # A wall is asked before any constraint, so one that speaks first has let the row through.
                wrong.append(f"{user.username} may add {name}, but for a constraint")
    return wrong


# What these read is not every table.
_SOME = ("loaders alone", "search", "lists", "ways alone")
SHARES = 3


def differences(
    ground: Ground, drawn: dict[str, Any], ids: dict[str, Any], *, together: bool = False
) -> list[str]:
    """Every disagreement of the two walls with each other and with the truth, in words.

    `together` also reads by the loaders behind the database's wall, as the product does: slower, and
    what both let through can only be what each lets through.
    """
    wrong: list[str] = []
    # By what the world is, so that it is the same at every run.
    turn = len(drawn["folders"]) + len(drawn["interests"])
    for number, user in enumerate(ground.users):
        if together:
            wrong += wrong_writes(ground, drawn, ids, number)
        wanted = truth(ground, drawn, ids, number)
        walls_ = [
            ("database", by_database),
            ("loaders alone", lambda ground, user: by_loaders_alone(ground, user, turn)),
            ("ways alone", by_ways_alone),
            ("search", by_search),
            ("lists", by_list),
        ]
        for wall, read in [*walls_, *([("both", by_loaders)] if together else [])]:
            found = read(ground, user)
            for name in sorted(set(found) if wall in _SOME else set(wanted) | set(found)):
                shown, meant = found.get(name, set()), wanted.get(name, set())
                if wall == "lists":
                    meant = meant - abroad(drawn, ids, name, number)
                more, less = shown - meant, meant - shown
                if more or less:
                    wrong.append(
                        f"{user.username}: {wall} shows of {name} {len(more)} too many, {len(less)} too few"
                    )
    if any(any(read(ground, None).values()) for read in (by_database, by_search, by_list)):
        wrong.append("nobody is shown something")
    return wrong
