"""The lists of casework as rows of a file: what one may see, the headings first, a last line where there is more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from saferhub.casework.models import Action, Case, Intervention, Referral
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.emergencies import without_emergency_sight
from saferhub.sharing.models import Sensitivity

from .case_facts import judged_among
from .oversight_lists import MOST_EXPORTED, Filters, Listing, found, loaded, numbers_to_export

_CHUNK = 1_000


def list_lines(listing: Listing, actor: Actor, filters: Filters) -> Iterator[list[Any]]:
    """The list as rows of a file, ten thousand at most. What is seen by an emergency alone stays out."""
    headings, line = _COLUMNS[listing.code]
    numbers, is_more = numbers_to_export(without_emergency_sight(actor, found(listing, actor, filters)))
    words = _Words(actor)
    yield list(headings)
    for start in range(0, len(numbers), _CHUNK):
        rows = list(loaded(listing, numbers[start : start + _CHUNK]))
        if listing.model is Case:
            words.judged = judged_among(actor, rows)
        for row in rows:
            yield line(row, words)
    if is_more:
        yield [
            f"Only the first {MOST_EXPORTED:,} {listing.code} are in this file. Narrow the filters for the others."
        ]


class _Words:
    """What the packs call powers and outcomes; read once for each file."""

    def __init__(self, actor: Actor) -> None:
        self.judged: dict[int, str] = {}  # by number of the case, for the rows at hand
        sections = ("powers", "intervention_outcomes", "closure_outcomes")
        read = in_force.sections(actor.partnership, sections, actor.on)
        self._said = {name: {one.code: str(one.item.name) for one in found} for name, found in read.items()}

    def of(self, section: str, code: str) -> str:
        return self._said.get(section, {}).get(code, code) if code else ""


def _restricted(row: Any) -> str:
    return "" if row.sensitivity == Sensitivity.NORMAL else str(row.get_sensitivity_display())


def _hub(row: Any) -> str:
    return row.hub.name if row.hub else ""


def _lead(case: Case) -> str:
    return case.matter.lead.name if case.matter.lead else ""


def _case(row: Case, words: _Words) -> list[Any]:
    return [
        row.matter.reference,
        row.matter.title,
        row.get_subject_kind_display(),
        _hub(row),
        row.get_status_display(),
        RISK_BANDS.get(row.band, (row.band or "Not scored", 0))[0],
        row.score,
        words.judged.get(row.pk, ""),
        row.adopted_on,
        _lead(row),
        row.lead_unit.agency.name,
        row.next_due_on,
        row.review_on,
        row.contact_due_on,
        row.closed_on,
        words.of("closure_outcomes", row.outcome),
        _restricted(row),
    ]


def _referral(row: Referral, words: _Words) -> list[Any]:
    return [
        row.matter.reference,
        row.matter.title,
        row.get_subject_kind_display() if row.subject_kind else "",
        (row.hub or row.to_hub).name,
        row.unit.agency.name,
        row.unit.name,
        row.get_source_display(),
        row.get_status_display(),
        "Urgent" if row.urgent else "",
        row.sent_on,
        row.due_on,
        row.decided_on,
        _restricted(row),
    ]


def _action(row: Action, words: _Words) -> list[Any]:
    return [
        row.case.matter.reference,
        row.case.matter.title,
        row.words,
        row.owner.name if row.owner else "",
        row.owner_unit.agency.name,
        row.due_on,
        row.get_status_display(),
        row.ended_on,
        _hub(row),
        _lead(row.case),
        _restricted(row),
    ]


def _intervention(row: Intervention, words: _Words) -> list[Any]:
    return [
        row.case.matter.reference,
        row.case.matter.title,
        words.of("powers", row.power),
        row.get_kind_display(),
        row.used_by.agency.name,
        row.get_status_display(),
        row.starts_on,
        row.expires_on,
        row.review_on,
        row.ended_on,
        words.of("intervention_outcomes", row.outcome),
        _hub(row),
        _restricted(row),
    ]


_COLUMNS: dict[str, tuple[tuple[str, ...], Callable[[Any, _Words], list[Any]]]] = {
    "cases": (
        (
            "Reference", "Title", "About", "Hub", "Status", "Risk", "Score", "How it was judged", "Adopted",
            "Lead officer", "Lead agency", "Next action due", "Review", "Contact with the victim due", "Closed",
            "Outcome", "Restricted",
        ),
        _case,
    ),
    "referrals": (
        (
            "Reference", "Title", "About", "Hub", "Referred by", "Unit", "Way in", "Status", "Urgent", "Received",
            "Decision due", "Decided", "Restricted",
        ),
        _referral,
    ),
    "actions": (
        (
            "Reference of the case", "Title of the case", "What is to be done", "Who", "Agency", "Due", "Status",
            "Ended", "Hub", "Lead officer", "Restricted",
        ),
        _action,
    ),
    "interventions": (
        (
            "Reference of the case", "Title of the case", "Tool or power", "Class", "Used by", "Status", "Starts",
            "Last day", "Review", "Ended", "Outcome", "Hub", "Restricted",
        ),
        _intervention,
    ),
}  # fmt: skip
