"""The list of reports: filters, sort, and the list as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When

from saferhub.partnership.access import Actor
from saferhub.publication.models import VersionStatus
from saferhub.reporting import access
from saferhub.reporting.models import Committee, Report, ReportKind, ReportStatus, ReportVersion

SORTS = {
    "title": ("title", "id"),
    "as_of": ("as_of", "id"),
    "due": (F("due_on").asc(nulls_last=True), "id"),
    "status": ("stands", "-as_of"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    kind: str = ""
    status: str = ""
    committee: str = ""
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.kind or self.status or self.committee)


def choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by. One query."""
    return {
        "kind": list(ReportKind.choices),
        "status": list(_stands_in(actor).items()),
        "committee": list(access.visible_to(actor, Committee).values_list("public_id", "name")),
    }


def _stands_in(actor: Actor) -> dict[str, str]:
    """How a report can stand for this actor: a reader without drafts is told of what is published alone, so that a
    correction in hand is not told of before it is."""
    if access.drafts_are_open_to(actor):
        return {one.value: str(one.label) for one in ReportStatus}
    return {one.value: str(one.label) for one in (VersionStatus.PUBLISHED, VersionStatus.WITHDRAWN)}


def shown_to(actor: Actor) -> QuerySet[Report]:
    """The reports that this actor sees. Each has `is_read` (it was published once), `is_in_force` (it is), and `stands`
    and `stands_words`, how it stands for this actor."""
    versions = ReportVersion.objects.filter(report=OuterRef("pk"))
    rows = access.visible_to(actor, Report).annotate(
        is_read=Exists(versions.filter(published_at__isnull=False)),
        is_in_force=Exists(versions.filter(status=VersionStatus.PUBLISHED)),
    )
    stands = (
        F("status")
        if access.drafts_are_open_to(actor)
        else Case(
            When(is_in_force=True, then=Value(VersionStatus.PUBLISHED.value)),
            default=Value(VersionStatus.WITHDRAWN.value),
            output_field=CharField(),
        )
    )
    words = [When(stands=code, then=Value(said)) for code, said in _stands_in(actor).items()]
    return rows.annotate(stands=stands).annotate(
        stands_words=Case(*words, default=Value(""), output_field=CharField())
    )


def reports(actor: Actor, filters: Filters) -> QuerySet[Report]:
    """The reports that this actor sees and that answer to the filters."""
    rows: QuerySet[Any] = shown_to(actor).select_related("committee", "sitting", "author")
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.status:
        rows = rows.filter(stands=filters.status)
    if filters.committee:
        rows = rows.filter(committee__public_id=filters.committee)
    name = filters.sort.removeprefix("-")
    if name not in SORTS:
        return rows.order_by("-as_of", "-id")
    order: list[Any] = list(SORTS[name])
    rows = rows.order_by(*order)
    return rows.reverse() if filters.sort.startswith("-") else rows


def lines(actor: Actor, filters: Filters) -> Iterator[list[Any]]:
    """The list as rows of a file, the headings first."""
    yield ["Report", "Kind", "Committee", "As of", "Wanted by", "How it stands"]
    for one in reports(actor, filters):
        yield [
            one.title,
            one.get_kind_display(),
            one.committee.name if one.committee else "",
            one.as_of,
            one.due_on,
            getattr(one, "stands_words"),  # noqa: B009 - annotated
        ]
