"""The codes a membership's role may have, as the database checks them.

What each role is and may do is decided in `partnership.access.Role`, which models may not import; a test
holds the two lists to each other.
"""

ROLE_CODES = (
    "analyst",
    "hub_coordinator",
    "information_governance",
    "meeting_chair",
    "minute_taker",
    "partner",
    "partnership_manager",
    "system_administrator",
)
