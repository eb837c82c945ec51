"""Say whether a case may close: with which outcome, over which blockers, with which reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from saferhub.casework.models import CASE_LIFECYCLE, CaseStatus
from saferhub.casework.registries import Blocker
from saferhub.foundation.refusals import Refusal


def closing_refusals(
    *,
    status: str,
    outcome: str,
    outcomes: Collection[str],
    reason: str,
    blockers: Sequence[Blocker],
    overridden: Iterable[str],
    override_reason: str,
) -> list[Refusal]:
    """Why a case in this status cannot close now.

    `blockers`: what stops it on the day; `overridden`: the codes of those that whoever closes it sets aside. A
    blocker that must be dealt with cannot be; any other can, with a reason.
    """
    found: list[Refusal] = []
    if not CASE_LIFECYCLE.allows(CaseStatus(status), CaseStatus.CLOSED):
        return [Refusal("closed_already", "This case is closed already.")]
    if outcome not in outcomes:
        found.append(Refusal("unknown_outcome", "Choose what came of it."))
    if not reason.strip():
        found.append(Refusal("reason_missing", "Say why it closes."))
    must = [one for one in blockers if one.must]
    if must:
        found.append(
            Refusal(
                "must_be_dealt_with",
                f"This must be dealt with first: {_plain(must[0])}.",
                link=must[0].url,
                link_text="Go there",
            )
        )
    aside = set(overridden)
    open_ = [one for one in blockers if not one.must and one.code not in aside]
    if open_:
        found.append(
            Refusal(
                "blocked",
                f"{_plain(open_[0])}. Deal with it, or choose to close in spite of it.",
                link=open_[0].url,
                link_text="Go there",
            )
        )
    if aside & {one.code for one in blockers} and not override_reason.strip():
        found.append(Refusal("override_reason_missing", "Say why it may close in spite of what stands open."))
    return found


def _plain(blocker: Blocker) -> str:
    return blocker.words.rstrip(".")


def kept_overrides(blockers: Iterable[Blocker], overridden: Iterable[str]) -> list[str]:
    """The codes to keep: each that was set aside and did stand in the way, once."""
    return sorted({one.code for one in blockers if not one.must} & set(overridden))


def reopening_refusals(*, status: str, reason: str) -> list[Refusal]:
    """Why a case cannot be opened again."""
    if not CASE_LIFECYCLE.allows(CaseStatus(status), CaseStatus.REOPENED):
        return [Refusal("not_closed", "This case is open.")]
    return [] if reason.strip() else [Refusal("reason_missing", "Say why it is opened again.")]
