"""One item as those see it who record it: what agencies returned, what became of it before, what is written on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.casework.access import actions_visible_to, check_can_manage, get_case
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.models import OPEN_ACTIONS, Action, Case
from saferhub.casework.operations.actions import Owner, owners_of
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.queries.actions import Row, row_of
from saferhub.casework.queries.case_facts import assessments_of
from saferhub.foundation.refusals import allows
from saferhub.meetings import access
from saferhub.meetings.models import (
    Answered,
    Ask,
    Attendance,
    Item,
    ItemAction,
    ItemKind,
    ItemStatus,
    Meeting,
    MeetingStatus,
    Words,
)
from saferhub.partnership.access import Actor
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Matter

from .agenda_item import InItem, people_on
from .live_items import decision_words
from .live_named import StaffWarning, warnings_of
from .live_people import GUEST, Kept, kept_from, kept_words, leaving, name_of
from .live_risk import Risk, risk_of
from .meeting_facts import kind_or_none
from .table import unit_name

MOST_PAST = 12
QUIET = ("nothing", "silent")


@dataclass(frozen=True, slots=True)
class Returned:
    """What one agency was asked and returned. `tone`: shared, nothing, ask, declined or silent."""

    agency: str
    about: str
    asked: str
    tone: str
    words: str
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Words of a minute-taker, as others read them."""

    author: str
    row: Words
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """What an earlier meeting decided on the same matter."""

    on: date
    decision: str
    words: str


@dataclass(frozen=True)
class Panel:
    """Everything an item's page shows beside its form. `case`: None where it is about none, or the reader sees none."""

    item: Item
    number: str
    matter: Matter | None = None
    returned: list[Returned] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    must_leave: list[str] = field(default_factory=list)
    guests: list[str] = field(default_factory=list)
    named: list[InItem] = field(default_factory=list)
    warnings: list[StaffWarning] = field(default_factory=list)
    case: Case | None = None
    scores: str = ""
    past: list[Row] = field(default_factory=list)
    agreed: list[Row] = field(default_factory=list)
    before: Spoken | None = None
    matter_url: str = ""
    score_url: str = ""
    risk: Risk | None = None
    last: Meeting | None = None
    is_running: bool = False
    can_refer: bool = False

    @property
    def answered(self) -> list[Returned]:
        """What was returned and is to be read."""
        return [one for one in self.returned if one.tone not in QUIET]

    @property
    def quiet(self) -> list[tuple[str, str, list[str]]]:
        """Who holds nothing and who is silent, each in one line: tone, words, agencies. Silence stands first."""
        found: dict[tuple[str, str], list[str]] = {}
        for one in self.returned:
            if one.tone in QUIET:
                who = f"{one.agency} (about {one.about})" if one.about else one.agency
                found.setdefault((one.tone, one.words), []).append(who)
        return [(tone, words, who) for (tone, words), who in sorted(found.items(), reverse=True)]

    @property
    def open_past(self) -> list[Row]:
        return [one for one in self.past if one.action.status in OPEN_ACTIONS]

    @property
    def ended_past(self) -> list[Row]:
        return [one for one in self.past if one.action.status not in OPEN_ACTIONS]

    @property
    def ended_words(self) -> str:
        return f"{len(self.ended_past)} that ended"

    @property
    def can_agree(self) -> bool:
        return self.case is not None and self.case.is_open and bool(self.score_url)

    @property
    def shown_warnings(self) -> list[StaffWarning]:
        """Risks to staff that stand in what the item itself names: the room may read them."""
        return [one for one in self.warnings if one.is_named_here]


