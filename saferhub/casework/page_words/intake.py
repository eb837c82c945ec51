"""What the pages of intake with a form are called."""

WORDS: dict[str, str] = {
    "key-allow": "Allow a system to work here",
    "key-draw": "Secret of another system’s key",
    "key-end": "End another system’s key",
    "link-make": "Make a link for referrals",
    "link-end": "End a link for referrals",
    "sheet-import": "Referrals from a spreadsheet",
    "sheet-reading": "How a spreadsheet is read",
    "sheet-read-in": "Read a spreadsheet in",
    "sheet-load-again": "Begin again with a spreadsheet",
    "sheet-load-stop": "Stop a spreadsheet that is read in",
}
