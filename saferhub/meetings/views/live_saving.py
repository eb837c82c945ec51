"""Saving an item of a running meeting: what of a form can be kept is kept, and words are kept as they are typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods, require_POST

from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings import access
from saferhub.meetings.forms.live import DECIDED, FIELD_OF, MarksForm, RecordForm
from saferhub.meetings.models import Item, Meeting
from saferhub.meetings.operations import live as operations
from saferhub.meetings.operations.live_recording import AGREED, Decided, agree_action, decide, decided_of
from saferhub.meetings.operations.live_risk import judge_risk
from saferhub.meetings.operations.live_words import keep_words
from saferhub.meetings.queries import live_item as of_item
from saferhub.meetings.queries import live_items as of_items
from saferhub.partnership.access import Actor

from .live import BOTH, BY_SCRIPT, SAVED_AT, actor_of, digest, draw_item, form_for, hour, to_item


@require_http_methods(BOTH)
def item(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """One item, whether or not it is spoken of: read what was returned, write, decide, agree actions, go on."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    found = access.get_item(actor, meeting, item_id)
    found.meeting = meeting
    access.check_can_record(actor, found)
    operations.check_recorded(meeting)
    if request.method == "POST":
        return _save(request, actor, meeting, found)
    return draw_item(request, actor, meeting, of_items.items_of(actor, meeting), found, form=None)


def _save(request: HttpRequest, actor: Actor, meeting: Meeting, found: Item) -> HttpResponse:
    """Keep whatever of the form can be kept: words first, then the decision, then the action. What is refused stands
    beside its field, with all that was typed."""
    items = of_items.items_of(actor, meeting)
    panel = of_item.panel(actor, meeting, found, "", [])
    data = request.POST.copy()
    form = form_for(actor, found, panel, data, {"decision": found.decision})
    form.is_valid()
    is_kept = _keep(actor, meeting, found, form, data)
    _decide(actor, meeting, found, form, data)
    is_agreed = _agree(actor, meeting, found, form, data)
    _judge(actor, meeting, found, form, data)
    if form.errors:
        found = access.get_item(actor, meeting, found.public_id)
        found.meeting = meeting
        saved = hour(clock.now()) if is_kept else ""
        return draw_item(request, actor, meeting, items, found, form=form, saved=saved)
    agreed = " The action is agreed." if is_agreed else ""
    messages.success(request, f"Saved at {hour(clock.now())}.{agreed}")
    if request.POST.get("do") == "next":
        return _go_on(request, actor, meeting, found)
    return to_item(meeting.public_id, found.public_id, "#action" if is_agreed else "#record")


def _go_on(request: HttpRequest, actor: Actor, meeting: Meeting, found: Item) -> HttpResponse:
    """To the next item. What was saved stands, whatever becomes of the meeting meanwhile."""
    call: dict[str, Any] = {
        "meeting_id": meeting.public_id,
        "item_id": found.public_id,
        "by": actor,
        "on": actor.on,
    }
    try:
        following = operations.go_on(**call)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return to_item(meeting.public_id, found.public_id)
    if not following:
        messages.info(request, "That was the last item.")
    return to_item(meeting.public_id, following)


def _beside(form: RecordForm, refusal: Refusal) -> None:
    """Put a refusal beside its field, or on top where it has none on this page. Nothing is raised here: what was kept
    of the form before would fall with it."""
    if isinstance(refusal, NotAllowed):
        form.refuse("words" if "words" in form.fields else None, refusal.sentence)
        return
    field = FIELD_OF.get(refusal.code)
    form.refuse(field if field in form.fields else None, refusal.sentence)


def _keep(actor: Actor, meeting: Meeting, found: Item, form: RecordForm, data: QueryDict) -> bool:
    """Keep the words, unless they stand as the page was drawn. Whether nothing of them is missing then."""
    if any(name in form.errors for name in ("text", "mark", "sequence", "continues", "base")):
        return False
    given = form.marks()
    if digest(given["text"]) == form.cleaned_data.get("text_was"):
        return True
    call: dict[str, Any] = {"meeting_id": meeting.public_id, "item_id": found.public_id, "by": actor}
    try:
        try:
            keep_words(**call, **given)
        except Refusal as refusal:
            if refusal.code not in ("came_late", "no_mark"):
                raise
            # Another window of hers is ahead under this mark: this text stands beside that one.
            given = {"text": given["text"], "mark": get_random_string(22), "sequence": 1}
            keep_words(**call, **given)
    except Refusal as refusal:
        _beside(form, refusal)
        return False
    # Should the page be drawn again, its next save is the one after this.
    data["mark"], data["continues"], data["base"] = given["mark"], "", "0"
    data["sequence"], data["text_was"] = str(given["sequence"] + 1), digest(given["text"])
    return True


