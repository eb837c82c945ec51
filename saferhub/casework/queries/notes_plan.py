"""What the plan of a case shows, and what it puts on the pages of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from saferhub.casework.access import (
    cases_visible_to,
    check_can_contribute,
    check_can_manage,
    parts_readable_by,
)
from saferhub.casework.access.coordinating import hubs_coordinated_by
from saferhub.casework.access.inside import parts_in
from saferhub.casework.access.together import rows_in
from saferhub.casework.models import (
    OPEN_STATUSES,
    Case,
    CaseLink,
    Goal,
    GoalStatus,
    Osara,
    Risk,
    Severity,
)
from saferhub.casework.registries import Block, Blocker, Happened, Next, Tab
from saferhub.casework.rules.notes_plan import is_unanswered
from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import WorkItem
from saferhub.foundation.templatetags.words import list_words
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import Revision
from saferhub.sharing.queries.revisions_in import revisions_in

from .cases_people import in_matter
from .notes import SOMEBODY, number_of_files
from .notes_audience import unit_name

MOST_WORK = 25
SOON = timedelta(days=7)
_GRAVITY = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}
_TONE = {Severity.HIGH: "red", Severity.MEDIUM: "amber", Severity.LOW: "quiet"}
_BAND = {Severity.HIGH: "high", Severity.MEDIUM: "medium", Severity.LOW: "standard"}


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One risk in words. `band`: the code that stands for its severity; `tag`: a word in a box, smaller than the
    chip of the whole case's band."""

    risk: Risk
    band: str
    holder: str
    is_unanswered: bool
    is_review_late: bool

    @property
    def is_high(self) -> bool:
        return self.risk.severity == Severity.HIGH

    @property
    def tag(self) -> tuple[str, str]:
        severity = Severity(self.risk.severity)
        return f"{severity.label} risk", _TONE[severity]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Another case that belongs to this one, which the reader sees too."""

    link: CaseLink
    other: Case
    by: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a case. `past_…`: what has ended."""

    goals: list[Goal]
    past_goals: list[Goal]
    risks: list[RiskRow]
    past_risks: list[RiskRow]
    osara: Osara | None
    links: list[LinkRow]
    past_links: list[LinkRow]


def _risk_row(one: Risk, on: date) -> RiskRow:
    holder = ""
    if one.owner is not None and one.owner_unit is not None:
        holder = f"{one.owner.name}, {one.owner_unit.agency.name}"
    elif one.owner_unit is not None:
        holder = unit_name(one.owner_unit)
    has_ended = one.ended_on is not None
    return RiskRow(
        one,
        _BAND[Severity(one.severity)],
        holder,
        is_unanswered(severity=one.severity, mitigation=one.mitigation, has_ended=has_ended),
        not has_ended and one.review_on is not None and one.review_on < on,
    )


def goals_of(actor: Actor, case: Case) -> list[Goal]:
    """The goals of a case, those with the nearest day first. One query."""
    rows = rows_in(actor, case, Goal)
    return sorted(rows, key=lambda one: (one.by_when is None, one.by_when or date.max, one.pk))


def risks_of(actor: Actor, case: Case) -> list[RiskRow]:
    """The risks of a case, the gravest first. One query, asked once for each page, whichever parts of it want
    them."""
    return once(("risks_of", actor, case.pk), lambda: _risks_of(actor, case))


def _risks_of(actor: Actor, case: Case) -> list[RiskRow]:
    found = [_risk_row(one, actor.on) for one in rows_in(actor, case, Risk)]
    return sorted(found, key=lambda row: (_GRAVITY[Severity(row.risk.severity)], row.risk.pk))


def risk_review(actor: Actor, case: Case) -> date | None:
    """The first day on which one of its standing risks is to be looked at again."""
    return min(
        (
            row.risk.review_on
            for row in risks_of(actor, case)
            if row.risk.ended_on is None and row.risk.review_on is not None
        ),
        default=None,
    )


def links_of(actor: Actor, case: Case) -> list[LinkRow]:
    """The links of a case whose other end the reader sees. Three queries, one where it has none."""
    # Found by number first: few cases have one, and a link shows only with the case at its other end.
    rows = sorted(rows_in(actor, case, CaseLink), key=lambda one: one.pk)
    if not rows:
        return []
    numbers = {row.b_id if row.a_id == case.pk else row.a_id for row in rows}
    others = {
        one.pk: one
        for one in cases_visible_to(actor)
        .filter(pk__in=numbers)
        .select_related("matter", "lead_unit__agency")
    }
    names = names_of({one.by for one in rows}, actor)
    found = []
    for row in rows:
        other = others.get(row.b_id if row.a_id == case.pk else row.a_id)
        if other is not None:
            found.append(LinkRow(row, other, names.get(row.by, SOMEBODY)))
    return found


def osara_of(actor: Actor, case: Case) -> Osara | None:
    """The problem-solving record, where one is begun. One query."""
    return parts_in(case, Osara).filter(case=case).first()


