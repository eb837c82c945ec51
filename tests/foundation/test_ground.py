"""Identifiers, refusals, tables of moves, registries, and business time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from saferhub.foundation import clock, ids
from saferhub.foundation.models import ClockOffset
from saferhub.foundation.refusals import NotAllowed, Refusal, allows, refuse_if
from saferhub.foundation.registry import Registry
from saferhub.foundation.statuses import Lifecycle


class Light(Enum):
    RED = "red"
    GREEN = "green"


def test_a_reference_survives_being_read_aloud() -> None:
    for _ in range(200):
        assert re.fullmatch(r"SEL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}", ids.new_reference("SEL"))


@pytest.mark.parametrize("prefix", ["", "S", "SELBY", "sel", "S1L", "ÉÉ"])
def test_a_reference_wants_a_proper_prefix(prefix: str) -> None:
    with pytest.raises(ValueError, match="two to four capital letters"):
        ids.new_reference(prefix)


def test_public_identifiers_do_not_repeat_or_count_up() -> None:
    made = [ids.new_public_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert made != sorted(made)


def test_refuse_if_raises_the_first_refusal_and_passes_without_one() -> None:
    refuse_if([])
    with pytest.raises(Refusal) as raised:
        refuse_if(iter([Refusal("first", "First."), Refusal("second", "Second.")]))
    assert raised.value.code == "first"


def test_can_is_derived_from_check_and_lets_errors_through() -> None:
    def check(value: int) -> None:
        if value == 1:
            raise NotAllowed("no", "No.")
        if value == 2:
            raise KeyError("a mistake")

    assert allows(check, 0) is True
    assert allows(check, 1) is False
    with pytest.raises(KeyError):
        allows(check, 2)


@pytest.mark.parametrize(
    ("transitions", "owners", "fault"),
    [
        ({Light.RED: [Light.GREEN]}, {Light.RED: "a", Light.GREEN: "b"}, "no row of moves"),
        ({Light.RED: [Light.GREEN], Light.GREEN: []}, {Light.RED: "a"}, "no owner"),
        ({Light.RED: [], Light.GREEN: [Light.RED]}, {Light.RED: "a", Light.GREEN: "b"}, "no move leads to"),
    ],
)
def test_a_table_of_moves_must_be_whole(transitions: dict, owners: dict, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Lifecycle(Light, start=Light.RED, transitions=transitions, owners=owners)


def test_a_registry_keeps_its_order_and_takes_a_provider_once() -> None:
    registry: Registry[[], str] = Registry("test")

    def late() -> str:
        return "late"

    def early() -> str:
        return "early"

    registry.register(late, order=50)
    registry.register(early, order=10)
    registry.register(late, order=50)
    assert [provider() for provider in registry] == ["early", "late"]


@pytest.mark.django_db
def test_outside_demonstration_business_time_is_the_true_time() -> None:
    assert not ClockOffset.objects.exists()
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)


@pytest.mark.django_db
def test_python_and_the_database_agree_on_business_time(world: None) -> None:
    assert clock.today() in (date(2018, 8, 28), date(2018, 8, 29))
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate.instant()")
        (instant,) = cursor.fetchone()
    assert abs(instant - clock.now()) < timedelta(seconds=5)


@pytest.mark.django_db
def test_the_application_may_not_move_the_day() -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ClockOffset.objects.create(days=1)


@pytest.mark.django_db
def test_the_day_begins_in_london(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a summer evening in UTC it is already tomorrow in London."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    clock.forget()
    assert clock.today() == date(2026, 7, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [date(2018, 7, 5), date(2018, 1, 11)], ids=["summer", "winter"])
def test_history_is_written_at_its_time_of_the_day_and_goes_on_from_there(
    world: None, day: date, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    with clock.on_day(day, time(15, 20)):
        then = clock.now()
        assert (then.date(), then.hour, then.minute) == (day, 15, 20)
        assert clock.now() >= then
        with clock.on_day(day - timedelta(days=1)):
            assert clock.today() == day - timedelta(days=1)
    assert clock.today() != day


@pytest.mark.django_db
def test_outside_a_demonstration_there_is_no_past_to_write(world: None, settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(RuntimeError), clock.on_day(date(2018, 7, 5), time(10)):
        pass
