"""Writes on people and places: outcome, entry in the audit, refusal, rollback."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.people import access
from saferhub.people.models import Address, EqualityAnswer, Name, Person, SafeContact
from saferhub.people.operations import parts, persons, places
from saferhub.people.operations.part_kinds import KINDS
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure, Interest, Matter, Revision


@pytest.fixture
def on(world: None) -> date:
    return clock.today()


@pytest.fixture
def rachel(actor_of: Any) -> Any:
    return actor_of("rachel.referrer")


@pytest.fixture
def as_rachel(cast: dict[str, Any]) -> Any:
    with entered(cast["rachel.referrer"]):
        yield


@pytest.fixture
def flats(as_rachel: None) -> Matter:
    return Matter.objects.get(title__startswith="Shouting")


@pytest.fixture
def joanne(as_rachel: None) -> Person:
    return Person.objects.select_related("folder").get(name="Joanne Frith")


def record(flats: Matter, rachel: Any, on: date, **changes: Any) -> Person:
    values = {"given": "Alwyn", "family": "Exampleby", "born_on": date(1950, 2, 3), **changes}
    return persons.record_person(matter_id=flats.public_id, values=values, by=rachel, on=on)


def test_a_person_is_recorded_in_her_own_folder_of_ones_unit_within_the_matter(
    flats: Matter, rachel: Any, on: date
) -> None:
    made = record(flats, rachel, on)
    assert (made.name, made.agency, made.born_precision) == (
        "Alwyn Exampleby",
        "selby_district_council",
        "exact",
    )
    assert (made.folder.hub, made.folder.unit, made.folder.sensitivity) == (None, rachel.unit, 0)
    assert Enclosure.objects.get(inner=made.folder).outer_id == flats.folder_id
    assert Name.objects.get(person=made).is_main
    entry = Entry.objects.get(event="people.person_recorded", subject=made.public_id)
    assert (entry.purpose, entry.codes) == (flats.purpose, {"matter": flats.public_id})
    assert Revision.objects.filter(folder=made.folder, kind="people.person", number=1).count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"given": " ", "family": ""}, "name_missing"),
        ({"born_on": date(2030, 1, 1)}, "born_in_future"),
        ({"died_on": date(2030, 1, 1)}, "died_in_future"),
        ({"died_on": date(1949, 1, 1)}, "born_after_death"),
        ({"name_kind": "no_such"}, "unknown_kind"),
    ],
)
def test_a_person_that_cannot_be_stored_leaves_nothing(
    changes: dict[str, Any], code: str, flats: Matter, rachel: Any, on: date
) -> None:
    before = (Person.objects.count(), Enclosure.objects.count())
    with pytest.raises(Refusal) as refused:
        record(flats, rachel, on, **changes)
    assert refused.value.code == code
    assert (Person.objects.count(), Enclosure.objects.count()) == before


def test_a_broken_audit_leaves_nothing(
    flats: Matter, rachel: Any, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Person.objects.count()
    write = audit.record

    def broken(event: str, *args: Any, **kwargs: Any) -> None:
        if event == "people.part_added":
            raise RuntimeError("the audit is broken")
        write(event, *args, **kwargs)

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        record(flats, rachel, on)
    assert Person.objects.count() == before


def test_nobody_records_in_a_matter_that_is_not_seen_or_is_closed(
    cast: dict[str, Any], actor_of: Any, on: date
) -> None:
    with entered(cast["colin.coordinator"]):
        flats = Matter.objects.get(title__startswith="Shouting")
        closed = Matter.objects.get(title__startswith="Bins")
        with pytest.raises(Refusal) as refused:
            record(closed, actor_of("colin.coordinator"), on)
        assert refused.value.code == "matter_closed"
    with entered(cast["nadia.neighbour"]), pytest.raises(Http404):
        record(flats, actor_of("nadia.neighbour"), on)


def test_in_a_restricted_matter_the_record_opens_to_the_named_alone(
    cast: dict[str, Any], actor_of: Any
) -> None:
    with entered(cast["colin.coordinator"]):
        child = Person.objects.select_related("folder").get(name="Robin Frith")
        conduct = Matter.objects.get(title__startswith="Conduct")
        assert child.folder.sensitivity == conduct.sensitivity == 1
        named = set(Interest.objects.filter(folder=child.folder_id).values_list("user__username", flat=True))
    assert named == {"colin.coordinator", "maya.manager"}
    for who, sees in (("maya.manager", True), ("chris.chair", False), ("mina.minutes", False)):
        with entered(cast[who]):
            assert access.persons_visible_to(actor_of(who)).filter(pk=child.pk).exists() is sees, who
            assert Person.objects.filter(pk=child.pk).exists() is sees, who


def test_every_loader_shows_what_the_database_shows(cast: dict[str, Any], actor_of: Any) -> None:
    for who in cast:
        with entered(cast[who]):
            actor = actor_of(who)
            for model, loader in access.LOADERS.items():
                first = set(loader(actor).values_list("pk", flat=True))
                assert first == set(model._default_manager.values_list("pk", flat=True)), (who, model)


VALUES: dict[str, dict[str, Any]] = {
    "staff-risk": {"kind": "dog", "words": "A dog"},
    "safe-contact": {"numbers": "01632 960300", "never": ["letters"]},
    "name": {"kind": "alias", "given": "Jay"},
    "address": {"kind": "refuge", "lines": "1 Example Yard", "postcode": "zz998aa"},
    "contact": {"kind": "email", "value": "A@Example.org"},
    "relationship": {"kind": "sibling", "other_name": "Kim Exampleby", "must_not_know": True},
    "identifier": {"kind": "nhs_number", "value": "999 000 1234"},
    "equality": {"characteristic": "disability", "answer": "none"},
    "communication": {"kind": "large_print", "words": ""},
}


@pytest.mark.parametrize("slug", KINDS)
def test_each_kind_of_part_is_added_corrected_and_ended_with_its_history(
    slug: str, joanne: Person, rachel: Any, on: date
) -> None:
    first = {"valid_from": date(2018, 2, 1), "valid_until": None}
    made = parts.add_part(owner=joanne, slug=slug, values={**VALUES[slug], **first}, by=rachel, on=on)
    assert (made.folder_id, made.by, made.version) == (joanne.folder_id, rachel.public_id, 1)
    corrected = parts.correct_part(
        owner=joanne, slug=slug, part_id=made.public_id, seen=1, by=rachel, on=on,
        values={**VALUES[slug], "valid_from": date(2018, 2, 2), "valid_until": None},
    )  # fmt: skip
    assert (corrected.version, corrected.valid_from) == (2, date(2018, 2, 2))
    ended = parts.end_part(
        owner=joanne,
        slug=slug,
        part_id=made.public_id,
        last_day=on,
        reason="It is over.",
        seen=2,
        by=rachel,
        on=on,
    )
    assert (ended.version, ended.valid_until) == (3, on)
    kept = list(Revision.objects.filter(subject=made.public_id).order_by("number"))
    assert [one.number for one in kept] == [1, 2, 3]
    assert [one.values["valid_from"] for one in kept[:2]] == ["2018-02-01", "2018-02-02"]
    assert kept[2].values["reason"] == "It is over."
    events = Entry.objects.filter(subject=joanne.public_id, codes__of=made.public_id).order_by("id")
    assert [one.event for one in events] == [
        "people.part_added",
        "people.part_corrected",
        "people.part_ended",
    ]
    assert type(made).objects.filter(pk=made.pk).exists()


def test_a_stale_version_is_refused(joanne: Person, rachel: Any, on: date) -> None:
    made = parts.add_part(owner=joanne, slug="name", values=VALUES["name"], by=rachel, on=on)
    with pytest.raises(Conflict):
        parts.correct_part(
            owner=joanne, slug="name", part_id=made.public_id, values=VALUES["name"], seen=0, by=rachel, on=on
        )
    with pytest.raises(Conflict):
        persons.correct_person(person_id=joanne.public_id, values={}, seen=9, by=rachel, on=on)


def test_one_safe_contact_holds_and_the_older_stays(joanne: Person, rachel: Any, on: date) -> None:
    before = SafeContact.objects.get(person=joanne, valid_until__isnull=True)
    made = parts.add_part(owner=joanne, slug="safe-contact", values=VALUES["safe-contact"], by=rachel, on=on)
    before.refresh_from_db()
    assert before.valid_until is not None
    assert SafeContact.objects.get(person=joanne, valid_until__isnull=True) == made
    assert SafeContact.objects.filter(person=joanne).count() == 2


def test_a_new_answer_ends_the_one_before(joanne: Person, rachel: Any, on: date) -> None:
    made = parts.add_part(owner=joanne, slug="equality", values=VALUES["equality"], by=rachel, on=on)
    rows = EqualityAnswer.objects.filter(person=joanne, characteristic="disability")
    assert {one.answer: one.valid_until is None for one in rows} == {"not_asked": False, "none": True}
    assert made.answer == "none"


def test_a_new_main_name_names_the_record(joanne: Person, rachel: Any, on: date) -> None:
    old = Name.objects.get(person=joanne, is_main=True)
    parts.add_part(
        owner=joanne, slug="name", values={"kind": "legal", "given": "Jo", "family": "New", "is_main": True},
        by=rachel, on=on,
    )  # fmt: skip
    joanne.refresh_from_db()
    old.refresh_from_db()
    assert (joanne.name, old.is_main, old.version) == ("Jo New", False, 2)


def test_the_name_in_use_is_neither_ended_nor_unmarked(joanne: Person, rachel: Any, on: date) -> None:
    main = Name.objects.get(person=joanne, is_main=True)
    with pytest.raises(Refusal) as refused:
        parts.end_part(
            owner=joanne,
            slug="name",
            part_id=main.public_id,
            last_day=on,
            reason="x",
            seen=1,
            by=rachel,
            on=on,
        )
    assert refused.value.code == "main_name_stays"
    with pytest.raises(Refusal) as refused:
        parts.correct_part(
            owner=joanne, slug="name", part_id=main.public_id, seen=1, by=rachel, on=on,
            values={"kind": "legal", "given": "A", "family": "B", "is_main": False},
        )  # fmt: skip
    assert refused.value.code == "main_name_needed"


def test_a_refuge_is_protected_whatever_is_ticked(joanne: Person, rachel: Any, on: date) -> None:
    made = parts.add_part(owner=joanne, slug="address", values=VALUES["address"], by=rachel, on=on)
    assert isinstance(made, Address)
    assert (made.is_protected, made.postcode, made.key) == (True, "ZZ99 8AA", "ZZ998AA:1")


@pytest.mark.parametrize(
    ("slug", "values", "code"),
    [
        ("identifier", {"kind": "nhs_number", "value": ""}, "value_missing"),
        ("identifier", {"kind": "nhs_number", "value": "12"}, "value_wrong"),
        ("contact", {"kind": "mobile", "value": "x"}, "value_wrong"),
        ("address", {"kind": "home", "lines": " "}, "lines_missing"),
        ("address", {"kind": "home", "lines": "1", "postcode": "x"}, "postcode_wrong"),
        ("address", {"kind": "home", "lines": "1", "uprn": "x"}, "uprn_wrong"),
        ("equality", {"characteristic": "disability", "answer": "female"}, "unknown_answer"),
        ("equality", {"characteristic": "no_such", "answer": "x"}, "unknown_characteristic"),
        ("staff-risk", {"kind": "dog", "words": " "}, "words_missing"),
        ("safe-contact", {"never": ["no_such"]}, "unknown_never"),
        ("safe-contact", {}, "nothing_said"),
        ("relationship", {"kind": "sibling"}, "other_missing"),
        ("relationship", {"kind": "sibling", "other": "x", "other_name": "y"}, "other_missing"),
    ],
)
def test_a_part_that_cannot_be_stored_is_refused(
    slug: str, values: dict[str, Any], code: str, joanne: Person, rachel: Any, on: date
) -> None:
    with pytest.raises(Refusal) as refused:
        parts.add_part(owner=joanne, slug=slug, values=values, by=rachel, on=on)
    assert refused.value.code == code


def test_nobody_is_related_to_oneself_or_to_a_record_unseen(joanne: Person, rachel: Any, on: date) -> None:
    with pytest.raises(Refusal) as refused:
        parts.add_part(
            owner=joanne,
            slug="relationship",
            values={"kind": "sibling", "other": joanne.public_id},
            by=rachel,
            on=on,
        )
    assert refused.value.code == "other_is_oneself"
    with pytest.raises(Http404):
        parts.add_part(
            owner=joanne, slug="relationship", values={"kind": "sibling", "other": "0" * 16}, by=rachel, on=on
        )


@pytest.mark.parametrize(
    ("who", "may"),
    [("rachel.referrer", True), ("colin.coordinator", True), ("maya.manager", True), ("priya.partner", False),
     ("chris.chair", False), ("mina.minutes", False)],
)  # fmt: skip
def test_a_record_is_changed_by_its_unit_and_by_who_decides_for_the_hub(
    who: str, may: bool, cast: dict[str, Any], actor_of: Any, on: date
) -> None:
    actor, values = actor_of(who), VALUES["communication"]
    with entered(cast[who]):
        person = access.get_person(actor, Person.objects.get(name="Joanne Frith").public_id)
        if may:
            made = parts.add_part(owner=person, slug="communication", values=values, by=actor, on=on)
            assert made.by == actor.public_id
            return
        with pytest.raises(NotAllowed) as refused:
            parts.add_part(owner=person, slug="communication", values=values, by=actor, on=on)
        assert refused.value.code == "not_yours_to_change"
        assert refused.value.conditions


def test_facts_are_corrected_and_the_old_ones_kept(joanne: Person, rachel: Any, on: date) -> None:
    values = {"born_on": date(1983, 5, 1), "born_precision": "month", "sex": "Female", "language": "Welsh"}
    corrected = persons.correct_person(person_id=joanne.public_id, values=values, seen=1, by=rachel, on=on)
    assert (corrected.version, corrected.born_precision) == (2, "month")
    kept = Revision.objects.filter(kind="people.person", subject=joanne.public_id).order_by("number")
    assert [one.values["born_on"] for one in kept] == ["1983-05-14", "1983-05-01"]
    entry = Entry.objects.get(event="people.person_corrected", subject=joanne.public_id)
    assert set(entry.codes["fields"]) == {"born_on", "born_precision", "language"}
    again = persons.correct_person(person_id=joanne.public_id, values=values, seen=2, by=rachel, on=on)
    assert again.version == 2


def test_a_place_is_recorded_and_corrected(flats: Matter, rachel: Any, on: date) -> None:
    made = places.record_place(
        matter_id=flats.public_id, by=rachel, on=on, values={"name": "Example Yard", "kind": "shop"},
        address={"kind": "home", "lines": "1 Example Yard", "postcode": "ZZ99 8AA"},
    )  # fmt: skip
    assert made.addresses.get().key == "ZZ998AA:1"
    corrected = places.correct_place(
        place_id=made.public_id, values={"name": "Example Yard", "kind": "block"}, seen=1, by=rachel, on=on
    )
    assert (corrected.kind, corrected.version) == ("block", 2)
    for values, code in (
        ({"name": "", "kind": "shop"}, "name_missing"),
        ({"name": "x", "kind": "no"}, "unknown_kind"),
    ):
        with pytest.raises(Refusal) as refused:
            places.correct_place(place_id=made.public_id, values=values, seen=2, by=rachel, on=on)
        assert refused.value.code == code
    with pytest.raises(Http404):
        parts.add_part(owner=made, slug="name", values=VALUES["name"], by=rachel, on=on)
