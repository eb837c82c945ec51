"""The colour of a figure by its target, with the rule beside it. Colour says where it stands; the chart whether it
moved. Values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .figures import figure_words

NO_FIGURE, WITHHELD, NO_TARGET = "No figure", "Not shown", "No target"


@dataclass(frozen=True, slots=True)
class Colour:
    """`status` as the component status_mark knows it; `name`: the word printed with it; `rule`: why."""

    status: str
    name: str
    rule: str = ""

    @property
    def is_grey(self) -> bool:
        return self.status == "no_target"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a version of a measure aims at, in its unit. `polarity`: up, down or neither."""

    target: Decimal | None
    tolerance: Decimal | None
    polarity: str
    unit: str
    per: int = 1

    def words(self, number: Decimal) -> str:
        return figure_words(number, self.unit, self.per)


def rules_of(aim: Aim) -> list[Colour]:
    """Each colour a figure can have, with its rule, from good to bad, grey last."""
    if aim.target is None or aim.polarity not in ("up", "down"):
        is_neither = aim.polarity == "neither"
        why = "Neither direction is good by itself" if is_neither else "None is set, so no colour is given"
        return [Colour("no_target", NO_TARGET, why)]
    target, edge = aim.words(aim.target), _edge(aim)
    grey = Colour("no_target", "Grey", "no figure for the newest time, or one that is not shown")
    up = aim.polarity == "up"
    green = Colour("on_track", "Green", f"{target} or {'more' if up else 'less'}")
    if edge is None:
        return [green, Colour("off_track", "Red", f"{'under' if up else 'over'} {target}"), grey]
    limit = aim.words(edge)
    amber = f"under {target}, down to {limit}" if up else f"over {target}, up to {limit}"
    return [
        green,
        Colour("at_risk", "Amber", amber),
        Colour("off_track", "Red", f"{'under' if up else 'over'} {limit}"),
        grey,
    ]


def colour_of(value: Decimal | None, aim: Aim, *, is_withheld: bool = False) -> Colour:
    """The colour of a figure; grey where there is none, where it is withheld, and where nothing is aimed at."""
    if aim.target is None or aim.polarity not in ("up", "down"):
        return rules_of(aim)[0]
    if is_withheld:
        return Colour("no_target", WITHHELD, "a small number is not shown, and neither is its colour")
    if value is None:
        return Colour("no_target", NO_FIGURE, "no figure for the newest time")
    colours = {one.name: one for one in rules_of(aim)}
    edge = _edge(aim)
    # More is better for both from here on.
    sign = 1 if aim.polarity == "up" else -1
    if sign * value >= sign * aim.target:
        return colours["Green"]
    if edge is not None and sign * value >= sign * edge:
        return colours["Amber"]
    return colours["Red"]


def _edge(aim: Aim) -> Decimal | None:
    """The last figure that is amber; None where there is no amber."""
    if not aim.tolerance or aim.target is None:
        return None
    return aim.target - aim.tolerance if aim.polarity == "up" else aim.target + aim.tolerance
