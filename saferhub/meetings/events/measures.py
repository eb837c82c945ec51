"""What the audit can say of meetings: measures."""

from saferhub.audit.events import register

register({"meetings.measures_exported": "exported figures of meetings"})
