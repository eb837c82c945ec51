"""Deciding a referral: what the hub makes of it, why, what its referrer is told, and what follows at once.

The hub's reason lies in the hub's own folder beside the referral and never in a case; what the referrer is told
stands on the referral. One operation for each kind of decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.models import (
    REFERRAL_LIFECYCLE,
    Case,
    Decision,
    DecisionKind,
    Referral,
    ReferralMove,
    ReferralStatus,
)
from saferhub.casework.queries import referral_clock
from saferhub.casework.queries.cases import first_review
from saferhub.casework.queries.cases_timeline import FROM_REFERRAL
from saferhub.casework.rules import cases_deciding as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.models import MatterStatus, Revision, Sensitivity
from saferhub.sharing.operations.folders import revise
from saferhub.sharing.operations.handover import hand_over
from saferhub.sharing.operations.interests_given import restrict
from saferhub.sharing.operations.matters import set_status
from saferhub.sharing.operations.telling import holders_of, tell
from saferhub.sharing.queries.handover import deciding
from saferhub.sharing.rules.handover import END, KEEP

from .cases_work_folder import ensure_work_folder
from .notes_clock import keep_contact_clock
from .opening import Share, bring_along, open_case
from .referrals_written import values_of
from .scoring import bring_score_along


@transaction.atomic
def adopt(
    *,
    referral_id: str,
    title: str,
    why: str,
    wanted: str,
    grounds: Collection[str],
    declared: bool,
    lead_unit: Unit,
    lead: User | None,
    shares: Iterable[Share],
    restricted: bool,
    reason: str,
    told: str,
    by: Actor,
    on: date,
    from_referral: str = "",
) -> Case:
    """Take a referral on as a case, led by this unit and officer, shared with these agencies.

    `from_referral`: what those who work on it learn from the referral, kept with the case.
    `grounds`: codes of the section adoption_tests, and INFORMATION. `restricted`: to the decider and the lead
    officer, as the case of a restricted referral always is. It is looked at first when its band asks for that, or
    when it is to be scored. Raises Refusal `solely_information` or `not_declared`
    by the guard, and where no agreement carries one of the shares.
    """
    referral = _loaded(referral_id, DecisionKind.ADOPT, reason, told, by)
    refuse_if(rules.adoption_refusals(grounds=grounds, declared=declared))
    known = [one.code for one in in_force.entries(referral.partnership, "adoption_tests", on)]
    case = open_case(
        title=title,
        purpose=referral.matter.purpose,
        subject_kind=referral.subject_kind,
        why=why,
        wanted=wanted,
        hub=_hub(referral),
        lead_unit=lead_unit,
        lead=lead,
        by=by,
        on=on,
        shares=shares,
        referral=referral,
    )
    keep_contact_clock(case, on=on)
    if from_referral.strip():
        _keep_from_referral(case, from_referral.strip(), by)
    if case.review_on is None:
        case.review_on = first_review(case.partnership, on)
        case.save(update_fields=["review_on"])
    decision = _keep(
        referral,
        DecisionKind.ADOPT,
        reason=reason,
        told=told,
        tests=rules.tests_met(grounds, known),
        case=case,
        by=by,
        on=on,
    )
    _settle(referral, decision, by=by, on=on)
    if restricted or referral.sensitivity != Sensitivity.NORMAL:
        _restrict(case, lead, reason, by, on)
    if lead is not None and by.user is not None and lead.pk != by.user.pk:
        tell([lead], "You lead a case now", "case", case.matter.public_id, case.partnership)
    return case


def _keep_from_referral(case: Case, words: str, by: Actor) -> None:
    """In the case's own folder, for whoever sees the case; the referral itself stays where it is."""
    Revision.objects.create(
        partnership_id=case.partnership_id,
        folder_id=case.folder_id,
        kind=FROM_REFERRAL,
        subject=case.public_id,
        number=1,
        values={"words": words},
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )


def _restrict(case: Case, lead: User | None, reason: str, by: Actor, on: date) -> None:
    names = {by.public_id} | ({lead.public_id} if lead is not None else set())
    restrict(matter_id=case.matter.public_id, names=names, reason=reason, by=by, on=on)
    case.refresh_from_db(fields=["sensitivity"])


