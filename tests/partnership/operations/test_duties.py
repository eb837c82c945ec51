"""Writing in the statutory calendar: outcome, audit entry, refusal, rollback, two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry as AuditEntry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.access.duties import available_operations, occurrences_visible_to
from saferhub.partnership.models import Entry, EntryVersion
from saferhub.partnership.models.duties import DutyMove, DutyOccurrence, DutyStatus
from saferhub.partnership.operations import duties
from saferhub.partnership.operations.duty_planning import NO_LONGER_ASKED
from saferhub.partnership.operations.duty_rows import redate_row
from saferhub.partnership.rules.clocks import LONDON

ActorOf = Callable[[str], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def maya(actor_of: ActorOf) -> Actor:
    return actor_of("maya.manager")


def due_one(actor: Actor, code: str = "dataset_police", **changes: Any) -> DutyOccurrence:
    """The earliest occurrence of a duty that still waits."""
    found = DutyOccurrence.objects.filter(
        partnership=actor.partnership, entry__code=code, status=DutyStatus.DUE, **changes
    )
    row = found.order_by("due_on", "id").first()
    assert row is not None
    return row


def record(actor: Actor, row: DutyOccurrence, **changes: Any) -> DutyOccurrence:
    given: dict[str, Any] = {
        "occurrence_id": row.public_id,
        "done_on": actor.on,
        "evidence": "Minute 7 of the meeting",
        "by": actor,
        "on": actor.on,
        "edition": row.edition,
    }
    return duties.record_done(**{**given, **changes})


def events_of(row: DutyOccurrence) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject=row.public_id).order_by("id").values_list("event", flat=True)
    )


# --- planning -----------------------------------------------------------------------------------


def test_planning_again_adds_nothing(north_yorkshire: Any, maya: Actor) -> None:
    before = DutyOccurrence.objects.count()
    assert duties.plan_calendar(north_yorkshire, on=maya.on, by=maya) == []
    assert duties.plan_all_calendars(maya.on) == 0
    assert DutyOccurrence.objects.count() == before > 0


def test_the_calendar_looks_a_year_ahead(north_yorkshire: Any, maya: Actor) -> None:
    later = maya.on + timedelta(days=200)
    added = duties.plan_calendar(north_yorkshire, on=later, by=None)
    assert added
    assert all(row.due_on is not None and maya.on < row.due_on <= later + duties.AHEAD for row in added)
    assert {move.by for move in DutyMove.objects.filter(occurrence__in=added)} == {""}


def test_each_holder_owes_its_own_quarterly_data(north_yorkshire: Any) -> None:
    quarter = DutyOccurrence.objects.filter(
        partnership=north_yorkshire, entry__code="dataset_council", period_start=date(2018, 4, 1)
    )
    codes = set(quarter.values_list("holder__code", flat=True))
    assert len(codes) == 8
    assert "north_yorkshire_county_council" in codes
    assert "city_of_york_council" not in codes
    assert set(quarter.values_list("due_on", flat=True)) == {date(2018, 9, 30)}


def test_one_partnership_is_not_planned_with_another_ones_agencies(north_yorkshire: Any) -> None:
    rows = DutyOccurrence.objects.exclude(partnership=north_yorkshire).exclude(holder=None)
    assert rows.exists()
    assert not rows.filter(holder__partnership=north_yorkshire).exists()


def test_a_planned_duty_is_audited_and_has_its_move(maya: Actor) -> None:
    row = due_one(maya)
    assert events_of(row) == ["duty.planned"]
    move = row.moves.get()
    assert (move.from_status, move.to_status) == ("", "due")


def test_planning_is_for_those_who_keep_the_calendar(north_yorkshire: Any, actor_of: ActorOf) -> None:
    with pytest.raises(NotAllowed):
        duties.plan_calendar(north_yorkshire, on=date(2018, 8, 28), by=actor_of("rachel.referrer"))


def change_version(code: str, partnership: Any, **changes: Any) -> EntryVersion:
    """What a newer pack does to an entry: the old version goes, another takes its place."""
    sections = ["duties", "agencies"]
    found = EntryVersion.objects.live().filter(entry__code=code, entry__section__in=sections)
    old = found.get(entry__partnership=partnership)
    release = old.recorded_in
    EntryVersion.objects.filter(pk=old.pk).update(withdrawn_in=release)
    fields = {
        name: getattr(old, name) for name in ("valid_from", "valid_until", "payload", "source", "verify")
    }
    return EntryVersion.objects.create(entry=old.entry, recorded_in=release, **{**fields, **changes})


def waiting(partnership: Any, code: str) -> set[date | None]:
    found = DutyOccurrence.objects.filter(partnership=partnership, entry__code=code, status=DutyStatus.DUE)
    return set(found.values_list("due_on", flat=True))


def test_a_changed_rule_does_not_leave_the_old_dates_beside_the_new(
    north_yorkshire: Any, maya: Actor
) -> None:
    before = DutyOccurrence.objects.get(
        partnership=north_yorkshire, entry__code="public_meeting", due_on=date(2019, 3, 31)
    )
    payload = {**before.version.payload, "recurrence": {"kind": "yearly", "due_month": 1, "due_day": 31}}
    change_version("public_meeting", None, payload=payload)
    duties.plan_calendar(north_yorkshire, on=maya.on, by=None)
    assert waiting(north_yorkshire, "public_meeting") == {date(2019, 1, 31)}
    before.refresh_from_db()
    assert before.status == "withdrawn"
    assert events_of(before)[-1] == "duty.withdrawn"
    last = before.moves.last()
    assert last is not None
    assert last.reason == NO_LONGER_ASKED
    assert duties.plan_calendar(north_yorkshire, on=maya.on, by=None) == []
    assert before.moves.count() == 2


def test_an_agency_that_ends_owes_no_later_period_but_still_the_past(
    north_yorkshire: Any, maya: Actor
) -> None:
    agency = due_one(maya, "dataset_council", holder__code="selby_district_council").holder
    assert agency is not None
    change_version(agency.entry.code, north_yorkshire, valid_until=date(2018, 8, 31))
    duties.plan_calendar(north_yorkshire, on=maya.on, by=None)
    owed = DutyOccurrence.objects.filter(holder=agency, entry__code="dataset_council").exclude(
        status=DutyStatus.DONE
    )
    assert {row.status for row in owed if row.period_end and row.period_end > date(2018, 8, 31)} == {
        "withdrawn"
    }
    assert owed.get(period_end=date(2018, 6, 30)).status == "due"


def test_what_was_started_by_hand_or_recorded_is_never_withdrawn(north_yorkshire: Any, maya: Actor) -> None:
    started = start(maya)
    done = record(maya, due_one(maya, "public_meeting"))
    for code in ("scrutiny_response", "public_meeting"):
        change_version(code, None, valid_until=date(2018, 8, 1))
    duties.plan_calendar(north_yorkshire, on=maya.on, by=None)
    started.refresh_from_db()
    done.refresh_from_db()
    assert (started.status, done.status) == ("due", "done")


def test_one_calendar_that_cannot_be_planned_does_not_stop_the_others(
    north_yorkshire: Any, maya: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.partnership.queries import duties as queries

    begins = queries.calendar_begins

    def broken_for_one(partnership: Any) -> date:
        if partnership == north_yorkshire:
            raise Refusal("no_pack", "No pack is loaded for this partnership.")
        return begins(partnership)

    monkeypatch.setattr(queries, "calendar_begins", broken_for_one)
    later = maya.on + timedelta(days=200)
    before = DutyOccurrence.objects.exclude(partnership=north_yorkshire).count()
    with pytest.raises(Refusal) as refused:
        duties.plan_all_calendars(later)
    assert refused.value.code == "calendars_not_planned"
    assert north_yorkshire.code in refused.value.sentence
    assert DutyOccurrence.objects.exclude(partnership=north_yorkshire).count() > before


# --- done ---------------------------------------------------------------------------------------


def test_done_is_recorded_with_evidence_move_and_audit(maya: Actor) -> None:
    row = due_one(maya)
    done = record(maya, row, evidence_reference="NYP/2018/7", responsible_post="Information lead")
    done.refresh_from_db()
    assert (done.status, done.done_on, done.evidence) == ("done", maya.on, "Minute 7 of the meeting")
    assert (done.evidence_reference, done.responsible_post) == ("NYP/2018/7", "Information lead")
    assert done.edition == row.edition + 1
    move = done.moves.order_by("-id").first()
    assert move is not None
    assert (move.from_status, move.to_status, move.by) == ("due", "done", maya.public_id)
    assert "NYP/2018/7" in move.reason
    assert events_of(done)[-1] == "duty.done"


def test_the_audit_holds_no_evidence(maya: Actor) -> None:
    done = record(maya, due_one(maya), evidence="A secret phrase")
    assert not any(
        "secret" in str(entry.codes) for entry in AuditEntry.objects.filter(subject=done.public_id)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"evidence": "  "}, "evidence_missing"),
        ({"done_on": date(2030, 1, 1)}, "done_in_future"),
        ({"done_on": date(2001, 1, 1)}, "done_before_start"),
    ],
)
def test_a_record_that_cannot_be_true_is_refused(maya: Actor, changes: dict[str, Any], code: str) -> None:
    row = due_one(maya)
    with pytest.raises(Refusal) as refused:
        record(maya, row, **changes)
    assert refused.value.code == code
    row.refresh_from_db()
    assert row.status == "due"


def test_what_is_done_cannot_be_done_again(maya: Actor) -> None:
    row = record(maya, due_one(maya))
    with pytest.raises(Refusal) as refused:
        record(maya, row)
    assert refused.value.code == "already_recorded"
    assert refused.value.sentence == "This was already recorded as done on 28 August 2018 by Maya Okonjo."
    assert row.public_id in refused.value.link


def test_only_the_partnership_manager_records(maya: Actor, actor_of: ActorOf) -> None:
    row = due_one(maya)
    for username in ("rachel.referrer", "colin.coordinator", "ian.governance", "ana.analyst", "ada.admin"):
        with pytest.raises(NotAllowed):
            record(actor_of(username), row)
    with pytest.raises(Http404):
        record(actor_of("olivia.outsider"), row)


def test_a_write_whose_audit_fails_is_rolled_back(maya: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    row = due_one(maya)

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        record(maya, row)
    row.refresh_from_db()
    assert row.status == "due"
    assert row.moves.count() == 1


def test_a_second_edit_gets_a_conflict_and_changes_nothing(maya: Actor) -> None:
    row = due_one(maya)
    record(maya, row)
    with pytest.raises(Conflict):
        duties.record_not_needed(
            occurrence_id=row.public_id, reason="The other", by=maya, on=maya.on, edition=row.edition
        )
    row.refresh_from_db()
    assert row.status == "done"


# --- within a time of the last one --------------------------------------------------------------


def test_scrutiny_done_plans_the_next_within_twelve_months(maya: Actor) -> None:
    row = due_one(maya, "scrutiny")
    record(maya, row, done_on=date(2018, 8, 28), on=date(2018, 8, 28))
    following = due_one(maya, "scrutiny")
    assert (following.started_on, following.due_on) == (date(2018, 8, 28), date(2019, 8, 28))


def test_undone_scrutiny_takes_its_successor_along_and_brings_it_back(maya: Actor) -> None:
    row = due_one(maya, "scrutiny")
    record(maya, row)
    following = due_one(maya, "scrutiny")
    duties.undo(occurrence_id=row.public_id, reason="Wrong committee", by=maya, on=maya.on)
    following.refresh_from_db()
    assert following.status == "withdrawn"
    assert events_of(following)[-1] == "duty.withdrawn"
    again = due_one(maya, "scrutiny")
    assert again.pk == row.pk
    record(maya, again)
    following.refresh_from_db()
    assert following.status == "due"
    assert events_of(following)[-1] == "duty.needed_again"


def test_scrutiny_not_needed_plans_the_next_from_its_due_date(maya: Actor) -> None:
    row = due_one(maya, "scrutiny")
    duties.record_not_needed(occurrence_id=row.public_id, reason="Joint committee sat", by=maya, on=maya.on)
    following = due_one(maya, "scrutiny")
    assert following.started_on == row.due_on
    assert "was not needed" in following.due_steps[0]
    duties.undo(occurrence_id=row.public_id, reason="It did not sit", by=maya, on=maya.on)
    following.refresh_from_db()
    assert following.status == "withdrawn"
    assert due_one(maya, "scrutiny").pk == row.pk


# --- taking back, not needed --------------------------------------------------------------------


def test_undone_is_due_again_and_keeps_the_evidence_in_its_history(maya: Actor) -> None:
    row = record(maya, due_one(maya))
    undone = duties.undo(
        occurrence_id=row.public_id, reason="Entered for the wrong quarter", by=maya, on=maya.on
    )
    undone.refresh_from_db()
    assert (undone.status, undone.done_on, undone.evidence) == ("due", None, "")
    reasons = [move.reason for move in undone.moves.order_by("id")]
    assert any("Minute 7" in reason for reason in reasons)
    assert reasons[-1] == "Entered for the wrong quarter"
    assert events_of(undone)[-1] == "duty.undone"


def test_not_needed_wants_a_reason_and_can_be_taken_back(maya: Actor) -> None:
    row = due_one(maya)
    with pytest.raises(Refusal) as refused:
        duties.record_not_needed(occurrence_id=row.public_id, reason=" ", by=maya, on=maya.on)
    assert refused.value.code == "reason_missing"
    duties.record_not_needed(occurrence_id=row.public_id, reason="The holder has none", by=maya, on=maya.on)
    assert events_of(row)[-1] == "duty.not_needed"
    with pytest.raises(Refusal):
        duties.undo(occurrence_id=row.public_id, reason="", by=maya, on=maya.on)
    duties.undo(occurrence_id=row.public_id, reason="It has some after all", by=maya, on=maya.on)
    row.refresh_from_db()
    assert row.status == "due"
    assert events_of(row)[-1] == "duty.needed_again"


def test_what_is_due_cannot_be_taken_back(maya: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        duties.undo(occurrence_id=due_one(maya).public_id, reason="Why not", by=maya, on=maya.on)
    assert refused.value.code == "nothing_to_take_back"


def test_what_the_calendar_withdrew_nobody_brings_back(maya: Actor) -> None:
    row = due_one(maya, "scrutiny")
    record(maya, row)
    following = due_one(maya, "scrutiny")
    duties.undo(occurrence_id=row.public_id, reason="Wrong committee", by=maya, on=maya.on)
    following.refresh_from_db()
    assert following.status == "withdrawn"
    with pytest.raises(Refusal) as refused:
        duties.undo(occurrence_id=following.public_id, reason="I want it", by=maya, on=maya.on)
    assert refused.value.code == "nothing_to_take_back"
    assert available_operations(maya, following) == set()
    following.refresh_from_db()
    assert following.status == "withdrawn"


# --- clocks that an event starts ----------------------------------------------------------------


def start(actor: Actor, **changes: Any) -> DutyOccurrence:
    given: dict[str, Any] = {
        "duty": "scrutiny_response",
        "started": date(2018, 8, 20),
        "because": "Report of the committee of 20 August",
        "by": actor,
        "on": actor.on,
    }
    return duties.start_response_clock(**{**given, **changes})


def test_a_response_is_due_twenty_eight_days_after_the_report(maya: Actor) -> None:
    row = start(maya)
    assert (row.due_on, row.started_on) == (date(2018, 9, 17), date(2018, 8, 20))
    assert row.clock_version is not None
    assert row.due_steps[0].startswith("Started on Monday 20 August 2018")
    assert events_of(row) == ["duty.started"]


def test_a_breach_is_due_in_seventy_two_hours(maya: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        start(maya, duty="breach_notification")
    assert refused.value.code == "clock_needs_a_time"
    row = start(maya, duty="breach_notification", started=datetime(2018, 8, 24, 17, 30, tzinfo=LONDON))
    assert row.due_at == datetime(2018, 8, 27, 17, 30, tzinfo=LONDON)
    assert row.due_on == date(2018, 8, 27)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"because": " "}, "reason_missing"),
        ({"started": date(2030, 1, 1)}, "started_in_future"),
        ({"duty": "dataset_police"}, "unknown_duty"),
        ({"duty": "nothing"}, "unknown_duty"),
    ],
)
def test_a_start_that_cannot_be_is_refused(maya: Actor, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        start(maya, **changes)
    assert refused.value.code == code


def test_the_same_event_starts_one_clock_only(maya: Actor) -> None:
    start(maya)
    with pytest.raises(Refusal) as refused:
        start(maya)
    assert refused.value.code == "started_already"
    assert start(maya, because="Another report of the same day").pk


def test_others_cannot_start_a_clock(actor_of: ActorOf) -> None:
    with pytest.raises(NotAllowed):
        start(actor_of("rachel.referrer"))


@pytest.fixture
def owed_by_councils(north_yorkshire: Any) -> str:
    """A duty of the partnership's own that falls on single councils after an event."""
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
    return entry.code


