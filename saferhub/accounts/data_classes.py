"""Classes and retention of the accounts' fields (see foundation.data_classes)."""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields

FIELDS = {
    "accounts.User": fields(
        Rule.ACCOUNT,
        internal=f"{RECORD} kind status session_generation",
        staff="password last_login email username name job_title telephone left_on",
    ),
    # Why somebody left, or came back.
    "accounts.AccountMove": fields(Rule.ACCOUNT, internal=f"{MOVE} user", staff="reason"),
    "accounts.Invitation": fields(
        Rule.ACCOUNT,
        internal=f"{RECORD} user expires_at used_at withdrawn_at invited_by",
        staff="secret_hash",
    ),
    # What somebody wrote may be about any matter, so why not criminal? It is stored when a session has ended
    # and read while its author signs in again: in both there is no actor, so no policy could let her through.
    # What protects it instead: it is encrypted under a key made of the service's secret and of her account,
    # which the database never sees; it opens for her alone; it is offered for half an hour and then deleted,
    # which a protected table would forbid. To the database the bytes tell nothing of any matter: staff.
    "accounts.HeldForm": fields(Rule.SESSION, internal=f"{RECORD} user expires_at", staff="sealed"),
}