@transaction.atomic
def attach(*, referral_id: str, case_id: str, reason: str, told: str, by: Actor, on: date) -> Case:
    """Add a referral to an open case of the same hub: the people, places and the hub's scores come along; the
    referral itself and the hub's reasons do not, so nobody else learns who referred."""
    referral = _loaded(referral_id, DecisionKind.ATTACH, reason, told, by)
    access.get_case_for_update(by, case_id)
    case = access.get_case(by, case_id)
    refuse_if(rules.attaching_refusals(is_open=case.is_open, same_hub=case.hub_id == referral.hub_id))
    if referral.sensitivity != Sensitivity.NORMAL:
        raise Refusal(
            "referral_restricted",
            "This referral is restricted to named people, and whoever works on that case would not see what comes "
            "with it. Adopt it as a restricted case of its own, or lift the restriction first.",
        )
    if case.sensitivity != Sensitivity.NORMAL:
        raise Refusal(
            "case_restricted",
            "That case is restricted to named people, and what is added to it must be restricted with it. Record "
            "what it needs there by hand, and choose another decision for this referral.",
        )
    bring_along(referral, case, by=by, on=on)
    bring_score_along(referral=referral, case=case, by=by)
    keep_contact_clock(case, on=on)
    decision = _keep(referral, DecisionKind.ATTACH, reason=reason, told=told, case=case, by=by, on=on)
    _settle(referral, decision, by=by, on=on)
    audit.record(
        "case.referral_added",
        case.matter,
        by=by,
        purpose=case.matter.purpose,
        referral=referral.matter.public_id,
    )
    return case


@transaction.atomic
def redirect(*, referral_id: str, to_hub: Hub, reason: str, told: str, by: Actor, on: date) -> Referral:
    """Send a referral to another hub, which sees it from now on with what this one wrote about it. This hub loses
    sight, but for a day of the decider's. Its clock runs on from receipt.

    Raises Refusal `same_hub`, and what sharing refuses where no agreement carries it there.
    """
    referral = _loaded(referral_id, DecisionKind.REDIRECT, reason, told, by)
    before = _hub(referral)
    if to_hub.pk == before.pk:
        raise Refusal("same_hub", "It is with that hub already. Choose another one.")
    decision = _keep(referral, DecisionKind.REDIRECT, reason=reason, told=told, to_hub=to_hub, by=by, on=on)
    if referral.status == ReferralStatus.ASKED:
        _move(referral, ReferralStatus.SENT, by=by, on=on)
    referral.answer, referral.to_hub = told, to_hub
    referral.due_on = referral_clock.due_on(referral, referral_clock.moves_of(referral))
    referral.version += 1
    referral.save(update_fields=["status", "answer", "to_hub", "due_on", "version"])
    _revise(referral, by)
    _audit(referral, decision, by)
    matter = referral.matter
    chosen = {
        one.standing.public_id: END if one.standing.cannot_keep else KEEP
        for one in deciding(by, matter, to_hub, matter.unit)
    }
    # The hub's own folders go along (cases_work_folder.follow_work).
    hand_over(
        matter_id=matter.public_id,
        to_hub=to_hub,
        to_unit=matter.unit,
        decisions=chosen,
        reason=told,
        by=by,
        on=on,
    )
    tell(
        holders_of(["hub_coordinator"], referral.partnership, on, to_hub)
        or holders_of(["partnership_manager"], referral.partnership, on),
        f"Referral {matter.reference} waits for a decision",
        "referral",
        matter.public_id,
        referral.partnership,
    )
    return referral


@transaction.atomic
def signpost(*, referral_id: str, reason: str, told: str, by: Actor, on: date) -> Referral:
    """Name others who are better placed to help."""
    return _decide(referral_id, DecisionKind.SIGNPOST, reason, told, by, on)


@transaction.atomic
def decline(*, referral_id: str, reason: str, told: str, by: Actor, on: date) -> Referral:
    """Do not take it on."""
    return _decide(referral_id, DecisionKind.DECLINE, reason, told, by, on)


@transaction.atomic
def pass_on(
    *, referral_id: str, kind: DecisionKind, reason: str, told: str, by: Actor, on: date, sent: str = ""
) -> Referral:
    """Record that it was referred to safeguarding or to MARAC, which have ways in of their own. Nothing is sent.

    `sent`: to whom, when and under which reference, kept with the reason.
    """
    if kind not in (DecisionKind.SAFEGUARDING, DecisionKind.MARAC):
        raise ValueError(f"{kind} passes nothing on")
    referral = _loaded(referral_id, kind, reason, told, by)
    kept = f"{reason.strip()}\n\n{sent}" if sent else reason
    decision = _keep(referral, kind, reason=kept, told=told, by=by, on=on)
    _settle(referral, decision, by=by, on=on)
    return referral


