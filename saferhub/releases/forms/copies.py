"""Input of the release of a person's copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from saferhub.foundation.forms import HiddenField, LongTextField, SelectField
from saferhub.releases.rules.check import Finding

from .letters import ReasonsForm

FIELD_OF = {
    "other_gateway": "gateway",
    "no_necessity": "necessity",
}


class CopyForm(ReasonsForm):
    """On what it rests that a copy goes to the person. `seen`: the hash of the copy that was read."""

    seen = HiddenField(required=False)
    gateway = SelectField(
        label="Legal gateway",
        noun="the legal gateway",
        help_text="What gives this person the right to have it.",
    )
    necessity = LongTextField(
        label="Why is it necessary?",
        noun="why it is necessary",
        help_text="What was asked for and when, and how you made sure who asks. This stays in the disclosure log."
        " Name nobody.",
        rows=4,
        max_characters=1000,
    )

    def __init__(
        self, *args: Any, gateways: Sequence[tuple[str, str]], findings: Sequence[Finding], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        gateway: Any = self.fields["gateway"]
        gateway.offer(gateways)
        self.ask_reasons(findings)
