"""What the audit can say of intake."""

from saferhub.audit.events import register

register(
    {
        "key.allowed": "allowed another system to work here",
        "key.drawn": "drew the secret of another system’s key",
        "key.ended": "ended another system’s key",
        "link.made": "made a link for referrals",
        "link.ended": "ended a link for referrals",
        "link.used": "sent a referral through a link",
        "api.referral_seen": "read a referral by another system",
        "api.referrals_listed": "read a list of referrals by another system",
        "api.cases_listed": "read a list of cases by another system",
        "api.actions_listed": "read a list of actions by another system",
        "api.refused": "another system was refused",
        "sheet.mapping_kept": "kept how a spreadsheet is read",
        "sheet.read": "read a spreadsheet of referrals in",
        "sheet.load_asked": "asked for a large spreadsheet to be read in",
        "sheet.load_stopped": "stopped a spreadsheet that was being read in",
        "sheet.load_refused": "was refused a spreadsheet that was being read in",
    }
)
