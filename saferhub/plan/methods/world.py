"""What a reader holds side by side: the tables of a release and of earlier ones, joined to one set of counts.

Counts of one name are one count. Where an earlier release gives another value for a name, or one that no
adding of rows explains, rows were corrected in between: then the two are different counts, and the result
says so. Periods of one subject are joined as `periods` describes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from . import periods
from .reader import Reader, Relations
from .tables import Count, Release, Sum, Table


@dataclass(frozen=True, slots=True)
class World:
    """All that is known or hidden at once.

    current: the counts that the new release shows or marks. published: those of earlier releases that stand
    there openly. marked_before: those marked there and nowhere open. derived: differences that no table shows.
    """

    current: Mapping[Count, int]
    labels: Mapping[Count, str]
    always_shown: frozenset[Count]
    published: frozenset[Count]
    marked_before: frozenset[Count]
    derived: frozenset[Count]
    unlinked: tuple[str, ...]
    relations: Relations
    silent: Reader
    touched: frozenset[Count]

    def value(self, count: Count) -> int:
        return round(float(self.relations.values[self.relations.at[count]]))

    def label(self, count: Count) -> str:
        return self.labels.get(count) or f"{count.what}{period_words(count)}"

    def hidden(self, marked: frozenset[Count]) -> list[int]:
        """The places of what a reader does not see when `marked` are hidden in the new release."""
        shown = self.published | (self.current.keys() - marked)
        return self.relations.places(count for count in self.relations.counts if count not in shown)


def small(value: int, threshold: int, *, show_zero: bool) -> bool:
    """Whether a count of this size is not shown for itself."""
    return (0 if not show_zero else 1) <= value < threshold


def period_words(count: Count) -> str:
    if count.period is None:
        return ""
    first, last = count.period
    return f", {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def assemble(tables: Sequence[Table], earlier: Sequence[Release], threshold: int) -> World:
    """Joins tables and earlier releases (in the order in which they were published).

    Raises ValueError where the new tables contradict each other.
    """
    values: dict[Count, int] = {}
    labels: dict[Count, str] = {}
    for table in tables:
        for cell in table.cells:
            if values.setdefault(cell.count, cell.value) != cell.value:
                raise ValueError(f"{table.name}, {cell.label}: another table of this release says otherwise.")
            labels.setdefault(cell.count, f"{table.name}: {cell.label}{period_words(cell.count)}")
    periods.check(values)
    current = {
        count: value for table in tables if not table.background for count, value in table.values.items()
    }
    sums = [each for table in tables for each in table.sums]
    published: set[Count] = set()
    marked: set[Count] = set()
    unlinked: list[str] = []
    for release in reversed(earlier):
        names, links = _names(release, values)
        sums += links
        for table in release.tables:
            for cell in table.cells:
                name = names[cell.count]
                values[name] = cell.value
                labels.setdefault(
                    name, f"{table.name}: {cell.label}{period_words(cell.count)} ({release.name})"
                )
                if not table.background:
                    (marked if cell.count in release.marked else published).add(name)
            sums += [Sum(names[s.total], tuple(names[part] for part in s.parts)) for s in table.sums]
        unlinked += [f"{release.name}: {labels[new]}" for old, new in names.items() if new != old]
        # A number that fits goes on under its own name too, so that later ones are held against it.
        published |= {each.parts[0] for each in links if each.total in published}
        marked |= {each.parts[0] for each in links if each.total in marked}
        values.update({each.parts[0]: values[each.total] for each in links})
    linked = periods.link(values)
    for count in linked.derived:
        subject = next(label for known, label in labels.items() if known.what == count.what)
        labels[count] = f"the difference{period_words(count)}, of {subject}"
    relations = Relations(values | linked.values, [*sums, *linked.sums], slack=threshold)
    said = {cell.count for table in tables for cell in table.cells}
    silent = Reader(relations, relations.places(relations.at.keys() - published))
    return World(
        current=current,
        labels=labels,
        always_shown=frozenset(count for table in tables for count in table.always_shown),
        published=frozenset(published),
        marked_before=frozenset(marked - published),
        derived=frozenset(linked.derived),
        unlinked=tuple(dict.fromkeys(unlinked)),
        relations=relations,
        silent=silent,
        touched=_touched(silent, said),
    )


def _touched(silent: Reader, said: set[Count]) -> frozenset[Count]:
    """The hidden counts that some relation joins, over others that are hidden, to what a release says."""
    import numpy as np

    at = silent.relations.at
    groups = {int(silent.group[silent.column[at[one]]]) for one in said if at[one] in silent.column}
    places = silent.hidden[np.isin(silent.group, sorted(groups))]
    return frozenset(silent.relations.counts[place] for place in places)


def _names(release: Release, values: Mapping[Count, int]) -> tuple[dict[Count, Count], list[Sum]]:
    """By which name each count of an earlier release is known, and which of the renamed are still the same.

    Where one count of a subject was corrected, all counts of the subject in that release get names of
    their own, so that they go on belonging together; those that still fit are tied to the common name.
    """
    held: dict[Count, int] = {}
    for table in release.tables:
        for count, value in table.values.items():
            if held.setdefault(count, value) != value:
                raise ValueError(f"{release.name}: {count.what} stands there with two values.")
    fit = periods.fits(values, held)
    for count in held:
        if count.period is None:
            fit[count] = values.get(count, held[count]) == held[count]
    broken = {count.what for count in held if not fit[count]}
    names = {
        count: Count(f"{count.what} ({release.name})", count.period) if count.what in broken else count
        for count in held
    }
    return names, list(_ties(names, fit))


def _ties(names: Mapping[Count, Count], fit: Mapping[Count, bool]) -> Iterator[Sum]:
    for old, new in names.items():
        if new != old and fit[old]:
            yield Sum(new, (old,))
