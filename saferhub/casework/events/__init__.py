"""What the audit can say of casework, by subject."""

from . import actions, cases, demonstration, intake, interventions, notes, oversight, referrals, scoring  # noqa: F401
