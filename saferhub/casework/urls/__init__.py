"""Addresses of casework, by subject."""

from . import actions, cases, intake, interventions, notes, oversight, referrals, scoring

urlpatterns = [
    *intake.urlpatterns,  # first: it has addresses below referrals/ that are no referral
    *referrals.urlpatterns,
    *scoring.urlpatterns,
    *cases.urlpatterns,
    *notes.urlpatterns,
    *actions.urlpatterns,
    *interventions.urlpatterns,
    *oversight.urlpatterns,
]
