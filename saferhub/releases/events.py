"""What the audit can say of releases."""

from saferhub.audit.events import register

register(
    {
        "releases.letter_drafted": "began a letter",
        "releases.letter_edited": "changed a letter",
        "releases.letter_dropped": "dropped a letter",
        "releases.letter_seen": "saw a letter",
        "releases.copy_read": "read the copy for a person’s own request",
        "releases.copy_shown": "showed a released copy to print",
        "releases.checked": "had what was to leave checked",
        "releases.stopped": "was stopped by the release check",
        "releases.released": "let something leave",
        "releases.exported": "exported a list",
        "releases.disclosures_seen": "read the disclosure log",
        "releases.disclosures_exported": "exported the disclosure log",
        "releases.disclosure_seen": "saw a disclosure",
        "releases.stopped_seen": "read what the release check stopped",
    }
)
