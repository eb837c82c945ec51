"""Where interventions stand on pages of others: the case page, closure, Your work, a leaver's open work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q, Value
from django.urls import reverse
from django.utils import timezone

from saferhub.accounts.models import User
from saferhub.casework import access
from saferhub.casework.access import interventions as object_rules
from saferhub.casework.access.coordinating import hubs_coordinated_by
from saferhub.casework.access.inside import parts_in
from saferhub.casework.models import Breach, Case, Intervention, InterventionMove, InterventionStatus
from saferhub.casework.registries import Blocker, Happened, Next, Tab
from saferhub.foundation.one_page import once
from saferhub.foundation.registries import OpenWork, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.access.seers import seers_of

from .actions import at_business, cases_led_by
from .interventions import (
    breach_words,
    in_force_of,
    move_title,
    name_of,
    subject_words,
    tells_of_breach,
    used_in,
)

MOST_WORK = 20
ENDS_SOON = timedelta(days=14)
REVIEW_SOON = timedelta(days=7)


def tab(actor: Actor, case: Case) -> Tab:
    """The Interventions tab with the number of those planned or in force."""
    url = reverse("case-interventions", args=[case.matter.public_id])
    return Tab("interventions", "Interventions", url, len(in_force_of(actor, case)))


def timeline(actor: Actor, case: Case) -> list[Happened]:
    """What was used, when, and what came of it. Three queries, none where nothing was."""
    used = {one.pk: one for one in used_in(actor, case)}
    if not used:
        return []
    moves = list(parts_in(case, InterventionMove).filter(intervention__in=list(used)))
    breaches = list(parts_in(case, Breach).filter(intervention__in=list(used)))
    for move in moves:
        move.intervention = used[move.intervention_id]
    for breach in breaches:
        breach.intervention = used[breach.intervention_id]
    names = names_of([one.by for one in moves] + [one.by for one in breaches], actor)
    found = [
        Happened(
            at=at_business(one.on, one.at),
            day=one.on,
            kind="intervention",
            title=f"{name_of(one.intervention)}: {move_title(one).lower()}",
            who=names.get(one.by, ""),
            words="\n".join(filter(None, (subject_words(one.intervention), one.reason))),
            url=reverse("intervention", args=[one.intervention.public_id]),
        )
        for one in moves
        if not tells_of_breach(one)
    ]
    found += [
        Happened(
            at=at_business(one.on, one.created_at),
            day=one.on,
            kind="intervention",
            title=f"{name_of(one.intervention)}: breached",
            who=names.get(one.by, ""),
            words=breach_words(one),
            url=reverse("intervention", args=[one.intervention.public_id]),
        )
        for one in breaches
    ]
    return found


def is_watched(found: Intervention) -> bool:
    """Whether an agency, an officer and a day are named for the time after closure."""
    return bool(found.watch_unit_id and found.watcher_id and found.watch_review_on)


def blockers(actor: Actor, case: Case, day: date) -> Iterator[Blocker]:
    """One in force that nobody would watch after closure has to be mended; one only planned may be overridden."""
    planned = 0
    for one in in_force_of(actor, case):
        if one.status == InterventionStatus.PLANNED:
            planned += 1
        elif lacks := _watch_lacks(case, one):
            yield Blocker(
                "intervention_unwatched",
                f"{name_of(one)}, {subject_words(one)}: {_stands(one)}, and {lacks}.",
                reverse("intervention-watch", args=[one.public_id]),
                must=True,
            )
    if planned:
        said = "1 tool or power is planned" if planned == 1 else f"{planned} tools or powers are planned"
        url = reverse("case-interventions", args=[case.matter.public_id])
        yield Blocker("interventions_planned", f"{said} and not in place.", url)


def _watch_lacks(case: Case, one: Intervention) -> str:
    """Why nobody would watch it until it ends, in words; empty where somebody would."""
    if not is_watched(one):
        return "nobody is named to watch it after closure"
    seers = once(("seers_for_watch", case.pk), lambda: {s.user.pk: s for s in seers_of(case.folder)})
    seer = seers.get(one.watcher_id or 0)
    name = one.watcher.name if one.watcher else ""
    if seer is None or not seer.is_lasting:
        return f"{name}, who is named to watch it, does not see the case any more"
    sees_until = seer.interest.valid_until if seer.interest else None
    needed = max(filter(None, (one.watch_review_on, one.expires_on)), default=None)
    if sees_until is not None and needed is not None and timezone.localdate(sees_until) < needed:
        day = date_in_words(timezone.localdate(sees_until))
        return f"{name}, who is named to watch it, sees the case only until {day}"
    return ""


def _stands(one: Intervention) -> str:
    return "breached, still in force" if one.status == InterventionStatus.BREACHED else "in force"


def next_steps(actor: Actor, case: Case, day: date) -> Iterator[Next]:
    """Reviews of what is in force, and last days within a fortnight."""
    for one in in_force_of(actor, case):
        if one.status == InterventionStatus.PLANNED:
            continue
        url = reverse("intervention", args=[one.public_id])
        if one.review_on is not None:
            yield Next(f"Look again at: {name_of(one)}", one.used_by.agency.name, one.review_on, url)
        if one.expires_on is not None and one.expires_on <= day + ENDS_SOON:
            state = ("late", "Past its last day") if one.expires_on < day else ("at_risk", "Ends soon")
            yield Next(f"{name_of(one)} ends", one.used_by.agency.name, one.expires_on, url, state)


# --- Your work ---------------------------------------------------------------------------------------------------


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """What ends soon or is due to be looked at, of cases that she leads or co-ordinates and of what she watches."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    for one in _concerning(actor):
        is_open = one.case.is_open
        review = one.review_on if is_open else one.watch_review_on
        ends = one.expires_on
        due_on, step, name = review, "Look again", "intervention-review"
        why = "To be looked at again" if is_open else _watch_words(actor, one)
        if ends is not None and ends <= actor.on + ENDS_SOON and (review is None or ends <= review):
            due_on, step, name = ends, "Say what came of it", "intervention-end"
            why = "Its last day" if ends >= actor.on else "Past its last day"
        yield WorkItem(
            kind="intervention",
            kind_words="Tools and powers in force",
            title=f"{name_of(one)}, {subject_words(one)}",
            url=reverse("intervention", args=[one.public_id]),
            why=f"{why}; in “{one.case.matter.title}”",
            due_on=due_on,
            step=step,
            step_url=reverse(name, args=[one.public_id]),
            reference=one.case.matter.reference,
            rank=5,
            band=one.case.band,
        )


