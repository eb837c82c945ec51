"""The packs that were loaded, with how much each recorded and how much of it is still to be checked."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from saferhub.accounts.models import User
from saferhub.partnership.access import Actor
from saferhub.partnership.access.organisations import releases_visible_to
from saferhub.partnership.models import PackRelease


@dataclass(frozen=True)
class Loaded:
    """One release and its counts. `stands`: not replaced since. `loaded_by`: blank for a command."""

    release: PackRelease
    recorded: int
    stands: int
    to_check: int
    loaded_by: str

    @property
    def summary(self) -> str:
        return str(self.release.about.get("summary", ""))

    @property
    def is_invented(self) -> bool:
        return bool(self.release.about.get("invented"))


def releases(actor: Actor) -> list[Loaded]:
    """The releases that the actor may see, the latest loaded first. Two queries."""
    stands = Q(recorded__withdrawn_in__isnull=True)
    rows = list(
        releases_visible_to(actor)
        .annotate(
            entries=Count("recorded"),
            standing=Count("recorded", filter=stands),
            unchecked=Count("recorded", filter=stands & Q(recorded__verify=True)),
        )
        .order_by("-loaded_at", "-id")
    )
    names = dict(
        User.objects.filter(public_id__in={row.loaded_by for row in rows}).values_list("public_id", "name")
    )
    return [
        Loaded(row, row.entries, row.standing, row.unchecked, names.get(row.loaded_by, row.loaded_by))
        for row in rows
    ]
