"""What the page of giving minutes to somebody outside reads."""

from __future__ import annotations

from typing import overload

from saferhub.meetings.operations.minutes_given import Extract, document_for
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.releases.queries.facts import facts_of
from saferhub.releases.rules.check import Addressee, Finding, check
from saferhub.releases.rules.documents import parts_of_document


def findings_of(actor: Actor, extract: Extract) -> list[Finding]:
    """What the release check finds for a reader outside, as far as the actor may know it. Nothing is kept, and
    nothing asked of what is held elsewhere."""
    facts = facts_of(actor, extract.matter, on=actor.on)
    return check(parts_of_document(document_for(extract, "")), [Addressee(name="")], facts.persons)


@overload
def agencies_to_choose(actor: Actor) -> list[tuple[str, str]]: ...
@overload
def agencies_to_choose(actor: Actor, code: str) -> Agency | None: ...
def agencies_to_choose(actor: Actor, code: str = "") -> list[tuple[str, str]] | Agency | None:
    """The agencies of the partnership by code and name, or the one of this code."""
    rows = Agency.objects.filter(partnership=actor.partnership)
    if code:
        return rows.filter(code=code).first()
    return list(rows.order_by("name").values_list("code", "name"))
