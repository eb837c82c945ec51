"""Who may see and do what with committees, questions and reports. Everything is loaded through this package.

Members of the partnership read its published reports, committees and questions. A draft is read by those who write or
approve reports, an exempt part by those who write, approve, or work on matters. Another partnership's is not there.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404

from saferhub.foundation.refusals import Conflict, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.reporting.models import Audience, MemberQuestion, Report, ReportVersion

M = TypeVar("M", bound=Model)


def visible_to(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The rows of a table of reporting that this actor reads. The table has a field `partnership`."""
    rows = model._default_manager.all()
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return rows.none()
    rows = rows.filter(partnership=actor.partnership)
    if drafts_are_open_to(actor):
        return rows
    if model is Report:
        return rows.filter(
            Exists(ReportVersion.objects.filter(report=OuterRef("pk"), published_at__isnull=False))
        )
    if model is ReportVersion:
        # Once published it has been read, whatever became of it; a draft that was withdrawn never was.
        rows = rows.filter(published_at__isnull=False)
        return rows if actor.has(Permission.WORK_ON_MATTERS) else rows.filter(audience=Audience.PUBLIC)
    if model._meta.model_name in ("reportsection", "approval"):
        return rows.none()
    return rows


def get(actor: Actor, model: type[M], public_id: str, *related: str) -> M:
    """One row as its page needs it. Raises Http404 when it is not there for the actor."""
    row = visible_to(actor, model).select_related(*related).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def get_for_update(actor: Actor, model: type[M], public_id: str, *, version: int | None) -> M:
    """The same, locked until the transaction ends. `version` is the one that the actor saw; None: it matters not.

    Raises Http404 as `get` does, and Conflict `changed_meanwhile` when it is not that version any more."""
    found = get(actor, model, public_id)
    row = model._default_manager.select_for_update(of=("self",)).get(pk=found.pk)
    if version is not None and getattr(row, "version") != version:  # noqa: B009 - not every model has one
        raise Conflict(
            "changed_meanwhile", "Somebody else changed this while you were writing. Look at it again."
        )
    return row


def drafts_are_open_to(actor: Actor) -> bool:
    """Whether the actor reads reports that are not published."""
    return actor.has(Permission.WRITE_REPORTS) or actor.has(Permission.APPROVE_REPORTS)


def check_can_write(actor: Actor) -> None:
    """Raise NotAllowed unless the actor writes reports and keeps committees and questions."""
    actor.check(Permission.WRITE_REPORTS)


def check_can_approve(actor: Actor) -> None:
    """Raise NotAllowed unless the actor approves reports."""
    actor.check(Permission.APPROVE_REPORTS)


def can_write(actor: Actor) -> bool:
    """Whether the actor writes reports."""
    return allows(check_can_write, actor)


def can_approve(actor: Actor) -> bool:
    """Whether the actor approves reports."""
    return allows(check_can_approve, actor)


def check_answers(actor: Actor, question: MemberQuestion) -> None:
    """Raise NotAllowed unless the actor answers this question: its owner, or whoever writes reports."""
    if not answers(actor, question):
        raise NotAllowed(
            "not_your_question", f"{question.owner_post} or the partnership manager can do this."
        )


def answers(actor: Actor, question: MemberQuestion) -> bool:
    """Whether the actor answers this question."""
    return actor.user is not None and (question.owner_id == actor.user.pk or can_write(actor))
