"""A year of two hubs of a partnership, with what a year seldom holds: something for every counter to count."""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import transaction

from saferhub.casework.demonstration import loading, world
from saferhub.casework.demonstration.facts import gather
from saferhub.casework.models import Action, ActionMove, Case, CaseMove, Intervention, Involved, Referral
from saferhub.casework.operations import demonstration_history
from saferhub.casework.operations.demonstration_words import Telling
from saferhub.foundation import clock
from saferhub.foundation.ids import new_public_id
from saferhub.meetings.models import Attendance, Group, Meeting, MeetingStatus
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.meetings.operations.planning import call_meeting
from saferhub.partnership.access import Role
from saferhub.partnership.models import Agency, Board, Hub, Partnership
from saferhub.partnership.operations.demonstration import Part, invented_person
from saferhub.people.models import LinkDecision
from saferhub.plan.models import Area, ConnectedReport, Training
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Handover

Cast = dict[str, Any]
# Two hubs of each partnership: the second is the one that some matters came from.
HUBS = {"north_yorkshire": ("selby", "craven"), "wealdshire": ("copperhythe", "marlstow")}
# Of the identifiers that are drawn, so that both partnerships can be loaded into one database.
SEEDS = {"north_yorkshire": 3, "wealdshire": 4}
MANAGERS = {"north_yorkshire": "maya.manager", "wealdshire": "olivia.outsider"}
_WEALD = (
    ("wardens", "wealdshire_council", "neighbourhood_wardens"),
    ("constables", "weald_constabulary", "local_policing"),
    ("homes", "downs_and_coast_homes", "estates"),
)


def load(cast: Cast, code: str) -> Partnership:
    """Load it, as the demonstration's own history is loaded."""
    with transaction.atomic():
        users, staff = demonstration_history.call(cast, 3) if code == "north_yorkshire" else _weald()
    chosen = [one for one in staff if one.hub in HUBS[code]]
    facts = gather(cast[MANAGERS[code]], users, chosen, clock.today())
    stories = world.plan(
        staff=chosen, form=facts.planned_form(), until=facts.day, seed=11, months=14, adoptions=3
    )
    loading.load(stories, facts, seed=SEEDS[code], say=lambda words: None)
    partnership = Partnership.objects.get(code=code)
    _stir(cast, partnership)
    return partnership


def _weald() -> tuple[dict[str, Any], list[world.Staff]]:
    """Who works in and with the hubs of the second partnership."""
    here = "wealdshire"
    users = {
        key: invented_person(
            f"{key}.weald", f"Example {key.title()}", "Officer", f"{key}@weald.invalid",
            Part(here, agency, unit, Role.PARTNER),
        )
        for key, agency, unit in _WEALD
    }  # fmt: skip
    staff = []
    for hub in HUBS[here]:
        users[hub] = invented_person(
            f"{hub}.weald", f"Example {hub.title()}", "Hub manager", f"{hub}@weald.invalid",
            Part(here, "wealdshire_council", "community_safety", Role.HUB_COORDINATOR, hub),
        )  # fmt: skip
        keys = tuple(key for key, _, _ in _WEALD)
        staff.append(
            world.Staff(hub=hub, town=hub.title(), coordinator=hub, referrers=keys, contributors=keys)
        )
    return users, staff


def _stir(cast: Cast, partnership: Partnership) -> None:
    """Matters from the other hub, reopenings, enforcement, meetings to which some came, people who were harmed twice,
    some of them with two records; training and reports where the demonstration tells of none."""
    here, there = (Hub.objects.get(partnership=partnership, code=one) for one in HUBS[partnership.code])
    manager = cast[MANAGERS[partnership.code]]
    if partnership.code == "wealdshire":
        _meet(cast, partnership, here)
        _tell(partnership, manager)
    with entered(manager), transaction.atomic():
        rows: list[Any] = [
            *Case.objects.filter(hub=here).order_by("id")[:6],
            *Referral.objects.filter(hub=here, sent_on__isnull=False).order_by("-id")[:4],
        ]
        for place, row in enumerate(rows):
            began = getattr(row, "adopted_on", None) or row.sent_on
            Handover.objects.create(
                partnership=partnership, folder_id=row.folder_id, matter_id=row.matter_id, from_hub=there,
                to_hub=row.hub, from_unit=row.unit, to_unit=row.unit, reason="To try it.", by=manager.public_id,
                on=began + timedelta(days=20 * place % 90),
            )  # fmt: skip
        closings = CaseMove.objects.filter(to_status="closed", partnership=partnership).order_by("on", "id")
        for move in list(closings[:6:2]):
            CaseMove.objects.create(
                partnership=partnership, folder_id=move.folder_id, case_id=move.case_id, from_status="closed",
                to_status="reopened", on=move.on + timedelta(days=30), by=manager.public_id, reason="To try it.",
            )  # fmt: skip
        placed = Intervention.objects.filter(
            partnership=partnership, moves__to_status="in_place", starts_on__isnull=False
        )
        some = list(placed.order_by("id").values_list("pk", flat=True))[::3]
        Intervention.objects.filter(pk__in=some).update(kind="enforcement")
        never = placed.order_by("id").last()
        assert never is not None
        never.pk, never.public_id, never.kind = None, new_public_id(), "enforcement"
        never.save(force_insert=True)
        Attendance.objects.filter(agency__code="victim_support_service").update(came="present")
        _turn(partnership, manager)
        _harm_again(partnership, manager)