def plan_of(actor: Actor, case: Case) -> Plan:
    """Everything the page of the plan shows. Six queries."""
    goals, risks, links = goals_of(actor, case), risks_of(actor, case), links_of(actor, case)
    return Plan(
        goals=[one for one in goals if one.status == GoalStatus.OPEN],
        past_goals=[one for one in goals if one.status != GoalStatus.OPEN],
        risks=[row for row in risks if row.risk.ended_on is None],
        past_risks=[row for row in risks if row.risk.ended_on is not None],
        osara=osara_of(actor, case),
        links=[row for row in links if row.link.ended_on is None],
        past_links=[row for row in links if row.link.ended_on is not None],
    )


# --- What goes on the pages of others ----------------------------------------------------------------------


def plan_tab(actor: Any, case: Case) -> Tab:
    """The plan."""
    return Tab("plan", "Plan", reverse("case-plan", args=[case.matter.public_id]))


def files_tab(actor: Any, case: Case) -> Tab:
    """The files, counted as far as the reader may read each."""
    url = reverse("case-files", args=[case.matter.public_id])
    return Tab("files", "Files", url, number_of_files(actor, case))


def buttons(actor: Any, case: Case) -> Iterator[tuple[str, str]]:
    """Adding an update is what most people come for."""
    if allows(check_can_contribute, actor, case):
        matter = case.matter.public_id
        yield "Add an update", reverse("case-update-new", args=[matter])
        yield "Record a contact", reverse("case-contact-choose", args=[matter])


def plan_block(actor: Any, case: Case) -> Block | None:
    """Goals and risks that stand, on the overview; nothing where there are none and none can be set."""
    goals = [one for one in goals_of(actor, case) if one.status == GoalStatus.OPEN]
    risks = [row for row in risks_of(actor, case) if row.risk.ended_on is None]
    can_manage = case.is_open and allows(check_can_manage, actor, case)
    if not goals and not risks and not can_manage:
        return None
    return Block(
        "casework/notes/plan_block.html",
        {"goals": goals, "risks": risks, "can_manage": can_manage},
        "main",
    )


def blockers(actor: Any, case: Case, day: date) -> Iterator[Blocker]:
    """High risks against which nothing is done."""
    for row in risks_of(actor, case):
        if row.is_unanswered:
            yield Blocker(
                "high_risk_without_mitigation",
                f"Nothing is done against a high risk: {_short(row.risk.words)}",
                reverse("case-risk-edit", args=[case.matter.public_id, row.risk.public_id]),
            )


def _short(words: str, most: int = 120) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rsplit(' ', 1)[0]} …"


def next_contact(actor: Any, case: Case, day: date) -> Iterator[Next]:
    """By when somebody harmed is to be contacted: by name, where the reader may read it."""
    if case.contact_due_on is None:
        return
    lead = case.matter.lead
    rows = [row for row in in_matter(actor, case.matter) if row.is_person and row.is_harmed]
    names = list(dict.fromkeys(str(row.record.name) for row in rows))
    yield Next(
        f"Contact {list_words(names, 'or')}" if names else "Contact the victim",
        f"{lead.name}, {case.lead_unit.agency.name}" if lead else case.lead_unit.agency.name,
        case.contact_due_on,
        reverse("case-contact-choose", args=[case.matter.public_id]),
    )


_TOLD = {
    "casework.goal": ("Goal set", "Goal changed", "plan"),
    "casework.risk": ("Risk recorded", "Risk changed", "risk"),
    "casework.osara": ("Problem-solving record begun", "Problem-solving record changed", "note"),
}
PLAN_KINDS = tuple(_TOLD)
_ENDED = {
    GoalStatus.MET: "Goal reached",
    GoalStatus.NOT_MET: "Goal not reached",
    GoalStatus.DROPPED: "Goal given up",
}


def happened(actor: Any, case: Case) -> Iterator[Happened]:
    """How goals, risks and the problem-solving record came about and changed, and which cases were linked. Edits
    of one text on one day are told once. Five queries."""
    rows = revisions_in(case.folder_id, *PLAN_KINDS)
    links = links_of(actor, case)
    names = names_of({one.by for one in rows} | {row.link.ended_by for row in links} - {""}, actor)
    url = reverse("case-plan", args=[case.matter.public_id])
    before: dict[str, dict[str, Any]] = {}
    told: dict[tuple[str, str, date], Happened] = {}
    for one in rows:
        last = before.get(one.subject)
        before[one.subject] = one.values
        title, words = _plan_words(one, last)
        day = timezone.localtime(one.at).date()
        kind = _TOLD[one.kind][2]
        told[(title, one.subject, day)] = Happened(
            one.at,
            day,
            "decision" if kind == "plan" else kind,
            title,
            names.get(one.by, SOMEBODY),
            words,
            url,
        )
    yield from told.values()
    for row in links:
        other = f"{row.other.matter.reference} {row.other.matter.title}"
        yield Happened(
            _noon(row.link.on), row.link.on, "change", f"Linked to {other}", row.by, row.link.why,
            reverse("case", args=[row.other.matter.public_id]),
        )  # fmt: skip
        if row.link.ended_on is not None:
            yield Happened(
                _noon(row.link.ended_on), row.link.ended_on, "change", f"No longer linked to {other}",
                names.get(row.link.ended_by, SOMEBODY), row.link.ended_why,
            )  # fmt: skip


