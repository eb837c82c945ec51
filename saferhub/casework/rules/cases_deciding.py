"""Say which decisions a referral allows, what each must state, and what its referrer is told to begin with.

A subject is never adopted solely to obtain another agency's information (published terms of reference of a hub:
Lichfield District Council, hub meeting terms of reference, part 2). Whoever adopts declares so, and a decision
whose only ground is to learn what others hold is refused.
"""

from __future__ import annotations

from collections.abc import Collection

from saferhub.casework.models import WAITING, DecisionKind, ReferralStatus
from saferhub.foundation.refusals import Refusal

# The ground that is no test of adoption, and never enough by itself.
INFORMATION = "information"
# A reason shorter than this may stand in other words by chance.
_LONG = 30
# What each decision makes of the referral; one that is redirected waits at another hub.
OUTCOME: dict[DecisionKind, ReferralStatus] = {
    DecisionKind.ADOPT: ReferralStatus.ADOPTED,
    DecisionKind.ATTACH: ReferralStatus.ATTACHED,
    DecisionKind.REDIRECT: ReferralStatus.SENT,
    DecisionKind.SIGNPOST: ReferralStatus.SIGNPOSTED,
    DecisionKind.DECLINE: ReferralStatus.DECLINED,
    DecisionKind.ASK: ReferralStatus.ASKED,
    DecisionKind.SAFEGUARDING: ReferralStatus.PASSED_ON,
    DecisionKind.MARAC: ReferralStatus.PASSED_ON,
}
# Those that leave the referral undecided: the clock runs on, or stands still for an answer.
UNDECIDED = (DecisionKind.REDIRECT, DecisionKind.ASK)
_TOLD: dict[DecisionKind, str] = {
    DecisionKind.ADOPT: ("Thank you for this referral. {hub} has taken it on as a case."),
    DecisionKind.ATTACH: (
        "Thank you for this referral. {hub} works on this already, and what you wrote has been added to that work. "
        "We will get in touch with your agency where we need you to do something."
    ),
    DecisionKind.REDIRECT: (
        "Thank you for this referral. It belongs to another hub, which has it now and will decide. You do not need "
        "to send it again."
    ),
    DecisionKind.SIGNPOST: (
        "Thank you for this referral. {hub} has not taken it on, because others are better placed to help: "
        "{signpost}. You may refer it again if that does not help."
    ),
    DecisionKind.DECLINE: (
        "Thank you for this referral. {hub} has not taken it on. Please carry on with what your agency can do, and "
        "refer it again if things change."
    ),
    DecisionKind.ASK: "",
    DecisionKind.SAFEGUARDING: (
        "Thank you for this referral. {hub} has passed it to safeguarding, which will contact you if it needs to. "
        "Carry on with your own safeguarding duties meanwhile."
    ),
    DecisionKind.MARAC: (
        "Thank you for this referral. {hub} has passed it to the multi-agency risk assessment conference (MARAC), "
        "whose co-ordinator will contact you if that is needed."
    ),
}


_LEADS = "Your unit leads it: open the case from this page."
_CONTRIBUTES = "Your unit contributes to it: open the case from this page."
_NOT_IN_IT = "We will get in touch with your agency where we need you to do something."


def adopted_words(told: str, *, hub: str, leads: bool, contributes: bool) -> str:
    """What the referrer is told of an adoption: the first words with what it means for the referrer's unit. Words
    that the decider wrote stay as they are."""
    if told.strip() != first_words(DecisionKind.ADOPT, hub=hub):
        return told
    return f"{told.strip()} {_LEADS if leads else _CONTRIBUTES if contributes else _NOT_IN_IT}"


def first_words(kind: DecisionKind, *, hub: str, signpost: str = "the service named below") -> str:
    """What the referrer is told unless the decider writes something else. Never the hub's own reason."""
    return _TOLD[kind].format(hub=hub, signpost=signpost)


def decision_refusals(*, status: str, kind: str, reason: str, told: str) -> list[Refusal]:
    """Why a referral in this status cannot be decided so."""
    if status not in WAITING:
        return [Refusal("decided_already", f"This referral is no longer waiting: {_label(status)}.")]
    found = []
    if kind == DecisionKind.ASK and status == ReferralStatus.ASKED:
        found.append(Refusal("asked_already", "The referrer has been asked and has not answered yet."))
    if not reason.strip():
        found.append(Refusal("reason_missing", "Give the hub’s reason. The referrer does not see it."))
    if not told.strip():
        sentence = (
            "Write what you ask the referrer."
            if kind == DecisionKind.ASK
            else "Write what the referrer is told."
        )
        found.append(Refusal("told_missing", sentence))
    elif _repeats(told, reason):
        found.append(
            Refusal(
                "told_is_reason",
                "The hub’s reason is its own. Write for the referrer what your reason means for them.",
            )
        )
    return found


def _repeats(told: str, reason: str) -> bool:
    """Whether what the referrer is told holds the hub's reason word for word."""
    told, reason = told.strip(), reason.strip()
    return told == reason or (len(reason) >= _LONG and reason in told)


def _label(status: str) -> str:
    return str(ReferralStatus(status).label).lower()


def adoption_refusals(*, grounds: Collection[str], declared: bool) -> list[Refusal]:
    """Why a referral cannot be adopted on these grounds (codes of the section adoption_tests, or INFORMATION)."""
    if set(grounds) == {INFORMATION}:
        return [
            Refusal(
                "solely_information",
                "Nobody is adopted only to learn what other agencies hold. Name another ground, or ask the agency "
                "for what you need under its sharing agreement.",
            )
        ]
    if not declared:
        return [
            Refusal(
                "not_declared",
                "Confirm that it is not adopted solely to obtain another agency’s information.",
            )
        ]
    return []


def tests_met(grounds: Collection[str], known: Collection[str]) -> list[str]:
    """The tests of adoption among the grounds, in the packs' order."""
    return [code for code in known if code in set(grounds)]


def attaching_refusals(*, is_open: bool, same_hub: bool) -> list[Refusal]:
    """Why a referral cannot be added to a case."""
    if not is_open:
        return [Refusal("case_closed", "That case is closed. Open it again first, or adopt this referral.")]
    if not same_hub:
        return [
            Refusal(
                "case_elsewhere",
                "Another hub has that case. Redirect the referral to that hub, which can add it.",
            )
        ]
    return []
