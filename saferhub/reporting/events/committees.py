"""What the audit can say of reporting: committees, sittings, themes, resolutions."""

from saferhub.audit.events import register

register(
    {
        "reporting.committee_added": "added a committee to which the partnership gives account",
        "reporting.committee_changed": "changed a committee",
        "reporting.sitting_added": "put a sitting into the forward plan",
        "reporting.sitting_changed": "changed a sitting of the forward plan",
        "reporting.sitting_cancelled": "recorded that a sitting does not take place",
        "reporting.theme_added": "put a theme into the forward plan",
        "reporting.theme_changed": "changed a theme of the forward plan",
        "reporting.recommendation_kept": "published a recommendation to members",
        "reporting.recommendation_taken_out": "took a recommendation to members out by a correction",
        "reporting.resolution_added": "recorded a resolution of members",
        "reporting.resolution_changed": "recorded what became of a recommendation",
    }
)
