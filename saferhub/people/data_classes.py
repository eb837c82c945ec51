"""Classes and retention of the fields on people and places (see foundation.data_classes)."""

from saferhub.foundation.data_classes import RECORD, Rule, fields
from saferhub.sharing.data_classes import IN_FOLDER

_PART = f"{RECORD} {IN_FOLDER} valid_from valid_until by version person"

FIELDS = {
    # That the probation service or a mental health trust knows somebody says something by itself, so the agency
    # is criminal. Sex is special because agencies write it in their own words, which may tell of a change of
    # gender; language because it may tell of origin.
    "people.Person": fields(
        Rule.PERSON,
        internal=f"{RECORD} {IN_FOLDER} given_on given_by version",
        personal="name born_on born_precision died_on",
        special="sex language",
        criminal="agency",
    ),
    "people.Name": fields(Rule.PERSON, internal=f"{_PART} is_main", personal="kind given family"),
    # Some numbers are given to nobody but patients, prisoners or suspects: the kind tells as much as the value.
    "people.Identifier": fields(Rule.PERSON, internal=_PART, criminal="kind value key"),
    # The note may say who else reads what is sent there, and what he did.
    "people.ContactPoint": fields(
        Rule.PERSON, internal=_PART, personal="kind value key is_protected", criminal="note"
    ),
    "people.EqualityAnswer": fields(Rule.PERSON, internal=_PART, special="characteristic answer own_words"),
    # Mostly they tell of a disability.
    "people.CommunicationNeed": fields(Rule.PERSON, internal=_PART, special="kind words"),
    # Violence, weapons, threats.
    "people.StaffRisk": fields(Rule.PERSON, internal=f"{_PART} review_on", criminal="kind words instruction"),
    # Who must not know, and when it is safe, can tell of an alleged abuser and where he is.
    "people.SafeContact": fields(
        Rule.PERSON,
        internal=_PART,
        personal="never",
        criminal="numbers times unsafe_addresses must_not_know note",
    ),
    # To be somebody's adversary is to be alleged to have harmed, or to be harmed.
    "people.Relationship": fields(
        Rule.PERSON, internal=_PART, personal="other other_name", criminal="kind group must_not_know note"
    ),
    # The pair is the fact: that these two records are of one person, or are not.
    "people.LinkDecision": fields(
        Rule.PERSON,
        internal=f"{RECORD} partnership model_version by agency on undone_by undone_on undone_at",
        personal="a b a_folder b_folder verdict evidence",
        criminal="reason undo_reason",
    ),
    # A place may be a home, a refuge, or where drugs are said to be sold.
    "people.Place": fields(
        Rule.PERSON,
        internal=f"{RECORD} {IN_FOLDER} given_on given_by version",
        personal="agency name kind",
        criminal="about",
    ),
    # That an address is a prison or a refuge is said by its kind.
    "people.Address": fields(
        Rule.PERSON,
        internal=f"{RECORD} {IN_FOLDER} person place valid_from valid_until by version",
        personal="lines postcode uprn key is_protected",
        criminal="kind",
    ),
}
