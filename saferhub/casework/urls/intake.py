"""Addresses of intake."""

from django.urls import URLPattern, path

from saferhub.casework.views import (
    intake_api,
    intake_keys,
    intake_links,
    intake_loading,
    intake_public,
    intake_sheets,
)

urlpatterns: list[URLPattern] = [
    path("keys/", intake_keys.keys, name="keys"),
    path("keys/allow/", intake_keys.allow, name="key-allow"),
    path("keys/<str:public_id>/secret/", intake_keys.draw, name="key-draw"),
    path("keys/<str:public_id>/end/", intake_keys.end, name="key-end"),
    path("referrals/links/", intake_links.links, name="links"),
    path("referrals/links/make/", intake_links.make, name="link-make"),
    path("referrals/links/<str:public_id>/end/", intake_links.end, name="link-end"),
    path("referrals/import/", intake_sheets.choose, name="sheet-import"),
    path("referrals/import/how/", intake_sheets.reading, name="sheet-reading"),
    path("referrals/import/read/", intake_sheets.read_in, name="sheet-read-in"),
    path("referrals/import/loading/<str:public_id>/", intake_loading.loading, name="sheet-loading"),
    path("referrals/import/loading/<str:public_id>/again/", intake_loading.again, name="sheet-load-again"),
    path("referrals/import/loading/<str:public_id>/stop/", intake_loading.stop, name="sheet-load-stop"),
    path("referrals/import/<str:public_id>/", intake_sheets.imported, name="sheet-imported"),
    path("r/<str:secret>/", intake_public.refer, name="link-referral"),
    *intake_api.patterns(),
]
