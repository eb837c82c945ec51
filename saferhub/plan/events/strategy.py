"""What the audit can say of the plan: strategy."""

from saferhub.audit.events import register

register(
    {
        "plan.begun": "began the plan from the pack",
        "plan.strategy_begun": "began another strategy",
        "plan.strategy_agreed": "recorded that the strategy was agreed",
        "plan.area_added": "added an area to the plan",
        "plan.area_changed": "changed an area of the plan",
        "plan.area_ended": "ended an area of the plan",
        "plan.objective_added": "added an objective to the plan",
        "plan.objective_reworded": "gave an objective of the plan other words",
        "plan.objective_ended": "ended an objective of the plan",
        "plan.year_agreed": "recorded that a year’s action plan was agreed",
        "plan.year_reviewed": "closed the yearly review of the action plan",
        "plan.year_reopened": "opened a yearly review again",
        "plan.year_drafted": "drafted a year’s action plan",
    }
)
