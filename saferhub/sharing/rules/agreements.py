"""What an agreement must say before anything may be shared under it, and when each of its days may lie."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.foundation.refusals import Condition, Refusal
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.models import AgreementStatus, Standing

# An agreement of one is no agreement.
FEWEST_PARTIES = 2
EXPIRY_DAYS = 30
REVIEW_DAYS = 28

STANDING_WORDS = {
    Standing.DRAFT: "Being written",
    Standing.NOT_YET: "Not begun",
    Standing.IN_FORCE: "In force",
    Standing.SUSPENDED: "Suspended",
    Standing.EXPIRED: "Expired",
    Standing.ENDED: "Ended",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """All that an agreement says. Purposes and the like are codes of packs; hubs and parties codes of rows."""

    title: str
    about: str = ""
    parties: tuple[str, ...] = ()
    every_hub: bool = False
    hubs: tuple[str, ...] = ()
    opens_hubs: bool = False
    purposes: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    lawful_bases: tuple[str, ...] = ()
    data_items: tuple[str, ...] = ()
    necessity: str = ""
    security: str = ""
    retention: str = ""
    rights: str = ""
    breach: str = ""
    first_day: date | None = None
    last_day: date | None = None
    review_on: date | None = None


def terms_refusals(terms: Terms) -> Iterator[Refusal]:
    """Why a draft cannot be kept as it is written. What is missing is no reason: a draft may wait."""
    if not terms.title.strip():
        yield Refusal("title_missing", "Enter the title of the agreement.")
    if terms.first_day and terms.last_day and terms.last_day < terms.first_day:
        yield Refusal("last_before_first", "The last day must be the first day or later.")
    if terms.first_day and terms.review_on and terms.review_on < terms.first_day:
        yield Refusal("review_before_first", "The review must fall on the first day or later.")


def unmet_conditions(terms: Terms, *, signed: Collection[str], on: date) -> list[Condition]:
    """What an agreement still lacks before it can be in force, all of it at once.

    `signed` are the codes of the parties that have signed by `on`.
    """
    missing = [party for party in terms.parties if party not in signed]
    asked: list[tuple[bool, str, str]] = [
        (
            len(signed) < FEWEST_PARTIES,
            "At least two parties have signed",
            ("Nobody has" if not signed else "One has")
            + f"; {len(missing)} of {len(terms.parties)} have not",
        ),
        (not terms.purposes, "It names a purpose", "It names none"),
        (not terms.gateways, "It names a legal gateway", "It names none"),
        (not terms.lawful_bases, "It names a lawful basis", "It names none"),
        (not terms.data_items, "It says which data it carries", "It names none"),
        (not terms.every_hub and not terms.hubs, "It covers a hub", "It covers none"),
        *(
            (not getattr(terms, name).strip(), f"It says {words}", "It says nothing of that")
            for name, words in (
                ("necessity", "why sharing is necessary and no less would do"),
                ("security", "how what is shared is kept safe"),
                ("retention", "how long what is shared is kept"),
                ("rights", "how people’s rights are met"),
                ("breach", "what happens after a breach"),
            )
        ),
        (terms.first_day is None, "It has a first day", "It has none"),
        (terms.review_on is None, "It has a day of review", "It has none"),
        (
            terms.last_day is not None and terms.last_day < on,
            "Its last day is today or later",
            f"It was {date_in_words(terms.last_day)}" if terms.last_day else "",
        ),
    ]
    return [Condition(what, stands) for is_unmet, what, stands in asked if is_unmet]


def signature_refusals(
    *, post: str, day: date, on: date, is_withdrawn: bool, is_signed: bool, is_draft: bool
) -> Iterator[Refusal]:
    """Why a signature cannot be recorded on the business day `on`. A draft's may still be corrected."""
    if is_signed and not is_withdrawn and not is_draft:
        yield Refusal(
            "signed_already", "This agency has signed already, and the agreement has been in force since."
        )
    if is_withdrawn:
        yield Refusal("withdrawn", "This agency has withdrawn. To come back, it signs a new agreement.")
    if not post.strip():
        yield Refusal("post_missing", "Enter the post that signed for the agency.")
    if day > on:
        yield Refusal("signed_in_future", "The day of the signature must be today or earlier.")


def withdrawal_refusals(
    *, is_signed: bool, is_withdrawn: bool, day: date, on: date, reason: str
) -> Iterator[Refusal]:
    """Why it cannot be recorded that a party withdraws from `day` on."""
    if is_withdrawn:
        yield Refusal("withdrawn", "This agency has withdrawn already.")
    if not is_signed:
        yield Refusal("not_signed", "This agency has not signed, so there is nothing to withdraw from.")
    if day < on:
        yield Refusal(
            "withdrawn_in_past",
            "The first day on which it is bound no more must be today or later: what it saw until now it saw "
            "under the agreement.",
        )
    if not reason.strip():
        yield Refusal("reason_missing", "Say why the agency withdraws.")


def review_refusals(*, findings: str, reviewed_on: date, next_review_on: date, on: date) -> Iterator[Refusal]:
    """Why a review cannot be recorded."""
    if not findings.strip():
        yield Refusal("findings_missing", "Say what the review found.")
    if reviewed_on > on:
        yield Refusal("reviewed_in_future", "The day of the review must be today or earlier.")
    if next_review_on <= reviewed_on:
        yield Refusal("next_review_too_early", "The next review must fall after this one.")


def is_review_due(review_on: date | None, standing: Standing, on: date) -> bool:
    """Whether the review of an agreement that still counts is due today or late."""
    return review_on is not None and review_on <= on and standing in {Standing.IN_FORCE, Standing.SUSPENDED}


def expires_soon(last_day: date | None, standing: Standing, on: date) -> bool:
    """Whether it runs out within thirty days, today included."""
    return (
        last_day is not None
        and standing in {Standing.IN_FORCE, Standing.SUSPENDED, Standing.NOT_YET}
        and on <= last_day <= on + timedelta(days=EXPIRY_DAYS)
    )


def move_refusals(*, to: AgreementStatus, standing: Standing, reason: str) -> Iterator[Refusal]:
    """Why a status cannot change so, beyond what the lifecycle says."""
    if not reason.strip():
        yield Refusal("reason_missing", "Say why.")
    if standing is Standing.EXPIRED and to is not AgreementStatus.ENDED:
        yield Refusal(
            "has_expired",
            "This agreement has passed its last day, so nothing is shared under it. Replace it, or end it.",
        )
