"""Papers of a meeting: agenda, pack, minutes and an agency's actions, as a page, a Word file and a PDF."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from saferhub.foundation.pages import page
from saferhub.meetings.operations.copies import AGENDA, FORM_OF, MINUTES, PACK, PAGE, PaperStopped, take_copy
from saferhub.meetings.queries.minutes_page import files_of
from saferhub.partnership.access import Actor
from saferhub.publication.drawing.files import FORMATS, file_of
from saferhub.publication.rules.numbering import number

from .meeting_frame import MARKING, SECTION

_BACK = {
    AGENDA: ("meeting-agenda", "The agenda"),
    PACK: ("meeting-agenda", "The agenda"),
    MINUTES: ("meeting-minutes", "The minutes"),
}
_ELSE = ("meeting-minutes", "The minutes")


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def paper(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """A paper to be read: the reader's own copy."""
    name, words = _BACK.get(kind, _ELSE)
    back_url = reverse(name, args=[public_id])
    agency = request.GET.get("agency", "")
    try:
        taken = take_copy(meeting_id=public_id, kind=kind, form=PAGE, by=actor_of(request), agency=agency)
    except PaperStopped as stopped:
        return _stopped(request, stopped, back_url, words)
    return page(
        request,
        "meetings/minutes/paper.html",
        section=SECTION,
        marking=taken.document.marking,
        document=number(taken.document),
        title=taken.document.title,
        files=files_of(taken.meeting, kind, agency),
        back_url=back_url,
        back_words=words,
    )


@require_safe
def paper_file(request: HttpRequest, public_id: str, kind: str, ending: str) -> HttpResponse:
    """A paper as a Word file or a PDF: the reader's own copy, with the numbers of its page."""
    if ending not in FORMATS:
        raise Http404
    name, words = _BACK.get(kind, _ELSE)
    try:
        taken = take_copy(
            meeting_id=public_id,
            kind=kind,
            form=FORM_OF[ending],
            by=actor_of(request),
            agency=request.GET.get("agency", ""),
        )
    except PaperStopped as stopped:
        return _stopped(request, stopped, reverse(name, args=[public_id]), words)
    made = file_of(taken.document, ending)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.name)
    return answer


def _stopped(request: HttpRequest, stopped: PaperStopped, back_url: str, words: str) -> HttpResponse:
    return page(
        request,
        "meetings/minutes/stopped.html",
        status=409,
        section=SECTION,
        marking=MARKING,
        findings=stopped.findings,
        back_url=back_url,
        back_words=words,
    )
