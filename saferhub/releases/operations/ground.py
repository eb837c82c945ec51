"""Whether a release has its ground, asked before there is anything to read."""

from __future__ import annotations

from saferhub.foundation.refusals import refuse_if
from saferhub.partnership.access import Actor
from saferhub.releases.operations.release import (
    MARKINGS,
    Leaving,
    Reasons,
    Recipient,
    ground_of,
    of_matter,
)
from saferhub.releases.rules.release import ground_refusals
from saferhub.sharing.models import Matter


def check_ground(
    *, matter: Matter, leaving: Leaving, recipient: Recipient, reasons: Reasons, by: Actor
) -> None:
    """Raise what `release` would raise of its ground: whoever makes a document is told before she reads it through.
    The release asks again. Leaves no trace."""
    refuse_if(ground_refusals(ground_of(of_matter(matter), leaving, recipient, reasons, MARKINGS[0], by)))
