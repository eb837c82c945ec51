"""What the audit can say of the plan: updates."""

from saferhub.audit.events import register

register(
    {
        "plan.updates_asked": "asked leads how the actions of the plan stand",
        "plan.update_said": "gave an update on an action of the plan",
        "plan.update_corrected": "corrected an update on an action of the plan",
        "plan.update_reminded": "reminded a lead of updates on the plan",
    }
)
