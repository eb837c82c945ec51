"""Classes and retention of sharing's fields (see foundation.data_classes).

For which purpose and on which gateway something is shared tells what kind of harm is at stake: personal. Text
in which somebody says why is classed criminal throughout: in community safety work the reason for nearly
everything can be an offence that somebody is thought to have committed, or suffered.
"""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields

IN_FOLDER = "partnership folder"

FIELDS = {
    # --- Folders. They hold no words, but that a record is held narrowly says something of whom it is about.
    # A folder and its revisions go with what lies in it; where that is a record of a person, by that rule.
    "sharing.Folder": fields(
        Rule.MATTER, internal=f"{RECORD} partnership hub unit kind", personal="sensitivity"
    ),
    "sharing.Interest": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} folder unit user holder agreement valid_from valid_until given_by ended_by ended_at"
        ),
        personal="sensitivity purpose gateway because",
        criminal="end_reason",
    ),
    # That a record lies in a matter joins a person to it, which is the very thing that is hidden.
    "sharing.Enclosure": fields(
        Rule.MATTER, internal=f"{RECORD} by ended_at ended_by", personal="inner outer", criminal="end_reason"
    ),
    # Whatever was edited, health and allegations included.
    "sharing.Revision": fields(
        Rule.MATTER, internal=f"id {IN_FOLDER} outer kind subject number by agency at", criminal="values"
    ),
    # --- Matters
    "sharing.Matter": fields(
        Rule.MATTER,
        internal=(
            f"{RECORD} {IN_FOLDER} hub unit reference kind status opened_on closed_on lead opened_by version"
        ),
        personal="sensitivity purpose",
        criminal="title about",
    ),
    "sharing.MatterMove": fields(Rule.MATTER, internal=f"{MOVE} {IN_FOLDER} matter", criminal="reason"),
    "sharing.Handover": fields(
        Rule.MATTER,
        internal=f"{RECORD} {IN_FOLDER} matter from_hub to_hub from_unit to_unit by on kept ended",
        criminal="reason",
    ),
    # --- Agreements are between agencies and about no person: their texts say how sharing is done, signatures
    # name a post, and every party, the inspector and most often the public may read them.
    "sharing.Agreement": fields(
        Rule.AGREEMENT,
        internal=(
            f"{RECORD} partnership code title about purposes gateways lawful_bases data_items necessity"
            " security retention rights breach every_hub opens_hubs first_day last_day review_on status replaces"
            " from_pack version"
        ),
    ),
    "sharing.AgreementHub": fields(Rule.AGREEMENT, internal="id agreement hub"),
    "sharing.AgreementParty": fields(
        Rule.AGREEMENT,
        internal=f"{RECORD} agreement agency signed_post signed_on withdrawn_on withdrawn_reason",
    ),
    "sharing.AgreementMove": fields(Rule.AGREEMENT, internal=f"{MOVE} reason agreement"),
    "sharing.AgreementReview": fields(
        Rule.AGREEMENT, internal=f"{RECORD} agreement reviewed_on findings next_review_on by"
    ),
    # --- Ways to ask
    # Hashes under a key still are personal: whoever has the key can try names against them.
    "sharing.Search": fields(
        Rule.SEARCH_LOG,
        internal="id partnership user agency kind pointed at seen hits",
        personal="purpose terms",
    ),
    # It says, until it is thrown away, that whoever was looked for is known, and in which matter.
    "sharing.PointerHit": fields(
        Rule.SEARCH_LOG, internal="id token user hub at", personal="record matter purpose likely"
    ),
    "sharing.AccessRequest": fields(
        Rule.REQUEST,
        internal=(
            f"{RECORD} {IN_FOLDER} asked_by token agreement until asked_on due_on status decided_by decided_at"
            " opened until_given version"
        ),
        personal="about purpose gateway",
        criminal="least reason answer",
    ),
    # Whether it was justified is about the one who opened it; what was opened leads to a person.
    "sharing.Emergency": fields(
        Rule.EMERGENCY,
        internal=f"{RECORD} {IN_FOLDER} user tried opened_at until reviewed_by reviewed_at",
        staff="justified",
        personal="opened",
    ),
    # Why stands behind a wall of its own.
    "sharing.EmergencyReason": fields(
        Rule.EMERGENCY,
        internal=f"id {IN_FOLDER} emergency user",
        personal="danger",
        criminal="reason incident findings",
    ),
}
