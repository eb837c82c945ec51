"""Letters: drafted from a template, edited, checked, released or dropped.

A released letter is frozen: it stays as it left, and can be printed again but not changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person
from saferhub.releases import access
from saferhub.releases.models import LETTER_LIFECYCLE, Disclosure, Letter, LetterStatus, ReleaseCheck
from saferhub.releases.operations.release import Leaving, Reasons, Recipient, release, run_check
from saferhub.releases.rules.check import Finding, Kind, Part
from saferhub.releases.rules.letters import filled
from saferhub.sharing.access import get_matter, in_folders_readable_by
from saferhub.sharing.models import Agreement, Enclosure, Matter
from saferhub.sharing.operations.folders import check_seen, revise

FIELDS = ("title", "addressee", "address", "body")


def persons_in(actor: Actor, matter: Matter) -> Any:
    """The records of people in a matter that the actor may read."""
    inner = Enclosure.objects.filter(outer=matter.folder_id, ended_at__isnull=True).values("inner")
    return in_folders_readable_by(actor, Person.objects.all()).filter(folder__in=inner)


@transaction.atomic
def draft_letter(
    *,
    matter_id: str,
    template: str,
    by: Actor,
    on: date,
    person: str = "",
    agency: str = "",
    addressee: str = "",
    address: str = "",
) -> Letter:
    """Begin a letter in a matter, for a person in it (`person`: public_id), an agency (code) or anybody else.

    Raises Http404 for a matter not visible, NotAllowed for one that is not hers to change, Refusal for an
    unknown template or an addressee there is not.
    """
    matter = get_matter(by, matter_id)
    access.check_can_write(by, matter)
    chosen = in_force.entry(matter.partnership, "letter_templates", template, on)
    if chosen is None:
        raise Refusal("unknown_template", "Choose a kind of letter from the list.")
    to_agency = None
    if person:
        record = persons_in(by, matter).filter(public_id=person).first()
        if record is None:
            raise Refusal("unknown_person", "Choose somebody who is in this matter.")
        addressee = addressee.strip() or record.name
    elif agency:
        to_agency = Agency.objects.filter(partnership=matter.partnership, code=agency).first()
        if to_agency is None:
            raise Refusal("unknown_agency", "Choose an agency from the list.")
        addressee = addressee.strip() or to_agency.name
    elif not addressee.strip():
        raise Refusal("no_addressee", "Say whom the letter is for.")
    letter = Letter.objects.create(
        partnership_id=matter.partnership_id,
        folder_id=matter.folder_id,
        template=template,
        template_version=chosen.version_id,
        title=chosen.item.name,
        addressee=addressee.strip(),
        addressee_person=person,
        addressee_agency=to_agency,
        address=address.strip(),
        body=filled(
            chosen.item.paragraphs,
            reference=matter.reference,
            today=on,
            addressee=addressee.strip(),
            partnership=matter.partnership.name,
            hub=matter.hub.name if matter.hub else matter.unit.agency.name,
            signed_by=by.user.name if by.user else "",
            signed_post=(by.user.job_title if by.user else "") or (by.agency.name if by.agency else ""),
            contact_post=f"co-ordinator of {matter.hub.name}" if matter.hub else matter.unit.agency.name,
        ),
        by=by.public_id,
        on=on,
    )
    revise(letter, folder=matter.folder, values=values_of(letter), by=by)
    audit.record(
        "releases.letter_drafted",
        letter,
        by=by,
        purpose=matter.purpose,
        matter=matter.public_id,
        template=template,
    )
    return letter


def values_of(letter: Letter) -> dict[str, str]:
    """The fields that an edit changes."""
    return {name: getattr(letter, name) for name in FIELDS}


@transaction.atomic
def edit_letter(*, letter_id: str, values: Mapping[str, str], seen: int, by: Actor) -> Letter:
    """Change a draft. Raises Conflict `changed_meanwhile` unless `seen` is its newest version, Refusal where
    it is no draft any more or a field is empty that must not be."""
    letter, matter = _draft_for_update(letter_id, by)
    check_seen(letter, seen)
    for name, words in (("title", "Say what the letter is."), ("addressee", "Say whom the letter is for.")):
        if not str(values.get(name, "")).strip():
            raise Refusal(f"no_{name}", words)
    if not str(values.get("body", "")).strip():
        raise Refusal("no_body", "A letter without words says nothing. Write it, or drop it.")
    new = {name: str(values.get(name, "")).replace("\r\n", "\n").strip() for name in FIELDS}
    if new == values_of(letter):
        return letter
    changed = sorted(name for name, value in new.items() if value != getattr(letter, name))
    for name, value in new.items():
        setattr(letter, name, value)
    letter.version += 1
    letter.save(update_fields=[*FIELDS, "version"])
    revise(letter, folder=letter.folder, values=new, by=by)
    audit.record("releases.letter_edited", letter, by=by, purpose=matter.purpose, fields=changed)
    return letter


def _draft_for_update(letter_id: str, by: Actor) -> tuple[Letter, Matter]:
    letter = access.get_letter_for_update(by, letter_id)
    matter = access.matter_of(by, letter)
    access.check_can_write(by, matter)
    access.check_is_draft(letter)
    return letter, matter


def _check_addressee(letter: Letter, matter: Matter, by: Actor) -> None:
    """Raise Refusal `addressee_gone` where the person it is for is no longer in the matter, or hidden: the
    check would know nothing of her or him, and so would find nothing."""
    person = letter.addressee_person
    if person and not persons_in(by, matter).filter(public_id=person).exists():
        raise Refusal(
            "addressee_gone",
            f"{letter.addressee} is no longer in this matter. Drop this letter, and write to somebody who is.",
            link=reverse("letter-drop", args=[letter.public_id]),
            link_text="Drop this letter",
        )


def lacks_address(letter: Letter) -> bool:
    """Whether it does not say where it goes, as a letter to anybody but an agency must."""
    return not letter.address.strip() and letter.addressee_agency_id is None


@transaction.atomic
def drop_letter(*, letter_id: str, by: Actor) -> Letter:
    """Drop a draft. It stays in the matter as dropped."""
    letter, matter = _draft_for_update(letter_id, by)
    LETTER_LIFECYCLE.check(LetterStatus(letter.status), LetterStatus.DROPPED)
    letter.status = LetterStatus.DROPPED
    letter.save(update_fields=["status"])
    audit.record("releases.letter_dropped", letter, by=by, purpose=matter.purpose)
    return letter


def parts_of(letter: Letter) -> list[Part]:
    """Everything of a letter that its reader sees, the envelope too."""
    return [
        Part("title", "The heading", letter.title),
        Part("addressee", "The addressee line", letter.addressee),
        Part("address", "The address block", letter.address, Kind.ADDRESS),
        Part("body", "The text of the letter", letter.body),
    ]


def leaving_of(letter: Letter, data_items: tuple[str, ...] = ()) -> Leaving:
    """A letter as the release check takes it."""
    return Leaving(
        "letter", letter.public_id, letter.title, parts_of(letter), by_letter=True, data_items=data_items
    )


def recipient_of(letter: Letter) -> Recipient:
    """To whom a letter goes."""
    return Recipient(
        letter.addressee,
        agency=letter.addressee_agency,
        record=letter.addressee_person,
        address=letter.address,
    )


def check_letter(*, letter_id: str, by: Actor) -> tuple[ReleaseCheck, list[Finding]]:
    """Run the release check over a draft, without letting it go. Raises Refusal `addressee_gone`."""
    with transaction.atomic():
        letter, matter = _draft_for_update(letter_id, by)
        _check_addressee(letter, matter, by)
        return run_check(matter=matter, leaving=leaving_of(letter), recipients=[recipient_of(letter)], by=by)


def release_letter(
    *,
    letter_id: str,
    seen: int,
    purpose: str,
    gateway: str,
    necessity: str,
    by: Actor,
    agreement: Agreement | None = None,
    data_items: tuple[str, ...] = (),
    overrides: Mapping[str, str] | None = None,
) -> Disclosure:
    """Let a letter leave as it stands now, and freeze it.

    Raises Conflict `changed_meanwhile` unless `seen` is its newest version: what was read is what leaves.
    Otherwise as `release`. Not one transaction: the trace of a check that stops it stays.
    """
    letter, matter = _draft_for_update(letter_id, by)
    check_seen(letter, seen)
    _check_addressee(letter, matter, by)
    if lacks_address(letter):
        raise Refusal(
            "no_address",
            "Enter the address that the letter goes to.",
            link=reverse("letter-edit", args=[letter.public_id]),
            link_text="Change the letter",
        )

    def freeze(disclosure: Disclosure) -> None:
        LETTER_LIFECYCLE.check(LetterStatus(letter.status), LetterStatus.RELEASED)
        letter.status, letter.released_at = LetterStatus.RELEASED, disclosure.at
        letter.save(update_fields=["status", "released_at"])

    return release(
        matter=matter,
        leaving=leaving_of(letter, data_items),
        recipient=recipient_of(letter),
        reasons=Reasons(purpose, gateway, necessity, agreement),
        by=by,
        overrides=overrides,
        finish=freeze,
    )
