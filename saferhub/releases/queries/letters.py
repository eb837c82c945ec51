"""What the pages of letters read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Agency
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people.models import Person, SafeContact
from saferhub.publication.model import Document
from saferhub.releases.access import can_write, disclosures_visible_to, letters_visible_to
from saferhub.releases.models import Disclosure, Letter, LetterStatus
from saferhub.releases.operations.letters import leaving_of, persons_in, recipient_of
from saferhub.releases.queries.facts import facts_of
from saferhub.releases.rules.check import Addressee, Finding, check
from saferhub.releases.rules.letters import letter_document
from saferhub.sharing.access import in_folders_readable_by, matters_visible_to
from saferhub.sharing.models import Agreement, Enclosure, Matter
from saferhub.sharing.registries import MatterSection, SectionLink, SectionRow

PER_PAGE = 25
_TONES = {LetterStatus.DRAFT: "amber", LetterStatus.RELEASED: "good", LetterStatus.DROPPED: "quiet"}


def letters(actor: Actor, status: str = "") -> QuerySet[Letter]:
    """The letters she may see, newest first."""
    found = letters_visible_to(actor).order_by("-id")
    return found.filter(status=status) if status in LetterStatus.values else found


def matters_by_folder(actor: Actor, rows: Iterable[Letter]) -> dict[int, Matter]:
    """The matters of these letters. One query."""
    folders = {row.folder_id for row in rows}
    return {one.folder_id: one for one in matters_visible_to(actor).filter(folder__in=folders)}


def found_in(actor: Actor, letter: Letter, matter: Matter) -> list[Finding]:
    """What the release check finds now, as far as she may know it. Nothing is kept and nothing asked
    elsewhere: the letter's check does both."""
    facts = facts_of(actor, matter, on=actor.on)
    recipient = recipient_of(letter)
    addressee = Addressee(
        recipient.name, facts.key_of(recipient.record), recipient.agency is not None, recipient.address
    )
    return check(leaving_of(letter).parts, [addressee], facts.persons, by_letter=True)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool


def marked(text: str, part: str, findings: Iterable[Finding]) -> list[Piece]:
    """A part's text in pieces, with the words that were found marked."""
    spans = sorted((one.start, one.end) for one in findings if one.part == part and one.end > one.start)
    pieces, at = [], 0
    for start, end in spans:
        if end <= at:
            continue
        start = max(start, at)
        if start > at:
            pieces.append(Piece(text[at:start], False))
        pieces.append(Piece(text[start:end], True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], False))
    return pieces


@dataclass(frozen=True, slots=True)
class SafeWays:
    """How to reach the addressee safely, in words. `title` says from when, where it begins later."""

    contact: SafeContact
    never: list[str]
    title: str


def safe_contact_of(actor: Actor, letter: Letter, on: date) -> list[SafeWays]:
    """How the addressee is to be reached, if she or he is in the matter."""
    if not letter.addressee_person:
        return []
    person = (
        in_folders_readable_by(actor, Person.objects.all()).filter(public_id=letter.addressee_person).first()
    )
    return safe_ways_to(actor, person, on) if person is not None else []


def safe_ways_to(actor: Actor, person: Person, on: date) -> list[SafeWays]:
    """How a person is to be reached: what holds on that day first, then what begins later, for a letter may
    lie for days before it is opened."""
    rows = (
        in_folders_readable_by(actor, SafeContact.objects.all())
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), person=person)
        .order_by(F("valid_from").asc(nulls_first=True), "id")
    )
    kinds = {one.code: one.item.name for one in in_force.entries(actor.partnership, "safe_contact_never", on)}
    title = "How to reach her or him safely"
    return [
        SafeWays(
            row,
            [kinds.get(code, code) for code in row.never],
            f"{title}, from {date_in_words(row.valid_from)}"
            if row.valid_from and row.valid_from > on
            else title,
        )
        for row in rows
    ]


def start_choices(actor: Actor, matter: Matter) -> dict[str, list[Any]]:
    """Templates, people in the matter, agencies of the partnership."""
    return {
        "templates": [
            (one.code, one.item.name, one.item.purpose_words)
            for one in in_force.entries(actor.partnership, "letter_templates", actor.on)
        ],
        "persons": list(persons_in(actor, matter).order_by("name").values_list("public_id", "name")),
        "agencies": list(
            Agency.objects.filter(partnership=matter.partnership).order_by("name").values_list("code", "name")
        ),
    }


