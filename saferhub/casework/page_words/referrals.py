"""What the pages of referrals with a form are called."""

WORDS: dict[str, str] = {
    "referral-start": "Make a referral",
    "referral-step": "A referral",
    "referral-people": "Who a referral is about",
    "referral-part": "The part somebody has in a referral",
    "referral-place": "A place in a referral",
    "referral-not-in-it": "Take somebody out of a referral",
    "referral-check": "Check and send a referral",
    "referral-answer": "Answer a question about a referral",
    "referral-withdraw": "Withdraw a referral",
    "referral-pack-new": "Make a pack of a referral",
    "referral-pack": "A pack of a referral",
    "referral-pack-drop": "Drop a pack of a referral",
}
