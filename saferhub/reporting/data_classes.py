"""Classes and retention of the fields of reporting (see foundation.data_classes).

A report is written to be read by members and the public: its forms ask to name nobody, and before it leaves the release
check looks for names, restricted matters and small numbers. Members' names belong to a public office.
"""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields

FIELDS = {
    "reporting.Committee": fields(
        Rule.CALENDAR, internal=f"{RECORD} partnership board name agency outline ended_on version"
    ),
    "reporting.Sitting": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership committee on papers_due_on place about outcome is_cancelled version",
    ),
    "reporting.MemberQuestion": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership committee asked_at asked_on words area owner_post due_at due_on status answer"
            " answered_on answered_by reminded_on version"
        ),
        staff="asked_by owner",
    ),
    "reporting.QuestionMove": fields(Rule.CALENDAR, internal=f"{MOVE} question reason"),
    "reporting.Theme": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership committee title why area sitting brings outcome is_dropped version",
    ),
    "reporting.Report": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership kind committee sitting title as_of outline outline_day author_post due_on status"
            " version"
        ),
        staff="author",
    ),
    "reporting.ReportMove": fields(Rule.CALENDAR, internal=f"{MOVE} report reason"),
    "reporting.ReportSection": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership report code provider priority order heading words is_own_words is_left_out"
            " left_out_why is_exempt exempt_why version"
        ),
    ),
    "reporting.ReportVersion": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership report audience number content content_hash figures status made_by made_at"
            " approved_by approved_at published_by published_at correction corrects"
        ),
    ),
    "reporting.Approval": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership report number hashes post on saw_all taken_back_on taken_back_why",
        staff="by",
    ),
    "reporting.Resolution": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership report number taken_out_in words resolved resolved_on copied_to answer_due_on answer"
            " answered_on version"
        ),
    ),
}
