"""The kinds of parts a record has: which fields, what is asked of them, what is worked out from them.

`clean` takes what somebody entered and returns the columns to store, or raises Refusal with a code that
names the field at fault (`FIELD_OF`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people import access
from saferhub.people.models import (
    Address,
    CommunicationNeed,
    ContactPoint,
    EqualityAnswer,
    Identifier,
    Name,
    Relationship,
    SafeContact,
    StaffRisk,
)
from saferhub.people.rules import keys

Values = dict[str, Any]
UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class PartKind:
    """One kind of part. `fields`: what is entered, beside the dates; `section`: of the packs, for `code`."""

    slug: str
    model: Any
    noun: str
    title: str
    fields: tuple[str, ...]
    clean: Callable[[Values, Actor, Any], Values]
    section: str = ""
    code: str = "kind"
    of_places: bool = False
    of_persons: bool = True


def _item(section: str, code: str, by: Actor, name: str = "kind") -> Any:
    found = in_force.entry(by.partnership, section, code, by.on) if code else None
    if found is None:
        raise Refusal(f"unknown_{name}", "Choose one from the list.")
    return found.item


def _text(values: Mapping[str, Any], *names: str) -> Values:
    return {name: str(values.get(name) or "").strip() for name in names}


def _name(values: Values, by: Actor, owner: Any) -> Values:
    _item("name_kinds", values["kind"], by)
    found = _text(values, "given", "family")
    if not any(found.values()):
        raise Refusal("name_missing", "Enter a given name, a family name or both.")
    return {**found, "kind": values["kind"], "is_main": bool(values.get("is_main"))}


def _identifier(values: Values, by: Actor, owner: Any) -> Values:
    item = _item("identifier_kinds", values["kind"], by)
    value = str(values.get("value") or "").strip()
    if not value:
        raise Refusal("value_missing", "Enter the number or reference.")
    if not item.fits(value):
        raise Refusal("value_wrong", f"{item.name}: {item.hint}. Check what you entered.")
    return {"kind": values["kind"], "value": value, "key": keys.identifier_key(value)}


def _contact(values: Values, by: Actor, owner: Any) -> Values:
    item = _item("contact_kinds", values["kind"], by)
    value = str(values.get("value") or "").strip()
    if item.form == "email":
        if not keys.is_email(value):
            raise Refusal("value_wrong", "Enter an e-mail address in the form name@example.org.")
        key = keys.email_key(value)
    else:
        if not keys.is_telephone(value):
            raise Refusal("value_wrong", "Enter a telephone number, like 01632 960118 or +44 7700 900118.")
        key = keys.telephone_key(value)
    return {
        "kind": values["kind"],
        "value": value,
        "key": key,
        "is_protected": bool(values.get("is_protected")),
        **_text(values, "note"),
    }


def _address(values: Values, by: Actor, owner: Any) -> Values:
    item = _item("address_kinds", values["kind"], by)
    found = _text(values, "lines", "postcode", "uprn")
    if not found["lines"]:
        raise Refusal("lines_missing", "Enter the address.")
    if found["postcode"]:
        if not keys.is_postcode(found["postcode"]):
            raise Refusal("postcode_wrong", "Enter a whole postcode, like ZZ99 3WZ, or leave it empty.")
        found["postcode"] = keys.postcode(found["postcode"])
    if found["uprn"] and not (
        found["uprn"].isascii() and found["uprn"].isdigit() and len(found["uprn"]) <= 12
    ):
        raise Refusal("uprn_wrong", "The property reference has up to 12 digits and nothing else.")
    return {
        **found,
        "kind": values["kind"],
        "key": keys.address_key(found["lines"], found["postcode"]),
        # A refuge is protected whatever anybody ticks.
        "is_protected": bool(values.get("is_protected")) or item.protected,
    }


def _equality(values: Values, by: Actor, owner: Any) -> Values:
    item = _item("equality_characteristics", values["characteristic"], by, "characteristic")
    if values.get("answer") not in [answer.id for answer in item.answers]:
        raise Refusal("unknown_answer", f"{item.name} has no such answer. Choose one that belongs to it.")
    return {
        "characteristic": values["characteristic"],
        "answer": values["answer"],
        **_text(values, "own_words"),
    }


def _communication(values: Values, by: Actor, owner: Any) -> Values:
    _item("communication_needs", values["kind"], by)
    return {"kind": values["kind"], **_text(values, "words")}


def _staff_risk(values: Values, by: Actor, owner: Any) -> Values:
    _item("staff_risks", values["kind"], by)
    found = _text(values, "words", "instruction")
    if not found["words"]:
        raise Refusal("words_missing", "Say what is known of the risk, and how it is known.")
    return {"kind": values["kind"], **found, "review_on": values.get("review_on")}


def _safe_contact(values: Values, by: Actor, owner: Any) -> Values:
    never = list(values.get("never") or [])
    known = {one.code for one in in_force.entries(by.partnership, "safe_contact_never", by.on)}
    if set(never) - known:
        raise Refusal("unknown_never", "Choose from the list what is never to be used.")
    found = _text(values, "numbers", "times", "unsafe_addresses", "must_not_know", "note")
    if not never and not any(found.values()):
        raise Refusal("nothing_said", "Say at least one thing about how to reach this person safely.")
    return {**found, "never": never}


def _relationship(values: Values, by: Actor, owner: Any) -> Values:
    item = _item("relationship_kinds", values["kind"], by)
    found = _text(values, "other_name", "note")
    given = str(values.get("other") or "").strip()
    if bool(given) == bool(found["other_name"]):
        raise Refusal("other_missing", "Choose a record or enter a name: one of the two.")
    other = access.get_person(by, given) if given else None
    if other is not None and other.pk == owner.pk:
        raise Refusal("other_is_oneself", "Nobody has a relationship with herself or himself.")
    return {
        **found,
        "kind": values["kind"],
        "group": item.group,
        "other": other,
        "must_not_know": bool(values.get("must_not_know")),
    }


KINDS: dict[str, PartKind] = {
    kind.slug: kind
    for kind in (
        PartKind("staff-risk", StaffRisk, "a risk to staff", "Risk to staff",
                 ("kind", "words", "instruction", "review_on"), _staff_risk, "staff_risks"),
        PartKind("safe-contact", SafeContact, "how to reach this person safely", "Safe contact",
                 ("numbers", "times", "never", "unsafe_addresses", "must_not_know", "note"), _safe_contact),
        PartKind("name", Name, "a name", "Name", ("kind", "given", "family", "is_main"), _name, "name_kinds"),
        PartKind("address", Address, "an address", "Address",
                 ("kind", "lines", "postcode", "uprn", "is_protected"), _address, "address_kinds",
                 of_places=True),
        PartKind("contact", ContactPoint, "a telephone number or e-mail address", "Telephone or e-mail",
                 ("kind", "value", "is_protected", "note"), _contact, "contact_kinds"),
        PartKind("relationship", Relationship, "a relationship", "Relationship",
                 ("kind", "other", "other_name", "must_not_know", "note"), _relationship, "relationship_kinds"),
        PartKind("identifier", Identifier, "a number or reference", "Number or reference",
                 ("kind", "value"), _identifier, "identifier_kinds"),
        PartKind("equality", EqualityAnswer, "an answer on equality", "Answer on equality",
                 ("characteristic", "answer", "own_words"), _equality, "equality_characteristics",
                 "characteristic"),
        PartKind("communication", CommunicationNeed, "a communication need", "Communication need",
                 ("kind", "words"), _communication, "communication_needs"),
    )
}  # fmt: skip
# Beside which field of the form a refusal stands.
FIELD_OF = {
    "unknown_kind": "kind",
    "unknown_characteristic": "characteristic",
    "unknown_answer": "answer",
    "unknown_never": "never",
    "name_missing": "given",
    "value_missing": "value",
    "value_wrong": "value",
    "lines_missing": "lines",
    "postcode_wrong": "postcode",
    "uprn_wrong": "uprn",
    "words_missing": "words",
    "nothing_said": "numbers",
    "other_missing": "other_name",
    "other_is_oneself": "other",
    "dates_out_of_order": "valid_until",
    "last_day_early": "last_day",
    "main_name_needed": "is_main",
    "born_in_future": "born",
    "born_after_death": "died_on",
    "died_in_future": "died_on",
}


def dates(values: Values, stored: Any = None) -> Values:
    """The two days. Raises Refusal when the last is before the first, unless the part is `stored` so: another
    took its place before it held."""
    first, last = values.get("valid_from"), values.get("valid_until")
    if stored is not None and (first, last) == (stored.valid_from, stored.valid_until):
        return {"valid_from": first, "valid_until": last}
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise Refusal("dates_out_of_order", "The last day cannot be before the first.")
    return {"valid_from": first, "valid_until": last}


def kept(part: Any, kind: PartKind) -> Values:
    """What history keeps of a part: every field, as text that disposal can erase."""
    found: Values = {}
    for name in (*kind.fields, "valid_from", "valid_until"):
        try:
            value = getattr(part, name)
        except ObjectDoesNotExist:  # A record that whoever edits may not see.
            value = UNSEEN
        if isinstance(value, date):
            value = value.isoformat()
        elif hasattr(value, "public_id"):
            value = value.public_id
        found[name] = value
    return found
