"""The parts of a record one by one, the history of its edits, and the copy for the person herself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people import access
from saferhub.people.models import Person, Place
from saferhub.people.operations.part_kinds import KINDS, PartKind
from saferhub.people.rules import births
from saferhub.sharing.access import in_folders_readable_by
from saferhub.sharing.models import Revision

from .person_page import is_current
from .words import PackWords, pack_words

MOST_REVISIONS = 200


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in words."""

    part: Any
    slug: str
    title: str
    value: str
    note: str
    tags: list[tuple[str, str]]
    is_current: bool
    is_ended: bool
    can_end: bool
    is_own: bool = True  # else it lies in another's record and is corrected there
    is_protected: bool = False  # not printed

    @property
    def is_replaced(self) -> bool:
        """Whether another took its place before it held for a whole day."""
        first, last = self.part.valid_from, self.part.valid_until
        return first is not None and last is not None and last < first


@dataclass(frozen=True, slots=True)
class PartGroup:
    slug: str
    title: str
    rows: list[PartRow] = field(default_factory=list)


# In the order of the page; what stands on the first page (risk, safe contact, relationships) comes too, so
# that it can be corrected there.
ORDER = (
    "staff-risk", "safe-contact", "name", "address", "contact", "identifier", "relationship",
    "communication", "equality",
)  # fmt: skip


def part_groups(
    actor: Actor, owner: Person | Place, words: PackWords, *, show: bool = False
) -> list[PartGroup]:
    """All parts of one record, current ones first. One query for each kind.

    `show`: numbers that are sensitive are shown whole, which the caller logs.
    """
    column = "person" if isinstance(owner, Person) else "place"
    found = []
    for slug in ORDER:
        kind = KINDS[slug]
        if column == "place" and not kind.of_places:
            continue
        rows = list(access.LOADERS[kind.model](actor).filter(**{column: owner}))
        rows.sort(
            key=lambda one: (
                not is_current(one, actor.on),
                -(one.valid_from or date.min).toordinal(),
                -one.pk,
            )
        )
        if slug == "staff-risk":
            rows.sort(key=lambda one: (not is_current(one, actor.on), words.severity(one.kind)))
        told = [part_row(actor, kind, one, words, show=show) for one in rows]
        if slug == "relationship" and isinstance(owner, Person):
            told += _held_by_others(actor, kind, owner, words)
            told.sort(key=lambda row: not row.is_current)
        found.append(PartGroup(slug, kind.title, told))
    return found


def _held_by_others(actor: Actor, kind: PartKind, owner: Person, words: PackWords) -> list[PartRow]:
    """Relationships to this person that lie in other records the reader may see, read from this one's side."""
    rows = list(access.relationships_visible_to(actor).filter(other=owner).select_related("person"))
    agencies = agency_names((row.person.agency for row in rows), actor) if rows else {}
    found = []
    for row in rows:
        item = words.item("relationship_kinds", row.kind)
        code = str(item.inverse) if item is not None else row.kind
        gave = agencies.get(row.person.agency, row.person.agency)
        found.append(
            PartRow(
                row, kind.slug, words.name(kind.section, code),
                f"{owner.name} {words.between(code)} {row.person.name}",
                f"Recorded with {row.person.name}, by {gave}",
                [("Must not learn about the other", "violet")] if row.must_not_know else [],
                is_current(row, actor.on), row.valid_until is not None, False, is_own=False,
            )
        )  # fmt: skip
    return found


def part_row(actor: Actor, kind: PartKind, part: Any, words: PackWords, *, show: bool = False) -> PartRow:
    """One part in words. A relationship to a record that the reader may not see keeps its name back."""
    title = words.name(kind.section, getattr(part, kind.code)) if kind.section else kind.title
    value, note, tags = _said(actor, kind.slug, part, words, show=show)
    current = is_current(part, actor.on)
    return PartRow(
        part, kind.slug, title, value, note, tags, current, part.valid_until is not None,
        part.valid_until is None and not getattr(part, "is_main", False),
        is_protected=bool(getattr(part, "is_protected", False)),
    )  # fmt: skip


