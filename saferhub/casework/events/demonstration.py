"""What the audit can say of calls that were counted."""

from saferhub.audit.events import register

register({"casework.demand_kept": "kept calls that were counted about a subject"})
