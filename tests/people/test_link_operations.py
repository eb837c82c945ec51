"""Link decisions against the database: sequences, contradictions, what a reader may not see, rollback."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.people import access
from saferhub.people.models import LinkDecision, Person
from saferhub.people.operations import links, persons
from saferhub.people.queries.links import standing_around
from saferhub.people.queries.person_page import group_of, person_page
from saferhub.people.rules import links as rules
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Interest, Matter


@pytest.fixture
def on(world: None) -> date:
    return clock.today()


@pytest.fixture
def colin(actor_of: Any) -> Any:
    return actor_of("colin.coordinator")


@pytest.fixture
def six(cast: dict[str, Any], colin: Any, on: date) -> Any:
    """Six invented records in one matter, as the co-ordinator."""
    with entered(cast["colin.coordinator"]):
        matter = Matter.objects.get(title__startswith="Shouting")
        yield [
            persons.record_person(
                matter_id=matter.public_id, values={"given": name, "family": "Invented"}, by=colin, on=on
            )
            for name in ("Ash", "Beech", "Cedar", "Damson", "Elder", "Fir")
        ]


def decide(one: Person, other: Person, verdict: str, by: Any, on: date) -> LinkDecision:
    return links.decide(
        one_id=one.public_id, other_id=other.public_id, verdict=verdict, reason="Compared", by=by, on=on
    )


def groups(people: list[Person], by: Any) -> set[frozenset[str]]:
    return {frozenset(one.name for one in group_of(by, person)[0]) for person in people}


def test_a_decision_keeps_its_evidence_and_is_audited(six: list[Person], colin: Any, on: date) -> None:
    made = decide(six[1], six[0], "same", colin, on)
    assert (made.a_id, made.b_id) == (six[0].pk, six[1].pk)
    assert (made.a_folder_id, made.b_folder_id) == (six[0].folder_id, six[1].folder_id)
    assert made.evidence == ["name_differs"]
    entry = Entry.objects.get(event="people.linked", subject=six[0].public_id)
    assert entry.codes["decision"] == made.public_id
    undone = links.undo(decision_id=made.public_id, reason="Wrong", by=colin, on=on)
    assert (undone.undone_by, undone.undone_on) == (colin.public_id, on)
    assert Entry.objects.filter(event="people.link_undone", subject=six[0].public_id).count() == 1


@pytest.mark.parametrize("seed", range(6))
def test_any_sequence_gives_the_state_that_the_remaining_decisions_alone_would_give(
    seed: int, six: list[Person], colin: Any, on: date
) -> None:
    draw = random.Random(seed)
    by_number = {one.pk: one for one in six}
    for _ in range(25):
        one, other = draw.sample(six, 2)
        a, b = sorted((one.pk, other.pk))
        existing = LinkDecision.objects.filter(a=a, b=b, undone_at__isnull=True).first()
        if existing is not None:
            links.undo(decision_id=existing.public_id, reason="Drawn", by=colin, on=on)
            continue
        before = LinkDecision.objects.count()
        try:
            decide(one, other, draw.choice(["same", "same", "not_same"]), colin, on)
        except Refusal as refusal:
            assert refusal.code == "contradicts"
            assert LinkDecision.objects.count() == before
    numbers = [one.pk for one in six]
    remaining = list(LinkDecision.objects.filter(a__in=numbers, undone_at__isnull=True).order_by("id"))
    state = groups(six, colin)
    for row in LinkDecision.objects.filter(a__in=numbers, undone_at__isnull=True):
        links.undo(decision_id=row.public_id, reason="Afresh", by=colin, on=on)
    assert groups(six, colin) == {frozenset({one.name}) for one in six}
    draw.shuffle(remaining)
    for row in remaining:
        decide(by_number[row.a_id], by_number[row.b_id], row.verdict, colin, on)
    assert groups(six, colin) == state
    standing = standing_around(colin, numbers)
    for row in standing:
        assert (row.b in rules.identity(row.a, standing)) == row.is_same


def test_a_contradiction_is_refused_and_names_the_decisions(six: list[Person], colin: Any, on: date) -> None:
    ash, beech, cedar = six[:3]
    decide(ash, beech, "same", colin, on)
    decide(beech, cedar, "not_same", colin, on)
    with pytest.raises(Refusal) as refused:
        decide(ash, cedar, "same", colin, on)
    assert refused.value.code == "contradicts"
    assert "Beech Invented (Selby District Council) and Cedar Invented" in refused.value.sentence
    assert "Ash Invented" in refused.value.sentence


@pytest.mark.parametrize(
    ("verdict", "reason", "code"),
    [("perhaps", "x", "unknown_verdict"), ("same", " ", "no_reason")],
)
def test_a_decision_needs_verdict_and_reason(
    verdict: str, reason: str, code: str, six: list[Person], colin: Any, on: date
) -> None:
    with pytest.raises(Refusal) as refused:
        links.decide(
            one_id=six[0].public_id,
            other_id=six[1].public_id,
            verdict=verdict,
            reason=reason,
            by=colin,
            on=on,
        )
    assert refused.value.code == code


def test_a_pair_is_decided_once_and_undone_once(six: list[Person], colin: Any, on: date) -> None:
    made = decide(six[0], six[1], "same", colin, on)
    for call, code in (
        (lambda: decide(six[0], six[1], "not_same", colin, on), "already_decided"),
        (lambda: decide(six[0], six[0], "same", colin, on), "same_record"),
        (lambda: links.undo(decision_id=made.public_id, reason="", by=colin, on=on), "no_reason"),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code == code
    links.undo(decision_id=made.public_id, reason="Wrong", by=colin, on=on)
    with pytest.raises(Refusal) as refused:
        links.undo(decision_id=made.public_id, reason="Again", by=colin, on=on)
    assert refused.value.code == "undone_already"
    assert decide(six[0], six[1], "not_same", colin, on).verdict == "not_same"


@pytest.mark.parametrize("event", ["people.linked", "people.link_undone"])
def test_a_broken_audit_leaves_nothing_half_done(
    event: str, six: list[Person], colin: Any, on: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = decide(six[2], six[3], "same", colin, on)
    state = list(LinkDecision.objects.order_by("id").values())

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the audit is broken")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        if event == "people.linked":
            decide(six[0], six[1], "same", colin, on)
        else:
            links.undo(decision_id=kept.public_id, reason="Wrong", by=colin, on=on)
    assert list(LinkDecision.objects.order_by("id").values()) == state


def test_nobody_decides_on_a_record_she_may_not_see(cast: dict[str, Any], actor_of: Any, on: date) -> None:
    with entered(cast["colin.coordinator"]):
        housing = Person.objects.get(name="Joanne Frith")
        police = Person.objects.get(name="Joanne M. Frith")
        decision = LinkDecision.objects.get(a=housing, b=police)
    rachel = actor_of("rachel.referrer")
    with entered(cast["rachel.referrer"]):
        with pytest.raises(Http404):
            decide(housing, police, "not_same", rachel, on)
        with pytest.raises(Http404):
            links.undo(decision_id=decision.public_id, reason="x", by=rachel, on=on)
        page = person_page(rachel, housing)
        assert {row.person.name for row in page.records} == {"Joanne Frith", "Jo Frith"}
        assert all(police.pk not in (row.decision.a_id, row.decision.b_id) for row in page.decisions)
    ian = actor_of("ian.governance")
    with entered(cast["ian.governance"]), pytest.raises(NotAllowed):
        decide(housing, police, "same", ian, on)


@pytest.mark.parametrize(
    ("who", "may"),
    [("priya.partner", False), ("victor.voluntary", False), ("chris.chair", False), ("rachel.referrer", True),
     ("maya.manager", True)],
)  # fmt: skip
def test_a_decision_is_undone_by_whose_record_it_is_and_by_who_decides_for_the_hub(
    who: str, may: bool, cast: dict[str, Any], actor_of: Any, on: date
) -> None:
    with entered(cast["colin.coordinator"]):
        one, other = (Person.objects.get(name=name) for name in ("Joanne Frith", "Edith Carrow"))
        made = decide(one, other, "not_same", actor_of("colin.coordinator"), on)
    actor = actor_of(who)
    with entered(cast[who]):
        page = person_page(actor, access.get_person(actor, one.public_id))
        rows = {row.decision.pk: row.can_undo for row in page.decisions}
        assert rows[made.pk] is may
        if may:
            assert links.undo(decision_id=made.public_id, reason="Wrong", by=actor, on=on).undone_at
            return
        with pytest.raises(NotAllowed) as refused:
            links.undo(decision_id=made.public_id, reason="Wrong", by=actor, on=on)
    assert refused.value.code == "not_yours_to_undo"
    assert refused.value.conditions


def test_one_undoes_a_decision_of_ones_own(cast: dict[str, Any], actor_of: Any, on: date) -> None:
    priya = actor_of("priya.partner")
    with entered(cast["priya.partner"]):
        one, other = (Person.objects.get(name=name) for name in ("Joanne Frith", "Edith Carrow"))
        made = decide(one, other, "not_same", priya, on)
        assert links.undo(decision_id=made.public_id, reason="A slip", by=priya, on=on).undone_at


def test_nobody_decides_on_what_an_emergency_opened(cast: dict[str, Any], actor_of: Any, on: date) -> None:
    with entered(cast["colin.coordinator"]):
        Interest.objects.create(
            folder=Matter.objects.get(title__startswith="Small fires").folder, user=cast["priya.partner"],
            purpose="emergency", because="emergency", valid_from=clock.now(),
            valid_until=clock.now() + timedelta(hours=4),
        )  # fmt: skip
    priya = actor_of("priya.partner")
    with entered(cast["priya.partner"]):
        police, health = (Person.objects.get(name=name) for name in ("Joanne M. Frith", "Jo Frith"))
        with pytest.raises(NotAllowed) as refused:
            decide(police, health, "same", priya, on)
        assert refused.value.code == "emergency_only"


def test_a_group_that_grows_gives_its_locks_back_before_more_are_asked_for(
    six: list[Person], colin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [one.pk for one in six]
    answers = iter([set(numbers[4:]), set(numbers[2:]), set(numbers[2:])])
    monkeypatch.setattr(links, "_group", lambda *given: next(answers))
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        links._lock(colin, six[4], six[5])
    told = [one["sql"] for one in captured.captured_queries]
    locks = [n for n, sql in enumerate(told) if "FOR UPDATE" in sql]
    back = [n for n, sql in enumerate(told) if sql.startswith("ROLLBACK TO SAVEPOINT")]
    assert len(locks) == 2
    assert len(back) == 1
    assert locks[0] < back[0] < locks[1]


def test_a_link_gives_nobody_sight(cast: dict[str, Any], actor_of: Any, on: date) -> None:
    with entered(cast["colin.coordinator"]):
        neighbour = Person.objects.get(name="Edith Carrow")
        child = Person.objects.get(name="Robin Frith")
        decide(neighbour, child, "same", actor_of("colin.coordinator"), on)
    with entered(cast["rachel.referrer"]):
        assert not Person.objects.filter(pk=child.pk).exists()
        page = person_page(actor_of("rachel.referrer"), Person.objects.get(pk=neighbour.pk))
        assert len(page.records) == 1
        assert page.decisions == []


def test_a_page_costs_the_same_however_many_parts(
    six: list[Person], colin: Any, on: date, django_assert_max_num_queries: Any
) -> None:
    for one, other in pairwise(six):
        decide(one, other, "same", colin, on)
    with django_assert_max_num_queries(45):
        page = person_page(colin, six[0])
    assert len(page.records) == 6
