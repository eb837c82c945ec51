"""Classes and retention of the fields of the plan (see foundation.data_classes).

The plan is the partnership's own work. Its forms ask to name nobody, its figures are counts; who leads an action or
owns a measure is staff.
"""

from saferhub.foundation.data_classes import MOVE, RECORD, Rule, fields

FIELDS = {
    "plan.Strategy": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership code name first_day last_day agreed_on agreed_where version",
    ),
    "plan.Area": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership strategy code number name what lead_post lead_agency led_by valid_from valid_until"
            " ended_why version"
        ),
    ),
    "plan.AreaBefore": fields(
        Rule.CALENDAR, internal="id area name what lead_post lead_agency led_by last_day"
    ),
    "plan.Objective": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership area code order words valid_from valid_until ended_why follows version",
    ),
    "plan.ActionPlan": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership strategy first_day last_day status agreed_where review_words version",
    ),
    "plan.YearMove": fields(Rule.CALENDAR, internal=f"{MOVE} plan reason"),
    "plan.PlanAction": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership plan objective number what lead_agency lead_post resources starts_on due_on"
            " baseline target measure status evidence rolled_from rolled_as rolled_why version"
        ),
        staff="lead",
    ),
    "plan.ActionPartner": fields(Rule.CALENDAR, internal="id action agency"),
    "plan.PlanActionMove": fields(Rule.CALENDAR, internal=f"{MOVE} action reason"),
    "plan.Milestone": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership action words due_on done_on evidence dropped_why version",
    ),
    "plan.ActionUpdate": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership action quarter asked_on due_on reminded_on status words evidence on by replaces"
        ),
    ),
    "plan.Funding": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership area objective title funder amount first_day last_day buys provider monitoring"
            " bid_due_on status version"
        ),
    ),
    "plan.FundingMove": fields(Rule.CALENDAR, internal=f"{MOVE} funding reason"),
    "plan.FundingReport": fields(
        Rule.CALENDAR, internal=f"{RECORD} partnership funding first_day last_day spent words on by"
    ),
    "plan.Training": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership area on topic given_by agency audience count asked more_confident outcome by version"
        ),
    ),
    "plan.ConnectedReport": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership board area on title received_at words follows by version",
    ),
    "plan.Consultation": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership kind title first_day last_day said changed made_known senior_posts by version"
        ),
    ),
    "plan.ConsultedGroup": fields(
        Rule.CALENDAR, internal=f"{RECORD} partnership consultation name reached gap version"
    ),
    "plan.CrimeNote": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership on decision body agency area effects done version",
        staff="by",
    ),
    "plan.Measure": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership code area objective order owner_agency owner_post ended_on ended_why version"
        ),
        staff="owner",
    ),
    "plan.MeasureVersion": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} measure number valid_from name definition formula source counted_by unit per every polarity"
            " rise_may_mean target tolerance target_why baseline baseline_words comparator small caveat why made_by"
            " made_on"
        ),
    ),
    "plan.Observation": fields(
        Rule.CALENDAR,
        internal=(
            f"{RECORD} partnership measure version split part part_words first_day last_day numerator denominator value"
            " rows rows_hash missing_why evidence on by replaces replaced_why is_newest"
        ),
    ),
    "plan.Commentary": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership measure quarter asked_on due_on reminded_on words on by replaces",
    ),
    "plan.Step": fields(
        Rule.CALENDAR,
        internal=f"{RECORD} partnership measure first_day why on by taken_back_on taken_back_why",
    ),
}