def _turn(partnership: Partnership, manager: Any) -> None:
    """Actions that were dropped by their day, and such as were done in time and put back long after."""
    done = Action.objects.filter(
        partnership=partnership, status="done", due_on__range=(date(2018, 1, 1), date(2018, 6, 30))
    )
    for place, action in enumerate(done.order_by("id")[:8]):
        ActionMove.objects.create(
            partnership=partnership, folder_id=action.folder_id, action=action, from_status="done", to_status="dropped",
            on=date(2018, 8, 20) if place % 2 else action.due_on, by=manager.public_id, reason="To try it.",
        )  # fmt: skip


def _meet(cast: Cast, partnership: Partnership, hub: Hub) -> None:
    """Two meetings of a hub, held: three agencies have seats, two of them twice; an observer and a guest have none."""
    telling = Telling(cast)
    group = Group.objects.get(partnership=partnership, hub=hub)
    agencies = {one.code: one for one in Agency.objects.filter(partnership=partnership)}
    for back in (150, 80):
        with telling.acting(MANAGERS[partnership.code], back) as by:
            meeting = call_meeting(
                group_id=group.public_id, day=by.on + timedelta(days=7), starts_at=time(9), minutes=45, by=by, on=by.on
            )  # fmt: skip
            begin_preparing(meeting_id=meeting.public_id, by=by, on=by.on)
            meeting = Meeting.objects.get(pk=meeting.pk)
            for place, (code, seat, came) in enumerate(
                (
                    ("wealdshire_council", "chair", "present"),
                    ("weald_constabulary", "member", "absent"),
                    ("weald_constabulary", "member", "deputy" if back == 80 else "apologies"),
                    ("downs_and_coast_homes", "member", "absent" if back == 80 else "present"),
                    ("downs_and_coast_homes", "member", "absent"),
                    ("weald_fire_and_rescue", "observer", "present"),
                    ("harbour_recovery", "guest", "present"),
                )
            ):
                agency = agencies[code]
                unit = agency.units.order_by("id").first()
                assert unit is not None
                Attendance.objects.create(
                    partnership=partnership, folder_id=meeting.folder_id, meeting=meeting, agency=agency, unit=unit,
                    name=f"Example {place}", seat=seat, came=came, by=by.public_id,
                )  # fmt: skip
            Meeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.APPROVED)


def _tell(partnership: Partnership, manager: Any) -> None:
    """Training and a report heard, which the demonstration tells of for the first partnership alone."""
    areas = list(Area.objects.filter(partnership=partnership).order_by("number"))
    for place, (area, day) in enumerate(zip(areas, (date(2018, 2, 9), date(2018, 5, 3)), strict=False)):
        Training.objects.create(
            partnership=partnership, area=area, on=day, topic="x", given_by="x", audience="x", count=11 + place,
            by=manager.public_id,
        )  # fmt: skip
    board = Board.objects.get(partnership=partnership, code="safeguarding_partnership")
    ConnectedReport.objects.create(
        partnership=partnership, board=board, on=date(2018, 5, 3), title="x", received_at="x", words="x",
        by=manager.public_id,
    )  # fmt: skip


def _harm_again(partnership: Partnership, manager: Any) -> None:
    """The first victims are victims in a later referral too, every other one as somebody else's record."""
    sent = {
        one.matter_id: one for one in Referral.objects.filter(partnership=partnership, sent_on__isnull=False)
    }
    victims = [
        one
        for one in Involved.objects.filter(
            partnership=partnership, role="victim", person__isnull=False
        ).order_by("id")
        if one.matter_id in sent
    ]
    victims.sort(key=lambda one: (sent[one.matter_id].sent_on, one.pk))
    first, day = victims[0], sent[victims[0].matter_id].sent_on
    assert day is not None
    for after in victims:
        apart = (sent[after.matter_id].sent_on - day).days  # type: ignore[operator]
        if 200 < apart < 350 and after.person_id != first.person_id:
            Involved.objects.create(
                partnership=partnership, folder_id=after.folder_id, matter_id=after.matter_id, person=first.person,
                role="complainant", by=manager.public_id, on=after.on,
            )  # fmt: skip
            break
    for place, (before, after) in enumerate(pairwise(victims)):
        if before.person_id == after.person_id or place % 3:
            continue
        if place % 2:
            a, b = sorted((before.person, after.person), key=lambda one: one.pk)
            LinkDecision.objects.create(
                partnership=partnership, a=a, b=b, a_folder_id=a.folder_id, b_folder_id=b.folder_id,
                verdict="same", reason="To try it.", by=manager.public_id, agency="x", on=date(2018, 5, 1),
            )  # fmt: skip
        else:
            Involved.objects.create(
                partnership=partnership, folder_id=after.folder_id, matter_id=after.matter_id, person=before.person,
                role="complainant", by=manager.public_id, on=after.on,
            )  # fmt: skip
