"""Addresses of referrals."""

from django.urls import path

from saferhub.casework.views import referral_packs, referral_people, referral_steps, referrals

_ONE = "referrals/<slug:public_id>/"
_PACK = f"{_ONE}packs/<slug:pack_id>/"

urlpatterns = [
    path("referrals/new/", referral_steps.start, name="referral-start"),
    path("referrals/drafts/", referral_steps.drafts, name="referral-drafts"),
    path(_ONE, referrals.referral, name="referral"),
    path(f"{_ONE}write/<slug:part>/", referral_steps.step, name="referral-step"),
    path(f"{_ONE}people/", referral_people.people, name="referral-people"),
    path(f"{_ONE}people/<slug:involved>/take-out/", referral_people.not_in_it, name="referral-not-in-it"),
    path(f"{_ONE}people/<slug:what>/<slug:record>/", referral_people.part, name="referral-part"),
    path(f"{_ONE}place/", referral_people.place, name="referral-place"),
    path(f"{_ONE}check/", referral_steps.check, name="referral-check"),
    path(f"{_ONE}sent/", referrals.receipt, name="referral-receipt"),
    path(f"{_ONE}answer/", referrals.answer, name="referral-answer"),
    path(f"{_ONE}withdraw/", referrals.withdraw, name="referral-withdraw"),
    path(f"{_ONE}packs/new/", referral_packs.make, name="referral-pack-new"),
    path(_PACK, referral_packs.pack, name="referral-pack"),
    path(f"{_PACK}drop/", referral_packs.drop, name="referral-pack-drop"),
    path(f"{_PACK}file/<slug:ending>/", referral_packs.file, name="referral-pack-file"),
]
