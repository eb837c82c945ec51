"""Pages of the statutory calendar: what is shown, who may record, what a form answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.audit.models import Entry as AuditEntry
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Entry, EntryVersion
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.partnership.operations import duties

ClientFor = Callable[..., Client]
ActorOf = Callable[[str], Actor]


@pytest.fixture
def maya(actor_of: ActorOf) -> Actor:
    return actor_of("maya.manager")


@pytest.fixture
def row(north_yorkshire: Any) -> DutyOccurrence:
    """The police's data of April to June 2018."""
    return DutyOccurrence.objects.get(
        partnership=north_yorkshire, entry__code="dataset_police", period_start=date(2018, 4, 1)
    )


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def done_form(row: DutyOccurrence, on: date, **changes: str) -> dict[str, str]:
    return {**day("done_on", on), "evidence": "E-mail of the force", "edition": str(row.edition), **changes}


def address(name: str, row: DutyOccurrence) -> str:
    return reverse(name, args=[row.public_id])


# --- who ----------------------------------------------------------------------------------------

READERS = (
    "rachel.referrer",
    "colin.coordinator",
    "maya.manager",
    "nadia.neighbour",
    "ian.governance",
    "ada.admin",
)
FORMS = (
    "calendar-done",
    "calendar-undo",
    "calendar-not-needed",
    "calendar-pause",
    "calendar-resume",
    "calendar-correct-start",
)


@pytest.mark.parametrize("username", READERS)
def test_every_member_reads_the_calendar(client_for: ClientFor, row: DutyOccurrence, username: str) -> None:
    client = client_for(username)
    assert client.get(reverse("calendar")).status_code == 200
    assert client.get(address("calendar-item", row)).status_code == 200


@pytest.mark.parametrize("name", ["calendar-item", *FORMS])
def test_another_partnership_finds_nothing(client_for: ClientFor, row: DutyOccurrence, name: str) -> None:
    client = client_for("olivia.outsider")
    assert client.get(address(name, row)).status_code == 404
    assert client.post(address(name, row), done_form(row, date(2018, 8, 28))).status_code == (
        405 if name == "calendar-item" else 404
    )
    assert row.title not in client.get(reverse("calendar")).content.decode() or row.pk


@pytest.mark.parametrize("name", FORMS)
def test_members_who_do_not_keep_it_get_the_reason(
    client_for: ClientFor, row: DutyOccurrence, name: str
) -> None:
    answer = client_for("rachel.referrer").post(address(name, row), done_form(row, date(2018, 8, 28)))
    assert answer.status_code == 403
    assert "The partnership manager can" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "due"


def test_only_those_who_keep_it_see_buttons(client_for: ClientFor, row: DutyOccurrence) -> None:
    assert "Record as done" in client_for("maya.manager").get(address("calendar-item", row)).content.decode()
    assert (
        "Record as done"
        not in client_for("rachel.referrer").get(address("calendar-item", row)).content.decode()
    )
    assert client_for("rachel.referrer").get(reverse("calendar-start")).status_code == 403


# --- the list -----------------------------------------------------------------------------------


def test_the_list_groups_by_urgency(client_for: ClientFor) -> None:
    page = client_for("maya.manager").get(reverse("calendar"))
    names = [group["name"] for group in page.context["groups"]]
    assert names == [
        name for name in ("late", "soon", "held", "later", "done", "not_needed") if name in names
    ]
    assert names[0] == "late"


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("status=late", lambda row, on: row.status == "due" and row.due_on < on),
        ("status=done", lambda row, on: row.status == "done"),
        ("holder=north_yorkshire_police", lambda row, on: row.holder.code == "north_yorkshire_police"),
        ("holder=partnership", lambda row, on: row.holder is None),
        ("duty=public_meeting", lambda row, on: row.entry.code == "public_meeting"),
        ("year=2018", lambda row, on: date(2018, 4, 1) <= row.due_on <= date(2019, 3, 31)),
    ],
)
def test_filters_show_only_what_they_name(
    client_for: ClientFor, maya: Actor, query: str, holds: Callable[[DutyOccurrence, date], bool]
) -> None:
    page = client_for("maya.manager").get(f"{reverse('calendar')}?all=1&{query}")
    lines = page.context["lines"]
    assert lines
    # A line of several holders shows under a status that one of them has.
    assert all(any(holds(row, maya.on) for row in line.rows) for line in lines)
    assert all(holds(row, maya.on) for line in lines for row in line.rows if not line.is_group)


