"""Addresses of scores and scoring forms."""

from typing import Any

from django.urls import URLPattern, path

from saferhub.casework.views import instruments, instruments_drafts, scoring


def _of(kind: str) -> list[URLPattern]:
    """The pages of scores, of a case or of a referral."""
    base = f"{kind}s/<slug:public_id>/scores"
    also: dict[str, Any] = {"kind": kind}
    return [
        path(f"{base}/", scoring.scores, also, name=f"{kind}-scores"),
        path(f"{base}/new/", scoring.choose, also, name=f"{kind}-score"),
        path(f"{base}/new/<slug:instrument>/", scoring.score, also, name=f"{kind}-score-with"),
        path(f"{base}/compare/", scoring.compare, also, name=f"{kind}-compare"),
        path(f"{base}/<slug:score_id>/", scoring.assessment, also, name=f"{kind}-assessment"),
        path(f"{base}/<slug:score_id>/prompts/<slug:code>/", scoring.prompt, also, name=f"{kind}-prompt"),
    ]


_VERSION = "instruments/versions/<slug:public_id>"
urlpatterns: list[URLPattern] = [
    *_of("case"),
    *_of("referral"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/take/", instruments.take, name="instruments-take"),
    path("instruments/<slug:public_id>/", instruments.instrument, name="instrument"),
    path(f"{_VERSION}/", instruments.version, name="instrument-version"),
    path(f"{_VERSION}/preview/", instruments.preview, name="instrument-preview"),
    path(f"{_VERSION}/draft/", instruments.draft, name="instrument-draft"),
    path(f"{_VERSION}/about/", instruments_drafts.about, name="instrument-about"),
    path(f"{_VERSION}/question/", instruments_drafts.question, name="instrument-question-add"),
    path(f"{_VERSION}/question/<slug:code>/", instruments_drafts.question, name="instrument-question"),
    path(f"{_VERSION}/band/", instruments_drafts.band, name="instrument-band-add"),
    path(f"{_VERSION}/band/<slug:code>/", instruments_drafts.band, name="instrument-band"),
    path(f"{_VERSION}/prompt/", instruments_drafts.prompt, name="instrument-prompt-add"),
    path(f"{_VERSION}/prompt/<slug:code>/", instruments_drafts.prompt, name="instrument-prompt"),
    path(f"{_VERSION}/count/", instruments_drafts.count, name="instrument-count-add"),
    path(f"{_VERSION}/count/<slug:code>/", instruments_drafts.count, name="instrument-count"),
    path(f"{_VERSION}/arrange/", instruments_drafts.arrange, name="instrument-arrange"),
    path(f"{_VERSION}/own/", instruments_drafts.own, name="instrument-own"),
    path(f"{_VERSION}/publish/", instruments_drafts.publish, name="instrument-publish"),
    path(f"{_VERSION}/discard/", instruments_drafts.discard, name="instrument-discard"),
]
