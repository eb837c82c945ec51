"""Tables of what the partnership publishes of itself, and of its account to members."""

from .committees import (
    QUESTION_LIFECYCLE,
    Committee,
    MemberQuestion,
    QuestionMove,
    QuestionStatus,
    Sitting,
    Theme,
)
from .reports import (
    REPORT_LIFECYCLE,
    Approval,
    Audience,
    Report,
    ReportKind,
    ReportMove,
    ReportSection,
    ReportStatus,
    ReportVersion,
    Resolution,
)

__all__ = [
    "QUESTION_LIFECYCLE",
    "REPORT_LIFECYCLE",
    "Approval",
    "Audience",
    "Committee",
    "MemberQuestion",
    "QuestionMove",
    "QuestionStatus",
    "Report",
    "ReportKind",
    "ReportMove",
    "ReportSection",
    "ReportStatus",
    "ReportVersion",
    "Resolution",
    "Sitting",
    "Theme",
]
