"""Every write of a referral by its referrer: step by step on the pages, or whole by another way in."""

from __future__ import annotations

from .referrals_filed import PersonValues, ReferralValues, file_referral, filed_before
from .referrals_written import (
    Incomplete,
    answer_question,
    move,
    save_part,
    send_referral,
    start_referral,
    tell_hub,
    values_of,
    withdraw_referral,
)

__all__ = [
    "Incomplete",
    "PersonValues",
    "ReferralValues",
    "answer_question",
    "file_referral",
    "filed_before",
    "move",
    "save_part",
    "send_referral",
    "start_referral",
    "tell_hub",
    "values_of",
    "withdraw_referral",
]
