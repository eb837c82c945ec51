"""Classes and retention of the fields of meetings (see foundation.data_classes).

What stands on an agenda, what an agency holds and what was said tells of offences somebody is thought to have
committed or suffered: criminal throughout. Who sits where is staff.
"""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields
from saferhub.sharing.data_classes import IN_FOLDER

FIELDS = {
    "meetings.Group": fields(Rule.CALENDAR, internal=f"{RECORD} partnership kind hub board name ended_on"),
    "meetings.Member": fields(
        Rule.MATTER,
        internal=f"{RECORD} partnership group agency unit seat post valid_from valid_until ended_why by version",
        staff="user deputy",
    ),
    "meetings.Meeting": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} partnership group hub folder work_folder number on starts_at minutes place online status"
            " moved_from uid sequence cancelled_why confidentiality began_at ended_at focus focus_since version"
        ),
    ),
    "meetings.MeetingMove": fields(Rule.MATTER, internal=f"{MOVE} partnership meeting reason"),
    "meetings.Invitation": fields(
        Rule.MATTER, internal=f"{RECORD} partnership meeting sequence method on", staff="to"
    ),
    "meetings.Apology": fields(
        Rule.MATTER,
        internal=f"{RECORD} partnership meeting member on by taken_back_on taken_back_by",
        staff="deputy",
    ),
    "meetings.Attendance": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} meeting agency unit seat came acknowledged_at left_at by version",
        staff="user instead_of name",
    ),
    "meetings.Item": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} {IN_FOLDER} meeting kind code matter reference status order minutes began_at spent"
            " decided_by by version"
        ),
        personal="is_urgent agreed",
        criminal="title why brief decision decision_words",
    ),
    "meetings.ItemMove": fields(Rule.MATTER, internal=f"{MOVE} {IN_FOLDER} item", criminal="reason"),
    # That somebody must not learn of an item, and why.
    "meetings.KeptFrom": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} item on by lifted_on lifted_by",
        personal="unit user is_conflict",
        criminal="why",
    ),
    "meetings.Ask": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} {IN_FOLDER} item meeting agency unit asked_on due_on answered_at answered_by reminded_on version"
        ),
        personal="person answer",
        criminal="words answer_words declined_why",
    ),
    "meetings.Words": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} item author mark sequence began_at at",
        criminal="text",
    ),
    "meetings.ItemAction": fields(Rule.MATTER, internal=f"{RECORD} {IN_FOLDER} item action case mark by at"),
    "meetings.MinutesPart": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} {IN_FOLDER} meeting item number content_hash status made_by made_at approved_by approved_at"
            " published_by published_at corrects version"
        ),
        criminal="content figures correction approved_why",
    ),
    "meetings.Copy": fields(
        Rule.MATTER, internal=f"{RECORD} partnership meeting kind number unit form at", staff="to"
    ),
}
