"""The lists of cases, referrals, actions and interventions, and each as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.casework.forms.oversight_lists import FORMS, ListForm, whose_links
from saferhub.casework.models import Action, Case
from saferhub.casework.queries import oversight_lists as queries
from saferhub.casework.queries.oversight_files import list_lines
from saferhub.casework.queries.oversight_lists import Listing
from saferhub.casework.queries.oversight_narrow import LISTINGS
from saferhub.casework.queries.oversight_tabs import beside_cases
from saferhub.casework.rules.actions import state_of
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.foundation.xlsx_files import xlsx_answer
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.registries import check_export

MARKING = "OFFICIAL-SENSITIVE"
_TITLES = {
    "cases": ("Cases", "What hubs and their partners are working on, as far as you may see it."),
    "referrals": ("Referrals", "What hubs are asked to take on, as far as you may see it."),
    "actions": ("Actions", "What agencies agreed to do in the cases you may see."),
    "interventions": ("Interventions", "Tools and powers in use in the cases you may see."),
}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Cases, the open ones first asked for."""
    return _list(request, "cases")


@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """Referrals, those that wait for a decision unless another status is chosen."""
    return _list(request, "referrals")


@require_safe
def actions(request: HttpRequest) -> HttpResponse:
    """Actions, the open ones unless another status is chosen."""
    return _list(request, "actions")


@require_safe
def interventions(request: HttpRequest) -> HttpResponse:
    """Interventions, those planned or in place unless another status is chosen."""
    return _list(request, "interventions")


def _list(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    listing, form = LISTINGS[code], _form(request, code)
    filters = form.filters(listing)
    paginator = queries.pages(listing, actor, filters)
    shown = paginator.get_page(request.GET.get("page"))
    rows = [_row(actor, row) for row in shown.object_list]
    title, note = _TITLES[code]
    query = _query(request)
    return page(
        request,
        f"casework/oversight/{code}.html",
        section="referrals" if code == "referrals" else "cases",
        marking=MARKING,
        title=title,
        note=note,
        filter_form=form,
        filters=filters,
        chips=form.chips(listing),
        shown=shown,
        rows=rows,
        can_choose=any(row["can_choose"] for row in rows),
        is_capped=paginator.is_capped,
        most=queries.MOST_COUNTED,
        things=code,
        tabs=[] if code == "referrals" else beside_cases(actor, code),
        csv_url=f"{reverse(f'{code}-csv')}{query}",
        xlsx_url=f"{reverse(f'{code}-xlsx')}{query}",
        is_one_hub=len(sight_of(actor).hubs) == 1,
        whose=whose_links(request.GET, _everything(actor)) if code in ("cases", "actions") else [],
        own_url=reverse("action-mine") if code == "actions" else "",
    )


def _everything(actor: Actor) -> str:
    """What all that she sees is called: her hub's work, or what is shared with her."""
    hubs = len(sight_of(actor).hubs)
    if hubs > 1:
        return "All hubs"
    return "Whole hub" if hubs else "All that I see"


def _row(actor: Actor, row: Any) -> dict[str, Any]:
    """A row with its page's address, how it stands, and whether the actor may change it among many."""
    shown: dict[str, Any] = {"row": row, "can_choose": False}
    if isinstance(row, Case):
        shown["url"] = _address("case", row.matter.public_id) or reverse(
            "matter", args=[row.matter.public_id]
        )
        shown["can_choose"] = row.is_open and _runs(actor, row, row)
    elif isinstance(row, Action):
        shown["url"] = reverse("action", args=[row.public_id])
        shown["mark"], shown["mark_words"] = state_of(row.status, row.due_on, actor.on)
        shown["can_choose"] = row.is_open and row.case.is_open and _runs(actor, row, row.case)
    elif hasattr(row, "power"):
        shown["url"] = _address("intervention", row.public_id) or _address("case", row.case.matter.public_id)
        shown["words"] = _powers(actor).get(row.power, row.power)
        days = [day for day in (row.review_on, row.watch_review_on) if day is not None]
        shown["review_on"] = min(days, default=None)
    else:
        shown["url"] = reverse("referral", args=[row.matter.public_id])
    return shown


def _address(name: str, public_id: str) -> str:
    try:
        return reverse(name, args=[public_id])
    except NoReverseMatch:
        return ""


def _runs(actor: Actor, row: Any, case: Case) -> bool:
    """Whether she runs the case, from what the row carries: the operation asks again and more closely."""
    sight = sight_of(actor)
    leads = actor.user is not None and case.matter.lead_id == actor.user.pk
    return row.hub_id in sight.hubs or leads or case.lead_unit_id in sight.holders


def _form(request: HttpRequest, code: str) -> ListForm:
    actor = actor_of(request)
    offered = queries.places_that_occur(LISTINGS[code], actor, request.GET)
    if code == "interventions":
        offered["power"] = list(_powers(actor).items())
        offered["outcome"] = _pack(actor, "intervention_outcomes")
    elif code == "cases":
        offered["outcome"] = _pack(actor, "closure_outcomes")
    return FORMS[code](request.GET, choices=offered)


def _powers(actor: Actor) -> dict[str, str]:
    return dict(_pack(actor, "powers"))


def _pack(actor: Actor, section: str) -> list[tuple[str, str]]:
    """A section of the packs as choices; read once for each request."""
    read = in_force.entries(actor.partnership, section, actor.on)
    return [(one.code, str(one.item.name)) for one in read]


def _query(request: HttpRequest) -> str:
    values = request.GET.copy()
    values.pop("page", None)
    return f"?{values.urlencode()}" if values else ""


# --- Files -----------------------------------------------------------------------------------------------------


@require_safe
def export_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The filtered list as text. What leaves is recorded."""
    lines = _leaving(request, code)
    return csv_answer(f"{code}-{actor_of(request).on.isoformat()}.csv", lines)


@require_safe
def export_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The filtered list as a spreadsheet. What leaves is recorded."""
    lines = _leaving(request, code)
    return xlsx_answer(f"{code}-{actor_of(request).on.isoformat()}.xlsx", _TITLES[code][0], lines)


def _leaving(request: HttpRequest, code: str) -> list[list[Any]]:
    actor = actor_of(request)
    actor.check(Permission.WORK_ON_MATTERS)
    listing: Listing = LISTINGS[code]
    lines = list(list_lines(listing, actor, _form(request, code).filters(listing)))
    held = check_export(lines)
    record_sight(f"{code}.exported", (code, "list"), by=actor, rows=len(lines) - 1, **held)
    return lines