@transaction.atomic
def ask(*, referral_id: str, reason: str, question: str, by: Actor, on: date) -> Referral:
    """Ask the referrer for more. The clock stands still until it is answered, where the packs say so."""
    referral = _loaded(referral_id, DecisionKind.ASK, reason, question, by)
    decision = _keep(referral, DecisionKind.ASK, reason=reason, told=question, by=by, on=on)
    _move(referral, ReferralStatus.ASKED, by=by, on=on)
    referral.answer = question
    referral.due_on = referral_clock.due_on(referral, referral_clock.moves_of(referral))
    referral.version += 1
    referral.save(update_fields=["status", "answer", "due_on", "version"])
    _revise(referral, by)
    _audit(referral, decision, by)
    _tell_referrer(referral, "The hub asks for more about your referral")
    return referral


def _decide(referral_id: str, kind: DecisionKind, reason: str, told: str, by: Actor, on: date) -> Referral:
    referral = _loaded(referral_id, kind, reason, told, by)
    decision = _keep(referral, kind, reason=reason, told=told, by=by, on=on)
    _settle(referral, decision, by=by, on=on)
    return referral


def _loaded(referral_id: str, kind: DecisionKind, reason: str, told: str, by: Actor) -> Referral:
    """The referral, locked. Raises NotAllowed, and Refusal where it cannot be decided so."""
    access.get_referral_for_update(by, referral_id)
    referral = access.get_referral(by, referral_id)
    access.check_can_decide(by, referral)
    refuse_if(rules.decision_refusals(status=referral.status, kind=kind, reason=reason, told=told))
    return referral


def _hub(referral: Referral) -> Hub:
    if referral.hub is None:
        raise Refusal("in_no_hub", "No hub has this referral.")
    return referral.hub


def _keep(
    referral: Referral,
    kind: DecisionKind,
    *,
    reason: str,
    told: str,
    by: Actor,
    on: date,
    tests: list[str] | None = None,
    to_hub: Hub | None = None,
    case: Case | None = None,
) -> Decision:
    """Keep the decision in the hub's own folder."""
    return Decision.objects.create(
        partnership_id=referral.partnership_id,
        folder=ensure_work_folder(referral, by),
        referral=referral,
        kind=kind,
        reason=reason,
        tests=tests or [],
        told=told,
        hub_from=_hub(referral),
        hub_to=to_hub,
        case_id_public=case.matter.public_id if case else "",
        by=by.public_id,
        on=on,
        at=clock.now(),
    )


def _settle(referral: Referral, decision: Decision, *, by: Actor, on: date) -> None:
    """Let the referral be decided: its status, its answer, the end of its clock; its matter closes."""
    target = rules.OUTCOME[DecisionKind(decision.kind)]
    _move(referral, target, by=by, on=on)
    referral.answer, referral.decided_on = decision.told, on
    referral.case_id_public = decision.case_id_public
    referral.version += 1
    referral.save(update_fields=["status", "answer", "decided_on", "case_id_public", "version"])
    _revise(referral, by)
    set_status(referral.matter, MatterStatus.CLOSED, reason=str(target.label), by=by, on=on)
    _audit(referral, decision, by)
    _tell_referrer(referral, "Your referral has been decided")


def _move(referral: Referral, target: ReferralStatus, *, by: Actor, on: date) -> None:
    """Move its status. The move lies in the referral's folder, so it carries no reason."""
    before = ReferralStatus(referral.status)
    REFERRAL_LIFECYCLE.check(before, target)
    referral.status = target
    ReferralMove.objects.create(
        partnership_id=referral.partnership_id,
        folder_id=referral.folder_id,
        referral=referral,
        from_status=before,
        to_status=target,
        on=on,
        by=by.public_id,
    )


def _revise(referral: Referral, by: Actor) -> None:
    """Keep its new version in its history, as every edit of it does."""
    revise(referral, folder=referral.folder, values=values_of(referral), by=by)


def _audit(referral: Referral, decision: Decision, by: Actor) -> None:
    audit.record(
        "referral.decided",
        referral.matter,
        by=by,
        purpose=referral.matter.purpose,
        kind=str(decision.kind),
        case=decision.case_id_public,
        hub=decision.hub_to.code if decision.hub_to else "",
    )


def _tell_referrer(referral: Referral, words: str) -> None:
    """Mail whoever wrote it that there is something to read: the reference, nothing more."""
    writer = referral.written_by
    if writer is None:
        return
    # Somebody who has left the unit would find nothing there.
    if any(seer.user.pk == writer.pk for seer in seers_of(referral.folder)):
        tell(
            [writer],
            f"{words} ({referral.matter.reference})",
            "referral",
            referral.matter.public_id,
            referral.partnership,
        )
