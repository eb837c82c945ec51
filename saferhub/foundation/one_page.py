"""What a page asks once, though several of its parts want it.

The answers are kept from the beginning of a request that only reads (GET, HEAD) to its end, and while the rows of a
sheet are checked, before anything of it is written. Nowhere else: an operation, a job, a stream or a form that is
sent asks the database each time, so that nothing written is read again as it was before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

A = TypeVar("A")
K = TypeVar("K", bound=Hashable)

_known: ContextVar[dict[Hashable, Any] | None] = ContextVar("foundation_one_page", default=None)
_NOTHING = object()


@contextmanager
def one_page() -> Iterator[None]:
    """Keep what is asked by `once` and `batched` until the end of the block."""
    before = _known.get()
    _known.set({})
    try:
        yield
    finally:
        _known.set(before)


def once(key: Hashable, ask: Callable[[], A]) -> A:
    """What `ask` answers, asked once on a page for each key. The answer is shared: callers do not change it.

    A key names whoever reads where the answer depends on it.
    """
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    answer: A = known[key]
    return answer


def batched(
    key: Hashable, wanted: Collection[K], ask: Callable[[Collection[K]], Mapping[K, A]]
) -> dict[K, A]:
    """Answers by code: `ask` is called with those that the page has not asked for, and not where there are none.

    What `ask` has no answer to is not asked again either, and is left out.
    """
    known = _known.get()
    if known is None:
        return dict(ask(wanted))
    answers: dict[K, Any] = known.setdefault(key, {})
    missing = [one for one in dict.fromkeys(wanted) if one not in answers]
    if missing:
        found = ask(missing)
        for one in missing:
            answers[one] = found.get(one, _NOTHING)
    return {one: answers[one] for one in wanted if answers[one] is not _NOTHING}


def keeps() -> bool:
    """Whether what is asked now is kept, so that asking for more at once saves asking again."""
    return _known.get() is not None
