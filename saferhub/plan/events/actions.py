"""What the audit can say of the plan: actions."""

from saferhub.audit.events import register

register(
    {
        "plan.action_added": "added an action to the plan",
        "plan.action_changed": "changed an action of the plan",
        "plan.action_moved": "said how an action of the plan stands",
        "plan.action_decided": "decided in a yearly review about an action of the plan",
        "plan.actions_exported": "took the list of actions of the plan as a file",
        "plan.milestone_added": "added a milestone to an action of the plan",
        "plan.milestone_changed": "changed a milestone of an action of the plan",
        "plan.milestone_done": "recorded a milestone of the plan as done",
        "plan.milestone_dropped": "dropped a milestone of the plan",
        "plan.milestone_opened": "took back that a milestone of the plan was done or dropped",
    }
)
