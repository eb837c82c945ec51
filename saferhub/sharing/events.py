"""What the audit can say of sharing."""

from saferhub.audit.events import register

register(
    {
        "sharing.interest_given": "gave an agency or a person sight",
        "sharing.interest_raised": "let a named person’s sight reach a restricted record",
        "sharing.interest_ended": "ended an agency’s or a person’s sight",
        "sharing.interest_limited": "gave an agency’s or a person’s sight a last day",
        "sharing.enclosed": "put a record into a matter",
        "sharing.taken_out": "took a record out of a matter",
        "sharing.restricted": "restricted a record to named people",
        "sharing.opened_up": "lifted the restriction of a record",
    }
)

# Matters
register(
    {
        "matter.opened": "opened a matter",
        "matter.changed": "changed a matter",
        "matter.closed": "closed a matter",
        "matter.reopened": "opened a matter again",
        "matter.handed_over": "handed a matter over",
        "matter.seen": "saw a matter",
        "matter.sights_seen": "saw who has seen a matter",
        "matter.history_seen": "saw how a matter was changed",
        "matter.exported": "exported the list of matters",
    }
)

register(
    {
        "sharing.asked": "asked a hub for sight",
        "sharing.request_granted": "gave the sight that was asked for",
        "sharing.request_answered": "answered a request without giving sight",
        "sharing.request_refused": "refused a request for sight",
        "sharing.request_withdrawn": "withdrew a request for sight",
        "sharing.request_seen": "read a request for sight",
        "sharing.requests_seen": "looked at the list of requests for sight",
        "sharing.emergency_opened": "opened a record in an emergency",
        "sharing.opened_in_emergency": "opened it in an emergency",
        "sharing.emergency_ended": "ended an emergency early",
        "sharing.emergency_reviewed": "reviewed an emergency",
        "sharing.emergency_seen": "read about an emergency",
        "sharing.emergencies_seen": "looked at the list of emergencies",
    }
)

# Agreements
register(
    {
        "agreement.drafted": "began a draft of a sharing agreement",
        "agreement.taken_from_pack": "took a sharing agreement from a pack",
        "agreement.edited": "changed a draft of a sharing agreement",
        "agreement.replaced": "began a draft to replace a sharing agreement",
        "agreement.signed": "recorded a signature of a sharing agreement",
        "agreement.put_in_force": "put a sharing agreement in force",
        "agreement.suspended": "suspended a sharing agreement",
        "agreement.resumed": "resumed a sharing agreement",
        "agreement.ended": "ended a sharing agreement",
        "agreement.party_withdrew": "recorded that a party withdraws from a sharing agreement",
        "agreement.reviewed": "recorded a review of a sharing agreement",
        "agreement.coordinators_told": "told co-ordinators that a sharing agreement changed",
        "agreement.seen": "read a sharing agreement",
        "agreement.exported": "exported the register of sharing agreements",
        "agreement.dormant_seen": "read which matters have lost a partner",
    }
)