def release_choices(actor: Actor, matter: Matter) -> dict[str, list[tuple[str, str]]]:
    """Purposes, gateways, the agreements in force that bind her agency, kinds of data."""
    packs = in_force.sections(matter.partnership, ["purposes", "gateways", "data_items"], actor.on)
    agreements = Agreement.objects.filter(partnership=matter.partnership)
    if actor.agency is not None:
        agreements = agreements.filter(
            pk__in=Agreement.objects.binding(actor.agency.pk, actor.on).values("pk")
        )
    return {
        "purpose": [(one.code, one.item.name) for one in packs["purposes"]],
        "gateway": [(one.code, one.item.name) for one in packs["gateways"]],
        "agreement": list(agreements.order_by("title").values_list("code", "title")),
        "data_items": [(one.code, one.item.name) for one in packs["data_items"]],
    }


def agreement_chosen(matter: Matter, code: str) -> Agreement | None:
    """The agreement that a form names; None without a code. Whether it carries the release is decided by it."""
    return Agreement.objects.filter(partnership=matter.partnership, code=code).first() if code else None


def disclosure_of(actor: Actor, letter: Letter) -> Disclosure | None:
    """The disclosure that a released letter made."""
    return disclosures_visible_to(actor).filter(kind="letter", subject=letter.public_id).first()


def document_of(letter: Letter, disclosure: Disclosure | None, marking: str) -> Document:
    """A released letter as a document. `marking`: for one whose disclosure the reader may not see."""
    left_at = letter.released_at or letter.created_at
    return letter_document(
        public_id=letter.public_id,
        title=letter.title,
        addressee=letter.addressee,
        address=letter.address,
        body=letter.body,
        marking=disclosure.marking if disclosure else marking,
        on=timezone.localtime(left_at).date(),
    )


def letters_section(actor: Actor, matter: Matter) -> MatterSection | None:
    """A matter's letters, on its page."""
    rows = letters_visible_to(actor).filter(folder=matter.folder_id).exclude(status=LetterStatus.DROPPED)
    links: tuple[SectionLink, ...] = (SectionLink("All letters", reverse("letters")),)
    if can_write(actor, matter):
        links = (SectionLink("Write a letter", reverse("letter-start", args=[matter.public_id])), *links)
    return MatterSection(
        code="letters",
        title="Letters",
        rows=[
            SectionRow(
                row.title,
                reverse("letter", args=[row.public_id]),
                note=row.addressee,
                tags=((row.get_status_display(), _TONES[LetterStatus(row.status)]),),
            )
            for row in rows[:PER_PAGE]
        ],
        empty="No letter has been written.",
        columns=("Letter", "To whom"),
        links=links,
    )


def left_section(actor: Actor, matter: Matter) -> MatterSection | None:
    """What has left a matter, and the copies that left records in it, on its page."""
    purposes = {one.code: one.item.name for one in in_force.entries(actor.partnership, "purposes", actor.on)}
    inner = Enclosure.objects.filter(outer=matter.folder_id, ended_at__isnull=True).values("inner")
    rows = disclosures_visible_to(actor).filter(Q(folder=matter.folder_id) | Q(folder__in=inner))
    return MatterSection(
        code="left",
        title="What has left",
        rows=[
            SectionRow(
                row.title if row.kind == "copy" else f"{row.title}, to {row.recipient}",
                reverse("disclosure", args=[row.public_id]),
                note=purposes.get(row.purpose, row.purpose),
            )
            for row in rows[:PER_PAGE]
        ],
        empty="Nothing has left this matter.",
        columns=("What left", "For what purpose"),
    )


def beside_matters(actor: Actor) -> Iterator[NavItem]:
    """The letters of her matters, for whoever works on some."""
    if actor.has(Permission.WORK_ON_MATTERS):
        yield NavItem("Letters", reverse("letters"), "letters")


def navigation(actor: Actor) -> Iterator[NavItem]:
    """The disclosure log, for whoever answers for it."""
    if actor.has(Permission.SEE_DISCLOSURES):
        yield NavItem("Disclosures", reverse("disclosures"), "disclosures")