def _watch_words(actor: Actor, one: Intervention) -> str:
    """Why one in a closed case waits for her: she watches it, or whoever was to watch it does not."""
    if actor.user is not None and one.watcher_id == actor.user.pk:
        return "You watch it since the case closed"
    if one.watcher is None:
        return "The case is closed and nobody watches it"
    return f"The case is closed, and {one.watcher.name} has not looked at it"


def _concerning(actor: Actor) -> list[Intervention]:
    assert actor.user is not None
    ends = Q(expires_on__lte=actor.on + ENDS_SOON)
    rows = access.interventions_visible_to(actor).filter(status__in=object_rules.IN_FORCE)
    in_case = rows.filter(ends | Q(review_on__lte=actor.on + REVIEW_SOON), case__closed_on__isnull=True)
    watched = rows.filter(
        ends | Q(watch_review_on__lte=actor.on + REVIEW_SOON), case__closed_on__isnull=False
    )
    led, hubs = cases_led_by(actor), hubs_coordinated_by(actor)
    kinds = [watched.filter(watcher=actor.user)]
    if led:
        kinds.append(in_case.filter(case__in=led))
    if hubs:
        kinds.append(in_case.filter(hub__in=hubs))
        # A watch that is late is one that nobody keeps: its watcher may have left, or sleep with her agreement.
        silent = rows.filter(
            Q(watcher__isnull=True) | Q(watch_review_on__lt=actor.on), case__closed_on__isnull=False
        )
        kinds.append(silent.filter(hub__in=hubs))
    first, *others = (
        kind.order_by("expires_on", "id").values_list("pk", "expires_on", Value(place))[:MOST_WORK]
        for place, kind in enumerate(kinds)
    )
    told = sorted(
        first.union(*others, all=True), key=lambda one: (one[2], one[1] is None, one[1] or actor.on, one[0])
    )
    numbers = list(dict.fromkeys(number for number, *_ in told))[: MOST_WORK * 2]
    # The rule has just found them, so they are read by number.
    found = Intervention.objects.select_related(
        "case__matter", "person", "place", "power_version", "used_by__agency", "watcher"
    ).in_bulk(numbers)
    return [found[number] for number in numbers if number in found]


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """What a leaver watches, as far as the actor may see it."""
    rows = access.interventions_visible_to(actor).filter(watcher=user, status__in=object_rules.IN_FORCE)
    for one in rows.select_related("case__matter", "power_version", "person", "place")[:MOST_WORK]:
        yield OpenWork(
            kind_words="Tool or power that is watched",
            title=f"{one.case.matter.reference} {name_of(one)}",
            url=reverse("intervention", args=[one.public_id]),
            due_on=one.watch_review_on,
        )