def test_a_duty_of_one_agency_names_the_agency(maya: Actor, owed_by_councils: str) -> None:
    row = start(maya, duty=owed_by_councils, holder="selby_district_council")
    assert row.holder is not None
    assert row.holder.code == "selby_district_council"
    assert duties.plan_calendar(row.partnership, on=maya.on, by=maya) == []


def test_any_agency_may_be_named_where_the_duty_need_not_fall_on_one(maya: Actor) -> None:
    row = start(maya, duty="freedom_of_information", holder="selby_district_council")
    assert row.holder is not None
    assert row.holder.code == "selby_district_council"
    with pytest.raises(Refusal) as refused:
        start(maya, duty="freedom_of_information", holder="nobody")
    assert refused.value.code == "unknown_holder"


@pytest.mark.parametrize("holder", ["", "north_yorkshire_police", "north_yorkshire_council"])
def test_only_an_agency_that_owes_it_today_can_be_named(
    maya: Actor, owed_by_councils: str, holder: str
) -> None:
    with pytest.raises(Refusal) as refused:
        start(maya, duty=owed_by_councils, holder=holder)
    assert refused.value.code == "unknown_holder"


def test_somebody_of_no_partnership_has_no_calendar(maya: Actor) -> None:
    nobody = Actor(user=maya.user, roles=maya.roles, on=maya.on)
    assert not occurrences_visible_to(nobody).exists()
    with pytest.raises(Refusal) as refused:
        start(nobody)
    assert refused.value.code == "no_partnership"


