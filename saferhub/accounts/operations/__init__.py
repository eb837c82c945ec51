"""Every write on accounts, by subject. Each is atomic and leaves its entry in the audit."""

from .details import change_details, end_other_sessions
from .held_forms import give_back, hold, put_back, throw_away, throw_away_expired
from .invitations import accept_invitation, invite, withdraw_invitations
from .leavers import give_back_access, record_leaver
from .second_factors import (
    record_code_refused,
    record_factor_added,
    record_factor_removed,
    record_factor_used,
    record_recovery_codes_made,
    reset_second_factor,
)
from .sign_in import (
    record_locked_out,
    record_password_reset_asked,
    record_session_ended,
    record_sign_in_failed,
    record_signed_in,
    record_signed_out,
    set_password,
)

__all__ = [
    "accept_invitation",
    "change_details",
    "end_other_sessions",
    "give_back",
    "give_back_access",
    "hold",
    "invite",
    "put_back",
    "record_code_refused",
    "record_factor_added",
    "record_factor_removed",
    "record_factor_used",
    "record_leaver",
    "record_locked_out",
    "record_password_reset_asked",
    "record_recovery_codes_made",
    "record_session_ended",
    "record_sign_in_failed",
    "record_signed_in",
    "record_signed_out",
    "reset_second_factor",
    "set_password",
    "throw_away",
    "throw_away_expired",
    "withdraw_invitations",
]
