"""What cases put on their own pages and on the hub's page of a referral: tabs, buttons, the decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from saferhub.casework import access
from saferhub.casework.access.inside import readable_rows
from saferhub.casework.access.referrals import works_on
from saferhub.casework.models import WAITING, Case, Decision, Referral
from saferhub.casework.registries import Block, Tab
from saferhub.casework.rules.cases import moves_from
from saferhub.casework.rules.referrals import CHILDREN
from saferhub.foundation.refusals import allows
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.queries.revisions_in import revisions_in

from .cases_repeats import repeats
from .cases_timeline import FROM_REFERRAL, OWN_KINDS


def overview_tab(actor: Any, case: Case) -> Tab:
    return Tab("overview", "Overview", reverse("case", args=[case.matter.public_id]))


def people_tab(actor: Any, case: Case) -> Tab:
    return Tab("people", "People and places", reverse("case-people", args=[case.matter.public_id]))


def access_tab(actor: Any, case: Case) -> Tab:
    return Tab("access", "Access and views", reverse("case-access", args=[case.matter.public_id]))


def buttons(actor: Any, case: Case) -> Iterator[tuple[str, str]]:
    """What whoever runs the case may do to it as a whole."""
    if not allows(access.check_can_manage, actor, case):
        return
    public_id = case.matter.public_id
    if not case.is_open:
        yield "Open again", reverse("case-reopen", args=[public_id])
        return
    yield "Record a review", reverse("case-review", args=[public_id])
    if moves_from(case.status):
        yield "Change the status", reverse("case-status", args=[public_id])
    yield "Edit case", reverse("case-edit", args=[public_id])
    yield "Hand over to another officer", reverse("case-lead", args=[public_id])
    yield "Close the case", reverse("case-close", args=[public_id])


def deciding_block(actor: Any, referral: Referral) -> Block | None:
    """For those who work in the hub that has the referral: what was met before, what was decided and why."""
    if not works_on(actor, referral) or referral.sent_on is None:
        return None
    decisions = readable_rows(
        actor, Decision.objects.filter(referral=referral).select_related("hub_to", "hub_from")
    )
    names = names_of((one.by for one in decisions), actor)
    return Block(
        "casework/cases/deciding_block.html",
        {
            "decisions": [(one, names.get(one.by, "Somebody")) for one in decisions],
            "met": repeats(actor, referral.matter) if referral.status in WAITING else [],
            "can_decide": referral.status in WAITING and allows(access.check_can_decide, actor, referral),
            "decide_url": reverse("referral-decide", args=[referral.matter.public_id]),
        },
    )


def from_referral_block(actor: Any, case: Case) -> Block | None:
    """What the case keeps of its referral, and the way to that for whoever may see it. One query, two where the
    case came of a referral."""
    if case.referral_folder_id is None:
        return None
    kept = [one for one in revisions_in(case.folder_id, *OWN_KINDS) if one.kind == FROM_REFERRAL]
    referral = (
        access.referrals_visible_to(actor)
        .filter(folder=case.referral_folder_id)
        .select_related("matter", "unit__agency")
        .first()
    )
    if not kept and referral is None:
        return None
    return Block(
        "casework/cases/from_referral.html",
        {"words": str(kept[-1].values.get("words", "")) if kept else "", "referral": referral},
    )


def referral_lines(referral: Referral) -> str:
    """What the referral says that whoever leads the case needs on the first day, for the decider to edit."""
    told = {"yes": "Yes", "no": "No"}.get(referral.told, "")
    said = (
        ("What is happening", referral.happened),
        ("Urgent", (referral.urgent_why or "Yes") if referral.urgent else ""),
        ("Children", _joined(dict(CHILDREN).get(referral.children, ""), referral.children_words)),
        ("Where", referral.where),
        ("What has been tried", referral.tried),
        ("What the person who is harmed wants", referral.wishes),
        ("Does whoever it is about know of the referral?", _joined(told, referral.not_told_why)),
    )
    return "\n".join(f"{label}: {words.strip()}" for label, words in said if words.strip())


def _joined(*words: str) -> str:
    return ". ".join(one.strip().rstrip(".") for one in words if one.strip())
