"""What forms of reporting are called: published."""

WORDS: dict[str, str] = {
    "report-ask": "Ask for approval of a report",
    "report-approve": "Approve a report",
    "report-send-back": "Send a report back",
    "report-publish": "Publish a report",
    "report-correct": "Correct a report",
    "report-withdraw": "Withdraw a report",
}