def _noon(day: date) -> Any:
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))  # type: ignore[attr-defined]


def _plan_words(one: Revision, last: dict[str, Any] | None) -> tuple[str, str]:
    """What a revision of the plan is called in the timeline, and what it says."""
    values = one.values
    begun, changed, _ = _TOLD[one.kind]
    if one.kind == "casework.goal":
        status = str(values.get("status"))
        if last is not None and last.get("status") != status:
            if status == GoalStatus.OPEN:
                return "Goal taken up again", str(values.get("words", ""))
            why = str(values.get("ended_why") or "")
            return _ENDED[GoalStatus(status)], f"{values.get('words', '')}{f' – {why}' if why else ''}"
        return begun if last is None else changed, str(values.get("words", ""))
    if one.kind == "casework.risk":
        if values.get("ended_why"):
            return "Risk ended", f"{values.get('words', '')} – {values['ended_why']}"
        grave = Severity(str(values.get("severity"))).label.lower()
        return begun if last is None else changed, f"{values.get('words', '')} ({grave})"
    return begun if last is None else changed, ""


# --- Your work ---------------------------------------------------------------------------------------------


def work_items(actor: Any) -> Iterator[WorkItem]:
    """Victims to be contacted, for whoever leads their case; misses for the hub's co-ordinator too; risks to look
    at again, for whoever answers for them."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    told: set[int] = set()
    for case in _contacts_due(actor):
        told.add(case.pk)
        yield _contact_item(actor, case, "You lead this case")
    for case in _contacts_missed(actor):
        if case.pk not in told:
            lead = case.matter.lead
            who = f"{lead.name} leads it" if lead else f"{case.lead_unit.agency.name} leads it"
            yield _contact_item(actor, case, f"{who} and has not recorded a contact in time")
    yield from _risk_items(actor)


def _open_cases(actor: Actor) -> Any:
    return (
        cases_visible_to(actor)
        .filter(status__in=OPEN_STATUSES, contact_due_on__isnull=False)
        .select_related("matter__lead", "lead_unit__agency")
        .order_by("contact_due_on", "id")
    )


def _contacts_due(actor: Actor) -> list[Case]:
    """Of the cases that she leads, or that her unit leads and nobody by name."""
    mine = Q(matter__lead=actor.user) | Q(
        matter__lead__isnull=True, lead_unit__in=[one for one in sight_of(actor).holders if one > 0]
    )
    return list(_open_cases(actor).filter(mine, contact_due_on__lte=actor.on + SOON)[:MOST_WORK])


def _contacts_missed(actor: Actor) -> list[Case]:
    """Of the hubs whose referrals she decides."""
    hubs = hubs_coordinated_by(actor)
    if not hubs:
        return []
    return list(_open_cases(actor).filter(hub__in=hubs, contact_due_on__lt=actor.on)[:MOST_WORK])


def _contact_item(actor: Actor, case: Case, why: str) -> WorkItem:
    matter = case.matter.public_id
    late = case.contact_due_on is not None and case.contact_due_on < actor.on
    return WorkItem(
        kind="contact",
        kind_words="Contacts with victims",
        title=case.matter.title,
        url=reverse("case", args=[matter]),
        why=f"The victim was to be contacted by then. {why}"
        if late
        else f"The victim is to be contacted. {why}",
        due_on=case.contact_due_on,
        step="Record contact",
        step_url=reverse("case-contact-choose", args=[matter]),
        reference=case.matter.reference,
        rank=2,
    )


def _risk_items(actor: Actor) -> Iterator[WorkItem]:
    mine = Q(owner=actor.user) | Q(
        owner__isnull=True, owner_unit__in=[one for one in sight_of(actor).holders if one > 0]
    )
    rows = (
        parts_readable_by(actor, Risk)
        .filter(
            mine,
            ended_on__isnull=True,
            review_on__lte=actor.on + SOON,
            case__status__in=OPEN_STATUSES,
        )
        .select_related("case__matter")
        .order_by("review_on", "id")[:MOST_WORK]
    )
    for row in rows:
        matter = row.case.matter
        yield WorkItem(
            kind="risk",
            kind_words="Risks to look at again",
            title=_short(row.words, 90),
            url=reverse("case-plan", args=[matter.public_id]),
            why=f"{row.get_severity_display()} risk in “{matter.title}”: is what is done against it enough?",
            due_on=row.review_on,
            step="Look at it",
            step_url=reverse("case-risk-edit", args=[matter.public_id, row.public_id]),
            reference=matter.reference,
            rank=3,
        )
