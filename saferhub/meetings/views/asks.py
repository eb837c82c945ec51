"""What is asked before a meeting: one page for each agency, answered in one form of many rows; and who has answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms import Form
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.foundation.templatetags.words import count_words
from saferhub.meetings import access
from saferhub.meetings.forms.asks import FIELD_OF, MEANINGS, AnswerForm
from saferhub.meetings.models import Answered, Meeting
from saferhub.meetings.operations import asking as operations
from saferhub.meetings.operations.items import CHANGEABLE
from saferhub.meetings.queries import asks as queries
from saferhub.meetings.queries.grounds import asked_on
from saferhub.meetings.queries.meeting_facts import cut_offs_of
from saferhub.partnership.access import Actor

from .agenda import BOTH, actor_of
from .meeting_frame import MARKING, SECTION, frame

_MEANWHILE = (
    "{who} answered this while you were writing: {now}. Look at what you wrote and save it once more to put it in its "
    "place, or take what you wrote away."
)
_NOT_TAKEN_BACK = (
    "{who} answered this after you opened the page: {now}. It is not taken back. If it should be, press “Take back” "
    "once more."
)
_BEGUN = "The meeting has begun. Say it there; the minutes will hold it."
_BEGUN_MEANWHILE = (
    "The meeting has begun, so what you wrote is not saved. It stands below: say it in the meeting; the minutes will "
    "hold it."
)


@require_http_methods(BOTH)
def asks(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything that her unit is asked for this meeting, and its answers. Each row is saved by itself: where one is
    refused the others are kept, and nothing typed is lost. Whoever prepares the meeting sees who has answered."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    found = queries.asked_of(actor, meeting)
    is_open = meeting.status in operations.OPEN
    forms = _forms(found, request.POST if request.method == "POST" else None)
    unsaved: dict[str, Unsaved] = {}
    if request.method == "POST" and not is_open:
        unsaved = _unsaved(found, forms)
        if not unsaved:
            raise Refusal("meeting_begun", _BEGUN)
        messages.error(request, _BEGUN_MEANWHILE)
    elif request.method == "POST":
        saved, wrong = _save(request, actor, meeting, found, forms)
        if saved:
            messages.success(request, f"{count_words(len(saved), 'answer')} saved.")
        if not wrong:
            if not saved:
                messages.info(request, "Nothing was changed.")
            to_rest = "rest" in request.POST
            return redirect("asks-rest" if to_rest else "meeting-asks", public_id)
        messages.error(
            request,
            f"{count_words(wrong, 'answer is', 'answers are')} not saved. Look at what is marked below.",
        )
        # A row that is saved shows what is kept from then on; one that is not shows what was typed.
        found = queries.asked_of(actor, meeting)
        forms |= _forms([one for one in found if one.ask.public_id in saved], None)
    record_sight("meetings.asks_seen", meeting, by=actor)
    prepares = access.can_prepare(actor, meeting.group)
    waiting = [one for one in found if not one.ask.answer]
    days_due = {one.ask.due_on for one in waiting}
    cut_offs = cut_offs_of(meeting)
    rows = [(one, forms[key], unsaved.get(key)) for one in found if (key := one.ask.public_id) in forms]
    return page(
        request,
        "meetings/asks/asks.html",
        status=409 if unsaved else 200,
        rows=rows,
        row_forms=[form for _, form, _ in rows] if is_open else [],
        waiting=len(waiting),
        first_waiting=waiting[0].ask.public_id if waiting and len(waiting) < len(found) else "",
        due_on=days_due.pop() if len(days_due) == 1 else None,
        meanings=MEANINGS,
        grounds=asked_on(actor, {one.item.folder_id: one.item.reference for one in found}),
        is_open=is_open,
        has_errors=bool(unsaved) or any(form.errors for form in forms.values()),
        board=queries.board_of(actor, meeting) if prepares else None,
        can_ask=prepares and meeting.status in CHANGEABLE,
        ask_by=cut_offs.asks if cut_offs is not None and cut_offs.asks >= actor.on else None,
        **frame(actor, meeting, tab="asks"),
    )


def _forms(found: list[queries.Asked], data: Any) -> dict[str, AnswerForm]:
    """One form for each thing asked, named after it. What was not on the page that was sent is not bound."""
    forms = {}
    for one in found:
        prefix = one.ask.public_id
        bound = data if data is not None and f"{prefix}-seen" in data else None
        forms[prefix] = AnswerForm(
            bound,
            prefix=prefix,
            about=one.item.reference,
            initial={**operations.values_of(one.ask), "seen": str(one.ask.version)},
        )
    return forms


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was written in a row and could not be saved any more."""

    answer: str
    words: tuple[str, ...]


