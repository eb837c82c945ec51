"""How a large sheet stands that the worker reads in: what was kept of it, and its job on the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from saferhub.audit.jobs import IN_HAND, UNDER_WAY
from saferhub.casework.access.intake import job_of
from saferhub.casework.models import LoadStatus, SheetLoad
from saferhub.foundation import clock

# A worker gives a sign of life every five seconds; see foundation's command worker.
NO_LIFE = timedelta(seconds=15)
_NOTHING = "Nothing of it was read in, and nothing is half done."


@dataclass(frozen=True, slots=True)
class Standing:
    """`goes_on`: the page is worth looking at again; `counts`: how many rows are written says something; `may_begin`:
    it can be put on the queue once more."""

    title: str
    words: str
    goes_on: bool = False
    counts: bool = False
    may_begin: bool = False


def standing_of(load: SheetLoad) -> Standing:
    """How one stands that is not read in yet. Two queries at most."""
    if load.status == LoadStatus.CANCELLED:
        return Standing("Stopped", f"{_NOTHING} Choose the file again if you want it read in.")
    if load.status != LoadStatus.WAITING:
        return Standing("Not read in", f"{load.problem} {_NOTHING} Mend it, and choose the file again.")
    job = job_of(load)
    if job is None or job.status not in UNDER_WAY:
        may_begin = bool(load.sealed) and load.expires_at > clock.real_now()
        return Standing("It broke off", _NOTHING, may_begin=may_begin)
    if job.status == IN_HAND:
        if job.worker is None or job.worker.last_heartbeat < clock.real_now() - NO_LIFE:
            return Standing("It broke off", f"{_NOTHING} It begins again by itself.", goes_on=True)
        words = "You can go on with other work meanwhile."
        if job.attempts:
            words = "It had broken off. Nothing of it was kept, and it has begun again from the first row."
        return Standing("Being read in", words, goes_on=True, counts=True)
    if job.attempts:
        return Standing("It broke off", f"{_NOTHING} It begins again by itself.", goes_on=True)
    return Standing("Waiting for its turn", "You can go on with other work meanwhile.", goes_on=True)
