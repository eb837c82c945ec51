"""The pages of notes, contacts and the plan: what stands on them, and what becomes of what is typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.models import Case, Note
from saferhub.casework.operations.notes import edit_note
from saferhub.people.operations.parts import add_part
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor
from tests.builders.casework_notes import a_contact, a_note, a_victim

pytestmark = pytest.mark.django_db

COLIN, RACHEL, PRIYA, VICTOR = "colin.coordinator", "rachel.referrer", "priya.partner", "victor.voluntary"


@pytest.fixture
def case(cast: dict[str, Any]) -> Case:
    return a_case(cast)


def on_day(case: Case) -> dict[str, str]:
    day = case.adopted_on
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}


def test_an_update_sent_twice_is_one(cast: dict[str, Any], case: Case, client_for: Any) -> None:
    client = client_for(RACHEL)
    url = reverse("case-update-new", args=[case.matter.public_id])
    mark = client.get(url).context["form"]["once"].value()
    sent = {"words": "He shouted.", "sharing": "own", "once": mark, **on_day(case)}
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    with entered(cast[RACHEL]):
        assert Note.objects.filter(matter=case.matter_id).count() == 1


def test_a_form_that_lacks_something_keeps_every_word(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    words = "He shouted. " * 900
    answer = client_for(RACHEL).post(
        reverse("case-update-new", args=[case.matter.public_id]), {"words": words, **on_day(case)}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert words.strip() in text
    assert "Choose who is to see it" in text
    # Whoever names agencies has to name one: the question does not call itself optional.
    assert "Whom do you name? (optional)" not in text


def test_the_second_editor_is_shown_both_versions(cast: dict[str, Any], case: Case, client_for: Any) -> None:
    note = a_note(cast, case, RACHEL, "It was quiet.")
    with entered(cast[RACHEL]):
        edit_note(
            case_id=case.matter.public_id,
            note_id=note.public_id,
            words="It was loud.",
            on=note.on,
            seen=1,
            by=actor(cast, RACHEL),
        )
    answer = client_for(RACHEL).post(
        reverse("case-update-edit", args=[case.matter.public_id, note.public_id]),
        {"words": "It was very loud.", "seen": "1", **on_day(case)},
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "It was loud." in text
    assert "It was very loud." in text


def test_two_who_begin_the_record_at_once_are_shown_both_versions(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    url = reverse("case-osara-edit", args=[case.matter.public_id])
    assert client_for(PRIYA).post(url, {"objective": "Quiet nights", "seen": "0"}).status_code == 302
    answer = client_for(VICTOR).post(url, {"objective": "No fear", "seen": "0"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Quiet nights" in text
    assert "No fear" in text


def test_how_she_is_reached_safely_stands_before_the_form(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    victim = a_victim(cast, case)
    url = reverse("case-contact-new", args=[case.matter.public_id, victim.public_id])
    assert "No safe contact is known" in client_for(VICTOR).get(url).content.decode()
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        add_part(
            slug="safe-contact",
            owner=victim,
            values={"numbers": "07700 900118", "times": "weekdays", "never": ["letters"]},
            by=rachel,
            on=rachel.on,
        )
    text = client_for(VICTOR).get(url).content.decode()
    assert "07700 900118" in text
    assert text.index("07700 900118") < text.index('name="how"')
    assert "Not safe: letters" in text and "unsafe_why" not in text
    sent = {"how": "letter", "reached": "no", "words": "Posted it.", "sharing": "all", **on_day(case)}
    text = client_for(VICTOR).post(url, sent).content.decode()
    assert "This way is not safe for them (letters)" in text and 'name="unsafe_why"' in text


def test_a_note_says_who_sees_it_and_reading_it_is_written_down_with_the_note_alone(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    note = a_note(cast, case, VICTOR, "She is afraid of him.", "own")
    text = (
        client_for(VICTOR)
        .get(reverse("case-update", args=[case.matter.public_id, note.public_id]))
        .content.decode()
    )
    assert "Only Caseworkers (Victim support service)" in text
    entry = Entry.objects.get(event="casework.note_seen")
    assert (entry.subject, entry.actor) == (note.public_id, cast[VICTOR].public_id)
    assert case.matter.public_id not in str(entry.codes)


def test_the_timeline_tells_of_contacts_by_name_and_of_withdrawn_ones_as_such(
    cast: dict[str, Any], case: Case, client_for: Any
) -> None:
    from saferhub.casework.operations.notes import withdraw_note

    victim = a_victim(cast, case)
    note = a_contact(cast, case, victim)
    url = reverse("case-timeline", args=[case.matter.public_id])
    assert "Reached Jo Frith: telephone" in client_for(PRIYA).get(url).content.decode()
    with entered(cast[RACHEL]):
        withdraw_note(
            case_id=case.matter.public_id,
            note_id=note.public_id,
            reason="That was her sister.",
            by=actor(cast, RACHEL),
        )
    text = client_for(PRIYA).get(url).content.decode()
    assert "Withdrawn: reached Jo Frith: telephone" in text
    assert "She is tired of it" not in text
    assert "That was her sister." in text


def test_the_plan_offers_what_its_reader_may_do(cast: dict[str, Any], case: Case, client_for: Any) -> None:
    url = reverse("case-plan", args=[case.matter.public_id])
    found = {who: client_for(who).get(url).content.decode() for who in (COLIN, RACHEL, PRIYA)}
    offered = {
        who: [
            words
            for words in ("Record a risk", "Set a goal", "Begin it", "Link another case")
            if words in text
        ]
        for who, text in found.items()
    }
    everything = ["Record a risk", "Set a goal", "Begin it", "Link another case"]
    assert offered == {COLIN: everything, RACHEL: everything, PRIYA: ["Begin it", "Link another case"]}


def test_every_form_of_notes_has_words_for_whoever_finds_it_kept() -> None:
    from saferhub.casework.page_words.notes import WORDS
    from saferhub.casework.urls.notes import urlpatterns

    read = {"case-update", "case-contact-choose", "case-files", "case-file", "case-plan", "case-osara"}
    assert set(WORDS) == {one.name for one in urlpatterns} - read
