"""What an older figure tells in a report: by the version of its measure by which it was counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.foundation.ids import new_public_id
from saferhub.plan.models import Measure
from saferhub.reporting.queries.figures import Figures, Kept
from saferhub.reporting.rules.composing import Composed, Filled, Head, compose
from saferhub.reporting.rules.protecting import NOT_SHOWN
from saferhub.reporting.sections.measured import Said, of_measures, over_time
from tests.plan.measured import ANA, a_measure, quarters, who

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
NO_TARGET: dict[str, Any] = {"target": None, "tolerance": None, "target_why": ""}


def define_anew(measure: Measure, on: date, number: int = 2, **changed: Any) -> None:
    """Another version of what a measure means, from a day on."""
    version = measure.versions.get(number=1)
    version.pk, version.public_id, version.number, version.valid_from = None, new_public_id(), number, on
    for name, value in changed.items():
        setattr(version, name, value)
    version._state.adding = True
    version.save(force_insert=True)


def figures(cast: Cast, measure: Measure) -> tuple[Figures, Kept]:
    actor = who(cast, ANA)
    assert actor.partnership is not None
    found = Figures(actor.partnership, actor.on)
    return found, next(one for one in found.measures if one.code == measure.code)


def composed(said: Said, words: str) -> Composed:
    head = Head("scrutiny_report", "A report", "Here", "report", date(2018, 8, 28))
    return compose(head, [Filled("a", "A", words, tuple(said.blocks), said.facts)])


def test_a_threshold_that_was_lowered_opens_nothing_that_was_counted_before(cast: Cast) -> None:
    measure = a_measure(cast, [60, 3, 50, 70], **NO_TARGET)
    define_anew(measure, who(cast, ANA).on, small=0)
    found, kept = figures(cast, measure)
    assert kept.small == 0
    said = Said()
    assert over_time(said, found, kept, anchor="t")
    mark = f"{measure.code}_{quarters(cast, 3)[0].last:%Y_%m}"
    made = composed(said, f"It was [{mark}], and it was [{measure.code}_{quarters(cast, 1)[0].last:%Y_%m}].")
    assert made.figures[f"a.{mark}"]["shown"] == NOT_SHOWN
    assert [one["shown"] for one in made.figures.values() if "shown" in one].count("70") == 1


def test_a_version_for_a_time_that_was_over_opens_nothing_either(cast: Cast) -> None:
    """The figure is counted again, by a version that was written when the old one had withheld it."""
    measure = a_measure(cast, [60, 3, 50, 70], **NO_TARGET)
    (quarter, *_) = quarters(cast, 3)
    define_anew(measure, date(2015, 1, 1), made_on=date(2015, 1, 1))
    define_anew(measure, quarter.first, 3, small=0, made_on=who(cast, ANA).on)
    measure.observations.filter(first_day=quarter.first).update(version=measure.versions.get(number=3))
    found, kept = figures(cast, measure)
    told = found.told(kept, quarter)
    assert told is not None and (told.measure.definition_version, told.measure.small) == (3, 5)
    assert told.held is not None


def test_a_figure_says_by_which_definition_it_was_counted(cast: Cast) -> None:
    measure = a_measure(cast, [60, 50], **NO_TARGET)
    define_anew(measure, who(cast, ANA).on, definition="How many visits there were.", formula="Visits")
    found, kept = figures(cast, measure)
    assert (kept.definition_version, kept.formula) == (2, "Visits")
    newest = found.newest(kept)
    assert newest is not None
    said = newest.provenance()
    assert (said["definition_version"], said["definition"]) == (1, measure.versions.get(number=1).definition)


def test_figures_in_another_unit_do_not_stand_beside_those_of_today(cast: Cast) -> None:
    measure = a_measure(cast, [48, 52, 50], **NO_TARGET)
    assert of_measures(*alone(figures(cast, measure)), caption="C", anchor="m").facts
    define_anew(measure, who(cast, ANA).on, unit="per_cent")
    found, kept = figures(cast, measure)
    assert (found.newest(kept), found.series(kept)) == (None, [])
    assert not of_measures(found, [kept], caption="C", anchor="m").facts


def alone(both: tuple[Figures, Kept]) -> tuple[Figures, list[Kept]]:
    return both[0], [both[1]]
