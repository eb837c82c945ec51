"""Writing a planned world by COPY, as the owner: only in a demonstration, and for measuring.

COPY is refused under row-level security, so the owner lifts the force of the policies from itself for one
transaction (see `foundation.walls.unforced`); every other role stays bound. What is written is what the
operations would have written, entries of the audit included, and a test holds the two together.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections

from saferhub.audit import copied
from saferhub.audit import operations as audit
from saferhub.casework.models import (
    Action,
    ActionMove,
    Assessment,
    Case,
    CaseMove,
    CaseReview,
    Decision,
    DemandEvent,
    Goal,
    Intervention,
    InterventionMove,
    Involved,
    Note,
    PromptAnswer,
    Referral,
    ReferralMove,
    Risk,
)  # fmt: skip
from saferhub.foundation import clock, walls
from saferhub.foundation.refusals import Refusal
from saferhub.people.models import Address, Name, Person
from saferhub.sharing.models import Enclosure, Folder, Interest, Matter, MatterMove, Revision

from .bare_tables import bare
from .copied_cases import Copied
from .facts import Facts
from .rows import Tables
from .steps import Story, Truth

# Each table after those that it refers to.
ORDER = (
    Folder, Matter, MatterMove, Person, Name, Address, Enclosure, Interest, Referral, Case, ReferralMove, Involved,
    Decision, Assessment, PromptAnswer, CaseMove, CaseReview, Note, Action, ActionMove, Goal, Risk, Intervention,
    InterventionMove, DemandEvent, Revision,
)  # fmt: skip
TRUTH = "demonstration_truth.json"
_BATCH = 400


@dataclass(slots=True)
class Loaded:
    """What was written. `truths`: what is true of each story, which stands in no table."""

    stories: int = 0
    cases: int = 0
    rows: int = 0
    sealed: int = 0


def load(
    stories: Iterable[Story],
    facts: Facts,
    *,
    seed: int,
    say: Callable[[str], None],
    truth: Path | None = None,
    settle: Callable[[], None] | None = None,
) -> Loaded:
    """Write all of it or nothing, seal the audit, and write the truth beside. `settle`: called as the last thing
    inside the transaction.

    Raises Refusal outside a demonstration, and where nobody is the owner. Broken off from the keyboard, it says that
    nothing of it stands.
    """
    if not settings.DEMONSTRATION:
        raise Refusal("no_demonstration", "Only a demonstration is filled by COPY.")
    if "owner" not in connections.settings:
        raise Refusal("no_owner", "Set DATABASE_OWNER_URL: only the owner may copy into protected tables.")
    done = Loaded()
    gc.freeze()  # what is there already stays, and need not be gone through again and again
    try:
        _load(iter(stories), facts, seed, say, truth, settle, done)
    except KeyboardInterrupt:
        say("broken off; nothing of this history was kept")
        raise
    finally:
        gc.unfreeze()
    _look_anew()
    if "steward" in connections.settings:
        done.sealed = audit.seal()
    return done


def _load(
    stories: Iterator[Story], facts: Facts, seed: int, say: Callable[[str], None], truth: Path | None,
    settle: Callable[[], None] | None, done: Loaded,
) -> None:  # fmt: skip
    with _Truths(truth) as truths, walls.unforced(*_protected()):
        with connections["owner"].cursor() as cursor:
            # Otherwise every check waits, and is remembered, until the end of all of it.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tables = Tables(seed, ORDER)
        tables.now = clock.real_now()
        with bare(tables.names, say), copied.copying() as entries:
            _fill(tables, entries, Copied(tables, facts), stories, truths, done, say)
            say(f"{done.cases} cases, {done.rows} rows; putting back indexes and references")
        if settle is not None:
            settle()


def _fill(
    tables: Tables, entries: copied.Completing, world: Copied, left: Iterator[Story], truths: _Truths, done: Loaded,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """Make rows while those made before are sent: two batches are held at most."""
    sent: Future[None] | None = None
    with ThreadPoolExecutor(max_workers=1) as sender:
        while batch := list(islice(left, _BATCH)):
            for story in batch:
                world.story(story)
                truths.keep(story.truth)
                done.cases += story.truth.adopted
            entries.set_time()
            rows, sendings = tables.in_words(entries)
            if sent is not None:
                sent.result()
            sent = sender.submit(tables.send, sendings)
            done.rows += rows
            done.stories += len(batch)
            if done.stories % (10 * _BATCH) == 0:
                say(f"{done.cases} cases, {done.rows} rows")
        if sent is not None:
            sent.result()
    tables.finish()


def _protected() -> list[Any]:
    guarded = walls.declared()
    return [model for model in apps.get_models() if model._meta.db_table in guarded]


def _look_anew() -> None:
    """Let the planner know of the new rows, as the server would by itself in time."""
    with connections["owner"].cursor() as cursor:
        for model in ORDER:
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
        cursor.execute("ANALYZE audit_entry")


class _Truths:
    """A file of what is true, one story on a line, put in place once all is written."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: Any = None

    def __enter__(self) -> _Truths:
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.with_suffix(".part").open("w", encoding="utf-8")
            self._file.write('{"invented": true, "stories": [\n')
            self._comma = ""
        return self

    def keep(self, truth: Truth) -> None:
        if self._file is not None:
            self._file.write(f"{self._comma}{json.dumps(asdict(truth), sort_keys=True)}")
            self._comma = ",\n"

    def __exit__(self, kind: Any, *_: Any) -> None:
        if self._file is None or self._path is None:
            return
        self._file.write("\n]}\n")
        self._file.close()
        part = self._path.with_suffix(".part")
        if kind is None:
            part.replace(self._path)
        else:
            part.unlink()
