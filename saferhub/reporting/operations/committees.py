"""Committees, their forward plan, themes that members look at closer, and what they resolved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Board
from saferhub.partnership.queries import in_force
from saferhub.reporting import access
from saferhub.reporting.models import Committee, Report, Resolution, Sitting, Theme
from saferhub.reporting.queries.limits import answer_limit
from saferhub.reporting.queries.outlines import outline_on
from saferhub.reporting.rules import committees as rules


@transaction.atomic
def add_committee(*, name: str, agency: str, outline: str, by: Actor, on: date, board: str = "") -> Committee:
    """Add a committee to which the partnership gives account. `agency`: code of the council whose it is; `board`: code
    of its entry in the pack.

    Raises NotAllowed unless the actor writes reports; Refusal `no_name`, `committee_stands`, `no_outline`.
    """
    access.check_can_write(by)
    assert by.partnership is not None
    _check_committee(by, name, outline, on=on, but=None)
    made = Committee.objects.create(
        partnership=by.partnership,
        name=name.strip(),
        agency=Agency.objects.filter(partnership=by.partnership, code=agency).first() if agency else None,
        board=Board.objects.filter(partnership=by.partnership, code=board).first() if board else None,
        outline=outline,
    )
    audit.record("reporting.committee_added", made, by=by, board=board, outline=outline)
    return made


def _check_committee(by: Actor, name: str, outline: str, *, on: date, but: Committee | None) -> None:
    assert by.partnership is not None
    if not name.strip():
        raise Refusal("no_name", "Give the committee’s name.")
    rows = Committee.objects.filter(partnership=by.partnership, name=name.strip())
    if (rows.exclude(pk=but.pk) if but is not None else rows).exists():
        raise Refusal("committee_stands", "There is a committee of this name.")
    if outline_on(by.partnership, outline, on) is None:
        raise Refusal("no_outline", "Choose an outline that the rules have.")


def committees_in_packs(by: Actor, on: date) -> list[tuple[str, str, str]]:
    """Code, name and agency of the committees that the packs have and that are not kept yet."""
    assert by.partnership is not None
    taken = set(
        Committee.objects.filter(partnership=by.partnership, board__isnull=False).values_list(
            "board__code", flat=True
        )
    )
    return [
        (one.code, one.item.name, next((seat.agency for seat in one.item.members if seat.agency), ""))
        for one in in_force.entries(by.partnership, "boards", on)
        if one.item.kind == "scrutiny_committee" and one.code not in taken
    ]


@transaction.atomic
def change_committee(
    *,
    committee_id: str,
    name: str,
    agency: str,
    outline: str,
    ended_on: date | None,
    by: Actor,
    on: date,
    seen: int,
) -> Committee:
    """Change a committee, or record its last day. Raises as `add_committee`, Conflict."""
    access.check_can_write(by)
    row = access.get_for_update(by, Committee, committee_id, version=seen)
    _check_committee(by, name, outline, on=on, but=row)
    row.name, row.outline, row.ended_on = name.strip(), outline, ended_on
    row.agency = Agency.objects.filter(partnership=by.partnership, code=agency).first() if agency else None
    _save(row, "name", "outline", "ended_on", "agency")
    audit.record("reporting.committee_changed", row, by=by, version=row.version)
    return row


# --- The forward plan ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_sitting(*, committee_id: str, values: Mapping[str, Any], by: Actor) -> Sitting:
    """Put a sitting into the forward plan: `on`, `papers_due_on`, `place`, `about`.

    Raises NotAllowed; Http404; Refusal `no_day`, `papers_after`, `sitting_stands`."""
    access.check_can_write(by)
    committee = access.get_for_update(by, Committee, committee_id, version=None)
    _check_sitting(committee, values, but=None)
    row = Sitting.objects.create(
        partnership_id=committee.partnership_id,
        committee=committee,
        on=values["on"],
        papers_due_on=values.get("papers_due_on"),
        place=values.get("place", "").strip(),
        about=values.get("about", "").strip(),
    )
    audit.record("reporting.sitting_added", row, by=by, committee=committee.public_id, on=row.on)
    return row


@transaction.atomic
def change_sitting(*, sitting_id: str, values: Mapping[str, Any], by: Actor, seen: int) -> Sitting:
    """Change a sitting, or record what it did (`outcome`). Raises as `add_sitting`, Conflict."""
    access.check_can_write(by)
    row = access.get_for_update(by, Sitting, sitting_id, version=seen)
    if row.is_cancelled:
        raise Refusal("is_cancelled", "This sitting does not take place. Plan another.")
    _check_sitting(row.committee, values, but=row)
    for name in ("on", "papers_due_on"):
        setattr(row, name, values.get(name))
    for name in ("place", "about", "outcome"):
        setattr(row, name, values.get(name, "").strip())
    _save(row, "on", "papers_due_on", "place", "about", "outcome")
    audit.record("reporting.sitting_changed", row, by=by, version=row.version)
    return row


@transaction.atomic
def cancel_sitting(*, sitting_id: str, reason: str, by: Actor, seen: int) -> Sitting:
    """Record that a sitting does not take place, and why. Raises NotAllowed, Conflict, Refusal `no_reason`."""
    access.check_can_write(by)
    row = access.get_for_update(by, Sitting, sitting_id, version=seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say why the sitting does not take place.")
    row.is_cancelled, row.outcome = True, f"Cancelled: {reason.strip()}"
    _save(row, "is_cancelled", "outcome")
    audit.record("reporting.sitting_cancelled", row, by=by)
    return row


def _check_sitting(committee: Committee, values: Mapping[str, Any], *, but: Sitting | None) -> None:
    rows = Sitting.objects.filter(committee=committee, is_cancelled=False)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    refuse_if(
        rules.sitting_refusals(
            on=values.get("on"),
            papers_due_on=values.get("papers_due_on"),
            others=list(rows.values_list("on", flat=True)),
        )
    )


@transaction.atomic
def keep_theme(
    *,
    values: Mapping[str, Any],
    by: Actor,
    committee_id: str = "",
    theme_id: str = "",
    seen: int | None = None,
) -> Theme:
    """Put a theme into the forward plan, or change one (`theme_id`): `title`, `why`, `area`, `sitting` (public_id),
    `brings`, `outcome`, `is_dropped`. Raises NotAllowed, Http404, Conflict, Refusal `no_title`, `other_committee`."""
    access.check_can_write(by)
    if theme_id:
        row = access.get_for_update(by, Theme, theme_id, version=seen)
        committee = row.committee
    else:
        committee = access.get(by, Committee, committee_id)
        row = Theme(partnership_id=committee.partnership_id, committee=committee)
    if not values.get("title", "").strip():
        raise Refusal("no_title", "Give the theme a title.")
    sitting = access.get(by, Sitting, values["sitting"]) if values.get("sitting") else None
    if sitting is not None and sitting.committee_id != committee.pk:
        raise Refusal(
            "other_committee", "That is a sitting of another committee. Choose one of this committee’s."
        )
    row.sitting = sitting
    for name in ("title", "why", "area", "brings", "outcome"):
        setattr(row, name, values.get(name, "").strip())
    row.is_dropped = bool(values.get("is_dropped"))
    if row.pk is None:
        row.save()
        audit.record("reporting.theme_added", row, by=by, committee=committee.public_id)
    else:
        _save(row, "title", "why", "area", "sitting", "brings", "outcome", "is_dropped")
        audit.record("reporting.theme_changed", row, by=by, version=row.version)
    return row


# --- What members resolved ----------------------------------------------------------------------------------------


@transaction.atomic
def keep_resolution(
    *,
    values: Mapping[str, Any],
    by: Actor,
    on: date,
    report_id: str = "",
    resolution_id: str = "",
    seen: int | None = None,
) -> Resolution:
    """Record what members resolved on a recommendation, or a recommendation of their own (`report_id`): `words`,
    `resolved`, `resolved_on`, `copied_to`, `answer_due_on`, `answer`, `answered_on`. Where members give no day, a
    written answer is due when the packs of the day on which they resolved it say.

    Raises NotAllowed, Http404, Conflict; Refusal `no_words`, `not_published`, `no_answer_due` where no pack says so,
    and those of `rules.resolution_refusals`.
    """
    access.check_can_write(by)
    if resolution_id:
        row = access.get_for_update(by, Resolution, resolution_id, version=seen)
    else:
        report = access.get(by, Report, report_id)
        if not report.versions.filter(published_at__isnull=False).exists():
            raise Refusal("not_published", "Members have not read this report yet.")
        row = Resolution(partnership_id=report.partnership_id, report=report)
    words = values.get("words", "").strip() or row.words
    if not words:
        raise Refusal("no_words", "Write what members recommend.")
    refuse_if(
        rules.resolution_refusals(
            resolved=values.get("resolved", ""),
            resolved_on=values.get("resolved_on"),
            answer=values.get("answer", ""),
            answered_on=values.get("answered_on"),
            on=on,
        )
    )
    if row.number and words != row.words:
        raise Conflict("changed_meanwhile", "A recommendation of the report stays as the report words it.")
    row.words = words
    for name in ("resolved", "copied_to", "answer"):
        setattr(row, name, values.get(name, "").strip())
    row.resolved_on, row.answered_on = values.get("resolved_on"), values.get("answered_on")
    row.answer_due_on = values.get("answer_due_on")
    if row.answer_due_on is None and row.resolved_on is not None and values.get("needs_answer"):
        row.answer_due_on = _answer_due(row)
    if row.pk is None:
        row.save()
        audit.record("reporting.resolution_added", row, by=by, report=row.report.public_id)
    else:
        _save(row, "words", "resolved", "resolved_on", "copied_to", "answer_due_on", "answer", "answered_on")
        audit.record("reporting.resolution_changed", row, by=by, version=row.version)
    return row


def _answer_due(row: Resolution) -> date:
    assert row.resolved_on is not None
    limit = answer_limit(row.partnership, row.resolved_on)
    if limit is None:
        raise Refusal(
            "no_answer_due", "No rule says how soon this is answered. Give the day by which members want it."
        )
    return limit.after(row.resolved_on)


def _save(row: Any, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])
