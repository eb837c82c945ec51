"""What the pages of a case read, beside its head: overview, closure, access."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from saferhub.casework.access.together import read_together
from saferhub.casework.models import Assessment, Case
from saferhub.casework.operations.scoring_forms import read
from saferhub.casework.registries import BLOCKERS, CASE_BLOCKS, Block, Blocker
from saferhub.casework.rules.instruments import review_day
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.known_days import counting_on
from saferhub.partnership.queries.members import names_of
from saferhub.partnership.rules.clocks import due
from saferhub.partnership.rules.from_packs import clock_from
from saferhub.sharing.rules.interests_given import REASON_KIND

from .case_facts import assessments_of
from .cases_timeline import OWN_KINDS
from .notes_plan import PLAN_KINDS

FEW = 8
PER_PAGE = 30
STEPS = 10
# Bands with which a case closes only with a last score or a reason.
HIGH_BANDS = frozenset({"high", "very_high"})
FIRST_SCORE = "first_score"
# Where no pack has that clock.
_WITHOUT_CLOCK = timedelta(days=14)


def blockers(actor: Actor, case: Case, on: date) -> list[Blocker]:
    """What stops the case from closing now: what cannot be overridden first."""
    found = [one for provider in BLOCKERS for one in provider(actor, case, on)]
    return sorted(found, key=lambda one: not one.must)


def read_ahead(actor: Actor, case: Case) -> None:
    """Ask at once for what the parts of the overview ask for one after another. Ten queries at most."""
    kinds = (*OWN_KINDS, *PLAN_KINDS, REASON_KIND)
    names_of(read_together(actor, case, kinds), actor)
    in_force.sections(actor.partnership, ("case_roles", "contact_ways", "purposes", "gateways"), actor.on)


@dataclass(frozen=True, slots=True)
class Blocks:
    main: list[Block]
    aside: list[Block]


def blocks(actor: Actor, case: Case) -> Blocks:
    """What the other parts of casework put on the overview."""
    found = [block for provider in CASE_BLOCKS if (block := provider(actor, case)) is not None]
    return Blocks(
        [one for one in found if one.place == "main"], [one for one in found if one.place == "aside"]
    )


def outcome_words(case: Case) -> str:
    """What came of a closed case, in the packs' words; nothing for an open one. One query."""
    if not case.outcome:
        return ""
    found = in_force.entry(
        case.partnership, "closure_outcomes", case.outcome, case.closed_on or case.adopted_on
    )
    return str(found.item.name) if found else case.outcome.replace("_", " ").capitalize()


def next_review(case: Case, scored: Sequence[Assessment], on: date) -> date | None:
    """The day of the next review that the case's band asks for, counted from this one; None where no band does."""
    for one in reversed(scored):
        if one.is_complete and one.person_id is None:
            band = read(one.instrument_version).band(one.standing_band)
            return review_day(band.review, on) if band is not None and band.review else None
    return None


def first_review(partnership: Partnership, on: date) -> date:
    """The day on which a case that nobody has scored is looked at first, counted from this one: by the packs' clock
    of the first score, or after two weeks where no pack has one; provisional where the bank holidays are not known. Two
    queries."""
    found = in_force.entry(partnership, "clocks", FIRST_SCORE, on)
    day = due(clock_from(found.item), on, bank_holidays=counting_on()).day if found is not None else None
    return day or counting_on().next_working_day(on + _WITHOUT_CLOCK)


def review_again(actor: Actor, case: Case, on: date) -> date:
    """When a case that is opened again is looked at: by its band, or as one that nobody has scored."""
    return next_review(case, assessments_of(actor, case), on) or first_review(case.partnership, on)


def high_band(actor: Actor, case: Case, on: date) -> Iterator[Blocker]:
    """A case whose risk stands high when it is to close: what was done has not been shown to help."""
    if case.band in HIGH_BANDS:
        yield Blocker(
            "high_band",
            f"The risk stands at {case.band.replace('_', ' ')}. Score the case a last time, or say why it may close",
            reverse("case-score", args=[case.matter.public_id]),
        )
