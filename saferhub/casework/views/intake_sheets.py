"""Pages that read a spreadsheet of referrals in: choose it, say how it is read, look, read in, see what came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.access import get_part
from saferhub.casework.access.intake import get_mapping, load_of_kind, loads_visible_to, mappings_of
from saferhub.casework.access.referrals import check_can_refer
from saferhub.casework.forms.intake_sheets import FileForm, ReadingForm, values_from
from saferhub.casework.models import LoadStatus, SheetImport
from saferhub.casework.operations import intake_imports as operations
from saferhub.casework.operations.intake_loading import MOST_AT_ONCE, ask_to_load, being_read_in
from saferhub.casework.queries import intake_sheets as queries
from saferhub.casework.queries.intake_giving import roles_offered, ways_in
from saferhub.casework.queries.intake_loading import standing_of
from saferhub.casework.rules.intake_reading import Sheet
from saferhub.casework.rules.intake_rows import (
    CONSTANTS,
    FIELDS,
    alike,
    headings,
    suggested_columns,
    suggested_header,
)
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor

SECTION, MARKING = "referrals", "OFFICIAL-SENSITIVE"
SHOWN_ROWS, SHOWN_WRONG, SHOWN_CHANGES, PER_PAGE = 8, 200, 100, 50


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_refer(actor)
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose the file and the kind of sheet; below, what was read in before."""
    actor = _actor(request)
    form = FileForm(request.POST or None, request.FILES or None, mappings=queries.mappings_offered(actor))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["file"]
        upload = queries.Upload(str(chosen.name)[:200], chosen.read())
        try:
            sheets = _filled(upload.sheets())
            seal = queries.sealed(upload, actor)
        except Refusal as refusal:
            form.refuse("file", refusal.sentence)
        else:
            if form.cleaned_data.get("mapping"):
                return _by_mapping(request, actor, form.cleaned_data["mapping"], upload, sheets, seal)
            return _settle(request, actor, sheets, seal, _first_values(sheets))
    return page(
        request,
        "casework/intake/sheet_choose.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        imports=queries.imports_of(actor)[:20],
        loads=[
            (one, standing_of(one)) for one in loads_visible_to(actor).exclude(status=LoadStatus.DONE)[:5]
        ],
        tabs=ways_in(actor, "sheet-import"),
    )


def _filled(sheets: Sequence[Sheet]) -> list[Sheet]:
    found = [one for one in sheets if one.rows]
    if not found:
        raise Refusal("empty", "The file is empty. Choose another.")
    return found


def _first_values(sheets: Sequence[Sheet]) -> dict[str, str]:
    """What the fullest sheet suggests."""
    sheet = max(sheets, key=lambda one: len(one.rows) * max(one.width, 1))
    header = suggested_header(sheet)
    columns = suggested_columns(headings(sheet, header))
    return {
        "sheet": sheet.name,
        "header": str(header + 1),
        **{f"column_{code}": str(column) for code, column in columns.items()},
    }


def _by_mapping(
    request: HttpRequest,
    actor: Actor,
    mapping_id: str,
    upload: queries.Upload,
    sheets: list[Sheet],
    seal: str,
) -> HttpResponse:
    """Read a file as one of its kind was read before; where that does not fit, say how anew."""
    mapping = get_mapping(actor, mapping_id)
    kept = mapping.settings
    sheet = next((one for one in sheets if one.name == kept.get("sheet")), None)
    if sheet is None and len(sheets) == 1:
        sheet = sheets[0]  # the sheet's name carries the month, or the file's does
    if sheet is None:
        messages.warning(request, f"The file has no sheet “{kept.get('sheet')}”. Choose which one to read.")
        return _settle(request, actor, sheets, seal, _first_values(sheets) | {"name": mapping.name})
    found = headings(sheet, int(kept.get("header") or 1) - 1)
    values = values_from(kept, mapping.name, found) | {"sheet": sheet.name}
    gone = [heading for heading in kept.get("columns", {}).values() if heading not in found]
    if gone:
        messages.warning(
            request, f"The sheet has no column “{gone[0]}” any more. Say which column it is now."
        )
        return _settle(request, actor, sheets, seal, values)
    return _look(request, actor, upload, sheets, seal, values)


