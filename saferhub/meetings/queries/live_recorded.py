"""Whether anything is recorded of a meeting that runs, so that its beginning can be taken back while nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemAction, ItemStatus, Meeting, MinutesPart, Words
from saferhub.partnership.access import Actor

from .live_items import is_heading


def is_recorded(actor: Actor, meeting: Meeting, items: Sequence[Item]) -> bool:
    """Whether words, a decision, an action, or an item that is done or put off stand in it, as far as the actor sees;
    or minutes of it, where it was ended once and went on. `items`: those that she sees. Three queries at most."""
    for one in items:
        if not is_heading(one) and (one.decision or one.decision_words or one.agreed):
            return True
        if one.status == ItemStatus.DONE or (one.status == ItemStatus.DEFERRED and one.began_at is not None):
            return True
    words = access.parts_readable_by(actor, Words).filter(item__meeting=meeting).exclude(text="")
    actions = access.parts_readable_by(actor, ItemAction).filter(item__meeting=meeting)
    minutes = access.parts_readable_by(actor, MinutesPart).filter(meeting=meeting)
    return words.exists() or actions.exists() or minutes.exists()
