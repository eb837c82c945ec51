"""Classes and retention of the fields on what leaves (see foundation.data_classes)."""

from saferhub.foundation.data_classes import RECORD, Rule, fields
from saferhub.sharing.data_classes import IN_FOLDER

FIELDS = {
    # The template may be a warning to somebody about what he is said to have done.
    "releases.Letter": fields(
        Rule.DISCLOSURE,
        internal=(
            f"{RECORD} {IN_FOLDER} template_version addressee_person addressee_agency status by on released_at"
            " version"
        ),
        personal="addressee address",
        criminal="template title body",
    ),
    # What was found is a rule and a place in the text, and yet tells that somebody is to be kept apart from
    # somebody. A hash of a text can be tried against guesses at the text.
    "releases.ReleaseCheck": fields(
        Rule.DISCLOSURE,
        internal=f"{RECORD} {IN_FOLDER} kind subject passed by at",
        personal="found content_hash",
        # The reason may say what somebody is said to have done.
        criminal="set_aside",
    ),
    "releases.Disclosure": fields(
        Rule.DISCLOSURE,
        internal=f"{RECORD} {IN_FOLDER} kind subject recipient_agency agreement checked by agency at marking",
        personal="recipient purpose gateway data_items content_hash",
        criminal="title necessity",
    ),
}
