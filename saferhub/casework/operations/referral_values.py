"""What a whole referral says, for ways in other than the pages, and on what it rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from saferhub.casework.queries.referral_ground import rests_on
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.models import Agreement


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
