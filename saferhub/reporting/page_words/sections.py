"""What forms of reporting are called: sections."""

WORDS: dict[str, str] = {
    "report-section-add": "Add a section to a report",
    "report-section": "Write a section of a report",
}
