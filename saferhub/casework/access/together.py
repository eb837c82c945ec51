"""What lies in a case that the reader was just given, read at once and kept for the page.

Each part is read as `access.inside` has it: by the number of the case's folder, behind the second wall. What lies in
a folder of its own, as a note for some, is given only where the first wall lets her read that folder too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from saferhub.accounts.models import User
from saferhub.casework.models import (
    Action,
    ActionMove,
    Attachment,
    Case,
    CaseLink,
    CaseMove,
    CaseReview,
    Decision,
    Goal,
    Intervention,
    Involved,
    Note,
    Risk,
)
from saferhub.foundation.one_page import batched, keeps
from saferhub.foundation.rows_together import Asked, rows_together
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.models import Enclosure, Folder, Handover, Revision

from .inside import folders_inside, involved_in, readable_among

M = TypeVar("M", bound=Model)
# What every page of a case tells of in its head and in the counts beside its tabs; and what the timeline tells.
HEAD: tuple[type[Model], ...] = (Action, Attachment, Intervention, Risk)
# Which records lie in it, and as what.
_RECORDS: tuple[type[Model], ...] = (Enclosure, Involved)
TOLD: tuple[type[Model], ...] = (ActionMove, CaseLink, CaseMove, CaseReview, Decision, Goal, Handover, Note)
# The field of each that names a unit, an account, a hub.
_UNITS: dict[type[Model], str] = {
    Action: "owner_unit",
    Attachment: "unit",
    Folder: "unit",
    Handover: "to_unit",
    Intervention: "used_by",
    Note: "unit",
    Risk: "owner_unit",
}
_USERS: dict[type[Model], str] = {Action: "owner", Intervention: "watcher", Risk: "owner"}
_HUBS: dict[type[Model], str] = {Folder: "hub", Handover: "to_hub"}


def rows_in(actor: Actor, case: Case, model: type[M]) -> list[M]:
    """The rows of one part of a case that the actor may read, the oldest first, with the units and people that they
    name. Four queries at most; on a page none for what was read with the rest."""
    group = (model,) if not keeps() else HEAD if model in HEAD else TOLD
    return _read(actor, case, group)[model]


def read_together(actor: Actor, case: Case, kinds: Sequence[str]) -> set[str]:
    """Read what the head and the timeline tell at once, and what edits of these kinds left. Gives the identifiers of
    those who did it. Seven queries at most."""
    wanted: tuple[type[Model], ...] = (*HEAD, *_RECORDS, *TOLD, Revision)
    found = batched(("rows_in", actor, case.pk), wanted, lambda some: _asked(actor, case, list(some), kinds))
    edits: dict[str, list[Revision]] = {kind: [] for kind in kinds}
    for one in found[Revision]:
        edits[one.kind].append(one)
    batched(("revisions_in", case.folder_id), kinds, lambda some: {kind: edits[kind] for kind in some})
    inner = [one.inner_id for one in found[Enclosure]]
    folders_inside(actor, case.matter, inner)
    involved_in(actor, case.matter, found[Involved])
    return {who for rows in found.values() for row in rows if (who := getattr(row, "by", ""))}


def _read(actor: Actor, case: Case, models: Collection[type[Model]]) -> dict[type[Model], list[Any]]:
    return batched(("rows_in", actor, case.pk), models, lambda missing: _asked(actor, case, list(missing)))


def _asked(
    actor: Actor, case: Case, models: list[type[Model]], kinds: Sequence[str] = ()
) -> dict[type[Model], list[Any]]:
    asked = [(model, where) for model in models for where in _where(case, model, kinds)]
    found: dict[type[Model], list[Any]] = {model: [] for model in models}
    rows = rows_together([Asked(model, where) for model, where in asked])
    for (model, _), some in zip(asked, rows, strict=True):
        found[model] += some
    _apart(actor, case, found)
    _named(actor, case, found)
    return found


def _where(case: Case, model: type[Model], kinds: Sequence[str]) -> list[dict[str, Any]]:
    if model is CaseLink:
        return [{"a_id": case.pk}, {"b_id": case.pk}]
    if model is Decision:
        return [{"case_id_public": case.matter.public_id}]
    if model is Enclosure:
        return [{"outer_id": case.folder_id, "ended_at": None}]
    if model is Handover:
        return [{"matter_id": case.matter_id}]
    if model is Involved:
        return [{"folder_id": case.folder_id, "matter_id": case.matter_id}]
    if model is Revision:
        return [{"folder_id": case.folder_id, "kind": list(kinds)}]
    if model in (Note, Attachment):
        return [{"matter_id": case.matter_id, "matter_folder_id": case.folder_id}]
    return [{"folder_id": case.folder_id}]


def _apart(actor: Actor, case: Case, found: dict[type[Model], list[Any]]) -> None:
    """Leave out what lies in a folder beside the case that the actor may not read."""
    parts = [model for model in (Note, Attachment, Decision) if model in found]
    beside = {row.folder_id for model in parts for row in found[model]} - {case.folder_id}
    inner = [one.inner_id for one in found.get(Enclosure, ())]
    readable = {case.folder_id: case.folder, **readable_among(actor, [*beside, *inner], inside=inner)}
    for model in parts:
        found[model] = [row for row in found[model] if row.folder_id in readable]
        for row in found[model]:
            row.folder = readable[row.folder_id]


def _named(actor: Actor, case: Case, found: dict[type[Model], list[Any]]) -> None:
    """Give the rows the units, people and hubs that they name: one query for each kind, none for those at hand."""
    beside = {row.folder_id: row.folder for model in (Note, Attachment) for row in found.get(model, ())}
    beside.pop(case.folder_id, None)
    by_kind: dict[type[Model], list[Any]] = {**found, Folder: list(beside.values())}
    units = Unit.objects.select_related("agency")
    _give(by_kind, _UNITS, units, [case.unit, case.lead_unit])
    _give(by_kind, _USERS, User.objects.all(), [case.matter.lead, actor.user])
    _give(by_kind, _HUBS, Hub.objects.all(), [case.hub])


def _give(
    found: dict[type[Model], list[Any]],
    fields: dict[type[Model], str],
    asked: QuerySet[Any],
    at_hand: Iterable[Any],
) -> None:
    named = [(row, fields[model]) for model, rows in found.items() if model in fields for row in rows]
    known: dict[int | None, Any] = {one.pk: one for one in at_hand if one is not None}
    numbers = {number for row, field in named if (number := getattr(row, f"{field}_id")) is not None}
    if unknown := numbers - set(known):
        known |= asked.in_bulk(list(unknown))
    for row, field in named:
        setattr(row, field, known.get(getattr(row, f"{field}_id")))
