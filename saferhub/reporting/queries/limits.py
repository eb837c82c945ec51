"""How long the law gives, as the packs say on a day: between a committee's sittings, and for a written answer."""

from __future__ import annotations

from datetime import date

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.known_days import counting_on
from saferhub.partnership.rules.from_packs import clock_from
from saferhub.reporting.rules.committees import ANSWER, SITTING, Limit


def sitting_limit(partnership: Partnership, day: date) -> Limit | None:
    """How often a committee has to sit; None where no pack says."""
    return _limit(partnership, SITTING, day)


def answer_limit(partnership: Partnership, day: date) -> Limit | None:
    """How soon what members resolved on a day is answered in writing; None where no pack says."""
    return _limit(partnership, ANSWER, day)


def _limit(partnership: Partnership, code: str, day: date) -> Limit | None:
    found = in_force.entry(partnership, "clocks", code, day)
    return Limit(clock_from(found.item), counting_on()) if found is not None else None
