"""What another system can call. Each call is one transaction, entered as the key's own account.

No `from __future__ import annotations`: the package reads the annotations of the functions here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import Status
from ninja.security import HttpBearer

from saferhub.audit.operations import record_refusal, record_sight
from saferhub.casework.access import cases_visible_to, referrals_visible_to
from saferhub.casework.access.actions import get_action
from saferhub.casework.models import Referral, SubjectKind
from saferhub.casework.operations import actions_doing
from saferhub.casework.operations.intake_calls import send_once
from saferhub.casework.operations.intake_keys import key_of
from saferhub.casework.operations.referrals_filed import Filed, Incomplete
from saferhub.casework.queries.intake_api import actions_of_unit, reference_of
from saferhub.casework.rules.intake import MOST_CALLS, SCOPES
from saferhub.foundation import clock
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Actor, actor_for
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.entering import entered

from .intake_api_schemas import (
    ActionOut,
    ActionsOut,
    CasesOut,
    DoneIn,
    Problem,
    ReceiptOut,
    ReferenceOut,
    ReferralIn,
    ReferralOut,
    ReferralsOut,
)
from .intake_rates import address_of, within

_GUESSES = 60  # calls a minute from one address with keys that open nothing
Id = Annotated[str, Path(max_length=16, pattern=r"^[0-9A-Za-z]+$")]
Page = Annotated[int, Query(ge=1, le=10_000)]
PerPage = Annotated[int, Query(ge=1, le=100)]
_ONCE = (
    "Your mark of this call. The same call with the same mark is answered alike and does nothing twice; another body "
    "under the same mark is refused."
)


class TooOften(Exception):  # noqa: N818 - an answer, not an error
    """More calls than a minute holds."""


class _Key(HttpBearer):
    """`Authorization: Bearer shk_…`, which the unit drew on the page of its keys."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = key_of(token, clock.today())
        if found is None and not within("api.guessed", address_of(request), _GUESSES):
            raise TooOften
        if found is not None and not within("api.key", found.public_id, MOST_CALLS):
            raise TooOften
        return found


api = NinjaAPI(
    title="saferhub",
    version="1",
    description="Send referrals to a community safety hub, read what became of them, and do the actions that "
    "were agreed with your agency. A key is one unit’s: it sees and does what that unit sees and does.",
    auth=_Key(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="saferhub-api",
)


@contextmanager
def _acting(request: HttpRequest, scope: str = "") -> Iterator[Actor]:
    """The call's one transaction, entered as the key's account; everything raised rolls it back.

    Raises NotAllowed `needs_scope` for a key without the scope.
    """
    key = request.auth  # type: ignore[attr-defined]
    with entered(key.account):
        actor = actor_for(key.account)
        request.actor = actor  # type: ignore[attr-defined]
        if scope and scope not in key.scopes:
            raise NotAllowed("needs_scope", f"This key may not {SCOPES[scope]}. Ask for a key with {scope}.")
        yield actor


# --- What a call that is not done is answered ------------------------------------------------------------


def _problem(
    request: HttpRequest, status: int, code: str, sentence: str, fields: list[dict[str, str]] | None = None
) -> HttpResponse:
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor) and status in (403, 404):
        record_refusal("api.refused", ("api", request.method or ""), by=actor, code=code)
    answer = api.create_response(
        request, {"code": code, "sentence": sentence, "fields": fields or []}, status=status
    )
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if status == 429:
        answer["Retry-After"] = "60"
    return answer


@api.exception_handler(AuthenticationError)
def _unknown_key(request: HttpRequest, exception: Any) -> HttpResponse:
    return _problem(request, 401, "unknown_key", "Send a key that is in use: Authorization: Bearer …")


@api.exception_handler(TooOften)
def _too_often(request: HttpRequest, exception: Any) -> HttpResponse:
    return _problem(request, 429, "too_many_calls", "Too many calls. Wait a minute and go on more slowly.")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, exception: Any) -> HttpResponse:
    return _problem(request, 400, "not_json", "The body is not JSON that can be read.")


@api.exception_handler(Http404)
def _missing(request: HttpRequest, exception: Any) -> HttpResponse:
    return _problem(request, 404, "not_found", "There is nothing here that this key may see.")


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exception: Any) -> HttpResponse:
    fields = [
        {
            "field": ".".join(str(part) for part in one["loc"][1:] if part != "payload")[:200],
            "sentence": str(one["msg"])[:200],
        }
        for one in exception.errors[:50]
    ]
    return _problem(request, 422, "values_wrong", "Some of what was sent cannot be taken.", fields)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, exception: Any) -> HttpResponse:
    return _problem(request, exception.status, exception.code, exception.sentence)


