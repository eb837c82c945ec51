"""What the audit can say of reporting: reports."""

from saferhub.audit.events import register

register(
    {
        "reporting.report_begun": "began a report",
        "reporting.report_changed": "changed what stands above a report",
        "reporting.section_changed": "changed a section of a report",
        "reporting.section_reset": "took the proposed words of a section again",
        "reporting.section_restored": "took their own words of a section again",
        "reporting.section_added": "added a section to a report",
        "reporting.section_moved": "moved a section of a report",
        "reporting.report_dropped": "dropped a report",
        "reporting.approval_asked": "asked for approval of a report",
        "reporting.report_stopped": "was told what keeps a report from leaving",
        "reporting.report_approved": "approved a report",
        "reporting.report_sent_back": "sent a report back to its author",
        "reporting.report_published": "published a report",
        "reporting.correction_begun": "began to correct a published report",
        "reporting.correction_given_up": "gave up the correction of a published report",
        "reporting.report_withdrawn": "withdrew a published report",
        "reporting.report_written": "wrote a report into files",
        "reporting.reports_exported": "took the list of reports as a file",
        "reporting.file_taken": "took a report as a file",
        "reporting.report_seen": "read a report",
    }
)
