"""The Minutes page of a meeting, its parts, approval, corrections, and minutes for somebody outside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings import access
from saferhub.meetings.forms.minutes import FIELD_OF, ApproveForm, CorrectForm, GiveForm, PartForm
from saferhub.meetings.models import Meeting, MinutesPart
from saferhub.meetings.operations import minutes as operations
from saferhub.meetings.operations import minutes_given as giving
from saferhub.meetings.operations.copies import MINUTES, PaperStopped
from saferhub.meetings.operations.minutes_told import tell_that_minutes_are_out
from saferhub.meetings.queries import minutes_copy
from saferhub.meetings.queries import minutes_page as queries
from saferhub.meetings.queries.minutes_given import agencies_to_choose, findings_of
from saferhub.meetings.queries.minutes_writers import others_who_approve, written_by
from saferhub.meetings.rules import minutes as rules
from saferhub.partnership.access import Actor
from saferhub.publication.drawing.files import FORMATS, file_of
from saferhub.publication.models import VersionStatus
from saferhub.publication.rules.numbering import number
from saferhub.releases.forms.letters import FIELD_OF as RELEASE_FIELD_OF
from saferhub.releases.operations.release import Reasons, Recipient, ReleaseRefused
from saferhub.releases.queries.letters import agreement_chosen, release_choices
from saferhub.sharing.edits import edit as edit_page

from .meeting_frame import MARKING, SECTION, frame

BOTH = ["GET", "HEAD", "POST"]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def _back(meeting: Meeting) -> str:
    return reverse("meeting-minutes", args=[meeting.public_id])


def _caption(meeting: Meeting) -> str:
    return f"{meeting.group.name}, {meeting.on:%-d %B %Y}"


@require_safe
def minutes(request: HttpRequest, public_id: str) -> HttpResponse:
    """How the minutes stand, and where they are read, changed, approved and taken away."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    stand = queries.stand_of(actor, meeting)
    record_sight("meetings.minutes_seen", meeting, by=actor)
    return page(request, "meetings/minutes/minutes.html", stand=stand, **frame(actor, meeting, tab="minutes"))


