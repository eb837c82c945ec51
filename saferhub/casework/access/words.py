"""Finding by words what was written of referrals and cases. The gate finds by index and gives numbers; they are read
again through the loaders, so that a fault in one wall shows nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db import connection
from django.db.models import F, Model, QuerySet, TextField, Value
from django.db.models.functions import Concat

from saferhub.casework.models import Action, Case, Note, Referral
from saferhub.partnership.access import Actor

from . import actions_visible_to, cases_visible_to, parts_readable_by, referrals_visible_to

# What is searched: the model, and its texts as the gate's function has them (sql/words.sql).
SEARCHED: dict[type[Model], tuple[str, ...]] = {
    Case: ("why", "wanted"),
    Referral: (
        "happened",
        "where",
        "tried",
        "asked_for",
        "children_words",
        "wishes",
        "urgent_why",
        "reply",
    ),
    Action: ("words", "evidence", "blocked_why"),
    Note: ("words",),
}
# What begins and ends a word that was found, in a piece of text: nothing that anybody can type.
BEGINS, ENDS = "\x02", "\x03"


def written_numbers(models: Collection[type[Model]], words: str, most: int) -> dict[type[Model], list[int]]:
    """Of each of these models, numbers of the rows that hold all these words and that the entered actor may read, the
    newest first, `most` at most. One query."""
    by_table = {model._meta.db_table: model for model in models}
    found: dict[type[Model], list[int]] = {model: [] for model in models}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM gate.find_written(%s, %s, %s)", [list(by_table), words, most])
        for table, number in cursor.fetchall():
            found[by_table[table]].append(number)
    return found


def written(actor: Actor, model: type[Model], words: str, numbers: list[int]) -> QuerySet[Any]:
    """Those of these rows that the actor may see, each with `piece`: where the words stand in it, marked."""
    rows: QuerySet[Any] = {
        Case: cases_visible_to,
        Referral: referrals_visible_to,
        Action: actions_visible_to,
        Note: lambda actor: parts_readable_by(actor, Note).filter(withdrawn_at__isnull=True),
    }[model](actor)  # type: ignore[index]
    texts = SEARCHED[model]
    pieces: list[Any] = [part for name in texts for part in (F(name), Value(" \n"))]
    return rows.filter(pk__in=numbers).annotate(
        piece=SearchHeadline(
            Concat(*pieces, output_field=TextField()),
            SearchQuery(words, config="english", search_type="websearch"),
            config="english",
            start_sel=BEGINS,
            stop_sel=ENDS,
            max_words=30,
            min_words=14,
            max_fragments=1,
        )
    )
