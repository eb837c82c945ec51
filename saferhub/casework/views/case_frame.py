"""What every page of a case shows around its own part: title, four facts, buttons, sub-navigation."""

from __future__ import annotations

from typing import Any

from saferhub.casework.models import Assessment, Case
from saferhub.casework.queries.case_facts import facts_of, protecting_tags
from saferhub.casework.queries.cases_people import in_matter, people_line
from saferhub.casework.registries import CASE_BUTTONS, CASE_TABS, Next
from saferhub.partnership.access import Actor

SECTION = "cases"
MARKING = "OFFICIAL-SENSITIVE"
# So many buttons stand beside the title; the rest fold away.
_BUTTONS = 3


def frame(
    actor: Actor,
    case: Case,
    *,
    tab: str,
    steps: list[Next] | None = None,
    scored: list[Assessment] | None = None,
) -> dict[str, Any]:
    """The context of `casework/cases/frame.html` for the page of the sub-navigation whose code is `tab`."""
    buttons = [button for provider in CASE_BUTTONS for button in provider(actor, case)]
    tabs = [found for provider in CASE_TABS if (found := provider(actor, case)) is not None]
    return {
        "case": case,
        "matter": case.matter,
        "facts": facts_of(actor, case, steps=steps, scored=scored),
        "case_note": f"{case.matter.reference} · {case.get_subject_kind_display()} · {case.get_status_display()}",
        "case_people": people_line(in_matter(actor, case.matter)),
        "case_tags": protecting_tags(actor, case),
        "tabs": [
            {"label": one.words, "url": one.url, "count": one.count, "current": one.code == tab}
            for one in tabs
        ],
        "buttons": buttons[:_BUTTONS],
        "more_buttons": buttons[_BUTTONS:],
        "open_tab": tab,
        "marking": MARKING,
        "section": SECTION,
    }
