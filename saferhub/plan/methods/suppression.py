"""Small numbers in published tables: which cells to mark, and whether the marks hold.

Small counts are marked (primary cells), and so are further cells through which one could work them out
(secondary cells), with one and the same mark. What is promised: a reader who knows only that counts are whole
and not negative, and who holds all open numbers of this release and of earlier ones side by side, cannot
narrow any marked count to a range shorter than the threshold. `audit` finds that range for each; where it
is shorter, `protect` raises CannotProtect and the release must not go out. See docs/methods/suppression.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .choice import Chooser
from .reader import Range, Reader
from .tables import ALL, Cell, Count, Dimension, Release, Sum, Table, table_of
from .world import World, assemble, small

__all__ = [
    "ALL", "Audit", "CannotProtect", "Cell", "Count", "Dimension", "Exposed", "Protected", "Range",
    "Release", "Sum", "Table", "audit", "protect", "table_of",
]  # fmt: skip

NAME, VERSION = "Cell suppression", "1"


@dataclass(frozen=True, slots=True)
class Exposed:
    """A count that a reader can narrow too far: to which range, and through which earlier releases.

    With no releases named, the tables of the release itself are enough.
    """

    count: Count
    label: str
    range: Range
    releases: tuple[str, ...] = ()

    def sentence(self) -> str:
        through = f" by comparing it with {', '.join(self.releases)}" if self.releases else ""
        return f"{self.label}: a reader can tell that it is {self.range.words()}{through}."


class CannotProtect(ValueError):  # noqa: N818 - a refusal, which says what stands in the way
    """No choice of marks protects these tables. `reasons` says which counts, and why."""

    def __init__(self, reasons: Sequence[Exposed]) -> None:
        super().__init__(" ".join(reason.sentence() for reason in reasons))
        self.reasons = tuple(reasons)


class _Ranges(Mapping[Count, Range]):
    """The ranges of counts, each found when it is asked for."""

    def __init__(self, reader: Reader, places: Sequence[int]) -> None:
        self._reader = reader
        self._places = {reader.relations.counts[place]: place for place in places}

    def __getitem__(self, count: Count) -> Range:
        return self._reader.range_of(self._places[count])

    def __iter__(self) -> Iterator[Count]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, slots=True)
class Audit:
    """The range of every marked count, of this release and of what it touches in earlier ones, and of small
    differences.

    failures: counts that this release gives away. exposed_before: counts that earlier releases alone gave
    away, which no mark of this one can mend. unlinked: numbers of earlier releases that were corrected since.
    """

    threshold: int
    ranges: Mapping[Count, Range]
    failures: tuple[Exposed, ...]
    exposed_before: tuple[Exposed, ...]
    unlinked: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables with their marks, and the audit that found these to hold."""

    tables: tuple[Table, ...]
    marked: frozenset[Count]
    primary: frozenset[Count]
    audit: Audit
    method: str = f"{NAME} {VERSION}"

    def shown(self, count: Count) -> int | None:
        """The number to print, or None for the mark. Raises KeyError for a count that no table holds."""
        shown = (table.values for table in self.tables if not table.background)
        value = next((values[count] for values in shown if count in values), None)
        if value is None:
            raise KeyError(count)
        return None if count in self.marked else value

    def as_release(self, name: str) -> Release:
        """What to keep with the frozen version, so that later releases are held against it."""
        return Release(name, self.tables, self.marked)


def protect(
    tables: Sequence[Table], threshold: int, *, earlier: Sequence[Release] = (), show_zero: bool = True
) -> Protected:
    """Marks what must be marked.

    tables: all tables of one release, as of one date. threshold: the least number shown, for example 5.
    earlier: frozen releases of the same rows, in the order in which they were published. show_zero:
    whether zeros are shown; otherwise they are small numbers too. Raises CannotProtect where no marks
    are enough, and ValueError where the tables contradict each other.
    """
    _check(threshold)
    world = assemble(tables, earlier, threshold)
    primary = _primary(world, threshold, show_zero)
    marked = _choose(world, threshold, show_zero, primary)
    found = _audit(world, threshold, show_zero, marked)
    while found.failures:
        # Broken numbers could reach further than whole ones: one more cell, until it holds or none is left.
        spare = world.current.keys() - marked - world.published - world.always_shown
        nearest = _nearest(world, spare, {failure.count for failure in found.failures})
        if nearest is None:
            everything = frozenset(world.current.keys() - world.always_shown)
            raise CannotProtect(_with_releases(world, found.failures, tables, threshold, earlier, everything))
        marked |= {nearest}
        found = _audit(world, threshold, show_zero, marked)
    return Protected(tuple(tables), marked, primary, found)


def audit(
    tables: Sequence[Table],
    marked: Iterable[Count],
    threshold: int,
    *,
    earlier: Sequence[Release] = (),
    show_zero: bool = True,
) -> Audit:
    """What a reader can work out where exactly `marked` are hidden: of every marked count its range.

    A small number that is not marked is a failure too. Arguments and ValueError as for `protect`.
    """
    _check(threshold)
    marked = frozenset(marked)
    world = assemble(tables, earlier, threshold)
    if unknown := marked - world.current.keys():
        raise ValueError(f"No table holds {sorted(count.what for count in unknown)[0]}.")
    found = _audit(world, threshold, show_zero, marked)
    failures = _with_releases(world, found.failures, tables, threshold, earlier, marked)
    return Audit(threshold, found.ranges, failures, found.exposed_before, found.unlinked)


