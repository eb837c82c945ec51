"""Pages of a long list, read once: which rows are hers, no further than can be turned over.

Finding out which rows somebody may see costs far more than showing them, so the numbers are read once, in
order, and give both the count and the page. Beyond `most` a reader filters or searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class LongList(Paginator):
    """`found`: rows as the reader's loader gives them, sorted. `load`: from a page's numbers to its rows, with
    all that a row shows; the numbers are hers already, so they are only read again by number."""

    def __init__(
        self,
        found: QuerySet[Any] | list[int],
        per_page: int,
        *,
        most: int,
        load: Callable[[list[int]], Iterable[Any]],
    ) -> None:
        self.most, self.load = most, load
        super().__init__(found, per_page)

    @cached_property
    def _numbers(self) -> list[int]:
        found: Any = self.object_list
        return list(found.values_list("pk", flat=True)[: self.most + 1])

    @cached_property
    def count(self) -> int:
        return min(len(self._numbers), self.most)

    @property
    def is_capped(self) -> bool:
        """Whether there are more than are shown."""
        return len(self._numbers) > self.most

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        chosen = self._numbers[: self.most][(number - 1) * self.per_page : number * self.per_page]
        rows = {row.pk: row for row in self.load(chosen)}
        return Page([rows[pk] for pk in chosen if pk in rows], number, self)


class NumberedList(LongList):
    """The same where the gate has found the numbers: `found` is a list of them, sorted, one more than `most` where
    there are more. What `load` gives is read under the reader's own sight; what it leaves out is not shown."""

    @cached_property
    def _numbers(self) -> list[int]:
        return list(self.object_list)
