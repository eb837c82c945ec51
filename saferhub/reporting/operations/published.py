"""Reports as files: what a command writes, of what was published or, where nothing was, of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.conf import settings

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import PackRelease, Partnership
from saferhub.plan.methods.suppression import CannotProtect
from saferhub.publication.drawing import alone
from saferhub.publication.drawing.files import FORMATS, INVENTED, file_of
from saferhub.publication.model import Document
from saferhub.publication.models import VersionStatus
from saferhub.publication.rules.numbering import number
from saferhub.reporting.models import Audience, Committee, ReportVersion
from saferhub.reporting.queries.outlines import outline_on, outlines_on
from saferhub.reporting.queries.putting_together import from_outline


@dataclass(frozen=True, slots=True)
class Written:
    """What a command wrote: the files, whether it is a published version, and its number."""

    files: tuple[Path, ...]
    is_published: bool
    number: str
    title: str


def chosen_partnership(code: str) -> Partnership:
    """The partnership of this code; without one the only one there is, invented ones left aside.

    Raises Refusal `no_partnership`, `several_partnerships`."""
    found = list(Partnership.objects.order_by("code"))
    if code:
        one = next((one for one in found if one.code == code), None)
        if one is None:
            raise Refusal("no_partnership", f"There is no partnership “{code}”. {_there_are(found)}")
        return one
    invented = {
        number
        for number, about in PackRelease.objects.filter(partnership__isnull=False).values_list(
            "partnership", "about"
        )
        if about.get("invented")
    }
    real = [one for one in found if one.pk not in invented] or found
    if len(real) != 1:
        raise Refusal(
            "several_partnerships", f"Say whose report it is, by --partnership. {_there_are(found)}"
        )
    return real[0]


def _there_are(found: Sequence[Partnership]) -> str:
    return f"There are: {', '.join(one.code for one in found)}." if found else "Load a pack first."


def document_for(
    partnership: Partnership, kind: str, as_of: date, *, using: str, outline: str = ""
) -> tuple[Document, str]:
    """What is to be written, and the number of its version: the newest that was published of this kind and day, exactly
    as it was; else a draft from the partnership's outline, from figures and packs alone.

    Raises Refusal `no_outline`, `cannot_protect`."""
    row = (
        ReportVersion.objects.filter(
            partnership=partnership,
            report__kind=kind,
            report__as_of=as_of,
            audience=Audience.PUBLIC,
            status=VersionStatus.PUBLISHED,
        )
        .order_by("-published_at", "-id")
        .first()
    )
    if row is not None and not outline:
        return row.as_it_stands(), row.number
    found = (
        outline_on(partnership, outline, as_of)
        if outline
        else next(iter(outlines_on(partnership, kind, as_of)), None)
    )
    if found is None or found.item.kind != kind:
        raise Refusal("no_outline", f"The rules of {as_of} have no such outline for this partnership.")
    try:
        made = from_outline(
            partnership, found, as_of=as_of, committee=_committee(partnership, kind, as_of), using=using
        )
    except CannotProtect as refused:
        raise Refusal("cannot_protect", f"This cannot be published as it stands: {refused}") from refused
    return made.document, ""


def _committee(partnership: Partnership, kind: str, as_of: date) -> Committee | None:
    """The committee that reads a scrutiny report, where there is only one to think of."""
    if kind != "scrutiny_report":
        return None
    rows = list(Committee.objects.filter(partnership=partnership).exclude(ended_on__lt=as_of)[:2])
    return rows[0] if len(rows) == 1 else None


def write_files(document: Document, folder: Path) -> tuple[Path, ...]:
    """The document as a page, a Word file and a PDF, in a folder that is made where it is missing. Equal documents give
    equal files."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = document
    if settings.DEMONSTRATION:
        status = f"{INVENTED}. {document.status}" if document.status else INVENTED
        shown = replace(document, status=status)
    page = folder / f"{document.file_stem}.html"
    page.write_bytes(alone.draw(number(shown)))
    made = [page]
    for ending in FORMATS:
        drawn = file_of(document, ending)
        path = folder / drawn.name
        path.write_bytes(drawn.content)
        made.append(path)
    return tuple(made)


def write_report(
    partnership: Partnership, kind: str, as_of: date, folder: Path, *, using: str, outline: str = ""
) -> Written:
    """Write a report into a folder. Raises as `document_for`."""
    document, version = document_for(partnership, kind, as_of, using=using, outline=outline)
    return Written(write_files(document, folder), bool(version), version, document.title)