class _Values(Exception):  # noqa: N818 - an answer, not an error
    """A refusal that is about what was sent, and not about how things stand."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


@api.exception_handler(_Values)
def _values_refused(request: HttpRequest, exception: Any) -> HttpResponse:
    refusal = exception.refusal
    lacks = refusal.missing if isinstance(refusal, Incomplete) else []
    fields = [{"field": one.field, "sentence": one.sentence} for one in lacks]
    return _problem(request, 422, refusal.code, refusal.sentence, fields)


def _answers(done: Any, *more: int, status: int = 200) -> dict[int, Any]:
    """Every status that a call can answer, for the documentation."""
    return {status: done, **dict.fromkeys((401, 403, 422, 429, *more), Problem)}


# --- Referrals ----------------------------------------------------------------------------------------------


@api.post(
    "/referrals",
    response=_answers(ReceiptOut, 400, 404, 413, 415, status=201) | {200: ReceiptOut},
    operation_id="sendReferral",
    summary="Send a referral",
    description="201: it was sent. 200: your unit sent one with this number before, and it stands unchanged.",
)
def send_referral(
    request: HttpRequest,
    payload: ReferralIn,
    once: str = Header(
        ...,
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description=_ONCE,
    ),
) -> Any:
    with _acting(request, "referrals:write") as actor:
        try:
            sent = send_once(
                payload.model_dump(exclude={"people"}),
                [one.model_dump() for one in payload.people],
                as_text=payload.model_dump_json(),
                mark=once,
                key=request.auth,  # type: ignore[attr-defined]
                by=actor,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            raise _Values(refusal) from refusal
        return Status(sent.status, _receipt(sent.receipt))


def _receipt(filed: Filed) -> dict[str, Any]:
    return {
        "id": filed.public_id,
        "reference": filed.reference,
        "sent_on": filed.sent_on,
        "url": settings.SERVICE_URL.rstrip("/") + reverse("api-referral", args=[filed.public_id]),
    }


def _fate(referral: Referral) -> dict[str, Any]:
    matter = referral.matter
    return {
        "id": matter.public_id,
        "reference": matter.reference,
        "title": matter.title,
        "hub": referral.to_hub.code,
        "purpose": matter.purpose,
        "status": referral.status,
        "status_words": referral.get_status_display(),
        "sent_on": referral.sent_on,
        "due_on": referral.due_on,
        "decided_on": referral.decided_on,
        "answer": referral.answer,
    }


def _own_referrals(actor: Actor) -> Any:
    units = [one for one in sight_of(actor).holders if one > 0]
    return referrals_visible_to(actor).filter(unit__in=units).select_related("matter", "to_hub")


def _paged(rows: Any, page: int, per_page: int) -> tuple[list[Any], int | None]:
    first = (page - 1) * per_page
    found = list(rows[first : first + per_page + 1])
    return found[:per_page], page + 1 if len(found) > per_page and page < 10_000 else None


@api.get(
    "/referrals",
    response=_answers(ReferralsOut),
    operation_id="listReferrals",
    summary="Read the unit’s own referrals, newest first",
)
def list_referrals(request: HttpRequest, page: Page = 1, per_page: PerPage = 50) -> Any:
    with _acting(request, "referrals:read") as actor:
        rows, further = _paged(_own_referrals(actor).order_by("-id"), page, per_page)
        record_sight("api.referrals_listed", ("referrals", "list"), by=actor, rows=len(rows), page=page)
        return {"items": [_fate(one) for one in rows], "next_page": further}


@api.get(
    "/referrals/{public_id}",
    response=_answers(ReferralOut, 404),
    operation_id="readReferral",
    summary="Read what became of a referral",
)
def read_referral(request: HttpRequest, public_id: Id) -> Any:
    with _acting(request, "referrals:read") as actor:
        found = _own_referrals(actor).filter(matter__public_id=public_id).first()
        if found is None:
            raise Http404
        record_sight("api.referral_seen", found.matter, by=actor, purpose=found.matter.purpose)
        return _fate(found)


# --- Cases and actions -----------------------------------------------------------------------------------


@api.get(
    "/cases",
    response=_answers(CasesOut),
    operation_id="listCases",
    summary="Read which cases the unit sees, newest first",
)
def list_cases(request: HttpRequest, page: Page = 1, per_page: PerPage = 50) -> Any:
    with _acting(request, "cases:read") as actor:
        rows = cases_visible_to(actor).select_related("matter", "hub", "lead_unit__agency").order_by("-id")
        found, further = _paged(rows, page, per_page)
        record_sight("api.cases_listed", ("cases", "list"), by=actor, rows=len(found), page=page)
        items = [
            {
                "id": one.matter.public_id,
                "reference": one.matter.reference,
                "title": one.matter.title,
                "hub": one.hub.code if one.hub else None,
                "status": one.status,
                "status_words": one.get_status_display(),
                "led_by": one.lead_unit.agency.name,
            }
            for one in found
        ]
        return {"items": items, "next_page": further}


def _action(action: Any) -> dict[str, Any]:
    return {
        "id": action.public_id,
        "case": action.case.matter.reference,
        "words": action.words,
        "due_on": action.due_on,
        "status": action.status,
        "status_words": action.get_status_display(),
    }


@api.get(
    "/actions",
    response=_answers(ActionsOut),
    operation_id="listActions",
    summary="Read the open actions that the unit is to do, the earliest first",
)
def list_actions(request: HttpRequest, page: Page = 1, per_page: PerPage = 50) -> Any:
    with _acting(request, "actions:read") as actor:
        found, further = _paged(actions_of_unit(actor), page, per_page)
        record_sight("api.actions_listed", ("actions", "list"), by=actor, rows=len(found), page=page)
        return {"items": [_action(one) for one in found], "next_page": further}


@api.post(
    "/actions/{public_id}/done",
    response=_answers(ActionOut, 400, 404, 409, 413, 415),
    operation_id="doneAction",
    summary="Record an action of the unit as done",
)
def done_action(request: HttpRequest, public_id: Id, payload: DoneIn) -> Any:
    with _acting(request, "actions:write") as actor:
        action = get_action(actor, public_id)
        if not payload.evidence.strip():
            raise _Values(Refusal("evidence_missing", "Say what was done."))
        done = actions_doing.done(
            action_id=action.public_id, evidence=payload.evidence, by=actor, on=actor.on
        )
        return _action(done)


# --- Codes ----------------------------------------------------------------------------------------------------


@api.get(
    "/reference",
    response=_answers(ReferenceOut),
    operation_id="readReference",
    summary="Read the codes that a referral is made of",
)
def read_reference(request: HttpRequest) -> Any:
    with _acting(request) as actor:
        kinds = [{"code": str(code), "name": str(name)} for code, name in SubjectKind.choices]
        return reference_of(actor) | {"subject_kinds": kinds}
