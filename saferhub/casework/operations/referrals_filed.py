"""A whole referral at once, for ways in other than the pages: spreadsheets, other systems, links.

The caller has read and cleaned what came in, and acts for somebody who belongs to the referring unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from saferhub.casework.access import referrals_visible_to
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import Referral, Source
from saferhub.foundation.one_page import one_page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.people.access import get_person
from saferhub.people.models import Person
from saferhub.people.operations.persons import record_person
from saferhub.sharing.access.matters import check_can_put_in

from .involving import involve
from .referral_values import PersonValues, ReferralValues, rests
from .referrals_many import checked, file_all, ground_of
from .referrals_written import Incomplete, save_part, send_referral, start_referral, tell_hub


@transaction.atomic
def file_referral(
    *,
    values: ReferralValues,
    people: Sequence[PersonValues],
    by: Actor,
    on: date,
    source: Source,
    external_key: str = "",
    tells: bool = True,
) -> Referral:
    """Write and send a referral in one go. All of it is kept, or nothing.

    `external_key`: a keyed hash of the sender's own number. Filed again by the same unit with the same key, it is
    the referral that stands already, unchanged; `save_part` brings later changes while it waits. One that was
    withdrawn stands no longer.
    `tells`: whether the hub's co-ordinators get a mail, which a sheet of thousands sends once by itself.

    Raises Incomplete, whose `missing` names each field that lacks something; Refusal for a purpose that nothing
    carries to the hub, an unknown role, a wrong postcode, telephone or e-mail (codes of
    `people.operations.part_kinds`), and `sent_before` where the one that stands is not the sender's to see; Http404
    for a record that is not the sender's to see, and NotAllowed for one that is not its own.
    """
    check_can_refer(by)
    if external_key:
        known = filed_before(external_key, by=by)
        if known is not None:
            return _seen(known, by=by)
    if any(one.record for one in people):
        return step_by_step(
            values=values, people=people, by=by, on=on, source=source, external_key=external_key, tells=tells
        )
    # Before anything is written, so what packs and agreements say is asked once.
    with one_page():
        ground = ground_of(
            hub=values.to_hub,
            purpose=values.purpose,
            by=by,
            on=on,
            gateway=values.gateway,
            agreement=values.agreement,
        )
        ready = checked(values, people, external_key=external_key, ground=ground, by=by, on=on)
    [referral] = file_all([ready], ground=ground, source=source, by=by, on=on)
    if tells:
        tell_hub(referral, "waits for a decision", on=on)
    return referral


@transaction.atomic
def step_by_step(
    *,
    values: ReferralValues,
    people: Sequence[PersonValues],
    by: Actor,
    on: date,
    source: Source,
    external_key: str,
    tells: bool,
) -> Referral:
    """The same by the operations of the pages, one after the other. Raises as `file_referral` does, and looks for no
    other under its key.

    It is needed where a record is put in that is there already: whether it may be put in, and what it is enclosed in,
    is asked of the matter as it lies in the database, which `file_all` writes only once every row of its sheet is
    checked. And it is what `file_all` is held to: both leave the same.
    """
    referral = start_referral(
        to_hub=values.to_hub,
        purpose=values.purpose,
        title=values.title,
        subject_kind=values.subject_kind,
        source=source,
        by=by,
        on=on,
    )
    referral.external_key = external_key
    referral.referrer_name, referral.referrer_contact = values.referrer_name, values.referrer_contact
    referral.save(update_fields=["external_key", "referrer_name", "referrer_contact"])
    matter_id = referral.matter.public_id
    save_part(referral_id=matter_id, values=values.words(), seen=referral.version, by=by, on=on)
    for one in people:
        involve(
            matter=referral.matter,
            person=_record(referral, one, by=by, on=on),
            role=one.role,
            is_subject=one.is_subject,
            by=by,
            on=on,
        )
    gateway, agreement = rests(values, by=by)
    return send_referral(
        referral_id=matter_id, gateway=gateway, agreement=agreement, by=by, on=on, tells=tells
    )


@dataclass(frozen=True, slots=True)
class Filed:
    """What a unit was told when it filed a referral: its matter's public_id, its reference, and the day."""

    public_id: str
    reference: str
    sent_on: date | None


def filed_before(external_key: str, *, by: Actor) -> Filed | None:
    """What this unit filed under this key, also if it was restricted since. Two that file the same at one moment
    take turns here."""
    if by.unit is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(%s, 0))",
            [f"referral {by.unit.pk} {external_key}"],
        )
    return _filed(external_key, "", by=by)


def filed_as(public_id: str, *, by: Actor) -> Filed | None:
    """What this unit was told of a referral that it filed, by the matter's public_id."""
    return _filed("", public_id, by=by)


def _filed(external_key: str, public_id: str, *, by: Actor) -> Filed | None:
    if by.unit is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT receipt, reference, sent_on FROM gate.referral_filed(%s, %s, %s)",
            [by.unit.pk, external_key, public_id],
        )
        found = cursor.fetchone()
    return Filed(*found) if found else None


def _seen(filed: Filed, *, by: Actor) -> Referral:
    rows = referrals_visible_to(by).filter(matter__public_id=filed.public_id)
    found = rows.select_related("matter", "to_hub", "folder").first()
    if found is None:
        raise Refusal("sent_before", f"A referral with this number was sent before: {filed.reference}.")
    return found


def _record(referral: Referral, one: PersonValues, *, by: Actor, on: date) -> Person:
    if one.record:
        person = get_person(by, one.record)
        check_can_put_in(by, referral.matter, person.folder.public_id)
        return person
    return record_person(
        matter_id=referral.matter.public_id,
        values={"given": one.given, "family": one.family, "born_on": one.born_on},
        parts=one.parts(),
        by=by,
        on=on,
    )


__all__ = [
    "Filed",
    "Incomplete",
    "PersonValues",
    "ReferralValues",
    "file_referral",
    "filed_as",
    "filed_before",
    "step_by_step",
]
