"""Who may read agreements, who keeps them, and who is told what they carry.

Every member of a partnership reads its agreements, drafts too: an agreement is about agencies and about
nobody else, and whoever is bound by it should know it. The information governance lead keeps them. What
they carry is told to her and to the manager in counts. Another partnership's agreements are not there.
"""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse

from saferhub.foundation.refusals import Refusal, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.models import (
    AGREEMENT_LIFECYCLE,
    Agreement,
    AgreementHub,
    AgreementParty,
    AgreementStatus,
    Standing,
)


def check_can_read_agreements(actor: Actor) -> None:
    """Raise NotAllowed unless the actor belongs to a partnership."""
    actor.check(Permission.VIEW_PARTNERSHIP)


def check_can_keep_agreements(actor: Actor) -> None:
    """Raise NotAllowed unless the actor writes agreements and brings them in and out of force."""
    actor.check(Permission.KEEP_AGREEMENTS)


def can_keep_agreements(actor: Actor) -> bool:
    return allows(check_can_keep_agreements, actor)


def can_see_what_is_shared(actor: Actor) -> bool:
    """Whether she is told, in counts, what each agreement carries."""
    return actor.has(Permission.SEE_WHAT_IS_SHARED)


def check_can_see_dormant(actor: Actor) -> None:
    """Raise NotAllowed unless the actor works on matters; which of them she sees is decided row by row."""
    actor.check(Permission.WORK_ON_MATTERS)


def agreements_visible_to(actor: Actor) -> QuerySet[Agreement]:
    """The agreements of the actor's own partnership; none without one."""
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return Agreement.objects.none()
    return Agreement.objects.filter(partnership=actor.partnership)


def with_parts(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """With parties and hubs, in two queries more whatever their number."""
    return rows.prefetch_related(
        Prefetch("parties", AgreementParty.objects.select_related("agency").order_by("agency__name")),
        Prefetch("hub_rows", AgreementHub.objects.select_related("hub").order_by("hub__name")),
    )


def get_agreement(actor: Actor, public_id: str) -> Agreement:
    """One agreement with its parties and hubs. Raises Http404 when it is not there for the actor."""
    rows = with_parts(agreements_visible_to(actor)).select_related(
        "replaces", "from_pack__recorded_in", "from_pack__entry"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_agreement_to_keep(actor: Actor, public_id: str) -> Agreement:
    """The same, for one who may change it. Raises Http404, then NotAllowed."""
    found = get_agreement(actor, public_id)
    check_can_keep_agreements(actor)
    return found


def get_agreement_for_update(actor: Actor, public_id: str) -> Agreement:
    """The same, locked until the transaction ends."""
    found = agreements_visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    check_can_keep_agreements(actor)
    return found


def get_party(agreement: Agreement, public_id: str) -> AgreementParty:
    """One of the agreement's parties. Raises Http404."""
    found = agreement.parties.select_related("agency").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def check_can_edit_draft(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless it is still a draft: once in force, what it says is fixed."""
    check_can_keep_agreements(actor)
    if agreement.status != AgreementStatus.DRAFT:
        raise Refusal(
            "fixed",
            "What this agreement says is fixed, because it was in force. Replace it by a new one.",
        )


def check_can_move(actor: Actor, agreement: Agreement, to: AgreementStatus) -> None:
    """Raise Refusal unless the agreement may come to that status from the one it has."""
    check_can_keep_agreements(actor)
    if AGREEMENT_LIFECYCLE.allows(AgreementStatus(agreement.status), to):
        return
    last = agreement.moves.last()
    when = f", since {date_in_words(last.on)}" if last else ""
    raise Refusal(
        "illegal_move",
        f"This agreement is {AgreementStatus(agreement.status).label.lower()}{when}, so this cannot be done to it.",
        link=reverse("agreement", args=[agreement.public_id]),
        link_text="See the agreement",
    )


def check_can_put_in_force(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless it is a draft. Coming back after a suspension is another act."""
    check_can_move(actor, agreement, AgreementStatus.IN_FORCE)
    if agreement.status != AgreementStatus.DRAFT:
        raise Refusal("illegal_move", "This agreement is suspended. Resume it instead.")


def check_can_resume(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless it is suspended."""
    check_can_keep_agreements(actor)
    if agreement.status != AgreementStatus.SUSPENDED:
        raise Refusal("illegal_move", "This agreement is not suspended, so there is nothing to resume.")


def check_can_sign(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless a signature may still be recorded."""
    check_can_keep_agreements(actor)
    if agreement.status == AgreementStatus.ENDED:
        raise Refusal("has_ended", "This agreement has ended, so nobody can sign it.")


def check_can_withdraw(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless a party may leave it now; from a draft it is simply taken out."""
    check_can_keep_agreements(actor)
    if agreement.status not in {AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED}:
        raise Refusal("not_in_force", "Nobody is bound by this agreement, so nobody can withdraw from it.")


def check_can_review(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless it still counts for something that can be reviewed."""
    check_can_keep_agreements(actor)
    if agreement.status not in {AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED}:
        raise Refusal("not_in_force", "Only an agreement that is in force or suspended is reviewed.")


def check_can_replace(actor: Actor, agreement: Agreement) -> None:
    """Raise Refusal unless a new draft may be copied from it; a draft is edited itself."""
    check_can_keep_agreements(actor)
    if agreement.status == AgreementStatus.DRAFT:
        raise Refusal("is_draft", "This is a draft. Edit it instead of replacing it.")
    if agreement.replaced_by.exclude(status=AgreementStatus.ENDED).exists():
        raise Refusal("replaced_already", "This agreement has been replaced already.")


def available_operations(actor: Actor, agreement: Agreement) -> set[str]:
    """What the page may offer: the same checks that guard the operations."""
    checks = {
        "edit": check_can_edit_draft,
        "put_in_force": check_can_put_in_force,
        "resume": check_can_resume,
        "sign": check_can_sign,
        "withdraw": check_can_withdraw,
        "review": check_can_review,
        "replace": check_can_replace,
    }
    offered = {name for name, check in checks.items() if allows(check, actor, agreement)}
    is_over = agreement.standing(actor.on) is Standing.EXPIRED
    if not is_over and allows(check_can_move, actor, agreement, AgreementStatus.SUSPENDED):
        offered.add("suspend")
    if is_over:
        offered.discard("resume")
    if allows(check_can_move, actor, agreement, AgreementStatus.ENDED):
        offered.add("end")
    return offered
