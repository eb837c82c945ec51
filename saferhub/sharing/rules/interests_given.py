"""Where the reason of an interest is kept."""

from __future__ import annotations

# The kind of revision that keeps, in the matter's folder, why an interest was given.
REASON_KIND = "sharing.interest"
