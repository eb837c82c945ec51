"""Pages of the agenda: the agenda as each reader sees it, what is proposed, putting on, ordering, sending."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.access import get_case, get_referral
from saferhub.foundation.forms import Form
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.foundation.templatetags.words import count_words, list_words
from saferhub.meetings import access
from saferhub.meetings.forms.agenda import FIELD_OF, FindForm, LateForm, OrderForm, PutForm, SendForm
from saferhub.meetings.models import Item, ItemKind, Meeting, MeetingStatus
from saferhub.meetings.operations import items as operations
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.meetings.operations.sending import Sent, ask_agencies, open_item, send_agenda
from saferhub.meetings.queries import agenda as queries
from saferhub.meetings.queries import agenda_item as item_queries
from saferhub.meetings.queries.agenda_proposed import Proposal, key_of, proposal
from saferhub.meetings.queries.meeting_facts import kind_or_none
from saferhub.meetings.queries.sending import preview
from saferhub.meetings.rules.agenda import Line
from saferhub.partnership.access import Actor
from saferhub.people.access.search import matter_numbers
from saferhub.people.rules.search import reference_in

from .meeting_frame import MARKING, SECTION, frame

BOTH = ["GET", "HEAD", "POST"]
_ABOUT = {
    "case": [("case", "A case to look at"), ("closure", "A case to close")],
    "referral": [("referral", "A referral to decide")],
}
_OTHER = [("theme", "A theme or place"), ("other", "Other business")]
# Under which heading something stands unless the organiser chooses another, by what the heading takes.
_USUAL = {"referral": "referrals", "case": "cases_due", "closure": "closures", "theme": "themes"}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def to_agenda(meeting: Meeting) -> HttpResponse:
    return redirect("meeting-agenda", meeting.public_id)


def prepared(request: HttpRequest, public_id: str) -> tuple[Actor, Meeting]:
    """The meeting, for whoever prepares it. Raises Http404, NotAllowed; Refusal where its agenda is not open."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    if meeting.status not in operations.CHANGEABLE:
        raise Refusal(
            "agenda_closed",
            "The agenda of this meeting is not open for changes.",
            link=reverse("meeting-agenda", args=[public_id]),
            link_text="Go to the agenda",
        )
    return actor, meeting


@require_safe
def agenda(request: HttpRequest, public_id: str) -> HttpResponse:
    """The agenda: the first page of a meeting."""
    actor = actor_of(request)
    return draw_agenda(request, actor, access.get_meeting(actor, public_id), typed={})


def draw_agenda(
    request: HttpRequest,
    actor: Actor,
    meeting: Meeting,
    *,
    typed: Mapping[str, str],
    wrong: Collection[str] = (),
) -> HttpResponse:
    """The agenda. `typed`: places that were typed and are not put in, by public_id; they stand in their boxes.
    `wrong`: those among them that are no places."""
    record_sight("meetings.agenda_seen", meeting, by=actor)
    prepares = access.can_prepare(actor, meeting.group)
    found = queries.agenda_of(actor, meeting, prepares=prepares)
    changes = prepares and meeting.status in operations.CHANGEABLE
    last = queries.last_meeting(actor, meeting) if found.sections else None
    history = queries.history(actor, meeting) if prepares and found.sections else []
    lines = [(one.item.public_id, one.words, one.place) for one in found.lines]
    order_form = OrderForm(lines=lines, typed=typed, wrong=wrong) if changes else None
    return page(
        request,
        "meetings/agenda/agenda.html",
        agenda=found,
        shown=_with_places(found, order_form) if order_form is not None else _without_places(found),
        order_form=order_form,
        last=last,
        earlier=queries.earlier_actions(actor, meeting, last.on if last else None) if found.sections else [],
        history=history,
        off=queries.with_reasons(found.off, history),
        can_change=changes,
        is_planned=prepares and meeting.status == MeetingStatus.PLANNED,
        is_sent=meeting.status not in (MeetingStatus.PLANNED, MeetingStatus.PREPARING),
        earlier_kind=ItemKind.ACTIONS,
        last_codes=_taking(meeting, "last_minutes") if found.sections else (),
        **frame(actor, meeting, tab="agenda", buttons=_buttons(meeting, found, prepares=prepares)),
    )


Shown = list[tuple[queries.Section, list[tuple[queries.Line, Any]]]]


def _without_places(found: queries.Agenda) -> Shown:
    return [(section, [(line, None) for line in section.lines]) for section in found.sections]


def _with_places(found: queries.Agenda, form: OrderForm) -> Shown:
    """Each section with its lines and, beside each, the box in which its place is typed."""
    return [
        (section, [(line, form.box(line.item.public_id)) for line in section.lines])
        for section in found.sections
    ]


