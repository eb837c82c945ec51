"""Putting on, taking off, ordering: the outcome, what the log says, what is refused, what is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Item, ItemKind, ItemMove, ItemStatus
from saferhub.meetings.operations import items as operations
from saferhub.meetings.operations import opening, sending
from saferhub.meetings.queries.calendar_meeting import cut_offs
from saferhub.meetings.queries.meeting_facts import SHORT_NOTICE, facts_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Enclosure
from saferhub.sharing.operations.interests_given import restrict
from tests.builders.casework import a_case, actor
from tests.builders.casework_interventions import a_person
from tests.builders.meetings import COLIN, MAYA, MINA, PREPARE, PRIYA, Made, a_meeting, act, read, shown_to
from tests.builders.referrals import a_referral

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


@pytest.fixture
def made(cast: Cast) -> Made:
    return a_meeting(cast, items=0, sent=False)


def put(cast: Cast, made: Made, matter: Any, *, by: str = COLIN, **more: Any) -> Item:
    given = {"kind": ItemKind.CASE, "why": "It is due.", "under": "cases", **more}
    item: Item = act(
        cast, by, operations.put_on, meeting_id=made.meeting.public_id, matter_id=matter.public_id, **given
    )
    return item


def titles(cast: Cast, made: Made) -> list[str]:
    with entered(cast[COLIN]):
        rows = Item.objects.filter(meeting=made.meeting, status=ItemStatus.ON).order_by("order", "id")
        return [one.code or one.reference or one.title for one in rows]


def entries(event: str, subject: Any) -> int:
    return Entry.objects.filter(event=event, subject=subject.public_id).count()


def test_a_second_press_begins_no_second_agenda(cast: Cast, made: Made) -> None:
    before = titles(cast, made)
    act(cast, COLIN, opening.begin_preparing, meeting_id=made.meeting.public_id)
    assert titles(cast, made) == before
    assert before[0] == "welcome"
    assert entries("meetings.preparing", made.meeting) == 1


def test_an_item_stands_last_under_its_heading_and_its_reason_is_kept(cast: Cast, made: Made) -> None:
    first, second = a_case(cast), a_case(cast, title="Bins set alight")
    for case in (first, second):
        put(cast, made, case.matter)
    found = titles(cast, made)
    place = found.index("cases")
    assert found[place : place + 4] == ["cases", first.matter.reference, second.matter.reference, "closures"]
    with entered(cast[COLIN]):
        item = Item.objects.get(meeting=made.meeting, reference=first.matter.reference)
        move = ItemMove.objects.get(item=item)
    assert (move.from_status, move.to_status, move.reason) == ("", "on", "It is due.")
    assert entries("meetings.item_put_on", item) == 1


def test_until_it_is_sent_only_those_who_prepare_the_meeting_see_an_item(cast: Cast, made: Made) -> None:
    item = put(cast, made, a_case(cast).matter)
    assert shown_to(cast, item) == PREPARE


def test_whoever_the_case_is_about_is_named_and_a_restricted_record_is_not(cast: Cast, made: Made) -> None:
    case = a_case(cast)
    subject, other = a_person(cast, case), a_person(cast, case)
    with entered(cast["rachel.referrer"]):  # as a restriction of another matter would leave it
        from saferhub.sharing.models import Because, Sensitivity
        from saferhub.sharing.operations.folders import give_interest

        rachel = actor(cast, "rachel.referrer")
        for user in ("rachel.referrer", COLIN):
            give_interest(
                folder=other.folder, by=rachel, purpose="reduce_asb", because=Because.NAMED, user=cast[user],
                opens=Sensitivity.RESTRICTED,
            )  # fmt: skip
        other.folder.sensitivity = Sensitivity.RESTRICTED
        other.folder.save(update_fields=["sensitivity"])
    item = put(cast, made, case.matter)
    with entered(cast[COLIN]):
        lying = set(Enclosure.objects.filter(outer=item.folder_id).values_list("inner", flat=True))
    assert lying == {subject.folder_id}


def test_who_is_named_can_be_chosen_afterwards(cast: Cast, made: Made) -> None:
    case = a_case(cast)
    person = a_person(cast, case)
    item = put(cast, made, case.matter, people=[])
    at = {"meeting_id": made.meeting.public_id, "item_id": item.public_id}

    def named() -> int:
        with entered(cast[COLIN]):
            return Enclosure.objects.filter(outer=item.folder_id, ended_at__isnull=True).count()

    assert named() == 0
    act(cast, COLIN, operations.name_people, **at, people=[person.public_id])
    assert named() == 1
    act(cast, COLIN, operations.name_people, **at, people=[])
    assert named() == 0
    assert entries("meetings.people_named", item) == 2


def refused(cast: Cast, made: Made, matter: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        put(cast, made, matter, **more)
    return refusal.value.code


def test_what_cannot_be_put_on_is_refused_and_leaves_nothing(cast: Cast, made: Made) -> None:
    case, referral = a_case(cast), a_referral(cast)
    put(cast, made, case.matter)
    before = titles(cast, made)
    assert refused(cast, made, case.matter) == "stands_there"
    assert refused(cast, made, referral.matter, kind=ItemKind.REFERRAL, why=" ") == "no_reason"
    draft = a_referral(cast, hub="scarborough")
    assert refused(cast, made, draft.matter, kind=ItemKind.REFERRAL, by=MAYA) == "other_hub"
    with pytest.raises(Refusal) as other:
        act(
            cast, COLIN, operations.put_on, meeting_id=made.meeting.public_id, kind=ItemKind.OTHER, why="Why", title=" "
        )  # fmt: skip
    assert other.value.code == "no_title"
    assert titles(cast, made) == before


def test_a_restricted_case_is_not_put_before_a_meeting(cast: Cast, made: Made) -> None:
    case = a_case(cast)
    act(
        cast,
        COLIN,
        restrict,
        matter_id=case.matter.public_id,
        names=[cast[COLIN].public_id],
        reason="A colleague is in it.",
    )
    with pytest.raises(NotAllowed):
        put(cast, made, case.matter)


def test_partners_put_nothing_on_and_strangers_find_no_meeting(cast: Cast, made: Made) -> None:
    case = a_case(cast)
    with pytest.raises(NotAllowed):
        put(cast, made, case.matter, by=PRIYA)
    with pytest.raises(Http404):
        put(cast, made, case.matter, by="nadia.neighbour")


def test_after_the_cut_off_an_item_comes_by_exception_with_its_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = a_meeting(cast, items=0, sent=False, days=0)
    called = made.meeting.on - timedelta(days=60)
    monkeypatch.setattr(operations, "called_on", lambda meeting: called)
    case = a_case(cast)
    assert refused(cast, made, case.matter) == "after_cut_off"
    item = put(cast, made, case.matter, urgent_why="He is out on Friday.")
    assert item.is_urgent
    with entered(cast[COLIN]):
        assert "He is out on Friday." in ItemMove.objects.get(item=item).reason


def test_of_a_meeting_called_at_short_notice_nothing_is_late_until_its_agenda_is_sent(cast: Cast) -> None:
    made = a_meeting(cast, items=0, sent=False, days=0)
    item = put(cast, made, a_case(cast).matter, urgent_why="It is not asked for.")
    assert not item.is_urgent
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        step = facts_of(colin, made.meeting).step
        assert step is not None and (step.due_on, step.note) == (None, SHORT_NOTICE)
        past = [one for one in cut_offs(made.meeting, colin.on) if one.is_past]
        assert past and all(one.is_before for one in past)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert refused(cast, made, a_case(cast, title="Another").matter) == "after_cut_off"


def test_taken_off_and_put_back_each_with_its_reason(cast: Cast) -> None:
    made = a_meeting(cast)
    (item,) = made.items
    assert PRIYA in shown_to(cast, item)
    for reason, code in ((" ", "no_reason"),):
        with pytest.raises(Refusal) as refusal:
            act(cast, COLIN, operations.take_off, **made.at, reason=reason)
        assert refusal.value.code == code
    act(cast, COLIN, operations.take_off, **made.at, reason="Settled by telephone.")
    # Whoever sat at the table finds nothing of it from then on.
    assert shown_to(cast, item) == PREPARE
    with pytest.raises(Refusal):
        act(cast, COLIN, operations.take_off, **made.at, reason="Again.")
    act(cast, MINA, operations.put_back, **made.at, reason="It was not settled.")
    assert read(cast, item).status == ItemStatus.ON
    with entered(cast[COLIN]):
        kept = list(ItemMove.objects.filter(item=item).order_by("id").values_list("to_status", "reason"))
    assert kept[1:] == [("removed", "Settled by telephone."), ("on", "It was not settled.")]
    assert entries("meetings.item_taken_off", item) == entries("meetings.item_put_back", item) == 1


def test_a_standing_item_stays(cast: Cast, made: Made) -> None:
    with entered(cast[COLIN]):
        standing = Item.objects.get(meeting=made.meeting, code="welcome")
    with pytest.raises(Refusal) as refusal:
        act(
            cast, COLIN, operations.take_off, meeting_id=made.meeting.public_id, item_id=standing.public_id, reason="No"
        )  # fmt: skip
    assert refusal.value.code == "standing_item"


def test_a_second_editor_overwrites_nothing(cast: Cast) -> None:
    made = a_meeting(cast, sent=False)
    given = {"title": "Stairwell", "why": "It is due.", "brief": "", "minutes": 6}
    changed = act(cast, COLIN, operations.change_item, **made.at, **given, seen=1)
    assert (changed.version, changed.minutes) == (2, 6)
    with pytest.raises(Conflict):
        act(cast, MINA, operations.change_item, **made.at, **{**given, "minutes": 9}, seen=1)
    assert read(cast, made.items[0]).minutes == 6


def test_another_order_keeps_every_item(cast: Cast) -> None:
    made = a_meeting(cast, items=3, sent=False)
    before = titles(cast, made)
    with entered(cast[COLIN]):
        rows = list(Item.objects.filter(meeting=made.meeting).order_by("order", "id"))
    wanted = operations.order_by_places(rows, {made.items[2].public_id: 1})
    call = {"meeting_id": made.meeting.public_id, "order": wanted, "seen": [one.public_id for one in rows]}
    act(cast, COLIN, operations.reorder, **call)
    after = titles(cast, made)
    place = after.index("cases")
    assert sorted(after) == sorted(before)
    assert after[place + 1 : place + 4] == [made.cases[number].matter.reference for number in (2, 0, 1)]
    with pytest.raises(NotAllowed):
        act(cast, PRIYA, operations.reorder, **call)
    # Nobody puts it in another order than the one that stands, having seen an older one or none.
    for seen in (call["seen"], []):
        with pytest.raises(Conflict):
            act(cast, MINA, operations.reorder, **{**call, "seen": seen})
    assert titles(cast, made) == after


def test_a_refusal_takes_back_what_was_done_before_it(cast: Cast, made: Made, monkeypatch: Any) -> None:
    case = a_case(cast)
    before = titles(cast, made)

    def stop(*args: Any, **more: Any) -> None:
        raise Refusal("stop", "Stop.")

    monkeypatch.setattr(operations, "revise", stop)
    with pytest.raises(Refusal):
        put(cast, made, case.matter)
    assert titles(cast, made) == before


def test_a_panel_without_a_hub_is_prepared_by_whoever_opens_it(cast: Cast) -> None:
    from datetime import time

    from saferhub.meetings.models import Group, Meeting
    from saferhub.meetings.operations import planning

    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        planning.make_groups(by=maya, on=maya.on)
        group = Group.objects.get(kind="complex_case_panel", partnership=maya.partnership)
        meeting = planning.call_meeting(
            group_id=group.public_id,
            day=maya.on + timedelta(days=30),
            starts_at=time(14),
            minutes=90,
            by=maya,
            on=maya.on,
        )
        opening.begin_preparing(meeting_id=meeting.public_id, by=maya, on=maya.on)
        meeting = Meeting.objects.get(pk=meeting.pk)
        case = a_case_of(cast)
        item = operations.put_on(
            meeting_id=meeting.public_id, kind=ItemKind.CASE, matter_id=case.matter.public_id, why="The hub is stuck.",
            under="cases", by=maya, on=maya.on,
        )  # fmt: skip
    assert shown_to(cast, item) >= {MAYA, COLIN}
    assert PRIYA not in shown_to(cast, item)
    with entered(cast[MAYA]):
        welcome = Item.objects.get(meeting=meeting, code="welcome")
    assert shown_to(cast, welcome) == {MAYA}


def a_case_of(cast: Cast) -> Any:
    """A case of Selby's that Maya finds among those of her partnership."""
    from saferhub.casework.access import cases_visible_to

    found = cases_visible_to(actor(cast, MAYA)).filter(
        hub__code="selby", sensitivity=0, status__in=["assessing", "active"]
    )
    return found.select_related("matter").order_by("id").first()
