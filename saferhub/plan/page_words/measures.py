"""What forms of the plan are called: measures."""

WORDS: dict[str, str] = {
    "measure-new": "Define a measure",
    "measure": "A measure",
    "measure-enter": "Enter a figure",
    "measure-comment": "Say what a measure shows",
    "measure-define": "Define a measure anew",
    "measure-owner": "Change the owner or place of a measure",
    "measure-end": "End a measure",
    "measure-limits": "Calculate the limits of a measure anew",
    "measure-limits-back": "Take back limits of a measure",
}
