"""What pages about keys and links show and offer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from saferhub.accounts.models import User
from saferhub.casework.access import intake as access
from saferhub.casework.models import ApiToken, ReferralLink
from saferhub.casework.operations.intake_keys import is_drawn
from saferhub.casework.queries.referral_ground import Rests, rests_on
from saferhub.casework.rules.intake import SCOPES
from saferhub.foundation import clock
from saferhub.foundation.registries import OpenWork
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.partnership.queries import in_force

MOST_WORK = 50


def ways_in(actor: Actor, current: str) -> list[dict[str, Any]]:
    """The pages of the other ways in, each for those who may use it, as tabs."""
    places = [("sheet-import", "Spreadsheets"), ("links", "Links"), ("keys", "Keys of other systems")]
    gives = bool(access.hubs_to_give_for(actor))
    return [
        {"label": label, "url": reverse(name), "current": name == current}
        for name, label in places
        if gives or name != "links"
    ]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as the list shows it."""

    key: ApiToken
    mark: str
    state: str
    may: list[str]
    can_take: bool
    is_drawn: bool


def key_lines(actor: Actor) -> list[KeyLine]:
    """The keys that she gives or whose unit is hers, those in use first. Three queries."""
    return sorted(
        (_key_line(actor, key) for key in access.keys_visible_to(actor)[:500]),
        key=lambda line: line.mark == "done",
    )


def _key_line(actor: Actor, key: ApiToken) -> KeyLine:
    drawn = is_drawn(key)
    if key.ended_at is not None:
        mark, state = "done", "Ended"
    elif key.expires_on < actor.on:
        mark, state = "done", "Expired"
    elif not drawn:
        mark, state = "not_started", "Waits for its unit"
    else:
        mark, state = "on_track", "In use"
    may = [SCOPES[code] for code in key.scopes if code in SCOPES]
    return KeyLine(key, mark, state, may, mark != "done" and access.can_take(actor, key), drawn)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link as the list shows it."""

    link: ReferralLink
    mark: str
    state: str
    purpose: str
    last_day: date


def last_day_of(link: ReferralLink, now: datetime) -> date:
    """The last day on which a link opens something, by the business clock that the pages go by. What it is held to
    is real time, which `now` is a moment of."""
    last = timezone.localtime(link.expires_at - timedelta(minutes=1)).date()
    return clock.today() + (last - timezone.localtime(now).date())


def link_lines(actor: Actor, now: datetime) -> list[LinkLine]:
    """The links to her hubs, those that open something first."""
    names = purpose_names(actor)
    found = []
    for link in access.links_visible_to(actor)[:500]:
        if link.ended_at is not None:
            mark, state = "done", "Ended"
        elif link.uses >= link.most_uses:
            mark, state = "done", "Used up"
        elif link.expires_at <= now:
            mark, state = "done", "Expired"
        else:
            mark, state = "on_track", "Open"
        found.append(
            LinkLine(link, mark, state, names.get(link.purpose, link.purpose), last_day_of(link, now))
        )
    return sorted(found, key=lambda line: line.mark == "done")


def purpose_names(actor: Actor) -> dict[str, str]:
    return {one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "purposes", actor.on)}


def units_offered(actor: Actor) -> list[tuple[str, str]]:
    """The partnership's units, by agency: of those agencies that there are on the day."""
    there = [one.code for one in in_force.entries(actor.partnership, "agencies", actor.on)]
    units = Unit.objects.filter(agency__partnership=actor.partnership, agency__code__in=there)
    units = units.select_related("agency")
    rows = sorted(units, key=lambda unit: (unit.agency.name, not unit.is_whole_agency, unit.name))
    return [
        (unit.public_id, unit.agency.name if unit.is_whole_agency else f"{unit.agency.name}: {unit.name}")
        for unit in rows
    ]


def unit_of(actor: Actor, public_id: str) -> Unit | None:
    """The unit of this partnership that was chosen."""
    found = Unit.objects.filter(agency__partnership=actor.partnership, public_id=public_id)
    return found.select_related("agency__partnership").first()


def hubs_offered(actor: Actor) -> list[tuple[str, str]]:
    return [(hub.code, hub.name) for hub in access.hubs_to_give_for(actor)]


def rests_for(unit: Unit, hub: Hub, purpose: str, actor: Actor) -> list[Rests]:
    """On what that unit's referrals to this hub may rest."""
    return rests_on(Actor(unit=unit, on=actor.on), purpose=purpose, hub=hub)


def roles_offered(actor: Actor) -> list[tuple[str, str]]:
    """As what somebody may be in a referral."""
    return [
        (one.code, str(one.item.name)) for one in in_force.entries(actor.partnership, "case_roles", actor.on)
    ]


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """Keys whose secret a leaver drew, and so knows, as far as the actor may renew or end them."""
    rows = access.keys_visible_to(actor).filter(
        drawn_by=user.public_id, ended_at__isnull=True, expires_on__gte=actor.on
    )
    for key in rows.order_by("expires_on", "id")[:MOST_WORK]:
        may_renew = access.can_take(actor, key)
        yield OpenWork(
            kind_words="Secret of a key that is to be renewed or ended",
            title=f"{key.label}, {key.unit.agency.name}",
            url=reverse("key-draw", args=[key.public_id]) if may_renew else reverse("keys"),
            due_on=key.expires_on,
        )
