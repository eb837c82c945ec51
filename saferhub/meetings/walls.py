"""Which policy guards each table of meetings (see foundation.walls).

A group, its members, the day and place of a meeting and who was invited are no secret in the partnership; whatever
is spoken of lies in the meeting's folder or the item's.
"""

from saferhub.foundation.walls import in_folder

PROTECTED = {
    "meetings_attendance": in_folder(),
    "meetings_item": in_folder(),
    "meetings_item_move": in_folder(),
    "meetings_kept_from": in_folder(),
    "meetings_ask": in_folder(),
    "meetings_words": in_folder(),
    "meetings_item_action": in_folder(),
    "meetings_minutes_part": in_folder(),
}
