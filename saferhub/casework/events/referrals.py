"""What the audit can say of referrals."""

from saferhub.audit.events import register

register(
    {
        "referral.started": "began a referral",
        "referral.saved": "wrote in a referral",
        "referral.sent": "sent a referral to a hub",
        "referral.answered": "answered a hub’s question about a referral",
        "referral.withdrawn": "withdrew a referral",
        "referral.seen": "opened a referral",
        "referral.pack_made": "made a pack of a referral",
        "referral.pack_dropped": "dropped a pack of a referral",
        "referral.pack_released": "let a pack of a referral leave",
        "referral.pack_seen": "saw a pack of a referral",
        "referral.listed": "looked at a list of referrals",
    }
)