def _decide(actor: Actor, meeting: Meeting, found: Item, form: RecordForm, data: QueryDict) -> None:
    given = form.decided()
    if given is None:
        return
    call: dict[str, Any] = {
        "meeting_id": meeting.public_id,
        "item_id": found.public_id,
        "by": actor,
        "on": actor.on,
    }
    try:
        changed = decide(**call, given=given, seen=form.cleaned_data.get("was") or "")
    except Refusal as refusal:
        if refusal.code == "changed_meanwhile":
            stands = decided_of(access.get_item(actor, meeting, found.public_id))
            form.refuse("decision", _meanwhile(actor, form, given, stands, data))
            return
        _beside(form, refusal)
        return
    data["was"] = decided_of(changed).mark


def _meanwhile(actor: Actor, form: RecordForm, given: Decided, stands: Decided, data: QueryDict) -> str:
    """What somebody else recorded since the page was drawn, in words. What she did not touch shows theirs from here
    on, so that her next save takes nothing of it away unseen."""
    drawn = form.cleaned_data.get("was") or ""
    touched, changed = given.differs(drawn), stands.differs(drawn)
    said = (
        of_items.decision_words(actor, stands.decision) or "no decision",
        f"reason: {stands.words.rstrip('.')}" if stands.words else "no reason",
        AGREED.get(stands.agreed, "agreement not asked"),
    )
    theirs = (stands.decision, stands.words, stands.agreed)
    for name, is_hers, value in zip(DECIDED, touched, theirs, strict=True):
        if not is_hers:
            data[name] = value
    data["was"] = stands.mark
    told = "; ".join(words for words, is_new in zip(said, changed, strict=True) if is_new)
    shown = any(is_new and not is_hers for is_new, is_hers in zip(changed, touched, strict=True))
    kept = " What you did not change shows theirs." if shown else ""
    return f"Somebody else recorded meanwhile: {told}.{kept} Save again if yours is right"


def _agree(actor: Actor, meeting: Meeting, found: Item, form: RecordForm, data: QueryDict) -> bool:
    given = form.action()
    if given is None:
        return False
    call: dict[str, Any] = {
        "meeting_id": meeting.public_id,
        "item_id": found.public_id,
        "by": actor,
        "on": actor.on,
    }
    try:
        agree_action(**call, **given, mark=form.cleaned_data.get("action_mark") or "")
    except Refusal as refusal:
        _beside(form, refusal)
        return False
    data["words"] = data["who"] = ""
    data["due_on"] = data.get("due_was", "")
    return True


def _judge(actor: Actor, meeting: Meeting, found: Item, form: RecordForm, data: QueryDict) -> None:
    given: dict[str, Any] | None = form.judged()
    if given is None:
        return
    call: dict[str, Any] = {
        "meeting_id": meeting.public_id,
        "item_id": found.public_id,
        "by": actor,
        "on": actor.on,
    }
    try:
        made = judge_risk(**call, **given)
    except Refusal as refusal:
        _beside(form, refusal)
        if refusal.code == "scored_meanwhile":
            panel = of_item.panel(actor, meeting, found, "", [])
            data["scored"] = panel.risk.scored.public_id if panel.risk is not None else ""
        return
    data["band"], data["band_why"], data["scored"] = "", "", made.public_id


@require_POST
def words(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Keep words as they are typed: 204 with the time they were kept, or 409 with a sentence and nothing changed.

    A form that was kept over the end of a session, and is sent from the page of such forms, goes on to the item.
    """
    actor = actor_of(request)
    form = MarksForm(request.POST)
    by_script = BY_SCRIPT in request.headers
    answer = HttpResponse(status=204)
    if not form.is_valid():
        # The item is asked for first: to whoever does not see it there is nothing that could be wrong.
        found = access.get_item(actor, access.get_meeting(actor, public_id), item_id)
        access.check_can_record(actor, found)
        answer = _said(
            409, " ".join(str(text) for errors in form.errors.values() for text in errors), "invalid"
        )
    else:
        try:
            keep_words(meeting_id=public_id, item_id=item_id, by=actor, **form.marks())
        except Refusal as refusal:
            if isinstance(refusal, NotAllowed):
                raise
            answer = _said(409, refusal.sentence, refusal.code)
        else:
            answer.headers[SAVED_AT] = hour(clock.now())
    if by_script:
        return answer
    if answer.status_code == 409:
        messages.warning(request, f"Not kept: {answer.content.decode()}")
    else:
        messages.success(request, f"Saved at {answer.headers[SAVED_AT]}.")
    return to_item(public_id, item_id)


def _said(status: int, sentence: str, code: str) -> HttpResponse:
    answer = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Saferhub-Why"] = code
    return answer
