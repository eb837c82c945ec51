"""Committees and their forward plan, questions and themes, for lists, pages and forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from saferhub.accounts.models import User
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Membership
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.reporting import access
from saferhub.reporting.models import (
    Committee,
    MemberQuestion,
    QuestionStatus,
    Report,
    ReportStatus,
    Resolution,
    Sitting,
    Theme,
)
from saferhub.reporting.queries.limits import sitting_limit
from saferhub.reporting.queries.outlines import outlines_for
from saferhub.reporting.queries.plan_facts import areas_on
from saferhub.reporting.queries.report_lists import shown_to
from saferhub.reporting.rules.committees import Standing, standing

# Duties of the statutory calendar that a report of this app answers.
_DUTIES = (
    "scrutiny",
    "scrutiny_response",
    "plan_revision",
    "plan_to_policing_body",
    "strategic_assessment",
    "public_meeting",
)
_AHEAD = timedelta(days=400)


def committees(actor: Actor) -> list[Committee]:
    """The committees of the partnership, with how many questions of each are open. One query."""
    rows = access.visible_to(actor, Committee).select_related("agency", "board")
    open_ones = Count("questions", filter=Q(questions__status=QuestionStatus.OPEN))
    return list(rows.annotate(open_questions=open_ones).order_by("name"))


def standings(actor: Actor, rows: list[Committee]) -> dict[int, Standing]:
    """How often each sits, by its number. One query."""
    days: dict[int, list[date]] = {}
    for committee, on in (
        access.visible_to(actor, Sitting)
        .filter(committee__in=rows, is_cancelled=False)
        .values_list("committee_id", "on")
    ):
        days.setdefault(committee, []).append(on)
    assert actor.partnership is not None
    limit = sitting_limit(actor.partnership, actor.on)
    return {one.pk: standing(days.get(one.pk, []), actor.on, limit) for one in rows}


def coming_sittings(actor: Actor, on: date) -> list[Sitting]:
    """The forward plan: every sitting that is to come, the next first. One query."""
    rows = (
        access.visible_to(actor, Sitting).filter(on__gte=on, is_cancelled=False).select_related("committee")
    )
    return list(rows.prefetch_related("themes").order_by("on", "id"))


def reports_shown(actor: Actor) -> Prefetch[str, QuerySet[Report], str]:
    """The reports to each sitting that this actor sees, as `report_lists.shown_to` tells of them; none that was given
    up."""
    rows = shown_to(actor).exclude(status=ReportStatus.DROPPED)
    return Prefetch("reports", queryset=rows.order_by("-as_of", "-id"))


@dataclass(frozen=True)
class Due:
    """Something that the law or a committee wants by a day, with the way to it."""

    title: str
    why: str
    on: date
    url: str
    kind: str


def due(actor: Actor, on: date) -> list[Due]:
    """What is wanted of the partnership's reporting: papers for sittings, duties of the calendar, written answers.
    Three queries."""
    from django.urls import reverse

    found = []
    sittings = access.visible_to(actor, Sitting).filter(
        papers_due_on__isnull=False, is_cancelled=False, on__gte=on
    )
    for one in sittings.select_related("committee").prefetch_related(reports_shown(actor)):
        if not any(getattr(report, "is_in_force") for report in one.reports.all()):  # noqa: B009 - annotated
            found.append(
                Due(
                    f"Report to {one.committee.name}",
                    "Papers for its sitting",
                    one.papers_due_on or one.on,
                    reverse("committee", args=[one.committee.public_id]),
                    "papers",
                )
            )
    duties = DutyOccurrence.objects.filter(
        partnership=actor.partnership, status=DutyStatus.DUE, due_on__lte=on + _AHEAD, entry__code__in=_DUTIES
    )
    found += [
        Due(
            one.title,
            "Statutory calendar",
            one.due_on,
            reverse("calendar-item", args=[one.public_id]),
            "duty",
        )
        for one in duties
        if one.due_on is not None
    ]
    answers = (
        access.visible_to(actor, Resolution)
        .filter(answer_due_on__isnull=False, answered_on__isnull=True)
        .exclude(resolved="", taken_out_in__gt="")
    )
    found += [
        Due(
            f"Answer to {one.report.committee.name}" if one.report.committee else "Written answer",
            one.resolved or one.words,
            one.answer_due_on,
            reverse("resolution", args=[one.public_id]),
            "answer",
        )
        for one in answers.select_related("report__committee")
        if one.answer_due_on is not None
    ]
    return sorted(found, key=lambda one: (one.on, one.title))


@dataclass(frozen=True)
class CommitteePage:
    """Everything about one committee."""

    committee: Committee
    standing: Standing
    ahead: list[Sitting]
    past: list[Sitting]
    reports: list[Report]
    questions: list[MemberQuestion]
    themes: list[Theme]
    resolutions: list[Resolution]


def committee_page(actor: Actor, row: Committee) -> CommitteePage:
    """Its forward plan, what it did, what it asked and resolved. Six queries."""
    sittings = list(
        access.visible_to(actor, Sitting)
        .filter(committee=row)
        .prefetch_related("themes", reports_shown(actor))
        .order_by("on")
    )
    days = [one.on for one in sittings if not one.is_cancelled]
    assert actor.partnership is not None
    return CommitteePage(
        committee=row,
        standing=standing(days, actor.on, sitting_limit(actor.partnership, actor.on)),
        ahead=[one for one in sittings if one.on >= actor.on],
        past=[one for one in sittings if one.on < actor.on][::-1],
        reports=list(shown_to(actor).filter(committee=row).order_by("-as_of", "-id")),
        questions=list(
            access.visible_to(actor, MemberQuestion).filter(committee=row).order_by("-asked_on", "-id")[:20]
        ),
        themes=list(
            access.visible_to(actor, Theme)
            .filter(committee=row)
            .select_related("sitting")
            .order_by("is_dropped", "id")
        ),
        resolutions=list(
            access.visible_to(actor, Resolution)
            .filter(report__committee=row)
            .select_related("report")
            .order_by("-report__as_of", "id")
        ),
    )


# --- Questions ----------------------------------------------------------------------------------------------------

QUESTION_SORTS = {
    "due": ("due_on", "id"),
    "asked": ("asked_on", "id"),
    "committee": ("committee__name", "due_on", "id"),
}


@dataclass(frozen=True, slots=True)
class QuestionFilters:
    committee: str = ""
    status: str = ""
    mine: str = ""
    sort: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.committee or self.status or self.mine)


def questions(actor: Actor, filters: QuestionFilters) -> QuerySet[MemberQuestion]:
    """The questions that answer to the filters: open ones first, the earliest due first."""
    rows = access.visible_to(actor, MemberQuestion).select_related("committee", "owner", "due_at")
    if filters.committee:
        rows = rows.filter(committee__public_id=filters.committee)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.mine and actor.user is not None:
        rows = rows.filter(owner=actor.user)
    name = filters.sort.removeprefix("-")
    if name in QUESTION_SORTS:
        rows = rows.order_by(*QUESTION_SORTS[name])
        return rows.reverse() if filters.sort.startswith("-") else rows
    return rows.alias(waits=Q(status=QuestionStatus.OPEN)).order_by(F("waits").desc(), "due_on", "id")


def question_rows(actor: Actor, filters: QuestionFilters) -> Iterator[list[Any]]:
    """The list as rows of a file, the headings first."""
    yield [
        "Committee",
        "Asked on",
        "Asked by",
        "Question",
        "Answered by",
        "Due",
        "How it stands",
        "Answer",
        "Answered on",
    ]
    for one in questions(actor, filters):
        yield [
            one.committee.name, one.asked_on, one.asked_by, one.words, one.owner_post, one.due_on,
            one.get_status_display(), one.answer, one.answered_on,
        ]  # fmt: skip


def moves_of_question(actor: Actor, row: MemberQuestion) -> list[tuple[str, date, str, str]]:
    """What happened with a question, the newest first: status, day, who, why. Two queries."""
    from saferhub.partnership.queries.members import names_of

    rows = list(row.moves.order_by("-id"))
    names = names_of((one.by for one in rows), actor)
    return [
        (
            QuestionStatus(one.to_status).label if one.from_status else "Recorded",
            one.on,
            names.get(one.by, "Somebody"),
            one.reason,
        )
        for one in rows
    ]


# --- What forms offer ---------------------------------------------------------------------------------------------


def committee_choices(actor: Actor) -> list[tuple[str, str]]:
    """The committees that have not ended. One query."""
    rows = access.visible_to(actor, Committee).exclude(ended_on__lt=actor.on)
    return list(rows.order_by("name").values_list("public_id", "name"))


def sitting_choices(
    actor: Actor, committee: Committee | None = None, *, past: bool = False
) -> list[tuple[str, str]]:
    """The sittings to come, or those of the past year too. One query."""
    since = actor.on - _AHEAD if past else actor.on
    rows = (
        access.visible_to(actor, Sitting)
        .filter(on__gte=since, is_cancelled=False)
        .select_related("committee")
    )
    if committee is not None:
        rows = rows.filter(committee=committee)
    return [
        (
            one.public_id,
            f"{one.on:%-d %B %Y}" if committee is not None else f"{one.committee.name}, {one.on:%-d %B %Y}",
        )
        for one in rows.order_by("on")
    ]


def sitting_asked_for(actor: Actor, public_id: str) -> Sitting | None:
    """The sitting that an address names; None for one that is not there."""
    rows = access.visible_to(actor, Sitting).select_related("committee")
    return rows.filter(public_id=public_id).first() if public_id else None


def agency_choices(actor: Actor) -> list[tuple[str, str]]:
    """The agencies of the partnership. One query."""
    return list(
        Agency.objects.filter(partnership=actor.partnership).order_by("name").values_list("code", "name")
    )


def outline_choices(actor: Actor) -> list[tuple[str, str]]:
    """The outlines of reports to committees."""
    assert actor.partnership is not None
    return [
        (one.code, one.item.name)
        for one in outlines_for(actor.partnership, actor.on)
        if one.item.kind == "scrutiny_report"
    ]


def area_choices(actor: Actor) -> list[tuple[str, str]]:
    """The areas of the plan of today."""
    assert actor.partnership is not None
    return [(one.code, one.name) for one in areas_on(actor.partnership, actor.on)]


def people_choices(actor: Actor) -> list[tuple[str, str]]:
    """Whoever works in the partnership today. One query."""
    here = Membership.objects.in_force_on(actor.on).filter(partnership=actor.partnership).values("user")
    return list(User.objects.filter(pk__in=here).order_by("name").values_list("public_id", "name"))
