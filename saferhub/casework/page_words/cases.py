"""What the pages of cases with a form are called."""

WORDS: dict[str, str] = {
    "case": "A case",
    "case-timeline": "The timeline of a case",
    "case-changes": "How a case was changed",
    "case-access": "Who can see a case",
    "case-people": "People and places in a case",
    "case-part": "As what somebody is in a case",
    "case-people-end": "End a part in a case",
    "case-status": "The status of a case",
    "case-edit": "Change a case",
    "case-lead": "Hand a case over to another officer",
    "case-review": "Review a case",
    "case-close": "Close a case",
    "case-reopen": "Open a case again",
    "referral-decide": "Decide a referral",
    "referral-decide-kind": "The decision on a referral",
}
