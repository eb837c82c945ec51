"""The rules of a kind of meeting, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .when import length

_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "last"}


def cycle_words(
    *, every: int, unit: str, weekday: str, week_of_month: int | None, starts_at: str, minutes: int
) -> str:
    """ "Every 2 weeks on Thursday at 10:00, for 1 hour"; "Every month on the third Tuesday at 14:00 …"."""
    one = unit.removesuffix("s")
    often = f"Every {one}" if every == 1 else f"Every {every} {one}s"
    day = weekday.capitalize()
    on = f"on the {_NTH[week_of_month or 1]} {day}" if one == "month" else f"on {day}"
    return f"{often} {on} at {starts_at}, for {length(minutes)}"


def quorum_words(agencies: int, of_kinds: Sequence[str], names: Mapping[str, str]) -> str:
    """ "At least 3 agencies, among them police and district council"; `names`: of kinds of agency, by code."""
    said = "At least 1 agency" if agencies == 1 else f"At least {agencies} agencies"
    kinds = [names.get(one, one.replace("_", " ")) for one in of_kinds]
    if not kinds:
        return said
    listed = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"
    return f"{said}, among them one of each of these kinds: {listed}"


def before_words(days: int) -> str:
    """ "2 working days before", "On the day itself"."""
    if days == 0:
        return "On the day itself"
    return "The working day before" if days == 1 else f"{days} working days before"


def lacks_words(lacks: Sequence[str], names: Mapping[str, str]) -> str:
    """What a quorum lacks (rules.attending.quorum), in words: "2 more agencies, and one of the kind police"."""
    said = []
    for one in lacks:
        what, _, which = one.partition(":")
        if what == "agencies":
            said.append("1 more agency" if which == "1" else f"{which} more agencies")
        else:
            said.append(f"one of the kind “{names.get(which, which.replace('_', ' '))}”")
    return ", and ".join(said)
