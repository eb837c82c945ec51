"""What the audit can say of actions."""

from saferhub.audit.events import register

register(
    {
        "action.set": "agreed an action",
        "action.changed": "changed an action",
        "action.taken_over": "took an action over",
        "action.owner_lost": "took an action from whoever no longer sees its case",
        "action.progress": "recorded progress on an action",
        "action.not_yet": "said that an action is not done yet",
        "action.blocked": "said what is in the way of an action",
        "action.unblocked": "recorded that the way is clear for an action",
        "action.done": "recorded an action as done",
        "action.dropped": "dropped an action",
        "action.reopened": "opened an action again",
        "action.seen": "opened an action",
        "action.list_seen": "opened the actions of a case",
        "action.chased": "reminded somebody of actions",
        "action.feed_made": "made a calendar feed of actions",
        "action.feed_read": "read a calendar feed of actions",
        "action.feed_stopped": "stopped a calendar feed of actions",
    }
)
