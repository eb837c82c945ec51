"""What may be done with a report: who approves it, how its versions are numbered, what stands in its way."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from saferhub.foundation.refusals import Refusal

APPROVALS = 2
FIRST = "1.0"
LONGEST_WORDS = 60_000


def next_number(number: str) -> str:
    """The number of the version that corrects this one.

    >>> next_number("1.0"), next_number("1.9"), next_number("")
    ('1.1', '1.10', '1.0')
    """
    if not number:
        return FIRST
    whole, _, part = number.partition(".")
    return f"{whole}.{int(part) + 1}"


def title_refusals(title: str) -> Iterator[Refusal]:
    """Why a report cannot be called so."""
    if not title.strip():
        yield Refusal("no_title", "Give the report a title.")


def exempt_refusals(*, is_exempt: bool, why: str) -> Iterator[Refusal]:
    """Why a section cannot be exempt: the public is told on which ground."""
    if is_exempt and not why.strip():
        yield Refusal(
            "no_ground",
            "Give the ground on which it is exempt, such as a paragraph of Schedule 12A to the Local Government Act"
            " 1972.",
        )


def left_out_refusals(*, is_left_out: bool, why: str) -> Iterator[Refusal]:
    """Why a section cannot be left out."""
    if is_left_out and not why.strip():
        yield Refusal("no_reason", "Say why the section is left out. Whoever approves the report reads it.")


def mark_refusals(unknown: Collection[str], known: Collection[str]) -> Iterator[Refusal]:
    """Why words cannot stand: they cite figures that there are not."""
    if unknown:
        named = ", ".join(f"[{one}]" for one in unknown)
        offered = ", ".join(f"[{one}]" for one in sorted(known)[:12])
        hint = f" There are {offered}." if offered else " This section has no figures."
        yield Refusal("unknown_mark", f"There is no figure for {named}.{hint}")


def approval_refusals(
    *, by: str, approved_by: Collection[str], sees_all: bool, one_saw_all: bool
) -> Iterator[Refusal]:
    """Why somebody's approval cannot count: two different people approve, and one of them sees every hub's work, so
    that names and matters in it were looked for among all that is held."""
    if by in approved_by:
        yield Refusal(
            "approved_already", "You have approved this version. Somebody else gives the second approval."
        )
    elif len(approved_by) >= APPROVALS:
        yield Refusal("approved_twice", "Two people have approved this version.")
    elif len(approved_by) == APPROVALS - 1 and not (sees_all or one_saw_all):
        yield Refusal(
            "nobody_saw_all",
            "One of the two who approve a report has to see the work of every hub, so that it is checked against all of"
            " it. Ask the partnership manager.",
        )