@require_POST
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draft what has no part yet, and take in what was recorded since."""
    actor = actor_of(request)
    made = operations.draft_minutes(meeting_id=public_id, by=actor, on=actor.on)
    if made:
        messages.success(request, "The draft holds everything that was recorded.")
    else:
        messages.info(request, "The draft held everything already.")
    return redirect("meeting-minutes", public_id)


def _part(request: HttpRequest, public_id: str, part_id: str) -> tuple[Actor, Meeting, MinutesPart]:
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    return actor, meeting, operations.get_part(actor, meeting, part_id)


@require_safe
def part(request: HttpRequest, public_id: str, part_id: str) -> HttpResponse:
    """What each minute-taker typed for a part, and every version of it."""
    actor, meeting, found = _part(request, public_id, part_id)
    operations.check_can_write(actor, found)
    record_sight("meetings.minutes_part_seen", found, by=actor)
    return page(
        request,
        "meetings/minutes/part.html",
        section=SECTION,
        marking=MARKING,
        meeting=meeting,
        caption=_caption(meeting),
        history=queries.history_of(actor, meeting, found),
        back_url=_back(meeting),
    )


def _headings(found: MinutesPart) -> list[tuple[str, str]]:
    headings = rules.headings_of(found.document())
    return [(name, headings[name.removeprefix("text_")]) for name in operations.values_of(found)]


@require_http_methods(BOTH)
def edit(request: HttpRequest, public_id: str, part_id: str) -> HttpResponse:
    """Change what was said in a draft; the second of two editors is shown both versions."""
    actor, meeting, found = _part(request, public_id, part_id)
    operations.check_can_write(actor, found)
    if found.status != VersionStatus.DRAFT:
        raise Refusal("not_a_draft", "These minutes are approved. Correct them instead.")

    def done(made: MinutesPart) -> HttpResponse:
        messages.success(request, "The minutes are saved.")
        return redirect("meeting-minutes", meeting.public_id)

    return edit_page(
        request,
        load=lambda: operations.get_part(actor, meeting, part_id),
        values_of=operations.values_of,
        form_class=PartForm,
        form_options={"headings": _headings(found)},
        save=lambda values, seen: operations.edit_part(
            meeting_id=public_id, part_id=part_id, values=values, seen=seen, by=actor
        ),
        done=done,
        template="meetings/minutes/edit.html",
        back_url=_back(meeting),
        section=SECTION,
        marking=MARKING,
        meeting=meeting,
        caption=_caption(meeting),
        history_url=reverse("meeting-minutes-part", args=[public_id, part_id]),
    )


@require_http_methods(BOTH)
def correct(request: HttpRequest, public_id: str, part_id: str) -> HttpResponse:
    """Put approved minutes right: a new version with a notice, which the chair approves."""
    actor, meeting, found = _part(request, public_id, part_id)
    operations.check_can_write(actor, found)
    if found.status != VersionStatus.PUBLISHED:
        raise Refusal("not_published", "Only approved minutes that are in force are corrected.")
    once = Once(request)
    if once.answer:
        return once.answer
    form = CorrectForm(
        request.POST if request.method == "POST" else None,
        headings=_headings(found),
        initial={**operations.values_of(found), "seen": found.content_hash},
    )
    if form.is_bound and form.is_valid():
        try:
            operations.correct_part(
                meeting_id=public_id,
                part_id=part_id,
                values=form.texts(),
                notice=form.cleaned_data["notice"],
                seen=form.cleaned_data["seen"],
                by=actor,
            )
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.code)
            if field is None:
                raise
            form.refuse(field, refusal.sentence)
        else:
            messages.success(request, "The correction is drafted. It counts once the chair has approved it.")
            return once.done(redirect("meeting-minutes", public_id))
    return page(
        request,
        "meetings/minutes/correct.html",
        section=SECTION,
        marking=MARKING,
        meeting=meeting,
        caption=_caption(meeting),
        form=once.within(form),
        back_url=_back(meeting),
    )


@require_http_methods(BOTH)
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read what waits, and approve it as it was read."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_approve(actor, meeting.group)
    drafts = operations.waiting(actor, meeting)
    if request.method != "POST" and not drafts:
        raise Refusal(
            "nothing_waits",
            "No minutes wait for your approval.",
            link=_back(meeting),
            link_text="The minutes",
        )
    own = written_by(actor, drafts)
    first = {"seen": operations.mark_of(drafts)}
    form = ApproveForm(request.POST if request.method == "POST" else None, own=bool(own), initial=first)
    stopped: tuple[Any, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            done = operations.approve_minutes(
                meeting_id=public_id,
                seen=form.cleaned_data["seen"],
                why=form.cleaned_data.get("why", ""),
                by=actor,
                on=actor.on,
            )
        except PaperStopped as refusal:
            stopped = refusal.findings
            form = ApproveForm(own=bool(own), initial={**first, "why": form.cleaned_data.get("why", "")})
        except Conflict as refusal:
            messages.info(request, refusal.sentence)
            return redirect("meeting-minutes-approve", public_id)
        else:
            tell_that_minutes_are_out(meeting_id=public_id, parts=done, by=actor)
            messages.success(request, "The minutes are approved and frozen. Those concerned get a mail.")
            return redirect("meeting-minutes", public_id)
    copy = minutes_copy.copy_of(actor, meeting, in_hand=True)
    if copy is None:
        raise Http404
    record_sight("meetings.minutes_seen", meeting, by=actor)
    return page(
        request,
        "meetings/minutes/approve.html",
        status=409 if stopped else 200,
        section=SECTION,
        marking=MARKING,
        meeting=meeting,
        form=form,
        findings=stopped,
        own=own,
        others=others_who_approve(actor, meeting) if own else [],
        document=number(copy.document),
        back_url=_back(meeting),
    )


# --- Somebody outside -------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def give(request: HttpRequest, public_id: str, part_id: str) -> HttpResponse:
    """Say to whom the minutes of one item go and on what that rests; or be told where they may not."""
    actor = actor_of(request)
    extract = giving.extract_to_give(actor, public_id, part_id)
    once = Once(request)
    if once.answer:
        return once.answer
    findings = findings_of(actor, extract)
    stopped: tuple[Any, ...] = ()
    form = GiveForm(
        request.POST if request.method == "POST" else None,
        choices=release_choices(actor, extract.matter),
        agencies=agencies_to_choose(actor),
        findings=findings,
        initial={"seen": extract.part.content_hash, "purpose": extract.matter.purpose},
    )
    if form.is_bound and form.is_valid():
        try:
            made = _given(form, actor, public_id, part_id, extract)
        except ReleaseRefused as refusal:
            stopped = refusal.findings
            form.refuse_found(refusal.findings, refusal.sentence)
        except Refusal as refusal:
            field = RELEASE_FIELD_OF.get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            messages.success(request, "It may leave now. Print it or save it, and give it to nobody else.")
            return once.done(redirect("meeting-minutes-given", public_id, made.public_id))
    return page(
        request,
        "meetings/minutes/give.html",
        status=409 if stopped else 200,
        section=SECTION,
        marking=MARKING,
        meeting=extract.meeting,
        item=extract.item,
        form=once.within(form),
        findings=stopped or findings,
        read_url=f"{reverse('meeting-paper', args=[public_id, MINUTES])}#{rules.anchor_of(extract.item.public_id)}",
        back_url=_back(extract.meeting),
    )


def _given(form: GiveForm, actor: Actor, public_id: str, part_id: str, extract: giving.Extract) -> Any:
    values = form.cleaned_data
    agency = agencies_to_choose(actor, values["agency"]) if form.is_for_agency() else None
    return giving.give_extract(
        meeting_id=public_id,
        part_id=part_id,
        recipient=Recipient(agency.name, agency=agency)
        if agency is not None
        else Recipient(values["recipient"]),
        reasons=Reasons(
            values["purpose"],
            values["gateway"],
            values["necessity"],
            agreement_chosen(extract.matter, values.get("agreement") or ""),
        ),
        data_items=tuple(values.get("data_items") or ()),
        overrides=form.overrides(),
        by=actor,
    )


@require_safe
def given(request: HttpRequest, public_id: str, disclosure_id: str) -> HttpResponse:
    """What was given, as it is printed."""
    extract, _, document = giving.given(actor_of(request), public_id, disclosure_id)
    return page(
        request,
        "meetings/minutes/paper.html",
        section=SECTION,
        marking=document.marking,
        document=number(document),
        title=document.title,
        files=[
            (reverse("meeting-minutes-given-file", args=[public_id, disclosure_id, code]), one.words)
            for code, one in FORMATS.items()
        ],
        back_url=_back(extract.meeting),
        back_words="The minutes",
    )


@require_safe
def given_file(request: HttpRequest, public_id: str, disclosure_id: str, ending: str) -> HttpResponse:
    """What was given, as a Word file or a PDF."""
    if ending not in FORMATS:
        raise Http404
    _, _, document = giving.given(actor_of(request), public_id, disclosure_id)
    made = file_of(document, ending)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.name)
    return answer
