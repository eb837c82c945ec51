"""What the audit can say of the plan: scorecard."""

from saferhub.audit.events import register

register(
    {
        "plan.scorecard_exported": "took the scorecard away as a file",
        "plan.measure_exported": "took the figures of a measure away as a file",
    }
)
