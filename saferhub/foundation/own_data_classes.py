"""Classes and retention of foundation's own fields (see foundation.data_classes)."""

from .data_classes import Rule, fields

FIELDS = {
    "foundation.ClockOffset": fields(Rule.NONE, internal="id days"),
    "foundation.Milestone": fields(Rule.NONE, internal="name reached_at"),
    # Counts of attempts. What somebody typed at sign-in stands in a key only as a hash, an internet address
    # with it: data on people who sign in, gone with the length of the limit they count towards.
    "foundation_cache": fields(Rule.SESSION, internal="expires", staff="cache_key value"),
}
