"""Casework: referrals, scoring, decisions, cases, actions, interventions, closure."""
