"""Keys, links and sheets: who gives them, who may take or end them, and as whom they act.

A key of another system sees and writes what its unit does, so its secret is drawn by somebody of that unit and
never by whoever merely allowed it. A link shows nothing, so whoever makes it may hand it on.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from procrastinate.contrib.django.models import ProcrastinateJob

from saferhub.accounts.models import Kind, Status, User
from saferhub.audit.jobs import UNDER_WAY
from saferhub.casework.models import ApiToken, ColumnMapping, LoadStatus, ReferralLink, SheetLoad
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import BY_KEY, Actor, Permission
from saferhub.partnership.models import EntryVersion, Hub, Unit
from saferhub.sharing.access.sight import sight_of


def unit_of_key(user: User, on: date) -> Unit | None:
    """The unit that an account of kind token acts for on a business day: that of its key while it is live.

    The database says the same in gate.unit_of_token. The account of a link acts for nobody here.
    """
    if user.kind != Kind.TOKEN or user.status != Status.ACTIVE:
        return None
    key = (
        ApiToken.objects.filter(account=user, ended_at=None, made_on__lte=on, expires_on__gte=on)
        .select_related("unit__agency__partnership")
        .order_by("id")
        .first()
    )
    return key.unit if key and is_in_use(key.unit, on) else None


def is_in_use(unit: Unit, on: date) -> bool:
    """Whether a unit's agency works in the partnership on a business day; units close with it. One query."""
    return EntryVersion.objects.in_force_on(on).filter(entry=unit.agency.entry_id).exists()


def actor_by_link(link: ReferralLink, on: date) -> Actor:
    """Whoever uses this link, while the transaction is entered by its secret."""
    return Actor(user=link.account, unit=link.unit, on=on, by_key=BY_KEY)


def hubs_to_give_for(actor: Actor) -> list[Hub]:
    """The hubs for which she may give links."""
    if actor.partnership is None:
        return []
    hubs = Hub.objects.filter(partnership=actor.partnership).order_by("name")
    return [hub for hub in hubs if actor.has(Permission.GIVE_KEYS, hub=hub)]


def check_can_give(actor: Actor) -> None:
    """Raise NotAllowed unless she may give keys for at least one hub."""
    if not hubs_to_give_for(actor):
        actor.check(Permission.GIVE_KEYS)


def links_visible_to(actor: Actor) -> QuerySet[ReferralLink]:
    """The links to the hubs that she gives them for."""
    return ReferralLink.objects.filter(hub__in=hubs_to_give_for(actor)).select_related(
        "unit__agency", "hub", "agreement"
    )


def get_link(actor: Actor, public_id: str) -> ReferralLink:
    """Raises Http404 for one to a hub that she gives none for."""
    found = links_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def keys_visible_to(actor: Actor) -> QuerySet[ApiToken]:
    """All of the partnership's for whoever gives keys; those of her own unit for anybody who works on matters."""
    rows = ApiToken.objects.select_related("unit__agency", "account")
    if actor.partnership is not None and hubs_to_give_for(actor):
        return rows.filter(partnership=actor.partnership)
    return rows.filter(unit__in=[one for one in sight_of(actor).holders if one > 0])


def get_key(actor: Actor, public_id: str) -> ApiToken:
    """Raises Http404 for a key that she neither gives nor shares a unit with."""
    found = keys_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def check_can_take(actor: Actor, key: ApiToken) -> None:
    """Raise NotAllowed unless she sees already what the key will: it is her own unit's, or of one above it."""
    actor.check(Permission.WORK_ON_MATTERS)
    if key.unit_id in sight_of(actor).holders:
        return
    raise NotAllowed(
        "key_of_another_unit",
        "Only the unit whose key it is can draw its secret: whoever has the secret sees what that unit sees.",
        conditions=[Condition("You work in that unit", f"It is {key.unit.name}, {key.unit.agency.name}")],
    )


def can_take(actor: Actor, key: ApiToken) -> bool:
    return allows(check_can_take, actor, key)


def mappings_of(actor: Actor) -> QuerySet[ColumnMapping]:
    """How the sheets of her unit, and of those above it, are read."""
    units = [one for one in sight_of(actor).holders if one > 0]
    return ColumnMapping.objects.filter(unit__in=units).order_by("name")


def get_mapping(actor: Actor, public_id: str) -> ColumnMapping:
    found = mappings_of(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def loads_visible_to(actor: Actor) -> QuerySet[SheetLoad]:
    """The large sheets that she asked to be read in herself; nobody else's."""
    if actor.user is None:
        return SheetLoad.objects.none()
    return SheetLoad.objects.filter(account=actor.user).select_related("mapping", "hub")


def get_load(actor: Actor, public_id: str) -> SheetLoad:
    found = loads_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_load_for_update(actor: Actor, public_id: str) -> SheetLoad:
    """The same, locked until the transaction ends."""
    found = loads_visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def load_of_kind(actor: Actor, name: str) -> SheetLoad | None:
    """The sheet of this kind, of the actor's unit, that the worker has before it or in hand, whoever asked."""
    kinds = mappings_of(actor).filter(name=name.strip())
    found = SheetLoad.objects.filter(mapping__in=kinds, status=LoadStatus.WAITING).first()
    return found if found is not None and is_under_way(found) else None


def job_of(load: SheetLoad) -> ProcrastinateJob | None:
    """Its job, while it is on the queue. A job that was done is taken off."""
    return ProcrastinateJob.objects.filter(pk=load.job).first() if load.job else None


def is_under_way(load: SheetLoad) -> bool:
    """Whether the worker has it before it, or in hand."""
    found = job_of(load)
    return found is not None and found.status in UNDER_WAY
