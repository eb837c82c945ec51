"""Privileges on the tables of the plan (see foundation.grants). Nothing in it is about a person. Nothing is deleted
but who works with a lead, and a group that was entered by mistake."""

from saferhub.foundation.grants import Grant

_KEPT = Grant(app="SIU", steward="S")
_SAID = Grant(app="SI", steward="S")

TABLES = {
    "plan_strategy": _KEPT,
    "plan_area": _KEPT,
    "plan_area_before": _SAID,
    "plan_objective": _KEPT,
    "plan_year": _KEPT,
    "plan_year_move": _SAID,
    "plan_action": _KEPT,
    "plan_action_partner": Grant(
        app="SID",
        steward="S",
        why="who works with the lead is written anew with each edit; the audit keeps that it changed",
    ),
    "plan_action_move": _SAID,
    "plan_milestone": _KEPT,
    "plan_action_update": _KEPT,
    "plan_funding": _KEPT,
    "plan_funding_move": _SAID,
    "plan_funding_report": _SAID,
    "plan_training": _KEPT,
    "plan_connected_report": _KEPT,
    "plan_consultation": _KEPT,
    "plan_consulted_group": Grant(
        app="SIUD",
        steward="S",
        why="a group is put right where it stands, and taken out where it was entered by mistake; the audit keeps both",
    ),
    "plan_crime_note": _KEPT,
    "plan_measure": _KEPT,
    "plan_measure_version": _SAID,
    # Updated only where another row replaces it.
    "plan_observation": _KEPT,
    "plan_commentary": _KEPT,
    "plan_step": _KEPT,
}
