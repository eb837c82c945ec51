"""What forms of the plan are called: scorecard."""

WORDS: dict[str, str] = {
    "measures": "Measures",
    "measures-take": "Take measures on from the pack",
    "measures-count": "Count the measures",
}
