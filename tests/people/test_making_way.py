"""Of some parts one holds at a time: on no day none, on no day two, and what was replaced at once on no day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from saferhub.foundation import clock
from saferhub.people.models import EqualityAnswer, Person, SafeContact
from saferhub.people.operations import parts
from saferhub.people.queries.details import part_groups
from saferhub.people.queries.person_page import is_current
from saferhub.people.queries.words import pack_words
from saferhub.sharing.entering import entered

DAY = timedelta(days=1)


@pytest.fixture
def on(world: None) -> date:
    return clock.today()


@pytest.fixture
def rachel(actor_of: Any) -> Any:
    return actor_of("rachel.referrer")


@pytest.fixture
def joanne(cast: dict[str, Any]) -> Any:
    with entered(cast["rachel.referrer"]):
        yield Person.objects.select_related("folder").get(name="Joanne Frith")


def add(joanne: Person, rachel: Any, on: date, numbers: str, first: date | None = None) -> Any:
    return parts.add_part(
        owner=joanne, slug="safe-contact", values={"numbers": numbers, "valid_from": first}, by=rachel, on=on
    )


def holding(joanne: Person, day: date) -> list[str]:
    rows = SafeContact.objects.filter(person=joanne).order_by("id")
    return [one.numbers for one in rows if is_current(one, day)]


def test_what_is_planned_leaves_the_one_before_until_its_first_day(
    joanne: Person, rachel: Any, on: date
) -> None:
    (now,) = holding(joanne, on)
    add(joanne, rachel, on, "01632 960301", on + 10 * DAY)
    assert [holding(joanne, on + n * DAY) for n in (0, 9, 10)] == [[now], [now], ["01632 960301"]]


def test_a_new_one_replaces_what_was_planned_and_what_had_given_way_to_it(
    joanne: Person, rachel: Any, on: date
) -> None:
    add(joanne, rachel, on, "01632 960301", on + 10 * DAY)
    add(joanne, rachel, on, "01632 960302")
    for days in (0, 5, 9, 10, 11):
        assert holding(joanne, on + days * DAY) == ["01632 960302"]


def test_what_is_set_anew_on_the_same_day_holds_on_none(joanne: Person, rachel: Any, on: date) -> None:
    first = add(joanne, rachel, on, "01632 960301")
    add(joanne, rachel, on, "01632 960302")
    assert holding(joanne, on) == ["01632 960302"]
    first.refresh_from_db()
    assert (first.valid_from, first.valid_until) == (on, on - DAY)
    (group,) = [one for one in part_groups(rachel, joanne, pack_words(rachel)) if one.slug == "safe-contact"]
    assert first.pk in [row.part.pk for row in group.rows if row.is_replaced]
    corrected = parts.correct_part(
        owner=joanne, slug="safe-contact", part_id=first.public_id, seen=first.version, by=rachel, on=on,
        values={"numbers": "01632 960303", "valid_from": on, "valid_until": on - DAY},
    )  # fmt: skip
    assert corrected.numbers == "01632 960303"
    for answer in ("none", "not_asked"):
        parts.add_part(
            owner=joanne,
            slug="equality",
            values={"characteristic": "disability", "answer": answer},
            by=rachel,
            on=on,
        )
    rows = EqualityAnswer.objects.filter(person=joanne, characteristic="disability")
    assert [one.answer for one in rows if is_current(one, on)] == ["not_asked"]


def test_one_said_to_have_begun_earlier_keeps_what_held_until_yesterday(
    joanne: Person, rachel: Any, on: date
) -> None:
    add(joanne, rachel, on, "01632 960301", on - 5 * DAY)
    add(joanne, rachel, on, "01632 960302", on - 7 * DAY)
    assert holding(joanne, on) == ["01632 960302"]
    assert "01632 960301" in holding(joanne, on - DAY)


def test_putting_off_what_is_planned_leaves_no_day_between(joanne: Person, rachel: Any, on: date) -> None:
    (now,) = holding(joanne, on)
    made = add(joanne, rachel, on, "01632 960301", on + 10 * DAY)
    parts.correct_part(
        owner=joanne, slug="safe-contact", part_id=made.public_id, seen=1, by=rachel, on=on,
        values={"numbers": "01632 960301", "valid_from": on + 20 * DAY, "valid_until": None},
    )  # fmt: skip
    assert [holding(joanne, on + n * DAY) for n in (9, 15, 19, 20)] == [[now]] * 3 + [["01632 960301"]]
