"""Many whole referrals to one hub at once: what `referrals_filed` does one by one, in one statement for each table.

What all of them rest on is read once. Each is checked by itself, by the same rules, before anything is written; then
they are written together, with the same moves, versions and audit entries as one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction

from saferhub.audit import operations as audit
from saferhub.audit.operations import Change
from saferhub.casework.access.referrals import check_can_refer, check_can_write
from saferhub.casework.models import Involved, Referral, ReferralMove, ReferralStatus, Source
from saferhub.casework.queries import referral_clock
from saferhub.casework.queries.referral_ground import check_carried
from saferhub.casework.rules import referrals as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.partnership.queries import in_force
from saferhub.people.operations import many as persons
from saferhub.sharing.models import Agreement, Matter, Revision
from saferhub.sharing.operations.folders import revision_of
from saferhub.sharing.operations.many import (
    begin_matters,
    keep_revisions,
    put_all_into_hub,
    renamed,
    save_renamed,
)

from .referral_values import PersonValues, ReferralValues, rests
from .referrals_written import (
    Incomplete,
    check_choices,
    check_open_to,
    check_rests,
    move_of,
    values_of,
    write_words,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What every referral to this hub for this purpose rests on, as it holds now. `roles`: codes of the section
    case_roles; `harmed`: those of somebody harmed."""

    hub: Hub
    purpose: str
    gateway: str
    agreement: Agreement | None
    roles: frozenset[str]
    harmed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A referral that can be filed. `due_on`: by when the hub is to decide, if it is sent today."""

    values: ReferralValues
    external_key: str
    people: list[tuple[PersonValues, persons.Checked]]
    due_on: date | None


def ground_of(
    *,
    hub: Hub,
    purpose: str,
    by: Actor,
    on: date,
    gateway: str = "",
    agreement: Agreement | None = None,
) -> Ground:
    """What was named, or else the first agreement and gateway that carry it. Raises NotAllowed for who may not refer,
    and Refusal unless they carry this purpose from the actor's agency to the hub."""
    check_can_refer(by)
    check_carried(by, purpose=purpose, hub=hub)
    values = ReferralValues(
        to_hub=hub, purpose=purpose, title="", subject_kind="", gateway=gateway, agreement=agreement
    )
    gateway, agreement = rests(values, by=by)
    lying = Matter(partnership=by.partnership, unit=by.unit, hub=hub, purpose=purpose)
    check_rests(lying, hub, gateway=gateway, agreement=agreement, by=by, on=on)
    roles = in_force.entries(by.partnership, "case_roles", on)
    return Ground(
        hub=hub,
        purpose=purpose,
        gateway=gateway,
        agreement=agreement,
        roles=frozenset(one.code for one in roles),
        harmed=frozenset(one.code for one in roles if one.item.side == "harmed"),
    )


def checked(
    values: ReferralValues,
    people: Sequence[PersonValues],
    *,
    external_key: str,
    ground: Ground,
    by: Actor,
    on: date,
) -> Ready:
    """One referral, ready to be filed. Nothing is written. Raises Incomplete and Refusal as `file_referral` does.

    `people` are new records: one that is there already is put in by `file_referral`.
    """
    check_choices(values.words())
    found: list[tuple[PersonValues, persons.Checked]] = []
    for one in people:
        if one.record:
            raise ValueError("a record that is there already is put in one by one")
        if one.role not in ground.roles:
            raise Refusal("unknown_role", "Choose as what they are in this.")
        given = {"given": one.given, "family": one.family, "born_on": one.born_on}
        found.append((one, persons.checked(given, one.parts(), by=by, on=on)))
    lacks = rules.missing(
        rules.Written(
            title=values.title,
            purpose=values.purpose,
            **values.words(),
            subjects=sum(one.is_subject for one in people),
            harmed=sum(one.role in ground.harmed for one in people),
        )
    )
    if lacks:
        raise Incomplete(lacks)
    # As it will stand once it is sent; never saved.
    sent = Referral(partnership=by.partnership, urgent=values.urgent, sent_on=on)
    return Ready(values, external_key, found, referral_clock.due_on(sent, []))


def known_keys(keys: Sequence[str], *, by: Actor) -> set[str]:
    """Those under which the actor's unit filed something that stands, also if it was restricted since. One query."""
    if by.unit is None:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM unnest(%s::text[]) AS key"
            " WHERE EXISTS (SELECT FROM gate.referral_filed(%s, key, ''))",
            [list(keys), by.unit.pk],
        )
        return {key for (key,) in cursor.fetchall()}


@transaction.atomic
def file_all(
    ready: Sequence[Ready], *, ground: Ground, source: Source, by: Actor, on: date
) -> list[Referral]:
    """Write and send them all, in their order. Some twenty queries, however many they are. No mail is sent.

    Their keys are known to be new (`known_keys`), under a lock that keeps anybody else from filing the same.
    """
    matters = begin_matters(
        [one.values.title for one in ready],
        kind="referral",
        purpose=ground.purpose,
        by=by,
        on=on,
        named_for=ground.hub,
        lead=by.user,
    )
    referrals = [
        _started(matter, one, ground, source, by) for matter, one in zip(matters, ready, strict=True)
    ]
    revisions: list[Revision] = []
    changes: list[list[Change]] = []
    for referral, one in zip(referrals, ready, strict=True):
        changes.append(_written(referral, one, revisions, ground=ground, by=by))
        referral.status, referral.gateway, referral.agreement = (
            ReferralStatus.SENT, ground.gateway, ground.agreement,
        )  # fmt: skip
        referral.sent_on, referral.sent_at, referral.due_on = on, clock.now(), one.due_on
        referral.version += 1
        revisions.append(_revision(referral, by))
    Referral.objects.bulk_create(referrals)
    ReferralMove.objects.bulk_create(
        move_of(referral, before, after, by=by, on=on)
        for referral in referrals
        for before, after in (("", ReferralStatus.DRAFT), (ReferralStatus.DRAFT, ReferralStatus.SENT))
    )
    keep_revisions(revisions)
    _involve_all(referrals, ready, changes, by=by, on=on)
    put_all_into_hub(matters, ground.hub)
    for referral in referrals:
        referral.hub = ground.hub  # as the database has it now
    for referral, told in zip(referrals, changes, strict=True):
        told.append(_sent(referral, ground))
    audit.record_many([entry for told in changes for entry in told], by=by)
    return referrals


