"""What forms of reporting are called: reports."""

WORDS: dict[str, str] = {
    "report-begin": "Begin a report",
    "report-head": "Change a report’s title and author",
    "report-drop": "Drop a report",
}
