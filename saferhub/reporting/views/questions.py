"""Members' questions: the list, one question, recording, answering, what becomes of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.plan.views.frame import act, make
from saferhub.reporting import access
from saferhub.reporting.forms import committees as forms
from saferhub.reporting.forms.committees import FIELD_OF
from saferhub.reporting.models import QUESTION_LIFECYCLE, Committee, MemberQuestion, QuestionStatus
from saferhub.reporting.operations import questions as operations
from saferhub.reporting.queries import committees as queries
from saferhub.sharing.edits import edit as edit_page
from saferhub.sharing.registries import check_export

from .frame import BOTH, around, reader_of, sent

PER_PAGE = 25
_FORM = "reporting/committees/form.html"
# What may be done with a question besides answering it: code in the address, words, what is asked, consequence.
_MOVES = {
    "reopen": (QuestionStatus.OPEN, "Open the question again", "Why are members not content with the answer?",
               "It stands in the next report as a question to be answered."),
    "close": (QuestionStatus.CLOSED, "Close the question", "How did members get the answer?",
              "It stands in no report of a later day."),
    "withdraw": (QuestionStatus.WITHDRAWN, "Record that the question was withdrawn", "Why was it withdrawn?",
                 "It stands in no further report. This cannot be undone."),
}  # fmt: skip


def _filter_form(request: HttpRequest, actor: Actor) -> forms.QuestionFilterForm:
    return forms.QuestionFilterForm(
        request.GET,
        choices={"committee": queries.committee_choices(actor), "status": list(QuestionStatus.choices)},
    )


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of members, those that wait first."""
    actor = reader_of(request)
    form = _filter_form(request, actor)
    filters = form.filters(request.GET.get("sort", ""))
    found = Paginator(queries.questions(actor, filters), PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.urlencode()
    return page(
        request,
        "reporting/questions/list.html",
        **around("questions"),
        form=form,
        filters=filters,
        page=found,
        can_write=access.can_write(actor),
        csv_url=f"{reverse('questions-csv')}{'?' + asked if asked else ''}",
    )


@require_safe
def questions_csv(request: HttpRequest) -> HttpResponse:
    """The list as a file."""
    actor = reader_of(request)
    filters = _filter_form(request, actor).filters(request.GET.get("sort", ""))
    lines = list(queries.question_rows(actor, filters))
    more = check_export(lines)
    record_sight("reporting.questions_exported", actor.partnership, by=actor, rows=len(lines) - 1, **more)
    return csv_answer("members-questions.csv", lines)


@require_safe
def question(request: HttpRequest, public_id: str) -> HttpResponse:
    """One question with its answer, and what may be done with it."""
    actor = reader_of(request)
    found = access.get(actor, MemberQuestion, public_id, "committee", "owner", "asked_at", "due_at")
    status = QuestionStatus(found.status)
    moves = [
        (reverse("question-move", args=[public_id, code]), words)
        for code, (target, words, _, _) in _MOVES.items()
        if QUESTION_LIFECYCLE.allows(status, target)
    ]
    return page(
        request,
        "reporting/questions/question.html",
        **around("questions"),
        question=found,
        history=queries.moves_of_question(actor, found),
        area=dict(queries.area_choices(actor)).get(found.area, found.area),
        can_write=access.can_write(actor),
        can_answer=access.answers(actor, found) and status in (QuestionStatus.OPEN, QuestionStatus.ANSWERED),
        is_open=status == QuestionStatus.OPEN,
        moves=moves if access.can_write(actor) else [],
        today=actor.on,
    )


def _offered(actor: Actor, committee: Committee) -> dict[str, list[tuple[str, str]]]:
    sittings = queries.sitting_choices(actor, committee, past=True)
    return {
        "asked_at": sittings,
        "due_at": queries.sitting_choices(actor, committee),
        "area": queries.area_choices(actor),
        "owner": queries.people_choices(actor),
    }


@require_http_methods(BOTH)
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a question of a committee's member."""
    actor = reader_of(request)
    found = access.get(actor, Committee, public_id)
    access.check_can_write(actor)
    return make(
        request,
        _FORM,
        forms.QuestionForm(sent(request), offered=_offered(actor, found), initial={"asked_on": actor.on}),
        operation=lambda values: operations.record_question(
            committee_id=public_id, values=values, by=actor, on=actor.on
        ),
        done=lambda made: redirect("question", made.public_id),
        field_of=FIELD_OF,
        **around(),
        heading="Record a member’s question",
        verb="Record it",
        caption=found.name,
        back_url=reverse("committee", args=[public_id]),
        back_text="The committee",
    )


@require_http_methods(BOTH)
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change an open question."""
    actor = reader_of(request)
    found = access.get(actor, MemberQuestion, public_id, "committee")
    access.check_can_write(actor)

    def done(_: MemberQuestion) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect("question", public_id)

    def values_of(row: MemberQuestion) -> dict[str, Any]:
        return {
            **{
                name: getattr(row, name)
                for name in ("words", "asked_by", "asked_on", "area", "owner_post", "due_on")
            },
            "asked_at": row.asked_at.public_id if row.asked_at else "",
            "due_at": row.due_at.public_id if row.due_at else "",
            "owner": row.owner.public_id if row.owner else "",
        }

    return edit_page(
        request,
        load=lambda: access.get(actor, MemberQuestion, public_id, "owner", "asked_at", "due_at"),
        values_of=values_of,
        form_class=forms.QuestionForm,
        form_options={"offered": _offered(actor, found.committee)},
        save=lambda values, seen: operations.change_question(
            question_id=public_id, values=values, by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        template=_FORM,
        **around(),
        heading="Change the question",
        verb="Save",
        caption=found.committee.name,
        back_url=reverse("question", args=[public_id]),
        back_text="The question",
    )


@require_http_methods(BOTH)
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer a question, or put other words into an answer that members have not had."""
    actor = reader_of(request)
    found = access.get(actor, MemberQuestion, public_id, "committee")
    access.check_answers(actor, found)

    def done(_: MemberQuestion) -> HttpResponse:
        messages.success(request, "The answer is recorded. It stands in the next report to the committee.")
        return redirect("question", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, MemberQuestion, public_id),
        values_of=lambda row: {"answer": row.answer},
        form_class=forms.AnswerForm,
        save=lambda values, seen: operations.answer_question(
            question_id=public_id, answer=values["answer"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        template=_FORM,
        **around(),
        heading="Answer the question",
        verb="Record the answer",
        quoted=found.words,
        caption=found.committee.name,
        back_url=reverse("question", args=[public_id]),
        back_text="The question",
    )


@require_http_methods(BOTH)
def move(request: HttpRequest, public_id: str, code: str) -> HttpResponse:
    """Open a question again, close it, or record that it was withdrawn."""
    actor = reader_of(request)
    found = access.get(actor, MemberQuestion, public_id, "committee")
    access.check_can_write(actor)
    if code not in _MOVES:
        raise Http404
    target, heading, label, consequence = _MOVES[code]

    def done(_: MemberQuestion) -> HttpResponse:
        messages.success(request, "Recorded.")
        return redirect("question", public_id)

    return act(
        request,
        _FORM,
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: operations.move_question(
            question_id=public_id, target=target, reason=values["reason"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        form_options={"label": label},
        danger=target == QuestionStatus.WITHDRAWN,
        **around(),
        heading=heading,
        verb="Record it",
        consequence=consequence,
        quoted=found.words,
        caption=found.committee.name,
        back_url=reverse("question", args=[public_id]),
        back_text="The question",
    )
