"""What one subject of the plan gives to the pages of another: measures stand beside the actions of their area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from saferhub.foundation.registry import Registry
from saferhub.partnership.models import Partnership
from saferhub.plan.methods.suppression import Release


@dataclass(frozen=True, slots=True)
class AreaMeasures:
    """The measures of an area: `words` for its row ("1 better, 3 no real change"), and the lines of each objective by
    its code; `others` are of no objective. `template` draws one line, which it finds as `line`."""

    words: str
    template: str
    by_objective: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    others: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What else belongs to an area: a heading, how much of it there is in words, and where it stands."""

    title: str
    words: str
    url: str


# provider(partnership) -> what has been published of its figures, in order: their counts, and which were withheld
PUBLISHED: Registry[[Partnership], Sequence[Release]] = Registry("what has been published of figures")
# provider(actor, areas, day) -> by the number (pk) of the area
MEASURES: Registry[[Any, Sequence[Any], date], Mapping[int, AreaMeasures]] = Registry(
    "measures beside the plan"
)
# provider(actor, area, day) -> what stands beside it: funding, training, reports received
BESIDE_AREA: Registry[[Any, Any, date], Sequence[Beside]] = Registry("beside an area of the plan")