def panel(
    actor: Actor, meeting: Meeting, item: Item, number: str, attendances: Sequence[Attendance]
) -> Panel:
    """The item as this reader sees it. About twenty queries where it is about a case, six else."""
    kept = kept_from(actor, item)
    named = people_on(actor, item) if item.matter_id is not None else []
    matter = matter_of(actor, item)
    case = _case(actor, item, matter)
    agreed = agreed_at(actor, item)
    past = _earlier(actor, meeting) if item.kind == ItemKind.ACTIONS else _past(actor, case, agreed)
    runs = case is not None and allows(check_can_manage, actor, case)
    return Panel(
        item=item,
        number=number,
        matter=matter,
        returned=returned(actor, item),
        kept=kept_words(kept),
        must_leave=leaving(actor, attendances, kept) if kept else [],
        guests=[
            f"{name_of(one)}, {one.agency.name}"
            for one in attendances
            if one.seat == GUEST and one.folder_id == item.folder_id
        ],
        named=named,
        warnings=warnings_of(actor, named),
        case=case,
        scores=_scores(actor, case) if case is not None else "",
        past=past,
        agreed=[row_of(one, actor.on) for one in agreed],
        before=_before(actor, meeting, item),
        matter_url=_matter_url(item, matter),
        score_url=reverse("case-score", args=[case.matter.public_id]) if case is not None and runs else "",
        risk=risk_of(actor, case),
        last=_last(actor, meeting, item),
        is_running=meeting.status == MeetingStatus.RUNNING,
        can_refer=item.matter_id is None and allows(check_can_refer, actor),
    )


def _last(actor: Actor, meeting: Meeting, item: Item) -> Meeting | None:
    """The meeting whose minutes this item is to agree; None for any other item. One query at most."""
    kind = kind_or_none(meeting.group, meeting.on) if item.code else None
    if kind is None or not any(
        one.id == item.code and one.takes == "last_minutes" for one in kind.standing_items
    ):
        return None
    return (
        access.meetings_visible_to(actor)
        .filter(
            group=meeting.group_id,
            on__lt=meeting.on,
            status__in=[MeetingStatus.DRAFT, MeetingStatus.APPROVED],
        )
        .order_by("-on", "-id")
        .first()
    )


def matter_of(actor: Actor, item: Item) -> Matter | None:
    """The case or referral that an item is about, as far as she sees it: whoever sees an item may not see the matter.
    One query."""
    if item.matter_id is None:
        return None
    return matters_visible_to(actor).filter(pk=item.matter_id).first()


def _case(actor: Actor, item: Item, matter: Matter | None) -> Case | None:
    if matter is None or item.kind not in (ItemKind.CASE, ItemKind.CLOSURE):
        return None
    try:
        return get_case(actor, matter.public_id)
    except Http404:
        return None


def _matter_url(item: Item, matter: Matter | None) -> str:
    if matter is None:
        return ""
    return reverse("referral" if item.kind == ItemKind.REFERRAL else "case", args=[matter.public_id])


_TONES = {"": "silent", Answered.NOTHING: "nothing", Answered.SHARED: "shared", Answered.ASK_ME: "ask",
          Answered.DECLINED: "declined"}  # fmt: skip


def returned(actor: Actor, item: Item) -> list[Returned]:
    """What each agency was asked about it and returned, by agency; silence among it. One query."""
    rows = (
        access.parts_readable_by(actor, Ask)
        .filter(item=item)
        .select_related("unit__agency", "person")
        .order_by("agency__name", "id")
    )
    return [
        Returned(
            agency=unit_name(one.unit),
            about=one.person.name if one.person is not None else "",
            asked=one.words,
            tone=_TONES.get(one.answer, "silent"),
            words=_said(one, actor.on),
            due_on=one.due_on,
            is_late=one.due_on < actor.on,
        )
        for one in rows
    ]


def _said(ask: Ask, on: date) -> str:
    if not ask.answer:
        said = "Not answered" if ask.due_on < on else "No answer yet"
        return f"{said}, reminded" if ask.reminded_on else said
    if ask.answer == Answered.DECLINED:
        return f"Declined: {ask.declined_why}"
    if ask.answer == Answered.ASK_ME:
        return f"Held: ask them. {ask.answer_words}".strip()
    return ask.answer_words or str(Answered(ask.answer).label)


def agreed_at(actor: Actor, item: Item) -> list[Action]:
    """The actions agreed at an item, as far as she sees them. Two queries, one where there is none."""
    rows = access.parts_readable_by(actor, ItemAction).filter(item=item).order_by("id")
    return _actions(actor, list(rows.values_list("action", flat=True)))


