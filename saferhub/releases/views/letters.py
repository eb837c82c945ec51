"""Pages of letters: begin, edit, check, release, drop, print."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.publication.drawing.files import FORMATS, file_of
from saferhub.publication.model import Document
from saferhub.publication.rules.numbering import number
from saferhub.releases import access
from saferhub.releases.forms.letters import FIELD_OF, LetterForm, ReleaseForm, StartForm
from saferhub.releases.models import Letter, LetterStatus
from saferhub.releases.operations import letters as operations
from saferhub.releases.operations.release import MARKINGS, ReleaseRefused
from saferhub.releases.queries import letters as queries
from saferhub.releases.rules.check import Finding
from saferhub.sharing.access import get_matter
from saferhub.sharing.access.emergencies import check_may_leave
from saferhub.sharing.edits import edit as edit_page
from saferhub.sharing.models import Matter

SECTION = "matters"
MARKING = MARKINGS[0]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The letters of the matters she sees."""
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    status = request.GET.get("status", "")
    shown = Paginator(queries.letters(actor, status), queries.PER_PAGE).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    matters = queries.matters_by_folder(actor, rows)
    address = reverse("letters")
    return page(
        request,
        "releases/letters.html",
        section=SECTION,
        marking=MARKING,
        rows=[{"letter": row, "matter": matters.get(row.folder_id)} for row in rows],
        shown=shown,
        tabs=[
            {
                "label": label,
                "url": f"{address}?status={code}" if code else address,
                "current": code == status or (not code and status not in LetterStatus.values),
            }
            for code, label in [("", "All"), *LetterStatus.choices]
        ],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose a letter and whom it is for."""
    actor = actor_of(request)
    matter = get_matter(actor, public_id)
    access.check_can_write(actor, matter)
    once = Once(request)
    if once.answer:
        return once.answer
    form = StartForm(request.POST or None, **queries.start_choices(actor, matter))
    if request.method == "POST" and form.is_valid():
        try:
            letter = operations.draft_letter(
                matter_id=matter.public_id, by=actor, on=actor.on, **form.chosen()
            )
        except Refusal as refusal:
            if refusal.code not in FIELD_OF:
                raise
            form.refuse(FIELD_OF[refusal.code], refusal.sentence)
        else:
            return once.done(redirect("letter", letter.public_id))
    return page(
        request,
        "releases/start.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        matter=matter,
        back_url=_matter_url(matter),
    )


def _matter_url(matter: Matter) -> str:
    return reverse("matter", args=[matter.public_id])


@require_safe
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """One letter, with what the check finds in a draft."""
    actor = actor_of(request)
    found = access.get_letter(actor, public_id)
    matter = access.matter_of(actor, found)
    findings = queries.found_in(actor, found, matter) if found.status == LetterStatus.DRAFT else []
    return _letter_page(request, found, matter, findings)


def _letter_page(
    request: HttpRequest,
    found: Letter,
    matter: Matter,
    findings: list[Finding],
    *,
    status: int = 200,
    checked: bool = False,
) -> HttpResponse:
    actor = actor_of(request)
    record_sight("releases.letter_seen", found, by=actor, purpose=matter.purpose)
    is_draft = found.status == LetterStatus.DRAFT
    return page(
        request,
        "releases/letter.html",
        status=status,
        section=SECTION,
        marking=MARKING,
        letter=found,
        matter=matter,
        is_draft=is_draft,
        can_write=is_draft and access.can_write(actor, matter),
        lacks_address=operations.lacks_address(found),
        findings=_shown(found, findings),
        strict=sum(1 for one in findings if not one.overridable),
        checked=checked,
        pieces={part: queries.marked(getattr(found, part), part, findings) for part in operations.FIELDS},
        disclosure=queries.disclosure_of(actor, found),
        safe=queries.safe_contact_of(actor, found, actor.on),
        back_url=_matter_url(matter),
    )


def _shown(found: Letter, findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings with the link to the field each is in."""
    edit_url = reverse("letter-edit", args=[found.public_id])
    return [
        {"finding": one, "url": f"{edit_url}#id_{one.part}" if one.part in operations.FIELDS else ""}
        for one in findings
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a draft; the second of two editors is shown both versions."""
    actor = actor_of(request)
    found = access.get_letter(actor, public_id)
    matter = access.matter_of(actor, found)
    access.check_can_write(actor, matter)
    access.check_is_draft(found)
    return edit_page(
        request,
        load=lambda: access.get_letter(actor, public_id),
        values_of=operations.values_of,
        form_class=LetterForm,
        save=lambda values, seen: operations.edit_letter(
            letter_id=public_id, values=values, seen=seen, by=actor
        ),
        done=lambda made: redirect("letter", made.public_id),
        template="releases/edit.html",
        back_url=reverse("letter", args=[public_id]),
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        matter=matter,
        safe=queries.safe_contact_of(actor, found, actor.on),
    )


@require_POST
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """Run the check over a draft and show the letter with what was found."""
    actor = actor_of(request)
    _, findings = operations.check_letter(letter_id=public_id, by=actor)
    found = access.get_letter(actor, public_id)
    return _letter_page(request, found, access.matter_of(actor, found), findings, checked=True)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say on what it rests, and let it leave; or be told where it may not."""
    actor = actor_of(request)
    found = access.get_letter(actor, public_id)
    matter = access.matter_of(actor, found)
    access.check_can_release(actor, matter)
    access.check_is_draft(found)
    findings = queries.found_in(actor, found, matter)
    stopped: list[Finding] = []
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        choices=queries.release_choices(actor, matter),
        is_agency=found.addressee_agency is not None,
        findings=findings,
        initial={"seen": str(found.version), "purpose": matter.purpose},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _let_go(form, found, actor, matter)
        except ReleaseRefused as refusal:
            # Answered with a page, not raised: so the run of the check stays.
            stopped = list(refusal.findings)
            form.refuse_found(refusal.findings, refusal.sentence)
        except Conflict as refusal:
            form.refuse(None, f"{refusal.sentence} Read the letter again before you let it leave.")
        except Refusal as refusal:
            field = FIELD_OF.get(refusal.code)
            if refusal.status != 409 or field not in form.fields:
                raise
            form.refuse(field, refusal.sentence)
        else:
            messages.success(request, "The letter is released. Print it, and send it to nobody else.")
            return redirect("letter", made.subject)
    return page(
        request,
        "releases/release.html",
        status=409 if stopped else 200,
        section=SECTION,
        marking=MARKING,
        form=form,
        letter=found,
        matter=matter,
        lacks_address=operations.lacks_address(found),
        findings=_shown(found, stopped or findings),
        strict=sum(1 for one in (stopped or findings) if not one.overridable),
        pieces={part: queries.marked(getattr(found, part), part, findings) for part in operations.FIELDS},
        safe=queries.safe_contact_of(actor, found, actor.on),
        back_url=reverse("letter", args=[public_id]),
    )


def _let_go(form: ReleaseForm, found: Letter, actor: Actor, matter: Matter) -> Any:
    values = form.cleaned_data
    return operations.release_letter(
        letter_id=found.public_id,
        seen=form.seen_version(),
        purpose=values["purpose"],
        gateway=values["gateway"],
        necessity=values["necessity"],
        agreement=queries.agreement_chosen(matter, values.get("agreement") or ""),
        data_items=tuple(values.get("data_items") or ()),
        overrides=form.overrides(),
        by=actor,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Drop a draft."""
    actor = actor_of(request)
    found = access.get_letter(actor, public_id)
    matter = access.matter_of(actor, found)
    access.check_can_write(actor, matter)
    access.check_is_draft(found)
    if request.method == "POST":
        operations.drop_letter(letter_id=public_id, by=actor)
        messages.success(request, "The letter was dropped.")
        return redirect("matter", matter.public_id)
    return page(
        request,
        "layouts/confirm.html",
        section=SECTION,
        marking=MARKING,
        heading="Drop this letter",
        consequence="It stays in the matter as dropped and cannot be sent any more.",
        verb="Drop the letter",
        danger=True,
        back_url=reverse("letter", args=[public_id]),
    )


def _released(request: HttpRequest, public_id: str, codes: dict[str, Any]) -> tuple[Letter, Document]:
    """A released letter as it is printed or taken away, and the trace that it was. A draft has no sheet: what is
    printed has been checked. Page and files are one release, under the one disclosure that it made."""
    actor = actor_of(request)
    found = access.get_letter(actor, public_id)
    matter = access.matter_of(actor, found)
    check_may_leave(actor, matter.folder)
    if found.status != LetterStatus.RELEASED:
        raise Refusal(
            "not_released",
            "Only a letter that was released can be printed.",
            link=reverse("letter", args=[public_id]),
            link_text="Back to the letter",
        )
    record_sight("releases.letter_seen", found, by=actor, purpose=matter.purpose, **codes)
    return found, queries.document_of(found, queries.disclosure_of(actor, found), MARKING)


@require_safe
def sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """A released letter as it is printed."""
    found, document = _released(request, public_id, {})
    return page(
        request,
        "releases/sheet.html",
        section=SECTION,
        marking=document.marking,
        letter=found,
        document=number(document),
        files=[(reverse("letter-file", args=[public_id, code]), one.words) for code, one in FORMATS.items()],
        back_url=reverse("letter", args=[public_id]),
    )


@require_safe
def file(request: HttpRequest, public_id: str, ending: str) -> HttpResponse:
    """A released letter as a Word file or a PDF."""
    if ending not in FORMATS:
        raise Http404
    _, document = _released(request, public_id, {"format": ending})
    made = file_of(document, ending)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.name)
    return answer
