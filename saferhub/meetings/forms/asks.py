"""What somebody answers to one thing that her unit is asked. A page holds one such form for each."""

from __future__ import annotations

from typing import Any

from saferhub.foundation.forms import LongTextField, RadiosField
from saferhub.meetings.models import Answered
from saferhub.meetings.rules.asks import LONGEST
from saferhub.sharing.edits import SeenForm

FIELD_OF = {"no_answer": "answer", "no_words": "words", "no_reason": "why", "too_long": "words"}


# What each answer says, once for the whole page.
MEANINGS = (
    (Answered.NOTHING, "You have looked, and nothing bears on it"),
    (Answered.SHARED, "Those at the table read it before and in the meeting"),
    (Answered.ASK_ME, "You will say it in the meeting"),
    (Answered.DECLINED, "With the reason"),
)


class AnswerForm(SeenForm):
    """`about`: the reference of the item, so that each of twenty such forms says which it is."""

    answer = RadiosField(
        label="What does your agency hold?",
        noun="an answer",
        required=False,
        small=True,
        choices=Answered.choices,
        reveals={Answered.SHARED: "words", Answered.DECLINED: "why"},
    )
    words = LongTextField(
        label="What you share",
        noun="what you share",
        rows=3,
        max_length=LONGEST,
        help_text="The least that serves: what bears on the item, no more",
    )
    why = LongTextField(
        label="Why you do not answer", noun="why you do not answer", rows=2, max_length=LONGEST
    )

    mark_optional = False

    def __init__(self, *args: Any, about: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about:
            # What is drawn may have been made already, where the form came back: its own label is what is read.
            self["answer"].label = f"What does your agency hold on {about}?"
            for name in ("words", "why"):
                self[name].label = f"{self[name].label} on {about}"
                messages = self.fields[name].error_messages
                messages["required"] = f"{messages['required']} on {about}"
