"""What the audit can say of the plan: counted."""

from saferhub.audit.events import register

register(
    {
        "plan.measures_counted": "counted the measures",
        "plan.counting_asked": "asked for the measures to be counted",
        "plan.figure_replaced": "counted a figure again, and it came out otherwise",
        "plan.figure_entered": "entered a figure",
        "plan.figure_corrected": "entered a figure anew in place of another",
    }
)
