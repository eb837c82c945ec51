"""What a search finds in what was written: cases, referrals, actions and updates that hold the words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import reverse

from saferhub.casework.access import words as access
from saferhub.casework.models import Action, Case, Note, NoteKind, Referral
from saferhub.partnership.access import Actor
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Matter
from saferhub.sharing.registries import WordsHit

# The order in which kinds are shown: the thing itself before what was written to it.
_KINDS: tuple[type[Model], ...] = (Case, Referral, Action, Note)


def found(actor: Actor, words: str, most: int) -> list[WordsHit]:
    """Up to `most` of each kind, the newest first, as far as the actor may read them. Seven queries at most."""
    rows: list[tuple[type[Model], Any]] = []
    for model, numbers in access.written_numbers(_KINDS, words, most).items():
        if numbers:
            by_number = {row.pk: row for row in access.written(actor, model, words, numbers)}
            rows += [(model, by_number[number]) for number in numbers if number in by_number]
    cases = {row.case_id for model, row in rows if model is Action}
    of_case = dict(Case.objects.filter(pk__in=cases).values_list("pk", "matter_id")) if cases else {}
    wanted = {of_case.get(row.case_id) if model is Action else row.matter_id for model, row in rows}
    matters = matters_visible_to(actor).select_related("hub").in_bulk([one for one in wanted if one])
    hits = []
    for model, row in rows:
        matter = matters.get(of_case.get(row.case_id, 0) if model is Action else row.matter_id)
        if matter is not None:
            hits.append(_SAID[model](row, matter, parts(row.piece)))
    return hits


def parts(piece: str) -> tuple[tuple[str, bool], ...]:
    """A piece of text, cut where words that were found begin and end: (text, whether it was found)."""
    cut = re.split(f"{access.BEGINS}(.*?){access.ENDS}", " ".join(piece.split()))
    return tuple((text, number % 2 == 1) for number, text in enumerate(cut) if text)


def _of_case(row: Case, matter: Matter, piece: tuple[tuple[str, bool], ...]) -> WordsHit:
    return WordsHit(
        "Case", matter.title, reverse("case", args=[matter.public_id]), matter, piece, row.adopted_on
    )


def _of_referral(row: Referral, matter: Matter, piece: tuple[tuple[str, bool], ...]) -> WordsHit:
    return WordsHit(
        "Referral", matter.title, reverse("referral", args=[matter.public_id]), matter, piece, row.sent_on
    )


def _of_action(row: Action, matter: Matter, piece: tuple[tuple[str, bool], ...]) -> WordsHit:
    return WordsHit(
        "Action", matter.title, reverse("action", args=[row.public_id]), matter, piece, row.set_on
    )


def _of_note(row: Note, matter: Matter, piece: tuple[tuple[str, bool], ...]) -> WordsHit:
    what = "Contact" if row.kind == NoteKind.CONTACT else "Update"
    url = reverse("case-update", args=[matter.public_id, row.public_id])
    return WordsHit(what, matter.title, url, matter, piece, row.on)


_SAID: dict[type[Model], Callable[[Any, Matter, tuple[tuple[str, bool], ...]], WordsHit]] = {
    Case: _of_case,
    Referral: _of_referral,
    Action: _of_action,
    Note: _of_note,
}
