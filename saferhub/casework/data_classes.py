"""Classes and retention of casework's fields (see foundation.data_classes).

Free text about a matter is classed criminal throughout: nearly everything that is written in this work can tell
of an offence that somebody is thought to have committed, or suffered.
"""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields
from saferhub.sharing.data_classes import IN_FOLDER

_LISTED = f"{RECORD} {IN_FOLDER} hub unit"
_MOVED = f"{MOVE} {IN_FOLDER}"
_TWO = f"{RECORD} {IN_FOLDER} matter_folder matter"

FIELDS = {
    "casework.Referral": fields(
        Rule.MATTER,
        internal=(
            f"{_LISTED} matter work_folder score_folder to_hub status source sent_on sent_at due_on decided_on"
            " case_id_public written_by version agreement external_key"
        ),
        staff="referrer_name referrer_contact",
        personal="sensitivity subject_kind gateway children told urgent",
        criminal=(
            "happened where tried asked_for children_words wishes not_told_why urgent_why answer reply"
        ),
    ),
    "casework.ReferralMove": fields(Rule.MATTER, internal=f"{_MOVED} referral", criminal="reason"),
    "casework.ReferralPack": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} {IN_FOLDER} referral number content_hash status made_by made_at approved_by approved_at"
            " published_by published_at corrects parts recipient_agency agreement disclosure"
        ),
        personal="recipient purpose gateway data_items",
        criminal="content figures correction necessity",
    ),
    # As what somebody stands in a matter: victim, alleged perpetrator.
    "casework.Involved": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} matter by on ended_on ended_by",
        personal="person place is_subject",
        criminal="role end_reason",
    ),
    "casework.Decision": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} referral hub_from hub_to case_id_public by on at",
        personal="kind tests",
        criminal="reason told",
    ),
    "casework.Instrument": fields(Rule.PACK, internal=f"{RECORD} partnership", public="code name"),
    "casework.InstrumentVersion": fields(
        Rule.PACK,
        internal=f"{RECORD} instrument made_by published_by published_at version status from_pack",
        public="number definition effective_from reconstruction note",
    ),
    # Answers tell of health, of a pregnancy, of being hated for who one is.
    "casework.Assessment": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} matter instrument_version is_complete by agency on at",
        personal="person score most band judged_band panel_agrees with_victim_alone",
        criminal="answers outside judged_why prompts note",
    ),
    "casework.PromptAnswer": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} assessment by agency on",
        personal="prompt outcome",
        criminal="words",
    ),
    "casework.Case": fields(
        Rule.MATTER,
        internal=(
            f"{_LISTED} matter referral_folder status lead_unit adopted_on banded_on review_on contact_due_on"
            " next_due_on first_due_on closed_on overridden version"
        ),
        personal="sensitivity subject_kind band risk_rank score outcome",
        criminal="why wanted close_reason learning told override_reason",
    ),
    "casework.CaseMove": fields(Rule.MATTER, internal=f"{_MOVED} case", criminal="reason"),
    "casework.CaseReview": fields(
        Rule.MATTER, internal=f"{RECORD} {IN_FOLDER} case on next_on by agency", criminal="words"
    ),
    "casework.Goal": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} case by_when status ended_on by version",
        criminal="words measure ended_why",
    ),
    "casework.Risk": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} case owner_unit owner review_on ended_on by version",
        personal="severity",
        criminal="words mitigation ended_why",
    ),
    "casework.Osara": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} case version",
        criminal="objective scanning analysis response assessment",
    ),
    # That two cases belong together joins the people in them.
    "casework.CaseLink": fields(
        Rule.MATTER,
        internal=f"{RECORD} partnership a_folder b_folder by on ended_on ended_by",
        personal="a b",
        criminal="why ended_why",
    ),
    "casework.Note": fields(
        Rule.MATTER,
        internal=f"{_TWO} sharing on at by unit withdrawn_at withdrawn_by version",
        personal="kind person how reached",
        criminal="words withdrawn_why unsafe_why",
    ),
    "casework.Attachment": fields(
        Rule.MATTER,
        internal=(
            f"{_TWO} note media_type size sha256 stored scanned sharing by unit on withdrawn_at withdrawn_by"
        ),
        criminal="name about withdrawn_why",
    ),
    "casework.DemandEvent": fields(
        Rule.MATTER, internal=f"{RECORD} {IN_FOLDER} case referral", personal="kind on count agency"
    ),
    "casework.Action": fields(
        Rule.MATTER,
        internal=(
            f"{_LISTED} case owner_unit owner due_on status set_on set_by ended_on level chased_on version"
        ),
        personal="sensitivity",
        criminal="words evidence blocked_why",
    ),
    "casework.ActionMove": fields(Rule.MATTER, internal=f"{_MOVED} action", criminal="reason"),
    "casework.Chase": fields(
        Rule.MATTER, internal=f"{RECORD} {IN_FOLDER} action level on mailed", personal="to"
    ),
    "casework.CalendarFeed": fields(Rule.SESSION, internal=RECORD, staff="user token_hash read_at"),
    "casework.Intervention": fields(
        Rule.MATTER,
        internal=(
            f"{_LISTED} case power_version used_by status starts_on expires_on review_on prior ended_on"
            " watch_unit watcher watch_review_on set_by set_on version"
        ),
        personal="sensitivity person place",
        criminal="power kind words checks override_reason outcome outcome_words",
    ),
    "casework.InterventionMove": fields(Rule.MATTER, internal=f"{_MOVED} intervention", criminal="reason"),
    "casework.Breach": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} intervention by recorded_on",
        criminal="on words response",
    ),
    "casework.ReferralLink": fields(
        Rule.ACCOUNT,
        internal=(
            f"{RECORD} partnership unit hub account purpose gateway agreement expires_at most_uses uses made_by"
            " made_on ended_at ended_by"
        ),
        staff="label token_hash",
    ),
    "casework.ApiToken": fields(
        Rule.ACCOUNT,
        internal=f"{RECORD} partnership unit account scopes expires_on used_at drawn_by made_by made_on ended_at"
        " ended_by",
        staff="label token_hash",
    ),
    "casework.LinkReceipt": fields(Rule.ACCOUNT, internal="id link key reference at"),
    "casework.IdempotencyKey": fields(Rule.SESSION, internal="id token key digest made answered at"),
    "casework.ColumnMapping": fields(
        Rule.ACCOUNT, internal=f"{RECORD} partnership unit name settings made_by version"
    ),
    # Like a half-written form: sealed under the service's secret, which the database never sees, and deleted after
    # a day. To the database the bytes tell nothing of any matter: staff.
    "casework.SheetLoad": fields(
        Rule.SESSION,
        internal=(
            f"{RECORD} account mapping hub purpose sha256 rows done status problem made job expires_at"
        ),
        staff="sealed",
    ),
    "casework.SheetImport": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} mapping sha256 rows created changed unchanged by on",
        personal="file_name",
    ),
    "casework.SheetRow": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} mapping key last_import",
        personal="referral",
        criminal="values",
    ),
}