@pytest.mark.parametrize("sort", ["due", "-due", "duty", "-duty", "holder", "-holder", "nonsense"])
def test_the_list_sorts(client_for: ClientFor, sort: str) -> None:
    page = client_for("maya.manager").get(f"{reverse('calendar')}?all=1&sort={sort}")
    rows = [line.row for line in page.context["lines"]]
    if sort.endswith("due"):
        dates = [row.due_on for row in rows]
        assert dates == sorted(dates, reverse=sort.startswith("-"))
    assert bool(page.context["groups"]) == (sort == "nonsense")


def test_an_unknown_filter_is_said_and_shows_no_error(client_for: ClientFor) -> None:
    answer = client_for("maya.manager").get(f"{reverse('calendar')}?year=x&duty=y&page=999")
    assert answer.status_code == 200


def test_nothing_found_says_so(client_for: ClientFor) -> None:
    page = client_for("maya.manager").get(f"{reverse('calendar')}?status=held")
    assert "No duty answers to these filters" in page.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(client_for: ClientFor) -> None:
    client = client_for("maya.manager")

    def queries(query: str) -> int:
        client.get(f"{reverse('calendar')}?{query}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"{reverse('calendar')}?{query}").status_code == 200
        return len(captured)

    assert queries("duty=public_meeting") == queries("all=1")


def test_the_data_of_one_quarter_are_one_line_that_opens_to_its_holders(
    client_for: ClientFor, north_yorkshire: Any
) -> None:
    client = client_for("maya.manager")
    lines = client.get(f"{reverse('calendar')}?all=1").context["lines"]
    councils = [line for line in lines if line.row.entry.code == "dataset_council"]
    assert len(councils) == len({line.row.period_start for line in councils})
    (line,) = [one for one in councils if one.row.period_start == date(2018, 4, 1)]
    assert line.words.startswith("8 holders: ")
    assert "received" in line.words
    opened = client.get(f"{reverse('calendar')}?{line.query}").context["lines"]
    assert len(opened) == 8
    assert len({one.row.holder_id for one in opened}) == 8
    assert {one.row.period_start for one in opened} == {date(2018, 4, 1)}


def test_a_group_says_how_many_came_and_how_many_are_late(client_for: ClientFor, maya: Actor) -> None:
    page = client_for("maya.manager").get(f"{reverse('calendar')}?all=1&status=late")
    lines = [line for line in page.context["lines"] if line.is_group]
    assert lines
    for line in lines:
        late = sum(row.is_open and row.due_on < maya.on for row in line.rows)
        done = sum(row.is_done for row in line.rows)
        assert line.words.startswith(f"{len(line.rows)} holders: {done} received, {late} late")
        assert line.words in page.content.decode()


def test_the_partnerships_own_duties_come_first_in_each_group(client_for: ClientFor) -> None:
    page = client_for("maya.manager").get(f"{reverse('calendar')}?all=1")
    for group in page.context["groups"]:
        owned = [line.row.holder_id is None for line in group["lines"]]
        assert owned == sorted(owned, reverse=True)


def test_the_groups_count_single_duties(client_for: ClientFor) -> None:
    page = client_for("maya.manager").get(f"{reverse('calendar')}?all=1&status=late")
    (group,) = page.context["groups"]
    (late,) = [one for one in page.context["counts"] if one["label"] == "late"]
    assert group["note"].split()[0] == str(late["number"])
    for group in client_for("maya.manager").get(f"{reverse('calendar')}?all=1").context["groups"]:
        # What came of a quarter that is partly late stands above, and the note says so.
        assert ("in rows above" in group["note"]) == (group["name"] == "done")


# --- the file -----------------------------------------------------------------------------------


def read_csv(answer: Any) -> list[dict[str, str]]:
    text = answer.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_what_the_filters_show(client_for: ClientFor) -> None:
    client = client_for("maya.manager")
    rows = read_csv(client.get(f"{reverse('calendar-csv')}?holder=north_yorkshire_police"))
    assert {row["Whose"] for row in rows} == {"North Yorkshire Police"}
    assert AuditEntry.objects.filter(event="duty.exported").exists()


def test_a_cell_that_begins_like_a_formula_is_made_harmless(
    client_for: ClientFor, maya: Actor, row: DutyOccurrence
) -> None:
    duties.record_done(
        occurrence_id=row.public_id, done_on=maya.on, evidence='=HYPERLINK("http://x")',
        evidence_reference=" @SUM(A1)", by=maya, on=maya.on,
    )  # fmt: skip
    rows = read_csv(client_for("maya.manager").get(f"{reverse('calendar-csv')}?status=done"))
    (mine,) = [one for one in rows if "HYPERLINK" in one["Evidence"]]
    assert mine["Evidence"].startswith("'=")
    assert mine["Reference"].startswith("'")


# --- one item -----------------------------------------------------------------------------------


def test_the_page_explains_the_date(client_for: ClientFor, row: DutyOccurrence) -> None:
    text = client_for("rachel.referrer").get(address("calendar-item", row)).content.decode()
    assert "The quarter is Sunday 1 April 2018 to Saturday 30 June 2018." in text
    assert "Prescribed Information" in text
    assert "version 1" in text


def test_a_rule_that_wants_checking_says_so(client_for: ClientFor, north_yorkshire: Any) -> None:
    fire = DutyOccurrence.objects.filter(partnership=north_yorkshire, entry__code="dataset_fire").first()
    assert fire is not None
    assert "Verify" in client_for("maya.manager").get(address("calendar-item", fire)).content.decode()


def test_done_is_recorded_and_shown(client_for: ClientFor, maya: Actor, row: DutyOccurrence) -> None:
    client = client_for("maya.manager")
    assert client.get(address("calendar-done", row)).status_code == 200
    answer = client.post(address("calendar-done", row), done_form(row, maya.on), follow=True)
    text = answer.content.decode()
    assert "E-mail of the force" in text
    assert "Recorded as done." in text
    assert maya.user is not None
    assert maya.user.name in text


def test_a_form_with_mistakes_keeps_what_was_typed(
    client_for: ClientFor, maya: Actor, row: DutyOccurrence
) -> None:
    future = maya.on + timedelta(days=3)
    answer = client_for("maya.manager").post(address("calendar-done", row), done_form(row, future))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error:" in text
    assert "must be today or earlier" in text
    assert "E-mail of the force" in text


def test_two_editors_see_both(client_for: ClientFor, maya: Actor, row: DutyOccurrence) -> None:
    duties.record_done(
        occurrence_id=row.public_id, done_on=maya.on, evidence="The first one", by=maya, on=maya.on
    )
    answer = client_for("maya.manager").post(
        address("calendar-done", row), done_form(row, maya.on, evidence="The second one")
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This has changed since you opened it" in text
    assert "The first one" in text
    assert "The second one" in text
    assert "can no longer be recorded" in text
    row.refresh_from_db()
    assert row.evidence == "The first one"


def test_an_entry_that_still_fits_can_be_sent_again(
    client_for: ClientFor, maya: Actor, row: DutyOccurrence
) -> None:
    for act, reason in ((duties.record_not_needed, "None held"), (duties.undo, "It is held after all")):
        act(occurrence_id=row.public_id, reason=reason, by=maya, on=maya.on)
    client = client_for("maya.manager")
    answer = client.post(address("calendar-done", row), done_form(row, maya.on))
    assert answer.status_code == 409
    assert "It is held after all" in answer.content.decode()
    edition = answer.context["form"]["edition"].value()
    answer = client.post(address("calendar-done", row), done_form(row, maya.on, edition=edition))
    assert answer.status_code == 302


def test_a_forged_edition_is_refused_politely(
    client_for: ClientFor, maya: Actor, row: DutyOccurrence
) -> None:
    for edition in ("", "x", "9" * 30, "²"):
        answer = client_for("maya.manager").post(
            address("calendar-done", row), done_form(row, maya.on, edition=edition)
        )
        assert answer.status_code == 200
        row.refresh_from_db()
        assert row.status == "due"


def test_taking_back_asks_for_a_reason(client_for: ClientFor, maya: Actor, row: DutyOccurrence) -> None:
    client = client_for("maya.manager")
    client.post(address("calendar-done", row), done_form(row, maya.on))
    row.refresh_from_db()
    undo = address("calendar-undo", row)
    assert "Enter the reason" in client.post(undo, {"edition": row.edition}).content.decode()
    answer = client.post(undo, {"edition": row.edition, "reason": "Wrong quarter"}, follow=True)
    assert "Wrong quarter" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == "due"


def test_not_needed_is_recorded(client_for: ClientFor, row: DutyOccurrence) -> None:
    client = client_for("maya.manager")
    form = {"edition": row.edition, "reason": "The holder has none"}
    answer = client.post(address("calendar-not-needed", row), form, follow=True)
    assert "The holder has none" in answer.content.decode()
    row.refresh_from_db()
    assert row.status == DutyStatus.NOT_NEEDED


@pytest.mark.parametrize(
    "name", ["calendar-undo", "calendar-pause", "calendar-resume", "calendar-correct-start"]
)
def test_an_act_that_does_not_fit_is_refused_with_its_sentence(
    client_for: ClientFor, row: DutyOccurrence, name: str
) -> None:
    assert client_for("maya.manager").get(address(name, row)).status_code == 409


# --- clocks that an event starts ----------------------------------------------------------------


def start_form(duty: str, on: date, **changes: str) -> dict[str, str]:
    return {"duty": duty, **day("happened_on", on), "because": "Request 12", **changes}


@pytest.fixture
def started(client_for: ClientFor, maya: Actor) -> Iterator[tuple[Client, DutyOccurrence]]:
    client = client_for("maya.manager")
    form = start_form("freedom_of_information", date(2018, 8, 6))
    answer = client.post(reverse("calendar-start"), form, follow=True)
    assert "Tuesday 4 September 2018" in answer.content.decode()
    yield client, DutyOccurrence.objects.get(started_because="Request 12")


def test_a_clock_is_started_held_and_runs_again(started: tuple[Client, DutyOccurrence]) -> None:
    client, row = started
    item = client.get(address("calendar-item", row)).content.decode()
    assert "of 20 working days used" in item
    assert "Summer bank holiday" in item
    form = {**day("from_on", date(2018, 8, 13)), "reason": "Clarification asked", "edition": row.edition}
    held = client.post(address("calendar-pause", row), form, follow=True).content.decode()
    assert "No date while held" in held
    assert "If the clock ran again today" in held
    row.refresh_from_db()
    form = {**day("until_on", date(2018, 8, 20)), "edition": row.edition}
    again = client.post(address("calendar-resume", row), form, follow=True).content.decode()
    assert "Tuesday 11 September 2018" in again
    assert "Clarification asked" in again


def test_a_breach_needs_its_time_of_day(client_for: ClientFor) -> None:
    client = client_for("maya.manager")
    form = start_form("breach_notification", date(2018, 8, 27))
    assert "Give the time of day" in client.post(reverse("calendar-start"), form).content.decode()
    assert "24-hour clock" in client.post(reverse("calendar-start"), {**form, "at": "25:10"}).content.decode()
    answer = client.post(reverse("calendar-start"), {**form, "at": "17:30"}, follow=True)
    text = answer.content.decode()
    assert "Thursday 30 August 2018 at 17:30" in text
    assert "of 72 hours used" in text


def test_starting_twice_is_refused_beside_the_field(started: tuple[Client, DutyOccurrence]) -> None:
    client, _ = started
    answer = client.post(reverse("calendar-start"), start_form("freedom_of_information", date(2018, 8, 6)))
    assert "started already" in answer.content.decode()


def test_a_duty_of_single_agencies_asks_which(client_for: ClientFor, north_yorkshire: Any) -> None:
    entry = Entry.objects.create(partnership=north_yorkshire, section="duties", code="answer_of_council")
    EntryVersion.objects.create(
        entry=entry,
        payload={
            "name": "Answer of one council",
            "what": "Answer the committee.",
            "recurrence": {"kind": "event", "event": {"event": "asked", "words": "A council is asked"}},
            "falls_on": "agency",
            "holder_kinds": ["district_council"],
            "clock": "scrutiny_response",
            "evidence": ["The answer"],
        },
        source=[{"invented": "For a test"}],
        recorded_in=north_yorkshire.pack_releases.get(),
    )
    client = client_for("maya.manager")
    form = start_form("answer_of_council", date(2018, 8, 20))
    assert "Choose the agency that owes this" in client.post(reverse("calendar-start"), form).content.decode()
    form["holder"] = "selby_district_council"
    assert (
        "Selby District Council" in client.post(reverse("calendar-start"), form, follow=True).content.decode()
    )


def test_a_duty_that_no_agency_owes_can_still_be_the_partnerships(
    started: tuple[Client, DutyOccurrence],
) -> None:
    _, row = started
    assert row.holder is None


def test_the_start_is_corrected_on_its_page(started: tuple[Client, DutyOccurrence]) -> None:
    client, row = started
    assert "Correct the start date" in client.get(address("calendar-item", row)).content.decode()
    form = {**day("happened_on", date(2018, 8, 1)), "reason": "Post room", "edition": row.edition}
    assert client.get(address("calendar-correct-start", row)).status_code == 200
    empty = client.post(address("calendar-correct-start", row), {"edition": row.edition})
    assert "Enter the reason" in empty.content.decode()
    text = client.post(address("calendar-correct-start", row), form, follow=True).content.decode()
    assert "Start corrected" in text
    assert "Due on Thursday 30 August 2018" in text
    again = client.post(address("calendar-correct-start", row), form)
    assert again.status_code == 409


def test_a_clock_of_hours_asks_for_the_time_when_its_start_is_corrected(client_for: ClientFor) -> None:
    client = client_for("maya.manager")
    form = start_form("breach_notification", date(2018, 8, 27), at="17:30")
    client.post(reverse("calendar-start"), form)
    row = DutyOccurrence.objects.get(started_because="Request 12")
    form = {**day("happened_on", date(2018, 8, 26)), "reason": "Earlier", "edition": str(row.edition)}
    page = client.post(address("calendar-correct-start", row), form)
    assert "Enter the time of day" in page.content.decode()
    page = client.post(address("calendar-correct-start", row), {**form, "at": "9:00"}, follow=True)
    assert "Wednesday 29 August 2018 at 09:00" in page.content.decode()


def test_an_agency_can_be_named_as_the_one_that_was_asked(client_for: ClientFor) -> None:
    client = client_for("maya.manager")
    assert "Selby District Council" in client.get(reverse("calendar-start")).content.decode()
    form = start_form("freedom_of_information", date(2018, 8, 6), holder="selby_district_council")
    assert (
        "Selby District Council" in client.post(reverse("calendar-start"), form, follow=True).content.decode()
    )


# --- what the pages say -------------------------------------------------------------------------


def test_what_is_to_be_checked_stands_with_the_source_and_not_as_the_law(
    client_for: ClientFor, north_yorkshire: Any
) -> None:
    meeting = DutyOccurrence.objects.filter(partnership=north_yorkshire, entry__code="public_meeting").first()
    assert meeting is not None
    text = client_for("rachel.referrer").get(address("calendar-item", meeting)).content.decode()
    law, source = text.split("What the law asks")[1].split("How the date was worked out")
    assert "amendments of 2011" not in law
    assert "To check: Whether the amendments of 2011" in source


def test_no_page_promises_a_mail_that_nobody_sends(client_for: ClientFor, row: DutyOccurrence) -> None:
    client = client_for("maya.manager")
    for page in (address("calendar-item", row), reverse("clock", args=["freedom_of_information"])):
        text = client.get(page).content.decode()
        assert "No email is sent" in text
        assert "Remind" not in text
        assert "Warns" not in text


def test_the_form_lists_the_evidence_that_is_wanted(client_for: ClientFor, row: DutyOccurrence) -> None:
    text = client_for("maya.manager").get(address("calendar-done", row)).content.decode()
    assert "Wanted: The data received, or a statement that the holder has none." in text


def test_a_second_record_says_who_made_the_first(
    client_for: ClientFor, maya: Actor, row: DutyOccurrence
) -> None:
    client = client_for("maya.manager")
    client.post(address("calendar-done", row), done_form(row, maya.on))
    answer = client.get(address("calendar-done", row))
    assert answer.status_code == 409
    assert "already recorded as done on 28 August 2018 by Maya Okonjo" in answer.content.decode()
    assert address("calendar-item", row) in answer.content.decode()


def test_a_conflict_over_a_take_back_warns_of_nothing_that_cannot_be_done(
    client_for: ClientFor, maya: Actor, row: DutyOccurrence
) -> None:
    client = client_for("maya.manager")
    client.post(address("calendar-done", row), done_form(row, maya.on))
    row.refresh_from_db()
    duties.undo(occurrence_id=row.public_id, reason="The other was first", by=maya, on=maya.on)
    answer = client.post(address("calendar-undo", row), {"edition": row.edition, "reason": "Me too"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This has changed since you opened it" in text
    assert "Why it was not needed" not in text


def test_the_file_says_what_happened(started: tuple[Client, DutyOccurrence]) -> None:
    client, _ = started
    rows = read_csv(client.get(f"{reverse('calendar-csv')}?duty=freedom_of_information"))
    assert [one["What happened"] for one in rows] == ["Request 12"]


def test_the_file_has_a_line_for_each_holder(client_for: ClientFor) -> None:
    rows = read_csv(client_for("maya.manager").get(f"{reverse('calendar-csv')}?duty=dataset_council"))
    assert len({one["Whose"] for one in rows}) == 8


# --- Your work ----------------------------------------------------------------------------------


def test_your_work_shows_what_is_late_or_due_within_four_weeks(maya: Actor, actor_of: ActorOf) -> None:
    from saferhub.partnership.queries.duties import work_items

    items = list(work_items(maya))
    assert items
    assert all(item.due_on is not None and item.due_on <= maya.on + timedelta(days=28) for item in items)
    assert items[0].step == "Record as done"
    titles = [(item.title, item.why) for item in items]
    assert len(set(titles)) == len(titles)
    assert any(item.title.startswith("Quarterly data from councils: ") for item in items)
    assert list(work_items(actor_of("rachel.referrer"))) == []


def test_your_work_says_what_happened_and_how_far_the_clock_has_run(
    started: tuple[Client, DutyOccurrence],
) -> None:
    client, row = started
    text = client.get(reverse("home")).content.decode()
    assert row.started_because in text
    assert "15 of 20 working days used" in text
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))
    client.post(reverse("calendar-start"), start_form("freedom_of_information", date(2018, 8, 7)))
    client.get(reverse("home"))  # its message is shown once
    with CaptureQueriesContext(connection) as more:
        client.get(reverse("home"))
    assert len(more) == len(few)