def _actions(actor: Actor, identifiers: Sequence[str]) -> list[Action]:
    if not identifiers:
        return []
    rows = (
        actions_visible_to(actor)
        .filter(public_id__in=identifiers)
        .select_related("owner_unit__agency", "owner")
    )
    return sorted(rows, key=lambda one: identifiers.index(one.public_id))


def _past(actor: Actor, case: Case | None, agreed: Sequence[Action]) -> list[Row]:
    """The case's actions before this meeting: the open ones, then those that ended last. One query."""
    if case is None:
        return []
    here = {one.pk for one in agreed}
    rows = (
        actions_visible_to(actor)
        .filter(case=case)
        .select_related("owner_unit__agency", "owner")
        .order_by("-due_on", "-id")[: MOST_PAST * 2]
    )
    found = [one for one in rows if one.pk not in here]
    found.sort(key=lambda one: (one.status not in OPEN_ACTIONS, one.due_on))
    return [row_of(one, actor.on) for one in found[:MOST_PAST]]


def _earlier(actor: Actor, meeting: Meeting) -> list[Row]:
    """The actions that earlier meetings of the group agreed and that are open, and all of the last one's. Three
    queries."""
    rows = list(
        access.parts_readable_by(actor, ItemAction)
        .filter(item__meeting__group=meeting.group_id, item__meeting__on__lt=meeting.on)
        .order_by("-item__meeting__on", "id")
        .values_list("action", "item__meeting")[:400]
    )
    last = rows[0][1] if rows else None
    found = _actions(actor, [one for one, _ in rows])
    of_last = {one for one, number in rows if number == last}
    shown = [one for one in found if one.status in OPEN_ACTIONS or one.public_id in of_last]
    shown.sort(key=lambda one: (one.status not in OPEN_ACTIONS, one.due_on))
    return [row_of(one, actor.on) for one in shown]


def _scores(actor: Actor, case: Case) -> str:
    """The newest scores that compare: "14, 21, 24 of 41"."""
    made = [one for one in assessments_of(actor, case) if one.is_complete and one.person_id is None]
    if not made:
        return ""
    form = read(made[-1].instrument_version)
    same = [
        one
        for one in made
        if one.instrument_version.instrument_id == made[-1].instrument_version.instrument_id
    ]
    shown = ", ".join(str(one.score) for one in same[-4:] if one.score is not None)
    return f"{shown} of {form.most}" if shown and form.most else shown


def _before(actor: Actor, meeting: Meeting, item: Item) -> Spoken | None:
    """What the last earlier meeting that spoke of the same matter decided. One query."""
    if item.matter_id is None:
        return None
    found = (
        access.parts_readable_by(actor, Item)
        .filter(matter=item.matter_id, status=ItemStatus.DONE, meeting__on__lt=meeting.on)
        .exclude(decision="")
        .select_related("meeting")
        .order_by("-meeting__on", "-id")
        .first()
    )
    if found is None:
        return None
    return Spoken(found.meeting.on, decision_words(actor, found.decision), found.decision_words)


def written_on(actor: Actor, item: Item) -> list[Written]:
    """What everybody wrote on an item, the earliest first. One query."""
    rows = (
        access.parts_readable_by(actor, Words)
        .filter(item=item)
        .exclude(text="")
        .select_related("author")
        .order_by("began_at", "id")
    )
    mine = actor.user.pk if actor.user is not None else 0
    return [Written(_name(one.author, mine), one, one.author_id == mine) for one in rows]


def _name(author: User, mine: int) -> str:
    return "You, before" if author.pk == mine else author.name


def own_and_others(actor: Actor, item: Item) -> tuple[Words | None, list[Written]]:
    """The row that the reader goes on with, her newest, and everything else that is written."""
    rows = written_on(actor, item)
    own = max((one.row for one in rows if one.is_mine), key=lambda row: (row.at, row.pk), default=None)
    return own, [one for one in rows if own is None or one.row.pk != own.pk]


def owners_on_offer(panel: Panel) -> list[Owner]:
    """Who can be given an action of the item's case; nobody where none can be agreed. About nine queries."""
    return owners_of(panel.case) if panel.case is not None and panel.can_agree else []
