"""The redaction check: what in a report would name somebody or point to a matter, before it leaves.

Names are looked up among the persons whom the reader herself may see, so that the check tells nobody more than she may
know. A report is approved by two, of whom one sees the work of every hub.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Lower

from saferhub.partnership.access import Actor, Permission
from saferhub.people.models import Name, Person
from saferhub.publication.model import Document
from saferhub.publication.rules.fragments import Fragment, fragments
from saferhub.reporting.rules.looking import Found, looked_for, of_names, words_in
from saferhub.sharing.access import in_folders_readable_by


def found_in(actor: Actor, document: Document) -> list[Found]:
    """Everything that stops this document, in the order of the text, each place and rule once. Two queries."""
    pieces = fragments(document)
    known = names_known(actor, pieces)
    every = [*looked_for(pieces), *of_names(pieces, known)]
    order = {one.place: number for number, one in reversed(list(enumerate(pieces)))}
    return sorted(dict.fromkeys(every), key=lambda one: order.get(one.place, 0))


def names_known(actor: Actor, pieces: list[Fragment]) -> set[tuple[str, str]]:
    """The names, given and family, on records that the actor may see, of which the family name could stand in these
    texts. Two queries."""
    words = words_in(pieces)
    if not words:
        return set()
    names = in_folders_readable_by(actor, Name.objects.filter(partnership=actor.partnership))
    persons = in_folders_readable_by(actor, Person.objects.filter(partnership=actor.partnership))
    found = set(_ending_in(names, "family", words).values_list("given", "family"))
    for name in _ending_in(persons, "name", words).values_list("name", flat=True):
        given, _, family = name.rpartition(" ")
        found.add((given, family))
    return found


def _ending_in(rows: QuerySet[Any], field: str, words: set[str]) -> QuerySet[Any]:
    """Those whose last word is one of these. What has letters beyond a to z is folded by Python alone, so all of it is
    taken."""
    last = Func(Lower(F(field)), Value("^.*[^a-z]"), Value(""), function="regexp_replace")
    beyond = Q(**{f"{field}__regex": "[^ -~]"})
    return rows.alias(last_word=last).filter(Q(last_word__in=words) | beyond).order_by().distinct()


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees the work of every hub, so that the check has looked among all of it."""
    return actor.has(Permission.SEE_HUB)
