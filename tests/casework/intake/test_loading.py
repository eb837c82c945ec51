"""A large sheet is read in by the worker: as who asked, all or nothing, stopped, killed, begun again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.models import LoadStatus, Referral, SheetImport, SheetLoad, SheetRow, Source
from saferhub.casework.operations import intake_imports, intake_loading
from saferhub.casework.operations.intake_loading import begin_again, load_now, stop, throw_away_expired
from saferhub.casework.queries.intake_loading import standing_of
from saferhub.casework.views import intake_sheets
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.sharing.entering import entered
from tests.builders import casework_sheets as sheets
from tests.builders.casework import actor
from tests.builders.casework_intake import a_load, a_sheet
from tests.casework.intake.test_imports import hidden, look, upload

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

Cast = dict[str, Any]


@pytest.fixture
def priya(world: None, client_for: Callable[..., Client]) -> Client:
    return client_for("priya.partner")


@pytest.fixture
def large_from_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows are many enough for the worker."""
    monkeypatch.setattr(intake_sheets, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(intake_imports, "BATCH", 2)


def press(client: Client, looked: Any, **options: Any) -> Any:
    sent = {"seal": hidden(looked, "seal"), "settings": hidden(looked, "settings")}
    return client.post(reverse("sheet-read-in"), sent, **options)


def work(cast: Cast, load: SheetLoad, whose: str = "priya.partner") -> SheetLoad:
    """What the worker does with it."""
    with entered(cast[whose]):
        load_now(load_id=load.public_id, by=actor(cast, whose))
    return SheetLoad.objects.get(pk=load.pk)


def on_queue(load: SheetLoad, **values: Any) -> None:
    """Let the queue say this of its job."""
    with connection.cursor() as cursor:
        for name, value in values.items():
            cursor.execute(f"UPDATE procrastinate_jobs SET {name} = %s WHERE id = %s", [value, load.job])


def a_worker(*, seconds_ago: int) -> int:
    """One that gave its last sign of life then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (clock_timestamp() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
        )
        (number,) = cursor.fetchone()
    return int(number)


def count(cast: Cast) -> tuple[int, int, int]:
    with entered(cast["priya.partner"]):
        filed = Referral.objects.filter(source=Source.SHEET).count()
        return filed, SheetImport.objects.count(), SheetRow.objects.count()


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_large_sheet_is_asked_for_shown_and_ends_with_the_same_page(
    priya: Client, cast: Cast, large_from_two: None
) -> None:
    looked = look(priya, upload(priya, sheets.charity(), "list.csv"))
    assert "are read in while you go on" in text(looked)
    asked = press(priya, looked, follow=True)
    assert "Waiting for its turn" in text(asked) and "Look again" in text(asked)
    assert count(cast) == (0, 0, 0)
    load = SheetLoad.objects.get()
    on_queue(load, status="doing")
    address = reverse("sheet-loading", args=[load.public_id])
    assert "It broke off" in text(priya.get(address)), "it has no worker"
    on_queue(load, worker_id=a_worker(seconds_ago=20))
    assert "It broke off" in text(priya.get(address)), "its worker gives no sign of life"
    on_queue(load, worker_id=a_worker(seconds_ago=1))
    assert "Being read in" in text(priya.get(address))
    done = work(cast, load)
    assert (done.status, bytes(done.sealed), done.done) == (LoadStatus.DONE, b"", 2)
    assert count(cast) == (2, 1, 2)
    after = priya.get(reverse("sheet-loading", args=[load.public_id]), follow=True)
    assert after.redirect_chain == [(reverse("sheet-imported", args=[done.made]), 302)]
    assert "Referrals of this file" in text(after)


def test_pressed_twice_it_is_one_and_another_file_of_its_kind_waits(
    priya: Client, cast: Cast, large_from_two: None
) -> None:
    looked = look(priya, upload(priya, sheets.charity(), "list.csv"))
    first, second = press(priya, looked), press(priya, looked)
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert SheetLoad.objects.count() == 1
    assert Entry.objects.filter(event="sheet.load_asked").count() == 1
    other = press(priya, look(priya, upload(priya, sheets.charity("28.3.1985"), "list.csv")))
    assert other.status_code == 409
    assert "is being read in" in text(other)


def test_done_twice_it_makes_nothing_twice(world: None, cast: Cast) -> None:
    load = a_load(cast, count=3)
    work(cast, load)
    before = count(cast)
    work(cast, load)
    assert count(cast) == before == (3, 1, 3)
    with entered(cast["priya.partner"]):
        again = a_load(cast, count=3)
    assert again.rows == 0
    work(cast, again)
    assert count(cast)[0] == 3


def test_a_row_that_cannot_be_kept_then_takes_all_of_it_back_and_the_page_says_so(
    priya: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = a_load(cast, count=4)
    monkeypatch.setattr(intake_imports, "BATCH", 2)
    real, batches = intake_imports.file_all, []

    def second_fails(*given: Any, **more: Any) -> Any:
        batches.append(given)
        if len(batches) == 2:
            raise Refusal("hub_without_agreement", "No sharing agreement in force lets you share.")
        return real(*given, **more)

    monkeypatch.setattr(intake_imports, "file_all", second_fails)
    failed = work(cast, load)
    assert (failed.status, bytes(failed.sealed)) == (LoadStatus.FAILED, b"")
    assert count(cast) == (0, 0, 0)
    shown = text(priya.get(reverse("sheet-loading", args=[load.public_id])))
    assert "No sharing agreement in force lets you share. Nothing of it was read in" in shown


def test_a_worker_that_is_killed_leaves_nothing_and_it_can_begin_again(
    priya: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = a_load(cast, count=3)
    address = reverse("sheet-loading", args=[load.public_id])

    class Killed(BaseException):
        pass

    def killed(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as while_it_works:
        while_it_works.setattr(intake_loading, "_finish", killed)
        with pytest.raises(Killed):
            work(cast, load)
    assert count(cast) == (0, 0, 0)
    on_queue(load, attempts=1)
    assert "It broke off" in text(priya.get(address)) and "begins again by itself" in text(priya.get(address))
    worker = a_worker(seconds_ago=1)
    on_queue(load, status="doing", worker_id=worker)
    assert "it has begun again from the first row" in text(priya.get(address))
    on_queue(load, status="failed")
    shown = text(priya.get(address))
    assert "Nothing of it was read in, and nothing is half done" in shown and "Begin again" in shown
    priya.post(reverse("sheet-load-again", args=[load.public_id]))
    again = SheetLoad.objects.get(pk=load.pk)
    assert again.job != load.job
    assert standing_of(again).title == "Waiting for its turn"
    assert work(cast, again).status == LoadStatus.DONE
    assert count(cast) == (3, 1, 3)


def test_stopped_before_or_while_it_is_read_in_nothing_is_kept(
    priya: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = a_load(cast, count=3)
    answer = priya.post(reverse("sheet-load-stop", args=[before.public_id]), follow=True)
    assert "Stopped" in text(answer) and "Choose a file" in text(answer)
    assert work(cast, before).status == LoadStatus.CANCELLED
    monkeypatch.setattr(intake_imports, "BATCH", 1)
    during = a_load(cast, count=3)
    # In the worker another transaction stops it; here that would be taken back with the rest.
    said: list[int] = []

    def stopped(done: int) -> None:
        said.append(done)
        if done == 2:
            raise intake_loading.Stopped

    monkeypatch.setattr(intake_loading, "_goes_on", lambda load: stopped)
    assert work(cast, during).status == LoadStatus.WAITING
    assert said == [1, 2]
    assert count(cast) == (0, 0, 0)


def test_between_two_batches_it_looks_whether_it_was_stopped(world: None, cast: Cast) -> None:
    load = a_load(cast)
    goes_on = intake_loading._goes_on(load)
    goes_on(1)
    with entered(cast["priya.partner"]):
        stop(load_id=load.public_id, by=actor(cast, "priya.partner"))
    with pytest.raises(intake_loading.Stopped):
        goes_on(2)
    assert bytes(SheetLoad.objects.get().sealed) == b""


def test_who_may_not_refer_any_more_is_refused_when_the_worker_comes_to_it(world: None, cast: Cast) -> None:
    load = a_load(cast)
    membership = cast["priya.partner"].memberships.get()
    type(membership).objects.filter(pk=membership.pk).update(valid_until=clock.today() - timedelta(days=1))
    refused = work(cast, load)
    assert (refused.status, refused.made, bytes(refused.sealed)) == (LoadStatus.FAILED, "", b"")
    assert Entry.objects.using("refusals").filter(event="sheet.load_refused").exists()
    assert count(cast) == (0, 0, 0)


def test_who_has_moved_to_another_unit_is_refused(world: None, cast: Cast) -> None:
    load = a_load(cast)
    elsewhere = cast["victor.voluntary"].memberships.get().unit
    membership = cast["priya.partner"].memberships.get()
    type(membership).objects.filter(pk=membership.pk).update(unit=elsewhere)
    refused = work(cast, load)
    assert refused.status == LoadStatus.FAILED
    assert "do not work in the unit any more" in refused.problem
    assert Referral.objects.filter(source=Source.SHEET).count() == 0


def test_nobody_else_sees_begins_or_stops_it(
    world: None, cast: Cast, client_for: Callable[..., Client]
) -> None:
    load = a_load(cast)
    for username in ("colin.coordinator", "victor.voluntary", "maya.manager"):
        client = client_for(username)
        assert client.get(reverse("sheet-loading", args=[load.public_id])).status_code in (403, 404)
        for name in ("sheet-load-again", "sheet-load-stop"):
            assert client.post(reverse(name, args=[load.public_id])).status_code in (403, 404)
    assert work(cast, load, "victor.voluntary").status == LoadStatus.WAITING
    assert SheetLoad.objects.get().status == LoadStatus.WAITING


def test_what_its_rows_say_is_sealed_and_thrown_away_after_a_day(world: None, cast: Cast) -> None:
    load = a_load(cast)
    assert b"Shouting" not in bytes(load.sealed) and len(load.sealed) > 100
    assert throw_away_expired() == 0
    SheetLoad.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
    on_queue(load, status="failed")
    with entered(cast["priya.partner"]), pytest.raises(Refusal, match="not kept any more"):
        begin_again(load_id=load.public_id, by=actor(cast, "priya.partner"))
    assert throw_away_expired() == 1
    assert not SheetLoad.objects.exists()


def test_what_is_wrong_is_said_before_anything_is_kept_for_the_worker(world: None, cast: Cast) -> None:
    with entered(cast["priya.partner"]):
        sheet = a_sheet(cast, count=2)
        sheet["rows"][1].values["happened"] = ""
        with pytest.raises(Refusal, match="Row 3: Say what is happening"):
            intake_loading.ask_to_load(**sheet)
        assert not SheetLoad.objects.exists()
    with entered(cast["maya.manager"]), pytest.raises(NotAllowed):
        intake_loading.ask_to_load(**sheet | {"by": actor(cast, "ian.governance")})