def _form(
    actor: Actor, sheets: Sequence[Sheet], values: Any, *, bound: bool
) -> tuple[ReadingForm, list[str]]:
    """The form for the sheet and the row that are chosen, and that row's headings."""
    sheet = next((one for one in sheets if one.name == values.get("sheet")), sheets[0])
    text = str(values.get("header") or "1")
    header = int(text) - 1 if text.isascii() and text.isdigit() and 0 < int(text) <= 1000 else 0
    found = headings(sheet, header)
    form = ReadingForm(
        values if bound else None,
        initial=None if bound else values,
        sheets=sheets,
        headings=found,
        hubs=queries.hubs_offered(actor),
        purposes=queries.purposes_offered(actor),
        roles=roles_offered(actor),
    )
    return form, found


def _settle(
    request: HttpRequest,
    actor: Actor,
    sheets: list[Sheet],
    seal: str,
    values: Any,
    form: ReadingForm | None = None,
) -> HttpResponse:
    """The page that says how the sheet is read."""
    form = form or _form(actor, sheets, values, bound=False)[0]
    sheet = next((one for one in sheets if one.name == values.get("sheet")), sheets[0])
    width = min(sheet.width, 12)
    constants = [form[f"constant_{code}"] for code in CONSTANTS]
    return page(
        request,
        "casework/intake/sheet_reading.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        seal=seal,
        sheet=sheet,
        letters=[_letter(number) for number in range(width)],
        first_rows=[
            (number + 1, ["" if one is None else str(one)[:60] for one in [*row, *[None] * width][:width]])
            for number, row in enumerate(sheet.rows[:10])
        ],
        columns=[form[f"column_{code}"] for code in FIELDS],
        constants=constants,
        # What is filled, or wrong, is not folded away.
        constants_open=any(one.value() or one.errors for one in constants),
    )


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number + 1))


