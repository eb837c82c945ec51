"""Who may see what: the first wall. Everything protected is loaded through the functions of this package.

The rule is need-to-know's, in four arms: a normal folder of a hub I work in; a normal folder of my own
unit; a folder I hold a live interest in that is sensitive enough; and a normal folder enclosed in one of
those. The database holds the same rule once more (`sql/gate.sql`), derived apart from this one, and a
test of random worlds holds the two to each other.
"""

from __future__ import annotations

from .matters import (
    check_can_decide_sharing,
    check_can_edit,
    check_can_enclose,
    get_matter,
    get_matter_for_update,
    matters_visible_to,
)
from .sight import (
    Sight,
    folders_readable_by,
    folders_visible_to,
    in_folders_readable_by,
    interests_live_on,
    interests_visible_to,
    sight_of,
)

__all__ = [
    "Sight",
    "check_can_decide_sharing",
    "check_can_edit",
    "check_can_enclose",
    "folders_readable_by",
    "folders_visible_to",
    "get_matter",
    "get_matter_for_update",
    "in_folders_readable_by",
    "interests_live_on",
    "interests_visible_to",
    "matters_visible_to",
    "sight_of",
]
