"""What stands in the navigation and in Your work for reporting; and what a leaver leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.registries import NavItem, OpenWork, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.reporting import access
from saferhub.reporting.models import (
    Approval,
    MemberQuestion,
    QuestionStatus,
    Report,
    ReportStatus,
    ReportVersion,
    Sitting,
)

# A report is begun when its papers are wanted so soon.
_SOON = timedelta(days=42)


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Reports, for everybody who works in the partnership."""
    if actor.partnership is not None and actor.has(Permission.VIEW_PARTNERSHIP):
        yield NavItem("Reports", reverse("reports"), "reports")


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Questions to answer, reports to approve, reports in hand and papers that are wanted. Four queries at most."""
    if actor.user is None or actor.partnership is None:
        return
    for question in _questions(actor, actor.user):
        url = reverse("question", args=[question.public_id])
        yield WorkItem(
            kind="report",
            kind_words="Reports",
            title=question.words[:120],
            url=url,
            why=f"A member of {question.committee.name} asked it",
            due_on=question.due_on,
            step="Answer it",
            step_url=reverse("question-answer", args=[question.public_id]),
            note="Member’s question",
            rank=4,
        )
    if access.can_approve(actor):
        yield from _to_approve(actor, actor.user)
    if access.can_write(actor):
        yield from _in_hand(actor, actor.user)
        yield from _wanted(actor)


def _questions(actor: Actor, user: User) -> Iterator[MemberQuestion]:
    rows = access.visible_to(actor, MemberQuestion).filter(owner=user, status=QuestionStatus.OPEN)
    yield from rows.select_related("committee").order_by("due_on")


def _to_approve(actor: Actor, user: User) -> Iterator[WorkItem]:
    # Whoever approved what is published has not approved its correction yet.
    waits = ReportVersion.objects.filter(
        report=OuterRef("report"), number=OuterRef("number"), published_at__isnull=True
    )
    mine = Approval.objects.filter(Exists(waits), report=OuterRef("pk"), by=user, taken_back_on__isnull=True)
    rows = access.visible_to(actor, Report).filter(~Exists(mine), status=ReportStatus.APPROVING)
    for one in rows.order_by("due_on", "id"):
        yield WorkItem(
            kind="report",
            kind_words="Reports",
            title=one.title,
            url=reverse("report", args=[one.public_id]),
            why="Two people approve a report before it is published",
            due_on=one.due_on,
            step="Read and approve",
            step_url=reverse("report-approve", args=[one.public_id]),
            note="Report",
            rank=4,
        )


def _in_hand(actor: Actor, user: User) -> Iterator[WorkItem]:
    rows = access.visible_to(actor, Report).filter(author=user, status=ReportStatus.WRITING)
    for one in rows.order_by("due_on", "id"):
        yield WorkItem(
            kind="report",
            kind_words="Reports",
            title=one.title,
            url=reverse("report", args=[one.public_id]),
            why="You write it",
            due_on=one.due_on,
            step="Go on with it",
            step_url=reverse("report", args=[one.public_id]),
            note="Report",
            rank=6,
        )


def _wanted(actor: Actor) -> Iterator[WorkItem]:
    begun = Report.objects.filter(sitting=OuterRef("pk")).exclude(
        status__in=[ReportStatus.DROPPED, ReportStatus.WITHDRAWN]
    )
    rows = access.visible_to(actor, Sitting).filter(
        ~Exists(begun), is_cancelled=False, papers_due_on__range=(actor.on - _SOON, actor.on + _SOON)
    )
    for one in rows.select_related("committee").order_by("papers_due_on"):
        yield WorkItem(
            kind="report",
            kind_words="Reports",
            title=f"Report to {one.committee.name}",
            url=reverse("committee", args=[one.committee.public_id]),
            why="Its clerk wants papers before the sitting",
            due_on=one.papers_due_on,
            step="Begin the report",
            step_url=f"{reverse('report-begin')}?sitting={one.public_id}",
            note="Report",
            rank=5,
        )


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """Reports in hand and questions that a leaver leaves behind, as far as the actor may see them."""
    reports = (
        access.visible_to(actor, Report)
        .filter(author=user)
        .exclude(status__in=[ReportStatus.PUBLISHED, ReportStatus.WITHDRAWN, ReportStatus.DROPPED])
    )
    for one in reports.order_by("due_on", "id"):
        yield OpenWork("Report in hand", one.title, reverse("report", args=[one.public_id]), one.due_on)
    questions = access.visible_to(actor, MemberQuestion).filter(owner=user, status=QuestionStatus.OPEN)
    for question in questions.order_by("due_on"):
        yield OpenWork(
            "Member’s question",
            question.words[:120],
            reverse("question", args=[question.public_id]),
            question.due_on,
        )
