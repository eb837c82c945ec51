"""Which policy guards each table of sharing (see foundation.walls)."""

from saferhub.foundation.walls import Wall, in_folder, listed

# A policy of its own cannot look a row up in the table it guards, so a folder tests its own columns.
# One of kind work is its hub's alone, whichever unit opened it.
_FOLDER = (
    "({t}.sensitivity = 0 AND {t}.hub_id = ANY ((SELECT gate.hubs())::bigint[]))"
    " OR ({t}.sensitivity = 0 AND {t}.kind <> 'work' AND {t}.unit_id = ANY ((SELECT gate.holders())::bigint[]))"
    " OR EXISTS (SELECT 1 FROM gate.sight s WHERE s.folder_id = {t}.id AND s.sensitivity >= {t}.sensitivity)"
)
_VISIBLE = "EXISTS (SELECT 1 FROM gate.visible_folder f WHERE f.id = {t}.%s OFFSET 0)"
_READABLE = "EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = {t}.%s OFFSET 0)"

PROTECTED = {
    "sharing_folder": Wall(
        read=_FOLDER + " OR ({t}.sensitivity = 0 AND EXISTS (SELECT 1 FROM gate.enclosed e"
        " WHERE e.inner_id = {t}.id OFFSET 0))",
        # Only for one's own unit, in one's own partnership; restricting it is a second step.
        add="{t}.sensitivity = 0 AND {t}.unit_id = ANY ((SELECT gate.holders())::bigint[])"
        " AND {t}.partnership_id = (SELECT gate.partnership())"
        " AND ({t}.hub_id IS NULL OR EXISTS (SELECT 1 FROM partnership_hub h"
        " WHERE h.id = {t}.hub_id AND h.partnership_id = {t}.partnership_id))",
        change=_FOLDER,
        # Its own function narrows the records in a restricted matter, whoever they belong to.
        gate=("SELECT", "INSERT", "UPDATE"),
    ),
    # Reading and writing stand apart: one policy "mine" for both let an agency grant itself any matter.
    "sharing_interest": Wall(
        read="{t}.holder = ANY ((SELECT gate.holders())::bigint[]) OR " + _VISIBLE % "folder_id",
        # Never for somebody of another partnership.
        add=_VISIBLE
        % "folder_id"
        + " AND (({t}.unit_id IS NULL AND EXISTS (SELECT 1 FROM partnership_membership m"
        " WHERE m.user_id = {t}.user_id AND m.partnership_id = (SELECT gate.partnership())))"
        " OR EXISTS (SELECT 1 FROM partnership_unit u JOIN partnership_agency a ON a.id = u.agency_id"
        " WHERE u.id = {t}.unit_id AND a.partnership_id = (SELECT gate.partnership())))",
        change=_VISIBLE % "folder_id",
        # Its own function ends what was opened in an emergency, even where it has gone out of sight.
        gate=("SELECT", "INSERT", "UPDATE"),
    ),
    "sharing_enclosure": Wall(
        read=_VISIBLE % "outer_id",
        add=f"{_VISIBLE % 'outer_id'} AND {_READABLE % 'inner_id'}",
        change=_VISIBLE % "outer_id",
        # The items of meetings let go of what a matter no longer has, whoever sees them.
        gate=("SELECT", "UPDATE"),
    ),
    # Of what needs sight of two folders, history needs both.
    "sharing_revision": Wall(
        f"{_READABLE % 'folder_id'} AND ({{t}}.outer_id IS NULL OR {_READABLE % 'outer_id'})"
    ),
    "sharing_matter": listed(),
    "sharing_matter_move": in_folder(),
    "sharing_handover": in_folder(),
    "sharing_access_request": in_folder(gate=("SELECT", "INSERT")),
    "sharing_emergency": in_folder(gate=("SELECT", "INSERT"), governed=True),
    # Whoever opened it, whoever decides for the hub, and information governance; written with the emergency by
    # the gate's function, and once more by the review.
    "sharing_emergency_reason": Wall(
        read="EXISTS (SELECT 1 FROM gate.readable_folder r JOIN sharing_folder f ON f.id = r.id"
        " WHERE r.id = {t}.folder_id AND ({t}.user_id = (SELECT gate.user_id())"
        " OR f.hub_id = ANY ((SELECT gate.deciding())::bigint[])))"
        " OR {t}.partnership_id = (SELECT gate.governs())",
        add="false",
        change="{t}.partnership_id = (SELECT gate.governs())",
        gate=("SELECT", "INSERT"),
    ),
    # Written by the gate's functions alone, on a connection of its own, so that nothing takes it back.
    "sharing_search": Wall(
        read="{t}.user_id = (SELECT gate.user_id()) OR {t}.partnership_id = (SELECT gate.governs())",
        add="false",
        change="false",
        gate=("SELECT", "INSERT", "UPDATE"),
    ),
    # Nobody reads or writes it but the gate's own functions.
    "sharing_pointer_hit": Wall("false", gate=("SELECT", "INSERT")),
}
