"""Addresses of the lists, of changing many at once, and of the hubs' figures."""

from django.urls import path

from saferhub.casework.views import oversight_figures as figures
from saferhub.casework.views import oversight_lists as lists
from saferhub.casework.views import oversight_many as many

urlpatterns = [
    path("cases/", lists.cases, name="cases"),
    path("referrals/", lists.referrals, name="referrals"),
    path("actions/", lists.actions, name="actions"),
    path("interventions/", lists.interventions, name="interventions"),
    *(
        path(f"{code}.{kind}", view, {"code": code}, name=f"{code}-{kind}")
        for code in ("cases", "referrals", "actions", "interventions")
        for kind, view in (("csv", lists.export_csv), ("xlsx", lists.export_xlsx))
    ),
    path("many/cases/", many.cases, name="cases-many"),
    path("many/actions/", many.actions, name="actions-many"),
    path("hubs/figures/", figures.hubs_figures, name="hubs-figures"),
    path("hubs/<slug:code>/figures/", figures.hub_figures, name="hub-figures"),
]