def _said(
    actor: Actor, slug: str, part: Any, words: PackWords, *, show: bool
) -> tuple[str, str, list[tuple[str, str]]]:
    tags: list[tuple[str, str]] = []
    if getattr(part, "is_protected", False):
        tags.append(("Protected", "violet"))
    if getattr(part, "must_not_know", False) is True:
        tags.append(("Must not know", "violet"))
    if slug == "name":
        return part.full, "", [("In use", "petrol")] if part.is_main else []
    if slug == "address":
        return part.one_line, f"Property reference {part.uprn}" if part.uprn else "", tags
    if slug == "identifier":
        item = words.item("identifier_kinds", part.kind)
        hidden = item is not None and item.sensitive and not show
        return (f"•••• {part.value[-3:]}" if hidden else part.value), "", tags
    if slug == "contact":
        return part.value, part.note, tags
    if slug == "equality":
        return words.answer(part.characteristic, part.answer), part.own_words, tags
    if slug == "communication":
        return part.words, "", tags
    if slug == "staff-risk":
        return part.words, part.instruction, tags
    if slug == "relationship":
        seen = access.persons_visible_to(actor).filter(pk=part.other_id).first() if part.other_id else None
        other = seen.name if seen else part.other_name or "someone you may not see"
        # A note beside somebody whom the reader may not see would say who it is.
        note = part.note if seen or not part.other_id else ""
        return f"{part.person.name} {words.between(part.kind)} {other}", note, tags
    never = ", ".join(words.name("safe_contact_never", code) for code in part.never).lower()
    said = [
        f"{label}: {text}"
        for label, text in (
            ("Use", part.numbers), ("When", part.times), ("Never", never),
            ("Unsafe", part.unsafe_addresses), ("Must not know", part.must_not_know),
        )
        if text
    ]  # fmt: skip
    return "\n".join(said), part.note, [tag for tag in tags if tag[0] != "Must not know"]


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One edit: what it was about, who made it, and each field with what stood before and after."""

    title: str
    by: str
    agency: str
    at: datetime
    is_first: bool
    changes: list[tuple[str, str, str]]
    is_protected: bool  # of an address or a number that is or was protected: not printed
    reason: str


_LABELS = {
    "born_on": "Born", "died_on": "Died", "sex": "Sex", "language": "Language",
    "kind": "Kind", "given": "Given name", "family": "Family name", "is_main": "In use", "value": "Value",
    "lines": "Address", "postcode": "Postcode", "uprn": "Property reference", "is_protected": "Protected",
    "valid_from": "From", "valid_until": "Until", "words": "Words", "instruction": "What to do",
    "review_on": "Look at again", "numbers": "Safe numbers", "times": "Safe times", "never": "Never",
    "unsafe_addresses": "Unsafe addresses", "must_not_know": "Must not know", "note": "Note",
    "characteristic": "Question", "answer": "Answer", "own_words": "Own words", "other": "Record",
    "other_name": "Name", "name": "Name", "about": "About",
}  # fmt: skip
_RECORDS = {"people.place": "Name, kind and description"}
_KINDS = {kind.model._meta.label_lower: kind for kind in KINDS.values()}


def history(actor: Actor, owner: Person | Place) -> list[RevisionRow]:
    """The edits of a record and its parts, newest first. A record elsewhere that a relationship names is left
    out, because this reader may not see it, and so is the note beside it; sensitive numbers stay covered."""
    rows = list(
        in_folders_readable_by(actor, Revision.objects.filter(folder=owner.folder_id))
        .filter(kind__startswith="people.")
        .order_by("-id")[:MOST_REVISIONS]
    )
    words = pack_words(actor)
    names = names_of((row.by for row in rows), actor)
    agencies = agency_names((row.agency for row in rows), actor)
    shielded = {(row.kind, row.subject) for row in rows if row.values.get("is_protected")}
    others = {str(row.values["other"]) for row in rows if row.values.get("other")}
    seen = (
        set(access.persons_visible_to(actor).filter(public_id__in=others).values_list("public_id", flat=True))
        if others
        else set()
    )
    before: dict[tuple[str, str], dict[str, str]] = {}
    told: list[RevisionRow] = []
    for row in reversed(rows):
        last = before.get((row.kind, row.subject), {})
        kind = _KINDS.get(row.kind)
        now = _told(kind, row.values, words)
        if row.values.get("other") and row.values["other"] not in seen:
            now.pop("note", None)
        verb = "changed" if (row.kind, row.subject) in before or row.number > 1 else "recorded"
        told.append(
            RevisionRow(
                f"{kind.title if kind else _RECORDS.get(row.kind, 'Birth and other facts')} {verb}",
                names.get(row.by, ""),
                agencies.get(row.agency, ""),
                row.at,
                verb == "recorded",
                [
                    (_LABELS.get(name, name), last.get(name, ""), text)
                    for name, text in now.items()
                    if last.get(name, "") != text
                ],
                (row.kind, row.subject) in shielded,
                str(row.values.get("reason", "")),
            )
        )
        before[row.kind, row.subject] = now
    return told[::-1]


def _told(kind: PartKind | None, values: dict[str, Any], words: PackWords) -> dict[str, str]:
    """What a revision kept, in words and in the order of the form."""
    order = (*kind.fields, "valid_from", "valid_until") if kind else tuple(values)
    found = {name: _plain(values.get(name)) for name in order if name not in ("other", "reason")}
    if kind is None:
        if "born_on" in found:
            day = date.fromisoformat(values["born_on"]) if values.get("born_on") else None
            found["born_on"] = births.born_words(day, str(found.pop("born_precision", "")))
        if "kind" in found:
            found["kind"] = words.name("place_kinds", found["kind"])
        return found
    code = str(values.get(kind.code) or "")
    if kind.section and code:
        found[kind.code] = words.name(kind.section, code)
    if kind.slug == "relationship" and code:
        found[kind.code] = words.between(code)
    if kind.slug == "equality":
        found["answer"] = words.answer(code, str(values.get("answer") or ""))
    item = words.item(kind.section, code) if kind.slug == "identifier" else None
    if item is not None and item.sensitive:
        found["value"] = f"•••• {found['value'][-3:]}"
    if kind.slug == "safe-contact":
        found["never"] = ", ".join(words.name("safe_contact_never", one) for one in values.get("never") or [])
    return found


def _plain(value: Any) -> str:
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    text = ", ".join(line.strip() for line in str(value).splitlines() if line.strip())
    if len(text) == 10 and text[4:5] == "-" and text[7:8] == "-":
        return date_in_words(date.fromisoformat(text))
    return text


# --- The copy for the person herself -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CopyRow:
    """One line of a copy. `slug` and `part_id`: the part of the record it comes from, "" for birth and other
    facts, which are corrected together. `is_former`: an address or a number that is the person's no more."""

    label: str
    text: str
    slug: str = ""
    part_id: str = ""
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class PersonCopy:
    """What a person may have of one record, in words and in the order of a letter.

    `sections`: title → rows. `left_out`: what the record holds beyond that, in words without naming anybody.
    """

    person: Person
    agency: str
    sections: list[tuple[str, list[CopyRow]]]
    left_out: list[str]


