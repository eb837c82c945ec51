"""What the audit can say of scoring."""

from saferhub.audit.events import register

register(
    {
        "instrument.taken": "took a scoring form from the pack",
        "instrument.drafted": "began a new version of a scoring form",
        "instrument.changed": "changed a draft of a scoring form",
        "instrument.published": "published a version of a scoring form",
        "instrument.discarded": "discarded a draft of a scoring form",
        "score.recorded": "scored a referral or case",
        "score.seen": "saw the scores of a referral or case",
        "score.prompt_answered": "recorded what was decided about what a score prompts",
    }
)