def _buttons(meeting: Meeting, found: queries.Agenda, *, prepares: bool) -> list[tuple[str, str]]:
    if not prepares or meeting.status not in operations.CHANGEABLE:
        return []
    one = [meeting.public_id]
    is_first = meeting.status == MeetingStatus.PREPARING
    sends = ("Send the agenda" if is_first else "Send again", reverse("agenda-send", args=one))
    proposes = ("See what is proposed", reverse("agenda-propose", args=one))
    adds = ("Add something", reverse("agenda-add", args=one))
    return [sends, proposes, adds] if found.count else [proposes, adds, sends]


@require_POST
def begin(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the agenda of a planned meeting, by one press; what is proposed comes next."""
    actor = actor_of(request)
    meeting = begin_preparing(meeting_id=public_id, by=actor, on=actor.on)
    messages.success(request, "The agenda is begun, with the items that every meeting has.")
    return redirect("agenda-propose", meeting.public_id)


@require_http_methods(BOTH)
def propose(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the agenda proposes by itself, each with its reason; one press puts on what is ticked."""
    actor, meeting = prepared(request, public_id)
    once = Once(request)
    if once.answer:
        return once.answer
    found = proposal(actor, meeting)
    is_late = operations.is_late(meeting, actor.on)
    data = request.POST if request.method == "POST" else None
    form: Form = LateForm(data) if is_late else Form(data)
    chosen = set(request.POST.getlist("chosen")) if data is not None else {key_of(one) for one in found.found}
    if form.is_bound and form.is_valid():
        wanted = [line for line in found.found if key_of(line) in chosen]
        if wanted:
            made = _put_proposed(meeting, wanted, form.cleaned_data.get("urgent_why", ""), actor)
            messages.success(request, f"{count_words(len(wanted), 'item')} put on the agenda.")
            kept_in = queries.kept_in(actor, meeting)
            kept = [one for one in made if one.pk in kept_in]
            if kept:
                messages.info(
                    request,
                    f"As before, not for everybody: {list_words([one.reference for one in kept])}.",
                )
            return once.done(redirect("meeting-agenda", public_id))
        messages.warning(request, "Tick at least one of what is proposed.")
    record_sight("meetings.agenda_proposed", meeting, by=actor)
    return page(
        request,
        "meetings/agenda/propose.html",
        proposal=found,
        headings=[
            (line, [(one, key_of(one), key_of(one) in chosen) for one in below])
            for line, below in _grouped(found)
        ],
        form=once.within(form),
        back_url=reverse("meeting-agenda", args=[public_id]),
        **frame(actor, meeting, tab="propose"),
    )


@transaction.atomic
def _put_proposed(meeting: Meeting, wanted: list[Line], urgent_why: str, actor: Actor) -> list[Item]:
    """Put all of these on, or none."""
    made = []
    for line in wanted:
        if line.candidate is not None:
            one = operations.put_on(
                meeting_id=meeting.public_id,
                kind=ItemKind(line.kind),
                why=line.candidate.why,
                matter_id=line.candidate.matter,
                title=line.candidate.title if not line.candidate.matter else "",
                brief=line.candidate.brief,
                under=line.standing.code,
                minutes=line.minutes,
                urgent_why=urgent_why,
                by=actor,
                on=actor.on,
            )
            made.append(one)
    return made


def _grouped(found: Proposal) -> list[tuple[Line, list[Line]]]:
    """The headings of a proposal, each with what is proposed under it; those that take nothing are left out."""
    groups: list[tuple[Line, list[Line]]] = []
    for line in found.lines:
        if line.candidate is None:
            groups.append((line, []))
        else:
            groups[-1][1].append(line)
    return [(line, below) for line, below in groups if below]


@require_safe
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Find a case or referral to put on, by reference or words; or add something that is neither."""
    actor, meeting = prepared(request, public_id)
    form = FindForm(request.GET if "q" in request.GET else None)
    found = None
    if form.is_bound and form.is_valid():
        words = form.cleaned_data["q"]
        # A reference is found however it is written: "sel 7k3m q2" is SEL-7K3M-Q2.
        found = item_queries.found_to_put(actor, meeting, matter_numbers(reference_in(words) or words))
    return page(
        request,
        "meetings/agenda/add.html",
        form=form,
        found=found,
        meeting=meeting,
        back_url=reverse("meeting-agenda", args=[public_id]),
        section=SECTION,
        marking=MARKING,
    )


@require_http_methods(BOTH)
def put(request: HttpRequest, public_id: str, matter_id: str = "") -> HttpResponse:
    """Put one case or referral on the agenda; without a matter, a theme or other business."""
    actor, meeting = prepared(request, public_id)
    once = Once(request)
    if once.answer:
        return once.answer
    matter, about = _held(actor, matter_id) if matter_id else (None, "")
    items = list(access.parts_readable_by(actor, Item).filter(meeting=meeting).order_by("order", "id"))
    kinds = _ABOUT[about] if about else _OTHER
    people, named = item_queries.people_to_name(actor, matter) if matter is not None else (None, [])
    form = PutForm(
        request.POST if request.method == "POST" else None,
        kinds=kinds,
        headings=queries.headings_of(items),
        people=people,
        is_late=operations.is_late(meeting, actor.on),
        initial={"kind": kinds[0][0], "people": named, "minutes": 4, "under": _usual(meeting, kinds[0][0])},
    )
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        given["kind"] = ItemKind(given["kind"])
        if people is not None:
            given["people"] = given.get("people", [])
        try:
            made = operations.put_on(
                meeting_id=public_id, matter_id=matter_id, **given, by=actor, on=actor.on
            )
        except Refusal as refusal:
            place(form, refusal)
        else:
            messages.success(request, f"{made.reference or made.title} is on the agenda.")
            kept = item_queries.kept_on(actor, made)
            if kept:
                whom = list_words([one.whom for one in kept])
                messages.info(request, f"As at the last meeting it is kept from {whom}.")
            if meeting.status == MeetingStatus.RUNNING:
                open_item(meeting_id=public_id, item_id=made.public_id, by=actor, on=actor.on)
                messages.success(request, "Those at the table see it.")
            return once.done(redirect("meeting-agenda", public_id))
    return page(
        request,
        "meetings/agenda/put.html",
        form=once.within(form),
        matter=matter,
        meeting=meeting,
        back_url=reverse("agenda-add", args=[public_id]),
        section=SECTION,
        marking=MARKING,
    )


def _held(actor: Actor, matter_id: str) -> tuple[Any, str]:
    try:
        return get_case(actor, matter_id).matter, "case"
    except Http404:
        return get_referral(actor, matter_id).matter, "referral"


def _taking(meeting: Meeting, takes: str) -> tuple[str, ...]:
    """The codes of the standing items that take this, as the packs say on the day of the meeting."""
    kind = kind_or_none(meeting.group, meeting.on)
    return tuple(one.id for one in kind.standing_items if one.takes == takes) if kind is not None else ()


def _usual(meeting: Meeting, kind: str) -> str:
    """The heading under which such an item stands, where the kind of meeting has one."""
    found = _taking(meeting, _USUAL.get(kind, "nothing"))
    return found[-1] if found else ""


def place(form: Any, refusal: Refusal, fields: dict[str, str] | None = None) -> None:
    """Put a refusal beside the field it is about, or raise it."""
    field = (fields or FIELD_OF).get(refusal.code)
    if refusal.status != 409 or field not in form.fields:
        raise refusal
    form.refuse(field, refusal.sentence)


@require_http_methods(BOTH)
def send(request: HttpRequest, public_id: str) -> HttpResponse:
    """What each agency will see, before it is sent; then send."""
    actor, meeting = prepared(request, public_id)
    once = Once(request)
    if once.answer:
        return once.answer
    if request.method == "POST":
        try:
            sent = send_agenda(meeting_id=public_id, seen=request.POST.get("seen", ""), by=actor, on=actor.on)
        except Conflict as conflict:
            messages.info(request, conflict.sentence)
            return redirect("agenda-send", public_id)
        messages.success(request, f"The agenda is sent. {_said(sent)}")
        return once.done(redirect("meeting-agenda", public_id))
    return _preview(request, actor, meeting, once, asks=False)


@require_http_methods(BOTH)
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask agencies before the agenda is sent: who will be asked about what; then ask."""
    actor, meeting = prepared(request, public_id)
    once = Once(request)
    if once.answer:
        return once.answer
    if request.method == "POST":
        try:
            sent = ask_agencies(
                meeting_id=public_id, seen=request.POST.get("seen", ""), by=actor, on=actor.on
            )
        except Conflict as conflict:
            messages.info(request, conflict.sentence)
            return redirect("agenda-ask", public_id)
        messages.success(request, f"Asked. {_said(sent)}")
        return once.done(redirect("meeting-asks", public_id))
    return _preview(request, actor, meeting, once, asks=True)


def _said(sent: Sent) -> str:
    agencies, mails = count_words(len(sent.sees), "agency", "agencies"), count_words(sent.mails, "mail")
    said = f"{agencies} can see it, {mails} on the way."
    if sent.asked:
        said += f" {count_words(sent.asked, 'answer')} asked for."
    return said


def _preview(request: HttpRequest, actor: Actor, meeting: Meeting, once: Once, *, asks: bool) -> HttpResponse:
    found = preview(actor, meeting)
    # As `ask_of` will ask for it: on the cut-off, or today where that has passed.
    due = max(operations.cut_offs(meeting).answers, actor.on)
    one = [meeting.public_id]
    return page(
        request,
        "meetings/agenda/send.html",
        preview=found,
        asks=asks,
        action=reverse("agenda-ask" if asks else "agenda-send", args=one),
        answers_due=due,
        is_due_today=due == actor.on,
        form=once.within(SendForm(initial={"seen": found.seen_asks if asks else found.seen})),
        back_url=reverse("meeting-asks" if asks else "meeting-agenda", args=one),
        **frame(actor, meeting, tab="send"),
    )