def _check(threshold: int) -> None:
    if threshold < 2:
        raise ValueError("Below a threshold of two there is no small number to protect.")


def _primary(world: World, threshold: int, show_zero: bool) -> frozenset[Count]:
    return frozenset(
        count
        for count, value in world.current.items()
        if small(value, threshold, show_zero=show_zero) and count not in world.always_shown
    )


def _beside(world: World, threshold: int, show_zero: bool) -> frozenset[Count]:
    """What must stay hidden though it is no cell of the release: earlier marks, and small differences."""
    differences = {
        count for count in world.derived if small(world.value(count), threshold, show_zero=show_zero)
    }
    return frozenset((world.marked_before | differences) & world.touched)


def _choose(world: World, threshold: int, show_zero: bool, primary: frozenset[Count]) -> frozenset[Count]:
    """Primary cells, cells marked before, and the secondary ones that these need."""
    relations = world.relations
    # Hiding what an earlier release shows, or what is public anyhow, would hide nothing.
    markable = frozenset(world.current.keys() - world.published - world.always_shown)
    forced = primary | (markable & world.marked_before)
    beside = set(relations.places(_beside(world, threshold, show_zero)))
    candidates = relations.places(markable - forced)
    within = set(relations.places(world.touched))
    widest = Reader(relations, within.intersection(world.hidden(markable)))
    chooser = Chooser(widest, within.intersection(world.hidden(forced)), candidates, threshold)
    first = set(relations.places(forced))
    further = chooser.grow(first | beside)
    kept = chooser.prune(further, first | beside | further)
    return forced | {relations.counts[place] for place in kept}


def _audit(world: World, threshold: int, show_zero: bool, marked: frozenset[Count]) -> Audit:
    relations = world.relations
    reader = Reader(relations, world.hidden(marked))
    failures, before = [], []
    beside = _beside(world, threshold, show_zero) - world.current.keys()
    asked = relations.places(marked | beside | _primary(world, threshold, show_zero))
    for place in reader.narrow(asked, threshold):
        count = relations.counts[place]
        alone = world.silent.range_of(place) if count in beside else None
        if alone is not None and not alone.is_wide(threshold):
            before.append(Exposed(count, world.label(count), alone))
        else:
            failures.append(Exposed(count, world.label(count), reader.range_of(place)))
    return Audit(threshold, _Ranges(reader, asked), tuple(failures), tuple(before), world.unlinked)


def _nearest(world: World, spare: Iterable[Count], failing: set[Count]) -> Count | None:
    """The smallest cell that may still be marked: of those that share a sum with a failing one, or of any."""
    relations = world.relations
    spare_places = relations.places(spare)
    rows = relations.matrix[:, relations.places(failing)].getnnz(axis=1) > 0
    close = [place for place in spare_places if relations.matrix[:, [place]].getnnz(axis=1)[rows].any()]
    ordered = sorted(close or spare_places, key=lambda place: (relations.values[place], place))
    return relations.counts[ordered[0]] if ordered else None


def _that_touch(world: World, counts: Iterable[Count], earlier: Sequence[Release]) -> list[Release]:
    """The earlier releases that some chain of sums joins to these counts: no other tells anything of them."""
    relations = world.relations
    everything = Reader(relations, range(len(relations.counts)))
    groups = {int(everything.group[place]) for place in relations.places(counts)}
    subjects = {
        count.what
        for count, group in zip(relations.counts, everything.group, strict=True)
        if int(group) in groups
    }
    return [
        release
        for release in earlier
        if any(
            count.what in subjects or f"{count.what} ({release.name})" in subjects
            for table in release.tables
            for count in table.values
        )
    ]


def _with_releases(
    world: World,
    failures: Sequence[Exposed],
    tables: Sequence[Table],
    threshold: int,
    earlier: Sequence[Release],
    marked: frozenset[Count],
) -> tuple[Exposed, ...]:
    """Says of each failure which earlier releases it needs: what any of them alone, or only all together,
    tells a reader from whom `marked` are hidden."""

    def told(releases: Sequence[Release]) -> dict[Count, Range | None]:
        part = assemble(tables, releases, threshold)
        reader, at = Reader(part.relations, part.hidden(marked)), part.relations.at
        # A difference to a release that is left out is no count at all.
        return {c: reader.range_of(at[c]) if c in at else None for c in (each.count for each in failures)}

    if failures:
        earlier = _that_touch(world, [each.count for each in failures], earlier)
    if not failures or not earlier:
        return tuple(failures)
    nothing, everything = told([]), told(earlier)
    named: dict[Count, list[str]] = {each.count: [] for each in failures}
    for release in earlier:
        alone, rest = told([release]), told([each for each in earlier if each is not release])
        for count, names in named.items():
            far = alone[count]
            enough = far is not None and not far.is_wide(threshold) and far != nothing[count]
            if enough or rest[count] != everything[count]:
                names.append(release.name)
    for count, names in named.items():
        if not names and nothing[count] != everything[count]:
            names += [release.name for release in earlier]
    return tuple(Exposed(each.count, each.label, each.range, tuple(named[each.count])) for each in failures)
