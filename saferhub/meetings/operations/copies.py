"""Taking a copy: the agenda, the pack, the minutes or an agency's actions, under the taker's own rights.

Every taking runs the release check, leaves a row that names who took what in which form, and a sight in the log.
What is stopped is written down on the connection of refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Copy, Item, Meeting
from saferhub.meetings.queries import minutes_copy, papers
from saferhub.meetings.queries.meeting_facts import is_guest
from saferhub.meetings.queries.paper_check import found_in
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.publication.model import Document
from saferhub.releases.rules.check import Finding

AGENDA, PACK, MINUTES, ACTIONS = "agenda", "pack", "minutes", "actions"
KINDS = {AGENDA: "Agenda", PACK: "Pack", MINUTES: "Minutes", ACTIONS: "Actions of an agency"}
PAGE, WORD, PDF, MAIL = "page", "word", "pdf", "mail"
# What the files of `publication.drawing.files` are called in a row.
FORM_OF = {"docx": WORD, "pdf": PDF}


class PaperStopped(Refusal):
    """Something protected stands in a paper. `findings` say where."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first, more = findings[0].sentence, len(findings) - 1
        also = (
            "" if not more else f" There {'is one more place' if more == 1 else f'are {more} more places'}."
        )
        super().__init__("stopped_by_check", f"{first}{also}")
        self.findings = tuple(findings)


@dataclass(frozen=True)
class Taken:
    """A copy that was taken."""

    meeting: Meeting
    document: Document
    number: str = ""


@transaction.atomic
def take_copy(*, meeting_id: str, kind: str, form: str, by: Actor, agency: str = "") -> Taken:
    """Take a paper of a meeting. `kind`: one of `KINDS`; `form`: page, word or pdf; `agency`: for a sheet of actions,
    the code of the agency, the taker's own where it is blank.

    Raises Http404 where there is nothing of it that she may read, PaperStopped where something protected stands in it.
    """
    meeting = access.get_meeting(by, meeting_id)
    document, items, number = _paper(by, meeting, kind, agency)
    check_paper(document, items, meeting=meeting, kind=kind, by=by)
    keep_copy(meeting, kind=kind, form=form, number=number, by=by)
    return Taken(meeting, document, number)


def _paper(by: Actor, meeting: Meeting, kind: str, agency: str) -> tuple[Document, Sequence[Item], str]:
    if kind == MINUTES:
        copy = minutes_copy.copy_of(by, meeting)
        if copy is None:
            raise Http404
        return copy.document, copy.items, copy.number
    if kind == ACTIONS:
        paper = papers.sheet_of(by, meeting, _agency(by, meeting, agency))
    elif meeting.folder_id is None or kind not in KINDS:
        raise Http404
    else:
        paper = papers.agenda_of(by, meeting) if kind == AGENDA else papers.pack_of(by, meeting)
        # A guest is bidden to her item; before the agenda is sent, only its organisers see what stands on it.
        if not paper.items:
            raise Http404
    return paper.document, paper.items, ""


def _agency(by: Actor, meeting: Meeting, code: str) -> Agency:
    """The agency of a sheet: her own, or one that agreed to something she sees. Any other is not there."""
    if by.agency is not None and code in ("", by.agency.code):
        if is_guest(by, meeting) and not papers.agreed_at(by, meeting):
            raise Http404
        return by.agency
    for one in papers.agencies_with_actions(by, meeting):
        if one.code == code:
            return one
    raise Http404


def check_paper(document: Document, items: Sequence[Item], *, meeting: Meeting, kind: str, by: Actor) -> None:
    """Raise PaperStopped where something protected stands in it, and keep that it was stopped."""
    found = found_in(by, document, items, reader=by.user.name if by.user is not None else "")
    if not found:
        return
    audit.record_refusal(
        "meetings.paper_stopped",
        meeting,
        by=by,
        kind=kind,
        rules=sorted({one.rule.code for one in found}),
    )
    raise PaperStopped(found)


def keep_copy(meeting: Meeting, *, kind: str, form: str, number: str, by: Actor) -> None:
    """Keep that the actor took a copy, and her sight of it."""
    assert by.user is not None and by.unit is not None
    Copy.objects.create(
        partnership_id=meeting.partnership_id,
        meeting=meeting,
        kind=kind,
        number=number,
        to=by.user,
        unit=by.unit,
        form=form,
        at=clock.now(),
    )
    audit.record_sight("meetings.copy_taken", meeting, by=by, kind=kind, form=form, number=number)
