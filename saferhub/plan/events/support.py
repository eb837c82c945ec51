"""What the audit can say of the plan: money, training, consultation, reports received, decisions."""

from saferhub.audit.events import register

register(
    {
        "plan.funding_added": "added money that is sought for the plan",
        "plan.funding_changed": "changed a funding of the plan",
        "plan.funding_moved": "recorded what became of a funding of the plan",
        "plan.funding_reported": "recorded what monitoring of a funding found",
        "plan.training_recorded": "recorded training that was given",
        "plan.training_changed": "changed a record of training",
        "plan.report_received": "recorded the report of a connected partnership",
        "plan.report_changed": "changed the record of a connected partnership’s report",
        "plan.consultation_recorded": "recorded a consultation",
        "plan.consultation_changed": "changed a consultation",
        "plan.group_added": "added a group to a consultation",
        "plan.group_changed": "changed a group of a consultation",
        "plan.group_removed": "took a group out of a consultation",
        "plan.decision_noted": "noted how crime and disorder weighed in a decision",
        "plan.note_changed": "changed a note on a decision",
        "plan.support_exported": "took a list beside the plan as a file",
    }
)
