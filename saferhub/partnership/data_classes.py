"""Classes and retention of the partnership's fields (see foundation.data_classes).

Packs are published: they name posts and bodies, never people or cases. The calendar's forms ask to name
nobody, and no screen of it concerns a matter.
"""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields

FIELDS = {
    "partnership.Partnership": fields(Rule.PACK, internal=RECORD, public="code name short_name"),
    "partnership.PackRelease": fields(
        Rule.PACK,
        internal=f"{RECORD} loaded_at loaded_by",
        public="pack version kind title about sha256 partnership",
    ),
    "partnership.Entry": fields(Rule.PACK, internal="id", public="partnership section code position"),
    "partnership.EntryVersion": fields(
        Rule.PACK,
        internal="id",
        public="entry valid_from valid_until payload source verify recorded_in withdrawn_in",
    ),
    "partnership.Agency": fields(Rule.PACK, internal=RECORD, public="partnership entry code name"),
    "partnership.Unit": fields(Rule.PACK, internal=RECORD, public="agency parent code name"),
    "partnership.Hub": fields(Rule.PACK, internal=RECORD, public="partnership entry code name prefix"),
    "partnership.Board": fields(Rule.PACK, internal=RECORD, public="partnership entry code name"),
    # Who holds which role where; the reasons are about the one who works here.
    "partnership.Membership": fields(
        Rule.ACCOUNT,
        internal=f"{RECORD} user partnership given_by ended_by ended_at ended_at_once",
        staff="unit role hub board valid_from valid_until reason end_reason",
    ),
    "partnership.DutyOccurrence": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership entry version clock_version holder title period_start period_end"
            " started_on started_at started_because due_on due_at due_steps status done_on"
            " evidence evidence_reference responsible_post edition"
        ),
    ),
    "partnership.DutyMove": fields(Rule.CALENDAR, internal=f"{MOVE} reason occurrence"),
    "partnership.DutyPause": fields(
        Rule.CALENDAR, internal="id occurrence from_on until_on reason by at ended_by ended_at"
    ),
}
