"""Addresses of agreements and of sight that sleeps, under /agreements/."""

from django.urls import path

from saferhub.sharing.views import agreements, agreements_kept, dormant

urlpatterns = [
    path("", agreements.agreements, name="agreements"),
    path("export.csv", agreements.agreements_csv, name="agreements-csv"),
    path("dormant/", dormant.dormant, name="dormant"),
    path("write/", agreements_kept.write, name="agreement-write"),
    path("from-pack/", agreements_kept.from_pack, name="agreement-from-pack"),
    path("<slug:public_id>/", agreements.agreement, name="agreement"),
    path("<slug:public_id>/edit/", agreements_kept.edit_draft, name="agreement-edit"),
    path("<slug:public_id>/put-in-force/", agreements_kept.put_in_force, name="agreement-put-in-force"),
    path("<slug:public_id>/suspend/", agreements_kept.suspend, name="agreement-suspend"),
    path("<slug:public_id>/resume/", agreements_kept.resume, name="agreement-resume"),
    path("<slug:public_id>/end/", agreements_kept.end, name="agreement-end"),
    path("<slug:public_id>/review/", agreements_kept.review, name="agreement-review"),
    path("<slug:public_id>/replace/", agreements_kept.replace, name="agreement-replace"),
    path("<slug:public_id>/parties/<slug:party>/sign/", agreements_kept.sign, name="agreement-sign"),
    path(
        "<slug:public_id>/parties/<slug:party>/withdraw/", agreements_kept.withdraw, name="agreement-withdraw"
    ),
]
