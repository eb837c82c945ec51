"""What packs say, kept by the process until another pack is loaded.

The database lets nobody change or remove a version of an entry, and each loading leaves a release, so what was read
while the same versions and releases stood is what would be read again. It is asked with every page whether they
still stand: what one process loads counts in every other from its next page on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.db import connection

from saferhub.foundation.one_page import once

A = TypeVar("A")

_STANDS = (
    "SELECT (SELECT max(id) FROM partnership_entry_version), count(*), max(id), max(loaded_at)"
    " FROM partnership_pack_release"
)
# More than the pages of a day ask for; a process that runs over many days begins again.
_MOST = 2_000
# What stood when the answers were read, and the answers.
_kept: tuple[Hashable, dict[Hashable, Any]] = (None, {})


def while_packs_stand(key: Hashable, ask: Callable[[], A]) -> A:
    """What `ask` answers, asked again only when a pack was loaded since. The answer is shared: callers do not change
    it. It must rest on packs and on `key` alone, never on who asks.

    One query, none where the page has asked anything of packs before; and those of `ask`, the first time.
    """
    global _kept
    stands = (connection.settings_dict["NAME"], *once("packs_stand", _stands))
    before, answers = _kept
    if before != stands or len(answers) > _MOST:
        # Another thread may fill the one before meanwhile; what it puts there is asked for no more.
        answers = {}
        _kept = (stands, answers)
    if key not in answers:
        answers[key] = ask()
    answer: A = answers[key]
    return answer


def _stands() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDS)
        found: tuple[Any, ...] = cursor.fetchone()
    return found
