"""The pages of the copy for a person's own request: read it, release it, print or take away what was released."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor
from saferhub.people.access import around_each, get_person
from saferhub.people.models import Person
from saferhub.people.queries.details import copy_for_the_person
from saferhub.people.queries.person_page import sight_codes
from saferhub.publication.drawing.files import FORMATS, file_of
from saferhub.publication.model import Document
from saferhub.publication.rules.numbering import number
from saferhub.releases import access
from saferhub.releases.forms.copies import FIELD_OF, CopyForm
from saferhub.releases.operations import copies as operations
from saferhub.releases.operations.release import MARKINGS, ReleaseRefused
from saferhub.releases.queries import copies as queries
from saferhub.releases.queries.disclosures import in_words
from saferhub.releases.queries.facts import NO_LETTERS
from saferhub.releases.queries.letters import safe_ways_to
from saferhub.releases.rules.check import Finding
from saferhub.sharing.models import Matter

SECTION = "known-persons"
MARKING = MARKINGS[0]


def _seen(event: str, actor: Actor, person: Person, **more: Any) -> list[Matter]:
    """Write down that it was seen, for the person's own request; the matters through which."""
    matters = around_each(actor, [person])[person.folder_id].matters
    codes = {**sight_codes(actor, person, matters), "purpose": operations.PURPOSE, **more}
    record_sight(event, person, by=actor, **codes)
    return matters


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the person may have of this record, with what the check finds in it; and letting it go."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = get_person(actor, public_id)
    access.check_can_release_copy(actor, person)
    once = Once(request)
    if once.answer:
        return once.answer
    found = copy_for_the_person(actor, person)
    findings = queries.found_in(actor, found)
    stopped: list[Finding] = []
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        gateways=queries.gateways(actor),
        findings=findings,
        initial={"seen": operations.leaving_of(found).content_hash},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _let_go(form, public_id, actor)
        except ReleaseRefused as refusal:
            # Answered with a page, not raised: so the run of the check stays.
            stopped = list(refusal.findings)
            form.refuse_found(refusal.findings, refusal.sentence)
        except Conflict as refusal:
            form = _drawn_anew(actor, form, findings, operations.leaving_of(found).content_hash)
            form.refuse(None, f"{refusal.sentence} This is how it stands now: read it again.")
        except Refusal as refusal:
            if refusal.code not in FIELD_OF:
                raise
            form.refuse(FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, "The copy is released. Print it, and give it to nobody else.")
            return once.done(redirect("known-person-copy", public_id))
    matters = _seen("releases.copy_read", actor, person)
    made = queries.releases_of(actor, person)
    released = queries.released_as_it_is(found, made)
    shown = [] if released else stopped or findings
    safe = safe_ways_to(actor, person, actor.on)
    never_by_letter = any(NO_LETTERS in one.contact.never for one in safe)
    urls = queries.mend_urls(found)
    return page(
        request,
        "releases/copy.html",
        status=409 if stopped else 200,
        section=SECTION,
        marking=MARKING,
        person=person,
        copy=found,
        lines=queries.lines(found, shown),
        form=once.within(form),
        findings=[{"finding": one, "url": urls.get(one.part, "")} for one in shown],
        strict=sum(1 for one in shown if not one.overridable),
        released=released,
        made=in_words(made, actor),
        safe=safe,
        writes_in=None
        if never_by_letter
        else next((one for one in matters if access.can_write(actor, one)), None),
        back_url=reverse("known-person", args=[public_id]),
    )


def _let_go(form: CopyForm, public_id: str, actor: Actor) -> Any:
    values = form.cleaned_data
    return operations.release_copy(
        person_id=public_id,
        seen=values["seen"],
        gateway=values["gateway"],
        necessity=values["necessity"],
        overrides=form.overrides(),
        by=actor,
    )


def _drawn_anew(actor: Actor, form: CopyForm, findings: list[Finding], seen: str) -> CopyForm:
    """The same form for the copy as it stands now, with what was typed. Reasons are asked again: the text they
    were for has changed."""
    typed = {name: form.cleaned_data[name] for name in ("gateway", "necessity")}
    drawn = CopyForm(typed | {"seen": seen}, gateways=queries.gateways(actor), findings=findings)
    drawn.is_valid()
    return drawn


def _released(request: HttpRequest, public_id: str, codes: dict[str, Any]) -> tuple[Person, Document]:
    """A released copy as it is printed or taken away, and the trace that it was. Only what was released, word for word,
    has a sheet. Page and files are one release, under the one disclosure that it made."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = get_person(actor, public_id)
    access.check_can_release_copy(actor, person)
    found = copy_for_the_person(actor, person)
    disclosure = queries.released_as_it_is(found, queries.releases_of(actor, person))
    if disclosure is None:
        raise Refusal(
            "not_released",
            "Only a copy that was released as it stands now can be printed.",
            link=reverse("known-person-copy", args=[public_id]),
            link_text="Back to the copy",
        )
    _seen("releases.copy_shown", actor, person, **codes)
    return person, queries.document_of(found, disclosure)


@require_safe
def sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """A released copy as it is printed."""
    person, document = _released(request, public_id, {})
    return page(
        request,
        "releases/copy_sheet.html",
        section=SECTION,
        marking=document.marking,
        person=person,
        document=number(document),
        files=[
            (reverse("known-person-copy-file", args=[public_id, code]), one.words)
            for code, one in FORMATS.items()
        ],
        back_url=reverse("known-person-copy", args=[public_id]),
    )


@require_safe
def file(request: HttpRequest, public_id: str, ending: str) -> HttpResponse:
    """A released copy as a Word file or a PDF."""
    if ending not in FORMATS:
        raise Http404
    _, document = _released(request, public_id, {"format": ending})
    made = file_of(document, ending)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.name)
    return answer
