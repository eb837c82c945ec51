"""What the audit can say of notes, contacts, files and the plan of a case."""

from saferhub.audit.events import register

register(
    {
        "casework.note_written": "wrote a note to a case",
        "casework.note_changed": "changed a note of a case",
        "casework.note_withdrawn": "withdrew a note of a case",
        "casework.note_moved": "let the hub that a case went to have what was written for its hub",
        "casework.note_seen": "saw a note of a case",
        "casework.file_added": "put a file into a case",
        "casework.file_taken": "took a file of a case",
        "casework.file_withdrawn": "withdrew a file of a case",
        "casework.file_rests_removed": "removed stored files that nothing names",
        "casework.files_seen": "saw the list of a case’s files",
        "casework.goal_set": "set a goal in a case",
        "casework.goal_changed": "changed a goal of a case",
        "casework.goal_moved": "said what came of a goal",
        "casework.risk_recorded": "recorded a risk in a case",
        "casework.risk_changed": "changed a risk of a case",
        "casework.risk_owner_lost": "gave a risk of a case to who leads it, since whoever answered for it lost sight",
        "casework.risk_ended": "ended a risk of a case",
        "casework.osara_changed": "wrote the problem-solving record of a case",
        "casework.osara_seen": "saw the problem-solving record of a case",
        "casework.plan_seen": "saw the plan of a case",
        "casework.cases_linked": "linked two cases",
        "casework.cases_unlinked": "ended the link of two cases",
    }
)