def _reopened(request: HttpRequest, actor: Actor) -> tuple[queries.Upload, list[Sheet], str]:
    """The file that the page carried. Raises Refusal where it lay open for too long."""
    seal = request.POST.get("seal", "")
    upload = queries.opened(seal, actor)
    if upload is None:
        raise Refusal(
            "file_gone",
            "The file lay open for too long, or the page was sent without it. Choose the file again.",
            link=reverse("sheet-import"),
            link_text="Choose the file",
        )
    return upload, _filled(upload.sheets()), seal


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Say how the sheet is read: show another sheet or row, or go on to look at what it would do."""
    actor = _actor(request)
    upload, sheets, seal = _reopened(request, actor)
    values = _values(request)
    if request.POST.get("do") == "show":
        _, found = _form(actor, sheets, values, bound=False)
        again = values | {f"column_{code}": "" for code in FIELDS}
        again |= {f"column_{code}": str(column) for code, column in suggested_columns(found).items()}
        return _settle(request, actor, sheets, seal, again)
    if request.POST.get("do") == "change":
        return _settle(request, actor, sheets, seal, values)
    return _look(request, actor, upload, sheets, seal, values)


def _values(request: HttpRequest) -> dict[str, str]:
    """The settings as they were sent: field by field, or together from the page that looked at them."""
    if "settings" in request.POST:
        try:
            found = json.loads(request.POST["settings"])
        except ValueError:
            found = {}
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
    left_out = ("seal", "do", "csrfmiddlewaretoken")
    return {name: str(value) for name, value in request.POST.items() if name not in left_out}


def _look(
    request: HttpRequest, actor: Actor, upload: queries.Upload, sheets: list[Sheet], seal: str, values: Any
) -> HttpResponse:
    """What reading it in would do, and what is wrong cell by cell. Nothing is changed."""
    form, _ = _form(actor, sheets, values, bound=True)
    if not form.is_valid():
        return _settle(request, actor, sheets, seal, values, form)
    sheet = next(one for one in sheets if one.name == form.cleaned_data["sheet"])
    reader = queries.read_rows(sheet, form.reading(), form.cleaned_data["purpose"], actor)
    mapping = mappings_of(actor).filter(name=form.cleaned_data["name"].strip()).first()
    planned = operations.plan(reader.rows, mapping, by=actor)
    kept = [one for one in planned.changed if one.kept]
    shown = [code for code in FIELDS if code in form.reading().columns][:6]
    wrong = alike(reader.wrong)
    return page(
        request,
        "casework/intake/sheet_look.html",
        section=SECTION,
        marking=MARKING,
        seal=seal,
        settings=json.dumps(values),
        file_name=upload.name,
        sheet=sheet,
        hub=queries.hub_of(actor, form.cleaned_data["hub"]),
        wrong=wrong[:SHOWN_WRONG],
        wrong_more=len(wrong) > SHOWN_WRONG,
        wrong_count=len(reader.wrong),
        rows_count=len(reader.rows),
        plan=planned,
        goes_to_worker=_goes_to_worker(planned),
        following=planned.following[:SHOWN_CHANGES],
        following_count=len(planned.following),
        kept=kept[:SHOWN_CHANGES],
        kept_count=len(kept),
        shown_names=[FIELDS[code][0] for code in shown],
        shown_rows=[(row.line, [row.values[code] for code in shown]) for row in reader.rows[:SHOWN_ROWS]],
    )


@require_POST
def read_in(request: HttpRequest) -> HttpResponse:
    """Read it in: all of it, or nothing. A large sheet is checked here and read in by the worker."""
    actor = _actor(request)
    upload, sheets, seal = _reopened(request, actor)
    values = _values(request)
    form, found = _form(actor, sheets, values, bound=True)
    if not form.is_valid():
        return _settle(request, actor, sheets, seal, values, form)
    said = form.cleaned_data
    sheet = next(one for one in sheets if one.name == said["sheet"])
    reader = queries.read_rows(sheet, form.reading(), said["purpose"], actor)
    hub = queries.hub_of(actor, said["hub"])
    if reader.wrong or hub is None:
        return _look(request, actor, upload, sheets, seal, values)
    # Asked before anything is locked: the worker holds what it reads in until it is done.
    under_way = load_of_kind(actor, said["name"])
    if under_way is not None:
        if under_way.account == actor.user and under_way.sha256 == upload.file.sha256:
            return redirect("sheet-loading", public_id=under_way.public_id)
        raise being_read_in()
    mapping = operations.keep_mapping(name=said["name"], settings=form.to_keep(found), by=actor, on=actor.on)
    planned = operations.plan(reader.rows, mapping, by=actor)
    if planned.is_empty:
        messages.info(request, "Nothing has changed since this sheet was read in last, so nothing was done.")
        return redirect("sheet-import")
    asked: dict[str, Any] = {
        "mapping": mapping,
        "rows": reader.rows,
        "file": upload.file,
        "hub": hub,
        "purpose": said["purpose"],
        "by": actor,
        "on": actor.on,
    }
    if _goes_to_worker(planned):
        return redirect("sheet-loading", public_id=ask_to_load(**asked).public_id)
    done = operations.read_in(**asked)
    messages.success(request, "Read in.")
    return redirect("sheet-imported", public_id=done.public_id)


def _goes_to_worker(planned: operations.Plan) -> bool:
    return len(planned.new) + len(planned.following) > MOST_AT_ONCE


@require_safe
def imported(request: HttpRequest, public_id: str) -> HttpResponse:
    """What came of one file."""
    actor = _actor(request)
    found = get_part(actor, SheetImport, public_id)
    rows = Paginator(queries.rows_of(actor, found), PER_PAGE).get_page(request.GET.get("page"))
    record_sight("referral.listed", found, by=actor, rows=len(rows.object_list))
    return page(
        request,
        "casework/intake/sheet_imported.html",
        section=SECTION,
        marking=MARKING,
        imported=found,
        shown=rows,
    )
