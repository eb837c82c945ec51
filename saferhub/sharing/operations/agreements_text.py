"""What an agreement says: drafts written by form, taken from a pack, edited, copied to replace one.

A signature is given to words. When the words of a draft change, the signatures recorded on it go, and the
parties sign again.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Hub, Partnership
from saferhub.partnership.queries import in_force
from saferhub.sharing.access import agreements as access
from saferhub.sharing.models import (
    AGREEMENT_LIFECYCLE,
    Agreement,
    AgreementHub,
    AgreementMove,
    AgreementParty,
)
from saferhub.sharing.operations.folders import check_seen
from saferhub.sharing.queries.agreements_terms import CODES, terms_of
from saferhub.sharing.rules import agreements as rules
from saferhub.sharing.rules.agreements import Terms

_LONGEST_CODE = 80


@transaction.atomic
def write_draft(*, terms: Terms, by: Actor, on: date) -> Agreement:
    """A new draft. Raises NotAllowed, and Refusal `title_missing`, `last_before_first`, `review_before_first`,
    `unknown_code` or `other_partnership`."""
    access.check_can_keep_agreements(by)
    if by.partnership is None:
        raise Refusal("no_partnership", "You belong to no partnership, so there is nothing to agree.")
    agreement = _begin(by.partnership, _free_code(by.partnership, terms.title), terms, by=by, on=on)
    audit.record("agreement.drafted", agreement, by=by, agreement=agreement.code)
    return agreement


@transaction.atomic
def edit_draft(*, agreement_id: str, terms: Terms, seen: int, by: Actor, on: date) -> Agreement:
    """Change what a draft says. `seen` is the version that the editor saw.

    What changes takes the recorded signatures away. Raises Http404, NotAllowed, Conflict
    `changed_meanwhile`, Refusal `fixed`, and as `write_draft`.
    """
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_edit_draft(by, agreement)
    check_seen(agreement, seen)
    before = terms_of(agreement)
    if before == terms:
        return agreement
    refuse_if(rules.terms_refusals(terms))
    _check_codes(agreement.partnership, terms, before, on=on)
    _fill(agreement, terms)
    agreement.version += 1
    agreement.save()
    unsigned = _put_parts(agreement, terms)
    changed = [name for name in Terms.__dataclass_fields__ if getattr(before, name) != getattr(terms, name)]
    audit.record(
        "agreement.edited",
        agreement,
        by=by,
        agreement=agreement.code,
        version=agreement.version,
        fields=changed,
        signatures_removed=unsigned,
    )
    return agreement


@transaction.atomic
def take_from_pack(
    *, code: str, by: Actor | None, on: date, partnership: Partnership | None = None
) -> Agreement:
    """A draft of what the partnership's pack says under this code, with the signatures it names.

    `by` is None for the demonstration alone, which then names the `partnership`: nobody of its cast keeps
    the agreements of the second one. Raises NotAllowed, and Refusal `not_in_pack` or `taken_already`.
    """
    if by is not None:
        access.check_can_keep_agreements(by)
        partnership = by.partnership
    if partnership is None:
        raise Refusal("no_partnership", "You belong to no partnership, so there is nothing to agree.")
    found = in_force.entry(partnership, "agreements", code, on)
    if found is None:
        raise Refusal("not_in_pack", "The partnership’s pack holds no such agreement today. Choose another.")
    if Agreement.objects.filter(partnership=partnership, code=code).exists():
        raise Refusal("taken_already", "This agreement has been taken from the pack already.")
    item = found.item
    terms = Terms(
        title=item.name,
        about=item.about,
        parties=tuple(sorted(item.parties)),
        every_hub=not item.hubs,
        hubs=tuple(sorted(item.hubs)),
        opens_hubs=item.opens_hubs,
        **{name: tuple(sorted(getattr(item, name))) for name in CODES},
        necessity=item.necessity,
        security=item.security,
        retention=item.retention_words,
        rights=item.rights,
        breach=item.breach,
        first_day=item.first_day,
        last_day=item.last_day,
        review_on=item.review_on,
    )
    agreement = _begin(partnership, code, terms, by=by, on=on, from_pack=found.version_id)
    for signature in item.signatures:
        if signature.day <= on:
            AgreementParty.objects.filter(agreement=agreement, agency__code=signature.agency).update(
                signed_post=signature.post, signed_on=signature.day
            )
    audit.record("agreement.taken_from_pack", agreement, by=by, concerning=partnership, agreement=code)
    return agreement


@transaction.atomic
def replace(*, agreement_id: str, by: Actor, on: date) -> Agreement:
    """A new draft copied from an agreement that was in force, unsigned and without its days.

    The old one stays as it is until it is ended: what rests on it must first be shared anew under the new
    one. Raises Http404, NotAllowed, and Refusal `is_draft` or `replaced_already`.
    """
    old = access.get_agreement_for_update(by, agreement_id)
    access.check_can_replace(by, old)
    terms = terms_of(old)
    standing_parties = tuple(
        sorted(old.parties.filter(withdrawn_on=None).values_list("agency__code", flat=True))
    )
    copied = Terms(
        **{
            **{name: getattr(terms, name) for name in Terms.__dataclass_fields__},
            "parties": standing_parties,
            "first_day": None,
            "last_day": None,
            "review_on": None,
        }
    )
    agreement = _begin(
        old.partnership,
        _free_code(old.partnership, terms.title),
        copied,
        by=by,
        on=on,
        replaces=old,
        checked=True,
    )
    audit.record("agreement.replaced", old, by=by, agreement=old.code, new=agreement.code)
    return agreement


def _begin(
    partnership: Partnership,
    code: str,
    terms: Terms,
    *,
    by: Actor | None,
    on: date,
    checked: bool = False,
    replaces: Agreement | None = None,
    from_pack: int | None = None,
) -> Agreement:
    refuse_if(rules.terms_refusals(terms))
    if not checked:
        _check_codes(partnership, terms, None, on=on)
    agreement = Agreement(partnership=partnership, code=code, replaces=replaces, from_pack_id=from_pack)
    _fill(agreement, terms)
    agreement.save()
    _put_parts(agreement, terms)
    AgreementMove.objects.create(
        agreement=agreement, to_status=AGREEMENT_LIFECYCLE.start, on=on, by=by.public_id if by else ""
    )
    return agreement


def _fill(agreement: Agreement, terms: Terms) -> None:
    for name in Terms.__dataclass_fields__:
        if name in {"parties", "hubs"}:
            continue
        value: Any = getattr(terms, name)
        setattr(
            agreement,
            name,
            list(value) if isinstance(value, tuple) else value.strip() if isinstance(value, str) else value,
        )


def _put_parts(agreement: Agreement, terms: Terms) -> int:
    """Choose parties and hubs anew, all unsigned. Returns how many signatures went."""
    partnership = agreement.partnership
    unsigned = agreement.parties.filter(signed_on__isnull=False).update(signed_post="", signed_on=None)
    agreement.parties.exclude(agency__code__in=terms.parties).delete()
    there = set(agreement.parties.values_list("agency__code", flat=True))
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=agreement, agency=agency)
        for agency in Agency.objects.filter(partnership=partnership, code__in=set(terms.parties) - there)
    )
    hubs = () if terms.every_hub else terms.hubs
    agreement.hub_rows.exclude(hub__code__in=hubs).delete()
    covered = set(agreement.hub_rows.values_list("hub__code", flat=True))
    AgreementHub.objects.bulk_create(
        AgreementHub(agreement=agreement, hub=hub)
        for hub in Hub.objects.filter(partnership=partnership, code__in=set(hubs) - covered)
    )
    return unsigned


def _check_codes(partnership: Partnership, terms: Terms, before: Terms | None, *, on: date) -> None:
    """Raise Refusal `unknown_code` for a code that neither the packs know today nor the draft named before."""
    known = in_force.sections(partnership, [*CODES, "agencies", "hubs"], on)
    for name in (*CODES, "parties", "hubs"):
        section = {"parties": "agencies"}.get(name, name)
        allowed = {one.code for one in known[section]} | set(getattr(before, name, ()))
        if set(getattr(terms, name)) - allowed:
            raise Refusal(
                "unknown_code",
                "Something you chose is not in force in the partnership’s packs. Open the page again and choose anew.",
            )


def _free_code(partnership: Partnership, title: str) -> str:
    """A code made of the title that no agreement of the partnership has."""
    stem = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[: _LONGEST_CODE - 5] or "agreement"
    taken = set(
        Agreement.objects.filter(partnership=partnership, code__startswith=stem).values_list(
            "code", flat=True
        )
    )
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}_{number}"
    return code
