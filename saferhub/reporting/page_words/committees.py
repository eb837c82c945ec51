"""What forms of reporting are called: committees."""

WORDS: dict[str, str] = {
    "committee-add": "Add a committee",
    "committee-change": "Change a committee",
    "sitting-add": "Plan a sitting",
    "sitting": "Change a sitting",
    "sitting-cancel": "Take a sitting out of the plan",
    "theme-add": "Plan a themed discussion",
    "theme": "Change a theme",
    "resolution-add": "Record what members recommended",
    "resolution": "Record what members resolved",
}
