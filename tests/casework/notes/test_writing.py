"""Writing to a case: what is kept and logged, what is refused, how it is changed and withdrawn, and the day by which
a victim is contacted again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.casework.access import get_case
from saferhub.casework.models import Case, Involved, Note
from saferhub.casework.operations import notes as operations
from saferhub.casework.operations.involving import no_longer_involved
from saferhub.casework.queries import notes_plan as queries
from saferhub.casework.queries import notes_safety
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.people.models import Person
from saferhub.people.operations.parts import add_part
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Revision
from tests.builders.casework import a_case, actor
from tests.builders.casework_notes import a_contact, a_note, a_victim

pytestmark = pytest.mark.django_db

COLIN, RACHEL, PRIYA, VICTOR = "colin.coordinator", "rachel.referrer", "priya.partner", "victor.voluntary"
MAYA, CHRIS = "maya.manager", "chris.chair"


@pytest.fixture
def case(cast: dict[str, Any]) -> Case:
    return a_case(cast)


@pytest.fixture
def victim(cast: dict[str, Any], case: Case) -> Person:
    return a_victim(cast, case)


def due(cast: dict[str, Any], case: Case) -> date | None:
    with entered(cast[COLIN]):
        return get_case(actor(cast, COLIN), case.matter.public_id).contact_due_on


# --- Notes ---------------------------------------------------------------------------------------------------


def test_a_note_leaves_itself_its_first_version_and_an_entry(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, PRIYA, "He keeps his appointments.")
    with entered(cast[RACHEL]):
        kept = Note.objects.get(pk=note.pk)
        first = Revision.objects.get(kind="casework.note", subject=note.public_id)
    assert (kept.words, kept.sharing, kept.by) == ("He keeps his appointments.", "all", cast[PRIYA].public_id)
    assert (kept.folder_id, kept.matter_folder_id) == (case.folder_id, case.folder_id)
    assert (first.number, first.values["words"]) == (1, kept.words)
    entry = Entry.objects.get(event="casework.note_written", subject=note.public_id)
    assert entry.codes["matter"] == case.matter.public_id
    assert "appointments" not in str(entry.codes)


def test_nobody_writes_about_tomorrow_or_nothing(cast: dict[str, Any], case: Case) -> None:
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        for words, on, code in (
            ("Quiet.", rachel.on + timedelta(days=1), "not_yet"),
            (" ", rachel.on, "words_missing"),
        ):
            with pytest.raises(Refusal) as refused:
                operations.write_note(
                    case_id=case.matter.public_id, words=words, on=on, sharing="all", by=rachel
                )
            assert refused.value.code == code
        assert not Note.objects.filter(matter=case.matter_id).exists()


def test_a_note_whose_entry_fails_is_not_kept(
    cast: dict[str, Any], case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", broken)
        with pytest.raises(RuntimeError):
            a_note(cast, case, RACHEL, "Quiet.")
    with entered(cast[RACHEL]):
        assert not Note.objects.filter(matter=case.matter_id).exists()


@pytest.mark.parametrize("stranger", ["nadia.neighbour", "fergus.former", "olivia.outsider"])
def test_a_stranger_writes_to_no_case(cast: dict[str, Any], case: Case, stranger: str) -> None:
    with pytest.raises(Http404):
        a_note(cast, case, stranger, "Hello.")


def _edit(cast: dict[str, Any], case: Case, note: Note, who: str, words: str, seen: int = 1) -> Note:
    with entered(cast[who]):
        by = actor(cast, who)
        return operations.edit_note(
            case_id=case.matter.public_id, note_id=note.public_id, words=words, on=note.on, seen=seen, by=by
        )


def test_an_edit_keeps_both_versions(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, VICTOR, "She rang on Monday.", "own")
    changed = _edit(cast, case, note, VICTOR, "She rang on Tuesday.")
    assert changed.version == 2
    with entered(cast[VICTOR]):
        kept = Revision.objects.filter(subject=note.public_id).order_by("number")
        assert [one.values["words"] for one in kept] == ["She rang on Monday.", "She rang on Tuesday."]
        assert {one.folder_id for one in kept} == {note.folder_id} != {case.folder_id}
    entry = Entry.objects.get(event="casework.note_changed")
    assert (entry.codes["fields"], entry.codes["version"]) == (["words"], 2)


def test_an_edit_that_changes_nothing_leaves_nothing(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, RACHEL, "Quiet.")
    assert _edit(cast, case, note, RACHEL, "Quiet.").version == 1
    assert not Entry.objects.filter(event="casework.note_changed").exists()


def test_the_second_editor_overwrites_nothing(cast: dict[str, Any], case: Case) -> None:
    note = a_note(cast, case, RACHEL, "Quiet.")
    _edit(cast, case, note, RACHEL, "Loud.")
    with pytest.raises(Conflict):
        _edit(cast, case, note, RACHEL, "Very quiet.")


@pytest.mark.parametrize("other", [COLIN, PRIYA])
def test_what_another_unit_wrote_is_not_mine_to_change(cast: dict[str, Any], case: Case, other: str) -> None:
    note = a_note(cast, case, RACHEL, "Quiet.")
    with pytest.raises(NotAllowed):
        _edit(cast, case, note, other, "Loud.")


def _withdraw(cast: dict[str, Any], case: Case, note: Note, who: str, reason: str = "Wrong case.") -> None:
    with entered(cast[who]):
        operations.withdraw_note(
            case_id=case.matter.public_id, note_id=note.public_id, reason=reason, by=actor(cast, who)
        )


def test_a_withdrawn_note_stays_with_its_reason_and_is_changed_no_more(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, PRIYA, "Quiet.")
    with pytest.raises(Refusal):
        _withdraw(cast, case, note, PRIYA, " ")
    _withdraw(cast, case, note, PRIYA)
    _withdraw(cast, case, note, PRIYA, "Twice.")
    with entered(cast[VICTOR]):
        kept = Note.objects.get(pk=note.pk)
    assert (kept.words, kept.withdrawn_why, kept.withdrawn_by) == (
        "Quiet.",
        "Wrong case.",
        cast[PRIYA].public_id,
    )
    assert Entry.objects.filter(event="casework.note_withdrawn").count() == 1
    with pytest.raises(Refusal) as refused:
        _edit(cast, case, note, PRIYA, "Loud.")
    assert refused.value.code == "withdrawn"


def test_who_runs_the_case_withdraws_what_everybody_sees_and_a_contributor_does_not(
    cast: dict[str, Any], case: Case
) -> None:
    note = a_note(cast, case, PRIYA, "Quiet.")
    with pytest.raises(NotAllowed):
        _withdraw(cast, case, note, VICTOR)
    _withdraw(cast, case, note, COLIN)
    with entered(cast[PRIYA]):
        assert Note.objects.get(pk=note.pk).withdrawn_at is not None


# --- Contacts and their clock ------------------------------------------------------------------------------------


def test_adoption_starts_no_clock_where_nobody_is_harmed(cast: dict[str, Any], case: Case) -> None:
    a_victim(cast, case, role="alleged_perpetrator", given="Sam", family="Oldroyd")
    assert due(cast, case) is None


@pytest.mark.parametrize("role", ["victim", "complainant", "vulnerable_person"])
def test_a_victim_is_contacted_ten_working_days_after_adoption(
    cast: dict[str, Any], case: Case, role: str
) -> None:
    a_victim(cast, case, role=role)
    # Adopted on Tuesday 28 August 2018.
    assert due(cast, case) == date(2018, 9, 11)


def _on(cast: dict[str, Any], case: Case, victim: Person, days: int, **more: Any) -> Note:
    """A contact so many days after adoption, by an actor of that day."""
    with entered(cast[RACHEL]):
        rachel = replace(actor(cast, RACHEL), on=case.adopted_on + timedelta(days=days))
        return operations.record_contact(
            case_id=case.matter.public_id,
            person=victim,
            how="visit",
            reached=more.pop("reached", True),
            words="We spoke.",
            on=rachel.on,
            sharing=more.pop("sharing", "all"),
            by=rachel,
        )


def test_a_contact_that_reached_her_winds_the_clock_and_others_do_not(
    cast: dict[str, Any], case: Case, victim: Person
) -> None:
    before = due(cast, case)
    _on(cast, case, victim, 2, reached=False)
    _on(cast, case, victim, 2, sharing="own")
    assert due(cast, case) == before
    _on(cast, case, victim, 2)
    assert due(cast, case) == date(2018, 9, 13)


def test_withdrawing_a_contact_winds_the_clock_back(cast: dict[str, Any], case: Case, victim: Person) -> None:
    before = due(cast, case)
    note = _on(cast, case, victim, 2)
    assert due(cast, case) != before
    _withdraw(cast, case, note, RACHEL)
    assert due(cast, case) == before


def test_a_contact_changed_to_not_reached_winds_the_clock_back(
    cast: dict[str, Any], case: Case, victim: Person
) -> None:
    before = due(cast, case)
    note = a_contact(cast, case, victim)
    note_on_two = _on(cast, case, victim, 3)
    assert due(cast, case) == date(2018, 9, 14)
    with entered(cast[RACHEL]):
        rachel = replace(actor(cast, RACHEL), on=note_on_two.on)
        operations.edit_note(
            case_id=case.matter.public_id,
            note_id=note_on_two.public_id,
            words="She was out.",
            on=note_on_two.on,
            how="visit",
            reached=False,
            seen=1,
            by=rachel,
        )
    assert note.on == case.adopted_on
    assert due(cast, case) == before


def test_the_clock_ends_with_the_last_of_those_harmed(
    cast: dict[str, Any], case: Case, victim: Person
) -> None:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        row = Involved.objects.select_related("matter__folder").get(matter=case.matter_id, person=victim)
        no_longer_involved(involved=row, reason="It was somebody else.", by=colin, on=colin.on)
    assert due(cast, case) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"how": "pigeon"}, "unknown_way"), ({"reached": None}, "reached_missing")],
)
def test_a_contact_says_how_and_whether_it_reached_her(
    cast: dict[str, Any], case: Case, victim: Person, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        a_contact(cast, case, victim, **changes)
    assert refused.value.code == code


def test_nobody_is_contacted_in_a_case_that_she_is_not_in(cast: dict[str, Any], case: Case) -> None:
    other = a_case(cast, title="Another stairwell")
    elsewhere = a_victim(cast, other)
    with pytest.raises(Refusal) as refused:
        a_contact(cast, case, elsewhere)
    assert refused.value.code == "not_in_case"


# --- Your work -----------------------------------------------------------------------------------------------


def _waits(cast: dict[str, Any], who: str, days: int) -> list[str]:
    with entered(cast[who]):
        by = actor(cast, who)
        return [one.title for one in queries.work_items(replace(by, on=by.on + timedelta(days=days)))]


def test_a_contact_waits_for_the_lead_a_week_before_and_a_miss_for_the_co_ordinator_too(
    cast: dict[str, Any],
) -> None:
    case = a_case(cast, title="A frightened neighbour", lead=cast[RACHEL])
    a_victim(cast, case)
    title = "A frightened neighbour"
    # Due a fortnight after adoption.
    expected: dict[int, dict[str, bool]] = {
        6: {RACHEL: False, COLIN: False, PRIYA: False},
        7: {RACHEL: True, COLIN: False, PRIYA: False},
        14: {RACHEL: True, COLIN: False, PRIYA: False},
        15: {RACHEL: True, COLIN: True, MAYA: True, PRIYA: False, CHRIS: False},
    }
    found = {
        day: {who: title in _waits(cast, who, day) for who in people} for day, people in expected.items()
    }
    assert found == expected


def test_the_next_contact_stands_among_the_next_steps(
    cast: dict[str, Any], case: Case, victim: Person
) -> None:
    with entered(cast[PRIYA]):
        priya = actor(cast, PRIYA)
        steps = list(queries.next_contact(priya, get_case(priya, case.matter.public_id), priya.on))
    assert [(step.words, step.due_on) for step in steps] == [("Contact Jo Frith", date(2018, 9, 11))]


# --- Ways that are not safe ------------------------------------------------------------------------------------


def _never(cast: dict[str, Any], victim: Person, *codes: str) -> None:
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        add_part(
            owner=Person.objects.select_related("folder").get(pk=victim.pk),
            slug="safe-contact",
            values={"numbers": "01632 960300", "never": list(codes)},
            by=rachel,
            on=rachel.on,
        )


def _unsafe_work(cast: dict[str, Any], who: str) -> list[str]:
    with entered(cast[who]):
        return [one.reference for one in notes_safety.work_items(actor(cast, who))]


def test_a_way_that_is_not_safe_asks_for_a_reason_and_is_told_to_the_co_ordinator(
    cast: dict[str, Any], case: Case, victim: Person
) -> None:
    _never(cast, victim, "letters", "home_visit")
    with entered(cast[PRIYA]):
        found = notes_safety.unsafe_ways(actor(cast, PRIYA), case, victim)
    assert set(found) == {"visit", "letter"}
    with pytest.raises(Refusal) as refused:
        a_contact(cast, case, victim, PRIYA, how="letter", reached=False)
    assert refused.value.code == "unsafe_way"
    with pytest.raises(Refusal) as refused:
        a_contact(
            cast, case, victim, PRIYA, how="letter", reached=False, unsafe_why="By mistake.", sharing="own"
        )
    assert refused.value.code == "unsafe_for_all"
    note = a_contact(cast, case, victim, PRIYA, how="letter", reached=False, unsafe_why="By mistake.")
    assert note.unsafe_why == "By mistake."
    assert _unsafe_work(cast, COLIN) == [case.matter.reference]
    assert _unsafe_work(cast, PRIYA) == _unsafe_work(cast, VICTOR) == []
    safe = a_contact(cast, case, victim, PRIYA, how="telephone", unsafe_why="Not needed.")
    assert safe.unsafe_why == ""
    assert len(_unsafe_work(cast, COLIN)) == 1


def test_a_contact_is_not_changed_into_one_that_was_not_safe(
    cast: dict[str, Any], case: Case, victim: Person
) -> None:
    _never(cast, victim, "letters")
    note = a_contact(cast, case, victim)
    with entered(cast[RACHEL]), pytest.raises(Refusal) as refused:
        operations.edit_note(
            case_id=case.matter.public_id, note_id=note.public_id, words=note.words, on=note.on, seen=1,
            by=actor(cast, RACHEL), how="letter", reached=True,
        )  # fmt: skip
    assert refused.value.code == "changed_to_unsafe"
