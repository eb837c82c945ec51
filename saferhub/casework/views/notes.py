"""Pages that write to a case: an update, a contact; one note with its history, changing and withdrawing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.access import check_can_contribute, get_case
from saferhub.casework.access import notes as access
from saferhub.casework.forms.notes import (
    FIELD_OF,
    ContactForm,
    EditContactForm,
    EditUpdateForm,
    UpdateForm,
    WithdrawForm,
)
from saferhub.casework.models import Case, Note, NoteKind, Sharing
from saferhub.casework.operations import notes as operations
from saferhub.casework.queries import notes as queries
from saferhub.casework.queries.cases_people import in_matter, safe_contacts
from saferhub.casework.queries.notes_audience import audience_of
from saferhub.casework.queries.notes_safety import unsafe_ways
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.sharing.access.matters import sees_in_emergency
from saferhub.sharing.edits import edit as edit_page

from .case_frame import MARKING, SECTION, frame


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def put_beside(form: Any, refusal: Refusal, field_of: dict[str, str]) -> None:
    """Put a refusal beside the field it is about, or raise it."""
    field = field_of.get(refusal.code)
    if refusal.status != 409 or field not in form.fields:
        raise refusal
    form.refuse(field, refusal.sentence)


def caption_of(case: Case) -> str:
    return f"{case.matter.reference} {case.matter.title}"


def who_was_told(sharing: str) -> str:
    """What became of something that was saved, for the message on the next page."""
    if sharing == Sharing.ALL:
        return "Everybody who sees the case sees it."
    return "Only those you chose see it." if sharing == Sharing.NAMED else "Only your unit sees it."


@require_http_methods(["GET", "HEAD", "POST"])
def update_new(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add an update. "Save and add a file" leads on to a page for the file: what was written is safe by then."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    once = Once(request)
    if once.answer:
        return once.answer
    form = UpdateForm(
        request.POST if request.method == "POST" else None,
        audience=audience_of(actor, case),
        today=actor.on,
    )
    if form.is_bound and form.is_valid():
        try:
            note = operations.write_note(case_id=public_id, **form.cleaned_data, by=actor)
        except Refusal as refusal:
            put_beside(form, refusal, FIELD_OF)
        else:
            messages.success(request, f"The update is saved. {who_was_told(note.sharing)}")
            return once.done(_on_from(request, public_id, note))
    return page(
        request,
        "casework/notes/update_new.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        caption=caption_of(case),
        back_url=reverse("case", args=[public_id]),
        back_words=case.matter.reference,
    )


def _on_from(request: HttpRequest, public_id: str, note: Note) -> Any:
    if request.POST.get("then") == "file":
        return redirect("case-update-file-new", public_id, note.public_id)
    return redirect("case", public_id)


@require_safe
def contact_choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whom was contacted: the people in the case, with what protects them beside each name."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    involved = {person.pk for person, _ in access.persons_involved(actor, case)}
    people = [row for row in in_matter(actor, case.matter) if row.is_person and row.record.pk in involved]
    return page(
        request,
        "casework/notes/contact_choose.html",
        section=SECTION,
        marking=MARKING,
        form=None,
        case=case,
        people=people,
        caption=caption_of(case),
        back_url=reverse("case", args=[public_id]),
        back_words=case.matter.reference,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: HttpRequest, public_id: str, person: str) -> HttpResponse:
    """Record a contact. How she is reached safely stands first."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    whom = access.get_person_in(actor, case, person)
    once = Once(request)
    if once.answer:
        return once.answer
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        audience=audience_of(actor, case),
        today=actor.on,
        ways=list(queries.way_names(actor).items()),
        unsafe=unsafe_ways(actor, case, whom),
    )
    if form.is_bound and form.is_valid():
        try:
            note = operations.record_contact(case_id=public_id, person=whom, **form.cleaned_data, by=actor)
        except Refusal as refusal:
            put_beside(form, refusal, FIELD_OF)
        else:
            told = " The lead officer and the hub’s co-ordinator are told." if note.unsafe_why else ""
            messages.success(request, f"The contact is saved. {who_was_told(note.sharing)}{told}")
            return once.done(_on_from(request, public_id, note))
    rows = [row for row in in_matter(actor, case.matter) if row.is_person and row.record.pk == whom.pk]
    return page(
        request,
        "casework/notes/contact_new.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        case=case,
        person=whom,
        tags=rows[0].tags if rows else (),
        safe=safe_contacts(actor, rows),
        caption=caption_of(case),
        back_url=reverse("case-contact-choose", args=[public_id]),
    )


