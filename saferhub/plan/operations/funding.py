"""Money that is sought and had, what it buys, and what monitoring finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import FUNDING_LIFECYCLE, Funding, FundingMove, FundingReport, FundingStatus
from saferhub.plan.rules import support as rules

from .support_rows import area_of, objective_of, stripped, write


@dataclass(frozen=True, slots=True)
class FundingValues:
    """What is written of a funding. `area`, `objective`: public_id; `amount`: pounds."""

    title: str
    area: str
    funder: str
    buys: str
    objective: str = ""
    amount: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    provider: str = ""
    monitoring: str = ""
    bid_due_on: date | None = None


def values_of(funding: Funding) -> dict[str, object]:
    """How it stands, by field of its form."""
    return {
        "title": funding.title,
        "area": funding.area.public_id,
        "objective": funding.objective.public_id if funding.objective else "",
        "funder": funding.funder,
        "buys": funding.buys,
        "amount": funding.amount,
        "first_day": funding.first_day,
        "last_day": funding.last_day,
        "provider": funding.provider,
        "monitoring": funding.monitoring,
        "bid_due_on": funding.bid_due_on,
    }


@transaction.atomic
def add_funding(*, values: FundingValues, by: Actor, on: date) -> Funding:
    """Money that is to be sought. What is had already is then recorded as secured.

    Raises NotAllowed unless the actor writes the plan; Refusal for an area or objective that is not the plan's, and
    for the rules of `funding_refusals`."""
    access.check_can_keep_plan(by)
    assert by.partnership is not None
    funding = Funding.objects.create(partnership=by.partnership, **_checked(by, values))
    _move(funding, "", FundingStatus.WANTED, by=by, on=on, reason="")
    audit.record("plan.funding_added", funding, by=by)
    return funding


@transaction.atomic
def change_funding(*, funding_id: str, values: FundingValues, by: Actor, on: date, seen: int) -> Funding:
    """Write a funding anew. Raises as `add_funding`; Conflict unless `seen` is its newest version; Refusal once it has
    ended, and where what is secured would lose its amount or its days."""
    access.check_can_keep_plan(by)
    funding = access.get_for_update(by, Funding, funding_id, version=seen)
    if funding.status == FundingStatus.ENDED:
        raise Refusal("funding_ended", "This funding has ended. Add another one.")
    if funding.status == FundingStatus.SECURED:
        refuse_if(
            rules.funding_move_refusals(
                after=funding.status,
                reason="",
                amount=values.amount,
                first=values.first_day,
                last=values.last_day,
            )
        )
    if write(funding, _checked(by, values)):
        audit.record("plan.funding_changed", funding, by=by, version=funding.version)
    return funding


@transaction.atomic
def move_funding(
    *,
    funding_id: str,
    status: str,
    reason: str,
    by: Actor,
    on: date,
    seen: int,
    amount: Decimal | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> Funding:
    """Say that a bid was sent, refused, or the money secured; that it has ended, or is sought anew. Amount and days
    are written where they are given.

    Raises NotAllowed, Conflict, and Refusal for a move that there is not and for the rules of
    `funding_move_refusals`."""
    access.check_can_keep_plan(by)
    funding = access.get_for_update(by, Funding, funding_id, version=seen)
    if status not in FundingStatus.values:
        raise Refusal("no_status", "Choose what has happened.")
    before = funding.status
    FUNDING_LIFECYCLE.check(FundingStatus(before), FundingStatus(status))
    given: dict[str, Any] = {
        "amount": funding.amount if amount is None else amount,
        "first_day": first_day or funding.first_day,
        "last_day": last_day or funding.last_day,
    }
    refuse_if(
        rules.funding_refusals(amount=given["amount"], first=given["first_day"], last=given["last_day"])
    )
    refuse_if(
        rules.funding_move_refusals(
            after=status,
            reason=reason,
            amount=given["amount"],
            first=given["first_day"],
            last=given["last_day"],
        )
    )
    write(funding, {**given, "status": status})
    _move(funding, before, status, by=by, on=on, reason=reason.strip())
    audit.record("plan.funding_moved", funding, by=by, before=before, after=status)
    return funding


@transaction.atomic
def report_funding(
    *,
    funding_id: str,
    first_day: date,
    last_day: date,
    words: str,
    by: Actor,
    on: date,
    spent: Decimal | None = None,
) -> FundingReport:
    """What monitoring found over a time: what was spent, and what came of it.

    Raises NotAllowed; Refusal unless the money is or was secured, and for the rules of `report_refusals`."""
    access.check_can_keep_plan(by)
    funding = access.get_for_update(by, Funding, funding_id, version=None)
    if funding.status not in (FundingStatus.SECURED, FundingStatus.ENDED):
        raise Refusal("not_secured", "There is nothing to monitor before the money is secured.")
    if spent is not None and spent < 0:
        raise Refusal("spent_negative", "Enter an amount of nought or more.")
    taken = list(funding.reports.values_list("first_day", "last_day"))
    refuse_if(rules.report_refusals(first=first_day, last=last_day, on=on, words=words, taken=taken))
    report = FundingReport.objects.create(
        partnership_id=funding.partnership_id, funding=funding, first_day=first_day, last_day=last_day, spent=spent,
        words=words.strip(), on=on, by=by.public_id,
    )  # fmt: skip
    audit.record("plan.funding_reported", report, by=by, funding=funding.public_id)
    return report


def _checked(by: Actor, values: FundingValues) -> dict[str, Any]:
    refuse_if(rules.funding_refusals(amount=values.amount, first=values.first_day, last=values.last_day))
    area = area_of(by, values.area)
    plain = {
        name: getattr(values, name)
        for name in (
            "title",
            "funder",
            "buys",
            "amount",
            "first_day",
            "last_day",
            "provider",
            "monitoring",
            "bid_due_on",
        )
    }
    return {**stripped(plain), "area": area, "objective": objective_of(by, area, values.objective)}


def _move(funding: Funding, before: str, after: str, *, by: Actor, on: date, reason: str) -> None:
    FundingMove.objects.create(
        funding=funding, from_status=before, to_status=after, on=on, by=by.public_id, reason=reason
    )