@dataclass(slots=True)
class Following:
    """Referrals that wait and follow the sheet or the system that brought them: gathered one by one, then kept
    together, as `save_part` keeps each. `by`: who writes them, of the unit whose they are."""

    by: Actor
    _referrals: list[Referral] = field(default_factory=list)
    _matters: list[Matter] = field(default_factory=list)
    _revisions: list[Revision] = field(default_factory=list)
    _fields: set[str] = field(default_factory=set)
    _told: list[Change] = field(default_factory=list)

    def add(self, referral: Referral, values: Mapping[str, Any]) -> None:
        """Let one say this: any of `rules.WORDS`, and `title`. It is locked, with its matter at hand. Raises
        NotAllowed, and Refusal `sent_already` once it is decided or as `check_choices` does."""
        check_can_write(self.by, referral)
        check_open_to(referral, values)
        before, matter = values_of(referral), referral.matter
        write_words(referral, values)
        if revision := renamed(matter, str(values.get("title", matter.title)), by=self.by):
            self._matters.append(matter)
            self._revisions.append(revision)
        changed = sorted(name for name, value in values_of(referral).items() if before[name] != value)
        if not changed:
            return
        referral.version += 1
        self._referrals.append(referral)
        self._revisions.append(_revision(referral, self.by))
        self._fields.update(changed)
        codes = {"fields": changed, "version": referral.version}
        self._told.append(Change("referral.saved", matter, matter.purpose, codes))

    def keep(self) -> None:
        """Keep what was gathered. Four queries, and one for all entries."""
        if not self._referrals:
            return
        save_renamed(self._matters)
        Referral.objects.bulk_update(self._referrals, sorted((self._fields - {"title"}) | {"version"}))
        keep_revisions(self._revisions)
        audit.record_many(self._told, by=self.by)


def _started(matter: Matter, one: Ready, ground: Ground, source: Source, by: Actor) -> Referral:
    return Referral(
        partnership_id=matter.partnership_id,
        folder=matter.folder,
        matter=matter,
        unit=matter.unit,
        to_hub=ground.hub,
        source=source,
        subject_kind=one.values.subject_kind,
        external_key=one.external_key,
        referrer_name=one.values.referrer_name,
        referrer_contact=one.values.referrer_contact,
        written_by=by.user,
    )


def _written(
    referral: Referral, one: Ready, revisions: list[Revision], *, ground: Ground, by: Actor
) -> list[Change]:
    """Fill in what it says, with its first two versions and their entries."""
    matter = referral.matter
    revisions.append(_revision(referral, by))
    begun = {"hub": ground.hub.code, "source": str(referral.source)}
    found = [Change("referral.started", matter, ground.purpose, begun)]
    before = values_of(referral)
    for name, value in one.values.words().items():
        setattr(referral, name, bool(value) if name == "urgent" else str(value or ""))
    changed = sorted(name for name, value in values_of(referral).items() if before[name] != value)
    if changed:
        referral.version += 1
        revisions.append(_revision(referral, by))
        saved = {"fields": changed, "version": referral.version}
        found.append(Change("referral.saved", matter, ground.purpose, saved))
    return found


def _revision(referral: Referral, by: Actor) -> Revision:
    return revision_of(referral, folder=referral.folder, values=values_of(referral), by=by)


def _involve_all(
    referrals: Sequence[Referral],
    ready: Sequence[Ready],
    changes: list[list[Change]],
    *,
    by: Actor,
    on: date,
) -> None:
    """Record who is in each, and as what; see `involving.involve`."""
    whom = [(number, values, found) for number, one in enumerate(ready) for values, found in one.people]
    if not whom:
        return
    recorded = persons.record_persons(
        [(referrals[number].matter, found) for number, _, found in whom], by=by, on=on
    )
    rows: list[Involved] = []
    for (number, values, _), (person, told) in zip(whom, recorded, strict=True):
        matter = referrals[number].matter
        rows.append(
            Involved(
                partnership_id=matter.partnership_id,
                folder_id=matter.folder_id,
                matter=matter,
                person=person,
                role=values.role,
                is_subject=values.is_subject,
                by=by.public_id,
                on=on,
            )
        )
        codes = {"record": person.public_id, "role": values.role, "is_subject": values.is_subject or None}
        changes[number] += [*told, Change("casework.involved", matter, matter.purpose, codes)]
    Involved.objects.bulk_create(rows)


def _sent(referral: Referral, ground: Ground) -> Change:
    codes = {
        "hub": ground.hub.code,
        "gateway": ground.gateway,
        "agreement": ground.agreement.code if ground.agreement else "",
        "urgent": referral.urgent or None,
        "source": str(referral.source),
    }
    return Change("referral.sent", referral.matter, ground.purpose, codes)


__all__ = ["Following", "Ground", "Ready", "checked", "file_all", "ground_of", "known_keys"]