def _unsaved(found: list[queries.Asked], forms: dict[str, AnswerForm]) -> dict[str, Unsaved]:
    """What was written in each row that was changed, by its key."""
    labels = {str(value): str(label) for value, label in Answered.choices}
    written = {}
    for one in found:
        form = forms[one.ask.public_id]
        if form.is_bound and _is_changed(form, one):
            texts = (str(form[name].data or "").strip() for name in ("words", "why"))
            written[one.ask.public_id] = Unsaved(
                labels.get(str(form["answer"].data or ""), ""), tuple(text for text in texts if text)
            )
    return written


def _save(
    request: HttpRequest,
    actor: Actor,
    meeting: Meeting,
    found: list[queries.Asked],
    forms: dict[str, AnswerForm],
) -> tuple[list[str], int]:
    """Save each row that was changed, by itself. Returns which were saved, and how many were not."""
    saved: list[str] = []
    wrong = 0
    back = request.POST.get("take_back", "")
    for one in found:
        key = one.ask.public_id
        form = forms[key]
        if not form.is_bound:
            continue
        if key != back and not _is_changed(form, one):
            continue
        if key != back and not form.is_valid():
            wrong += 1
            continue
        try:
            with transaction.atomic():
                _keep(actor, meeting, one, form, takes_back=key == back)
        except Conflict:
            _show_meanwhile(actor, meeting, form, one, takes_back=key == back)
            wrong += 1
        except Refusal as refusal:
            if refusal.status != 409:
                raise
            form.refuse(FIELD_OF.get(refusal.code, "answer"), refusal.sentence)
            wrong += 1
        else:
            saved.append(key)
    return saved, wrong


def _is_changed(form: AnswerForm, one: queries.Asked) -> bool:
    """Whether what was sent differs from what the page showed: an untouched row goes over nobody's answer."""
    sent = {
        name: (form[name].data or "").replace("\r\n", "\n").strip() for name in ("answer", "words", "why")
    }
    return sent != queries.values_at(one.ask, _seen(form))


def _seen(form: AnswerForm) -> int:
    """The version that the row was drawn from; 0, which none has, where the mark is missing or was tampered with."""
    text = str(form["seen"].data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _keep(actor: Actor, meeting: Meeting, one: queries.Asked, form: AnswerForm, *, takes_back: bool) -> None:
    if takes_back:
        operations.take_back(
            meeting_id=meeting.public_id,
            ask_id=one.ask.public_id,
            seen=_seen(form),
            by=actor,
            on=actor.on,
        )
        return
    operations.answer(
        meeting_id=meeting.public_id,
        ask_id=one.ask.public_id,
        **form.values(),
        seen=form.seen_version(),
        by=actor,
        on=actor.on,
    )


def _now(actor: Actor, meeting: Meeting, key: str) -> queries.Asked | None:
    return next((one for one in queries.asked_of(actor, meeting) if one.ask.public_id == key), None)


def _show_meanwhile(
    actor: Actor, meeting: Meeting, form: AnswerForm, shown: queries.Asked, *, takes_back: bool
) -> None:
    """Say beside a row what a colleague answered meanwhile, and draw it anew over her version, with what was typed."""
    is_typed = not takes_back or _is_changed(form, shown)
    one = _now(actor, meeting, shown.ask.public_id)
    if one is None:
        return
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("seen")] = str(one.ask.version)
    if not is_typed:
        # The answer that was to go: saved with the row it would go over hers.
        for name, value in operations.values_of(one.ask).items():
            data[form.add_prefix(name)] = str(value)
    form.data = data
    words = one.ask.answer_words or one.ask.declined_why
    now = str(one.ask.get_answer_display()) if one.ask.answer else "taken back"
    said = _NOT_TAKEN_BACK if takes_back else _MEANWHILE
    form.refuse("answer", said.format(who=one.by or "A colleague", now=f"{now} ({words})" if words else now))


@require_http_methods(BOTH)
def rest(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer “nothing held” to everything that her unit has not answered, after a page that names it."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    if meeting.status not in operations.OPEN:
        raise Refusal("meeting_begun", _BEGUN)
    once = Once(request)
    if once.answer:
        return once.answer
    if request.method == "POST":
        number = operations.nothing_for_the_rest(
            meeting_id=public_id, shown=request.POST.getlist("shown"), by=actor, on=actor.on
        )
        messages.success(request, f"“Nothing held” is answered to {count_words(number, 'item')}.")
        return once.done(redirect("meeting-asks", public_id))
    waiting = [one for one in queries.asked_of(actor, meeting) if not one.ask.answer]
    if not waiting:
        messages.info(request, "Everything is answered.")
        return redirect("meeting-asks", public_id)
    return page(
        request,
        "meetings/asks/rest.html",
        waiting=waiting,
        form=once.within(Form()),
        meeting=meeting,
        back_url=reverse("meeting-asks", args=[public_id]),
        section=SECTION,
        marking=MARKING,
    )
