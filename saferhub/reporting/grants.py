"""Privileges on the tables of reporting (see foundation.grants). Nothing is deleted that was approved or read."""

from saferhub.foundation.grants import Grant

_KEPT = Grant(app="SIU", steward="S")
_SAID = Grant(app="SI", steward="S")

TABLES = {
    "reporting_committee": _KEPT,
    "reporting_sitting": _KEPT,
    "reporting_question": _KEPT,
    "reporting_question_move": _SAID,
    "reporting_theme": _KEPT,
    "reporting_report": _KEPT,
    "reporting_report_move": _SAID,
    "reporting_section": _KEPT,
    "reporting_report_version": Grant(
        app="SIUD",
        steward="S",
        why="A draft that was sent back is frozen anew; what was approved stays, by its trigger",
    ),
    "reporting_approval": _KEPT,
    "reporting_resolution": _KEPT,
}
