"""What edits of the things in one folder left, asked once on a page."""

from __future__ import annotations

from collections.abc import Collection

from saferhub.foundation.one_page import batched
from saferhub.sharing.models import Revision


def revisions_in(folder: int, *kinds: str) -> list[Revision]:
    """The revisions of these kinds in the folder of something that the caller loaded through access, the oldest
    first. One query, and none for kinds that the page has asked for."""

    def read(missing: Collection[str]) -> dict[str, list[Revision]]:
        found: dict[str, list[Revision]] = {kind: [] for kind in missing}
        for row in Revision.objects.filter(folder=folder, kind__in=missing).order_by("id"):
            found[row.kind].append(row)
        return found

    known = batched(("revisions_in", folder), kinds, read)
    return sorted((row for kind in kinds for row in known[kind]), key=lambda one: one.pk)
