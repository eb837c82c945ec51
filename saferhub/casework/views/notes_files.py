"""Pages of a case's files: the list, adding one, giving one out, withdrawing one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.casework.access import check_can_contribute, get_case
from saferhub.casework.access import notes as access
from saferhub.casework.forms.notes import FIELD_OF, FileForm, NoteFileForm, WithdrawForm
from saferhub.casework.models import Sharing
from saferhub.casework.operations import notes_files as operations
from saferhub.casework.queries import notes as queries
from saferhub.casework.queries.notes_audience import audience_of
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal, allows
from saferhub.foundation.transactions import before_transaction

from .case_frame import MARKING, SECTION, frame
from .cases import seen
from .notes import actor_of, caption_of, put_beside, reason_page, who_was_told


@require_safe
def files(request: HttpRequest, public_id: str) -> HttpResponse:
    """The files of a case that the reader may take, and those withdrawn."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    rows = queries.files_in(actor, case)
    seen(actor, case, "casework.files_seen")
    return page(
        request,
        "casework/notes/files.html",
        rows=[row for row in rows if not row.is_withdrawn],
        withdrawn=[row for row in rows if row.is_withdrawn],
        can_add=allows(check_can_contribute, actor, case),
        **frame(actor, case, tab="files"),
    )


def _check_sent(request: HttpRequest, *_: Any, **__: Any) -> None:
    """Have the sent file looked at and scanned before the transaction that keeps it; a refusal waits for the form."""
    file = request.FILES.get("file") if request.method == "POST" and request.user.is_authenticated else None
    if file is None:
        return
    try:
        found: operations.CheckedFile | Refusal = operations.check_file(
            name=str(file.name), content=file.read()
        )
    except Refusal as refusal:
        found = refusal
    request.checked_file = found  # type: ignore[attr-defined]


@before_transaction(_check_sent)
@require_http_methods(["GET", "HEAD", "POST"])
def file_new(request: HttpRequest, public_id: str, note: str = "") -> HttpResponse:
    """Add a file to a case, or beside one of the unit's own notes. A file that cannot be kept is refused beside its
    field, and what was typed with it stays."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    check_can_contribute(actor, case)
    beside = access.get_note(actor, case, note) if note else None
    if beside is not None:
        access.check_can_change(actor, case, beside)
    once = Once(request)
    if once.answer:
        return once.answer
    most = settings.ATTACHMENT_MAX_MEGABYTES
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form: Any
    if beside is not None:
        form = NoteFileForm(*sent, most_megabytes=most)
    else:
        form = FileForm(*sent, most_megabytes=most, audience=audience_of(actor, case))
    back_url = (
        reverse("case-update", args=[public_id, note]) if note else reverse("case-files", args=[public_id])
    )
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        del given["file"]
        checked: operations.CheckedFile | Refusal = request.checked_file  # type: ignore[attr-defined]
        try:
            if isinstance(checked, Refusal):
                raise checked
            kept = operations.add_file(case_id=public_id, note_id=note, file=checked, **given, by=actor)
        except Refusal as refusal:
            put_beside(form, refusal, FIELD_OF)
        else:
            told = "Whoever sees the update sees it." if note else who_was_told(kept.sharing)
            messages.success(request, f"The file “{kept.name}” is kept. {told}")
            return once.done(redirect(back_url))
    interests = queries.interests_in([beside.folder_id]) if beside and beside.sharing != Sharing.ALL else {}
    return page(
        request,
        "casework/notes/file_new.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        beside=beside,
        sharing=queries.who_sees(beside, interests.get(beside.folder_id, ())) if beside else "",
        caption=caption_of(case),
        back_url=back_url,
    )


@require_safe
def file(request: HttpRequest, public_id: str, file: str) -> HttpResponse:
    """The bytes of a file, to be saved and never shown by this service: a file from somebody else may hold a page
    or a program that would act as the reader."""
    actor = actor_of(request)
    found, content = operations.take_file(case_id=public_id, file_id=file, by=actor)
    answer = HttpResponse(content, content_type=found.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer["Cache-Control"] = "no-store, private"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def file_withdraw(request: HttpRequest, public_id: str, file: str) -> HttpResponse:
    """Withdraw a file, with the reason."""
    actor = actor_of(request)
    case = get_case(actor, public_id)
    found = access.get_file(actor, case, file)
    access.check_can_withdraw(actor, case, found)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        operations.withdraw_file(
            case_id=public_id, file_id=file, reason=form.cleaned_data["reason"], by=actor
        )
        messages.success(request, "The file is withdrawn. Nobody can take it any more.")
        return redirect("case-files", public_id)
    return reason_page(
        request,
        case,
        form,
        heading=f"Withdraw “{found.name}”",
        consequence="Nobody can take it any more. Its name and your reason stay, for those who saw it.",
        verb="Withdraw file",
        back_url=reverse("case-files", args=[public_id]),
        back_words="Files",
    )
