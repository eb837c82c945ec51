"""Addresses of the plan, by subject."""

from . import actions, counted, measures, scorecard, strategy, support, updates

urlpatterns = [
    *strategy.urlpatterns,
    *actions.urlpatterns,
    *updates.urlpatterns,
    *support.urlpatterns,
    # Before measures: these addresses stand where a measure's own would.
    *scorecard.urlpatterns,
    *measures.urlpatterns,
    *counted.urlpatterns,
]
