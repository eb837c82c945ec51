"""A whole referral at once, for ways in other than the pages: spreadsheets, other systems, links.

The caller has read and cleaned what came in, and acts for somebody who belongs to the referring unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from saferhub.casework.access import referrals_visible_to
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import Referral, Source
from saferhub.casework.queries.referral_ground import rests_on
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.people.access import get_person
from saferhub.people.models import Person
from saferhub.people.operations.persons import record_person
from saferhub.sharing.access.matters import check_can_put_in
from saferhub.sharing.models import Agreement

from .involving import involve
from .referrals_written import Incomplete, save_part, send_referral, start_referral


@dataclass(frozen=True, slots=True)
class ReferralValues:
    """What a referral says. Codes are those of the packs and of `SubjectKind`; texts are kept as given.

    `gateway` and `agreement` may be left out: then the first that carry the purpose from the sender's agency to
    the hub are taken. `children`: yes, no, not_known; `told`: yes, no. `referrer_name` and `referrer_contact`:
    of a sender who has no account.
    """

    to_hub: Hub
    purpose: str
    title: str
    subject_kind: str
    happened: str = ""
    where: str = ""
    tried: str = ""
    asked_for: str = ""
    children: str = ""
    children_words: str = ""
    wishes: str = ""
    told: str = ""
    not_told_why: str = ""
    urgent: bool = False
    urgent_why: str = ""
    gateway: str = ""
    agreement: Agreement | None = None
    referrer_name: str = ""
    referrer_contact: str = ""

    def words(self) -> dict[str, Any]:
        """What stands on the referral itself."""
        return {name: getattr(self, name) for name in rules.WORDS}


@dataclass(frozen=True, slots=True)
class PersonValues:
    """Somebody in the referral, and as what (`role`: code of the section case_roles).

    Either `record`, the public_id of a record of the sender's own unit that is put in as it is, or the rest, of
    which a new record is made in the sender's name. `telephone` and `email` are kept as ways of contact; the
    caller asks for safe contact nowhere else.
    """

    role: str
    is_subject: bool = False
    record: str = ""
    given: str = ""
    family: str = ""
    born_on: date | None = None
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""

    def parts(self) -> list[tuple[str, dict[str, Any]]]:
        """Address and ways of contact, as parts of the record (see `people.operations.part_kinds`)."""
        found: list[tuple[str, dict[str, Any]]] = []
        if self.address.strip():
            found.append(("address", {"kind": "home", "lines": self.address, "postcode": self.postcode}))
        if self.telephone.strip():
            found.append(("contact", {"kind": "telephone", "value": self.telephone}))
        if self.email.strip():
            found.append(("contact", {"kind": "email", "value": self.email}))
        return found


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


def rests(values: ReferralValues, *, by: Actor) -> tuple[str, Agreement | None]:
    """What was named, or else the first that carries it. Raises Refusal `does_not_rest`."""
    if values.gateway:
        return values.gateway, values.agreement
    offered = rests_on(by, purpose=values.purpose, hub=values.to_hub)
    if values.agreement is not None:
        offered = [one for one in offered if one.agreement == values.agreement]
    if not offered:
        raise Refusal(
            "does_not_rest",
            f"No sharing agreement and legal gateway carry this purpose to {values.to_hub.name}.",
        )
    return offered[0].gateway, offered[0].agreement


__all__ = [
    "Filed",
    "Incomplete",
    "PersonValues",
    "ReferralValues",
    "file_referral",
    "filed_as",
    "filed_before",
]