def copy_for_the_person(actor: Actor, person: Person) -> PersonCopy:
    """Everything that this record holds about the person and that she may have.

    Left out: other people (relationships, whoever must not know, whose number it is said to be), and what is
    held to protect staff, which whoever answers the request decides about by itself. It is one record of one
    agency: linked records are other agencies' and are asked for there. Nothing leaves by this: the release
    check reads every row of it first (releases.operations.copies).
    """
    words = pack_words(actor)
    groups = {group.slug: group.rows for group in part_groups(actor, person, words, show=True)}
    about = [
        ("Name", person.name),
        ("Born", births.born_words(person.born_on, person.born_precision)),
        ("Sex", person.sex),
        ("Language", person.language),
        ("Recorded on", date_in_words(person.given_on)),
    ]
    main = next((row.part.public_id for row in groups.get("name", []) if row.part.is_main), "")
    sections = [
        (
            "About you",
            [
                CopyRow(label, text, *(("name", main) if label == "Name" and main else ()))
                for label, text in about
                if text
            ],
        )
    ]
    for slug, title in (
        ("name", "Your names"), ("address", "Your addresses"), ("contact", "How to reach you"),
        ("identifier", "Numbers and references"), ("communication", "What you need from us"),
        ("equality", "What you told us about yourself"),
    ):  # fmt: skip
        rows = [
            CopyRow(
                row.title,
                _with_dates(row),
                slug,
                row.part.public_id,
                slug in ("address", "contact") and not row.is_current and row.is_ended,
            )
            for row in groups.get(slug, [])
            if row.value or slug == "communication"
        ]
        if rows:
            sections.append((title, rows))
    safe = [
        CopyRow(label, text, "safe-contact", row.part.public_id)
        for row in groups.get("safe-contact", [])
        if row.is_current
        for label, text in (
            ("Use", row.part.numbers),
            ("When", row.part.times),
            ("Never", ", ".join(words.name("safe_contact_never", code) for code in row.part.never)),
        )
        if text
    ]
    if safe:
        sections.append(("How we reach you safely", safe))
    left_out = []
    if groups.get("relationship"):
        left_out.append("How you stand to other people, because it is about them too")
    if any(row.part.must_not_know or row.part.note for row in groups.get("safe-contact", [])):
        left_out.append("Notes on safe contact that name other people")
    if any(row.note for row in groups.get("contact", [])):
        left_out.append("Notes beside telephone numbers, because they may be about other people")
    if groups.get("staff-risk"):
        left_out.append("What is held for the safety of staff, which is decided on separately")
    agency = agency_names([person.agency], actor).get(person.agency, person.agency)
    return PersonCopy(person, agency, sections, left_out)


def _with_dates(row: PartRow) -> str:
    text = row.value or row.title
    # An own-words answer is hers; notes beside telephone numbers may be about somebody else.
    if row.slug == "equality" and row.note:
        text = f"{text}: {row.note}"
    first, last = row.part.valid_from, row.part.valid_until
    if row.is_replaced:
        return f"{text} (replaced at once)"
    if first and last:
        return f"{text} ({date_in_words(first)} to {date_in_words(last)})"
    if first:
        return f"{text} (since {date_in_words(first)})"
    return f"{text} (until {date_in_words(last)})" if last else text