@require_safe
def update(request: HttpRequest, public_id: str, note: str) -> HttpResponse:
    """One note or contact: what it says, who sees it, its files, how it was changed."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    found = access.get_note(actor, case, note)
    can_change = found.withdrawn_at is None and allows(access.check_can_change, actor, case, found)
    # Of the note, not of the case: the case's sights must not tell of a note kept from their reader.
    emergency = sees_in_emergency(actor, case.matter)
    record_sight(
        "casework.note_seen", found, by=actor, purpose=case.matter.purpose, emergency=emergency or None
    )
    return page(
        request,
        "casework/notes/update.html",
        shown=queries.note_page(actor, case, found),
        can_change=can_change,
        can_withdraw=found.withdrawn_at is None and allows(access.check_can_withdraw, actor, case, found),
        **frame(actor, case, tab="update"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def update_edit(request: HttpRequest, public_id: str, note: str) -> HttpResponse:
    """Change what a note or contact says."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    found = access.get_note(actor, case, note)
    access.check_can_change(actor, case, found)
    is_contact = found.kind == NoteKind.CONTACT
    options: dict[str, Any] = {"today": actor.on}
    if is_contact:
        ways = queries.way_names(actor)
        ways.setdefault(found.how, found.how)
        options["ways"] = list(ways.items())
    own_page = reverse("case-update", args=[public_id, note])

    def done(changed: Note) -> HttpResponse:
        messages.success(request, "The change is saved. What stood before stays in its history.")
        return redirect(own_page)

    def values_of(row: Note) -> dict[str, Any]:
        values: dict[str, Any] = {"words": row.words, "on": row.on}
        return values | ({"how": row.how, "reached": row.reached} if is_contact else {})

    return edit_page(
        request,
        load=lambda: access.get_note(actor, get_case(actor, public_id), note),
        values_of=values_of,
        form_class=EditContactForm if is_contact else EditUpdateForm,
        form_options=options,
        save=lambda values, seen: operations.edit_note(
            case_id=public_id, note_id=note, **values, seen=seen, by=actor
        ),
        done=done,
        template="casework/notes/update_edit.html",
        back_url=own_page,
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        caption=caption_of(case),
        what="contact" if is_contact else "update",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def update_withdraw(request: HttpRequest, public_id: str, note: str) -> HttpResponse:
    """Withdraw a note or contact, with the reason."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    found = access.get_note(actor, case, note)
    access.check_can_withdraw(actor, case, found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        operations.withdraw_note(
            case_id=public_id, note_id=note, reason=form.cleaned_data["reason"], by=actor
        )
        messages.success(request, "It is withdrawn.")
        return redirect("case-update", public_id, note)
    what = "contact" if found.kind == NoteKind.CONTACT else "update"
    return reason_page(
        request,
        case,
        form,
        heading=f"Withdraw this {what}",
        consequence=f"It stays in the timeline as withdrawn, with your reason, for those who see it. Files beside "
        f"it are given out no more. {_then(found)}",
        verb="Withdraw",
        back_url=reverse("case-update", args=[public_id, note]),
    )


def _then(note: Note) -> str:
    if note.kind == NoteKind.CONTACT and note.reached and note.sharing == Sharing.ALL:
        return "The day for the next contact is worked out without it."
    return "Nothing is deleted."


def reason_page(
    request: HttpRequest,
    case: Case,
    form: Any,
    *,
    heading: str,
    consequence: str,
    verb: str,
    back_url: str,
    back_words: str = "Back",
) -> HttpResponse:
    """A page that asks for a reason before one thing is done."""
    return page(
        request,
        "casework/notes/reason.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        caption=caption_of(case),
        heading=heading,
        consequence=consequence,
        verb=verb,
        back_url=back_url,
        back_words=back_words,
    )
