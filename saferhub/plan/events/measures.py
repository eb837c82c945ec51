"""What the audit can say of the plan: measures."""

from saferhub.audit.events import register

register(
    {
        "plan.measures_taken": "took measures on from the pack",
        "plan.measure_taken": "took a measure on from the pack",
        "plan.measure_defined": "defined a measure",
        "plan.measure_changed": "defined a measure anew from a day on",
        "plan.measure_kept_by": "changed who answers for a measure, or where in the plan it stands",
        "plan.measure_ended": "ended a measure",
        "plan.limits_begun_anew": "said from when the limits of a measure are calculated anew",
        "plan.limits_taken_back": "took back that the limits of a measure are calculated anew",
        "plan.commentary_asked": "asked owners what they say of their measures",
        "plan.commentary_reminded": "reminded an owner to comment on a measure",
        "plan.commentary_said": "commented on a measure",
        "plan.commentary_corrected": "commented on a measure anew",
    }
)
