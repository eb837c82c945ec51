"""What the pages of scoring with a form are called."""

_PAGES = {
    "scores": "The scores of a {}",
    "score": "Choose a form to score a {} with",
    "score-with": "Score a {}",
    "compare": "Two scores of a {}",
    "assessment": "A score of a {}",
    "prompt": "Record what was decided about a score of a {}",
}
WORDS: dict[str, str] = {
    **{
        f"{kind}-{name}": words.format(kind)
        for kind in ("case", "referral")
        for name, words in _PAGES.items()
    },
    "instruments": "Scoring forms",
    "instruments-take": "Take scoring forms over",
    "instrument": "A scoring form",
    "instrument-version": "A version of a scoring form",
    "instrument-preview": "Try a scoring form",
    "instrument-draft": "Write a new version of a scoring form",
    "instrument-about": "Change what stands about a scoring form",
    "instrument-question-add": "Add a question to a scoring form",
    "instrument-question": "Change a question of a scoring form",
    "instrument-band-add": "Add a band to a scoring form",
    "instrument-band": "Change a band of a scoring form",
    "instrument-prompt-add": "Add a prompt to a scoring form",
    "instrument-prompt": "Change a prompt of a scoring form",
    "instrument-count-add": "Add a count to a scoring form",
    "instrument-count": "Change a count of a scoring form",
    "instrument-arrange": "Arrange a scoring form",
    "instrument-own": "Say that a scoring form carries your wording",
    "instrument-publish": "Publish a version of a scoring form",
    "instrument-discard": "Discard a draft of a scoring form",
}