def test_a_row_without_a_clock_has_nothing_to_redate(maya: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        redate_row(due_one(maya))
    assert refused.value.code == "no_clock"


# --- correcting the start -----------------------------------------------------------------------


def correct(actor: Actor, row: DutyOccurrence, **changes: Any) -> DutyOccurrence:
    given: dict[str, Any] = {
        "occurrence_id": row.public_id,
        "started": date(2018, 8, 13),
        "reason": "The letter had lain in the post room",
        "by": actor,
        "on": actor.on,
    }
    return duties.correct_start(**{**given, **changes})


def test_a_corrected_start_gives_another_date_and_keeps_both_in_the_history(maya: Actor) -> None:
    row = correct(maya, start(maya))
    row.refresh_from_db()
    assert (row.started_on, row.due_on) == (date(2018, 8, 13), date(2018, 9, 10))
    assert row.due_steps[0].startswith("Started on Monday 13 August 2018")
    last = row.moves.last()
    assert last is not None
    assert "from Monday 20 August 2018 to Monday 13 August 2018" in last.reason
    assert "post room" in last.reason
    assert events_of(row) == ["duty.started", "duty.start_corrected"]


def test_a_corrected_moment_counts_its_hours_afresh(maya: Actor) -> None:
    row = start(maya, duty="breach_notification", started=datetime(2018, 8, 24, 17, 30, tzinfo=LONDON))
    row = correct(maya, row, started=datetime(2018, 8, 24, 9, 0, tzinfo=LONDON))
    assert row.due_at == datetime(2018, 8, 27, 9, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"started": date(2030, 1, 1)}, "started_in_future"),
        ({"started": date(2018, 8, 20)}, "start_unchanged"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(maya: Actor, changes: dict[str, Any], code: str) -> None:
    row = start(maya)
    with pytest.raises(Refusal) as refused:
        correct(maya, row, **changes)
    assert refused.value.code == code
    row.refresh_from_db()
    assert row.started_on == date(2018, 8, 20)


def test_a_clock_cannot_be_made_to_start_after_it_was_held_or_before_its_law(maya: Actor) -> None:
    row = start(maya, duty="subject_access", started=date(2018, 8, 6))
    hold(maya, row, date(2018, 8, 13))
    for started, code in ((date(2018, 8, 20), "pause_before_start"), (date(2018, 5, 1), "unknown_clock")):
        with pytest.raises(Refusal) as refused:
            correct(maya, row, started=started)
        assert refused.value.code == code
    assert correct(maya, row, started=date(2018, 8, 1)).is_held


def test_two_clocks_of_one_event_cannot_be_corrected_into_one(maya: Actor) -> None:
    first = start(maya)
    start(maya, started=date(2018, 8, 13))
    with pytest.raises(Refusal) as refused:
        correct(maya, first)
    assert refused.value.code == "started_already"


def test_only_a_running_clock_that_somebody_started_has_a_start_to_correct(
    maya: Actor, actor_of: ActorOf
) -> None:
    with pytest.raises(Refusal) as refused:
        correct(maya, due_one(maya))
    assert refused.value.code == "no_clock"
    row = start(maya)
    with pytest.raises(NotAllowed):
        correct(actor_of("rachel.referrer"), row)
    with pytest.raises(Conflict):
        correct(maya, row, edition=row.edition + 1)
    record(maya, row)
    with pytest.raises(Refusal) as refused:
        correct(maya, row)
    assert refused.value.code == "not_open"


# --- pauses -------------------------------------------------------------------------------------


@pytest.fixture
def request_for_information(maya: Actor) -> DutyOccurrence:
    """20 working days from 6 August 2018: due on 4 September, after the bank holiday of 27 August."""
    row = start(maya, duty="freedom_of_information", started=date(2018, 8, 6), because="Request 12")
    assert row.due_on == date(2018, 9, 4)
    return row


def hold(actor: Actor, row: DutyOccurrence, from_on: date, **changes: Any) -> DutyOccurrence:
    given = {"occurrence_id": row.public_id, "from_on": from_on, "reason": "Clarification asked"}
    return duties.pause(**{**given, "by": actor, "on": actor.on, **changes})


def test_a_held_clock_has_no_date_and_then_a_later_one(
    maya: Actor, request_for_information: DutyOccurrence
) -> None:
    held = hold(maya, request_for_information, date(2018, 8, 13))
    assert held.due_on is None
    assert held.is_held
    again = duties.resume(occurrence_id=held.public_id, until_on=date(2018, 8, 20), by=maya, on=maya.on)
    # Five working days were held.
    assert again.due_on == date(2018, 9, 11)
    assert any("paused" in step for step in again.due_steps)
    assert events_of(again)[-2:] == ["duty.paused", "duty.resumed"]
    pause = again.pauses.get()
    assert (pause.by, pause.ended_by) == (maya.public_id, maya.public_id)


@pytest.mark.parametrize(
    ("from_on", "code"),
    [
        (date(2030, 1, 1), "pause_in_future"),
        (date(2018, 8, 1), "pause_before_start"),
    ],
)
def test_a_pause_that_cannot_be_is_refused(
    maya: Actor, request_for_information: DutyOccurrence, from_on: date, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        hold(maya, request_for_information, from_on)
    assert refused.value.code == code


def test_pauses_follow_one_another(maya: Actor, request_for_information: DutyOccurrence) -> None:
    row = request_for_information
    hold(maya, row, date(2018, 8, 13))
    with pytest.raises(Refusal) as refused:
        hold(maya, row, date(2018, 8, 14))
    assert refused.value.code == "held_already"
    with pytest.raises(Refusal) as refused:
        duties.resume(occurrence_id=row.public_id, until_on=date(2018, 8, 10), by=maya, on=maya.on)
    assert refused.value.code == "pause_ends_before_it_begins"
    with pytest.raises(Refusal) as refused:
        duties.resume(occurrence_id=row.public_id, until_on=date(2030, 1, 1), by=maya, on=maya.on)
    assert refused.value.code == "resume_in_future"
    duties.resume(occurrence_id=row.public_id, until_on=date(2018, 8, 20), by=maya, on=maya.on)
    with pytest.raises(Refusal) as refused:
        hold(maya, row, date(2018, 8, 19))
    assert refused.value.code == "pause_overlaps"
    with pytest.raises(Refusal) as refused:
        duties.resume(occurrence_id=row.public_id, until_on=date(2018, 8, 21), by=maya, on=maya.on)
    assert refused.value.code == "not_held"


def test_a_held_duty_can_be_not_needed_and_needed_again(
    maya: Actor, request_for_information: DutyOccurrence
) -> None:
    row = hold(maya, request_for_information, date(2018, 8, 13))
    duties.record_not_needed(occurrence_id=row.public_id, reason="Request withdrawn", by=maya, on=maya.on)
    duties.undo(occurrence_id=row.public_id, reason="It was not withdrawn", by=maya, on=maya.on)
    row.refresh_from_db()
    assert row.is_held


def test_time_that_is_up_cannot_be_held(maya: Actor) -> None:
    row = start(maya, duty="freedom_of_information", started=date(2018, 4, 3), because="Request 1")
    with pytest.raises(Refusal) as refused:
        hold(maya, row, date(2018, 8, 1))
    assert refused.value.code == "time_was_up"


def test_a_date_given_by_the_law_has_no_clock_to_hold(maya: Actor) -> None:
    with pytest.raises(Refusal) as refused:
        hold(maya, due_one(maya), date(2018, 8, 20))
    assert refused.value.code == "no_clock"
    with pytest.raises(Refusal) as refused:
        hold(maya, start(maya), date(2018, 8, 21))
    assert refused.value.code == "never_pauses"


def test_a_done_duty_cannot_be_held(maya: Actor, request_for_information: DutyOccurrence) -> None:
    record(maya, request_for_information)
    with pytest.raises(Refusal) as refused:
        hold(maya, request_for_information, date(2018, 8, 20))
    assert refused.value.code == "not_open"


# --- the database -------------------------------------------------------------------------------


def test_the_database_refuses_done_without_evidence(maya: Actor) -> None:
    row = due_one(maya)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyOccurrence.objects.filter(pk=row.pk).update(status="done", done_on=maya.on)


def test_no_row_of_the_calendar_can_be_deleted_by_the_application(maya: Actor) -> None:
    from django.db.utils import ProgrammingError

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM partnership_duty_move")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_record_it_once(maya: Actor) -> None:
    row = due_one(maya)
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def attempt(evidence: str) -> None:
        try:
            barrier.wait(timeout=20)
            record(maya, row, evidence=evidence)
            outcomes.append("done")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(f"Evidence {n}",)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["conflict", "done"]
    assert row.moves.filter(to_status="done").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_add_each_duty_once(north_yorkshire: Any, maya: Actor) -> None:
    later = maya.on + timedelta(days=150)
    barrier = threading.Barrier(2)
    added: list[int] = []

    def plan() -> None:
        try:
            barrier.wait(timeout=20)
            added.append(len(duties.plan_calendar(north_yorkshire, on=later, by=None)))
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(added)[0] == 0
    assert sorted(added)[1] > 0


def test_taking_back_an_earlier_record_leaves_it_open_to_correction(maya: Actor) -> None:
    """The rules ask no more for a sitting that a later one followed, but its record may still be wrong."""
    first = due_one(maya, "scrutiny")
    record(maya, first, done_on=maya.on - 10 * DAY)
    record(maya, due_one(maya, "scrutiny"), done_on=maya.on)
    duties.undo(occurrence_id=first.public_id, reason="The wrong minutes", by=maya, on=maya.on)
    first.refresh_from_db()
    assert first.status == DutyStatus.DUE
    record(maya, first, done_on=maya.on - 10 * DAY)
    first.refresh_from_db()
    assert first.status == DutyStatus.DONE


def test_a_clock_cannot_start_at_an_hour_to_come(maya: Actor) -> None:
    later = datetime.combine(maya.on, datetime.max.time(), tzinfo=LONDON).replace(microsecond=0)
    with pytest.raises(Refusal) as refused:
        duties.start_response_clock(
            duty="breach_notification", started=later, because="A letter went astray", by=maya, on=maya.on
        )
    assert refused.value.code == "started_in_future"
